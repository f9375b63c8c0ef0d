"""The page: presets, levers, headline numbers, charts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import solara
import solara.lab

import abm
from abm.figures import DARK, LIGHT
from abm.quarters import quarter_range
from abm.ui import strings
from abm.ui.bands import Bands, use_bands
from abm.ui.charts import adoption_card, map_card, open_share_card, vendor_card
from abm.ui.choices import BASELINE, ChangeView, View, question_of
from abm.ui.levers import Levers, Presets
from abm.ui.parts import Choice
from abm.ui.results import Tiles, WhatChanged, headlines
from abm.ui.runs import Answer, SupersededError, use_answer

STYLE = Path(__file__).with_name("page.css")


@solara.component
def Layout(children: list | None = None) -> solara.Element:
    """The page alone, without Solara's frame."""
    return solara.Div(children=children or [])


@solara.component
def Page() -> None:
    """The what-if page of one user."""
    search = solara.use_router().search
    first, ignored = solara.use_memo(lambda: question_of(search or ""), [])
    question, ask = solara.use_state(first)
    view, look = solara.use_state(View())
    dark = solara.lab.use_dark_effective()
    task = use_answer(question)
    shown = task.latest is not None and task.latest.question == question
    draws = use_bands(question, shown)
    solara.Title(strings.TITLE)
    solara.Style(STYLE)
    with solara.Div(classes=["page"]):
        with solara.v.Html(tag="header", class_="head"):
            solara.v.Html(tag="h1", children=[strings.TITLE])
            solara.v.Html(tag="p", children=[strings.SUBTITLE])
            with solara.v.Html(tag="div", class_="theme", attributes={"role": "group", "aria-label": strings.THEME}):
                solara.v.Html(tag="span", children=[strings.THEME])
                solara.lab.ThemeToggle(enable_auto=False)
        Presets(question, ask)
        if ignored:
            Problem(ignored)
        with solara.Div(classes=["body"]):
            Levers(question, ask)
            with solara.v.Html(tag="main", class_="main"):
                ViewBar(view, look, task, draws)
                if task.error and not isinstance(task.exception, SupersededError):
                    Problem(strings.FAILED.format(reason=task.exception))
                if task.latest is not None:
                    bands = draws.latest if draws.latest and draws.latest.question == task.latest.question else None
                    Results(task.latest, bands, view, look, dark)
                elif not task.error:
                    solara.v.Html(tag="p", attributes={"role": "status"}, children=[strings.RUNNING])


@solara.component
def Problem(text: str) -> None:
    """Something that could not be done, in words."""
    solara.v.Html(tag="p", class_="problem", attributes={"role": "alert"}, children=[text])


@solara.component
def ViewBar(view: View, look: ChangeView, task: solara.lab.Task, draws: solara.lab.Task) -> None:
    """What is shown of the runs, and how far a new run is."""
    scenario = abm.Scenario.load(BASELINE)
    ends = [q for q in quarter_range(scenario.start, scenario.end) if q.endswith("Q4")]
    with solara.Div(classes=["view"]):
        Choice(strings.QUARTER, {q: q for q in ends}, view.quarter, lambda q: look(lambda v: replace(v, quarter=q)))
        Choice(strings.WEIGHT, strings.WEIGHTS, view.weight, lambda w: look(lambda v: replace(v, weight=w)))
        Running(task, strings.RUNNING)
        Running(draws, strings.DRAWING)


@solara.component
def Running(task: solara.lab.Task, words: str) -> None:
    """How far a run is; a component of its own, so that progress redraws nothing else."""
    with solara.v.Html(tag="div", class_="running", attributes={"role": "status"}):
        if task.pending:
            solara.v.Html(tag="span", class_="note", children=[words])
            solara.ProgressLinear(task.progress or True)


@solara.component
def Results(answer: Answer, bands: Bands | None, view: View, look: ChangeView, dark: bool) -> None:
    """Headline numbers, the sentence and the charts of a finished pair of runs."""
    palette, found = DARK if dark else LIGHT, headlines(answer, bands, view)
    with solara.Div(classes=["results"]):
        Tiles(found)
        WhatChanged(answer, bands, view, found)
        with solara.Div(classes=["charts"]):
            for drawn in (adoption_card, open_share_card):
                drawn(answer, bands, view, look, palette)
            for card in (map_card, vendor_card):
                card(answer, view, look, palette)
