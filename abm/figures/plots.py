"""Plain curves as a chart option for Apache ECharts; the ways of a lesson's plot to a reader, a table and a printer."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from abm.figures.curves import Curve, Plot, across_of, across_scale_of, curve_colours, rounded, scale_of
from abm.figures.lines import end_shifts
from abm.figures.options import Option, tooltip
from abm.figures.palette import Palette
from abm.figures.plot_words import plot_columns, plot_label, plot_table

__all__ = ["Curve", "Plot", "plot_columns", "plot_label", "plot_option", "plot_table"]

_LETTER, _LINE, _PLOT = 6.5, 20, 220  # pixels: a letter of a label, a row of the legend, and the height of a plot
_FEW = 60  # points that have room to be large
_PHONE = 320  # pixels of a plot on a phone
_DIAMOND = "path://M5 0L10 5L5 10L0 5Z"  # the legend would stretch ECharts' own
_LONGEST_END, _MOST_ENDS = 16, 4  # letters of a label at the end of a line, and how many such labels find room
_STYLES = {  # type, width and opacity of a line, and how far in front it stands
    "simulation": ("solid", 2.5, 1.0, 3), "compared": ("dashed", 1.6, 0.9, 2), "theorem": ("solid", 1.2, 1.0, 5),
    "prediction": ("dotted", 2.5, 1.0, 4), "class": ("solid", 1.0, 0.3, 1),
}  # fmt: skip


def plot_option(plot: Plot, palette: Palette) -> Option:
    """A plot of a lesson: labels at the ends of its lines if they find room, else a legend above.

    Bars stand, or lie if their names would not find room below them; the upright axis lies down with them.

    Args:
        plot: The plot.
        palette: The colours of the page.
    """
    low, high, step = scale_of(plot)
    named = list({one.name: one for one in plot.curves if one.look != "class"})
    ends = not plot.names and 1 < len(named) <= _MOST_ENDS and all(_room(name) <= _LONGEST_END for name in named)
    ends = ends and all(one.look != "points" for one in plot.curves)
    rows = 0 if ends or len(named) < 2 else _legend_rows(named)
    lying = bool(plot.names) and sum(_room(name) + 2 for name in plot.names) * _LETTER > _PHONE
    colours = curve_colours(plot, palette)
    shifts = end_shifts([_below(plot, one, low, high) for one in plot.curves]) if ends else [None] * len(plot.curves)
    series = [
        part
        for i, (one, colour, shift) in enumerate(zip(plot.curves, colours, shifts, strict=True))
        for part in (*_band(plot, one, colour, i), _series(plot, one, colour, palette, shift))
    ]
    if series:
        series[-1]["markLine"] = _mark_lines(plot, palette, lying)
    above = 14 if plot.dates or (lying and plot.levels) else 0  # room for what is said of lines that stand
    name = {"nameTextStyle": {"color": palette.muted, "fontSize": 11}}
    across: Option = {
        "name": plot.across, "nameLocation": "middle", "nameGap": 28, **name, "axisTick": {"show": False},
        "axisLine": {"onZero": False, "lineStyle": {"color": palette.muted}},
        **_across_axis(plot, palette),
    }  # fmt: skip
    up: Option = {
        "name": plot.up, "nameLocation": "end", "nameGap": 12 + above, **name,
        "splitLine": {"lineStyle": {"color": palette.grid}}, "type": "log" if plot.log else "value", "min": low, "max": high,
        **({"interval": step} if step else {}),
        "axisLabel": {"formatter": "{value}%" if plot.share else None, "color": palette.muted, "hideOverlap": True},
    }  # fmt: skip
    if lying:
        across |= {"inverse": True, "nameLocation": "start", "nameGap": 8 + above}
        across["axisLabel"] |= {"width": 116, "overflow": "break", "lineHeight": 12}
        up |= {"nameLocation": "middle", "nameGap": 26}
    upright = across if lying else up
    upright["nameTextStyle"] = {**upright["nameTextStyle"], "align": "left"}
    right = 14 + (_LETTER * max(map(_room, named)) if ends else 0)
    return {
        "animation": False,  # ECharts leaves labels behind that are at the ends of lines when a card is resized meanwhile
        "grid": {"left": 8, "right": right, "top": 30 + above + _LINE * rows, "bottom": 24, "containLabel": True},
        "tooltip": {
            **tooltip("item" if _is_cloud(plot) else "axis", palette), "number": "share" if plot.share else "number",
        },
        "legend": {
            "show": rows > 0, "top": 0, "left": 0, "itemWidth": 26, "itemHeight": 9, "itemGap": 12,
            "textStyle": {"color": palette.ink, "fontSize": 11}, "data": _keys(plot, named),
        },
        "xAxis": up if lying else across, "yAxis": upright, "series": series,
    }  # fmt: skip


def _is_cloud(plot: Plot) -> bool:
    """Whether points stand at numbers, where each is asked for by itself."""
    return not plot.places and any(one.look == "points" for one in plot.curves)


def _series(plot: Plot, one: Curve, colour: str, palette: Palette, shift: float | None) -> Option:
    values: list = [_drawn(plot, value) for value in one.y]
    seen = "" if one.look == "class" else one.name  # without a name it is in no tooltip
    if plot.names and one.look in ("theorem", "points", "class"):
        symbol, size = (_DIAMOND, 11) if one.look == "theorem" else ("circle", 8)
        return {"name": seen, "type": "scatter", "symbol": symbol, "symbolSize": size, "z": 5, "data": values,
                "itemStyle": _ink_of(one, colour, palette)}  # fmt: skip
    if plot.names:
        outlined = {"color": "transparent", "borderColor": colour, "borderWidth": 1.5, "borderType": "dashed"}
        fill = outlined if one.look == "compared" else {"color": colour}
        return {"name": seen, "type": "bar", "barMaxWidth": 36, "barGap": "8%", "data": values, "itemStyle": fill}
    if not plot.places:
        values = [[rounded(place), value] for place, value in zip(across_of(one), values, strict=True)]
    if one.look == "points":
        size = 10 if one.y.size <= _FEW else 6
        return {"name": seen, "type": "scatter", "symbol": "circle", "symbolSize": size, "z": 3, "data": values,
                "itemStyle": _ink_of(one, colour, palette)}  # fmt: skip
    kind, width, opacity, front = _STYLES[one.look]
    series: Option = {
        "name": seen, "type": "line", "showSymbol": False, "symbol": "circle", "symbolSize": 7, "data": values, "z": front,
        "lineStyle": {"color": colour, "type": kind, "width": width, "opacity": opacity},
        "itemStyle": {"color": colour}, "emphasis": {"disabled": True}, "silent": one.look == "class",
    }  # fmt: skip
    if one.look == "simulation" and any(other.look == "theorem" for other in plot.curves):
        series["lineStyle"] |= {"width": 5, "opacity": 0.55}  # seen on both sides of the theorem
    if shift is not None and seen and np.isfinite(one.y).any():  # ECharts fails on a label at the end of nothing
        series["endLabel"] = {
            "show": True, "formatter": "{a}", "color": colour, "fontWeight": "bold", "fontSize": 11, "offset": [0, shift],
        }  # fmt: skip
    return series


def _ink_of(one: Curve, colour: str, palette: Palette) -> Option:
    """How a mark is filled; those of the class are faint."""
    faint = 0.3 if one.look == "class" else 0.9
    return {"color": colour, "borderColor": palette.surface, "borderWidth": 1, "opacity": faint}


def _band(plot: Plot, one: Curve, colour: str, number: int) -> list[Option]:
    """Two stacked lines that are not drawn, the area of the upper one filled."""
    if one.band is None or plot.names:
        return []
    ends = [[_drawn(plot, value) for value in end] for end in one.band]
    width = [None if low is None or high is None else rounded(high - low) for low, high in zip(*ends, strict=True)]
    hidden: Option = {
        "name": "", "type": "line", "showSymbol": False, "silent": True, "stack": f"band {number}", "stackStrategy": "all",
        "z": 1, "lineStyle": {"opacity": 0}, "emphasis": {"disabled": True},
    }  # fmt: skip
    areas: list[Option] = [{}, {"areaStyle": {"color": colour, "opacity": 0.16}}]
    places = None if plot.places else [rounded(place) for place in across_of(one)]
    return [
        {**hidden, **area, "data": list(map(list, zip(places, values, strict=True))) if places else values}
        for area, values in zip(areas, (ends[0], width), strict=True)
    ]


def _mark_lines(plot: Plot, palette: Palette, lying: bool) -> Option:
    side = "xAxis" if lying else "yAxis"
    label = {"color": palette.muted, "fontSize": 10}
    levels = [
        {
            side: _drawn(plot, value),
            "label": {**label, "formatter": name, "position": "start" if lying else "insideStartTop"},
        }
        for name, value in plot.levels
    ]
    dates = [{"xAxis": q, "label": {**label, "formatter": name}} for q, name in plot.dates if q in plot.quarters]
    return {
        "symbol": "none", "silent": True, "data": levels + dates,
        "lineStyle": {"color": palette.muted, "type": "dotted", "width": 1.2},
    }  # fmt: skip


def _across_axis(plot: Plot, palette: Palette) -> Option:
    label = {"color": palette.muted, "hideOverlap": True}
    if plot.names:
        return {"type": "category", "data": list(plot.names), "axisLabel": {"color": palette.ink, "interval": 0}}
    if plot.quarters:
        years = -(-len(plot.quarters) // 28)  # so many between two labels that no more than seven stand there
        return {
            "type": "category", "data": list(plot.quarters), "boundaryGap": False,
            "axisLabel": {**label, "interval": 4 * years - 1, "years": True},
        }  # fmt: skip
    low, high, step = across_scale_of(plot)
    return {
        "type": "value", "min": low, "max": high, "interval": step, "splitLine": {"show": False}, "axisLabel": label,
    }  # fmt: skip


def _keys(plot: Plot, names: Sequence[str]) -> list[Option]:
    """The legend's entries: lines without the symbol that ECharts puts on them."""
    lines = {one.name for one in plot.curves if one.look != "points" and not plot.names}
    return [{"name": name, **({"itemStyle": {"opacity": 0}} if name in lines else {})} for name in names]


def _legend_rows(names: Sequence[str]) -> int:
    rows, filled = 1, 0.0
    for name in names:
        wide = 0.85 * _LETTER * _room(name) + 44
        if filled and filled + wide > _PHONE:
            rows, filled = rows + 1, 0.0
        filled += wide
    return rows


def _room(text: str) -> int:
    """Letters of a text; those of Chinese are as wide as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _below(plot: Plot, one: Curve, low: float, high: float) -> float:
    """How far below the top a named curve ends, in pixels; nan for one that has no name or no end."""
    end = _drawn(plot, one.y[-1]) if one.y.size and one.look != "class" else None
    if end is None:
        return np.nan
    height, bottom, top = np.log((end, low, high)) if plot.log else (end, low, high)
    return float(_PLOT * (top - height) / (top - bottom))


def _drawn(plot: Plot, value: float) -> float | None:
    """A value as drawn; none where there is none, or no logarithm."""
    if not np.isfinite(value) or (plot.log and value <= 0):
        return None
    return rounded(100 * value if plot.share else value)
