"""Pictures of what a study's analysis has found, one per method."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from abm.figures.palette import LIGHT
from abm.figures.sweep_maps import (
    FIRST,
    SECOND,
    WIDTH,
    draw_convergence,
    draw_tipping,
    drawn_in,
    in_unit,
    legend_below,
    title,
)
from abm.sweep.analysis import cart, morris, pawn, prim, sobol
from abm.sweep.analysis.finding import HIGH, LOW, Finding

_ROW = 0.36  # inches: height of a row
_WHOLE = PercentFormatter(1.0, decimals=0)


def figure_of(finding: Finding) -> Figure:
    """The picture of a finding, 8 inches wide: at 100 dots per inch it is 800 pixels wide."""
    return _FIGURES[finding.method](finding)


def _sobol(finding: sobol.SobolFinding) -> Figure:
    """Both indices of each factor with their intervals."""
    figure, axes = _rows(finding, finding.table["factor"], f"share of the variance of {finding.indicator}")
    axes.axvline(0, color=LIGHT.muted, linewidth=0.8)
    _intervals(axes, finding, sobol.FIRST, 1.0, (-0.15, FIRST, "o"), "alone (first order)")
    _intervals(axes, finding, sobol.TOTAL, 1.0, (0.15, SECOND, "D"), "with others (total)")
    axes.xaxis.set_major_formatter(_WHOLE)
    return legend_below(figure, axes)


def _morris(finding: Finding) -> Figure:
    """Mean, mean absolute value and standard deviation of each factor's effects."""
    times, unit = drawn_in(finding, finding.table[[morris.ABSOLUTE, morris.SPREAD]], change=True)
    across = f"change of {finding.indicator} over the whole range of the factor{in_unit(unit)}"
    figure, axes = _rows(finding, finding.table["factor"], across, 0.5)
    axes.axvline(0, color=LIGHT.muted, linewidth=0.8)
    _intervals(axes, finding, morris.ABSOLUTE, times, (-0.22, FIRST, "o"), "mean absolute effect (mu*)")
    for name, shift, colour, mark, words in (
        (morris.MEAN, 0.0, LIGHT.ink, "d", "mean effect (mu)"),
        (morris.SPREAD, 0.22, SECOND, "^", "standard deviation of effects (sigma)"),
    ):
        axes.plot(
            times * finding.table[name], np.arange(len(finding.table)) + shift, mark, color=colour, markersize=6,
            label=words,
        )  # fmt: skip
    return legend_below(figure, axes)


def _pawn(finding: pawn.PawnFinding) -> Figure:
    """Median distance of each factor between its smallest and largest; chance as a band."""
    table = finding.table[finding.table["factor"] != pawn.DUMMY]
    figure, axes = _rows(finding, table["factor"], "distance between distributions (Kolmogorov-Smirnov), from 0 to 1")
    rows = np.arange(len(table))
    axes.axvspan(0, finding.noise, color=LIGHT.muted, alpha=0.22, linewidth=0, label="median by chance alone, at most")
    axes.axvline(finding.noise_of_largest, color=LIGHT.muted, linestyle="--", label="largest by chance alone, at most")
    axes.hlines(
        rows,
        table[pawn.LEAST],
        table[pawn.MOST],
        color=FIRST,
        alpha=0.45,
        linewidth=3,
        label="smallest to largest slice",
    )
    axes.plot(table[pawn.MEDIAN], rows, "o", color=FIRST, markersize=7, label="median slice")
    axes.plot(
        table[pawn.MEAN], rows, "|", color=LIGHT.ink, markersize=11, markeredgewidth=2, label="mean of the slices"
    )
    axes.set_xlim(0, 1.08 * max(table[pawn.MOST].max(), finding.noise_of_largest))
    return legend_below(figure, axes)


