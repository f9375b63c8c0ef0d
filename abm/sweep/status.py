"""How far a sweep is, read off its store, whoever is at work on it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from abm.sweep.store import Store

_RECENT = 50  # parts from which the pace is taken
_IDLE, _LEAST = 5.0, 60.0  # times the usual gap between two parts, and seconds, without a part: nobody is at work


@dataclass(frozen=True, slots=True)
class Status:
    """How far a sweep is.

    Attributes:
        runs: Runs in all.
        done: Runs that are kept, failed ones included.
        failed: Runs that have failed.
        left: Runs that are left.
        parts: Parts in all.
        parts_done: Parts that are kept.
        damaged: Files that were found damaged and set aside.
        runs_per_second: Pace of the last parts; None if it cannot be told.
        seconds_left: Time that is left at that pace; None if it cannot be told, or nobody seems to be at work.
    """

    runs: int
    done: int
    failed: int
    left: int
    parts: int
    parts_done: int
    damaged: list[str]
    runs_per_second: float | None
    seconds_left: float | None

    def as_dict(self) -> dict[str, Any]:
        """The status as plain values."""
        return asdict(self)


def _written(path: Path) -> float | None:
    """When a part was written; None if it has just been set aside by somebody else."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return None


def _last_stretch(parts: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """The last parts (when, number) since nobody was at work for long."""
    recent = parts[-_RECENT:]
    gaps = [after - before for (before, _), (after, _) in pairwise(recent)]
    longest = max(_IDLE * median(gaps), _LEAST) if gaps else 0.0
    pauses = [k for k, gap in enumerate(gaps, 1) if gap > longest]
    return recent[pauses[-1] :] if pauses else recent


def status(store: Store) -> Status:
    """How far a sweep is; every part is checked, and set aside if it is damaged."""
    whole, damaged = store.checked()
    done = sum(len(store.runs_of(part)) for part in whole)
    left = store.study.runs - done
    recent = _last_stretch(sorted((when, part) for part, path in whole.items() if (when := _written(path))))
    pace = None
    if len(recent) > 1 and recent[-1][0] > recent[0][0]:
        pace = sum(len(store.runs_of(part)) for _, part in recent[1:]) / (recent[-1][0] - recent[0][0])
    seconds = left / pace if pace else None
    if pace and left:
        gap = (recent[-1][0] - recent[0][0]) / (len(recent) - 1)
        if time.time() - recent[-1][0] > max(_IDLE * gap, _LEAST):
            seconds = None
    failed = sum(map(len, store.failures(whole).values()))
    return Status(store.study.runs, done, failed, left, store.parts, len(whole), damaged, pace, seconds)
