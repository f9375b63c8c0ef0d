"""An indicator over two factors: over their levels where these form a grid, else over parts of their ranges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.quantities import InputError
from abm.sweep.analysis import Goal, Points, TippingFinding, tipping_map
from abm.sweep.analysis.scales import scale_of
from abm.sweep.factors import Factor, Value
from abm.sweep.study import Study

Floats = NDArray[np.float64]
MOST_NAMES = 24  # a factor with more values without an order, such as draws, makes no axis
MOST_CELLS = 10  # along an axis that is cut into parts
_POINTS_PER_CELL = 5


@dataclass(frozen=True, eq=False)
class Axis:
    """A factor as a side of the map.

    Attributes:
        factor: The factor.
        values: Value of each cell: its level, or the middle of its part of the range.
        cells: Cell of each point, shape (point,); -1 where the point leaves the factor alone.
        cut: Whether the range was cut into parts.
    """

    factor: Factor
    values: tuple[Value, ...]
    cells: NDArray[np.intp]
    cut: bool


@dataclass(frozen=True, eq=False)
class Map:
    """An indicator over two factors, averaged over all else.

    Attributes:
        across: From left to right.
        up: From bottom to top.
        means: Mean of the indicator, shape (across, up); nan where there is no run.
        points: Points in each cell, shape (across, up).
        goal: The goal that a line is drawn for; none without one.
        tipping: What the tipping-point map found, where the factors form a grid.
    """

    across: Axis
    up: Axis
    means: Floats
    points: NDArray[np.intp]
    goal: Goal | None
    tipping: TippingFinding | None


def mapped(study: Study) -> list[str]:
    """Names of the factors that can be a side of a map: those with an order, or with few names."""
    scales = [scale_of(one) for one in study.factors]
    return [one.name for one in scales if one.ordered or len(one.levels) <= MOST_NAMES]


def map_of(points: Points, goal: Goal | None, across: str = "", up: str = "") -> Map:
    """The map over two factors.

    Args:
        points: The points of a study, some of them whole; two factors or more that can be mapped.
        goal: A goal about their indicator; none for the level midway, if the factors form a grid.
        across: Factor from left to right; "" for one that matters.
        up: Factor from bottom to top; "" for one that matters.
    """
    names = mapped(points.study)
    tipping = _on_grid(points, goal, across, up)
    if tipping and {tipping.across.name, tipping.up.name} <= set(names):
        one, other = (_axis(points, scale.factor, len(scale.levels)) for scale in (tipping.across, tipping.up))
        return Map(one, other, tipping.means, _averaged(points, one, other)[1], tipping.goal, tipping)
    across, up = chosen(across, up, by_influence(points, names))
    factors = {one.name: one for one in points.study.factors}
    one, other = (_axis(points, factors[name], most_cells(points)) for name in (across, up))
    means, count = _averaged(points, one, other)
    return Map(one, other, means, count, goal, None)


def _on_grid(points: Points, goal: Goal | None, across: str, up: str) -> TippingFinding | None:
    """The tipping-point map, if the factors form a grid."""
    try:
        found = tipping_map(points, goal, across, up)
        if not (across or up) and found.across.factor.values and isinstance(found.across.levels[0], str):
            return tipping_map(points, goal, found.up.name, found.across.name)  # names have more room at the side
        return found
    except InputError:  # they form none
        return None


def chosen(across: str, up: str, names: list[str]) -> tuple[str, str]:
    """Two different factors: those asked for, else the first that are left.

    >>> chosen("", "", ["a", "b", "c"]), chosen("", "a", ["a", "b", "c"]), chosen("c", "c", ["a", "b", "c"])
    (('a', 'b'), ('b', 'a'), ('c', 'a'))
    """
    up = "" if up == across else up
    across = across or next(name for name in names if name != up)
    return across, up or next(name for name in names if name != across)


def most_cells(points: Points) -> int:
    """Into how many parts a range is cut: so many that a cell has some points on average."""
    design, many = points.study.design, int(points.whole.sum())
    if design.method == "saltelli":  # of the points of a base sample four differ in two factors
        many = many * 4 // design.block
    return int(np.clip(np.sqrt(many / _POINTS_PER_CELL), 2, MOST_CELLS))


def by_influence(points: Points, names: list[str]) -> list[str]:
    """Factors by the part of the indicator's variance that their cells tell, the largest first.

    The correlation ratio of Pearson (1905), less what cells tell by chance (Kelley 1935): quick, whatever the design.
    """
    factors = {one.name: one for one in points.study.factors}
    told = {name: _told_by(points, _axis(points, factors[name], most_cells(points)).cells) for name in names}
    return sorted(names, key=lambda name: -told[name])


def _told_by(points: Points, cells: NDArray[np.intp]) -> float:
    known = points.whole & (cells >= 0)
    values, cells = points.means[known], cells[known]
    count = np.bincount(cells)
    groups, many = (count > 0).sum(), len(values)
    spread = float(np.var(values)) if many else 0.0
    if many <= groups or not spread > 0:
        return 0.0
    means = np.bincount(cells, values) / np.maximum(count, 1)
    within = float(np.mean((values - means[cells]) ** 2))
    return 1 - within / spread * (many - 1) / (many - groups)


def _axis(points: Points, factor: Factor, most: int) -> Axis:
    """A factor as a side of a map with so many cells at most, names and Morris' levels aside."""
    scale, parts = scale_of(factor), points.parts[:, points.factors.index(factor.name)]
    known = np.isfinite(parts)
    inside = np.where(known, parts, 0.0)
    if scale.levels:
        many = len(scale.levels)
        places = scale.places(inside).astype(int)
        cut = scale.ordered and many > max(most, MOST_CELLS)
        cells = places * most // many if cut else places
        middles = [(2 * k + 1) * many // (2 * most) for k in range(most)] if cut else range(many)
        values = tuple(scale.levels[k] for k in middles)
    else:
        levels = points.study.design.grid if points.study.design.method == "morris" else 0
        many, cut = levels or most, not levels
        cells = np.minimum((inside * many).astype(int), many - 1)
        values = tuple(factor.at(k / (many - 1) if levels else (k + 0.5) / many) for k in range(many))
    return Axis(factor, values, np.where(known, cells, -1), cut)


def _averaged(points: Points, one: Axis, other: Axis) -> tuple[Floats, NDArray[np.intp]]:
    """Mean of the indicator over the whole points of each cell, and how many these are."""
    shape = (len(one.values), len(other.values))
    known = points.whole & (one.cells >= 0) & (other.cells >= 0)
    cell = np.ravel_multi_index((one.cells[known], other.cells[known]), shape)
    size = shape[0] * shape[1]
    count = np.bincount(cell, minlength=size)
    total = np.bincount(cell, points.means[known], minlength=size)
    return np.divide(total, count, out=np.full(size, np.nan), where=count > 0).reshape(shape), count.reshape(shape)