def _prim(finding: prim.PrimFinding) -> Figure:
    """The box's limits as parts of the factors' ranges, and the boxes that were tried."""
    table = finding.table
    height = _ROW * len(table) + 1.5
    figure = Figure(figsize=(WIDTH, height + 3.0), layout="constrained")
    axes, below = figure.subplots(2, 1, height_ratios=[height, 3.0])
    title(
        figure,
        finding,
        f"{finding.goal}: at {finding.density:.0%} of the points in the box, at {finding.met:.0%} of all",
    )
    _row_axis(axes, table["factor"])
    for row, (_, one) in enumerate(table.iterrows()):
        words = fill(one[prim.WORDS].removeprefix(one["factor"]).strip(), 32)
        axes.text(1.03, row, words or "any", va="center", fontsize=9, color=LIGHT.ink if words else LIGHT.muted)
        axes.barh(row, 1.0, height=0.5, color=LIGHT.grid)
        if words:
            low, high = one["low, part of range"], one["high, part of range"]
            flags = finding.names.get(one["factor"])
            lefts = [low] if flags is None else np.flatnonzero(flags) / len(flags)
            axes.barh([row] * len(lefts), high - low if flags is None else 1 / len(flags), left=lefts, height=0.5,
                      color=FIRST, edgecolor="white", linewidth=0.8)  # fmt: skip
    axes.set_xlim(0, 1.6)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["lowest", "25%", "50%", "75%", "highest"])
    axes.spines["bottom"].set_bounds(0, 1)
    axes.set_xlabel("part of the factor's range, or its values one beside the other", loc="left")
    below.plot(finding.trajectory["coverage"], finding.trajectory["density"], "o", color=LIGHT.muted, markersize=4,
               label="boxes on the way, from the whole space on")  # fmt: skip
    below.plot(finding.coverage, finding.density, "D", color=SECOND, markersize=9, label="this box")
    below.set_xlabel("coverage: share of the points that meet the goal which lie in the box")
    below.set_ylabel("density: share of the\nbox that meets the goal")
    below.set_xlim(0, 1.03)
    below.set_ylim(0, 1.06)
    below.xaxis.set_major_formatter(_WHOLE)
    below.yaxis.set_major_formatter(_WHOLE)
    below.grid(alpha=0.3)
    below.spines[["top", "right"]].set_visible(False)
    below.legend(frameon=False, fontsize=9, loc="lower left")
    return figure


def _cart(finding: cart.CartFinding) -> Figure:
    """For each rule the share of its points that meet the goal."""
    names = [fill(rule, 46) for rule in finding.table[cart.RULE]]
    lines = max(name.count("\n") + 1 for name in names)
    figure, axes = _rows(finding, names, f"share of points with {finding.goal}", 0.17 * lines + 0.2)
    shares = finding.table[cart.DENSITY]
    axes.barh(range(len(names)), shares, height=0.5, color=FIRST)
    for row, (_, one) in enumerate(finding.table.iterrows()):
        axes.text(1.03, row, f"{one[cart.DENSITY]:.0%} of {one['points']:,} points", va="center", fontsize=9)
    axes.axvline(finding.met, color=SECOND, linestyle="--", label=f"all points: {finding.met:.0%}")
    axes.set_xlim(0, 1.45)
    axes.set_xticks(np.linspace(0, 1, 6))
    axes.spines["bottom"].set_bounds(0, 1)
    axes.xaxis.set_major_formatter(_WHOLE)
    return legend_below(figure, axes)


def _rows(finding: Finding, names: Iterable[str], across: str, row: float = _ROW) -> tuple[Figure, Axes]:
    """A picture with one row per name, from top to bottom, each `row` inches high."""
    names = list(names)
    figure = Figure(figsize=(WIDTH, 1.8 + row * len(names)), layout="constrained")
    axes = figure.add_subplot()
    title(figure, finding)
    _row_axis(axes, names)
    axes.set_xlabel(across)
    return figure, axes


def _row_axis(axes: Axes, names: Iterable[str]) -> None:
    wrapped = [name.replace(".", ".\n", 1) if len(name) > 30 and "\n" not in name else name for name in names]
    axes.set_yticks(range(len(wrapped)), wrapped, fontsize=9)
    axes.set_ylim(len(wrapped) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)


def _intervals(
    axes: Axes, finding: Finding, name: str, factor: float, look: tuple[float, str, str], words: str
) -> None:
    """A column of the table, multiplied, with its 90% intervals; look: rows below the middle, colour and mark."""
    values, low, high = (factor * finding.table[key] for key in (name, f"{name}, {LOW}", f"{name}, {HIGH}"))
    shift, colour, mark = look
    axes.errorbar(
        values, np.arange(len(values)) + shift, xerr=[values - low, high - values], fmt=mark, color=colour, markersize=6,
        capsize=3, linewidth=1.5, label=f"{words}, 90% interval",
    )  # fmt: skip


_FIGURES: dict[str, Callable[[Any], Figure]] = {
    "sobol": _sobol, "morris": _morris, "pawn": _pawn, "prim": _prim, "cart": _cart, "tipping": draw_tipping,
    "convergence": draw_convergence,
}  # fmt: skip
