"""Belief and skill: trust that is earned slowly and lost at once, readiness that grows with use."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def deployment_trust(operator_weight: ArrayLike, operator: ArrayLike, origin: ArrayLike) -> Floats:
    r"""Trust in a deployment, $T = 1 - [\chi(1 - T_{operator}) + (1 - \chi)(1 - T_{origin})]$.

    Args:
        operator_weight: $\chi$, share of the worry that is about who runs the model, in [0, 1].
        operator: Trust in who runs it, in [0, 1].
        origin: Trust in where the model comes from, in [0, 1].

    Returns:
        Trust in [0, 1].

    Reference:
        Linear opinion pool: Stone (1961), Annals of Mathematical Statistics 32(4), 1339-1342.

    >>> float(deployment_trust(0.8, 1.0, 0.5))
    0.9
    """
    chi = np.asarray(operator_weight, float)
    return 1 - (chi * (1 - np.asarray(operator, float)) + (1 - chi) * (1 - np.asarray(origin, float)))


def learned_trust(
    trust: ArrayLike, prior: ArrayLike, exposure: ArrayLike, learning: float, memory: float, years: float
) -> Floats:
    r"""Trust after a quiet period: experience pulls it to one, forgetting pulls it to the prior.

    $T' = T + (1 - e^{-\alpha E \Delta t})(1 - T) + (1 - e^{-\Delta t / \tau})(T_0 - T)$, both from the same T.

    Args:
        trust: Trust now, in [0, 1].
        prior: Trust before any experience, in [0, 1].
        exposure: Share of peers whose quiet use is seen, in [0, 1].
        learning: Rate alpha at full exposure, per year.
        memory: Time tau after which a fraction 1/e of a departure from the prior is left, years.
        years: Length of the period, years.

    Returns:
        Trust in [0, 1], clipped.

    Reference:
        Discounted experience: Erev and Roth (1998), American Economic Review 88(4), 848-881.

    >>> float(learned_trust(0.5, 0.5, 0.0, 0.1, 4.0, 0.25))
    0.5
    """
    t = np.asarray(trust, float)
    gain = -np.expm1(-learning * np.asarray(exposure, float) * years) * (1 - t)
    forgetting = -np.expm1(-years / memory) * (np.asarray(prior, float) - t)
    return np.clip(t + gain + forgetting, 0.0, 1.0)


def raised_readiness(readiness: ArrayLike, log_odds_gain: ArrayLike) -> Floats:
    r"""Readiness after its log-odds rise, $a' = a e^{d} / (1 - a + a e^{d})$.

    Args:
        readiness: Share of what full expertise would achieve, in (0, 1).
        log_odds_gain: Rise d of the log-odds.

    Returns:
        Readiness in (0, 1).

    Reference:
        Learning by doing: Arrow (1962), Review of Economic Studies 29(3), on the log-odds scale.

    >>> float(raised_readiness(0.5, 0.0))
    0.5
    """
    a = np.asarray(readiness, float)
    grown = a * np.exp(np.asarray(log_odds_gain, float))
    return grown / (1 - a + grown)
