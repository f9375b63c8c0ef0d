"""A million points on a thousand workers: the driver stays small, and fast enough."""

import threading
import time
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from sweep.toys import study

from abm.sweep import running
from abm.sweep.engines import Engine
from abm.sweep.files import study_of
from abm.sweep.manifest import made, opened
from abm.sweep.running import SECONDS_PER_PART, go_on
from abm.sweep.status import status

MILLION = 1_000_000


class StopError(Exception):
    """Somebody stops the sweep."""


def test_a_million_points_are_run_and_resumed_in_little_memory(tmp_path, monkeypatch):
    """Parts are kept with their first run alone: what the driver holds is what counts here."""
    asked = study_of(study("linear", points=MILLION, seeds=1))
    store = made(asked, tmp_path / "store", 2500)
    handed, lock = Counter(), threading.Lock()

    def part(folder, number, timeout, again, told):
        run = store.runs_of(number)[0]
        store.keep(number, asked.filled(run, asked.values(run), {"z": [0.0]}, None))
        with lock:
            handed[number] += 1
        return 0

    def until_half(now):
        if now.left <= MILLION // 2:
            raise StopError

    monkeypatch.setattr(running, "run_part", part)
    asked.values(0)  # loads the library that makes the design
    tracemalloc.start()
    for progress in (until_half, lambda now: None):
        with ThreadPoolExecutor(2) as pool:
            try:
                go_on(store, Engine(pool, lambda: 2), progress)
            except StopError:
                assert status(opened(store.folder)).left <= MILLION // 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert set(handed.values()) == {1} and len(handed) == store.parts == 400
    assert peak < 20e6  # a million numbers are eight


def test_one_driver_keeps_a_thousand_workers_busy(tmp_path, monkeypatch):
    """Virtual workers whose parts take half a second: twenty times as many parts a second as real ones would ask for."""
    workers, seconds = 1000, 0.5
    store = made(study_of(study("linear", points=6 * workers, seeds=1)), tmp_path / "store", 1)
    handed, lock = Counter(), threading.Lock()

    def part(folder, number, timeout, again, told):
        with lock:
            handed[number] += 1
        time.sleep(seconds)
        run = store.runs_of(number)[0]
        (store.folder / "parts" / f"runs-{run:09d}-{run:09d}-{0:016x}.parquet").touch()
        return 0

    monkeypatch.setattr(running, "run_part", part)
    began = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        go_on(store, Engine(pool, lambda: workers), lambda now: None)
    pace = store.parts / (time.perf_counter() - began)
    assert set(handed.values()) == {1} and len(handed) == store.parts
    assert pace > 3 * workers / SECONDS_PER_PART, f"{pace:.0f} parts a second"
