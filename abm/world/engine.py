"""How decisions are computed. Nothing here changes a result."""

from __future__ import annotations

import os
from dataclasses import dataclass

from abm.quantities import InputError, unknown

ENGINES = ("compiled", "numpy")
_FIRMS_PER_THREAD = 50_000  # below this a second thread costs more than it saves


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
    chunk: int = 1 << 18

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
        """An engine for a number of firms: as many threads as help."""
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        return Engine(name, threads or max(1, min(cores, firms // _FIRMS_PER_THREAD)))
