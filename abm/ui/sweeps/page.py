"""The page of a sweep: which store, how it is shown, what its runs say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import solara
import solara.lab

import abm
from abm.figures import DARK, LIGHT
from abm.sweep.analysis import Goal, Points, goal_of, points_of
from abm.ui import strings
from abm.ui.desk import Carry
from abm.ui.head import STYLE, Head
from abm.ui.parts import Choice, progress_bar
from abm.ui.problems import Problem, failed
from abm.ui.sweeps.about import About, Stores, spread_in_words
from abm.ui.sweeps.charts import Charts
from abm.ui.sweeps.findings import Asked, others, sensitivity, use_found
from abm.ui.sweeps.maps import mapped
from abm.ui.sweeps.reading import Sweep, use_reading
from abm.ui.sweeps.runs import Runs
from abm.ui.sweeps.view import ChangeSweepView, SweepView, href, view_of


def opened(search: str) -> tuple[SweepView, str]:
    """What the address asks for, from now on in its language."""
    asked = view_of(search)
    strings.LANGUAGE.value = asked[0].language
    return asked


@solara.component
def SweepPage() -> None:
    """The page of a sweep, or the list of all, for one user."""
    search = solara.use_router().search
    first, ignored = solara.use_memo(lambda: opened(search or ""), [])
    view, look = solara.use_state(first)
    task, turn = use_reading(view.store)
    sweep: Sweep | None = task.latest
    settled, refused = view.settled(sweep.study, mapped(sweep.study)) if sweep else (view, "")
    solara.Style(STYLE)
    with solara.Div(classes=["page"]):
        Head(
            strings.SWEEP_TITLE, strings.SWEEP_SUBTITLE, view.language, view.dark,
            lambda language: look(lambda old: replace(old, language=language)),
            lambda dark: look(lambda old: replace(old, dark=dark)),
        )  # fmt: skip
        with solara.v.Html(tag="nav", class_="tools", attributes={"aria-label": strings.TOOLS}):
            Back(view)
            words = {"copy": strings.COPY, "copied": strings.COPIED, "print": strings.PRINT}
            Carry(search=settled.search(sweep.study if sweep else None), language=view.language, words=words)
        Problem(" ".join(filter(None, (ignored, refused))))
        with solara.v.Html(tag="main", class_="sweep"):
            Problem(failed(task, strings.SWEEP_NOT_READ))
            with solara.v.Html(tag="div", class_="running", attributes={"role": "status"}):
                if view.store and task.pending:
                    solara.v.Html(tag="span", class_="note", children=[strings.SWEEP_READING])
                    progress_bar(strings.SWEEP_READING, None)
            if sweep is not None and sweep.name == view.store:
                other = strings.SWEEP_OTHER_VERSION.format(there=sweep.foreign, here=abm.__version__)
                Problem(other if sweep.foreign else "")
                About(sweep, lambda: turn.set(turn.value + 1))
                if sweep.done:
                    Explained(sweep, settled, look)
                    Runs(sweep, settled, look)
            elif not view.store or task.error:
                Stores(replace(view, store=""))


@solara.component
def Back(view: SweepView) -> None:
    """The ways to the what-if page and to the list of sweeps."""
    look = SweepView(language=view.language, dark=view.dark)
    search = look.search()
    with solara.Div(classes=["ways"]):
        solara.v.Html(
            tag="a", class_="tool", attributes={"href": f"/?{search}" if search else "/"}, children=[strings.SWEEP_BACK]
        )
        solara.v.Html(tag="a", class_="tool", attributes={"href": href(look)}, children=[strings.SWEEP_ALL])


@solara.component
def Explained(sweep: Sweep, view: SweepView, look: ChangeSweepView) -> None:
    """What is explained, and the charts that explain it."""
    study = sweep.study
    goal, wrong = _goal(view.goal, study.indicators)
    points = solara.use_memo(
        lambda: points_of(study, sweep.rows, view.indicator, view.quarter), [sweep, view.indicator, view.quarter]
    )
    what = [sweep, view.indicator, view.quarter]
    decides = solara.use_memo(lambda: Asked(sweep, view.indicator, view.quarter), what)
    sought = view.goal if goal else ""
    wanted = solara.use_memo(lambda: Asked(sweep, view.indicator, view.quarter, sought), [*what, sought])
    deciding, decided = use_found(sensitivity, decides)
    finding, found = use_found(others, wanted)
    drawn = goal if goal and goal.indicator == view.indicator else None
    with solara.Div(classes=["explained"]):
        Asking(view, points, deciding.pending or finding.pending, look)
        Problem(wrong or failed(deciding, strings.SWEEP_NOT_FOUND) or failed(finding, strings.SWEEP_NOT_FOUND))
        solara.v.Html(tag="p", class_="lead", children=[spread_in_words(points)])
        Charts(points, decided, found, drawn, view, look, DARK if view.dark else LIGHT)


@solara.component
def Asking(view: SweepView, points: Points, pending: bool, look: ChangeSweepView) -> None:
    """What is to be explained, and whether it is being worked out."""
    study, middle = points.study, points.means[points.whole]
    level = f"{np.median(middle):.2g}" if len(middle) else "0.7"
    with solara.Div(classes=["view"]):
        indicators = {name: name for name in study.indicators}
        Choice(
            strings.SWEEP_INDICATOR, indicators, view.indicator, lambda one: look(lambda v: replace(v, indicator=one))
        )
        if len(study.quarters) > 1:
            quarters = {quarter: quarter for quarter in study.quarters}
            Choice(strings.QUARTER, quarters, view.quarter, lambda one: look(lambda v: replace(v, quarter=one)))
        solara.InputText(
            strings.SWEEP_GOAL, view.goal, lambda text: look(lambda v: replace(v, goal=text.strip())), dense=True,
            hide_details=True, placeholder=f"{view.indicator} >= {level}",
        )  # fmt: skip
        with solara.v.Html(tag="div", class_="running", attributes={"role": "status"}):
            if pending:
                solara.v.Html(tag="span", class_="note", children=[strings.SWEEP_FINDING])
                progress_bar(strings.SWEEP_FINDING, None)


def _goal(text: str, indicators: Iterable[str]) -> tuple[Goal | None, str]:
    """A goal, and what is wrong with it in words; neither where none is given."""
    if not text:
        return None, ""
    try:
        return goal_of(text, indicators), ""
    except abm.InputError as error:
        return None, strings.SWEEP_GOAL_REFUSED.format(reason=error)
