"""Distributions of firms and measures of concentration."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

Floats = NDArray[np.float64]


def truncated_pareto(uniform: ArrayLike, low: ArrayLike, high: ArrayLike, exponent: ArrayLike) -> Floats:
    r"""Size at a quantile of a Pareto tail cut at both ends, $P(S>s) \propto s^{-\zeta}$ on [low, high].

    Args:
        uniform: Quantiles in (0, 1); this and the next three broadcast together.
        low: Smallest size.
        high: Largest size.
        exponent: Tail exponent $\zeta$, any real number; 1 is Zipf's law, 0 the log-uniform law.

    Returns:
        Sizes in the unit of the bounds.

    Reference:
        Axtell (2001), Science 293, 1818-1820.

    >>> float(truncated_pareto(0.5, 1.0, 4.0, 1.0))
    1.6
    """
    u, bottom, zeta = np.asarray(uniform, float), np.asarray(low, float), np.asarray(exponent, float)
    ratio = np.asarray(high, float) / bottom
    log_uniform = np.abs(zeta) < 1e-9
    zeta = np.where(log_uniform, 1.0, zeta)
    return bottom * np.where(log_uniform, ratio**u, (1 - u * (1 - ratio**-zeta)) ** (-1 / zeta))


def truncated_pareto_mean(low: float, high: float, exponent: float) -> float:
    r"""Mean of the truncated Pareto tail, $\zeta \frac{l^\zeta}{1-(l/h)^\zeta} \int_l^h s^{-\zeta} ds$.

    Args:
        low: Smallest size.
        high: Largest size.
        exponent: Tail exponent.

    Returns:
        Mean size.

    Reference:
        Arnold (2015), "Pareto Distributions", section 3.

    >>> round(truncated_pareto_mean(50.0, 250.0, 1.0), 2)
    100.59
    """
    ratio = high / low
    if abs(exponent) < 1e-9:
        return float(low * (ratio - 1) / np.log(ratio))
    if abs(exponent - 1) < 1e-9:
        return float(low * np.log(ratio) / (1 - 1 / ratio))
    return low * exponent * (ratio ** (1 - exponent) - 1) / ((1 - exponent) * (1 - ratio**-exponent))


def pareto_exponent(mean: float, low: float, high: float) -> float:
    """Tail exponent that gives a size class its published mean.

    Args:
        mean: Mean size in the class, strictly between the bounds.
        low: Smallest size.
        high: Largest size.

    Returns:
        Exponent; about 1 for most classes (Axtell 2001).

    Raises:
        ValueError: If the mean is not strictly inside the bounds.

    >>> round(pareto_exponent(100.5899, 50.0, 250.0), 3)
    1.0
    """
    if not low < mean < high:
        raise ValueError(f"mean {mean:g} must lie strictly between {low:g} and {high:g}")
    return float(brentq(lambda z: truncated_pareto_mean(low, high, z) - mean, -20.0, 60.0, xtol=1e-10))


def herfindahl(shares: ArrayLike) -> Floats:
    """Herfindahl-Hirschman index of concentration, the sum of squared shares; its inverse is the effective number.

    Args:
        shares: Shares of a whole, shape (..., seller); they may add up to less than one (an atomistic fringe).

    Returns:
        Index in [0, 1], shape (...,).

    Reference:
        Hirschman (1964), American Economic Review 54(5), 761.

    >>> float(herfindahl([0.5, 0.5]))
    0.5
    """
    return np.sum(np.square(np.asarray(shares, float)), axis=-1)


def effective_sample_size(weighted_values: ArrayLike) -> float:
    r"""Kish's effective number of observations, $(\sum w)^2 / \sum w^2$.

    Args:
        weighted_values: Weight times the quantity averaged over, shape (observation,).

    Returns:
        Number of equally weighted observations with the same sampling error; 0 for an empty sample.

    Reference:
        Kish (1965), "Survey Sampling", section 8.2.

    >>> effective_sample_size([1.0, 1.0, 1.0])
    3.0
    """
    w = np.asarray(weighted_values, float)
    total = float(np.square(w).sum())
    return float(w.sum()) ** 2 / total if total else 0.0


def gini(values: ArrayLike, weights: ArrayLike) -> float:
    r"""Gini coefficient, $1 - 2 \int_0^1 L$ with the Lorenz curve $L$ of values over weights.

    Args:
        values: What each has, not negative, shape (holder,).
        weights: How many each stands for, shape (holder,).

    Returns:
        Coefficient in [0, 1); 0 if all have the same, nan if nobody has anything.

    Reference:
        Gini (1914); Lerman and Yitzhaki (1989), Journal of Econometrics 42(1), for weighted samples.

    >>> round(gini([0.0, 0.0, 1.0], [1.0, 1.0, 1.0]), 4)
    0.6667
    """
    has, many = np.asarray(values, float), np.asarray(weights, float)
    order = np.argsort(has, kind="stable")
    held, people = has[order] * many[order], many[order]
    if not held.sum() > 0:
        return float("nan")
    lorenz = np.cumsum(held) / held.sum()
    return float(1 - ((lorenz + np.append(0.0, lorenz[:-1])) * people / people.sum()).sum())


def top_share(values: ArrayLike, weights: ArrayLike, part: float) -> float:
    """Share of the whole that the best endowed part holds; who stands for many may be counted in part.

    Args:
        values: What each has, not negative, shape (holder,).
        weights: How many each stands for, shape (holder,).
        part: Part of all, in (0, 1].

    Returns:
        Share in [part, 1], nan if nobody has anything.

    Reference:
        Piketty and Saez (2003), Quarterly Journal of Economics 118(1).

    >>> top_share([1.0, 3.0], [3.0, 1.0], 0.25)
    0.5
    """
    has, many = np.asarray(values, float), np.asarray(weights, float)
    order = np.argsort(-has, kind="stable")
    held, people = has[order] * many[order], many[order] / many.sum()
    if not held.sum() > 0:
        return float("nan")
    return float(np.interp(part, np.append(0.0, np.cumsum(people)), np.append(0.0, np.cumsum(held))) / held.sum())
