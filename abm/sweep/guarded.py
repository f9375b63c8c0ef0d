"""Runs in a process of their own, so that one that hangs or takes the process with it is a failure and no more.

The process is given work by lines on its standard input and answers by lines; when the input ends, however the one who gave
the work has ended, so does the process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from abm.sweep.store import Store, opened
from abm.sweep.study import Row

_ATTEMPTS = 2  # a process that somebody kills is no fault of the run: it is tried once more


class StoppedError(Exception):
    """The sweep is being stopped."""


class Guarded:
    """A process that does the runs of a store, one after the other.

    Args:
        store: The store.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def rows(self, run: int) -> list[Row]:
        """Do a run; its rows, or those of its failure.

        Args:
            run: Number of the run.

        Raises:
            StoppedError: If it has been told to stop.
        """
        study = self.store.study
        for _ in range(_ATTEMPTS):
            process, begun = self._running()
            late = threading.Event()
            alarm = threading.Timer(study.timeout, _too_late, (process, late))
            answer = ""
            if begun or _line(process):  # a new process says when it has loaded all it needs
                alarm.start()
                try:
                    answer = self._answer(process, run)
                finally:
                    alarm.cancel()
            if answer:
                found = json.loads(answer)
                if "error" in found:
                    return study.failed(run, found["error"])
                rows: list[Row] = found["rows"]
                return rows
            process.kill()
            code = process.wait()
            if late.is_set():
                return study.failed(run, f"TimeoutError: the run took more than {study.timeout:g} seconds.")
        if self._stopped:
            raise StoppedError
        return study.failed(
            run, f"The process of the run ended {_ATTEMPTS} times, the last time with exit code {code}."
        )

    def stop(self) -> None:
        """End the process, at once and for good."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def _running(self) -> tuple[subprocess.Popen[str], bool]:
        """The process, and whether it has been there before."""
        with self._lock:
            if self._stopped:
                raise StoppedError
            begun = self._process is not None and self._process.poll() is None
            if self._process is None or not begun:
                paths = os.pathsep.join(filter(None, sys.path))
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "abm.sweep.guarded", str(self.store.folder.resolve())],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, encoding="utf-8",
                    env={**os.environ, "PYTHONPATH": paths},
                )  # fmt: skip
            return self._process, begun

    @staticmethod
    def _answer(process: subprocess.Popen[str], run: int) -> str:
        """The line that a process answers; "" if it has ended, or ends in the middle of it."""
        assert process.stdin is not None
        try:
            process.stdin.write(f"{run}\n")
            process.stdin.flush()
        except (BrokenPipeError, ValueError):
            return ""
        return _line(process)


def _line(process: subprocess.Popen[str]) -> str:
    """A whole line of what a process says; "" if it has ended."""
    assert process.stdout is not None
    answer = process.stdout.readline()
    return answer if answer.endswith("\n") else ""


def _too_late(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    process.kill()


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
                asked.append(int(line))
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
