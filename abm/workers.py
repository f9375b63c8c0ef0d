"""Processes that work beside this one, and end when it ends, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor


def pool(processes: int, background: bool = False, first: Callable[[], None] | None = None) -> ProcessPoolExecutor:
    """Processes that take jobs.

    Args:
        processes: How many.
        background: Whether they should leave the processor to others that want it.
        first: Called in each before its first job.
    """
    return ProcessPoolExecutor(
        processes, mp_context=multiprocessing.get_context("spawn"), initializer=_begin, initargs=(background, first)
    )


def in_worker() -> bool:
    """Whether this process is one of those."""
    return multiprocessing.parent_process() is not None


def _begin(background: bool, first: Callable[[], None] | None) -> None:
    # An interrupt from the terminal reaches every process; the one that gave the jobs decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if background and hasattr(os, "nice"):
        os.nice(10)
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    if first is not None:
        first()


def _end_with(parent: multiprocessing.process.BaseProcess | None) -> None:
    """A worker waits for jobs on a pipe that it holds open itself: it would wait for ever for a parent that was killed."""
    if parent is not None:
        parent.join()
        os._exit(1)
