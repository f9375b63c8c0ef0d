"""The page: presets, levers, headline numbers, charts."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from urllib.parse import parse_qs

import numpy as np
import solara
import solara.lab

import abm
from abm import figures
from abm.ui import strings
from abm.ui.charts import adoption_card, map_card, open_share_card, percent, vendor_card
from abm.ui.choices import RUNS, Choices
from abm.ui.levers import Levers, Presets
from abm.ui.style import CSS


class _SupersededError(Exception):
    """A newer choice has made this run useless."""


@solara.component
def Layout(children: list | None = None) -> solara.Element:
    """The page alone, without the default frame."""
    return solara.Div(children=children or [])


@solara.component
def Page() -> None:
    """The what-if page of one user."""
    search = solara.use_router().search
    first, ignored = solara.use_memo(lambda: choices_of(search or ""), [])
    choices, change = solara.use_state(first)
    dark = solara.lab.use_dark_effective()
    current = solara.use_ref(cast("solara.lab.Task | None", None))

    def run() -> tuple[abm.Record, abm.Record, Choices]:
        def tell(done: int, total: int) -> None:
            if current.current is not None and not current.current.is_current():
                raise _SupersededError
            if current.current is not None:
                current.current.progress = 100 * done / total

        base = RUNS.record(abm.Scenario.load("baseline"), choices.firms, tell)
        return base, RUNS.record(choices.scenario(), choices.firms, tell), choices

    # Only what changes the run starts one; the rest is another view of the same records.
    shown = replace(choices, quarter="2030Q4", weight="firms", change=False)
    task = solara.lab.use_task(run, dependencies=[shown], raise_error=False, prefer_threaded=True)
    current.current = task
    regions = dict(
        zip(*(abm.Scenario.load("baseline").tables.frames["regions"][c] for c in ("region", "label")), strict=True)
    )
    solara.Title(strings.TITLE)
    solara.Style(CSS)
    with solara.Div(classes=["page"]):
        with solara.Div(classes=["head"]):
            solara.v.Html(tag="h1", children=[strings.TITLE])
            solara.v.Html(tag="p", class_="note", children=[strings.SUBTITLE])
            solara.lab.ThemeToggle()
        Presets(choices, change)
        if ignored:
            solara.v.Html(tag="p", class_="error-line", attributes={"role": "alert"}, children=[ignored])
        with solara.Div(classes=["body"]):
            Levers(choices, change, regions)
            with solara.Div(classes=["main"]):
                solara.ProgressLinear(task.progress if task.pending else False)
                failed = task.error and not isinstance(task.exception, _SupersededError)
                if failed:
                    solara.v.Html(
                        tag="p", class_="error-line", attributes={"role": "alert"}, children=[str(task.exception)]
                    )
                if task.latest is not None:
                    base, what_if, ran = task.latest
                    Results(base, what_if, replace(choices, region=ran.region), dark)
                elif not failed:
                    solara.v.Html(tag="p", children=[strings.RUNNING])


@solara.component
def Results(base: abm.Record, what_if: abm.Record, choices: Choices, dark: bool) -> None:
    """Headline numbers, the sentence and the charts of a finished pair of runs."""
    region = figures.label_of(what_if, "region", choices.region)
    with solara.Div(classes=["tiles"]):
        for label, name, how, form in (
            (strings.TILE_ADOPTION, "penetration", {"by": "region"}, "share"),
            (strings.TILE_OPEN, "open_share", {"by": "region", "weight": choices.weight}, "share"),
            (strings.TILE_HHI, "vendor_hhi", {}, "index"),
            (strings.TILE_SURPLUS, "surplus", {"by": "region"}, "money"),
            (strings.TILE_OUTLAY, "public_outlay", {"by": "region"}, "money"),
        ):
            both = [record.indicator(name, **how).sel(quarter=choices.quarter) for record in (base, what_if)]
            before, after = (float(v.sel(region=choices.region) if "region" in v.dims else v) for v in both)
            Tile(label.format(region=region, weight=choices.weight), before, after, form)
    difference = abm.difference(base.scenario, what_if.scenario)
    told = strings.UNCHANGED
    if difference:
        adopted = [
            r.indicator("penetration", by="region").sel(quarter=choices.quarter, region=choices.region)
            for r in (base, what_if)
        ]
        told = strings.CHANGED.format(
            difference="; ".join(difference), region=region, quarter=choices.quarter,
            base=percent(float(adopted[0])), variant=percent(float(adopted[1])),
        )  # fmt: skip
    with solara.Div(classes=["sentence"]):
        solara.v.Html(tag="p", attributes={"aria-live": "polite"}, children=[told])
        note = strings.ONE_RUN.format(seed=what_if.seed, firms=what_if.sampled_firms)
        solara.v.Html(tag="p", class_="note", children=[note])
    with solara.Div(classes=["charts"]):
        for card in (adoption_card, open_share_card, map_card, vendor_card):
            card(base, what_if, choices, dark)


@solara.component
def Tile(label: str, before: float, after: float, form: str) -> None:
    """A headline number with its change against the baseline."""

    def words(value: float) -> str:
        if not np.isfinite(value):
            return "-"
        if form == "share":
            return percent(value)
        return f"{value:.3f}" if form == "index" else f"{value / 1e9:,.2f} bn USD"

    change = after - before
    arrow = "▲ " if change > 0 else "▼ "
    size = f"{100 * abs(change):.1f} points" if form == "share" else words(abs(change))
    with solara.Div(classes=["card", "tile"]):
        solara.v.Html(tag="span", class_="note", children=[label])
        solara.v.Html(tag="b", children=[words(after)])
        same = not np.isfinite(change) or change == 0
        text = strings.SAME if same else strings.AGAINST.format(change=arrow + size)
        solara.v.Html(tag="span", class_="note", children=[text])


def choices_of(search: str) -> tuple[Choices, str]:
    """Choices that a page address asks for, and what of it could not be used, in words.

    Args:
        search: The part of the address after the question mark.
    """
    asked = {key: values[-1] for key, values in parse_qs(search.lstrip("?")).items()}
    choices, ignored = Choices(), []
    preset, region = asked.get("preset", choices.preset), asked.get("region", choices.region)
    if preset in abm.library():
        choices = replace(choices, preset=preset)
    else:
        ignored.append(strings.URL_IGNORED.format(what=f"scenario {preset!r}", used=choices.preset))
    if region in abm.Scenario.load("baseline").tables.region_names:
        choices = replace(choices, region=region)
    else:
        ignored.append(strings.URL_IGNORED.format(what=f"region {region!r}", used=choices.region))
    if "firms" in asked:
        text = asked["firms"]
        number = int(text) if text.isdecimal() and len(text) < 9 else choices.firms
        clamped = min(max(number, 1_000), 50_000)
        if str(clamped) != text:
            ignored.append(strings.URL_IGNORED.format(what=f"{text!r} firms", used=clamped))
        choices = replace(choices, firms=clamped)
    return choices, " ".join(ignored)
