"""Plain curves as a picture for print."""

from __future__ import annotations

import io
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from abm.figures.curves import Curve, Plot, across_of, curve_colours, number_words, scale_of
from abm.figures.palette import LIGHT

# Text stays text, in any font and with any sign, and names inside the file are the same each time.
_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "abm", "svg.fonttype": "none", "text.parse_math": False, "font.family": "sans-serif", "font.size": 9,
}  # fmt: skip
_STYLES: dict[str, dict[str, Any]] = {
    "simulation": {"linewidth": 2.2, "zorder": 3}, "compared": {"linewidth": 1.5, "linestyle": "--", "zorder": 2.5},
    "theorem": {"linewidth": 1.1, "zorder": 5}, "points": {"linestyle": "none", "marker": "o", "markersize": 4, "zorder": 3},
    "prediction": {"linewidth": 2.2, "linestyle": ":", "zorder": 4},
    "class": {"linewidth": 0.8, "alpha": 0.3, "zorder": 1.5},
}  # fmt: skip


def plot_svg(plot: Plot) -> str:
    """The plot as an SVG element, the same text for the same plot.

    Args:
        plot: The plot.
    """
    with matplotlib.rc_context(_SETTINGS):
        figure = Figure(figsize=(6.4, 3.6), layout="constrained")
        axes = figure.add_subplot()
        axes.spines[["top", "right"]].set_visible(False)
        figure.suptitle(plot.title, x=0.01, ha="left", fontsize=11)
        axes.set_title(plot.up, loc="left", fontsize=9, color=LIGHT.muted)
        axes.set_xlabel(plot.across)
        axes.grid(axis="y", alpha=0.3)
        for number, (one, colour) in enumerate(zip(plot.curves, curve_colours(plot, LIGHT), strict=True)):
            if plot.names:
                _draw_bars(axes, plot, one, colour, number)
            else:
                _draw_line(axes, plot, one, colour)
        _draw_axes(axes, plot)
        for label, value in plot.levels:
            axes.axhline(_scaled(plot, value), color=LIGHT.muted, linestyle=":", linewidth=1)
            axes.annotate(label, (0, _scaled(plot, value)), (2, 2), xycoords=axes.get_yaxis_transform(),
                          textcoords="offset points", color=LIGHT.muted, fontsize=8)  # fmt: skip
        for quarter, label in plot.dates:
            if quarter in plot.quarters:
                at = plot.quarters.index(quarter)
                axes.axvline(at, color=LIGHT.muted, linestyle=":", linewidth=1)
                axes.annotate(label, (at, 1), (2, -8), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
                              color=LIGHT.muted, fontsize=8)  # fmt: skip
        if sum(one.look != "class" for one in plot.curves) > 1:
            figure.legend(loc="outside lower center", ncols=3, frameon=False)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    text = written.getvalue()
    return text[text.index("<svg") :]  # it stands inside a page


def _draw_line(axes: Axes, plot: Plot, one: Curve, colour: str) -> None:
    across = np.arange(one.y.size) if plot.quarters else across_of(one)
    name = None if one.look == "class" else one.name
    style = _STYLES[one.look]
    if one.look == "simulation" and any(other.look == "theorem" for other in plot.curves):
        style = style | {"linewidth": 4.5, "alpha": 0.55}  # seen on both sides of the theorem
    axes.plot(across, _scaled(plot, one.y), color=colour, label=name, **style)
    if one.band is not None:
        axes.fill_between(across, *(_scaled(plot, end) for end in one.band), color=colour, alpha=0.16, linewidth=0)


def _draw_bars(axes: Axes, plot: Plot, one: Curve, colour: str, number: int) -> None:
    """A bar beside those of the other curves; theorems and single members of a class are marks over them."""
    places, heights = np.arange(one.y.size), _scaled(plot, one.y)
    if one.look in ("theorem", "points", "class"):
        marker, faint = ("D" if one.look == "theorem" else "o"), one.look == "class"
        name = None if faint else one.name
        axes.plot(places, heights, marker, color=colour, alpha=0.3 if faint else 1, label=name, clip_on=False)
        return
    bars = [i for i, other in enumerate(plot.curves) if other.look not in ("theorem", "points", "class")]
    wide = 0.8 / len(bars)
    beside = places + (bars.index(number) - (len(bars) - 1) / 2) * wide
    outlined: dict[str, Any] = {"facecolor": "none", "edgecolor": colour, "linestyle": "--"}
    fill = outlined if one.look == "compared" else {"color": colour}
    axes.bar(beside, heights, 0.92 * wide, label=one.name, **fill)


def _draw_axes(axes: Axes, plot: Plot) -> None:
    """Ticks, and ends that fit what has been drawn."""
    low, high, step = scale_of(plot)
    if plot.log:
        axes.set_yscale("log")
        axes.yaxis.set_minor_formatter(NullFormatter())
    if step:
        axes.set_yticks(np.arange(low, high + step / 2, step))
    axes.set_ylim(low, high)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}%" if plot.share else number_words(value)))
    if plot.names:
        aslant: dict[str, Any] = (
            {"rotation": 20, "ha": "right"} if max(map(len, plot.names)) * len(plot.names) > 70 else {}
        )
        axes.set_xticks(range(len(plot.names)), plot.names, **aslant)
        axes.tick_params(axis="x", length=0)
    elif plot.quarters:
        axes.margins(x=0)
        years = [i for i, quarter in enumerate(plot.quarters) if quarter.endswith("Q1")]
        shown = years[:: -(-len(years) // 10) or 1]
        axes.set_xticks(shown, [plot.quarters[i][:4] for i in shown])


def _scaled(plot: Plot, values: Any) -> Any:
    return 100 * values if plot.share else values
