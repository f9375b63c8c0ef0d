"""How decisions are computed. Nothing here changes a result."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

from abm.quantities import InputError, unknown

ENGINES = ("compiled", "numpy")
_FIRMS_PER_THREAD = 10_000  # below this a second thread costs more than it saves
_PARTS_PER_THREAD = 8  # so that a thread that is held up, or on a slower core, does not hold up the others for long
_SMALLEST_PART, _LARGEST_PART = 5_000, 1 << 18


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine of a run.

    Attributes:
        name: "compiled", or "numpy" for the readable reference.
        threads: Threads that share the firms; the results are bit-identical for any number.
        chunk: Firms that a thread takes at a time; the same holds.
    """

    name: str = "compiled"
    threads: int = 1
    chunk: int = _LARGEST_PART

    def __post_init__(self) -> None:
        """Check name and numbers."""
        if self.name not in ENGINES:
            raise unknown("engine", self.name, ENGINES)
        if not 1 <= self.threads <= 1024 or self.chunk < 1:
            raise InputError(
                f"threads = {self.threads} must be 1 to 1024 and chunk = {self.chunk} at least 1 firm; leave them out to "
                "let the program choose."
            )

    @staticmethod
    def fit(firms: int, name: str = "compiled", threads: int | None = None) -> Engine:
        """An engine for a number of firms: as many threads as help, and parts that keep all of them busy."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        many = threads or max(1, min(cores, firms // _FIRMS_PER_THREAD))
        part = firms // (_PARTS_PER_THREAD * many)
        return Engine(name, many, max(_SMALLEST_PART, min(_LARGEST_PART, part)))


def share_out[Part](work: Callable[[Part], None], parts: Sequence[Part], threads: int) -> None:
    """Do all parts of a piece of work, this thread together with others.

    Args:
        work: What to do with a part; parts must not touch each other's results.
        parts: The parts.
        threads: Threads in all.
    """
    left = iter(parts)

    def take() -> None:
        for part in left:  # each part is handed out once: a step of a list's iterator is not interrupted
            work(part)

    others = [_pool(os.getpid()).submit(take) for _ in range(min(threads, len(parts)) - 1)]
    take()
    for other in others:
        other.result()


@lru_cache(maxsize=1)
def _pool(process: int) -> ThreadPoolExecutor:
    """Threads that wait for work, one set per process: a forked child does not inherit its parent's threads."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix=f"abm-{process}")
