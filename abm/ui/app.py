"""The page: presets, levers, headline numbers, charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import solara
import solara.lab

import abm
from abm.figures import DARK, LIGHT
from abm.ui import strings
from abm.ui.address import choices_of
from abm.ui.assumptions import Assumptions
from abm.ui.bands import Bands, use_bands
from abm.ui.cards.dependence import dependence_card
from abm.ui.cards.firm import FirmCard
from abm.ui.cards.flows import FlowsCard
from abm.ui.cards.frontier import frontier_card
from abm.ui.cards.gains import gains_card
from abm.ui.cards.heatmap import map_card
from abm.ui.cards.paths import adoption_card, open_share_card
from abm.ui.cards.plan import plan_card
from abm.ui.cards.vendors import vendor_card
from abm.ui.choices import BASELINE, ChangeQuestion, ChangeView, Desk, Question, View, quarters_of
from abm.ui.desk import Tools
from abm.ui.levers import Levers, Presets
from abm.ui.parts import Choice, progress_bar
from abm.ui.results import Compared, Tiles, WhatChanged, headlines
from abm.ui.runs import Answer, SupersededError, use_answer
from abm.ui.seeking import Seeking

STYLE = Path(__file__).with_name("page.css")


@solara.component
def Layout(children: list | None = None) -> solara.Element:
    """The page alone, without Solara's frame."""
    return solara.Div(children=children or [])


def opened(search: str) -> tuple[Desk, View, str]:
    """What the address asks for, from now on in its language."""
    asked = choices_of(search)
    strings.LANGUAGE.value = asked[1].language
    return asked


@solara.component
def Page() -> None:
    """The what-if page of one user.

    What may stand behind something that comes and goes has a key: it would be made anew, and lose what is being done to
    it, if it were known by its place.
    """
    search = solara.use_router().search
    first_desk, first_view, ignored = solara.use_memo(lambda: opened(search or ""), [])
    desk, lay = solara.use_state(first_desk)
    view, look = solara.use_state(first_view)
    problem, say = solara.use_state(ignored)
    solara.use_effect(lambda: setattr(solara.lab.theme, "dark", view.dark), [view.dark])
    question = desk.question
    task = use_answer(question, desk.kept)
    shown = task.latest is not None and task.latest.question == question
    draws = use_bands(question, shown)

    def ask(change: Callable[[Question], Question]) -> None:
        lay(lambda old: old.asked(change(old.question)))

    def speak(language: str) -> None:
        strings.LANGUAGE.value = language
        look(lambda old: replace(old, language=language))

    solara.Title(strings.TITLE)
    solara.Style(STYLE)
    with solara.Div(classes=["page"]):
        with solara.v.Html(tag="header", class_="head"):
            solara.v.Html(tag="h1", children=[strings.TITLE])
            solara.v.Html(tag="p", children=[strings.SUBTITLE])
            with solara.Div(classes=["theme"]):
                Choice(strings.LANGUAGE_CHOICE, strings.languages(), view.language, speak)
                solara.Button(
                    strings.LIGHT if view.dark else strings.DARK, text=True, small=True, classes=["tool"],
                    icon_name="mdi-weather-sunny" if view.dark else "mdi-weather-night",
                    on_click=lambda: look(lambda old: replace(old, dark=not old.dark)),
                )  # fmt: skip
        with solara.v.Html(tag="nav", attributes={"aria-label": strings.TOOLS}):
            Presets(question, ask)
            Tools(desk, lay, view, say)
        if problem:
            Problem(problem)
        with solara.Div(classes=["body"]).key("body"):
            Levers(question, ask)
            with solara.v.Html(tag="main", class_="main"):
                ViewBar(view, look, task, draws)
                if task.error and not isinstance(task.exception, SupersededError):
                    Problem(strings.FAILED.format(reason=task.exception))
                if draws.error and not isinstance(draws.exception, SupersededError):
                    Problem(strings.DRAWS_FAILED.format(reason=draws.exception))
                if task.latest is not None:
                    bands = draws.latest if draws.latest and draws.latest.question == task.latest.question else None
                    Results(task.latest, bands, view, look, ask).key("results")
                elif not task.error:
                    solara.v.Html(tag="p", attributes={"role": "status"}, children=[strings.RUNNING])
                Seeking(question, ask).key("seeking")
                Assumptions(question).key("assumptions")


@solara.component
def Problem(text: str) -> None:
    """Something that could not be done, in words."""
    solara.v.Html(tag="p", class_="problem", attributes={"role": "alert"}, children=[text])


@solara.component
def ViewBar(view: View, look: ChangeView, task: solara.lab.Task, draws: solara.lab.Task) -> None:
    """What is shown of the runs, and how far a new run is."""
    ends = quarters_of(abm.Scenario.load(BASELINE))
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
            progress_bar(words, task.progress)


@solara.component
def Steady(card: Callable[..., solara.Element], *shown: object) -> None:
    """A card that draws from the posterior do not change: it is made anew only when what it shows is another."""
    card(*shown)


@solara.component
def Results(answer: Answer, bands: Bands | None, view: View, look: ChangeView, ask: ChangeQuestion) -> None:
    """Headline numbers, the sentence and the charts of a finished pair of runs."""
    choose_region = solara.use_memo(lambda: lambda region: ask(lambda q: replace(q, region=region)), [])
    palette, found = DARK if view.dark else LIGHT, headlines(answer, bands, view)
    with solara.Div(classes=["results"]):
        Tiles(found)
        WhatChanged(answer, bands, view, found)
        if answer.kept:
            Compared(answer, view)
        with solara.Div(classes=["charts"]).key("charts"):
            for drawn in (adoption_card, open_share_card, plan_card):
                drawn(answer, bands, view, look, palette)
            Steady(gains_card, answer, view, look, palette)
            Steady(map_card, answer, view, look, palette, choose_region)
            for card in (vendor_card, dependence_card, frontier_card):
                Steady(card, answer, view, look, palette)
            FlowsCard(answer, view, look, palette)
            FirmCard(answer.question, view, palette)
