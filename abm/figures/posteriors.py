"""The calibration drawn: published figures and intervals, priors and posteriors, and China's adoption by reading."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy.special import ndtri

from abm.calibration.answers import GOALS, ends
from abm.calibration.check import Prediction
from abm.calibration.design import free
from abm.calibration.page import READINGS
from abm.calibration.report import Report
from abm.calibration.targets import FIT, Target, targets
from abm.figures.palette import LIGHT, region_colour

INSIDE, OUTSIDE = region_colour(LIGHT, 1), region_colour(LIGHT, 0)


def write_calibration(found: Report, folder: Path) -> None:
    """Write the pictures of the calibration as PNG files.

    Args:
        found: What was found.
        folder: An existing folder.
    """
    for name, figure in {
        "figures": _figures(found.predictions["fit"]), "parameters": _parameters(found), "china": _china(found),
    }.items():  # fmt: skip
        figure.savefig(folder / f"{name}.png", dpi=110)


def _figures(told: list[Prediction]) -> Figure:
    """Every published figure in its interval, as distance from the model's median."""
    figure = Figure(figsize=(11, 10), layout="constrained")
    scale = {one.moment: one for one in targets()}
    for place, (axes, title) in enumerate(zip(figure.subplots(1, 2), ("fit figures", "held-out figures"), strict=True)):
        mine = [one for one in told if (one.split == FIT) == (place == 0)]
        for row, one in enumerate(reversed(mine)):
            _interval(axes, row, one, scale[one.moment])
        axes.set_yticks(range(len(mine)), [one.moment for one in reversed(mine)], fontsize=7)
        axes.set_ylim(-0.7, len(mine) - 0.3)
        axes.axvline(0, color=LIGHT.muted, linewidth=0.8)
        axes.grid(axis="x", alpha=0.25)
        axes.set_xlabel("less the model's median (log-odds, logarithms, 5 points)")
        axes.set_title(
            f"{title}: {sum(o.inside for o in mine)} of {len(mine)} inside 90% intervals", loc="left", fontsize=10
        )
    return figure


def _interval(axes: Axes, row: int, one: Prediction, target: Target) -> None:
    unit = 5.0 if target.indicator == "frontier" else 1.0
    low, high, at = (float(target.scaled(x) - target.scaled(one.median)) / unit for x in (one.low, one.high, one.value))
    axes.plot([low, high], [row, row], color=LIGHT.muted, linewidth=3, alpha=0.45, solid_capstyle="butt")
    axes.plot(
        at,
        row,
        "o" if one.inside else "X",
        markersize=4.5 if one.inside else 7,
        color=INSIDE if one.inside else OUTSIDE,
    )


def _parameters(found: Report) -> Figure:
    """Medians and intervals on the scale on which every prior is standard normal."""
    figure = Figure(figsize=(9, 9.5), layout="constrained")
    axes = figure.add_subplot()
    names = list(free())[::-1]
    axes.axvspan(-1.645, 1.645, color=LIGHT.muted, alpha=0.15, linewidth=0, label="prior, 90%")
    for shift, (which, draws) in zip((0.17, -0.17), found.calibration.draws.items(), strict=True):
        z = ndtri(np.clip(draws.points, 1e-6, 1 - 1e-6))[:, ::-1]
        low, median, high = np.quantile(z, [0.05, 0.5, 0.95], axis=0)
        rows, colour = np.arange(len(names)) + shift, INSIDE if which == "fit" else OUTSIDE
        axes.hlines(rows, low, high, color=colour, linewidth=2.5, alpha=0.8)
        axes.plot(median, rows, "o", color=colour, markersize=4, label=f"posterior {which}, median and 90%")
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_ylim(-0.7, len(names) + 1.8)
    axes.set_xlabel("standard deviations of the prior from its middle")
    axes.grid(axis="x", alpha=0.25)
    axes.legend(frameon=False, fontsize=8, ncols=3, loc="upper center")
    return figure


def _china(found: Report) -> Figure:
    """Adoption in China by reading, with and without the plan, and the plan's goals."""
    figure = Figure(figsize=(11, 3.6), layout="constrained")
    told = ends(found.answers)
    for axes, (population, reading) in zip(
        figure.subplots(1, len(READINGS), sharey=True), READINGS.items(), strict=True
    ):
        for scenario, name, colour in (("baseline", "no plan", INSIDE), ("ai_plus", "AI Plus", OUTSIDE)):
            path = {
                key[-1]: row
                for key, row in told.items()
                if key[:2] == (scenario, "penetration") and key[3] == population
            }
            years = [int(quarter[:4]) + int(quarter[-1]) / 4 for quarter in path]
            low, median, high = 100 * np.array(list(path.values())).T
            axes.fill_between(years, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(years, median, color=colour, label=name)
        for year, goal in GOALS.items():
            axes.plot(
                year + 1, 100 * goal, "D", color=LIGHT.ink, markersize=5, label="goal" if year == min(GOALS) else None
            )
        axes.set_ylim(0, 100)
        axes.set_title(fill(reading, 26), loc="left", fontsize=9)
        axes.grid(alpha=0.25)
    figure.axes[0].set_ylabel("%, median and 90% interval")
    figure.axes[0].legend(frameon=False, fontsize=8)
    return figure
