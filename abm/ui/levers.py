"""Presets and levers; the levers are derived from the declared kinds of interventions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import solara

import abm
from abm.figures import label_of
from abm.quarters import quarter_range
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.choices import (
    BASELINE,
    FIRMS,
    ChangeQuestion,
    Question,
    first_open_quarter,
    slider_step,
    targets_of,
)  # fmt: skip
from abm.ui.parts import Choice, button


@solara.component
def Presets(question: Question, change: ChangeQuestion) -> None:
    """Buttons for the scenarios of the library, and the story of the chosen one.

    Args:
        question: What is asked now.
        change: Told how to change it.
    """

    def choose(name: str) -> None:
        change(lambda q: replace(q, preset=name))

    group = {"role": "group", "aria-label": strings.PRESETS}
    with solara.Div():
        with solara.v.Html(tag="div", class_="presets", attributes=group):
            for name in abm.library():
                chosen = name == question.preset
                button(
                    abm.Scenario.load(name).title, "preset", chosen,
                    partial(choose, name),
                )  # fmt: skip
        solara.v.Html(tag="p", class_="story", children=[abm.Scenario.load(question.preset).story])


@solara.component
def Levers(question: Question, change: ChangeQuestion) -> None:
    """All levers that exist, grouped by who pulls them.

    Args:
        question: What is asked now.
        change: Told how to change it.
    """
    scenario = abm.Scenario.load(BASELINE)
    with solara.v.Html(tag="section", class_="card levers", attributes={"aria-label": strings.LEVERS}):
        with solara.Div(classes=["card-head"]):
            solara.v.Html(tag="h2", children=[strings.LEVERS])
            solara.Button(
                strings.RESET, text=True, small=True, icon_name="mdi-undo", disabled=not question.levels,
                on_click=lambda: change(lambda q: replace(q, levels=(), targets=())),
            )  # fmt: skip
        solara.v.Html(tag="p", class_="note", children=[strings.LEVERS_HINT])
        with solara.Div(classes=["pair"]):
            Choice(
                strings.REGION, {r: label_of("region", r) for r in load_tables().listed("region")}, question.region,
                lambda region: change(lambda q: replace(q, region=region)),
            )  # fmt: skip
            Choice(
                strings.START, {q: q for q in quarter_range(scenario.start, scenario.end)},
                question.start or first_open_quarter(), lambda start: change(lambda q: replace(q, start=start)),
            )  # fmt: skip
        for actor, heading in strings.ACTORS.items():
            solara.v.Html(tag="h3", children=[heading])
            for kind in (k for k, declared in KINDS.items() if declared.actor == actor):
                Lever(question, change, kind).key(kind)
        with solara.Div(classes=["pair"]):
            sizes = {n: strings.FIRMS_OPTION.get(n, f"{n:,}") for n in sorted({*FIRMS, question.firms})}
            Choice(strings.FIRMS, sizes, question.firms, lambda n: change(lambda q: replace(q, firms=n)))


@solara.component_vue("slider.vue")
def Slider(
    level: float = 0.0, low: float = 0.0, high: float = 1.0, step: float = 0.05, label: str = "", unit: str = "",
    mechanism: str = "", moved_word: str = "", event_move: Callable[[float], None] | None = None,
) -> None:  # fmt: skip
    """A slider that follows the hand at once and tells the page when the hand rests."""


@solara.component
def Lever(question: Question, change: ChangeQuestion, kind: str) -> None:
    """One slider with its unit, its target where there is a choice, and a mark when it is moved."""
    declared = KINDS[kind].level
    targets = {t: strings.TARGET_NAMES[t] for t in targets_of(kind)}
    with solara.Div(classes=["lever"]):
        Slider(
            level=question.level(kind), low=declared.low, high=declared.high, step=slider_step(kind),
            label=declared.label, unit=declared.unit, mechanism=KINDS[kind].mechanism, moved_word=strings.MOVED,
            event_move=lambda level: change(lambda q: q.moved(kind, level)),
        )  # fmt: skip
        if len(targets) > 1 and question.level(kind):
            aimed = question.target(kind)
            Choice(strings.TARGET, targets, aimed, lambda target: change(lambda q: q.aimed(kind, target)))
