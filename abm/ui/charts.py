"""The cards with charts, each with a text equivalent that says its numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import solara
import xarray as xr

import abm
from abm import figures
from abm.ui import strings
from abm.ui.choices import Choices

INK = {False: "#333333", True: "#DDDDDD"}


@solara.component_vue("echart.vue")
def EChart(option: dict | None = None, label: str = "", height: str = "320px") -> None:
    """An ECharts chart with a text for screen readers."""


@solara.component
def Card(title: str, note: str, option: dict[str, Any], words: str, name: str, height: str = "320px") -> None:
    """A chart with its title, its note and its numbers in words."""
    with solara.Div(classes=["card", f"card-{name}"]):
        solara.v.Html(tag="h2", children=[title])
        solara.v.Html(tag="p", class_="note", children=[note])
        EChart(option=option, label=words, height=height)
        with solara.v.Html(tag="details"):
            solara.v.Html(tag="summary", children=[strings.IN_WORDS])
            solara.v.Html(tag="p", children=[words])


def percent(value: float) -> str:
    """A share in words; a dash where there is none."""
    return "-" if not np.isfinite(value) else f"{100 * value:.1f}%"


def _named(record: abm.Record, region: str) -> str:
    return figures.label_of(record, "region", region)


def _curves(base: abm.Record, what_if: abm.Record, region: str, indicator: str, colour: str, **how: str) -> list:
    """Baseline dashed and what-if solid, for the region and the world."""
    curves = []
    for record, dashed in ((base, True), (what_if, False)):
        world = record.indicator(indicator, **how)
        own = record.indicator(indicator, by="region", **how).sel(region=region)
        kind = strings.BASELINE if dashed else strings.WHAT_IF
        curves.append((f"{_named(record, region)}, {kind}", own.values, figures.BASELINE if dashed else colour, dashed))
        curves.append((f"{strings.WORLD}, {kind}", world.values, "#B0B0B0" if dashed else "#0072B2", dashed))
    return curves


def _in_words(title: str, quarters: list[str], curves: list, quarter: str) -> str:
    at = quarters.index(quarter)
    parts = [f"{name} {percent(values[at])}" for name, values, _, _ in curves]
    return f"{title}, {quarter}: {'; '.join(parts)}."


def adoption_card(base: abm.Record, what_if: abm.Record, choices: Choices, dark: bool) -> solara.Element:
    """Adoption over time, with the official figures."""
    curves = _curves(base, what_if, choices.region, "penetration", "#7B3294")
    points = figures.observations(what_if, choices.region)
    words = _in_words(strings.ADOPTION, what_if.quarters, curves, choices.quarter)
    words += "".join(f" Official figure {q}: {percent(v)}." for q, v, _ in points if q in what_if.quarters)
    note = strings.ADOPTION_NOTE.format(region=_named(what_if, choices.region))
    option = figures.line_option(what_if.quarters, curves, points, INK[dark])
    return Card(strings.ADOPTION, note, option, words, "adoption")


def open_share_card(base: abm.Record, what_if: abm.Record, choices: Choices, dark: bool) -> solara.Element:
    """Open share over time, by the chosen weight."""
    curves = _curves(base, what_if, choices.region, "open_share", figures.OPEN, weight=choices.weight)
    words = _in_words(f"{strings.OPEN_SHARE} (of {choices.weight})", what_if.quarters, curves, choices.quarter)
    note = strings.OPEN_SHARE_NOTE.format(weight=choices.weight, region=_named(what_if, choices.region))
    option = figures.line_option(what_if.quarters, curves, [], INK[dark])
    return Card(strings.OPEN_SHARE, note, option, words, "open")


def map_card(base: abm.Record, what_if: abm.Record, choices: Choices, dark: bool) -> solara.Element:
    """Sector by region: adoption, or its change against the baseline."""

    def shares(record: abm.Record) -> xr.DataArray:
        return record.indicator("penetration", by=("sector", "region")).sel(quarter=choices.quarter)

    values = shares(what_if)
    if choices.change:
        values = values - shares(base)
    rows = [figures.label_of(what_if, "sector", str(s)) for s in values["sector"].values]
    columns = [_named(what_if, str(r)) for r in values["region"].values]
    note = (strings.MAP_CHANGE_NOTE if choices.change else strings.MAP_NOTE).format(quarter=choices.quarter)
    cells = [
        f"{column}: " + ", ".join(f"{row} {percent(values.values[i, j])}" for i, row in enumerate(rows))
        for j, column in enumerate(columns)
    ]
    option = figures.map_option(rows, columns, values.values, INK[dark], choices.change)
    return Card(strings.MAP, note, option, f"{note} {'. '.join(cells)}.", "map", height="440px")


def vendor_card(base: abm.Record, what_if: abm.Record, choices: Choices, dark: bool) -> solara.Element:
    """Whose models are used, baseline and what-if."""
    both = [
        record.indicator("market_share", by=("region", "offer"), weight=choices.weight)
        .sel(region=choices.region, quarter=choices.quarter)
        .fillna(0.0)
        for record in (base, what_if)
    ]
    colours = figures.offer_colours(what_if)
    offers = sorted(colours, key=lambda name: not bool(what_if.data["offer_open"].sel(offer=name)))
    parts = [
        (figures.label_of(what_if, "offer", name), [float(v.sel(offer=name)) for v in both], colours[name])
        for name in offers
    ]
    how = {"weight": choices.weight, "region": _named(what_if, choices.region), "quarter": choices.quarter}
    note = strings.VENDORS_NOTE.format(**how)
    words = f"{note} " + "; ".join(f"{n}: {percent(v[0])} then {percent(v[1])}" for n, v, _ in parts) + "."
    option = figures.bars_option([strings.BASELINE, strings.WHAT_IF], parts, INK[dark])
    return Card(strings.VENDORS, note, option, words, "vendors", height="440px")
