"""Tipping-point maps: an indicator over a grid of two factors, and where a small step changes it most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import stdtrit

from abm.quantities import InputError, unknown
from abm.sweep.analysis.finding import LEVEL, Finding, amount, change, listed
from abm.sweep.analysis.goals import Goal
from abm.sweep.analysis.points import Points
from abm.sweep.analysis.scales import Scale, scale_of

TITLE = "Tipping-point map"
MEAN, SHARE, RUNS = "mean", "share of runs that meet the goal", "runs"
# A step is a tipping point from so many times the average step on, and from this part of all the map's range.
SHARP, LARGE = 3.0, 0.25
_UNDECIDED = (0.1, 0.9)  # share of the runs of a point that meet the goal

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Step:
    """A step between two neighbours of the grid.

    Attributes:
        start: Where it starts: numbers of the levels across and up.
        end: Where it ends.
        change: By how much the mean changes.
        sharpness: Its size over the average size of a step along the same factor.
        sure: Whether it is more than luck: its 90% interval over the seeds, widened for all steps of the map, lacks zero.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    change: float
    sharpness: float
    sure: bool


@dataclass(frozen=True, kw_only=True)
class TippingFinding(Finding):
    """A map.

    Attributes:
        across: The factor from left to right.
        up: The factor from bottom to top.
        means: Mean of the indicator, shape (across, up); nan where a run is missing.
        shares: Share of the runs that meet the goal, shape (across, up).
        goal: The goal.
        crossings: Where the mean crosses the goal's level along one factor: at which value of it, and at which value of
            the other factor; on a straight line between points.
        steepest: The steepest step; none if neither factor is ordered, or nothing moves.
    """

    across: Scale
    up: Scale
    means: Floats
    shares: Floats
    goal: Goal
    crossings: pd.DataFrame
    steepest: Step | None


def tipping_refused(points: Points) -> str:
    """Why a study has no map; "" if it has."""
    if not _grids(points):
        return "needs two factors with levels or values in all combinations: choose full_factorial"
    return (
        points.constant(points.means[points.whole]) if points.whole.any() else f"has no whole point: {points.lacking}"
    )


def tipping_map(points: Points, goal: Goal | None = None, across: str = "", up: str = "") -> TippingFinding:
    """An indicator over two factors, averaged over all others and over seeds.

    Args:
        points: Points in which two factors take all combinations of their values.
        goal: A goal about the indicator; that it is at least midway between its smallest and largest mean by default.
        across: Factor from left to right; by default the first two factors that form a grid are taken.
        up: Factor from bottom to top.

    Returns:
        A row per point of the grid.

    Raises:
        InputError: If no two factors form a grid, or those that are asked for do not.
    """
    if reason := tipping_refused(points):
        raise InputError(f"{TITLE}: {reason}.")
    first, second = _chosen(points, across, up)
    one, other = (scale_of(points.study.factors[j]) for j in (first, second))
    cell = tuple(scale.places(points.parts[:, j]).astype(int) for scale, j in ((one, first), (other, second)))
    whole = points.whole
    shape = (len(one.levels), len(other.levels))

    def averaged(values: Floats) -> Floats:
        """Mean of the whole points of each cell; nan for a cell that lacks one of its points."""
        total, count = np.zeros(shape), np.zeros(shape)
        np.add.at(total, cell, np.where(whole, values, np.nan))
        np.add.at(count, cell, 1)
        return total / count

    grid = np.stack([averaged(values) for values in points.by_seed.T], axis=2)
    means = grid.mean(axis=2)
    if np.isnan(means).all():
        raise InputError(f"{TITLE}: no point of the grid has all of its runs ({points.lacking}); run more.")
    goal = goal or Goal(points.indicator, ">=", float(np.nanmin(means) + np.nanmax(means)) / 2)
    shares = averaged(goal.met(points.by_seed).mean(axis=1))
    runs = np.zeros(shape, int)
    np.add.at(runs, cell, np.where(whole, points.study.seeds, 0))
    table = pd.DataFrame([
        {one.name: one.levels[i], other.name: other.levels[j], MEAN: means[i, j], SHARE: shares[i, j], RUNS: runs[i, j]}
        for i in range(shape[0]) for j in range(shape[1])
    ])  # fmt: skip
    crossings = pd.DataFrame(
        _crossings(means, goal.level, one, other) + _crossings(means.T, goal.level, other, one),
        columns=["along", "crosses at", "other factor", "other at"],
    )
    finding = TippingFinding(
        method="tipping", title=TITLE, indicator=points.indicator, unit=points.unit, quarter=points.quarter, table=table,
        says="", across=one, up=other, means=means, shares=shares, goal=goal, crossings=crossings,
        steepest=_steepest(grid, (one, other)),
    )  # fmt: skip
    rest = [name for j, name in enumerate(points.factors) if j not in (first, second)]
    says = _says(finding, points.study.seeds) + (f" Averaged over {listed(rest)}." if rest else "")
    return replace(finding, says=says + points.left_out(int(whole.sum()), len(whole), "points"))


