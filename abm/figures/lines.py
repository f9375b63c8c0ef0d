"""Shares or scores over time as a chart option for Apache ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abm.figures.options import Option, Shares, tooltip
from abm.figures.palette import Palette

_PLOT_PIXELS, _LABEL_PIXELS = 250, 13  # height of a line chart's plot and of an end label


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the quarters.

    Attributes:
        name: Its name in the tooltip.
        values: Shares or scores, shape (quarter,).
        colour: Its colour.
        style: "solid" for the one that matters; "dashed" or "dotted", thin, for those it is compared with.
        end: Label at its end.
        band: Lower and upper end of the interval around it, each of shape (quarter,).
    """

    name: str
    values: Shares
    colour: str
    style: str = "solid"
    end: str = ""
    band: tuple[Shares, Shares] | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """Published figures drawn as points.

    Attributes:
        name: What they are.
        points: (quarter, value, source).
        symbol: ECharts symbol.
        colour: Their colour.
    """

    name: str
    points: Sequence[tuple[str, float, str]]
    symbol: str
    colour: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The upright axis of a line chart.

    Attributes:
        low: Lower end, as drawn.
        high: Upper end, as drawn.
        step: Distance between two ticks.
        scale: What a value is multiplied by to be drawn.
        tick: ECharts template of a tick's label.
        number: Name of the page's format of a value: "share" or "score".
        unit: What stands above the axis.
    """

    low: float
    high: float
    step: float
    scale: float = 1.0
    tick: str = "{value}"
    number: str = "score"
    unit: str = ""

    @staticmethod
    def of_shares(shares: Sequence[float]) -> Axis:
        """Percentages from zero to above the largest share."""
        highest = min(100.0, 100 * np.nanmax(shares, initial=0.0))
        top = next(step for step in (20, 40, 60, 80, 100) if step >= highest)
        return Axis(0, top, 20 if top > 60 else 10, 100, "{value}%", "share")

    @staticmethod
    def of_scores(scores: Sequence[float], unit: str) -> Axis:
        """Whole tens around all scores, of which there is at least one."""
        low, high = (20 * float(whole) for whole in (np.floor(np.nanmin(scores) / 20), np.ceil(np.nanmax(scores) / 20)))
        return Axis(low, max(high, low + 20), 20, unit=unit)

    def drawn(self, value: float) -> float | None:
        """A value as drawn, rounded; none where there is none."""
        return None if not np.isfinite(value) else round(self.scale * float(value), 2)


def line_option(
    quarters: Sequence[str],
    lines: Sequence[Line],
    marks: Sequence[Mark],
    dates: Sequence[tuple[str, str]],
    palette: Palette,
    unit: str = "",
) -> Option:
    """A chart of shares or scores over time.

    Args:
        quarters: Names of the quarters.
        lines: The lines.
        marks: Published figures.
        dates: (quarter, label) of upright lines.
        palette: The colours.
        unit: Unit of the scores; "" if the values are shares.
    """
    shown = [*(v for line in lines for v in line.values), *(v for mark in marks for _, v, _ in mark.points)]
    shown += [v for line in lines if line.band for v in line.band[1]]
    axis = Axis.of_scores(shown, unit) if unit else Axis.of_shares(shown)
    ends = [axis.scale * line.values[-1] if line.end else np.nan for line in lines]
    shifts = end_shifts([_PLOT_PIXELS * (axis.high - end) / (axis.high - axis.low) for end in ends])
    series = [_line_series(line, shift, axis) for line, shift in zip(lines, shifts, strict=True)]
    series += [part for line in lines if line.band for part in _band_series(line.band, line.colour, axis)]
    series += [
        {
            "name": mark.name, "type": "scatter", "symbol": mark.symbol, "symbolSize": 11, "z": 5,
            "itemStyle": {"color": mark.colour, "borderColor": palette.surface, "borderWidth": 1},
            "data": [[q, axis.drawn(v)] for q, v, _ in mark.points],
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
        "tooltip": {**tooltip("axis", palette), "number": axis.number},
        "xAxis": {
            "type": "category", "data": list(quarters), "boundaryGap": False, "axisTick": {"show": False},
            "axisLine": {"lineStyle": {"color": palette.muted}},
            "axisLabel": {"color": palette.muted, "interval": 7, "showMaxLabel": False, "years": True},
        },
        "yAxis": {
            "type": "value", "min": axis.low, "max": axis.high, "interval": axis.step,
            "axisLabel": {"formatter": axis.tick, "color": palette.muted},
            "name": axis.unit, "nameGap": 8, "nameTextStyle": {"color": palette.muted, "fontSize": 10, "align": "right"},
            "splitLine": {"lineStyle": {"color": palette.grid}},
        },
        "series": series,
    }  # fmt: skip


def _line_series(line: Line, shift: float, axis: Axis) -> Option:
    main = line.style == "solid"
    series: Option = {
        "name": line.name, "type": "line", "showSymbol": False, "data": [axis.drawn(v) for v in line.values],
        "lineStyle": {
            "color": line.colour, "opacity": 1 if main else 0.75, "width": 2.5 if main else 1.5, "type": line.style,
        },
        "itemStyle": {"color": line.colour}, "emphasis": {"disabled": True}, "z": 3 if main else 2,
    }  # fmt: skip
    if line.end and np.isfinite(line.values).any():  # ECharts fails on a label at the end of nothing
        series["endLabel"] = {
            "show": True, "formatter": line.end, "color": line.colour, "fontWeight": "bold", "fontSize": 11,
            "distance": 6, "offset": [0, shift],
        }  # fmt: skip
    return series


def _band_series(band: tuple[Shares, Shares], colour: str, axis: Axis) -> list[Option]:
    """Two stacked lines that are not drawn, the area of the upper one filled; without a name they are in no tooltip."""
    low, high = ([axis.drawn(v) for v in end] for end in band)
    width = [None if a is None or b is None else b - a for a, b in zip(low, high, strict=True)]
    hidden: Option = {
        "name": "", "type": "line", "showSymbol": False, "silent": True, "stack": f"band {colour}", "z": 1,
        "lineStyle": {"opacity": 0}, "emphasis": {"disabled": True},
    }  # fmt: skip
    return [{**hidden, "data": low}, {**hidden, "data": width, "areaStyle": {"color": colour, "opacity": 0.16}}]


def end_shifts(below: Sequence[float]) -> list[float]:
    """How far to move the label at the end of each line down so that none covers another, in pixels.

    Args:
        below: How far below the top the lines end, in pixels; nan for one without a label.
    """
    shifts, last = [0.0] * len(below), -np.inf
    for i in sorted((i for i, natural in enumerate(below) if np.isfinite(natural)), key=lambda i: below[i]):
        placed = max(below[i], last + _LABEL_PIXELS)
        shifts[i], last = round(placed - below[i], 1), placed
    return shifts
