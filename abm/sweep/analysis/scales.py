"""The places that the values of a factor have in a design, and the values that stand at places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.sweep.analysis.finding import number
from abm.sweep.factors import DRAW, Factor, Value

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """A factor as an axis.

    Attributes:
        factor: The factor.
        levels: The values it takes, numbers in rising order; empty if it is continuous.
        order: Where each level of the design stands among them, shape (level,).
        ordered: Whether more and less mean something: not for names, nor for draws from the posterior.
    """

    factor: Factor
    levels: tuple[Value, ...]
    order: NDArray[np.intp]
    ordered: bool

    @property
    def name(self) -> str:
        """Name of the factor."""
        return self.factor.name

    @property
    def unit(self) -> str:
        """Unit of the factor; "" for names and pure numbers."""
        unit = self.factor.declared.unit
        return "" if unit in ("1", "name") else unit

    def places(self, parts: Floats) -> Floats:
        """Places of parts of the range: the parts themselves if continuous, else numbers of levels from 0.

        Args:
            parts: From 0 to 1, shape (point,).
        """
        if not self.levels:
            return parts
        many = len(self.levels)
        return self.order[np.minimum((parts * many).astype(int), many - 1)].astype(float)

    def value(self, place: float) -> Value:
        """The value at a place."""
        return self.levels[int(place)] if self.levels else self.factor.at(float(place))

    def words(self, value: Value) -> str:
        """A value with its unit."""
        told = value if isinstance(value, str) or value is None else number(value)
        return f"{told} {self.unit}".strip()


def scale_of(factor: Factor) -> Scale:
    """A factor as an axis.

    >>> from abm.quantities import Quantity
    >>> prices = Factor("price", Quantity("Price", "USD", 0.0, 9.0, ""), values=(5.0, 1.0, 3.0))
    >>> scale_of(prices).levels, scale_of(prices).places(np.array([0.1, 0.9]))
    ((1.0, 3.0, 5.0), array([2., 1.]))
    """
    many = factor.steps
    if not many and factor.declared.integer:
        assert factor.declared.prior is not None
        low, high = factor.declared.prior
        many = int(high - low) + 1
    levels = [factor.at((level + 0.5) / many) for level in range(many)]
    ordered = factor.name != DRAW and not any(isinstance(value, str) for value in levels)
    rank = np.arange(many)
    if ordered:
        rank = np.argsort(np.argsort(np.array(levels, float), kind="stable"), kind="stable")
        levels = sorted(levels, key=lambda value: float(value or 0))
    return Scale(factor, tuple(levels), rank, ordered)


def limits_in_words(scale: Scale, low: float | None, high: float | None) -> str:
    """Places between two limits, as "price from 3 to 5 USD"; "" without limits.

    Args:
        scale: The factor.
        low: Lowest place, which may lie between two levels; none if there is no limit.
        high: Highest place.
    """
    ends = limits(scale, low, high)
    if low is not None and high is not None:
        told = f"from {scale.words(ends[0])} to {scale.words(ends[1])}" if ends[0] != ends[1] else scale.words(ends[0])
    elif low is not None:
        told = f"at least {scale.words(ends[0])}"
    elif high is not None:
        told = f"at most {scale.words(ends[1])}"
    else:
        return ""
    return f"{scale.name} {told}"


def limits(scale: Scale, low: float | None, high: float | None) -> tuple[Value, Value]:
    """The lowest and the highest value between two places; the ends of the range where there is no limit."""
    last = float(len(scale.levels) - 1 if scale.levels else 1)
    low, high = 0.0 if low is None else low, last if high is None else high
    return (
        (scale.value(np.ceil(low)), scale.value(np.floor(high)))
        if scale.levels
        else (scale.value(low), scale.value(high))
    )


def names_in_words(scale: Scale, allowed: set[int]) -> str:
    """Some of the names that a factor takes, as "network is everyone or none"; "" if all are."""
    if len(allowed) == len(scale.levels):
        return ""
    return f"{scale.name} is {' or '.join(str(scale.levels[place]) for place in sorted(allowed))}"
