"""Shares over time as a chart option for Apache ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abm.figures.options import Option, Shares, percent_of, tooltip
from abm.figures.palette import Palette

_PLOT_PIXELS, _LABEL_PIXELS = 250, 13  # height of a line chart's plot and of an end label


@dataclass(frozen=True, slots=True)
class Line:
    """A line of shares over the quarters.

    Attributes:
        name: Its name in the tooltip.
        values: Shares, shape (quarter,).
        colour: Its colour.
        baseline: Whether it is the baseline: dashed, thin and not labelled at its end.
        end: Label at its end.
        band: Lower and upper end of the interval around it, each of shape (quarter,).
    """

    name: str
    values: Shares
    colour: str
    baseline: bool = False
    end: str = ""
    band: tuple[Shares, Shares] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Published figures drawn as points.

    Attributes:
        name: What they are.
        points: (quarter, share, source).
        symbol: ECharts symbol.
        colour: Their colour.
    """

    name: str
    points: Sequence[tuple[str, float, str]]
    symbol: str
    colour: str


def line_option(
    quarters: Sequence[str],
    lines: Sequence[Line],
    marks: Sequence[Mark],
    dates: Sequence[tuple[str, str]],
    palette: Palette,
) -> Option:
    """A chart of shares over time.

    Args:
        quarters: Names of the quarters.
        lines: The lines.
        marks: Published figures.
        dates: (quarter, label) of upright lines.
        palette: The colours.
    """
    shares = [*(v for line in lines for v in line.values), *(v for mark in marks for _, v, _ in mark.points)]
    shares += [v for line in lines if line.band for v in line.band[1]]
    top = next(step for step in (20, 40, 60, 80, 100) if step >= min(100.0, 100 * np.nanmax(shares, initial=0.0)))
    shifts = _spread([line.values[-1] if line.end else np.nan for line in lines], top / 100)
    series = [_line_series(line, shift) for line, shift in zip(lines, shifts, strict=True)]
    series += [part for line in lines if line.band for part in _band_series(line.band, line.colour)]
    series += [
        {
            "name": mark.name, "type": "scatter", "symbol": mark.symbol, "symbolSize": 11, "z": 5,
            "itemStyle": {"color": mark.colour, "borderColor": palette.surface, "borderWidth": 1},
            "data": [[q, percent_of(v)] for q, v, _ in mark.points],
        }
        for mark in marks
        if mark.points
    ]  # fmt: skip
    if series:
        series[0]["markLine"] = {
            "symbol": "none", "silent": True, "lineStyle": {"color": palette.muted, "type": "dotted", "width": 1},
            "data": [
                {"xAxis": q, "label": {"formatter": label, "color": palette.muted, "fontSize": 10}}
                for q, label in dates
                if q in quarters
            ],
        }  # fmt: skip
    return {
        "animationDuration": 200, "animationDurationUpdate": 250,
        "grid": {"left": 44, "right": 104, "top": 24, "bottom": 26},
        "tooltip": tooltip("axis", palette),
        "xAxis": {
            "type": "category", "data": list(quarters), "boundaryGap": False, "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": palette.muted}},
            "axisLabel": {"color": palette.muted, "interval": 7, "showMaxLabel": False, "years": True},
        },
        "yAxis": {
            "type": "value", "min": 0, "max": top, "interval": 20 if top > 60 else 10,
            "axisLabel": {"formatter": "{value}%", "color": palette.muted},
            "splitLine": {"lineStyle": {"color": palette.grid}},
        },
        "series": series,
    }  # fmt: skip


def _line_series(line: Line, shift: float) -> Option:
    series: Option = {
        "name": line.name, "type": "line", "showSymbol": False, "data": [percent_of(v) for v in line.values],
        "lineStyle": {
            "color": line.colour, "opacity": 0.75 if line.baseline else 1,
            "width": 1.5 if line.baseline else 2.5, "type": "dashed" if line.baseline else "solid",
        },
        "itemStyle": {"color": line.colour}, "emphasis": {"disabled": True}, "z": 2 if line.baseline else 3,
    }  # fmt: skip
    if line.end:
        series["endLabel"] = {
            "show": True, "formatter": line.end, "color": line.colour, "fontWeight": "bold", "fontSize": 11,
            "distance": 6, "offset": [0, shift],
        }  # fmt: skip
    return series


def _band_series(band: tuple[Shares, Shares], colour: str) -> list[Option]:
    """Two stacked lines that are not drawn, the area of the upper one filled; without a name they are in no tooltip."""
    low, high = ([percent_of(v) for v in end] for end in band)
    width = [None if a is None or b is None else b - a for a, b in zip(low, high, strict=True)]
    hidden: Option = {
        "name": "", "type": "line", "showSymbol": False, "silent": True, "stack": f"band {colour}", "z": 1,
        "lineStyle": {"opacity": 0}, "emphasis": {"disabled": True},
    }  # fmt: skip
    return [{**hidden, "data": low}, {**hidden, "data": width, "areaStyle": {"color": colour, "opacity": 0.16}}]


def _spread(ends: Sequence[float], top: float) -> list[float]:
    """How far to move each end label down so that none covers another, in pixels."""
    shifts, below = [0.0] * len(ends), -np.inf
    for i in sorted((i for i, end in enumerate(ends) if np.isfinite(end)), key=lambda i: -ends[i]):
        natural = _PLOT_PIXELS * (1 - ends[i] / top)
        placed = max(natural, below + _LABEL_PIXELS)
        shifts[i], below = round(placed - natural, 1), placed
    return shifts
