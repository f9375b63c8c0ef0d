"""Adoption and the open share over time, in the baseline, the what-if and those put aside."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import solara

from abm import figures
from abm.figures.palette import region_colour
from abm.quarters import quarter_name
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.bands import Bands
from abm.ui.cards.card import Card
from abm.ui.cards.sector import all_sectors, sector_note
from abm.ui.choices import ChangeView, View
from abm.ui.naming import label_of
from abm.ui.parts import Switch
from abm.ui.runs import Answer
from abm.ui.words import percent, table


def _curves(
    answer: Answer, bands: Bands | None, view: View, palette: figures.Palette, indicator: str, **how: str
) -> list[figures.Line]:
    """What-if solid, with the interval of the draws, baseline dashed, those put aside dotted: shown regions and world.

    The draws are kept for all sectors together, so that there is no interval for one.
    """
    sector = {"sector": view.sector} if view.sector else {}
    regions = load_tables().listed("region")
    wanted = regions if view.all_regions and indicator == "penetration" else (answer.question.region,)
    lines = []
    aside = [(record, strings.ASIDE.format(number=k)) for k, record in enumerate(answer.kept, 1)]
    for record, name in ((answer.base, strings.BASELINE), *aside, (answer.what_if, strings.WHAT_IF)):
        baseline = name != strings.WHAT_IF
        drawn = [
            (label_of("region", r), record.at(indicator, region=r, **sector, **how),
             region_colour(palette, regions.index(r)), regions.index(r))
            for r in wanted
        ]  # fmt: skip
        if indicator == "open_share":
            drawn = [(label, values, palette.open, place) for label, values, _, place in drawn]
        drawn.append((strings.WORLD, record.at(indicator, **sector, **how), palette.world, -1))
        style = "solid" if name == strings.WHAT_IF else "dashed" if name == strings.BASELINE else "dotted"
        for label, values, colour, place in drawn:
            band = None
            if bands is not None and not sector and not baseline and len(wanted) == 1:
                band = bands.band(indicator, how.get("weight", "firms_10plus"), place, "what_if")
            lines.append(figures.Line(f"{label}, {name}", values, colour, style, "" if baseline else label, band))
    return lines


def _columns(quarters: list[str], lines: list[figures.Line]) -> dict[str, Any]:
    """All quarters of all lines and of the ends of their bands."""
    columns: dict[str, Any] = {strings.QUARTER_HEAD: quarters}
    for line in lines:
        columns[line.name] = line.values
        if line.band is not None:
            columns |= {f"{line.name}, {end}": values for end, values in zip(("5%", "95%"), line.band, strict=True)}
    return columns


def _dates(view: View) -> list[tuple[str, str]]:
    return [(quarter_name(load_tables().last_observed), strings.DATA_END), (view.quarter, view.quarter)]


def _key(answer: Answer) -> str:
    return f"{strings.LINES_KEY} {strings.ASIDE_KEY}" if answer.kept else strings.LINES_KEY


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
    own = label_of("region", region)
    lines = _curves(answer, bands, view, palette, "penetration")
    shown = () if view.sector else load_tables().listed("region") if view.all_regions else (region,)
    survey = [p for r in shown for p in figures.observations(answer.what_if, r)]
    goals = [p for r in shown for p in figures.targets(answer.what_if, r)]
    marks = [
        figures.Mark(strings.SURVEY, survey, "diamond", palette.ink),
        figures.Mark(strings.OFFICIAL_TARGET, goals, "triangle", palette.muted),
    ]
    where = strings.ALL_REGIONS.lower() if view.all_regions else own
    note = [strings.ADOPTION_NOTE.format(where=f"{where} + {strings.WORLD.lower()}"), _key(answer)]
    if view.sector:
        note += [sector_note(view), strings.WITHOUT_BANDS]
    else:
        note.append(strings.HAS_SURVEY if survey else strings.NO_SURVEY.format(region=own))
    note += [strings.HAS_TARGET] if goals else []
    label = _line_label(strings.ADOPTION, quarters, lines, view)
    for mark in marks:
        label += "".join(f" {mark.name} {q}: {percent(v)}." for q, v, _ in mark.points)
    switch = Switch((f"{own} + {strings.WORLD.lower()}", strings.ALL_REGIONS), view.all_regions,
                    lambda on: change(lambda v: replace(v, all_regions=on)))  # fmt: skip
    option = figures.line_option(quarters, lines, marks, _dates(view), palette)
    return Card("adoption", strings.ADOPTION, " ".join(note), option, label, _line_table(quarters, lines),
                lambda: _columns(quarters, lines), switches=(*all_sectors(view, change), switch))  # fmt: skip


def open_share_card(
    answer: Answer, bands: Bands | None, view: View, change: ChangeView, palette: figures.Palette
) -> solara.Element:
    """Open share over time, by the chosen weight."""
    quarters, of = answer.what_if.quarters, strings.WEIGHT_OF[view.weight]
    lines = _curves(answer, bands, view, palette, "open_share", weight=view.weight)
    region = label_of("region", answer.question.region)
    note = f"{strings.OPEN_SHARE_NOTE.format(weight=of, region=region)} {_key(answer)}"
    note = " ".join((note, sector_note(view), strings.OPEN_WITHOUT_BANDS)) if view.sector else note
    label = _line_label(f"{strings.OPEN_SHARE}, share {of}", quarters, lines, view)
    option = figures.line_option(quarters, lines, [], _dates(view), palette)
    return Card("open", strings.OPEN_SHARE, note, option, label, _line_table(quarters, lines),
                lambda: _columns(quarters, lines), switches=all_sectors(view, change))  # fmt: skip
