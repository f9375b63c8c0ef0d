"""Flows from what is used in one world to what is used in another, as a chart option for Apache ECharts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from abm.figures.options import Option, percent_of, tooltip
from abm.figures.palette import Palette

_MARGIN, _LABEL_PIXELS = 136, 24  # pixels for the labels on each side; height of one of two lines


def flows_option(
    names: Sequence[tuple[str, str]],
    flows: NDArray[np.float64],
    worlds: tuple[str, str],
    words: Callable[[float], str],
    whole: float,
    palette: Palette,
) -> Option:
    """A Sankey diagram of flows between two worlds; what nothing flows from or to is left out on that side.

    Args:
        names: (label, colour) from top to bottom, on both sides.
        flows: What flows from each to each, shape (name, name).
        worlds: Names of the world on the left and of the one on the right.
        words: How a flow is written.
        whole: What shares are of.
        palette: The colours of text.
    """
    sides = ((0, worlds[0], flows.sum(axis=1), "left"), (1, worlds[1], flows.sum(axis=0), "right"))
    nodes = [
        {
            "name": _node(world, label), "depth": depth, "itemStyle": {"color": colour},
            "told": f"{world}, {label}: {words(float(total))}",
            "label": {"position": position, "formatter": f"{label} {percent_of(total / whole, 1)}%"},
        }
        for depth, world, totals, position in sides
        for (label, colour), total in zip(names, totals, strict=True)
        if total > 0
    ]  # fmt: skip
    links = [
        {
            "source": _node(worlds[0], names[i][0]), "target": _node(worlds[1], names[j][0]), "value": float(flows[i, j]),
            "told": f"{names[i][0]} → {names[j][0]}: {words(float(flows[i, j]))}",
        }
        for i, j in np.argwhere(flows > 0).tolist()
    ]  # fmt: skip
    return {
        "animation": False, "tooltip": {**tooltip("item", palette), "told": True},
        "series": [
            {
                "type": "sankey", "data": nodes, "links": links, "left": _MARGIN, "right": _MARGIN, "top": 12, "bottom": 12,
                "nodeGap": _LABEL_PIXELS, "nodeWidth": 14, "layoutIterations": 0, "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "label": {
                    "color": palette.ink, "fontSize": 10.5, "lineHeight": _LABEL_PIXELS // 2, "width": _MARGIN - 8,
                    "overflow": "break",
                },
                "lineStyle": {"color": "gradient", "opacity": 0.4},
            }
        ],
    }  # fmt: skip


def _node(world: str, label: str) -> str:
    """Name of a node: an offer is drawn once in each world."""
    return f"{world}: {label}"