def _grids(points: Points) -> list[tuple[int, int]]:
    """Pairs of factors that take all combinations of their values; those with an order first."""
    places = {}
    for j, one in enumerate(points.study.factors):
        scale = scale_of(one)
        if points.study.design.levels[j] > 1 and not np.isnan(points.parts[:, j]).any():
            places[j] = (scale, scale.places(points.parts[:, j]).astype(int))
    found = []
    for i, j in combinations(places, 2):
        (left, of_left), (right, of_right) = places[i], places[j]
        if len(np.unique(of_left * len(right.levels) + of_right)) == len(left.levels) * len(right.levels):
            found.append((not (left.ordered and right.ordered), i, j))
    return [(i, j) for _, i, j in sorted(found)]


def _chosen(points: Points, across: str, up: str) -> tuple[int, int]:
    """Numbers of the two factors that are asked for."""
    for name in filter(None, (across, up)):
        if name not in points.factors:
            raise unknown("factor", name, points.factors)
    for i, j in _grids(points):
        for one, other in ((i, j), (j, i)):
            if across in ("", points.factors[one]) and up in ("", points.factors[other]):
                return one, other
    raise InputError(f"{TITLE}: {across or 'any factor'} and {up or 'any other'} form no grid; choose two that do.")


def _steepest(grid: Floats, scales: tuple[Scale, Scale]) -> Step | None:
    """The largest step between neighbours along an ordered factor; none if nothing moves along one.

    Args:
        grid: The indicator, shape (across, up, seed).
        scales: The two factors.
    """
    found: list[Step] = []
    changes = {axis: np.diff(grid, axis=axis) for axis in (0, 1) if scales[axis].ordered}
    many, seeds = sum(one[..., 0].size for one in changes.values()), grid.shape[2]
    for axis, by_seed in changes.items():
        mean = by_seed.mean(axis=2)
        if not np.nanmax(np.abs(mean), initial=0) > 0:
            continue
        i, j = np.unravel_index(int(np.nanargmax(np.abs(mean))), mean.shape)
        own = by_seed[i, j]
        # All steps were looked at to find this one: each may be this large by chance once in so many more times.
        doubt = (
            stdtrit(seeds - 1, 1 - (1 - LEVEL) / 2 / many) * own.std(ddof=1) / np.sqrt(seeds) if seeds > 1 else np.inf
        )
        found.append(Step(
            (int(i), int(j)), (int(i) + 1 - axis, int(j) + axis), float(mean[i, j]),
            float(np.abs(mean[i, j]) / np.nanmean(np.abs(mean))), bool(np.abs(mean[i, j]) > doubt),
        ))  # fmt: skip
    return max(found, key=lambda step: abs(step.change), default=None)


def _crossings(means: Floats, level: float, along: Scale, other: Scale) -> list[tuple[str, float, str, object]]:
    """Where means, shape (along, other), cross a level between two neighbours along an ordered factor."""
    if not along.ordered:
        return []
    values = np.array(along.levels, float)
    found: list[tuple[str, float, str, object]] = []
    for j in range(means.shape[1]):
        for i in range(len(values) - 1):
            start, end = means[i, j], means[i + 1, j]
            if np.isfinite(start + end) and (start >= level) != (end >= level):
                at = values[i] + (level - start) / (end - start) * (values[i + 1] - values[i])
                found.append((along.name, float(at), other.name, other.levels[j]))
    return found


def _says(finding: TippingFinding, seeds: int) -> str:
    goal, means, unit, step = finding.goal, finding.means, finding.unit, finding.steepest
    told = f"The goal, {goal.words(unit)}, is met on average at {goal.met(means).sum()} of {means.size} points of the grid."
    if step:
        (i, j), (k, m) = step.start, step.end
        moved, still, start, end, at = (
            (finding.across, finding.up, i, k, j) if j == m else (finding.up, finding.across, j, m, i)
        )
        tips = step.sharpness >= SHARP and abs(step.change) >= LARGE * (np.nanmax(means) - np.nanmin(means))
        kind = "a tipping point" if tips else "no tipping point"
        told += (
            f" The steepest step: from {moved.name} {moved.words(moved.levels[start])} to "
            f"{moved.words(moved.levels[end])}, "
            f"with {still.name} at {still.words(still.levels[at])}, {finding.indicator} changes by "
            f"{change(step.change, unit)}, to {amount(means[k, m], unit)}, "
            f"{step.sharpness:.1f} times the average step of {moved.name}: {kind}"
        )
        told += "." if step.sure else ", unless it is luck: more seeds would tell."
    undecided = int(((finding.shares > _UNDECIDED[0]) & (finding.shares < _UNDECIDED[1])).sum())
    if seeds > 1 and undecided:
        told += f" At {undecided} points luck decides: between 10% and 90% of the runs meet it."
    return told
