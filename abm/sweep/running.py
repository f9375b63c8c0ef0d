"""Run what a store lacks of a study, part by part, on any engine; stop and go on without losing a part."""

from __future__ import annotations

import contextlib
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path
from statistics import fmean

import numpy as np

from abm.quantities import InputError
from abm.rng import name_key
from abm.sweep import engines
from abm.sweep.engines import Engine
from abm.sweep.guarded import Guarded
from abm.sweep.manifest import made
from abm.sweep.parts import run_part
from abm.sweep.permutation import permuted
from abm.sweep.store import MANIFEST, UNFINISHED, Store
from abm.sweep.study import Study

SECONDS_PER_PART = 10.0  # long against the cost of handing a part out, short against what a kill may lose
MOST_RUNS_PER_PART = 1000
_PARTS_PER_WORKER, _LEAST_PARTS = 8, 64  # so that all have work until the end, also those who join later
_TRIED = 5  # runs that tell how long one takes
_LOOK_EVERY, _ATTEMPTS = 0.5, 3  # seconds; times that a part may be lost with its worker


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is.

    Attributes:
        done: Runs that are kept, or finished in parts that are not whole yet.
        failed: Those of them that have failed.
        left: Runs that are left.
    """

    done: int
    failed: int
    left: int


def run_study(
    study: Study,
    folder: str | Path,
    engine: contextlib.AbstractContextManager[Engine] | None = None,
    progress: Callable[[Progress], None] | None = None,
    runs_per_part: int = 0,
    again: bool = False,
) -> Store:
    """Run what is not kept yet of a study.

    Whatever ends it, parts that are kept stay: the same call goes on. Results do not depend on the engine or the parts.

    Args:
        study: The study.
        folder: Where its runs are kept; a new folder, or one with a part of this study.
        engine: Where the runs are done; on the processors of this machine by default.
        progress: Told how far it is.
        runs_per_part: Runs that are kept together in a new store; 0 for some ten seconds of work.
        again: Whether runs that have failed are tried again.

    Returns:
        The store.

    Raises:
        InputError: If the folder holds another study, the engine cannot be reached, or the store cannot be written.
    """
    with engine or engines.local() as here:
        store = store_for(study, folder, runs_per_part, here.width())
        go_on(store, here, progress or (lambda told: None), again)
    return store


def store_for(study: Study, folder: str | Path, runs_per_part: int, width: int) -> Store:
    """The store of a study, made now or there already.

    Args:
        study: The study.
        folder: Where.
        runs_per_part: Runs that are kept together in a new store; 0 for some ten seconds of work.
        width: Parts that will be done at a time.

    Raises:
        InputError: If the folder holds another study, or cannot be made.
    """
    if runs_per_part < 0:
        raise InputError(f"part = {runs_per_part} must be a whole number of runs from 1, or 0 for ten seconds of work.")
    if not runs_per_part and not (Path(folder) / MANIFEST).exists():
        runs_per_part = _runs_per_part(study, width)
    return made(study, folder, max(runs_per_part, 1))


def go_on(
    store: Store, engine: Engine, progress: Callable[[Progress], None], again: bool = False, task: int = 0, of: int = 1
) -> None:
    """Run what a store lacks.

    Args:
        store: The store.
        engine: Where the runs are done.
        progress: Told how far it is.
        again: Whether runs that have failed are tried again.
        task: Number of the share that is done here, of several that are done by others, from 0.
        of: Shares in all.

    Raises:
        InputError: If the store cannot be written, or the engine is lost.
    """
    with _only_driver(store) as alone:
        try:
            _drive(store, engine, range(task, store.parts, of), alone, again, progress)
        except CancelledError:
            raise InputError(
                f"the engine has been lost. What was kept in {str(store.folder)!r} stays: give the same command again, with "
                "the same engine or another."
            ) from None
        except OSError as error:
            raise InputError(
                f"store {str(store.folder)!r} cannot be written: {error.strerror or error}. What was kept stays: make room "
                "or mend it, and give the same command again."
            ) from None


def _drive(
    store: Store, engine: Engine, share: range, alone: bool, again: bool, progress: Callable[[Progress], None]
) -> None:
    """Hand out the parts of a share, a few more than are done at a time, until none is missing."""
    store.tidy()
    kept, _ = store.checked()
    failures = store.failures(kept)
    if again:
        kept = {part: path for part, path in kept.items() if part not in failures}
        failures = {}
    done = sum(len(store.runs_of(part)) for part in kept)
    failed = {part: len(runs) for part, runs in failures.items()}
    unfinished: dict[int, int] = {}  # runs done in parts that are in hand, by part
    lost: dict[int, int] = {}  # times that a part was lost with its worker
    gone: dict[int, int] = {}  # times that it was not there any more, though it had been kept
    waiting = _in_turn(share, kept, alone)
    running: dict[Future[int], int] = {}
    folder, timeout, submit = str(store.folder.resolve()), store.study.timeout, engine.executor.submit

    def tell() -> None:
        now = done + sum(unfinished.values())
        progress(Progress(now, sum(failed.values()), store.study.runs - now))

    def count(part: int) -> None:
        unfinished[part] = unfinished.get(part, 0) + 1

    try:
        tell()
        while True:
            for part in islice(waiting, max(2 * engine.width() - len(running), 0)):
                told = partial(count, part) if engine.beside else None
                running[submit(run_part, folder, part, timeout, again, told)] = part
            if not running:
                there = store.kept()
                missing = [part for part in share if part not in there]  # others have set them aside meanwhile
                for part in missing:
                    gone[part] = gone.get(part, 0) + 1
                    if gone[part] > _ATTEMPTS:
                        raise InputError(
                            f"part {part} of {folder!r} is gone each time that it is kept: who removes it?"
                        )
                    done -= len(store.runs_of(part))
                    failed.pop(part, None)
                if not missing:
                    return
                time.sleep(_LOOK_EVERY)
                waiting = iter(missing)
                continue
            for future in wait(running, _LOOK_EVERY, FIRST_COMPLETED).done:
                part = running.pop(future)
                error = future.exception()
                unfinished.pop(part, None)
                if error is None:
                    done += len(store.runs_of(part))
                    failed[part] = future.result()
                elif isinstance(error, OSError | InputError) or lost.get(part, 0) + 1 >= _ATTEMPTS:
                    raise error
                else:  # the worker was lost with the part
                    lost[part] = lost.get(part, 0) + 1
                    waiting = chain([part], waiting)
            tell()
    finally:
        for future in running:
            future.cancel()


def _in_turn(share: range, kept: dict[int, Path], alone: bool) -> Iterator[int]:
    """Parts that are missing, from the first on; for one of several drivers in an order of its own.

    Two with one order would catch up with each other and then do every part at the same time.
    """
    if alone:
        return (part for part in share if part not in kept)
    order = permuted(np.arange(len(share)), len(share), name_key(platform.node(), os.getpid(), time.time_ns()))
    return (part for place in order if (part := share[int(place)]) not in kept)


@contextlib.contextmanager
def _only_driver(store: Store) -> Iterator[bool]:
    """Whether no other driver is at work on the store, as far as this machine's file system can tell."""
    try:
        import fcntl
    except ImportError:  # a system without it has no such locks
        yield True
        return
    with (store.folder / UNFINISHED / "driver.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def _runs_per_part(study: Study, width: int) -> int:
    """Runs that make some ten seconds of work, found by doing a few from all over the study for as long."""
    some = np.linspace(0, study.runs - 1, _TRIED, dtype=int).tolist()
    with tempfile.TemporaryDirectory() as folder:
        process = Guarded(made(study, folder, 1))
        try:
            runs = process.rows([0, *some], study.timeout)
            next(runs)  # the first of anything is slower
            took: list[float] = []
            while len(took) < _TRIED and sum(took) < SECONDS_PER_PART:
                began = time.perf_counter()
                next(runs)
                took.append(time.perf_counter() - began)
        finally:
            process.stop()
    most = min(MOST_RUNS_PER_PART, -(-study.runs // max(_PARTS_PER_WORKER * width, _LEAST_PARTS)))
    return max(1, min(most, round(SECONDS_PER_PART / max(fmean(took), 1e-6))))
