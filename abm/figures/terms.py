"""Gains and costs of alternatives as stacked bars, as a chart option for Apache ECharts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from abm.figures.options import Option, percent_of, tooltip
from abm.figures.palette import Palette


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a value.

    Attributes:
        name: What it is.
        values: Its value for each alternative, costs negative.
        colour: Its colour.
    """

    name: str
    values: Sequence[float]
    colour: str


def terms_option(
    alternatives: Sequence[tuple[str, str]],
    terms: Sequence[Term],
    total: str,
    words: Callable[[float], str],
    palette: Palette,
) -> Option:
    """Horizontal stacked bars, gains to the right and costs to the left, with a point at what is left of them.

    Args:
        alternatives: (label, colour) from top to bottom.
        terms: The terms, as shares.
        total: Name of their sum.
        words: How a share is written.
        palette: The colours of text.
    """
    sums = [sum(values) for values in zip(*(term.values for term in terms), strict=True)]

    def points(name: str, values: Sequence[float]) -> list[Option]:
        return [{"value": percent_of(value, 4), "told": f"{name}: {words(value)}"} for value in values]

    bars = [
        {
            "name": term.name, "type": "bar", "stack": "value", "barWidth": "58%", "itemStyle": {"color": term.colour},
            "data": points(term.name, term.values),
        }
        for term in terms
    ]  # fmt: skip
    return {
        "animationDuration": 200, "animationDurationUpdate": 250, "tooltip": {**tooltip("axis", palette), "told": True},
        "legend": {"top": 0, "itemHeight": 10, "itemWidth": 14, "textStyle": {"color": palette.ink, "fontSize": 11}},
        "grid": {"left": 4, "right": 16, "top": 46, "bottom": 2, "containLabel": True},
        "xAxis": {
            "type": "value", "axisLabel": {"formatter": "{value}%", "color": palette.muted}, "splitNumber": 4,
            "splitLine": {"lineStyle": {"color": palette.grid}},
        },
        "yAxis": {
            "type": "category", "inverse": True, "axisTick": {"show": False}, "axisLine": {"show": False},
            "axisLabel": {"interval": 0, "fontSize": 11, "width": 150, "overflow": "break", "lineHeight": 12},
            "data": [{"value": label, "textStyle": {"color": colour}} for label, colour in alternatives],
        },
        "series": [
            *bars,
            {
                "name": total, "type": "scatter", "symbol": "diamond", "symbolSize": 9, "z": 5,
                "itemStyle": {"color": palette.ink, "borderColor": palette.surface, "borderWidth": 1},
                "data": points(total, sums),
            },
        ],
    }  # fmt: skip
