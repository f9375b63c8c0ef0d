"""Draws from the posterior, run in a process of their own so that they never make the page wait; series of each kept."""

from __future__ import annotations

import multiprocessing.sharedctypes
import threading
import time
from collections import OrderedDict
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import abm
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.scenario.posterior import at_draw
from abm.simulation import continued
from abm.ui.pasts import Pasts
from abm.workers import pool

Floats = NDArray[np.float64]
Series = dict[tuple[str, str], Floats]  # (indicator, reading) to values of shape (quarter, region and world)
DRAWS, FIRMS = 20, 3_000
MONEY = ("surplus", "public_outlay")
_KEPT = 6 * DRAWS
_HELD = 0.3  # seconds that draws stand still after a run's quarter: the next one, or time for the page to be drawn
_pasts = Pasts(2 * DRAWS)
_LONGEST = 2.0  # seconds that a draw stands still in all, so that bands come also where many move levers
_until = multiprocessing.sharedctypes.RawValue("d", 0.0)  # when draws go on, by the system's clock


def series_at(scenario: abm.Scenario, before: abm.Scenario, draw: int, firms: int) -> Series:
    """Series of a scenario at a draw of the parameters and of the world's shocks.

    Args:
        scenario: The question.
        before: What it was before levers were moved: its past is kept for the next question.
        draw: Number of the draw, from 0 on.
        firms: Number of sampled firms.
    """
    asked, past = (at_draw(one, draw).replace(shocks=draw + 1) for one in (scenario, before))
    past_market, patience = _pasts.of(asked, past, firms), time.monotonic() + _LONGEST
    return series_of(continued(past_market, asked, lambda done, total: _wait(patience)))


def _held_by(until: Any) -> None:
    """Let the draws of this process stand still when another one says so."""
    global _until
    _until = until


def _wait(patience: float) -> None:
    """Stand still while somebody waits for a run, not longer than until a moment."""
    while time.monotonic() < min(_until.value, patience):
        time.sleep(0.01)


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


class DrawStore:
    """Series by scenario and draw, shared by all users: what several ask for is run once, what is kept not again."""

    def __init__(self) -> None:
        self.closed = False
        self._lock = threading.Lock()
        self._worker: ProcessPoolExecutor | None = None
        self._asked: OrderedDict[tuple[str, int], Future[Series]] = OrderedDict()

    def ask(self, scenario: abm.Scenario, before: abm.Scenario, draw: int) -> Future[Series]:
        """Series of a scenario at a draw: there already, on their way or begun now.

        Args:
            scenario: The question.
            before: What it was before levers were moved.
            draw: Number of the draw, from 0 on.

        Raises:
            CancelledError: If the program is ending.
        """
        key = (scenario.digest, draw)
        with self._lock:
            if self.closed:
                raise CancelledError
            asked = self._asked.get(key)
            if asked is None or (asked.done() and asked.exception()):
                asked = self._asked[key] = self._begun(scenario, before, draw)
            self._asked.move_to_end(key)
            while len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
            return asked

    def hold(self) -> None:
        """Let draws stand still for a moment: they share caches and memory with what somebody is waiting for."""
        _until.value = time.monotonic() + _HELD

    def close(self) -> None:
        """Give up what has not begun, and begin no more, so that the program can end."""
        with self._lock:
            self.closed = True
            if self._worker is not None:
                self._worker.shutdown(wait=False, cancel_futures=True)

    def _begun(self, scenario: abm.Scenario, before: abm.Scenario, draw: int) -> Future[Series]:
        """A run that has begun; a worker that was killed is replaced."""
        if self._worker is not None:
            try:
                return self._worker.submit(series_at, scenario, before, draw, FIRMS)
            except BrokenProcessPool:
                self._worker.shutdown(wait=False)
        self._worker = pool(1, background=True, first=partial(_held_by, _until))
        return self._worker.submit(series_at, scenario, before, draw, FIRMS)


STORE = DrawStore()
