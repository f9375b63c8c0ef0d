"""Pictures of a tipping-point map and of convergence in seeds, and what all pictures of a study share."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import ArrayLike

from abm.figures.palette import LIGHT, ink_on, region_colour
from abm.sweep.analysis import convergence, tipping
from abm.sweep.analysis.finding import Finding, is_share, magnitude, number
from abm.sweep.analysis.scales import Scale

FIRST, SECOND = region_colour(LIGHT, 1), region_colour(LIGHT, 0)
WIDTH = 8.0  # inches
_MOST_WRITTEN = 14  # levels of a factor, up to which numbers are written into a map
_MOST_TICKS = 15
_SEEDS = [first * 10**power for power in range(7) for first in (1, 2, 3, 5) if first * 10**power > 1]


def draw_tipping(finding: tipping.TippingFinding) -> Figure:
    """The mean over the grid, and below it the share of runs that meet the goal."""
    height = min(1.5 + 0.34 * len(finding.up.levels), 5.0)
    figure = Figure(figsize=(WIDTH, 2 * height + 0.8), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True)
    times, unit = drawn_in(finding, finding.means)
    means = times * finding.means
    ends = (float(np.nanmin(means)), float(np.nanmax(means)))
    _map(top, finding, means, ends, LIGHT.amount)
    top.set_title(f"{finding.indicator}, mean{in_unit(unit)}", loc="left", fontsize=10)
    _map(bottom, finding, 100 * finding.shares, (0.0, 100.0), LIGHT.change)
    bottom.set_title(f"runs with {finding.goal.words(finding.unit)}, % of runs", loc="left", fontsize=10)
    _levels(bottom.set_xticks, finding.across)
    bottom.set_xlabel(_axis_name(finding.across))
    title(figure, finding)
    return legend_below(figure, top)


def _map(
    axes: Axes,
    finding: tipping.TippingFinding,
    values: tipping.Floats,
    ends: tuple[float, float],
    colours: tuple[str, ...],
) -> None:
    """Values over the grid, shape (across, up), with the line of the goal and the steepest step."""
    shown = LinearSegmentedColormap.from_list("", colours).with_extremes(bad=LIGHT.grid)
    image = axes.imshow(values.T, origin="lower", aspect="auto", cmap=shown, vmin=ends[0], vmax=ends[1])
    assert axes.figure is not None
    axes.figure.colorbar(image, ax=axes).outline.set_visible(False)
    if max(values.shape) <= _MOST_WRITTEN:
        for (i, j), value in np.ndenumerate(values):
            if np.isfinite(value):
                place = (value - ends[0]) / ((ends[1] - ends[0]) or 1)
                axes.text(
                    i, j, number(value), ha="center", va="center", fontsize=8, color=ink_on(colours, place), zorder=5,
                    path_effects=[withStroke(linewidth=2.5, foreground=shown(place))],
                )  # fmt: skip
    _levels(axes.set_yticks, finding.up)
    axes.set_ylabel(_axis_name(finding.up))
    if finding.across.ordered and finding.up.ordered and len(finding.crossings):
        axes.contour(finding.means.T, levels=[finding.goal.level], colors=[LIGHT.ink], linewidths=2)
        axes.plot([], [], color=LIGHT.ink, linewidth=2, label="the mean crosses the goal's level")
    if step := finding.steepest:
        # Beside the numbers, so that none is covered.
        right, above = (0.0, 0.32) if step.start[1] == step.end[1] else (0.32, 0.0)
        ends_of_step = [(i + right, j + above) for i, j in (step.start, step.end)]
        axes.annotate("", xy=ends_of_step[1], xytext=ends_of_step[0], arrowprops={
            "arrowstyle": "-|>", "color": SECOND, "linewidth": 2.5, "mutation_scale": 14, "shrinkA": 0, "shrinkB": 0,
            "path_effects": [withStroke(linewidth=4, foreground="white")],
        })  # fmt: skip
        words = f"steepest step, {step.sharpness:.1f} times the average"
        axes.plot([], [], color=SECOND, linewidth=2.5, label=words)


def draw_convergence(finding: convergence.ConvergenceFinding) -> Figure:
    """Standard error and half-width against the number of seeds."""
    figure = Figure(figsize=(WIDTH, 5.2), layout="constrained")
    axes = figure.add_subplot()
    title(figure, finding, "How well the mean over the seeds is known at a point of the design")
    times, unit = drawn_in(finding, finding.table[convergence.HALF_WIDTH], change=True)
    styles = {convergence.ERROR: "-", convergence.EXPECTED: ":", convergence.HALF_WIDTH: "--"}
    for (point, own), colour in zip(finding.table.groupby("point", sort=False), (FIRST, SECOND), strict=True):
        for column, style in styles.items():
            mark = "o" if column == convergence.ERROR else ""
            axes.plot(own["seeds"], times * own[column], style, marker=mark, markersize=4, color=colour)
        needed = finding.needed[str(point)]
        axes.plot([], [], color=colour, linewidth=4, label=f"{point}, which needs {needed:,} seeds")
    for column, style in styles.items():
        axes.plot([], [], style, color=LIGHT.ink, label=column.replace("sqrt(seeds)", "√seeds"))
    axes.axhline(times * finding.precision, color=LIGHT.muted, linewidth=1.2, label="half-width asked for")
    axes.set_xscale("log")
    ticks = [count for count in _SEEDS if count <= finding.seeds]
    axes.set_xticks(ticks, [f"{count:,}" for count in ticks])
    axes.xaxis.set_minor_formatter(NullFormatter())
    if (finding.table[convergence.ERROR] > 0).all():
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("seeds")
    axes.set_ylabel(finding.indicator + in_unit(unit))
    axes.grid(alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    return legend_below(figure, axes)


def title(figure: Figure, finding: Finding, more: str = "") -> None:
    """The heading of a picture, over its whole width, with a line on what it shows."""
    lines = [fill(line, 96) for line in (f"{finding.title}: {finding.subject}", more) if line]
    figure.suptitle("\n".join(lines), x=0.01, ha="left", fontsize=10.5)


def legend_below(figure: Figure, axes: Axes) -> Figure:
    """The picture with the legend of its axes below, where it covers nothing."""
    handles, words = axes.get_legend_handles_labels()
    columns = 2 if max(map(len, words), default=0) <= 48 else 1
    figure.legend(handles, words, loc="outside lower center", frameon=False, fontsize=9, ncols=columns)
    return figure


def drawn_in(finding: Finding, values: ArrayLike, change: bool = False) -> tuple[float, str]:
    """By what values of an indicator are multiplied to be drawn, and their unit then; "" for a pure number.

    Args:
        finding: About the indicator.
        values: The values: shares are drawn as percentages, large numbers in millions or more.
        change: Whether they are differences.
    """
    if is_share(finding.unit):
        return 100.0, "percentage points" if change else "%"
    size, words = magnitude(float(np.nanmax(np.abs(np.asarray(values, float)))))
    return 1 / size, f"{words} {'' if finding.unit == '1' else finding.unit}".strip()


def in_unit(unit: str) -> str:
    """The unit behind a name, as ", USD"; "" for a pure number."""
    return f", {unit}" if unit else ""


def _levels(set_ticks: Callable[..., Any], scale: Scale) -> None:
    """Ticks at the levels of a factor."""
    every = -(-len(scale.levels) // _MOST_TICKS)
    shown = [value if isinstance(value, str) else number(float(value or 0)) for value in scale.levels[::every]]
    set_ticks(range(0, len(scale.levels), every), shown, fontsize=9)


def _axis_name(scale: Scale) -> str:
    return scale.name + in_unit(scale.unit)
