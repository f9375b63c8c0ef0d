"""Goal seek on the page: the cheapest levers that reach a goal, found in the background and put on the levers if wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import solara

import abm
from abm.goal import DRAWS, FIRMS, LEVERS, Answer
from abm.observe.indicators import POPULATIONS
from abm.ui import strings
from abm.ui.cards.demand import Progress, Tell, use_demand
from abm.ui.choices import ChangeQuestion, Question, quarters_of, targets_of
from abm.ui.naming import label_of, lever_label
from abm.ui.parts import Choice
from abm.ui.pasts import first_open_quarter
from abm.ui.words import money, percent

SHARES = tuple(round(0.05 * k, 2) for k in range(1, 20))
PROBABILITIES = (0.5, 0.7, 0.9)


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be reached, and with what.

    Attributes:
        population: Of whom the share is.
        quarter: When.
        share: The least share.
        probability: Share of the draws in which it must be reached.
        levers: Instruments that may be used.
    """

    population: str = POPULATIONS[0]
    quarter: str = "2027Q4"
    share: float = 0.7
    probability: float = 0.5
    levers: tuple[str, ...] = ("subsidy", "training")

    def target(self, region: str) -> str:
        """The goal as `abm.seek` reads it."""
        return f"penetration({region}, {self.population}, {self.quarter}) >= {self.share:g}"

    def in_words(self, region: str) -> str:
        """The goal as the page says it."""
        return strings.SOUGHT_GOAL.format(
            share=percent(self.share), of=strings.POPULATIONS[self.population], region=label_of("region", region),
            quarter=self.quarter,
        )  # fmt: skip


def with_levers(question: Question, levels: dict[str, float]) -> Question:
    """The question with the levers that were found, aimed at all AI from the first open quarter, and no others."""
    made = replace(question, levers=())
    for kind, level in levels.items():
        aimed = "all" if "all" in targets_of(kind) else ""
        made = made.moved(kind, level=level, target=aimed)
    return made


def in_words(found: Answer) -> str:
    """What was found, in a sentence or two."""
    levels = ", ".join(
        strings.SOUGHT_LEVER.format(lever=lever_label(kind), level=percent(level))
        for kind, level in found.levels.items()
    )
    form = strings.SOUGHT_FOUND if found.reachable else strings.SOUGHT_NEAREST
    return form.format(
        levels=levels, probability=f"{100 * found.probability:.0f}%", draws=found.draws, mean=percent(found.value),
        outlay=money(found.outlay), tried=found.tried, binding=", ".join(found.binding) or strings.NOTHING,
    )  # fmt: skip


@solara.component
def Seeking(question: Question, change: ChangeQuestion) -> None:
    """The goal, the button, how far the search is, and what it found.

    Args:
        question: What is asked now, without its levers: they are what is sought, and that they move takes nothing back.
        change: Told how to change it.
    """
    goal, aim = solara.use_state(Goal())

    def make(tell: Tell) -> Answer:
        return abm.seek(
            question.before_levers(), goal.target(question.region), goal.levers, goal.probability, first_open_quarter(),
            FIRMS, DRAWS, tell,
        )  # fmt: skip

    demand = use_demand((question, goal), None, make)
    scenario = question.before_levers()
    later = [quarter for quarter in quarters_of(scenario) if quarter >= first_open_quarter()]
    with solara.v.Html(tag="details", class_="card seeking"):
        solara.v.Html(tag="summary", children=[strings.SEEK])
        solara.v.Html(tag="p", class_="note", children=[strings.SEEK_NOTE.format(firms=FIRMS, draws=DRAWS)])
        with solara.Div(classes=["goal"]):
            readings = {one: strings.POPULATIONS[one] for one in POPULATIONS}
            shares = {share: f"{100 * share:.0f}%" for share in SHARES}
            chances = {chance: f"{100 * chance:.0f}%" for chance in PROBABILITIES}
            Choice(strings.SEEK_OF, readings, goal.population, lambda one: aim(replace(goal, population=one)))
            Choice(strings.SEEK_SHARE, shares, goal.share, lambda one: aim(replace(goal, share=one)))
            Choice(strings.SEEK_WHEN, {q: q for q in later}, goal.quarter, lambda one: aim(replace(goal, quarter=one)))
            Choice(strings.SEEK_CHANCE, chances, goal.probability, lambda one: aim(replace(goal, probability=one)))
        with solara.v.Html(tag="fieldset", class_="with"):
            solara.v.Html(tag="legend", children=[strings.SEEK_WITH])
            for kind in LEVERS:
                Wanted(goal, aim, kind)
        with solara.Div(classes=["goal"]):
            searching = demand.wanted and demand.task.pending
            solara.Button(
                strings.SEEK_START,
                small=True,
                outlined=True,
                disabled=not goal.levers or searching,
                on_click=demand.ask,
            )
            if searching:
                solara.Button(strings.SEEK_STOP, small=True, text=True, on_click=demand.drop)
        Progress(demand, strings.SEEKING)
        if demand.found is not None:
            found = demand.found
            said = f"{goal.in_words(question.region)}: {in_words(found)}"
            solara.v.Html(tag="p", attributes={"role": "status"}, children=[said])
            if any(found.levels.values()):
                solara.Button(
                    strings.SEEK_USE, small=True, outlined=True,
                    on_click=lambda: change(lambda q: with_levers(q, found.levels)),
                )  # fmt: skip


@solara.component
def Wanted(goal: Goal, aim: Callable[[Goal], None], kind: str) -> None:
    """Whether an instrument may be used."""

    def want(on: bool) -> None:
        others = tuple(one for one in goal.levers if one != kind)
        aim(replace(goal, levers=(*others, kind) if on else others))

    solara.Checkbox(label=lever_label(kind), value=kind in goal.levers, on_value=want)
