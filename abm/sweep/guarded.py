"""Runs in a process of their own, so that one that hangs or takes the process with it is a failure and no more.

The process is given work by lines on its standard input and answers by lines; when the input ends, however the one who gave
the work has ended, so does the process.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from abm.sweep.store import Store, opened
from abm.sweep.study import Row

_ATTEMPTS = 2  # a process that somebody kills is no fault of the run: it is tried once more
_WATCHED_EVERY = 0.1  # seconds


class StoppedError(Exception):
    """The sweep is being stopped."""


class Guarded:
    """A process that does runs of a store.

    Args:
        store: The store.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._process: subprocess.Popen[str] | None = None
        self._stopped = self._late = False
        self._due = math.inf  # when the run in hand has taken too long
        self._lock = threading.Lock()

    def rows(self, runs: Iterable[int]) -> Iterator[list[Row]]:
        """Do runs one after the other: the rows of each, or those of its failure.

        Args:
            runs: Numbers of the runs.

        Raises:
            StoppedError: If it has been told to stop.
        """
        study, waiting, died = self.store.study, deque(runs), 0
        while waiting:
            process = self._ready()
            _ask(process, waiting)
            while waiting:
                self._due = time.monotonic() + study.timeout
                answer = _line(process)
                self._due = math.inf
                if not answer:
                    break
                found, run, died = json.loads(answer), waiting.popleft(), 0
                yield found["rows"] if "rows" in found else study.failed(run, found["error"])
            if waiting:
                process.kill()
                code = process.wait()
                if self._stopped:
                    raise StoppedError
                died += 1
                why = f"The process of the run ended {died} times, the last time with exit code {code}."
                if self._late:
                    why = f"TimeoutError: the run took more than {study.timeout:g} seconds."
                if self._late or died == _ATTEMPTS:
                    died, self._late = 0, False
                    yield study.failed(waiting.popleft(), why)

    def stop(self) -> None:
        """End the process, at once and for good."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def _ready(self) -> subprocess.Popen[str]:
        """The process, once it has loaded all it needs."""
        with self._lock:
            if self._stopped:
                raise StoppedError
            if self._process is not None and self._process.poll() is None:
                return self._process
            process = self._process = subprocess.Popen(
                [sys.executable, "-m", "abm.sweep.guarded", str(self.store.folder.resolve())],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, encoding="utf-8",
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )  # fmt: skip
        threading.Thread(target=self._watch, args=(process,), daemon=True).start()
        _line(process)
        return process

    def _watch(self, process: subprocess.Popen[str]) -> None:
        """Kill the process if a run takes too long."""
        while process.poll() is None:
            if time.monotonic() > self._due:
                self._late = True
                process.kill()
            time.sleep(_WATCHED_EVERY)


def _ask(process: subprocess.Popen[str], runs: Iterable[int]) -> None:
    """Tell a process which runs to do; one that has ended answers with nothing."""
    assert process.stdin is not None
    with suppress(BrokenPipeError):
        process.stdin.write(" ".join(map(str, runs)) + "\n")
        process.stdin.flush()


def _line(process: subprocess.Popen[str]) -> str:
    """A whole line of what a process says; "" if it has ended."""
    assert process.stdout is not None
    answer = process.stdout.readline()
    return answer if answer.endswith("\n") else ""


def _work(folder: str) -> None:
    """Do the runs that the standard input asks for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt reaches every process; the driver decides what it means
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a run prints must not stand among the answers
    asked: list[int] = []
    there = threading.Condition()

    def listen() -> None:
        for line in sys.stdin:
            with there:
                asked.extend(map(int, line.split()))
                there.notify()
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    rows_of = _rows_of(folder)
    answers.write("ready\n")
    answers.flush()
    while True:
        with there:
            there.wait_for(lambda: bool(asked))
            run = asked.pop(0)
        with suppress(BrokenPipeError):
            answers.write(json.dumps(rows_of(run)) + "\n")
            answers.flush()


def _rows_of(folder: str) -> Callable[[int], dict[str, object]]:
    """What does a run and gives its rows, or the traceback of what went wrong."""
    study = opened(Path(folder)).study
    study.prepare()

    def rows(run: int) -> dict[str, object]:
        try:
            return {"rows": study.rows(run)}
        except Exception:  # whatever it is, it is recorded with the run
            return {"error": traceback.format_exc()}

    return rows


if __name__ == "__main__":
    _work(sys.argv[1])
