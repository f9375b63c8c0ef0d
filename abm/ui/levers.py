"""Presets, levers and their dates; the levers are derived from the declared kinds of interventions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial

import solara

import abm
from abm.quarters import quarter_range
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.choices import FIRMS, ChangeQuestion, Lever, Question, slider_step, targets_of
from abm.ui.naming import label_of, lever_label, mechanism_of, story_of, title_of, unit_of
from abm.ui.parts import Choice, button


@lru_cache(maxsize=1)
def library_scenarios() -> tuple[abm.Scenario, ...]:
    """The scenarios of the library, read once: the page shows their titles at every redraw."""
    return tuple(abm.Scenario.load(name) for name in abm.library())


@solara.component
def Presets(question: Question, change: ChangeQuestion) -> None:
    """Buttons for the scenarios of the library, and the story of the chosen one.

    Args:
        question: What is asked now, without its levers: that they move redraws nothing here.
        change: Told how to change it.
    """

    def choose(name: str) -> None:
        change(lambda q: replace(q, preset=name, own=""))

    group = {"role": "group", "aria-label": strings.PRESETS}
    with solara.Div():
        with solara.v.Html(tag="div", class_="presets", attributes=group):
            for scenario in library_scenarios():
                chosen = scenario.name == question.preset and not question.own
                button(title_of(scenario), "preset", chosen, partial(choose, scenario.name))
        shown = question.before_levers()
        story = strings.LOADED.format(title=shown.title or shown.name) if question.own else story_of(shown)
        solara.v.Html(tag="p", class_="story", children=[story])


@solara.component
def Levers(question: Question, change: ChangeQuestion) -> None:
    """All levers that exist, grouped by who pulls them.

    Args:
        question: What is asked now.
        change: Told how to change it.
    """
    with solara.v.Html(tag="section", class_="card levers", attributes={"aria-label": strings.LEVERS}):
        with solara.Div(classes=["card-head"]):
            solara.v.Html(tag="h2", children=[strings.LEVERS])
            solara.Button(
                strings.RESET, text=True, small=True, icon_name="mdi-undo", disabled=not question.levers,
                on_click=lambda: change(lambda q: replace(q, levers=())),
            )  # fmt: skip
        solara.v.Html(tag="p", class_="note", children=[strings.LEVERS_HINT])
        with solara.Div(classes=["pair"]):
            Choice(
                strings.REGION, {r: label_of("region", r) for r in load_tables().listed("region")}, question.region,
                lambda region: change(lambda q: replace(q, region=region)),
            )  # fmt: skip
        Timeline(question, change)
        for actor, heading in strings.ACTORS.items():
            solara.v.Html(tag="h3", children=[heading])
            for kind in (k for k, declared in KINDS.items() if declared.actor == actor):
                LeverOf(question.lever(kind), question.target(kind), change).key(kind)
        with solara.Div(classes=["pair"]):
            sizes = {
                n: strings.FIRMS_QUICK.format(firms=n) if n == FIRMS[0] else f"{n:,}"
                for n in sorted({*FIRMS, question.firms})
            }
            Choice(strings.FIRMS, sizes, question.firms, lambda n: change(lambda q: replace(q, firms=n)))


@solara.component_vue("slider.vue")
def Slider(
    level: float = 0.0, low: float = 0.0, high: float = 1.0, step: float = 0.05, label: str = "", unit: str = "",
    mechanism: str = "", evidence: str = "", name: str = "", words: dict | None = None,
    event_move: Callable[[float], None] | None = None,
) -> None:  # fmt: skip
    """A slider that follows the hand at once and tells the page when the hand lets go.

    With a name it also tells the window, as the event `abm-moved` with `detail.lever` and `detail.level`.
    """


@solara.component_vue("dates.vue")
def Dates(
    quarters: list[str], first: str = "", last: str = "", once: bool = False, label: str = "",
    words: dict | None = None, event_move: Callable[[list[str]], None] | None = None,
) -> None:  # fmt: skip
    """A bar with two ends on a line of quarters, or one point for what happens once."""


@solara.component
def Timeline(question: Question, change: ChangeQuestion) -> None:
    """When each moved lever is in force; there from the start, as levers that are moved down the page lose the keyboard."""
    scenario = question.before_levers()
    quarters = quarter_range(scenario.start, scenario.end)

    def date(kind: str, ends: list[str]) -> None:
        change(lambda q: q.moved(kind, start=ends[0], end=ends[1]))

    with solara.Div(classes=["perhaps"]):
        if question.levers:
            solara.v.Html(tag="h3", children=[strings.TIMELINE])
            solara.v.Html(tag="p", class_="note", children=[strings.TIMELINE_HINT])
        for one in question.levers:
            label = lever_label(one.kind)
            Dates(
                quarters=quarters, first=question.start(one.kind), last=one.end, once=KINDS[one.kind].once, label=label,
                words={
                    "start": strings.DATE_FIRST.format(lever=label), "end": strings.DATE_LAST.format(lever=label),
                    "until_end": strings.UNTIL_END,
                },
                event_move=partial(date, one.kind),
            ).key(one.kind)  # fmt: skip


@solara.component
def LeverOf(lever: Lever, aimed: str, change: ChangeQuestion) -> None:
    """One slider with its unit, its source, its reset, and its target where there is a choice.

    Args:
        lever: The lever as it stands: that others move redraws nothing here.
        aimed: What it aims at.
        change: Told how to change the question.
    """
    kind, level = lever.kind, lever.level
    declared = KINDS[kind].level
    targets = {t: strings.TARGET_NAMES[t] for t in targets_of(kind)}
    with solara.Div(classes=["lever"]):
        Slider(
            level=level, low=declared.low, high=declared.high, step=slider_step(kind), label=lever_label(kind),
            unit=unit_of(declared.unit), mechanism=mechanism_of(kind), evidence=KINDS[kind].evidence,
            words={"reset": strings.RESET_ONE.format(lever=lever_label(kind)), "known": strings.SOURCE},
            event_move=lambda level: change(lambda q: q.moved(kind, level=level)),
        )  # fmt: skip
        if len(targets) > 1 and level:
            Choice(strings.TARGET, targets, aimed, lambda target: change(lambda q: q.moved(kind, target=target)))
