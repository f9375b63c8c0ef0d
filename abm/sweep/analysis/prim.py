"""PRIM: the part of the factors' space in which a goal is met, as a box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from abm.quantities import InputError
from abm.sweep.analysis.finding import Finding, library, listed, quiet
from abm.sweep.analysis.goals import Goal, no_goal
from abm.sweep.analysis.points import Points
from abm.sweep.analysis.scales import Scale, limits, limits_in_words, names_in_words, scale_of
from abm.sweep.factors import Value

TITLE = "Where the goal is met (PRIM)"
WORDS, CHANCE_LOW, CHANCE_HIGH = "limits", "chance without the low limit", "chance without the high limit"
LEAST_MASS = 0.05  # share of the points that a box must have
MOST_NAMES = 12  # a factor with more unordered values, such as draws, is not searched
_BY_CHANCE = 0.05  # of a limit: it is dropped if so many hits would as likely be had without it


@dataclass(frozen=True, kw_only=True)
class PrimFinding(Finding):
    """A box.

    Attributes:
        goal: The goal in words.
        density: Share of the box's points that meet the goal.
        coverage: Share of the points that meet the goal which lie in the box.
        mass: Share of all points that lie in the box.
        met: Share of all points that meet the goal.
        trajectory: Coverage, density and mass of all boxes that were tried, from the whole space on.
        names: For factors without an order, which of their values lie in the box.
    """

    goal: str
    density: float
    coverage: float
    mass: float
    met: float
    trajectory: pd.DataFrame
    names: dict[str, list[bool]]


def prim_refused(points: Points, goal: Goal | None) -> str:
    """Why no box can be looked for; "" if one can."""
    return no_goal(points, goal)


def prim_box(points: Points, goal: Goal | None) -> PrimFinding:
    """The box in which a goal is met most, found by the patient rule induction method.

    From the whole space, thin slices are peeled off so that the share of points that meet the goal rises most, and
    slices that lower it are pasted on again (Friedman and Fisher 1999, https://doi.org/10.1023/A:1008894516817; for
    scenario discovery Bryant and Lempert 2010, https://doi.org/10.1016/j.techfore.2009.08.002). Through EMA workbench, by
    its lenient objective. Of all boxes on the way the one with the largest harmonic mean of density and coverage is
    taken, and limits are dropped without which as many hits are as likely by chance (a binomial test, over 5%).

    Args:
        points: Points all over the space.
        goal: The goal, about the indicator of the points.

    Returns:
        A row per factor: limits in its own unit, and as parts of its range (nan for names).

    Raises:
        InputError: If there is no goal, it is met at nearly all points or none, or the points are not spread.
    """
    if reason := prim_refused(points, goal):
        raise InputError(f"{TITLE}: {reason}.")
    assert goal is not None
    scales = searched(points)
    frame = pd.DataFrame({f"f{j}": column_of(scale, points, j) for j, scale in scales.items()})
    met = goal.met(points.means[points.spread])
    with quiet():
        box = library("ema_workbench.analysis.prim").Prim(frame, met.astype(int), mass_min=LEAST_MASS).find_box()
        tried = box.peeling_trajectory[["coverage", "density", "mass"]].astype(float)
        best = (2 * tried["coverage"] * tried["density"] / (tried["coverage"] + tried["density"])).fillna(0).idxmax()
        box.select(int(best))
        bounds, chances = _without_luck(box, frame, int(best))
    inside = _inside(frame, bounds)
    table = pd.DataFrame([
        _row(scale, bounds[f"f{j}"].tolist(), chances.get(f"f{j}", [-1, -1])) for j, scale in scales.items()
    ])  # fmt: skip
    density, coverage, mass = met[inside].mean(), met[inside].sum() / met.sum(), inside.mean()
    where = [row for row in table[WORDS] if row]
    says = f"The goal, {goal.words(points.unit)}, is met at {met.mean():.0%} of {len(met):,} points"
    says += (
        f", and at {density:.0%} of those with {listed(where)}. That box has {mass:.0%} of all points and {coverage:.0%} of "
        "those that meet the goal."
        if where
        else "; no box was found in which it is met more often than chance would have it."
    )
    left_out = [one.name for j, one in enumerate(points.study.factors) if j not in scales]
    says += f" Not searched, for too many values without an order: {listed(left_out)}." if left_out else ""
    return PrimFinding(
        method="prim", title=TITLE, indicator=points.indicator, unit=points.unit, quarter=points.quarter, table=table,
        says=says + points.left_out_of_spread(), goal=goal.words(points.unit),
        density=float(density), coverage=float(coverage), mass=float(mass), met=float(met.mean()), trajectory=tried,
        names={
            one.name: [k in bounds[f"f{j}"][0] for k in range(len(one.levels))]
            for j, one in scales.items() if not one.ordered
        },
    )  # fmt: skip


def searched(points: Points) -> dict[int, Scale]:
    """Factors that a box or a rule may limit, by their number."""
    scales = {j: scale_of(one) for j, one in enumerate(points.study.factors)}
    return {j: one for j, one in scales.items() if one.ordered or len(one.levels) <= MOST_NAMES}


def column_of(scale: Scale, points: Points, j: int) -> pd.Series | pd.Categorical:
    """Places of factor j at the points; of names as categories. EMA workbench takes limits of real numbers alone well."""
    places = scale.places(points.parts[points.spread, j])
    return pd.Series(places) if scale.ordered else pd.Categorical(places.astype(int))


def _without_luck(box: Any, frame: pd.DataFrame, chosen: int) -> tuple[pd.DataFrame, dict[str, list[float]]]:
    """Limits of the chosen box and, of each, how likely as many hits are without it, lacking those that may be by chance."""
    every = box.prim.box_init
    while True:
        bounds, chances = box.box_lims[chosen], box.p_values[chosen]
        worst = max(
            ((chance, name, end) for name, two in chances.items() for end, chance in enumerate(two)), default=None
        )
        if worst is None or worst[0] <= _BY_CHANCE:
            return bounds, chances
        _, name, end = worst
        bounds = bounds.copy()
        if isinstance(every.loc[0, name], set):
            bounds[name] = every[name]
        else:
            bounds.loc[end, name] = every.loc[end, name]
        box.update(bounds, np.flatnonzero(_inside(frame, bounds)))
        chosen = len(box.box_lims) - 1


def _inside(frame: pd.DataFrame, bounds: pd.DataFrame) -> np.ndarray:
    """Whether each point lies in a box, shape (point,)."""
    inside = np.ones(len(frame), bool)
    for name, column in frame.items():
        low, high = bounds[name].tolist()
        inside &= (column.isin(low) if isinstance(low, set) else column.between(low, high)).to_numpy()
    return inside


def _row(scale: Scale, bounds: list[Any], chances: list[float]) -> dict[str, Any]:
    """Limits of a factor; the chance is -1 where there is none."""
    ends: tuple[Value, Value] = (None, None)
    if isinstance(bounds[0], set):
        words, parts = names_in_words(scale, {int(one) for one in bounds[0]}), (np.nan, np.nan)
    else:
        low, high = (None if chance == -1 else float(one) for one, chance in zip(bounds, chances, strict=True))
        words, ends = limits_in_words(scale, low, high), limits(scale, low, high)
        parts = (0.0 if low is None else low, 1.0 if high is None else high)
        if many := len(scale.levels):
            parts = (0.0 if low is None else np.ceil(low) / many, 1.0 if high is None else (np.floor(high) + 1) / many)
    told = [np.nan if chance == -1 else chance for chance in chances]
    return {
        "factor": scale.name, "low": ends[0], "high": ends[1], "unit": scale.unit, WORDS: words,
        "low, part of range": parts[0], "high, part of range": parts[1], CHANCE_LOW: told[0], CHANCE_HIGH: told[1],
    }  # fmt: skip
