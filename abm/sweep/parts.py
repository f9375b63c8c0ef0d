"""One part of a sweep: the unit of work that every engine is given."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import cast

from abm.sweep.guarded import Guarded, StoppedError
from abm.sweep.manifest import opened
from abm.sweep.store import MANIFEST, Store
from abm.sweep.study import ERROR

Tell = Callable[[], None]
_here = threading.local()


class Workers:
    """The processes of one engine in this process, which end together."""

    def __init__(self) -> None:
        self._open = True
        self._all: list[Guarded] = []
        self._lock = threading.Lock()
        atexit.register(self.stop)

    def use(self) -> None:
        """Make this thread work with them."""
        _here.workers, _here.process = self, None

    def of(self, store: Store) -> Guarded:
        """The process of this thread for a store.

        Raises:
            StoppedError: If they have been stopped.
        """
        found = cast("Guarded | None", getattr(_here, "process", None))
        with self._lock:
            if not self._open:
                raise StoppedError
            if found is None or found.store is not store:
                if found is not None:
                    found.stop()
                    self._all.remove(found)
                found = _here.process = Guarded(store)
                self._all.append(found)
        return found

    def stop(self) -> None:
        """End them, at once and for good."""
        with self._lock:
            self._open = False
            for one in self._all:
                one.stop()
            self._all.clear()
        atexit.unregister(self.stop)


_elsewhere = Workers()  # of the threads of a cluster's worker


def run_part(folder: str, part: int, timeout: float, again: bool = False, told: Tell | None = None) -> int:
    """Do the runs of a part in a process beside this thread, and keep them; nothing if they are kept already.

    Args:
        folder: Folder of the store.
        part: Number of the part.
        timeout: Seconds after which a run has failed.
        again: Whether runs that have failed are tried again.
        told: Called after each run.

    Returns:
        Number of runs that have failed.

    Raises:
        OSError: If the part cannot be written.
        InputError: If the process of the runs cannot start.
    """
    manifest = (Path(folder) / MANIFEST).stat()
    store = _store(folder, manifest.st_ino, manifest.st_mtime_ns)
    before = store.file_of(part)
    there = store.rows_in(before) if before else {}
    if again:
        there = {run: rows for run, rows in there.items() if rows[0][ERROR] is None}
    missing = [run for run in store.runs_of(part) if run not in there]
    if missing:
        workers = cast("Workers | None", getattr(_here, "workers", None)) or _elsewhere
        for run, rows in zip(missing, workers.of(store).rows(missing, timeout), strict=True):
            there[run] = rows
            if told is not None:
                told()
        kept = store.keep(part, [row for run in store.runs_of(part) for row in there[run]])
        if before is not None and before != kept:
            before.unlink(missing_ok=True)
    return sum(rows[0][ERROR] is not None for rows in there.values())


@lru_cache(maxsize=4)
def _store(folder: str, inode: int, written: int) -> Store:
    """The store of a folder; another one if its manifest is another."""
    return opened(Path(folder))
