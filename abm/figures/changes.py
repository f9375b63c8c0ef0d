"""Gains and losses as bars to the right and to the left, as a chart option for Apache ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from abm.figures.options import Option, row_axis, tooltip
from abm.figures.palette import Palette

_ROOM = 0.35  # for words beside the bars, part of what the bars take


@dataclass(frozen=True, slots=True)
class Change:
    """One bar.

    Attributes:
        label: Whose change it is.
        size: The change, negative for a loss.
        words: The same in words.
        colour: Its colour.
    """

    label: str
    size: float
    words: str
    colour: str


def changes_option(changes: Sequence[Change], palette: Palette) -> Option:
    """Horizontal bars around zero, from top to bottom, each with its size in words.

    Args:
        changes: The bars.
        palette: The colours.
    """
    low, high = (float(end([0.0, *(one.size for one in changes)])) for end in (min, max))
    # Words stand outside the bars, where room is left for them; ticks would say nothing more.
    room = _ROOM * ((high - low) or 1.0)
    return {
        "animationDuration": 200, "animationDurationUpdate": 250, "tooltip": {**tooltip("item", palette), "told": True},
        "grid": {"left": 4, "right": 8, "top": 6, "bottom": 6, "containLabel": True},
        "xAxis": {
            "type": "value", "min": low - room if low < 0 else 0, "max": high + room,
            "axisLabel": {"show": False}, "splitLine": {"show": False},
        },
        "yAxis": row_axis(
            [{"value": one.label, "textStyle": {"color": one.colour}} for one in changes], palette
        ) | {"axisLine": {"show": True, "onZero": True, "lineStyle": {"color": palette.muted}}},
        "series": [
            {
                "type": "bar", "barWidth": "62%",
                "data": [
                    {
                        "value": one.size, "itemStyle": {"color": one.colour}, "told": f"{one.label}: {one.words}",
                        "label": {
                            "show": True, "position": "left" if one.size < 0 else "right", "formatter": one.words,
                            "color": palette.ink, "fontSize": 11,
                        },
                    }
                    for one in changes
                ],
            }
        ],
    }  # fmt: skip
