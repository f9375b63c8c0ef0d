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


def bass_peak(innovation: float, imitation: float) -> tuple[float, float]:
    r"""When adoption is fastest, $t^* = \frac{\ln(q/p)}{p + q}$, and the share then, $F^* = \frac12 (1 - \frac{p}{q})$.

    Args:
        innovation: p > 0, per year.
        imitation: q > p, per year; at $q \le p$ adoption is fastest at the start.

    Returns:
        Years, and the share of the final adopters.

    Reference:
        Bass (1969), equations 10 and 11.

    >>> [round(x, 4) for x in bass_peak(0.03, 0.38)]
    [6.1926, 0.4605]
    """
    if imitation <= innovation:
        return 0.0, 0.0
    return float(np.log(imitation / innovation) / (innovation + imitation)), (1 - innovation / imitation) / 2


def logistic_share(time: ArrayLike, rate: float, start: float) -> Floats:
    r"""Adopted share of logistic diffusion, $F(t) = \frac{1}{1 + (1/F_0 - 1) e^{-r t}}$.

    Args:
        time: Years since the share was `start`.
        rate: r, per year: the log-odds of the share rise by r a year.
        start: $F_0$ in (0, 1).

    Returns:
        Share of the final adopters.

    Reference:
        Griliches (1957), Econometrica 25(4), 501-522; Mansfield (1961), Econometrica 29(4), 741-766.

    >>> float(logistic_share(0.0, 0.5, 0.2))
    0.2
    """
    return 1 / (1 + (1 / start - 1) * np.exp(-rate * np.asarray(time, float)))


def bass_recursion(innovation: float, imitation: float, years: float, periods: int, start: float = 0.0) -> Floats:
    r"""Mean path of the discrete model, $F_{t+1} = F_t + (1 - F_t)(1 - e^{-(p + q F_t)\Delta t})$.

    Args:
        innovation: p, per year.
        imitation: q, per year.
        years: Length of a period, years.
        periods: Number of periods.
        start: $F_0$ in [0, 1].

    Returns:
        Shares after 1, 2, ... periods, shape (period,).

    Reference:
        Euler scheme of Bass (1969) with an exact within-period hazard.

    >>> bass_recursion(0.03, 0.38, 0.25, 2).round(4).tolist()
    [0.0075, 0.0156]
    >>> bass_recursion(0.03, 0.38, 0.25, 1, start=1.0).tolist()
    [1.0]
    """
    share, path = start, []
    for _ in range(periods):
        share += (1 - share) * float(attention_probability(innovation, imitation, share, years))
        path.append(share)
    return np.array(path)
