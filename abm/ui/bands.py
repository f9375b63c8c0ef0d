"""What the model does not know: draws from the posterior run behind the page, a few series of each kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np
import solara
import solara.lab
from numpy.typing import NDArray

import abm
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.scenario.posterior import at_draw
from abm.simulation import continued
from abm.ui.choices import BASELINE, Question
from abm.ui.pasts import Pasts
from abm.ui.runs import SupersededError

Floats = NDArray[np.float64]
Series = dict[tuple[str, str], Floats]  # (indicator, reading) to values of shape (quarter, region and world)
DRAWS, FIRMS = 20, 3_000
LEVEL = 0.9
_KEPT = 3 * DRAWS
MONEY = ("surplus", "public_outlay")


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


class DrawStore:
    """Series of finished runs, shared by all users."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pasts = Pasts(2 * DRAWS)
        self._series: OrderedDict[str, Series] = OrderedDict()

    def series(self, scenario: abm.Scenario, past_of: abm.Scenario, progress: Callable[[int, int], None]) -> Series:
        """Series of a scenario, run now if they are not kept.

        Args:
            scenario: The question at a draw.
            past_of: What it was before levers were moved, at the same draw.
            progress: Called with (done, in all); may raise to give up.
        """
        with self._lock:
            if scenario.digest in self._series:
                self._series.move_to_end(scenario.digest)
                return self._series[scenario.digest]
        made = series_of(continued(self._pasts.of(scenario, past_of, FIRMS), scenario, progress))
        with self._lock:
            self._series[scenario.digest] = made
            while len(self._series) > _KEPT:
                self._series.popitem(last=False)
        return made


def series_of(record: abm.Record) -> Series:
    """The few series of a record that bands are drawn of, each with the world as its last column."""
    found = {}
    for indicator, readings in {
        "penetration": POPULATIONS,
        "open_share": WEIGHTS,
        **dict.fromkeys(MONEY, ("",)),
    }.items():
        for reading in readings:
            how = {"population" if indicator == "penetration" else "weight": reading} if reading else {}
            regions = record.indicator(indicator, by="region", **how).values
            world = record.indicator(indicator, **how).values
            found[indicator, reading] = np.column_stack([regions, world])
    found["spending_hhi", ""] = record.indicator("spending_hhi").values[:, None]
    return found


STORE = DrawStore()


def use_bands(question: Question, ready: bool) -> solara.lab.Task:
    """Run draws of the baseline and of the what-if one after the other, each shown as soon as it is there.

    Args:
        question: What the user asks now.
        ready: Whether its single pair of runs is shown, which comes first.

    Returns:
        The task; `latest` holds the last `Bands`, `progress` a percentage while it is pending.
    """
    current = solara.use_ref(cast("solara.lab.Task | None", None))

    def run() -> Iterator[Bands]:
        task = current.current

        def tell(done: int, total: int) -> None:
            if task is not None and not task.is_current():
                raise SupersededError

        base, what_if = [], []
        for draw in range(DRAWS if ready else 0):
            baseline, preset, asked = (
                at_draw(one, draw).replace(shocks=draw + 1)
                for one in (abm.Scenario.load(BASELINE), question.before_levers(), question.scenario())
            )
            base.append(STORE.series(baseline, baseline, tell))
            what_if.append(STORE.series(asked, preset, tell))
            if task is not None:
                task.progress = 100 * (draw + 1) / DRAWS
            yield Bands(question, tuple(base), tuple(what_if))

    task = solara.lab.use_task(run, dependencies=[question, ready], raise_error=False, prefer_threaded=True)
    current.current = task
    return task
