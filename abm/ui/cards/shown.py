"""What a card shows, before it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import solara

from abm.ui.cards.card import Card


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card shows.

    Attributes:
        title: What is shown.
        note: Of what, in what unit, and how to read it.
        option: The ECharts option.
        label: What the chart shows, for those who hear it.
        numbers: The shown numbers as an HTML table.
        columns: The data behind the chart, unrounded: values by name of the column.
        height: Height of the chart.
    """

    title: str
    note: str
    option: dict[str, Any]
    label: str
    numbers: str
    columns: Mapping[str, Any]
    height: str = "300px"

    def card(self, name: str, *switches: solara.Element) -> solara.Element:
        """The card.

        Args:
            name: Short name, for the page's marks and for files.
            *switches: Elements beside the title.
        """
        return Card(name, self.title, self.note, self.option, self.label, self.numbers, lambda: self.columns,
                    self.height, switches)  # fmt: skip
