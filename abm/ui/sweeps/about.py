"""What a sweep is: its question, what it varies, how far it is; and the list of all that were named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import solara
import solara.lab

from abm.sweep.analysis import Points
from abm.sweep.analysis.finding import is_share
from abm.ui import strings
from abm.ui.naming import title_of
from abm.ui.snippets import study_command
from abm.ui.sweeps.named import named
from abm.ui.sweeps.naming import (
    amount,
    label_of_factor,
    range_of,
    reading_of,
    subject_of,
    unit_in_words,
    unit_of_factor,
    units_of,
)
from abm.ui.sweeps.reading import Entry, Sweep, entry_of
from abm.ui.sweeps.view import SweepView, href
from abm.ui.words import NONE, table

_OPEN = 6  # factors up to which their table is open at once


@solara.component
def About(sweep: Sweep, again: Callable[[], None]) -> None:
    """The study and how far it is.

    Args:
        sweep: The sweep.
        again: Reads the store again.
    """
    study = sweep.study
    design = strings.SWEEP_DESIGN.format(
        design=strings.SWEEP_DESIGNS[study.design.method], points=f"{study.design.count:,}", seeds=study.seeds
    )
    what = (
        strings.SWEEP_FUNCTION.format(function=study.function) if study.function
        else strings.SWEEP_SCENARIO.format(scenario=title_of(study.scenario), firms=f"{study.firms:,}")
    )  # fmt: skip
    counts = counts_in_words(study.runs, sweep.done, sweep.failed)
    with solara.v.Html(tag="section", class_="card about", attributes={"aria-label": strings.SWEEP_ABOUT}):
        with solara.Div():
            solara.v.Html(tag="h2", children=[study.question or study.name])
            solara.v.Html(tag="p", class_="note", children=[f"{what} {design}"])
            with solara.Div(classes=["counts"]):
                solara.v.Html(tag="p", class_="lead", attributes={"role": "status"}, children=[counts])
                with solara.Div(classes=["perhaps"]):
                    if sweep.left:
                        solara.Button(strings.SWEEP_AGAIN, small=True, outlined=True, classes=["ask"], on_click=again)
            with solara.Div(classes=["perhaps"]):
                if sweep.left:
                    solara.v.Html(tag="p", class_="note", children=[strings.SWEEP_UNFINISHED])
        with solara.Div():
            Listed(strings.SWEEP_FACTORS_HEAD, factors_table(sweep), len(study.factors) <= _OPEN)
            Listed(strings.SWEEP_INDICATORS_HEAD, indicators_table(sweep), False)


@solara.component
def Listed(title: str, content: str, opened: bool) -> None:
    """A table that can be opened and closed."""
    with solara.v.Html(tag="details", attributes={"open": True} if opened else {}):
        solara.v.Html(tag="summary", children=[title])
        solara.HTML(unsafe_innerHTML=content)


def factors_table(sweep: Sweep) -> str:
    """The factors with their units and ranges."""
    study = sweep.study
    rows = [
        [label_of_factor(study, one), one.name, range_of(one), unit_of_factor(one) or NONE] for one in study.factors
    ]
    return table(strings.SWEEP_FACTOR_HEADS, rows)


def indicators_table(sweep: Sweep) -> str:
    """The indicators with what they are and their units."""
    study = sweep.study
    rows = [
        [name, reading_of(study, name) or NONE, "%" if is_share(unit) else unit_in_words(unit) or NONE]
        for name, unit in units_of(study).items()
    ]
    return table(strings.SWEEP_INDICATOR_HEADS, rows)


def counts_in_words(runs: int, done: int, failed: int) -> str:
    """How far a sweep is."""
    return strings.SWEEP_COUNTS.format(
        done=f"{done:,}", runs=f"{runs:,}", failed=f"{failed:,}", left=f"{runs - done:,}"
    )


def spread_in_words(points: Points) -> str:
    """How an indicator is spread over the points."""
    values, unit = points.means[points.whole], units_of(points.study)[points.indicator]
    if not len(values):
        return strings.SWEEP_NO_POINT
    low, q05, median, q95, high = (
        amount(float(value), unit) for value in np.quantile(values, [0.0, 0.05, 0.5, 0.95, 1.0])
    )
    told = strings.SWEEP_SPREAD.format(
        subject=subject_of(points.study, points.indicator, points.quarter), points=f"{len(values):,}", median=median,
        q05=q05, q95=q95, low=low, high=high,
    )  # fmt: skip
    without = len(points.whole) - len(values)
    return told + (strings.SWEEP_LACKING.format(points=f"{without:,}") if without else "")


@solara.component
def Stores(view: SweepView) -> None:
    """All stores that were named, with what they ask and how far they are."""
    names = tuple(named())
    task = solara.lab.use_task(
        lambda: [entry_of(name) for name in names], dependencies=[names], raise_error=False, prefer_threaded=True
    )
    with solara.Div(classes=["sweep"]):
        if not names:
            with solara.v.Html(tag="section", class_="card"):
                solara.v.Html(tag="h2", children=[strings.SWEEP_NONE])
                solara.v.Html(tag="p", children=[strings.SWEEP_HOW])
                solara.v.Html(tag="pre", children=[study_command()])
        elif task.latest is None:
            solara.v.Html(tag="p", attributes={"role": "status"}, children=[strings.SWEEP_LISTING])
        else:
            for entry in task.latest:
                Listing(entry, view)


@solara.component
def Listing(entry: Entry, view: SweepView) -> None:
    """A store in the list."""
    with solara.v.Html(tag="section", class_="card", attributes={"aria-label": entry.name}):
        with solara.v.Html(tag="h2"):
            solara.v.Html(tag="a", attributes={"href": href(replace(view, store=entry.name))}, children=[entry.name])
        if entry.problem:
            solara.v.Html(tag="p", class_="problem", children=[strings.SWEEP_NOT_READ.format(reason=entry.problem)])
        else:
            solara.v.Html(tag="p", children=[entry.question])
            counts = counts_in_words(entry.runs, entry.done, entry.failed)
            solara.v.Html(tag="p", class_="note", children=[counts])
