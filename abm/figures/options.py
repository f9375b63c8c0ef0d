"""Chart options for Apache ECharts as plain dictionaries; the page's chart component adds only number formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.figures.palette import Palette, ink_on

Option = dict[str, Any]
Shares = NDArray[np.float64]


def map_option(
    rows: Sequence[str],
    columns: Sequence[str],
    values: Shares,
    palette: Palette,
    colours: Sequence[str],
    change: bool = False,
    ends: tuple[str, str] = ("", ""),
) -> Option:
    """A heat map of shares, or of changes of shares around zero.

    Args:
        rows: Labels from top to bottom.
        columns: Labels from left to right.
        values: Shape (row, column).
        palette: The colours of text.
        colours: The colours of the cells, from low to high.
        change: Whether the values are changes.
        ends: What the low and the high end of the colours mean.
    """
    finite = np.abs(values[np.isfinite(values)])
    top = max(1.0, float(np.ceil(100 * finite.max(initial=0.0)))) if change else 100.0
    bottom = -top if change else 0.0
    data = [
        {
            "value": [c, r, percent_of(values[r, c], 1)],
            "label": {"color": ink_on(tuple(colours), (100 * float(values[r, c]) - bottom) / (top - bottom))},
        }
        for r in range(len(rows))
        for c in range(len(columns))
        if np.isfinite(values[r, c])
    ]
    return {
        "animation": False, "tooltip": tooltip("item", palette),
        "grid": {"left": 4, "right": 4, "top": 34, "bottom": 2, "containLabel": True},
        "xAxis": {
            "type": "category", "data": list(columns), "axisTick": {"show": False}, "axisLine": {"show": False},
            "axisLabel": {"rotate": 45, "color": palette.ink, "interval": 0, "fontSize": 11},
        },
        "yAxis": row_axis(rows, palette, width=116),
        "visualMap": {
            "min": bottom, "max": top, "orient": "horizontal", "left": "center", "top": 0,
            "itemHeight": 110, "itemWidth": 12, "inRange": {"color": list(colours)}, "text": [ends[1], ends[0]],
            "textStyle": {"color": palette.muted, "fontSize": 11}, "calculable": False,
        },
        "series": [
            {
                "type": "heatmap", "data": data, "label": {"show": True, "fontSize": 11, "signed": change},
                "itemStyle": {"borderColor": palette.surface, "borderWidth": 2, "borderRadius": 3},
            }
        ],
    }  # fmt: skip


def bars_option(
    offers: Sequence[tuple[str, bool]],
    base: Shares,
    what_if: Shares,
    names: tuple[str, str],
    palette: Palette,
) -> Option:
    """Two horizontal bars for every offer: outlined in the baseline, filled in the what-if.

    Args:
        offers: (label, whether open) from top to bottom.
        base: Shares in the baseline, shape (offer,).
        what_if: Shares in the what-if, shape (offer,).
        names: Names of the two worlds.
        palette: The colours.
    """
    colours = [palette.open if is_open else palette.proprietary for _, is_open in offers]
    labels = [{"value": label, "textStyle": {"color": c}} for (label, _), c in zip(offers, colours, strict=True)]
    outlined = [
        {
            "value": percent_of(v, 1),
            "itemStyle": {"color": palette.surface, "borderColor": c, "borderType": "dashed", "borderWidth": 1.2},
        }
        for v, c in zip(base, colours, strict=True)
    ]
    filled = [{"value": percent_of(v, 1), "itemStyle": {"color": c}} for v, c in zip(what_if, colours, strict=True)]
    return {
        "animationDuration": 200, "animationDurationUpdate": 250, "tooltip": tooltip("axis", palette),
        "grid": {"left": 4, "right": 56, "top": 6, "bottom": 2, "containLabel": True},
        "xAxis": share_axis(palette),
        "yAxis": row_axis(labels, palette),
        "series": [
            {"name": names[0], "type": "bar", "barWidth": "28%", "barGap": "12%", "data": outlined},
            {
                "name": names[1], "type": "bar", "barWidth": "40%", "data": filled,
                "label": {"show": True, "position": "right", "color": palette.ink, "fontSize": 11, "percent": True},
            },
        ],
    }  # fmt: skip


def share_axis(palette: Palette, whole: bool = False) -> Option:
    """An axis of percentages from zero, from left to right.

    Args:
        palette: The colours.
        whole: Whether it goes to 100% whatever is shown.
    """
    return {
        "type": "value", "min": 0, "splitNumber": 4, "splitLine": {"lineStyle": {"color": palette.grid}},
        "axisLabel": {"formatter": "{value}%", "color": palette.muted, "hideOverlap": True},
        **({"max": 100, "interval": 25} if whole else {}),
    }  # fmt: skip


def row_axis(labels: Sequence[str | Option], palette: Palette, **of_labels: Any) -> Option:
    """An upright axis of names from top to bottom.

    Args:
        labels: The names, or names with a style of their own.
        palette: The colours.
        **of_labels: What differs in how all labels look.
    """
    look = {"color": palette.ink, "interval": 0, "fontSize": 11, "width": 124, "overflow": "break", "lineHeight": 12}
    return {
        "type": "category", "inverse": True, "axisTick": {"show": False}, "axisLine": {"show": False},
        "axisLabel": look | of_labels, "data": list(labels),
    }  # fmt: skip


def tooltip(trigger: str, palette: Palette) -> Option:
    """A tooltip in the colours of the page."""
    return {
        "trigger": trigger, "confine": True, "backgroundColor": palette.surface, "borderColor": palette.grid,
        "textStyle": {"color": palette.ink, "fontSize": 12},
    }  # fmt: skip


def percent_of(value: float, digits: int = 2) -> float | None:
    """A share as a percentage, rounded; none where there is none."""
    return None if not np.isfinite(value) else round(100 * float(value), digits)
