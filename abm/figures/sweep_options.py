"""Sensitivities and tipping-point maps of a study as chart options for Apache ECharts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.figures.options import Option, Shares, row_axis, tooltip
from abm.figures.palette import Palette, ink_on

_LONGEST_LEVEL = 9  # letters of a level that stands upright below a map
# Pixels: the name of an axis and a label on it at most, and a letter.
_LONGEST_NAME, _LONGEST_LABEL, _LETTER = 300, 130, 7
_APART, _THIN = 12, 3  # pixels between two measures of a row, and thickness of the line of an interval


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of how much factors matter.

    Attributes:
        name: What it is.
        symbol: ECharts symbol of its marks.
        colour: Their colour.
        values: Shape (factor,).
        low: Lower ends of their intervals, shape (factor,).
        high: Upper ends, shape (factor,).
        told: What is said of each factor.
    """

    name: str
    symbol: str
    colour: str
    values: Shares
    low: Shares
    high: Shares
    told: Sequence[str]


def sensitivity_option(factors: Sequence[str], measures: Sequence[Measure], across: str, palette: Palette) -> Option:
    """A mark with its interval for each factor and measure; measures that cannot be negative, from zero on.

    Args:
        factors: Labels from top to bottom.
        measures: The measures, one below the other in each row.
        across: What the axis shows, with its unit.
        palette: The colours.
    """
    return {
        "animationDuration": 200, "animationDurationUpdate": 250, "tooltip": {**tooltip("item", palette), "told": True},
        "legend": {
            "top": 0, "itemHeight": 9, "itemWidth": 9, "textStyle": {"color": palette.ink, "fontSize": 11},
            "data": [{"name": one.name, "icon": one.symbol, "itemStyle": {"color": one.colour}} for one in measures],
        },
        "grid": {"left": 4, "right": 16, "top": 30, "bottom": 22, "containLabel": True},
        "xAxis": {
            "type": "value", "min": 0, "splitNumber": 5, "name": across, "nameLocation": "middle", "nameGap": 26,
            "nameTextStyle": {"color": palette.muted, "fontSize": 11}, "splitLine": {"lineStyle": {"color": palette.grid}},
            "axisLabel": {"color": palette.muted, "hideOverlap": True},
        },
        "yAxis": row_axis(factors, palette),
        "series": [
            part for i, one in enumerate(measures) for part in _measure(one, (i - (len(measures) - 1) / 2) * _APART)
        ],
    }  # fmt: skip


def _measure(one: Measure, below: float) -> list[Option]:
    """The marks of a measure, `below` pixels under the middle of their rows, and their intervals as stacked thin bars."""
    low, high = np.maximum(one.low, 0.0), np.maximum(one.high, 0.0)
    line: Option = {
        "name": one.name, "type": "bar", "stack": one.name, "barWidth": _THIN, "silent": True,
        "barGap": f"{100 * (_APART / _THIN - 1):.0f}%",
    }  # fmt: skip
    marks = [
        {"value": [_rounded(max(float(value), 0.0)), row], "told": told}
        for row, (value, told) in enumerate(zip(one.values, one.told, strict=True))
    ]
    return [
        {**line, "data": [_rounded(value) for value in low], "itemStyle": {"color": "transparent"}},
        {**line, "data": [_rounded(value) for value in high - low], "itemStyle": {"color": one.colour, "opacity": 0.5}},
        {
            "name": one.name, "type": "scatter", "symbol": one.symbol, "symbolSize": 9, "symbolOffset": [0, below], "z": 4,
            "data": marks, "itemStyle": {"color": one.colour, "opacity": 1},
        },
    ]  # fmt: skip


