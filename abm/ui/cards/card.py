"""A chart on a card: its title, note and switches, its numbers as a table, and what can be taken away."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import solara

from abm.ui import strings
from abm.ui.parts import Download

Columns = Callable[[], Mapping[str, Sequence[Any]]]


@solara.component_vue("chart.vue")
def Chart(
    option: str = "{}", label: str = "", note: str = "", numbers: str = "", height: str = "300px", name: str = "",
    words: dict | None = None, event_picked: Callable[[dict], None] | None = None,
) -> None:  # fmt: skip
    """An ECharts chart with its note, its numbers and a text for screen readers, which can be taken away as a picture.

    All of it is one widget, so that another world is one message; the option goes as JSON text, as the page would look for
    elements in every number of it.
    """


@solara.component
def Card(
    name: str, title: str, note: str, option: dict[str, Any], label: str, numbers: str, columns: Columns,
    height: str = "300px", switches: tuple[solara.Element, ...] = (),
    picked: Callable[[dict], None] | None = None,
) -> None:  # fmt: skip
    """A chart.

    Args:
        name: Short name, for the page's marks and for files.
        title: What is shown.
        note: Of what, in what unit, and how to read it.
        option: The ECharts option.
        label: What the chart shows, for those who hear it.
        numbers: The shown numbers as an HTML table.
        columns: Makes the data behind the chart, unrounded: values by name of the column.
        height: Height of the chart.
        switches: Elements beside the title.
        picked: Told what is clicked in the chart: {"name", "value"}.
    """
    with solara.v.Html(tag="section", class_=f"card chart card-{name}", attributes={"aria-label": title}):
        with solara.Div(classes=["card-head"]):
            solara.v.Html(tag="h2", children=[title])
            solara.Div(classes=["switches"], children=list(switches))
        words = {"picture": strings.PICTURE, "png": "PNG", "svg": "SVG", "of": title, "numbers": strings.NUMBERS}
        Chart(
            option=json.dumps(option, allow_nan=False), label=label, note=note, numbers=numbers, height=height, name=name,
            words=words, event_picked=picked,
        )  # fmt: skip
        Download(
            "CSV",
            f"{name}.csv",
            lambda: pd.DataFrame(columns()).to_csv(index=False),
            strings.DATA_OF.format(title=title),
        )
