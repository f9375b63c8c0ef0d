"""What the user has chosen, as one frozen value, and the scenarios it means."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import abm
from abm.quarters import quarter_range
from abm.scenario.policy import KINDS, WORLDWIDE
from abm.ui import strings

FIRMS = (2_000, 20_000)
SEED = 1
END = "2035Q4"
_KEPT = 24


@dataclass(frozen=True, slots=True)
class Choices:
    """The state of one user's page; `levels` and `targets` hold (kind, value) pairs of the levers moved."""

    preset: str = "baseline"
    region: str = "china"
    start: str = "2026Q3"
    quarter: str = "2030Q4"
    weight: str = "firms"
    firms: int = 20_000
    change: bool = False
    levels: tuple[tuple[str, float], ...] = ()
    targets: tuple[tuple[str, str], ...] = ()

    def level(self, kind: str) -> float:
        """Level of a lever, zero where it was not moved."""
        return dict(self.levels).get(kind, 0.0)

    def target(self, kind: str) -> str:
        """Target of a lever."""
        return dict(self.targets).get(kind, targets_of(kind)[0])

    def scenario(self) -> abm.Scenario:
        """The what-if: the preset with the levers on top."""
        levers = [
            abm.Intervention(
                kind, level, self.start, target=self.target(kind),
                region=self.region if KINDS[kind].actor == "government" else "all",
            )
            for kind, level in self.levels
            if level
        ]  # fmt: skip
        return abm.Scenario.load(self.preset).enact(*levers)


def targets_of(kind: str) -> list[str]:
    """Targets that the page offers for a kind of lever."""
    families = KINDS[kind].targets
    named = [t for t in strings.TARGET_NAMES if t.split(":")[0] in families]
    return [t for t in named if not (kind in WORLDWIDE and t.endswith(":home"))]


def quarters() -> list[str]:
    """Quarters that a lever can start in."""
    return quarter_range("2023Q1", END)


class RunStore:
    """Finished runs, shared by all users: records are never written to. Locked, the oldest leave first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: OrderedDict[tuple[str, int, int], abm.Record] = OrderedDict()

    def record(self, scenario: abm.Scenario, firms: int, progress: Callable[[int, int], None]) -> abm.Record:
        """The record of a scenario, run now if it is not kept.

        Args:
            scenario: The question.
            firms: Number of sampled firms.
            progress: Called with (done, in all); may raise to give up.
        """
        key = (scenario.digest, firms, SEED)
        with self._lock:
            if key in self._records:
                self._records.move_to_end(key)
                return self._records[key]
        record = abm.simulate(scenario, firms=firms, seed=SEED, progress=progress)
        with self._lock:
            self._records[key] = record
            while len(self._records) > _KEPT:
                self._records.popitem(last=False)
        return record


RUNS = RunStore()
