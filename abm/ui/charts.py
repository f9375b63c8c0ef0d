"""The four cards with charts; each states its numbers in a label for screen readers and in a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara
import xarray as xr

from abm import figures
from abm.figures.palette import region_colour
from abm.quarters import quarter_name
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.bands import Bands
from abm.ui.choices import ChangeView, View
from abm.ui.parts import Switch
from abm.ui.runs import Answer
from abm.ui.words import percent, points, table


@solara.component_vue("echart.vue")
def EChart(option: dict | None = None, label: str = "", height: str = "300px") -> None:
    """An ECharts chart with a text for screen readers."""


@solara.component
def Card(
    name: str, title: str, note: str, option: dict[str, Any], label: str, numbers: str, height: str = "300px",
    switches: tuple[solara.Element, ...] = (),
) -> None:  # fmt: skip
    """A chart with its title, its note, its switches and its numbers."""
    with solara.v.Html(tag="section", class_=f"card chart card-{name}", attributes={"aria-label": title}):
        with solara.Div(classes=["card-head"]):
            solara.v.Html(tag="h2", children=[title])
            solara.Div(classes=["switches"], children=list(switches))
        solara.v.Html(tag="p", class_="note", children=[note])
        EChart(option=option, label=label, height=height)
        summary = f"<summary>{strings.NUMBERS}</summary>"
        solara.HTML(tag="details", unsafe_innerHTML=f"{summary}{numbers}")


def _curves(
    answer: Answer, bands: Bands | None, view: View, palette: figures.Palette, indicator: str, **how: str
) -> list[figures.Line]:
    """What-if solid, with the interval of the draws, and baseline dashed, for the shown regions and the world."""
    regions = load_tables().listed("region")
    wanted = regions if view.all_regions and indicator == "penetration" else (answer.question.region,)
    lines = []
    for record, name in ((answer.base, strings.BASELINE), (answer.what_if, strings.WHAT_IF)):
        baseline = name == strings.BASELINE
        by_region = record.indicator(indicator, by="region", **how)
        drawn = [
            (figures.label_of("region", r), by_region.sel(region=r), region_colour(palette, regions.index(r)),
             regions.index(r))
            for r in wanted
        ]  # fmt: skip
        if indicator == "open_share":
            drawn = [(label, values, palette.open, place) for label, values, _, place in drawn]
        drawn.append((strings.WORLD, record.indicator(indicator, **how), palette.world, -1))
        for label, values, colour, place in drawn:
            band = None
            if bands is not None and not baseline and len(wanted) == 1:
                band = bands.band(indicator, how.get("weight", "firms_10plus"), place, "what_if")
            lines.append(
                figures.Line(f"{label}, {name}", values.values, colour, baseline, "" if baseline else label, band)
            )
    return lines


def _dates(view: View) -> list[tuple[str, str]]:
    return [(quarter_name(load_tables().last_observed), strings.DATA_END), (view.quarter, view.quarter)]


def _line_label(title: str, quarters: list[str], lines: list[figures.Line], view: View) -> str:
    at = quarters.index(view.quarter)

    def words(line: figures.Line) -> str:
        told = f"{line.name} {percent(line.values[at])}"
        if line.band is None:
            return told
        return f"{told}, {strings.INTERVAL.format(low=percent(line.band[0][at]), high=percent(line.band[1][at]))}"

    return f"{title}, {view.quarter}: " + "; ".join(map(words, lines)) + "."


def _line_table(quarters: list[str], lines: list[figures.Line]) -> str:
    years = [(i, q) for i, q in enumerate(quarters) if q.endswith("Q4")]
    rows = [[q, *(percent(line.values[i]) for line in lines)] for i, q in years]
    return table([strings.QUARTER_HEAD, *(line.name for line in lines)], rows)


def adoption_card(
    answer: Answer, bands: Bands | None, view: View, change: ChangeView, palette: figures.Palette
) -> solara.Element:
    """Adoption over time, with official figures and targets."""
    region, quarters = answer.question.region, answer.what_if.quarters
    own = figures.label_of("region", region)
    lines = _curves(answer, bands, view, palette, "penetration")
    shown = load_tables().listed("region") if view.all_regions else (region,)
    survey = [p for r in shown for p in figures.observations(answer.what_if, r)]
    goals = [p for r in shown for p in figures.targets(answer.what_if, r)]
    marks = [
        figures.Mark(strings.SURVEY, survey, "diamond", palette.ink),
        figures.Mark(strings.OFFICIAL_TARGET, goals, "triangle", palette.muted),
    ]
    where = strings.ALL_REGIONS.lower() if view.all_regions else own
    note = [strings.ADOPTION_NOTE.format(where=f"{where} + {strings.WORLD.lower()}"), strings.LINES_KEY]
    note.append(strings.HAS_SURVEY if survey else strings.NO_SURVEY.format(region=own))
    note += [strings.HAS_TARGET] if goals else []
    label = _line_label(strings.ADOPTION, quarters, lines, view)
    for mark in marks:
        label += "".join(f" {mark.name} {q}: {percent(v)}." for q, v, _ in mark.points)
    switch = Switch((f"{own} + {strings.WORLD.lower()}", strings.ALL_REGIONS), view.all_regions,
                    lambda on: change(lambda v: replace(v, all_regions=on)))  # fmt: skip
    option = figures.line_option(quarters, lines, marks, _dates(view), palette)
    return Card("adoption", strings.ADOPTION, " ".join(note), option, label, _line_table(quarters, lines),
                switches=(switch,))  # fmt: skip


def open_share_card(
    answer: Answer, bands: Bands | None, view: View, change: ChangeView, palette: figures.Palette
) -> solara.Element:
    """Open share over time, by the chosen weight."""
    quarters, of = answer.what_if.quarters, strings.WEIGHT_OF[view.weight]
    lines = _curves(answer, bands, view, palette, "open_share", weight=view.weight)
    region = figures.label_of("region", answer.question.region)
    note = f"{strings.OPEN_SHARE_NOTE.format(weight=of, region=region)} {strings.LINES_KEY}"
    label = _line_label(f"{strings.OPEN_SHARE}, share {of}", quarters, lines, view)
    option = figures.line_option(quarters, lines, [], _dates(view), palette)
    return Card("open", strings.OPEN_SHARE, note, option, label, _line_table(quarters, lines))


def map_card(answer: Answer, view: View, change: ChangeView, palette: figures.Palette) -> solara.Element:
    """Sector by region: adoption or open share, or its change against the baseline."""
    how = {"weight": view.weight} if view.map_measure == "open_share" else {}
    base, what_if = (
        record.indicator(view.map_measure, by=("sector", "region"), **how).sel(quarter=view.quarter)
        for record in (answer.base, answer.what_if)
    )
    values: xr.DataArray = what_if - base if view.map_change else what_if
    rows = [figures.label_of("sector", str(s)) for s in values["sector"].values]
    columns = [figures.label_of("region", str(r)) for r in values["region"].values]
    note = strings.MAP_NOTE[view.map_measure].format(weight=strings.WEIGHT_OF[view.weight], quarter=view.quarter)
    note = f"{strings.MAP_CHANGE_NOTE} {note}" if view.map_change else note

    def words(value: float) -> str:
        return f"{'+' if value > 0 else '-' if value < 0 else ''}{points(value)}" if view.map_change else percent(value)

    cells = [[words(float(v)) for v in row] for row in values.values]
    spoken = [
        f"{column}: {', '.join(f'{row} {cells[i][j]}' for i, row in enumerate(rows))}."
        for j, column in enumerate(columns)
    ]
    label = f"{strings.MAP}. {note} {' '.join(spoken)}"
    licence = view.map_measure == "open_share"
    colours = palette.licence if licence else palette.change if view.map_change else palette.amount
    ends = strings.MAP_ENDS["change" if view.map_change else view.map_measure]
    switches = (
        Switch((strings.MAP_MEASURES["penetration"], strings.MAP_MEASURES["open_share"]), licence,
               lambda on: change(lambda v: replace(v, map_measure="open_share" if on else "penetration"))),
        Switch((strings.MAP_KINDS["level"], strings.MAP_KINDS["change"]), view.map_change,
               lambda on: change(lambda v: replace(v, map_change=on))),
    )  # fmt: skip
    option = figures.map_option(rows, columns, values.values, palette, colours, view.map_change, ends)
    numbers = table([strings.SECTOR_HEAD, *columns], [[row, *cells[i]] for i, row in enumerate(rows)])
    return Card("map", strings.MAP, note, option, label, numbers, "470px", switches)


def vendor_card(answer: Answer, view: View, change: ChangeView, palette: figures.Palette) -> solara.Element:
    """Whose models are used, baseline and what-if."""
    region = figures.label_of("region", answer.question.region)
    by = ("offer",) if view.vendors_in_world else ("region", "offer")
    both = []
    for record in (answer.base, answer.what_if):
        shares = record.indicator("market_share", by=by, weight=view.weight).sel(quarter=view.quarter).fillna(0.0)
        both.append(shares if view.vendors_in_world else shares.sel(region=answer.question.region))
    is_open = {  # an offer may be in one of the worlds alone
        str(name): bool(licence)
        for record in (answer.base, answer.what_if)
        for name, licence in zip(record.data["offer"].values, record.data["offer_open"].values, strict=True)
    }
    both = [shares.reindex(offer=list(is_open), fill_value=0.0) for shares in both]
    used = [name for name in is_open if any(float(shares.sel(offer=name)) > 0 for shares in both)]
    names = sorted(used, key=lambda name: (not is_open[name], -float(both[0].sel(offer=name))))
    words = {True: strings.OPEN_KEY, False: strings.PROPRIETARY_KEY}
    offers = [
        (strings.OFFER.format(label=figures.label_of("offer", name), licence=words[is_open[name]]), is_open[name])
        for name in names
    ]
    base, what_if = (shares.sel(offer=names).values for shares in both)
    where = strings.WORLD.lower() if view.vendors_in_world else region
    note = strings.VENDORS_NOTE.format(weight=strings.WEIGHT_OF[view.weight], where=where, quarter=view.quarter)
    rows = [[offer, percent(b), percent(w)] for (offer, _), b, w in zip(offers, base, what_if, strict=True)]
    label = f"{strings.VENDORS}. {note} " + "; ".join(
        f"{o}: {strings.BASELINE} {b}, {strings.WHAT_IF} {w}" for o, b, w in rows
    )
    switch = Switch((region, strings.WORLD), view.vendors_in_world,
                    lambda on: change(lambda v: replace(v, vendors_in_world=on)))  # fmt: skip
    option = figures.bars_option(offers, base, what_if, (strings.BASELINE, strings.WHAT_IF), palette)
    numbers = table([strings.OFFER_HEAD, strings.BASELINE, strings.WHAT_IF], rows)
    return Card("vendors", strings.VENDORS, note, option, f"{label}.", numbers,
                f"{60 + 40 * len(offers)}px", (switch,))  # fmt: skip
