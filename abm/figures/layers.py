"""Shares in several layers before and after, as a chart option for Apache ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abm.figures.options import Option, Shares, percent_of, row_axis, share_axis, tooltip
from abm.figures.palette import Palette

_APART, _THIN = 15, 3  # pixels between two layers of a row, and thickness of the line between two marks
_NAMES, _WORDS = 116, 76  # pixels for what stands on the left and on the right


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the rows.

    Attributes:
        name: What it is.
        symbol: ECharts symbol of its marks.
        key: The same symbol as a character.
        colour: Their colour.
        base: Shares in the baseline, shape (row,).
        what_if: Shares in the what-if, shape (row,).
        words: The what-if's shares in words, from top to bottom.
        told: What is said of each row.
    """

    name: str
    symbol: str
    key: str
    colour: str
    base: Shares
    what_if: Shares
    words: Sequence[str]
    told: Sequence[str]


def layers_option(rows: Sequence[tuple[str, bool]], layers: Sequence[Layer], palette: Palette) -> Option:
    """Two marks for each row and layer with a line between: hollow in the baseline, filled in the what-if.

    Args:
        rows: (label, whether it stands out) from top to bottom.
        layers: The layers, one below the other in each row.
        palette: The colours.
    """
    names = [{"value": label, "textStyle": {"fontWeight": "bold" if marked else "normal"}} for label, marked in rows]
    shares = ["\n".join(f"{{l{i}|{one.key} {one.words[k]}}}" for i, one in enumerate(layers)) for k in range(len(rows))]
    look = {f"l{i}": {"color": one.colour, "lineHeight": _APART, "fontSize": 11} for i, one in enumerate(layers)}
    return {
        "animationDuration": 200, "animationDurationUpdate": 250, "tooltip": {**tooltip("item", palette), "told": True},
        "grid": {"left": _NAMES, "right": _WORDS, "top": 6, "bottom": 24},
        "xAxis": share_axis(palette, whole=True),
        "yAxis": [
            row_axis(names, palette, width=_NAMES - 16),
            row_axis(shares, palette, rich=look, margin=12, overflow="none") | {"position": "right"},
        ],
        "series": [
            part
            for i, one in enumerate(layers)
            for part in _layer_series(one, (i - (len(layers) - 1) / 2) * _APART, palette)
        ],
    }  # fmt: skip


def _layer_series(one: Layer, below: float, palette: Palette) -> list[Option]:
    """The marks of a layer, `below` pixels under the middle of their rows, and the lines between them."""
    low, high = np.fmin(one.base, one.what_if), np.fmax(one.base, one.what_if)
    line: Option = {
        "type": "bar", "stack": one.name, "barWidth": _THIN, "barGap": f"{100 * (_APART / _THIN - 1):.0f}%", "silent": True,
    }  # fmt: skip
    marks: Option = {"type": "scatter", "symbol": one.symbol, "symbolSize": 10, "symbolOffset": [0, below], "z": 4}

    def points(values: Shares) -> list[Option]:
        return [{"value": [percent_of(v, 1), row], "told": one.told[row]} for row, v in enumerate(values)]

    return [
        {**line, "data": [percent_of(v) for v in low], "itemStyle": {"color": "transparent"}},
        {**line, "data": [percent_of(v) for v in high - low], "itemStyle": {"color": one.colour, "opacity": 0.5}},
        {**marks, "data": points(one.base),
         "itemStyle": {"color": palette.surface, "borderColor": one.colour, "borderWidth": 1.5, "opacity": 1}},
        {**marks, "data": points(one.what_if), "itemStyle": {"color": one.colour, "opacity": 1}},
    ]  # fmt: skip
