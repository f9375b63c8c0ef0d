"""What the model does not know: intervals over draws from the posterior that stream in behind the page."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, wait
from dataclasses import dataclass
from typing import cast

import numpy as np
import solara
import solara.lab

import abm
from abm.ui.choices import BASELINE, Question
from abm.ui.draws import DRAWS, STORE, Floats, Series
from abm.ui.runs import SupersededError

LEVEL = 0.9
_SHOWN_EVERY = 5  # draws between two redrawings of the page
_LOOK_EVERY = 0.05  # seconds between two looks whether the question is another by now


@dataclass(frozen=True, slots=True)
class Bands:
    """What-ifs and their baselines at draws from the posterior, with the same chance.

    Attributes:
        question: What was asked.
        base: Series of the baseline at each draw so far.
        what_if: The same of the what-if.
    """

    question: Question
    base: tuple[Series, ...]
    what_if: tuple[Series, ...]

    @property
    def draws(self) -> int:
        """Draws so far."""
        return len(self.base)

    def band(self, indicator: str, reading: str, place: int, of: str) -> tuple[Floats, Floats]:
        """Lower and upper end of the interval that holds nine tenths of the draws, each of shape (quarter,).

        Args:
            indicator: penetration, open_share, spending_hhi or one of `MONEY`.
            reading: Population or weight, "" if there is none.
            place: Number of the region in the record, or -1 for the world.
            of: base, what_if or change.
        """
        low, high = np.nanquantile(
            self._drawn(indicator, reading, place, of), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0
        )
        return low, high

    def chance(self, reading: str, place: int, quarter_index: int, goal: float) -> tuple[float, float]:
        """Parts of the draws in which adoption reaches a goal, in the baseline and in the what-if.

        Args:
            reading: Population of adoption.
            place: Number of the region in the record, or -1 for the world.
            quarter_index: Number of the quarter in the record.
            goal: Least share that reaches the goal.
        """
        base, what_if = (
            float(np.mean(self._drawn("penetration", reading, place, of)[:, quarter_index] >= goal))
            for of in ("base", "what_if")
        )
        return base, what_if

    def _drawn(self, indicator: str, reading: str, place: int, of: str) -> Floats:
        base, what_if = (
            np.array([one[indicator, reading][:, place] for one in many]) for many in (self.base, self.what_if)
        )
        return {"base": base, "what_if": what_if, "change": what_if - base}[of]


def use_bands(question: Question, ready: bool) -> tuple[solara.lab.Task, solara.Reactive[float], Bands | None]:
    """Ask for draws of the baseline and of the what-if one after the other; some at a time are shown.

    Args:
        question: What the user asks now.
        ready: Whether its single pair of runs is shown, which comes first.

    Returns:
        The task; the percentage that is done while it is pending; and the last bands, also while another question's pair
        is run: what is on the page stays as it is until then.
    """
    progress = solara.use_reactive(0.0)
    current = solara.use_ref(cast("solara.lab.Task | None", None))
    last = solara.use_ref(cast("Bands | None", None))

    def run() -> Iterator[Bands]:
        task = current.current
        baseline = abm.Scenario.load(BASELINE)
        asked, before = (question.scenario(), question.before_levers()) if ready else (baseline, baseline)
        base, what_if = [], []
        for draw in range(DRAWS if ready else 0):
            try:
                pair = [STORE.ask(baseline, baseline, draw), STORE.ask(asked, before, draw)]
                while wait(pair, _LOOK_EVERY).not_done:
                    if task is not None and not task.is_current():
                        raise SupersededError
                    if STORE.closed:
                        return
                base.append(pair[0].result())
                what_if.append(pair[1].result())
            except CancelledError:  # the program is ending
                return
            progress.value = 100 * (draw + 1) / DRAWS
            if (draw + 1) % _SHOWN_EVERY == 0:
                yield Bands(question, tuple(base), tuple(what_if))

    task = solara.lab.use_task(run, dependencies=[question, ready], raise_error=False, prefer_threaded=True)
    current.current = task
    last.current = cast("Bands | None", task.latest) or last.current
    return task, progress, last.current
