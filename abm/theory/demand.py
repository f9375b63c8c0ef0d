"""How much AI a firm uses and what that use is worth: discrete-continuous demand with constant elasticity."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def use(scale: ArrayLike, price: ArrayLike, reference_price: float, elasticity: float) -> Floats:
    r"""Work units demanded, $x = \frac{s}{p_0} (p / p_0)^{-\eta}$.

    Args:
        scale: What the firm would spend at the reference price, USD per year.
        price: Price after subsidy, USD per work unit, of a shape that broadcasts.
        reference_price: $p_0$, USD per work unit.
        elasticity: $\eta > 1$, a pure number.

    Returns:
        Work units per year.

    Reference:
        Dubin and McFadden (1984), Econometrica 52(2); Hanemann (1984), Econometrica 52(3).

    >>> float(use(100.0, 5.0, 5.0, 1.5))
    20.0
    """
    price_ratio = np.asarray(price, float) / reference_price
    return np.asarray(scale, float) / reference_price * price_ratio**-elasticity


def value_of_use(scale: ArrayLike, price: ArrayLike, reference_price: float, elasticity: float) -> Floats:
    r"""What the use is worth above its price, $B = x p / (\eta - 1)$, so that Roy's identity $-dB/dp = x$ holds.

    Args:
        scale: What the firm would spend at the reference price, USD per year.
        price: Price after subsidy, USD per work unit.
        reference_price: $p_0$, USD per work unit.
        elasticity: $\eta > 1$, a pure number.

    Returns:
        Consumer surplus of the use, USD per year.

    Reference:
        Hanemann (1984), Econometrica 52(3), 541-561.

    >>> float(value_of_use(100.0, 5.0, 5.0, 1.5))
    200.0
    """
    return use(scale, price, reference_price, elasticity) * np.asarray(price, float) / (elasticity - 1)


def capable_share(capability: ArrayLike, midpoint: float, spread: float) -> Floats:
    r"""Share of the exposed tasks that a model can do, logistic in capability.

    $g(c) = 1 / (1 + e^{-(c - c_0)/\sigma})$.

    Args:
        capability: Epoch Capabilities Index points.
        midpoint: Capability at which half of the tasks are done, points.
        spread: Points per unit of log-odds.

    Returns:
        Share of tasks in (0, 1).

    Reference:
        The item-response curve that the index itself is estimated with: Ho et al. (2025), "A Rosetta Stone
        for AI benchmarks".

    >>> float(capable_share(130.0, 130.0, 11.0))
    0.5
    """
    return 1 / (1 + np.exp(-(np.asarray(capability, float) - midpoint) / spread))


def annuity_factor(rate: float, years: float) -> float:
    r"""Yearly payment that repays one dollar, $r / (1 - (1+r)^{-T})$; 1/T at a zero rate.

    Args:
        rate: Interest rate per year.
        years: Length of the contract in years.

    Returns:
        Share of the sum paid each year.

    Reference:
        Any text on investment appraisal, for example Brealey, Myers and Allen, ch. 2.

    >>> round(annuity_factor(0.08, 2.0), 4)
    0.5608
    """
    # Also precise at a rate so small that 1 + rate is 1.
    return 1 / years if rate == 0 else rate / -math.expm1(-years * math.log1p(rate))
