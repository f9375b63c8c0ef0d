"""How near shares are to goals, as a chart option for Apache ECharts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from abm.figures.options import Option, percent_of, row_axis, share_axis, tooltip
from abm.figures.palette import Palette


@dataclass(frozen=True, slots=True)
class Reading:
    """One share that is to reach a goal.

    Attributes:
        label: Of what it is a share.
        value: The share.
        goal: The goal.
        words: The share in words.
        chance: How probable it is that the goal is reached, in words.
        told: All that is said of it.
        interval: Lower and upper end of its interval, once there is one.
    """

    label: str
    value: float
    goal: float
    words: str
    chance: str
    told: str
    interval: tuple[float, float] | None = None


def goals_option(groups: Sequence[tuple[str, Sequence[Reading]]], heads: tuple[str, str], palette: Palette) -> Option:
    """Bullet bars: the share as a bar, its interval as a line across, the goal as an upright mark.

    Args:
        groups: (heading, readings) from top to bottom.
        heads: Headings of the shares and of the chances in words.
        palette: The colours.
    """
    names: list[Option | str] = []
    bars: list[Option | None] = []
    words, goals, intervals = [], [], []
    for heading, readings in groups:
        names.append({"value": heading, "textStyle": {"fontWeight": "bold"}})
        words.append(f"{{head|{heads[0]}}}{{head_of_chance|{heads[1]}}}")
        bars.append(None)
        for one in readings:
            row = len(names)
            names.append(one.label)
            words.append(f"{{share|{one.words}}}{{chance|{one.chance}}}")
            bars.append({"value": percent_of(one.value, 1), "told": one.told})
            goals.append({"value": [percent_of(one.goal), row], "told": one.told})
            if one.interval is not None:
                intervals.append([{"coord": [percent_of(end), row]} for end in one.interval])
    cell: Option = {"align": "right", "fontSize": 11, "color": palette.ink}
    head = {**cell, "fontSize": 10, "color": palette.muted}
    look = {
        "share": {**cell, "width": 44}, "chance": {**cell, "width": 84, "fontWeight": "bold"},
        "head": {**head, "width": 44}, "head_of_chance": {**head, "width": 84},
    }  # fmt: skip
    return {
        "animationDuration": 200, "animationDurationUpdate": 250, "tooltip": {**tooltip("item", palette), "told": True},
        "grid": {"left": 4, "right": 4, "top": 0, "bottom": 2, "containLabel": True},
        "xAxis": share_axis(palette, whole=True),
        "yAxis": [
            row_axis(names, palette), row_axis(words, palette, rich=look, overflow="none") | {"position": "right"},
        ],
        "series": [
            {
                "type": "bar", "barWidth": "52%", "itemStyle": {"color": palette.change[-1], "opacity": 0.55}, "data": bars,
                "markLine": {
                    "symbol": ["circle", "circle"], "symbolSize": 5, "silent": True, "label": {"show": False},
                    "lineStyle": {"color": palette.ink, "type": "solid", "width": 1.5}, "data": intervals,
                },
            },
            {
                "type": "scatter", "symbol": "rect", "symbolSize": [3, 20], "z": 4, "itemStyle": {"color": palette.ink},
                "data": goals,
            },
        ],
    }  # fmt: skip