def tipping_option(
    levels: tuple[Sequence[str], Sequence[str]],
    names: tuple[str, str],
    values: Shares,
    met: NDArray[np.bool_],
    words: Callable[[float], str],
    goal: str,
    palette: Palette,
) -> Option:
    """A heat map over the values of two factors, with a line between the points that meet a goal and those that do not.

    Args:
        levels: Labels of the values from left to right, and from bottom to top.
        names: Names of the two factors, with their units.
        values: What is shown, shape (across, up); nan for none.
        met: Whether each point meets the goal, shape (across, up).
        words: How a value is written.
        goal: The goal in words; "" for none.
        palette: The colours.
    """
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    data = [
        {
            "value": [i, j, _rounded(value)],
            "told": f"{words(value)}: {names[0]} {levels[0][i]}, {names[1]} {levels[1][j]}",
            "label": {
                "formatter": words(value), "color": ink_on(palette.amount, (value - low) / ((high - low) or 1.0)),
            },
        }
        for (i, j), value in np.ndenumerate(values) if np.isfinite(value)
    ]  # fmt: skip
    label = {"color": palette.ink, "fontSize": 11, "lineHeight": 12, "hideOverlap": True}
    name = {
        # A line of an axis would stand at the zero of the hidden one, in the middle of a row of cells.
        "axisTick": {"show": False}, "axisLine": {"show": False}, "nameLocation": "middle",
        "nameTextStyle": {"color": palette.ink, "fontSize": 12},
        "nameTruncate": {"maxWidth": _LONGEST_NAME},
    }  # fmt: skip
    left = min(_LETTER * max(map(len, levels[1])), _LONGEST_LABEL)  # room for the labels, beside which the name stands
    long = max(map(len, levels[0])) > _LONGEST_LEVEL  # names, which find room aslant
    below = _LONGEST_LABEL // 2 if long else 0
    aslant = {"width": _LONGEST_LABEL, "overflow": "truncate", "rotate": 30} if long else {}
    broken = {"width": _LONGEST_LABEL, "overflow": "break"}
    sides = [
        {"type": "category", "data": list(own), "name": one, "nameGap": gap, **name, "axisLabel": label | more}
        for own, one, gap, more in zip(levels, names, (26 + below, left + 16), (aslant, broken), strict=True)
    ]
    # The page shows numbers in cells only where each has so many pixels.
    room = _LETTER * max((len(words(value)) for value in values.ravel() if np.isfinite(value)), default=0)
    # The line runs between the cells, where an axis of categories has no places.
    hidden = [{"type": "value", "min": -0.5, "max": len(own) - 0.5, "show": False} for own in levels]
    return {
        "animation": False, "tooltip": {**tooltip("item", palette), "told": True},
        "legend": {
            "show": bool(goal), "top": 18, "left": 4, "data": [goal], "icon": "rect", "itemHeight": 3,
            "textStyle": {"color": palette.ink, "fontSize": 11},
        },
        "grid": {"left": left + 34, "right": 10, "top": 44 if goal else 34, "bottom": 46 + below},
        "xAxis": [sides[0], hidden[0]], "yAxis": [sides[1], hidden[1]],
        "visualMap": {
            "min": low, "max": high, "orient": "horizontal", "left": 4, "top": 0, "itemHeight": 110, "itemWidth": 12,
            "inRange": {"color": list(palette.amount)}, "text": [words(high), words(low)], "seriesIndex": 0,
            "textStyle": {"color": palette.muted, "fontSize": 11}, "calculable": False,
        },
        "series": [
            {"type": "heatmap", "data": data, "label": {"show": values.size <= 144, "fontSize": 11, "room": room},
             "itemStyle": {"borderColor": palette.surface, "borderWidth": 1}},
            {"name": goal, "type": "line", "xAxisIndex": 1, "yAxisIndex": 1, "symbol": "none", "silent": True, "z": 5,
             "data": _border(met, np.isfinite(values)), "connectNulls": False,
             "lineStyle": {"color": palette.ink, "width": 2.5}, "itemStyle": {"color": palette.ink}},
        ],
    }  # fmt: skip


def _border(met: NDArray[np.bool_], known: NDArray[np.bool_]) -> list[list[float | None]]:
    """Edges between cells of which one meets the goal, each as two ends and a gap.

    >>> _border(np.array([[False], [True]]), np.ones((2, 1), bool))
    [[0.5, -0.5], [0.5, 0.5], [None, None]]
    """
    line: list[list[float | None]] = []
    for (i, j), here in np.ndenumerate(met):
        for k, m, start, end in (
            (i + 1, j, (i + 0.5, j - 0.5), (i + 0.5, j + 0.5)),
            (i, j + 1, (i - 0.5, j + 0.5), (i + 0.5, j + 0.5)),
        ):
            inside = k < met.shape[0] and m < met.shape[1]
            if inside and known[i, j] and known[k, m] and met[k, m] != here:
                line += [list(start), list(end), [None, None]]
    return line


def _rounded(value: float) -> float | None:
    """Six digits; none where there is none."""
    return float(f"{value:.6g}") if np.isfinite(value) else None
