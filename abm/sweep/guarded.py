"""Runs in a process of their own, so that one that hangs or takes the process with it is a failure and no more.

The process is given work by lines on its standard input and answers by lines. When the input ends, however the one who gave
the work has ended, so does the process; and it holds the end of a pipe on which nothing is ever written, whose closing the
system tells as a signal that ends even a run that lets no other thread work, and all that it has started (on Linux).
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

from abm.quantities import InputError
from abm.sweep.manifest import opened
from abm.sweep.store import Store
from abm.sweep.study import Row

_ATTEMPTS = 2  # a process that somebody kills is no fault of the run: it is tried once more
_WATCHED_EVERY = 0.1  # seconds
_POSIX = os.name == "posix"
_READY = "ready\n"  # what a process says when it has loaded all it needs
_LOADED_IN = 600.0  # seconds, compilation included


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
        self._lifeline: int | None = None  # what is closed when this process ends, however it ends
        self._stopped = False
        self._due = math.inf  # when what is in hand has taken too long
        self._in_hand: int | None = None  # the run that is waited for
        self._late: int | None = None  # the run that took too long
        self._lock, self._watched = threading.Lock(), threading.Lock()

    def rows(self, runs: Iterable[int], timeout: float) -> Iterator[list[Row]]:
        """Do runs one after the other: the rows of each, or those of its failure.

        Args:
            runs: Numbers of the runs.
            timeout: Seconds after which a run has failed.

        Raises:
            StoppedError: If it has been told to stop.
            InputError: If the process cannot start.
        """
        study, waiting, died = self.store.study, deque(runs), 0
        while waiting:
            process = self._ready()
            _ask(process, waiting)
            while waiting:
                answer = self._waited(process, timeout, waiting[0])
                if not answer:
                    break
                found, run, died = json.loads(answer), waiting.popleft(), 0
                yield found["rows"] if "rows" in found else study.failed(run, found["error"])
            if waiting:
                _kill(process)
                code = process.wait()
                if self._stopped:
                    raise StoppedError
                died += 1
                late, self._late = self._late == waiting[0], None
                why = f"The process of the run ended {died} times, the last time with exit code {code}."
                if late:
                    why = f"TimeoutError: the run took more than {timeout:g} seconds."
                if late or died == _ATTEMPTS:
                    died = 0
                    yield study.failed(waiting.popleft(), why)

    def stop(self) -> None:
        """End the process, at once and for good."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                _kill(self._process)
                self._process.wait()
            self._let_go()

    def _ready(self) -> subprocess.Popen[str]:
        """The process, once it has loaded all it needs."""
        said = ""
        for _ in range(_ATTEMPTS):
            process, begun = self._running()
            if begun or (said := self._waited(process, _LOADED_IN, None)) == _READY:
                return process
            _kill(process)
            code = process.wait()
            if said:
                break
        if self._stopped:
            raise StoppedError
        raise InputError(f"the process of the runs cannot start: {said.strip() or f'it ended with exit code {code}'}")

    def _running(self) -> tuple[subprocess.Popen[str], bool]:
        """The process, and whether it has been there before."""
        with self._lock:
            if self._stopped:
                raise StoppedError
            if self._process is not None and self._process.poll() is None:
                return self._process, True
            self._let_go()
            held, self._lifeline = os.pipe()
            try:
                process = self._process = subprocess.Popen(
                    [sys.executable, "-m", "abm.sweep.guarded", str(self.store.folder.resolve()), str(held)],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, encoding="utf-8",
                    env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}, start_new_session=True,
                    pass_fds=(held,) if _POSIX else (),
                )  # fmt: skip
            finally:
                os.close(held)
        threading.Thread(target=self._watch, args=(process,), daemon=True).start()
        return process, False

    def _let_go(self) -> None:
        """Close the lifeline of a process that has ended."""
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def _waited(self, process: subprocess.Popen[str], seconds: float, run: int | None) -> str:
        """The next line of a process, which is killed if it takes too long; "" if it has ended."""
        with self._watched:
            self._in_hand, self._due = run, time.monotonic() + seconds
        answer = _line(process)
        with self._watched:
            self._due = math.inf
        return answer

    def _watch(self, process: subprocess.Popen[str]) -> None:
        """Kill the process if a run takes too long."""
        while process.poll() is None:
            with self._watched:
                if time.monotonic() > self._due:
                    self._late, self._due = self._in_hand, math.inf
                    _kill(process)
            time.sleep(_WATCHED_EVERY)


def _kill(process: subprocess.Popen[str]) -> None:
    """End a process, with all that its runs have started."""
    if process.poll() is None:  # once it is gone, its number may be another's
        if _POSIX:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # it leads a group of its own
        process.kill()


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


def _end_with(lifeline: int) -> None:
    """End this process and what it has started when the other end of a pipe is closed, whatever they are doing."""
    import fcntl  # there is none on Windows

    signal.signal(signal.SIGIO, signal.SIG_DFL)  # whatever the driver has made of it
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGIO})
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)


def _work(folder: str, lifeline: int) -> None:
    """Do the runs that the standard input asks for."""
    if sys.platform == "linux":  # elsewhere that signal ends nothing
        _end_with(lifeline)
    # Where it leads no group of its own an interrupt reaches it, too; the driver decides what that means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a run prints must not stand among the answers
    asked: deque[int] = deque()
    there = threading.Condition()

    def listen() -> None:
        for line in sys.stdin:
            with there:
                asked.extend(map(int, line.split()))
                there.notify()
        os._exit(1)

    def answer(line: str) -> None:
        with suppress(BrokenPipeError):
            answers.write(line.replace("\n", " ") + "\n")
            answers.flush()

    threading.Thread(target=listen, daemon=True).start()
    try:
        rows_of = _rows_of(folder)
    except Exception as error:  # whatever it is, the driver says it
        answer(f"{type(error).__name__}: {error}")
        return
    answer(_READY.strip())
    while True:
        with there:
            there.wait_for(lambda: bool(asked))
            run = asked.popleft()
        answer(json.dumps(rows_of(run)))


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
    _work(sys.argv[1], int(sys.argv[2]))
