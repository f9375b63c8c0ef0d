"""What a user has chosen, as frozen values, and what of a page address can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qs

import abm
from abm.observe.indicators import WEIGHTS
from abm.quarters import quarter_name
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.ui import strings

FIRMS = (2_000, 20_000)
FIRMS_LOW, FIRMS_HIGH = 1_000, 50_000
SEED = 1
BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Question:
    """What is run; `levels` and `targets` hold (kind, value) pairs of the levers moved."""

    preset: str = BASELINE
    region: str = "china"
    start: str = ""
    firms: int = FIRMS[-1]
    levels: tuple[tuple[str, float], ...] = ()
    targets: tuple[tuple[str, str], ...] = ()

    def level(self, kind: str) -> float:
        """Level of a lever, zero where it was not moved."""
        return dict(self.levels).get(kind, 0.0)

    def target(self, kind: str) -> str:
        """Target of a lever; unless chosen, the first that is not the acting region's own origin."""
        allowed = targets_of(kind)
        abroad = [t for t in allowed if t != f"origin:{self.region}"]
        return dict(self.targets).get(kind, abroad[0])

    def moved(self, kind: str, level: float) -> Question:
        """The same with one lever at another level."""
        levels = {**dict(self.levels), kind: round(level, 6)}
        return replace(self, levels=tuple((k, v) for k, v in sorted(levels.items()) if v))

    def aimed(self, kind: str, target: str) -> Question:
        """The same with one lever at another target."""
        return replace(self, targets=tuple(sorted({**dict(self.targets), kind: target}.items())))

    def scenario(self) -> abm.Scenario:
        """The what-if: the preset with the levers on top."""
        levers = [
            abm.Intervention(
                kind, level, self.start or first_open_quarter(), target=self.target(kind),
                region=self.region if KINDS[kind].actor == "government" else "all",
            )
            for kind, level in self.levels
        ]  # fmt: skip
        return abm.Scenario.load(self.preset).enact(*levers)


@dataclass(frozen=True, slots=True)
class View:
    """How the records are shown; none of it starts a run."""

    quarter: str = "2030Q4"
    weight: str = WEIGHTS[0]
    all_regions: bool = False
    map_measure: str = "penetration"
    map_change: bool = False
    vendors_in_world: bool = False


ChangeQuestion = Callable[[Callable[[Question], Question]], None]
ChangeView = Callable[[Callable[[View], View]], None]


def first_open_quarter() -> str:
    """The first quarter after the evidence: where policy can still act."""
    return quarter_name(load_tables().last_observed + 1)


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


def question_of(search: str) -> tuple[Question, str]:
    """What a page address asks for, and what of it could not be used, in words.

    Args:
        search: The part of the address after the question mark.
    """
    asked = {key: values[-1] for key, values in parse_qs(search.lstrip("?")).items()}
    question, ignored = Question(), []
    known = {"preset": abm.library(), "region": load_tables().listed("region")}
    used = {key: asked[key] for key, allowed in known.items() if asked.get(key) in allowed}
    question = Question(preset=used.get("preset", question.preset), region=used.get("region", question.region))
    for key in known:
        if key in asked and key not in used:
            ignored.append(strings.URL_IGNORED.format(what=f"{key} {asked[key]!r}", used=getattr(question, key)))
    if "firms" in asked:
        text = asked["firms"]
        number = int(text) if text.isdecimal() and len(text) < 9 else question.firms
        question = replace(question, firms=min(max(number, FIRMS_LOW), FIRMS_HIGH))
        if str(question.firms) != text:
            ignored.append(strings.URL_IGNORED.format(what=f"{text!r} firms", used=question.firms))
    return question, " ".join(ignored)
