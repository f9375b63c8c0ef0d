"""Convergence in seeds: how well the mean over so many runs is known, and how many are needed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from abm.quantities import InputError
from abm.sweep.analysis.finding import LEVEL, Finding, change, is_share, number
from abm.sweep.analysis.points import Points

TITLE = "Convergence in seeds"
ERROR, HALF_WIDTH, EXPECTED = "standard error", "half-width of 90% interval", "standard error by 1/sqrt(seeds)"
TYPICAL, WORST = "median point", "most uncertain point"
FEWEST_SEEDS = 4
_MOST = 10_000_000  # seeds that are looked for

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class ConvergenceFinding(Finding):
    """How the mean over seeds converges.

    Attributes:
        precision: Half-width of the 90% interval that is asked for, in the indicator's unit.
        needed: Seeds that it takes, at the median and at the most uncertain point.
        seeds: Seeds that there are.
    """

    precision: float
    needed: dict[str, int]
    seeds: int


def convergence_refused(points: Points) -> str:
    """Why convergence cannot be told; "" if it can."""
    if points.study.seeds < FEWEST_SEEDS:
        return f"needs {FEWEST_SEEDS} seeds or more, not {points.study.seeds}: raise seeds in the study"
    return "" if points.whole.any() else f"has no point with all seeds: {points.lacking}"


def seeds_needed(points: Points, precision: float | None = None) -> ConvergenceFinding:
    """Standard error of the mean over seeds, by number of seeds, and the seeds that a precision takes.

    Over the first n seeds the standard error is s_n / sqrt(n), with s_n their standard deviation, and the interval is
    Student's t (1908, https://doi.org/10.1093/biomet/6.1.1). It should fall as 1 / sqrt(n) from that of all seeds; runs
    that fall into one of two worlds make it jump while n is small. Points are compared with the same seeds, so that of
    differences between points fewer are needed than told here.

    Args:
        points: Points with 4 seeds or more.
        precision: Half-width of the 90% interval that is wanted; by default 0.01 (1 percentage point) for a share, else 1%
            of the mean over all points.

    Returns:
        A row per number of seeds for the median over the points, and one for the point with the largest standard
        deviation; numbers in the indicator's unit.

    Raises:
        InputError: If there are fewer seeds, or the precision is not positive.
    """
    if reason := convergence_refused(points):
        raise InputError(f"{TITLE}: {reason}.")
    values = points.by_seed[points.whole]
    if precision is None:
        precision = 0.01 if is_share(points.unit) else 0.01 * abs(float(values.mean()))
    if not precision > 0:
        raise InputError(
            f"precision = {precision:g} must be above 0 ({points.unit}); give the half-width that the 90% interval may have."
        )
    seeds = np.arange(2, values.shape[1] + 1)
    # About the first value, so that large numbers with small differences lose no digits.
    first = values[:, :1]
    total, squares = np.cumsum(values - first, axis=1)[:, 1:], np.cumsum((values - first) ** 2, axis=1)[:, 1:]
    deviation = np.sqrt(np.maximum(squares - total**2 / seeds, 0) / (seeds - 1))
    worst = int(np.argmax(deviation[:, -1]))
    by_point = {TYPICAL: np.median(deviation, axis=0), WORST: deviation[worst]}
    table = pd.concat([
        pd.DataFrame({
            "point": name, "seeds": seeds, ERROR: own / np.sqrt(seeds), EXPECTED: own[-1] / np.sqrt(seeds),
            HALF_WIDTH: stdtrit(seeds - 1, (1 + LEVEL) / 2) * own / np.sqrt(seeds),
        })
        for name, own in by_point.items()
    ], ignore_index=True)  # fmt: skip
    needed = {name: _needed(float(own[-1]), precision) for name, own in by_point.items()}
    point = int(np.flatnonzero(points.whole)[worst])
    at = {name: value for name, value in points.study.values(point).items() if value is not None}
    where = ", ".join(f"{name} = {value if isinstance(value, str) else number(value)}" for name, value in at.items())
    half = {name: table.loc[table["point"] == name, HALF_WIDTH].iloc[-1] for name in by_point}
    unit = points.unit
    says = (
        f"With {seeds[-1]} seeds the mean of {points.indicator} is known to within {change(half[TYPICAL], unit)} at the "
        f"median point and {change(half[WORST], unit)} at the most uncertain one (point {point}: {where}; 90% intervals). "
        f"To know it to within {change(precision, unit)} takes {_many(needed[TYPICAL])} seeds at the first and "
        f"{_many(needed[WORST])} at the second."
    )
    return ConvergenceFinding(
        method="convergence", title=TITLE, indicator=points.indicator, unit=unit, quarter=points.quarter, table=table,
        says=says + points.left_out(len(values), len(points.whole), "points"), precision=precision, needed=needed,
        seeds=int(seeds[-1]),
    )  # fmt: skip


def _needed(deviation: float, precision: float) -> int:
    """The fewest seeds, from 2, whose 90% interval is no wider than asked for; `_MOST` if even so many are not enough."""

    def enough(seeds: int) -> bool:
        return bool(stdtrit(seeds - 1, (1 + LEVEL) / 2) * deviation <= precision * np.sqrt(seeds))

    low, high = 1, 2
    while high < _MOST and not enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return min(high, _MOST)


def _many(seeds: int) -> str:
    return f"over {_MOST:,}" if seeds >= _MOST else f"{seeds:,}"
