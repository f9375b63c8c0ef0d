"""Runs behind the page: a locked store of finished records, and a task that runs what a user asks for."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import solara
import solara.lab

import abm
from abm.simulation import continued
from abm.ui.choices import BASELINE, Question
from abm.ui.draws import STORE
from abm.ui.pasts import SEED, Pasts

_KEPT, _PASTS = 8, 6  # a record holds 30 MB, and memory that is used again costs a run less time than new memory
_TOLD_EVERY = 0.5  # seconds between two reports of progress: each redraws something


class SupersededError(Exception):
    """A newer choice has made this run useless."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished pair of runs.

    Attributes:
        question: What was asked.
        base: The baseline.
        what_if: The what-if.
        kept: What-ifs that were put aside, the oldest first.
    """

    question: Question
    base: abm.Record
    what_if: abm.Record
    kept: tuple[abm.Record, ...] = ()


class RunStore:
    """Finished runs, shared by all users: records are never written to. Locked; the longest unused leave first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._records: OrderedDict[tuple[str, int, int], abm.Record] = OrderedDict()
        self._pasts = Pasts(_PASTS)

    def kept(self, scenario: abm.Scenario, firms: int) -> abm.Record | None:
        """The record of a scenario if it is kept."""
        key = (scenario.digest, firms, SEED)
        with self._lock:
            if key in self._records:
                self._records.move_to_end(key)
            return self._records.get(key)

    def record(
        self, scenario: abm.Scenario, base: abm.Scenario, firms: int, progress: Callable[[int, int], None]
    ) -> abm.Record:
        """The record of a scenario, run now if it is not kept.

        Args:
            scenario: The question.
            base: What it was before levers were moved.
            firms: Number of sampled firms.
            progress: Called with (done, in all); may raise to give up.
        """
        record = self.kept(scenario, firms)
        if record is None:
            record = continued(self._pasts.of(scenario, base, firms), scenario, progress)
            with self._lock:
                self._records[scenario.digest, firms, SEED] = record
                while len(self._records) > _KEPT:
                    self._records.popitem(last=False)
        return record


RUNS = RunStore()


def use_answer(question: Question, aside: tuple[Question, ...] = ()) -> tuple[solara.lab.Task, solara.Reactive[float]]:
    """Run the baseline and the what-if in a thread, again whenever the question changes.

    Args:
        question: What the user asks now.
        aside: What was put aside to compare with; run with as many firms.

    Returns:
        The task, whose `latest` holds the last `Answer`; and the percentage that is done while it is pending.
    """
    progress = solara.use_reactive(0.0)
    current = solara.use_ref(cast("solara.lab.Task | None", None))

    def run() -> Answer:
        task, told = current.current, time.monotonic()

        def tell(done: int, total: int) -> None:
            nonlocal told
            STORE.hold()
            if task is not None and not task.is_current():
                raise SupersededError
            if time.monotonic() > told + _TOLD_EVERY:
                told, progress.value = time.monotonic(), 100 * done / total

        STORE.hold()
        base = abm.Scenario.load(BASELINE)
        before, after, *kept = (
            RUNS.record(scenario, past, question.firms, tell)
            for scenario, past in ((base, base), *((one.scenario(), one.before_levers()) for one in (question, *aside)))
        )
        return Answer(question, before, after, tuple(kept))

    task = solara.lab.use_task(run, dependencies=[question, aside], raise_error=False, prefer_threaded=True)
    current.current = task
    return task, progress
