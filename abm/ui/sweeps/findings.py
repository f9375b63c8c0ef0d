"""What a study's runs say by the methods that its design allows, found in the background."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import solara
import solara.lab

from abm.quantities import InputError
from abm.sweep.analysis import Finding, analyse
from abm.ui.runs import SupersededError
from abm.ui.sweeps.reading import Sweep

SENSITIVITIES = ("sobol", "morris", "pawn")
OF_GOALS = ("prim", "cart")


@dataclass(frozen=True, eq=False)
class Asked:
    """What is to be explained.

    Attributes:
        sweep: The runs.
        indicator: Column of the indicator.
        quarter: Quarter in which it is read.
        goal: Goal for scenario discovery, as text that can be read; "" for none.
    """

    sweep: Sweep
    indicator: str
    quarter: str
    goal: str = ""

    def by(self, method: str) -> Finding:
        """What a method finds.

        Raises:
            InputError: If the design or the runs do not allow it, or a library is missing.
        """
        return analyse(method, self.sweep.study, self.sweep.rows, self.indicator, self.quarter, self.goal)


@dataclass(frozen=True, eq=False)
class Found:
    """What has been found so far.

    Attributes:
        asked: What was asked.
        findings: What methods have found.
        refused: Why others have found nothing, in English as the analysis says it.
    """

    asked: Asked
    findings: tuple[Finding, ...] = ()
    refused: tuple[str, ...] = ()


def sensitivity(asked: Asked) -> Iterator[Found]:
    """How much each factor matters, by the first method that the design allows; else why its own method does not tell."""
    refused = {}
    for method in SENSITIVITIES:
        try:
            yield Found(asked, (asked.by(method),))
            return
        except InputError as error:
            refused[method] = str(error)
    yield Found(asked, refused=(refused[own_method(asked.sweep.study.design.method)],))


def own_method(design: str) -> str:
    """The method of sensitivity that a design is made for."""
    return {"saltelli": "sobol", "morris": "morris"}.get(design, "pawn")


def others(asked: Asked) -> Iterator[Found]:
    """How many seeds it takes, if there are some; and where the goal is met, if there is one."""
    found = Found(asked)
    with contextlib.suppress(InputError):  # too few seeds: nobody has asked
        found = Found(asked, (asked.by("convergence"),))
    yield found
    for method in OF_GOALS if asked.goal else ():
        try:
            found = Found(asked, (*found.findings, asked.by(method)))
        except InputError as error:
            yield Found(asked, found.findings, (str(error),))
            return
        yield found


def use_found(find: Callable[[Asked], Iterator[Found]], asked: Asked) -> tuple[solara.lab.Task, Found | None]:
    """Find something in a thread.

    Args:
        find: `sensitivity` or `others`.
        asked: What is to be explained; another one takes its place.

    Returns:
        The task, and what has been found so far of what is asked now; none if nothing.
    """
    current = solara.use_ref(cast("solara.lab.Task | None", None))

    def run() -> Iterator[Found]:
        task = current.current
        for found in find(asked):
            if task is not None and not task.is_current():
                raise SupersededError
            yield found

    task: Any = solara.lab.use_task(run, dependencies=[asked], raise_error=False, prefer_threaded=True)
    current.current = task
    return task, task.latest if task.latest is not None and task.latest.asked is asked else None
