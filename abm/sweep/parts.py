"""One part of a sweep: the unit of work that every engine is given."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import cast

from abm.sweep.guarded import Guarded
from abm.sweep.store import Store, opened
from abm.sweep.study import ERROR

Tell = Callable[[], None]
_here = threading.local()
_all: set[Guarded] = set()


def run_part(folder: str, part: int, again: bool = False, told: Tell | None = None) -> int:
    """Do the runs of a part in a process beside this thread, and keep them; nothing if they are kept already.

    Args:
        folder: Folder of the store.
        part: Number of the part.
        again: Whether runs that have failed are tried again.
        told: Called after each run.

    Returns:
        Number of runs that have failed.

    Raises:
        OSError: If the part cannot be written.
    """
    store = _store(folder)
    before = store.file_of(part)
    there = store.rows_in(before) if before else {}
    if again:
        there = {run: rows for run, rows in there.items() if rows[0][ERROR] is None}
    if before is None or len(there) < len(store.runs_of(part)):
        missing = [run for run in store.runs_of(part) if run not in there]
        for run, rows in zip(missing, _process(store).rows(missing), strict=True):
            there[run] = rows
            if told is not None:
                told()
        kept = store.keep(part, [row for run in store.runs_of(part) for row in there[run]])
        if before is not None and before != kept:
            before.unlink()
    return sum(rows[0][ERROR] is not None for rows in there.values())


def stop_all() -> None:
    """End all processes of this one that do runs."""
    for one in tuple(_all):
        one.stop()
    _all.clear()


@lru_cache(maxsize=4)
def _store(folder: str) -> Store:
    return opened(Path(folder))


def _process(store: Store) -> Guarded:
    """The process of this thread for a store."""
    found = cast("Guarded | None", getattr(_here, "process", None))
    if found is None or found.store is not store or found not in _all:
        if found is not None:
            found.stop()
            _all.discard(found)
        found = _here.process = Guarded(store)
        _all.add(found)
    return found


atexit.register(stop_all)
