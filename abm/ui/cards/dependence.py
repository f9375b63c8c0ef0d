"""Dependence on models and services from other regions."""

from __future__ import annotations

from typing import Any

import solara

from abm import figures
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.cards.sector import all_sectors, sector_note
from abm.ui.cards.shown import Shown
from abm.ui.choices import ChangeView, View
from abm.ui.naming import label_of
from abm.ui.runs import Answer
from abm.ui.words import percent, table

_SYMBOLS = {"foreign_origin": ("circle", "●"), "foreign_operator": ("diamond", "◆")}


def dependence_card(answer: Answer, view: View, change: ChangeView, palette: figures.Palette) -> solara.Element:
    """Use of foreign models and of services run by foreign vendors, by region."""
    return dependence_shown(answer, view, palette).card("dependence", *all_sectors(view, change))


def dependence_shown(answer: Answer, view: View, palette: figures.Palette) -> Shown:
    """Both layers of dependence by region in the chosen quarter, baseline and what-if."""
    regions = load_tables().listed("region")
    labels = [label_of("region", region) for region in regions]
    less, _, more = palette.change
    sector = {"sector": view.sector} if view.sector else {}
    layers, heads, told = [], [strings.REGION_HEAD], [[label] for label in labels]
    columns: dict[str, Any] = {"region": regions}
    for (indicator, (symbol, key)), colour in zip(_SYMBOLS.items(), (more, less), strict=True):
        name = strings.DEPENDENCE_LAYERS[indicator]
        base, what_if = (
            record.at(indicator, by="region", weight=view.weight, quarter=view.quarter, **sector)
            for record in (answer.base, answer.what_if)
        )
        spoken = [
            f"{label}, {name}: {strings.BASELINE} {percent(b)}, {strings.WHAT_IF} {percent(w)}"
            for label, b, w in zip(labels, base, what_if, strict=True)
        ]
        words = [percent(w) for w in what_if]
        layers.append(figures.Layer(name, symbol, key, colour, base, what_if, words, spoken))
        for world, values in ((strings.BASELINE, base), (strings.WHAT_IF, what_if)):
            heads.append(f"{name}, {world}")
            columns[heads[-1]] = values.tolist()
            for row, value in zip(told, values, strict=True):
                row.append(percent(value))
    note = strings.DEPENDENCE_NOTE.format(weight=strings.WEIGHT_OF[view.weight], quarter=view.quarter)
    note = " ".join(filter(None, (note, sector_note(view))))
    spoken = [layer.told[row] for row in range(len(regions)) for layer in layers]
    rows = [(label, region == answer.question.region) for label, region in zip(labels, regions, strict=True)]
    return Shown(
        title=strings.DEPENDENCE, note=note, option=figures.layers_option(rows, layers, palette),
        label=f"{strings.DEPENDENCE}. {note} {'; '.join(spoken)}.", numbers=table(heads, told), columns=columns,
        height=f"{40 + 38 * len(regions)}px",
    )  # fmt: skip
