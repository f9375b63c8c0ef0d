"""Morris' elementary effects: by how much each factor moves an indicator, from few runs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from abm.quantities import InputError
from abm.sweep.analysis.finding import HIGH, LEVEL, LOW, Finding, change, is_share, library, listed, number, quiet
from abm.sweep.analysis.points import Points
from abm.sweep.analysis.scales import scale_of

TITLE = "Morris' elementary effects"
MEAN, ABSOLUTE, SPREAD = "mean effect (mu)", "mean absolute effect (mu star)", "standard deviation of effects (sigma)"
FEWEST_TRAJECTORIES = 4
RESAMPLES, SEED = 1000, 1
_SMALL = 0.05  # of the largest mean absolute effect


def morris_refused(points: Points) -> str:
    """Why a study has no elementary effects; "" if it has."""
    return points.other_design("morris", FEWEST_TRAJECTORIES, "trajectories")


def morris_effects(points: Points) -> Finding:
    """Mean, mean absolute value and standard deviation of elementary effects.

    An elementary effect is the change of the indicator over a step of one factor, divided by the step's part of the
    factor's range (Morris 1991, https://doi.org/10.1080/00401706.1991.10484804); its mean absolute value ranks factors
    (Campolongo, Cariboni and Saltelli 2007, https://doi.org/10.1016/j.envsoft.2006.10.004). Through SALib, which takes
    every step for half the grid; a factor with few levels moves by another part of its range, levels counting as evenly
    spaced, and its effects are multiplied by what lies between. A trajectory with a run missing is left out as a whole.

    Args:
        points: The points of a morris design.

    Returns:
        A row per factor, in units of the indicator per whole range of the factor, with a normal 90% interval of the mean
        absolute effect from resampling the trajectories.

    Raises:
        InputError: If the design is another one, or too few trajectories are whole.
    """
    if reason := morris_refused(points):
        raise InputError(f"{TITLE}: {reason}.")
    design, names = points.study.design, points.factors
    keep = np.repeat(points.whole_blocks, design.block)
    ranges = np.empty((int(keep.sum()), len(names)))
    for j, one in enumerate(points.study.factors):
        scale = scale_of(one)
        ranges[:, j] = scale.places(points.parts[keep, j]) / max(len(scale.levels) - 1, 1)
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    with quiet():
        found = library("SALib.analyze.morris").analyze(
            problem, ranges, points.means[keep], num_resamples=RESAMPLES, conf_level=LEVEL, num_levels=design.grid,
            seed=SEED,
        )  # fmt: skip
    # Each factor moves once in a trajectory; one whose levels all steps leave where they were has no effect.
    moved = np.abs(np.diff(ranges.reshape(-1, design.block, len(names)), axis=1)).sum(axis=1).mean(axis=0)
    taken = design.grid / (2 * (design.grid - 1))
    per_range = np.divide(taken, moved, out=np.zeros_like(moved), where=moved > 0)
    mean, absolute, half, sigma = (
        np.asarray(found[key], float) * per_range for key in ("mu", "mu_star", "mu_star_conf", "sigma")
    )
    table = pd.DataFrame({
        "factor": names, MEAN: mean, ABSOLUTE: absolute, f"{ABSOLUTE}, {LOW}": absolute - half,
        f"{ABSOLUTE}, {HIGH}": absolute + half, SPREAD: sigma, "unit": f"{points.unit} per whole range",
    }).sort_values(ABSOLUTE, ascending=False, ignore_index=True)  # fmt: skip
    many = len(points.whole_blocks)
    says = f"{_says(table, points)} From {points.whole_blocks.sum():,} trajectories."
    return Finding(
        method="morris", title=TITLE, indicator=points.indicator, unit=points.unit, quarter=points.quarter, table=table,
        says=says + points.left_out(int(points.whole_blocks.sum()), many, "trajectories"),
    )  # fmt: skip


def _says(table: pd.DataFrame, points: Points) -> str:
    first, unit = table.iloc[0], points.unit
    low, high = (number(first[f"{ABSOLUTE}, {end}"] * (100 if is_share(unit) else 1)) for end in (LOW, HIGH))
    told = (
        f"Over its whole range {first['factor']} moves {points.indicator} by {change(first[ABSOLUTE], unit)} on average "
        f"(90% interval {low} to {high}), the most of {len(table)} factors."
    )
    uneven = table.loc[
        (table[SPREAD] > table[ABSOLUTE]) & (table[ABSOLUTE] > _SMALL * first[ABSOLUTE]), "factor"
    ].tolist()
    idle = table.loc[table[ABSOLUTE] <= _SMALL * first[ABSOLUTE], "factor"].tolist()
    if uneven:
        told += f" How much depends on where all factors stand, for {listed(uneven)}."
    if idle and first[ABSOLUTE] > 0:
        told += f" By less than a twentieth of that: {listed(idle)}."
    return told
