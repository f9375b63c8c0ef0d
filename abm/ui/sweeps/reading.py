"""What a store holds, read once for all users; and a task that reads it."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import solara
import solara.lab

import abm
from abm.quantities import InputError
from abm.sweep.manifest import opened
from abm.sweep.store import Store
from abm.sweep.study import ERROR, POINT, QUARTER, RUN, Study, code_digest, parameters_digest
from abm.ui import strings
from abm.ui.sweeps.named import named

_KEPT = 4  # stores whose rows stay in memory
_COMPARED = 20  # runs whose points are compared with the study's


@dataclass(frozen=True, eq=False)
class Sweep:
    """A store as it was when it was read; nobody writes to it.

    Attributes:
        name: Name of its folder.
        study: Its study.
        rows: All rows that are there; the column of errors is "" where there was none.
        done: Runs that are there, failed ones included.
        failed: Runs that have failed.
        foreign: Version of the package that it is of, if that, its parameters or its code are other ones than here.
    """

    name: str
    study: Study
    rows: pd.DataFrame = field(repr=False)
    done: int
    failed: int
    foreign: str = ""

    @property
    def left(self) -> int:
        """Runs that are left."""
        return self.study.runs - self.done

    def of_quarter(self, quarter: str) -> pd.DataFrame:
        """A row for each run that is there."""
        return self.rows[self.rows[QUARTER] == quarter]


class Readings:
    """Stores that were read, shared by all users; one is read again only when it has other parts by now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[tuple[str, ...], Sweep]] = {}

    def read(self, name: str) -> Sweep:
        """A store that was named.

        Args:
            name: Name of its folder.

        Raises:
            InputError: If there is none of that name, a part is damaged, or its study means something else by now.
        """
        if name not in named():
            raise InputError(strings.SWEEP_UNKNOWN.format(name=name))
        store = opened(named()[name])
        with self._lock:
            parts = tuple(path.name for path in store.kept().values())  # with the fingerprints of what they hold
            if self._kept.get(name, ((), None))[0] != parts or not parts:
                self._kept.pop(name, None)
                self._kept[name] = parts, _read(name, store)
                while len(self._kept) > _KEPT:
                    self._kept.pop(next(iter(self._kept)))
            return self._kept[name][1]


READINGS = Readings()


def _read(name: str, store: Store) -> Sweep:
    rows = store.table().to_pandas()
    if not _where_they_should_be(store.study, rows):
        raise InputError(strings.SWEEP_OTHER_STUDY.format(there=store.manifest.get("abm"), here=abm.__version__))
    rows[ERROR] = rows[ERROR].fillna("").astype(str)
    return Sweep(
        name, store.study, rows, rows[RUN].nunique(), rows.loc[rows[ERROR] != "", RUN].nunique(), _foreign(store)
    )


def _where_they_should_be(study: Study, rows: pd.DataFrame) -> bool:
    """Whether some runs have the factors' values that their points have in this version, which may draw them elsewhere."""
    if not len(rows):
        return True
    if rows[POINT].max() >= study.design.count:
        return False
    some = rows.iloc[np.unique(np.linspace(0, len(rows) - 1, _COMPARED).astype(int))].to_dict("records")
    pairs = [
        (value, row[name]) for row in some for name, value in study.values(row[POINT]).items() if value is not None
    ]
    return all(
        there == here if isinstance(here, str) else there is not None and math.isclose(here, float(there), rel_tol=1e-9)
        for here, there in pairs
    )


def _foreign(store: Store) -> str:
    """Of what version a store is, if it is another than this one."""
    there = store.manifest
    here = {"abm": abm.__version__, "parameters": parameters_digest(), "code": code_digest()}
    return "" if all(there.get(name) == one for name, one in here.items()) else str(there.get("abm"))


def use_reading(name: str) -> tuple[solara.lab.Task, solara.Reactive[int]]:
    """Read a store in a thread.

    Args:
        name: Its name; "" for none.

    Returns:
        The task, whose `latest` is the `Sweep` read last; and a number to raise for reading it again.
    """
    turn = solara.use_reactive(0)

    def run() -> Sweep | None:
        return READINGS.read(name) if name else None

    task = solara.lab.use_task(run, dependencies=[name, turn.value], raise_error=False, prefer_threaded=True)
    return task, turn


@dataclass(frozen=True, slots=True)
class Entry:
    """A store in the list.

    Attributes:
        name: Name of its folder.
        question: What its study asks.
        runs: Runs in all.
        done: Runs that are there.
        failed: Runs that have failed.
        problem: Why it cannot be opened; "" if it can.
    """

    name: str
    question: str = ""
    runs: int = 0
    done: int = 0
    failed: int = 0
    problem: str = ""


def entry_of(name: str) -> Entry:
    """A store that was named, without reading its rows."""
    try:
        store = opened(named()[name])
        kept = store.kept()
        done = sum(len(store.runs_of(part)) for part in kept)
        failed = sum(map(len, store.failures(kept).values()))
        return Entry(name, store.study.question or store.study.name, store.study.runs, done, failed)
    except (InputError, OSError, pa.ArrowException) as error:
        return Entry(name, problem=str(error))
