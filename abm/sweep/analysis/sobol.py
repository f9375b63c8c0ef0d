"""Sobol indices: what part of an indicator's variance each factor causes, alone and together with others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from abm.quantities import InputError
from abm.sweep.analysis.finding import HIGH, LEVEL, LOW, Finding, library, listed, quiet
from abm.sweep.analysis.points import Points

TITLE = "Sobol indices"
FIRST, TOTAL = "first order", "total"
FEWEST_SAMPLES = 32
RESAMPLES, SEED = 1000, 1
_ROOM = 2e7  # numbers that the bootstrap may hold at once
_SMALL = 0.01  # share of the variance


@dataclass(frozen=True, kw_only=True)
class SobolFinding(Finding):
    """Sobol indices.

    Attributes:
        pairs: Indices of two factors together beyond what each does alone, if the design has second_order; else None.
    """

    pairs: pd.DataFrame | None


def sobol_refused(points: Points) -> str:
    """Why a study has no Sobol indices; "" if it has."""
    return points.other_design("saltelli", FEWEST_SAMPLES, "base samples") or points.constant(
        points.means.reshape(-1, points.study.design.block)[points.whole_blocks]
    )


def sobol_indices(points: Points) -> SobolFinding:
    """First-order and total Sobol indices with bootstrapped intervals.

    Of the variance of an indicator over the design, the first-order index of a factor is the part that would go if the
    factor were known, S_j = V[E(Y | X_j)] / V(Y); its total index is the part that would stay if all others were known,
    T_j = E[V(Y | X_~j)] / V(Y). Estimators of Saltelli et al. (2010), https://doi.org/10.1016/j.cpc.2009.09.018; of pairs,
    of Saltelli (2002), https://doi.org/10.1016/S0010-4655(02)00280-1. Both through SALib. A base sample with a run
    missing is left out as a whole.

    Args:
        points: The points of a saltelli design.

    Returns:
        A row per factor: both indices, without unit, with normal 90% intervals from resampling the base samples.

    Raises:
        InputError: If the design is another one, too few base samples are whole, or nothing varies.
    """
    if reason := sobol_refused(points):
        raise InputError(f"{TITLE}: {reason}.")
    design, names = points.study.design, points.factors
    blocks = points.means.reshape(-1, design.block)[points.whole_blocks]
    resamples = int(np.clip(_ROOM // len(blocks), 100, RESAMPLES))
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    with quiet():
        found = library("SALib.analyze.sobol").analyze(
            problem, blocks.ravel(), calc_second_order=design.second_order, num_resamples=resamples, conf_level=LEVEL,
            seed=SEED,
        )  # fmt: skip
    table = pd.DataFrame({"factor": names})
    for name, key in ((FIRST, "S1"), (TOTAL, "ST")):
        table[name] = found[key]
        table[f"{name}, {LOW}"] = found[key] - found[f"{key}_conf"]
        table[f"{name}, {HIGH}"] = found[key] + found[f"{key}_conf"]
    table = table.sort_values(TOTAL, ascending=False, ignore_index=True)
    pairs = _pairs(names, found["S2"], found["S2_conf"]) if design.second_order and len(names) > 1 else None
    says = (
        f"{_says(table, points, pairs)} 90% intervals from {resamples:,} resamples of {len(blocks):,} base samples."
        f"{points.left_out(len(blocks), len(points.whole_blocks), 'base samples')}"
    )
    return SobolFinding(
        method="sobol", title=TITLE, indicator=points.indicator, unit=points.unit, quarter=points.quarter, says=says,
        table=table, pairs=pairs,
    )  # fmt: skip


def _pairs(names: list[str], index: np.ndarray, half: np.ndarray) -> pd.DataFrame:
    """Indices of pairs, the largest first; index and half-width of shape (factor, factor), above the diagonal."""
    rows = [
        (names[j], names[k], index[j, k], index[j, k] - half[j, k], index[j, k] + half[j, k])
        for j, k in combinations(range(len(names)), 2)
    ]
    columns = ["factor", "with", "second order", f"second order, {LOW}", f"second order, {HIGH}"]
    return pd.DataFrame(rows, columns=columns).sort_values("second order", ascending=False, ignore_index=True)


def _says(table: pd.DataFrame, points: Points, pairs: pd.DataFrame | None) -> str:
    first = table.iloc[0]
    told = (
        f"{first['factor']} alone explains {first[FIRST]:.0%} of the variance of {points.indicator} (90% interval "
        f"{first[f'{FIRST}, {LOW}']:.0%} to {first[f'{FIRST}, {HIGH}']:.0%}), and {first[TOTAL]:.0%} "
        f"({first[f'{TOTAL}, {LOW}']:.0%} to {first[f'{TOTAL}, {HIGH}']:.0%}) with what it does together with others"
    )
    second = table[1:2]
    told += "".join(
        f"; next comes {row['factor']} with {row[FIRST]:.0%} and {row[TOTAL]:.0%}" for _, row in second.iterrows()
    )
    together = 1 - table[FIRST].sum()
    told += f". Interactions make up about {max(together, 0):.0%}"
    if pairs is not None and pairs["second order"][0] > _SMALL:
        told += f", most of all {pairs['factor'][0]} with {pairs['with'][0]} ({pairs['second order'][0]:.0%})"
    idle = table.loc[table[f"{TOTAL}, {HIGH}"] < _SMALL, "factor"].tolist()
    return f"{told}{f'; {listed(idle)} could be fixed anywhere: less than 1% each' if idle else ''}."
