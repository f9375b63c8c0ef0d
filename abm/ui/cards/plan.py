"""Goals for adoption: how near the what-if comes to them, and how likely it reaches them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import solara

from abm import Record, figures
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.bands import Bands
from abm.ui.cards.sector import of_all_sectors
from abm.ui.cards.shown import Shown
from abm.ui.choices import ChangeView, View
from abm.ui.draws import DRAWS, FIRMS
from abm.ui.naming import label_of
from abm.ui.runs import Answer
from abm.ui.words import percent, table, whole_percent

AI_PLUS = "china"  # whose goals the others are compared with
READINGS = ("firms_10plus", "employment", "people", "firms_all")


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near one reading of adoption is to one goal.

    Attributes:
        reading: Population of adoption.
        quarter: Quarter of the goal.
        goal: Least share that reaches it.
        base: Share in the baseline.
        what_if: Share in the what-if.
        interval: Lower and upper end of the what-if's 90% interval; none before there are draws.
        chance: Parts of the draws that reach the goal, baseline and what-if.
    """

    reading: str
    quarter: str
    goal: float
    base: float
    what_if: float
    interval: tuple[float, float] | None = None
    chance: tuple[float, float] | None = None

    def cells(self) -> list[str]:
        """The numbers in words, in the order of the table's heads."""
        named = [strings.PLAN_GOAL.format(quarter=self.quarter, goal=whole_percent(self.goal)),
                 strings.POPULATIONS[self.reading], percent(self.base), percent(self.what_if)]  # fmt: skip
        if self.interval is None or self.chance is None:
            return [*named, *(3 * [strings.PLAN_WAITING])]
        low, high = map(percent, self.interval)
        return [*named, strings.INTERVAL.format(low=low, high=high), *map(whole_percent, reversed(self.chance))]

    def told(self) -> str:
        """The numbers in a sentence."""
        goal, of, base, what_if, interval, chance, chance_base = self.cells()
        told = strings.PLAN_SPOKEN.format(goal=goal, of=of, what_if=what_if, base=base)
        if self.chance is None:
            return told
        return f"{told}, {strings.PLAN_SPOKEN_CHANCE.format(interval=interval, chance=chance, base=chance_base)}"

    def drawn(self) -> figures.Reading:
        """The reading as a bar."""
        *_, chance, chance_base = self.cells()
        words = (
            strings.PLAN_WAITING if self.chance is None else strings.PLAN_CHANCE.format(chance=chance, base=chance_base)
        )
        return figures.Reading(strings.POPULATIONS[self.reading], self.what_if, self.goal, percent(self.what_if), words,
                               self.told(), self.interval)  # fmt: skip


def plan_card(
    answer: Answer, bands: Bands | None, view: View, change: ChangeView, palette: figures.Palette
) -> solara.Element:
    """Official targets, how near adoption comes to them and how likely it reaches them."""
    return of_all_sectors(plan_shown(answer, bands, palette), view).card("plan")


def plan_shown(answer: Answer, bands: Bands | None, palette: figures.Palette) -> Shown:
    """Each goal with a row for each population that it may be a share of."""
    region = answer.question.region
    label = label_of("region", region)
    own = figures.targets(answer.what_if, region)
    goals = [(quarter, goal) for quarter, goal, _ in own or figures.targets(answer.what_if, AI_PLUS)]
    by_reading = [_nearness(answer, bands, reading, goals) for reading in READINGS]
    by_goal = list(zip(*by_reading, strict=True))
    found = [one for many in by_goal for one in many]
    groups = [
        (strings.PLAN_GOAL.format(quarter=quarter, goal=whole_percent(goal)), [one.drawn() for one in many])
        for (quarter, goal), many in zip(goals, by_goal, strict=True)
    ]
    note = [
        strings.PLAN_NOTE.format(region=label),
        strings.PLAN_OFFICIAL if own else strings.PLAN_COMPARED.format(region=label),
        strings.PLAN_DRAWS.format(draws=bands.draws, of=DRAWS, firms=FIRMS) if bands else strings.PLAN_PENDING,
    ]
    return Shown(
        title=strings.PLAN, note=" ".join(note),
        option=figures.goals_option(groups, strings.PLAN_COLUMNS, palette),
        label=f"{strings.PLAN}. {' '.join(note)} {'; '.join(one.told() for one in found)}.",
        numbers=table(strings.PLAN_HEADS, [one.cells() for one in found]), columns=_columns(found),
        height=f"{30 + 28 * (len(found) + len(groups))}px",
    )  # fmt: skip


def _nearness(answer: Answer, bands: Bands | None, reading: str, goals: list[tuple[str, float]]) -> list[Nearness]:
    """How near a reading is to each goal."""
    region = answer.question.region

    def share(record: Record, quarter: str) -> float:
        return float(record.at("penetration", population=reading, region=region, quarter=quarter))

    found = [Nearness(reading, q, goal, share(answer.base, q), share(answer.what_if, q)) for q, goal in goals]
    if bands is None:
        return found
    place = load_tables().listed("region").index(region)
    low, high = bands.band("penetration", reading, place, "what_if")
    at = [answer.what_if.quarters.index(quarter) for quarter, _ in goals]
    return [
        replace(one, interval=(float(low[k]), float(high[k])), chance=bands.chance(reading, place, k, one.goal))
        for one, k in zip(found, at, strict=True)
    ]


def _columns(found: list[Nearness]) -> dict[str, Any]:
    nan = (float("nan"), float("nan"))
    return {
        strings.QUARTER_HEAD: [one.quarter for one in found], "reading": [one.reading for one in found],
        "goal": [one.goal for one in found], strings.BASELINE: [one.base for one in found],
        strings.WHAT_IF: [one.what_if for one in found],
        **{end: [(one.interval or nan)[k] for one in found] for k, end in enumerate(("5%", "95%"))},
        **{
            f"probability, {world}": [(one.chance or nan)[k] for one in found]
            for k, world in enumerate((strings.BASELINE, strings.WHAT_IF))
        },
    }  # fmt: skip
