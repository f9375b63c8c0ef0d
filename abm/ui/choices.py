"""What a user has chosen, as frozen values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import abm
from abm.observe.indicators import WEIGHTS
from abm.quarters import quarter_range
from abm.scenario.kinds import KINDS
from abm.ui import strings
from abm.ui.pasts import first_open_quarter

FIRMS = (2_000, 20_000)
FIRMS_LOW, FIRMS_HIGH = 1_000, 50_000
BASELINE = "baseline"
KEPT = 2  # what-ifs put aside: with the one in hand there are three to compare


@dataclass(frozen=True, slots=True)
class Lever:
    """One lever as it stands.

    Attributes:
        kind: Kind of intervention.
        level: How much; zero is not moved.
        target: What it aims at; "" is the page's choice for the acting region.
        start: First quarter in force; "" is the first one that is still open.
        end: Last quarter in force; "" lasts to the end.
    """

    kind: str
    level: float = 0.0
    target: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is run.

    Attributes:
        preset: Scenario of the library.
        region: Region whose government acts and whose numbers are shown.
        firms: Number of sampled firms.
        levers: Levers moved, in the order of their kinds' names.
        own: A scenario as TOML that stands in the preset's place; "" for none.
    """

    preset: str = BASELINE
    region: str = "china"
    firms: int = FIRMS[-1]
    levers: tuple[Lever, ...] = ()
    own: str = ""

    def lever(self, kind: str) -> Lever:
        """A lever as it stands, at level zero where it was not moved."""
        return next((one for one in self.levers if one.kind == kind), Lever(kind))

    def target(self, kind: str) -> str:
        """Target of a lever; unless chosen, the first that is not the acting region's own origin."""
        abroad = [t for t in targets_of(kind) if t != f"origin:{self.region}"]
        return self.lever(kind).target or abroad[0]

    def start(self, kind: str) -> str:
        """First quarter of a lever."""
        return self.lever(kind).start or first_open_quarter()

    def moved(self, kind: str, **how: float | str) -> Question:
        """The same with a lever's level, target, start or end changed; at level zero it is as if never moved."""
        lever = replace(self.lever(kind), **how)  # type: ignore[arg-type]
        lever = replace(lever, level=round(lever.level, 6))
        others = [one for one in self.levers if one.kind != kind]
        return replace(self, levers=tuple(sorted([*others, *([lever] if lever.level else [])], key=lambda x: x.kind)))

    def before_levers(self) -> abm.Scenario:
        """The scenario without the levers."""
        return abm.Scenario.from_toml(self.own) if self.own else abm.Scenario.load(self.preset)

    def scenario(self) -> abm.Scenario:
        """The what-if: the scenario with the levers on top."""
        acts = [
            abm.Intervention(
                one.kind, one.level, self.start(one.kind), one.end, target=self.target(one.kind),
                region=self.region if KINDS[one.kind].actor == "government" else "all",
            )
            for one in self.levers
        ]  # fmt: skip
        return self.before_levers().enact(*acts)


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before a user: the question in hand, those put aside, and the way back and forth.

    Attributes:
        question: The one in hand.
        kept: Those put aside to compare with, the oldest first.
        past: What can be undone, the oldest first.
        future: What can be done again, the next first.
    """

    question: Question = field(default_factory=Question)
    kept: tuple[Question, ...] = ()
    past: tuple[tuple[Question, tuple[Question, ...]], ...] = ()
    future: tuple[tuple[Question, tuple[Question, ...]], ...] = ()

    def asked(self, question: Question) -> Desk:
        """Another question in hand."""
        return self._done(question, self.kept)

    def put_aside(self) -> Desk:
        """The question in hand kept, too; the oldest leaves when there are more than `KEPT`."""
        others = tuple(one for one in self.kept if one != self.question)
        return self._done(self.question, (*others, self.question)[-KEPT:])

    def dropped(self, question: Question) -> Desk:
        """Without one of those put aside."""
        return self._done(self.question, tuple(one for one in self.kept if one != question))

    def undone(self) -> Desk:
        """One step back."""
        if not self.past:
            return self
        *past, (question, kept) = self.past
        return Desk(question, kept, tuple(past), ((self.question, self.kept), *self.future))

    def redone(self) -> Desk:
        """One step forth."""
        if not self.future:
            return self
        (question, kept), *future = self.future
        return Desk(question, kept, (*self.past, (self.question, self.kept)), tuple(future))

    def _done(self, question: Question, kept: tuple[Question, ...]) -> Desk:
        if (question, kept) == (self.question, self.kept):
            return self
        return Desk(question, kept, (*self.past, (self.question, self.kept)), ())


@dataclass(frozen=True, slots=True)
class View:
    """How the records are shown; none of it starts a run."""

    quarter: str = "2030Q4"
    weight: str = WEIGHTS[0]
    all_regions: bool = False
    map_measure: str = "penetration"
    map_change: bool = False
    vendors_in_world: bool = False
    gains_in_world: bool = True
    language: str = strings.ENGLISH
    dark: bool = False
    sector: str = ""


ChangeQuestion = Callable[[Callable[[Question], Question]], None]
ChangeDesk = Callable[[Callable[[Desk], Desk]], None]
ChangeView = Callable[[Callable[[View], View]], None]


def own_scenario(toml: str) -> str:
    """A user's scenario as TOML, checked, over the same quarters as the baseline that it is compared with.

    Args:
        toml: What the user gave.

    Raises:
        InputError: If it is no scenario.
    """
    base = abm.Scenario.load(BASELINE)
    return abm.Scenario.from_toml(toml).replace(start=base.start, end=base.end).to_toml()


def quarters_of(scenario: abm.Scenario) -> list[str]:
    """The last quarter of each year of a run, for which numbers can be shown."""
    return [quarter for quarter in quarter_range(scenario.start, scenario.end) if quarter.endswith("Q4")]


def targets_of(kind: str) -> list[str]:
    """Targets that the page offers for a kind of lever, in the order of the kind's families.

    What labs and events do to proprietary models comes first, what governments do for open ones.
    """
    declared = KINDS[kind]
    offered = list(strings.TARGET_NAMES)
    if declared.actor != "government":
        offered.sort(key=lambda target: target == "license:open")
    return [t for family in declared.targets for t in offered if t.partition(":")[0] == family]


def slider_step(kind: str) -> float:
    """Step of a lever's slider: round, about a twentieth of the range, and such that zero can be reached."""
    low, high = KINDS[kind].level.low, KINDS[kind].level.high
    for step in (0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.0025, 0.001):
        if step <= (high - low) / 10 and all(abs(end / step - round(end / step)) < 1e-9 for end in (low, high)):
            return step
    return (high - low) / 20
