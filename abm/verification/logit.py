"""Without peers and with new tastes, shares are those of nested logit and the mean surplus is the logsum."""

from __future__ import annotations

import numpy as np
from scipy.special import spence

from abm.dynamics.conditions import Conditions, conditions_of
from abm.dynamics.decide import decide
from abm.dynamics.reference import Some
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.model import market_of
from abm.scenario.scenario import Scenario
from abm.theory.diffusion import attention_probability
from abm.theory.mean_field import chosen_options
from abm.verification.claim import (
    SIGMAS,
    Claim,
    Floats,
    Picture,
    claim,
    error_rate,
    private_utilities,
    require,
)
from abm.world.firms import NO_AI
from abm.world.world import World

FIRMS = 1_000_000
_CHUNK = 1 << 15
_CONDITIONS = {
    "interaction.strength": 0.0, "interaction.timing": "synchronous", "interaction.network": "hashed",
    "interaction.peers": 0, "choice.taste_renewal": 1.0, "readiness.learning_by_use": 0.0,
    "diffusion.innovation": (0.1, 50.0),
}  # fmt: skip
_FEW = 100.0  # expected effective firms from which on a share is nearly normal


def compare(scenario: Scenario, firms: int = FIRMS, seed: int = 1) -> Claim:
    """Shares of all options and the users' surplus in the last quarter, against what every firm does on average.

    Each firm's chances are those of nested logit at its own utilities, which depend on what it used before; the
    surplus over no AI is, at its taste scale, the positive part of a logistic number with mean logsum.
    """
    require(scenario, "limit_logit", _CONDITIONS)
    market = market_of(scenario, firms, seed)
    world = market.world
    for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up - 1):
        market.step()
    world.quarter += 1
    regulate(world)
    release(world)
    c = conditions_of(world)
    options = len(c.offer) + 1
    expected, variance = np.zeros(options), np.zeros(options)
    surplus, surplus_variance, everyone, workers = 0.0, 0.0, 0.0, 0.0
    for first in range(0, len(world.firms), _CHUNK):
        some = Some.of(world, np.arange(first, min(first + _CHUNK, len(world.firms))))
        utility, scale = private_utilities(world, c, some)
        chosen = chosen_options(utility, np.zeros(len(c.nest)), c.offer, c.nest, c.dissimilarity)
        without = world.firms.option[some.rows] == NO_AI
        attends = np.where(without, attention_probability(c.innovation[some.sector], 0.0, 0.0, 1.0), 1.0)
        p = attends[:, None] * chosen
        p[:, 0] += 1 - attends
        workers += float(some.weight @ world.firms.employees[some.rows])
        expected += some.weight @ p
        variance += some.weight**2 @ (p * (1 - p))
        odds = 1 / chosen[:, 0] - 1
        logsum, square = np.log1p(odds), -2 * spence(1 + odds)
        worth = some.weight * world.firms.employees[some.rows] * scale  # in wage bills
        surplus += worth @ (attends * logsum)
        surplus_variance += worth**2 @ (attends * square - (attends * logsum) ** 2)
        everyone += some.weight.sum()
    decide(world)
    simulated = world.totals.firms.sum(axis=(0, 1, 2)) / everyone
    realised = float(_worth(world, c).sum())
    gained = realised / surplus
    tables = scenario.tables
    pairs = zip(world.options.offer, world.options.deployment, strict=True)
    names = np.array(["none", *(f"{tables.offer_names[j]} {tables.deployment_names[d]}" for j, d in pairs)])
    many = expected**2 > _FEW * variance
    few = ~many & (expected > 0)
    labels = [*names[many], f"{few.sum()} options with few users each"]

    def shares(values: Floats) -> Floats:
        return np.append(values[many], values[few].sum()) / everyone

    # Variances of options that exclude each other add up to no less than that of their sum.
    deviation = np.append(np.sqrt(variance[many]), np.sqrt(variance[few].sum())) / everyone
    got, right, allowed = shares(simulated * everyone), shares(expected), SIGMAS * deviation
    picture = Picture(
        "share of firms", "", got, got, right, allowed, log=True, names=[str(label) for label in labels]
    )  # fmt: skip
    return claim(
        np.append(got, gained), np.append(right, 1.0), np.append(allowed, SIGMAS * np.sqrt(surplus_variance) / surplus),
        picture=picture,
        theorem="Shares of firms are nested-logit probabilities; mean surplus is the logsum (last: ratio of the two)",
        reference="McFadden (1978); Williams (1977); Small and Rosen (1981)",
        unit="share of firms", labels=[*labels, "surplus over logsum"], error_rate=error_rate(len(labels) + 1),
        notes={
            "firms": float(firms), "surplus, wage bills per thousand workers": 1e3 * realised / workers,
            "logsums, wage bills per thousand workers": 1e3 * surplus / workers,
        },
    )  # fmt: skip


def _worth(world: World, c: Conditions) -> Floats:
    """What AI is worth to its users at their last decision, in wage bills, shape (region, sector, size, option)."""
    totals = world.totals
    worth = totals.users("taste") + totals.users("capacity") * c.use_value[:, :, None, :]
    cost = c.maintenance * totals.users("project") + c.annuity * totals.users("entered")
    return worth - totals.users("employment") * c.drag[:, :, None, :] - cost * c.project[:, None, None, :]
