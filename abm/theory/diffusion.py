"""Diffusion of an innovation: the attention hazard and the curve of Bass."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def attention_probability(innovation: ArrayLike, imitation: ArrayLike, peers_share: ArrayLike, years: float) -> Floats:
    r"""Probability of considering AI within a period, $1 - e^{-(p + q F)\Delta t}$.

    Args:
        innovation: Autonomous rate p, per year.
        imitation: Rate q added when all peers have adopted, per year.
        peers_share: Share of peers that have adopted, in [0, 1].
        years: Length of the period, years.

    Returns:
        Probabilities in [0, 1).

    Reference:
        Bass (1969), Management Science 15(5), 215-227, as a hazard in continuous time.

    >>> round(float(attention_probability(0.03, 0.38, 0.5, 0.25)), 4)
    0.0535
    """
    rate = np.asarray(innovation, float) + np.asarray(imitation, float) * np.asarray(peers_share, float)
    return -np.expm1(-rate * years)


def bass_share(time: ArrayLike, innovation: float, imitation: float) -> Floats:
    r"""Adopted share of the Bass model, $F(t) = \frac{1 - e^{-(p+q)t}}{1 + (q/p) e^{-(p+q)t}}$.

    Args:
        time: Years since nobody had adopted.
        innovation: p > 0, per year.
        imitation: q >= 0, per year.

    Returns:
        Share of the final adopters.

    Reference:
        Bass (1969), equation 9.

    >>> float(bass_share(0.0, 0.03, 0.38))
    0.0
    """
    decay = np.exp(-(innovation + imitation) * np.asarray(time, float))
    return (1 - decay) / (1 + imitation / innovation * decay)


def bass_recursion(innovation: float, imitation: float, years: float, periods: int) -> Floats:
    r"""Mean path of the discrete model, $F_{t+1} = F_t + (1 - F_t)(1 - e^{-(p + q F_t)\Delta t})$, from $F_0 = 0$.

    Args:
        innovation: p, per year.
        imitation: q, per year.
        years: Length of a period, years.
        periods: Number of periods.

    Returns:
        Shares after 1, 2, ... periods, shape (period,).

    Reference:
        Euler scheme of Bass (1969) with an exact within-period hazard.

    >>> bass_recursion(0.03, 0.38, 0.25, 2).round(4).tolist()
    [0.0075, 0.0156]
    """
    share, path = 0.0, []
    for _ in range(periods):
        share += (1 - share) * float(attention_probability(innovation, imitation, share, years))
        path.append(share)
    return np.array(path)
