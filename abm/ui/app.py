"""The page: presets, levers, headline numbers, charts."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

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
from abm.ui.head import STYLE, Head
from abm.ui.levers import Levers, Presets
from abm.ui.parts import Choice, progress_bar
from abm.ui.problems import Problem, failed
from abm.ui.results import Compared, Tiles, WhatChanged, headlines
from abm.ui.runs import Answer, use_answer
from abm.ui.seeking import Seeking

_BEHIND = 0.1  # seconds


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

    What comes and goes has a place of its own, empty or not: what stands behind it would be made or moved anew, and lose a
    click or the keyboard on the way.
    """
    search = solara.use_router().search
    first_desk, first_view, ignored = solara.use_memo(lambda: opened(search or ""), [])
    desk, lay = solara.use_state(first_desk)
    view, look = solara.use_state(first_view)
    problem, say = solara.use_state(ignored)
    question = desk.question
    task, progress = use_answer(question, desk.kept)
    shown = task.latest is not None and task.latest.question == question
    draws, drawn, last_bands = use_bands(question, shown)
    without_levers = replace(question, levers=())

    def ask(change: Callable[[Question], Question]) -> None:
        lay(lambda old: old.asked(change(old.question)))

    solara.Style(STYLE)
    with solara.Div(classes=["page"]):
        Head(
            strings.TITLE, strings.SUBTITLE, view.language, view.dark,
            lambda language: look(lambda old: replace(old, language=language)),
            lambda dark: look(lambda old: replace(old, dark=dark)),
        )  # fmt: skip
        with solara.v.Html(tag="nav", attributes={"aria-label": strings.TOOLS}):
            Presets(without_levers, ask)
            Tools(desk, lay, view, say)
        Problem(problem)
        with solara.Div(classes=["body"]):
            Levers(question, ask)
            with solara.v.Html(tag="main", class_="main"):
                ViewBar(view, look, {strings.RUNNING: (task, progress), strings.DRAWING: (draws, drawn)})
                Problem(failed(task, strings.FAILED) or failed(draws, strings.DRAWS_FAILED))
                if task.latest is not None:
                    bands = last_bands if last_bands and last_bands.question == task.latest.question else None
                    Results(task.latest, bands, view, look, ask).key("results")
                elif not task.error:
                    solara.v.Html(tag="p", attributes={"role": "status"}, children=[strings.RUNNING])
                Seeking(without_levers, ask)
                Assumptions(question)


@solara.component
def ViewBar(view: View, look: ChangeView, running: dict[str, tuple[solara.lab.Task, solara.Reactive[float]]]) -> None:
    """What is shown of the runs, and how far new runs are."""
    ends = quarters_of(abm.Scenario.load(BASELINE))
    with solara.Div(classes=["view"]):
        Choice(strings.QUARTER, {q: q for q in ends}, view.quarter, lambda q: look(lambda v: replace(v, quarter=q)))
        Choice(strings.WEIGHT, strings.WEIGHTS, view.weight, lambda w: look(lambda v: replace(v, weight=w)))
        for words, (task, progress) in running.items():
            Running(task, progress, words)


@solara.component
def Running(task: solara.lab.Task, progress: solara.Reactive[float], words: str) -> None:
    """How far a run is; only this reads its progress, so that progress redraws nothing else."""
    with solara.v.Html(tag="div", class_="running", attributes={"role": "status"}):
        if task.pending:
            solara.v.Html(tag="span", class_="note", children=[words])
            progress_bar(words, progress.value)


@solara.component
def Steady(card: Callable[..., solara.Element], *shown: object) -> None:
    """A card that draws from the posterior do not change: it is made anew only when what it shows is another."""
    card(*shown)


def use_behind(answer: Answer) -> Answer:
    """The answer, a little later: when the browser has had time to draw what is looked at first."""
    behind, show = solara.use_state(answer)

    def follow() -> Callable[[], None]:
        timer = threading.Timer(_BEHIND, show, [answer])
        timer.daemon = True
        timer.start()
        return timer.cancel

    solara.use_effect(follow, [answer])
    return behind


@solara.component
def Results(answer: Answer, bands: Bands | None, view: View, look: ChangeView, ask: ChangeQuestion) -> None:
    """Headline numbers, the sentence and the charts of a finished pair of runs."""
    choose_region = solara.use_memo(lambda: lambda region: ask(lambda q: replace(q, region=region)), [])
    palette, found = DARK if view.dark else LIGHT, headlines(answer, bands, view)
    behind = use_behind(answer)
    with solara.Div(classes=["results"]):
        Tiles(found)
        WhatChanged(answer, bands, view, found)
        Compared(answer, view)
        with solara.Div(classes=["charts"]):
            for drawn in (adoption_card, open_share_card, plan_card):
                drawn(answer, bands, view, look, palette)
            Steady(gains_card, behind, view, look, palette)
            Steady(map_card, answer, view, look, palette, choose_region)
            Steady(vendor_card, answer, view, look, palette)
            for card in (dependence_card, frontier_card, FlowsCard):
                Steady(card, behind, view, look, palette)
            Steady(lambda drawn, *how: FirmCard(drawn.question, *how), behind, view, palette)
