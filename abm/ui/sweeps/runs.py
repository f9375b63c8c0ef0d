"""The runs of a sweep as a table: those that failed first, the rest in the order that the user wants."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import solara

from abm.sweep.study import ERROR, RUN, SEED
from abm.ui import strings
from abm.ui.parts import Choice, Download, Switch
from abm.ui.sweeps.naming import amount, factor_labels, unit_in_words, units_of, value_of
from abm.ui.sweeps.reading import Sweep
from abm.ui.sweeps.view import ChangeSweepView, SweepView, columns_of
from abm.ui.words import NONE, table

SHOWN = 50
MOST = 100_000  # runs in a file: more are better taken by the command line


def in_order(sweep: Sweep, view: SweepView) -> pd.DataFrame:
    """The runs of a quarter: failed ones first, then by a column, equal ones by their numbers."""
    rows = sweep.of_quarter(view.quarter)
    fine = rows[ERROR] == ""
    rising = not view.falling
    # The stable order keeps runs by their numbers, which is how the store has them.
    ordered = rows.sort_values(view.order, ascending=rising, kind="stable", na_position="last")
    return ordered.loc[fine[ordered.index].sort_values(kind="stable").index]


def reason(error: str) -> str:
    r"""Why a run has failed: the last line of what was said.

    >>> reason("Traceback ...\n  File ...\nValueError: the price is infinite\n\n")
    'ValueError: the price is infinite'
    """
    return next((line.strip() for line in reversed(error.splitlines()) if line.strip()), "")


def heads_of(sweep: Sweep) -> dict[str, str]:
    """What the columns are called, by their names."""
    own = {RUN: strings.SWEEP_RUN, SEED: strings.SWEEP_SEED}
    return own | factor_labels(sweep.study) | {name: name for name in sweep.study.indicators}


def runs_table(sweep: Sweep, rows: pd.DataFrame) -> str:
    """Some runs as an HTML table.

    Args:
        sweep: The sweep.
        rows: The runs.
    """
    study, heads = sweep.study, heads_of(sweep)
    failed = bool((rows[ERROR] != "").any())
    units = units_of(study)
    told = {name: unit_in_words(unit) for name, unit in units.items()}
    shown = [f"{head}{strings.LIST_COMMA}{told[name]}" if told.get(name) else head for name, head in heads.items()]
    factors = {one.name: one for one in study.factors}

    def cell(name: str, value: object) -> str:
        if value is None or value != value:
            return NONE
        if name in factors:
            return value_of(factors[name], value)  # type: ignore[arg-type]
        return amount(float(value), units[name]) if name in units else str(value)  # type: ignore[arg-type]

    # Why it failed stands beside the run's number: a phone shows the first columns only.
    cells = [
        [cell(RUN, row[RUN]), *([reason(row[ERROR])] if failed else []),
         *(cell(name, row[name]) for name in heads if name != RUN)]
        for row in rows.to_dict("records")
    ]  # fmt: skip
    return table([shown[0], *([strings.SWEEP_REASON] if failed else []), *shown[1:]], cells)


@solara.component
def Runs(sweep: Sweep, view: SweepView, look: ChangeSweepView) -> None:
    """The first runs in the order that the user wants, and all of them to take away.

    Args:
        sweep: The sweep.
        view: How it is shown.
        look: Told how to show it otherwise.
    """
    heads = heads_of(sweep)
    how = [sweep, view.quarter, view.order, view.falling]
    rows = solara.use_memo(lambda: in_order(sweep, view), how)
    shown = solara.use_memo(lambda: runs_table(sweep, rows.head(SHOWN)), [*how, strings.LANGUAGE.value])
    told = strings.SWEEP_RUNS_NOTE.format(shown=min(SHOWN, len(rows)), of=f"{len(rows):,}")
    if len(rows) > MOST:
        told += strings.SWEEP_RUNS_MANY.format(most=f"{MOST:,}")
    with solara.v.Html(tag="section", class_="card card-runs", attributes={"aria-label": strings.SWEEP_RUNS}):
        with solara.Div(classes=["card-head"]):
            solara.v.Html(tag="h2", children=[strings.SWEEP_RUNS])
            with solara.Div(classes=["switches"]):
                columns = {name: heads[name] for name in columns_of(sweep.study)}
                Choice(strings.SWEEP_ORDER, columns, view.order, lambda one: look(lambda v: replace(v, order=one)))
                Switch(strings.SWEEP_RISING, view.falling, lambda on: look(lambda v: replace(v, falling=on)))
                Download(
                    "CSV", f"{sweep.name}.csv", lambda: rows.head(MOST).to_csv(index=False),
                    strings.DATA_OF.format(title=strings.SWEEP_RUNS),
                )  # fmt: skip
        solara.v.Html(tag="p", class_="note", children=[told])
        scrolled = {"tabindex": "0", "role": "group", "aria-label": strings.SWEEP_RUNS}
        failing = bool((rows[ERROR].head(SHOWN) != "").any())
        with solara.v.Html(tag="div", class_="wide failing" if failing else "wide", attributes=scrolled):
            solara.HTML(unsafe_innerHTML=shown)
