"""What is made only when it is asked for: it costs a run of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, cast

import solara
import solara.lab

from abm.ui import strings
from abm.ui.parts import progress_bar
from abm.ui.runs import SupersededError

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Demand[Found]:
    """Something made on demand.

    Attributes:
        task: What makes it.
        wanted: Whether it has been asked for.
        found: What was made for the present subject; stays until it is made anew.
        ask: Asks for it.
        drop: Takes the wish back.
    """

    task: solara.lab.Task
    wanted: bool
    found: Found | None
    ask: Callable[[], None]
    drop: Callable[[], None]


def use_demand[Found](subject: Hashable, about: Hashable, make: Callable[[Tell], Found]) -> Demand[Found]:
    """Make something in a thread once the user asks for it.

    Args:
        subject: What it is about; another one ends the run and takes the wish back.
        about: What else it depends on; when that changes it is made anew as long as it is wanted, one after the other.
        make: Makes it. It gets a function to call with (done, in all), which raises once the result is of no use.
    """
    asked, ask = solara.use_state(cast("Hashable | None", None))
    wanted = asked == subject
    current = solara.use_ref(cast("solara.lab.Task | None", None))
    in_hand = solara.use_memo(threading.Lock, [])

    def run() -> tuple[Hashable, Found] | None:
        task = current.current

        def tell(done: int, total: int) -> None:
            if task is not None:
                if not task.is_current():
                    raise SupersededError
                task.progress = 100 * done / total

        if not wanted:
            return None
        with in_hand:
            tell(0, 1)
            return subject, make(tell)

    task: Any = solara.lab.use_task(run, dependencies=[subject, about, wanted], raise_error=False, prefer_threaded=True)
    current.current = task
    found = task.latest[1] if wanted and task.latest is not None and task.latest[0] == subject else None
    return Demand(task, wanted, found, lambda: ask(subject), lambda: ask(None))


@solara.component
def Progress(demand: Demand, words: str) -> None:
    """How far something is that was asked for, or why it cannot be had.

    Args:
        demand: What was asked for.
        words: What is being done.
    """
    task = demand.task
    with solara.Div():
        with solara.v.Html(tag="div", class_="running", attributes={"role": "status"}):
            if demand.wanted and task.pending:
                solara.v.Html(tag="span", class_="note", children=[words])
                progress_bar(words, task.progress)
        if demand.wanted and task.error and not isinstance(task.exception, SupersededError):
            said = strings.FAILED.format(reason=task.exception)
            solara.v.Html(tag="p", class_="problem", attributes={"role": "alert"}, children=[said])
