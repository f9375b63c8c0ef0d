"""Every assumption behind the numbers: value, range, source, and what the published figures say of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import solara
from numpy.typing import NDArray

import abm
from abm.quantities import Alternatives
from abm.scenario.parameters import DECLARATIONS
from abm.scenario.posterior import posterior_table
from abm.scenario.tables import is_figure
from abm.ui import strings
from abm.ui.bands import LEVEL
from abm.ui.choices import BASELINE, Question
from abm.ui.naming import figure_label, parameter_label, unit_of
from abm.ui.parts import Download
from abm.ui.words import NONE, number, table

Value = float | str


@dataclass(frozen=True, slots=True)
class Assumption:
    """A parameter or a figure of the tables.

    Attributes:
        name: Dotted name.
        label: Name in words.
        value: Its value in the what-if.
        baseline: Its value in the baseline.
        unit: Its unit.
        low: Smallest allowed value, None for a choice among names.
        high: Largest allowed value, None for a choice among names.
        alternatives: The names to choose from, none for a number.
        source: Where it comes from.
        prior: Range of credible values from which calibration starts, None for what is not estimated.
        posterior: Median, lower and upper end of the posterior's 90% interval, None for what is not estimated.
    """

    name: str
    label: str
    value: Value
    baseline: Value
    unit: str
    low: float | None
    high: float | None
    alternatives: tuple[str, ...]
    source: str
    prior: tuple[float, float] | None
    posterior: tuple[float, float, float] | None

    @property
    def group(self) -> str:
        """First part of the name."""
        return self.name.partition(".")[0]

    @property
    def changed(self) -> bool:
        """Whether the what-if has another value than the baseline."""
        return self.value != self.baseline

    def has(self, text: str) -> bool:
        """Whether the name or the label contains a text, in any case."""
        return text.strip().casefold() in f"{self.name} {self.label}".casefold()

    def row(self) -> list[str]:
        """It in words, in the order of the heads."""
        value = in_words(self.value)
        if self.changed:
            value = strings.ASSUMPTION_CHANGED.format(value=value, base=in_words(self.baseline))
        allowed = ", ".join(self.alternatives) if self.low is None or self.high is None else _range(self.low, self.high)
        missing = strings.NOT_ESTIMATED
        median, interval = (
            (number(self.posterior[0]), _range(*self.posterior[1:])) if self.posterior else (missing, missing)
        )
        prior = _range(*self.prior) if self.prior else missing
        return [self.name, self.label, value, self.unit, allowed, prior, median, interval, self.source]


def in_words(value: Value) -> str:
    """A value as the panel says it."""
    return value if isinstance(value, str) else number(value)


def _range(low: float, high: float) -> str:
    return strings.ASSUMPTION_RANGE.format(low=number(low), high=number(high))


def assumptions(what_if: abm.Scenario, base: abm.Scenario) -> list[Assumption]:
    """All parameters, and the figures of tables that are estimated or that a scenario changes.

    Args:
        what_if: The what-if.
        base: The baseline.
    """
    draws = posterior_table("all")
    estimated = {str(name): draws[name].to_numpy(float) for name in draws.columns}
    shown = {name for name in estimated if is_figure(name)}
    shown |= {name for scenario in (what_if, base) for name, _ in scenario.figures}
    return [_assumption(name, what_if, base, estimated) for name in (*DECLARATIONS, *sorted(shown))]


def _assumption(
    name: str, what_if: abm.Scenario, base: abm.Scenario, estimated: Mapping[str, NDArray[np.float64]]
) -> Assumption:
    declared, posterior = what_if.quantity(name), None
    if name in estimated:
        low, median, high = np.quantile(estimated[name], [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]).tolist()
        posterior = (median, low, high)
    label = figure_label(name, declared.label) if is_figure(name) else parameter_label(name, declared.label)
    common = (name, label, _value(what_if, name), _value(base, name), unit_of(declared.unit))
    if isinstance(declared, Alternatives):
        return Assumption(*common, None, None, declared.values, declared.source, None, posterior)
    return Assumption(*common, declared.low, declared.high, (), declared.source, declared.prior, posterior)


def _value(scenario: abm.Scenario, name: str) -> Value:
    """Value of a parameter or figure; a dash for a figure that the scenario's tables leave open."""
    if not is_figure(name):
        value = scenario.parameters.get(name)
        return value if isinstance(value, str) else float(value)
    table_name, row, column = name.split(".")
    rows = scenario.tables.names_of(table_name)
    value = scenario.tables.figures[f"{table_name}.{column}"][rows.index(row)] if row in rows else np.nan
    return float(value) if np.isfinite(value) else NONE


def as_csv(found: Sequence[Assumption]) -> str:
    """The assumptions as CSV, unrounded."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([
        "name", "label", "what_if", "baseline", "unit", "low", "high", "alternatives", "source", "prior_low", "prior_high",
        "posterior_median", "posterior_5", "posterior_95",
    ])  # fmt: skip
    for one in found:
        writer.writerow([
            one.name, one.label, one.value, one.baseline, one.unit, one.low, one.high, " ".join(one.alternatives),
            one.source, *(one.prior or (None, None)), *(one.posterior or (None, None, None)),
        ])  # fmt: skip
    return text.getvalue()


@solara.component
def Assumptions(question: Question) -> None:
    """The panel of assumptions; closed it costs nothing.

    Args:
        question: What is asked now.
    """
    shown, show = solara.use_state(False)
    with solara.v.Html(tag="section", class_="card assumptions", attributes={"aria-label": strings.ASSUMPTIONS}):
        with solara.Div(classes=["card-head"]):
            solara.v.Html(tag="h2", children=[strings.ASSUMPTIONS])
            solara.Button(
                strings.ASSUMPTIONS_CLOSE if shown else strings.ASSUMPTIONS_OPEN, small=True, outlined=True,
                classes=["ask"], on_click=lambda: show(not shown), attributes={"aria-expanded": str(shown).lower()},
            )  # fmt: skip
        solara.v.Html(tag="p", class_="note", children=[strings.ASSUMPTIONS_NOTE])
        if shown:
            Rows(question)


@solara.component
def Rows(question: Question) -> None:
    """The assumptions in tables by group, those that contain what the user writes."""
    text, write = solara.use_state("")
    found = solara.use_memo(lambda: assumptions(question.scenario(), abm.Scenario.load(BASELINE)), [question])
    chosen = [one for one in found if one.has(text)]
    with solara.Div():
        with solara.Div(classes=["goal"]):
            solara.InputText(
                strings.ASSUMPTIONS_FILTER, text, write, continuous_update=True, dense=True, hide_details=True
            )
            changed = sum(one.changed for one in found)
            told = strings.ASSUMPTIONS_FOUND.format(found=len(chosen), count=len(found), changed=changed)
            solara.v.Html(tag="span", class_="note", attributes={"role": "status"}, children=[told])
            Download("CSV", "assumptions.csv", lambda: as_csv(found), strings.DATA_OF.format(title=strings.ASSUMPTIONS))
        for group, members in groupby(chosen, key=lambda one: one.group):
            solara.v.Html(tag="h3", children=[strings.ASSUMPTION_GROUPS.get(group, group)])
            solara.HTML(unsafe_innerHTML=table(strings.ASSUMPTION_HEADS, [one.row() for one in members])).key(group)
