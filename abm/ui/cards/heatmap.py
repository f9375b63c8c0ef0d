"""Sector by region: adoption or the open share, or its change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import solara
from numpy.typing import NDArray

from abm import figures
from abm.ui import strings
from abm.ui.cards.card import Card
from abm.ui.cards.sector import all_sectors, sector_choice, sector_note
from abm.ui.choices import ChangeView, View
from abm.ui.naming import label_of
from abm.ui.parts import Switch
from abm.ui.runs import Answer
from abm.ui.words import percent, points, table

Floats = NDArray[np.float64]


def map_card(
    answer: Answer, view: View, change: ChangeView, palette: figures.Palette,
    choose_region: Callable[[str], None],
) -> solara.Element:  # fmt: skip
    """Sector by region: adoption or open share, or its change against the baseline.

    Args:
        answer: What is shown on the page.
        view: How.
        change: Told how to show it otherwise: a click on a cell shows its sector alone.
        palette: The colours.
        choose_region: Told the region of a clicked cell.
    """
    how = {"weight": view.weight} if view.map_measure == "open_share" else {}
    base, what_if = (
        record.at(view.map_measure, by=("sector", "region"), quarter=view.quarter, **how)
        for record in (answer.base, answer.what_if)
    )
    values = what_if - base if view.map_change else what_if
    places = {one: answer.what_if.listed(one) for one in ("sector", "region")}
    rows, columns = ([label_of(one, name) for name in names] for one, names in places.items())
    note = strings.MAP_NOTE[view.map_measure].format(weight=strings.WEIGHT_OF[view.weight], quarter=view.quarter)
    note = f"{strings.MAP_CHANGE_NOTE} {note}" if view.map_change else note
    note = " ".join(filter(None, (note, sector_note(view), strings.MAP_PICK)))

    def words(value: float) -> str:
        return f"{'+' if value > 0 else '-' if value < 0 else ''}{points(value)}" if view.map_change else percent(value)

    cells = [[words(float(v)) for v in row] for row in values]
    spoken = [
        f"{column}: {', '.join(f'{row} {cells[i][j]}' for i, row in enumerate(rows))}."
        for j, column in enumerate(columns)
    ]
    label = f"{strings.MAP}. {note} {' '.join(spoken)}"
    licence = view.map_measure == "open_share"
    colours = palette.licence if licence else palette.change if view.map_change else palette.amount
    ends = strings.MAP_ENDS["change" if view.map_change else view.map_measure]
    switches = (
        sector_choice(view, change), *all_sectors(view, change),
        Switch((strings.MAP_MEASURES["penetration"], strings.MAP_MEASURES["open_share"]), licence,
               lambda on: change(lambda v: replace(v, map_measure="open_share" if on else "penetration"))),
        Switch((strings.MAP_KINDS["level"], strings.MAP_KINDS["change"]), view.map_change,
               lambda on: change(lambda v: replace(v, map_change=on))),
    )  # fmt: skip

    def pick(clicked: dict[str, Any]) -> None:
        place = cell_of(clicked, places)
        if place:
            sector, region = place
            change(lambda v: replace(v, sector=sector))
            choose_region(region)

    option = figures.map_option(rows, columns, values, palette, colours, view.map_change, ends)
    numbers = table([strings.SECTOR_HEAD, *columns], [[row, *cells[i]] for i, row in enumerate(rows)])
    return Card("map", strings.MAP, note, option, label, numbers, lambda: _columns(places, base, what_if), "470px",
                switches, pick)  # fmt: skip


def cell_of(clicked: dict[str, Any], places: dict[str, list[str]]) -> tuple[str, str] | None:
    """Sector and region of a clicked cell; none where something else was clicked.

    Args:
        clicked: What the chart tells: its value is column, row and number.
        places: Sectors and regions, in the order in which the map shows them.
    """
    match clicked.get("value"):
        case [int(column), int(row), *_]:
            return places["sector"][row], places["region"][column]
    return None


def _columns(places: dict[str, list[str]], base: Floats, what_if: Floats) -> dict[str, Any]:
    rows = [(sector, region) for sector in places["sector"] for region in places["region"]]
    return {
        "sector": [sector for sector, _ in rows], "region": [region for _, region in rows],
        strings.BASELINE: base.ravel(), strings.WHAT_IF: what_if.ravel(),
    }  # fmt: skip
