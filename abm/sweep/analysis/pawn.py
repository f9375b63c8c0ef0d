"""PAWN: how much the whole distribution of an indicator moves when a factor is known, from any spread-out points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from abm.quantities import InputError
from abm.rng import firm_ids, name_key, uniform
from abm.sweep.analysis.finding import Finding, library, listed, quiet
from abm.sweep.analysis.points import Points

TITLE = "PAWN indices"
MEDIAN, MEAN, LEAST, MOST = (f"{what} distance" for what in ("median", "mean", "smallest", "largest"))
DUMMY = "a factor that does nothing"
SLICES, DUMMIES, SEED = 10, 39, 1


@dataclass(frozen=True, kw_only=True)
class PawnFinding(Finding):
    """PAWN indices.

    Attributes:
        noise: The most that a factor that does nothing came to in its median slice, of 39 such factors.
        noise_of_largest: The most that such a factor came to in its largest slice. Another one is above this or `noise`
            once in 20 times at most.
    """

    noise: float
    noise_of_largest: float


def pawn_refused(points: Points) -> str:
    """Why a study has no PAWN indices; "" if it has."""
    return points.not_spread()


def pawn_indices(points: Points) -> PawnFinding:
    """Kolmogorov-Smirnov distances between the distribution of an indicator and that for a known factor.

    The points are cut into 10 slices of equal size by each factor; between the indicator's distribution in a slice and
    its distribution in all points lies the largest distance of the two distribution functions, from 0 to 1. Of a factor
    the median, mean, smallest and largest over its slices are told (Pianosi and Wagener 2015,
    https://doi.org/10.1016/j.envsoft.2015.01.004; for any points, 2018, https://doi.org/10.1016/j.envsoft.2018.07.019).
    As slices are small, a factor that does nothing is above 0, too: 39 columns of random numbers tell how far.

    Args:
        points: Points all over the space.

    Returns:
        A row per factor, and one with the means over the random columns, without unit.

    Raises:
        InputError: If the points are not spread over the space, are too few, or nothing varies.
    """
    if reason := pawn_refused(points):
        raise InputError(f"{TITLE}: {reason}.")
    kept = points.spread
    columns = np.concatenate([_without_ties(points, kept), _luck("dummy", kept, DUMMIES)], axis=1)
    names = [*points.factors, *(f"{DUMMY} {k}" for k in range(DUMMIES))]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    with quiet():
        # Without a seed: nothing in it is by chance, and it would set that of NumPy.
        found = library("SALib.analyze.pawn").analyze(problem, columns, points.means[kept], S=SLICES)
    keys = {MEDIAN: "median", MEAN: "mean", LEAST: "minimum", MOST: "maximum"}
    many = len(points.factors)
    table = pd.DataFrame({"factor": points.factors} | {name: found[key][:many] for name, key in keys.items()})
    table = table.sort_values(MEDIAN, ascending=False, ignore_index=True)
    table.loc[len(table)] = [DUMMY, *(found[key][many:].mean() for key in keys.values())]
    noise, of_largest = (float(found[key][many:].max()) for key in ("median", "maximum"))
    used = "points (A and B of the base samples)" if points.study.design.method == "saltelli" else "points"
    says = f"{_says(table, points, noise, of_largest)} From {len(kept):,} {used}."
    return PawnFinding(
        method="pawn", title=TITLE, indicator=points.indicator, unit=points.unit, quarter=points.quarter, table=table,
        says=says + points.left_out_of_spread(), noise=noise,
        noise_of_largest=of_largest,
    )  # fmt: skip


def _without_ties(points: Points, kept: np.ndarray) -> np.ndarray:
    """Parts of the kept points, shape (point, factor), those of a grid spread at random within their level.

    Slices are cut at quantiles, which many equal parts would make empty.
    """
    parts = points.parts[kept]
    if points.study.design.method not in ("full_factorial", "table"):
        return parts
    levels = np.array(points.study.design.levels, float)
    spread = (np.floor(np.minimum(parts * levels, levels - 0.5)) + _luck("tie", kept, len(levels))) / np.maximum(
        levels, 1
    )
    return np.where(levels > 0, spread, parts)


def _luck(purpose: str, kept: np.ndarray, columns: int) -> np.ndarray:
    """Uniform numbers, shape (point, column)."""
    ids = firm_ids(name_key("pawn", purpose), kept)
    return np.stack([uniform(SEED, purpose, ids, name=str(k)) for k in range(columns)], axis=1)


def _says(table: pd.DataFrame, points: Points, noise: float, of_largest: float) -> str:
    real = table[table["factor"] != DUMMY]
    tells = (real[MEDIAN] > noise) | (real[MOST] > of_largest)
    if not tells.any():
        return (
            f"No factor moves the distribution of {points.indicator} by more than chance does (median distance up to "
            f"{noise:.2f})."
        )
    first = real[tells].iloc[0]
    told = (
        f"Knowing {first['factor']} moves the distribution of {points.indicator} most: by {first[MEDIAN]:.2f} in the median "
        f"slice and up to {first[MOST]:.2f}, where a factor that does nothing comes to {noise:.2f} and {of_largest:.2f} at "
        "most."
    )
    idle = real.loc[~tells, "factor"].tolist()
    return told + (f" Not to be told from chance: {listed(idle)}." if idle else "")
