"""What a study varies and keeps, in the words of the page."""

from __future__ import annotations

import re

import abm
from abm.observe.indicators import INDICATORS
from abm.scenario.parameters import DECLARATIONS
from abm.scenario.tables import is_figure
from abm.sweep.analysis import Goal
from abm.sweep.analysis.finding import is_share
from abm.sweep.analysis.scales import scale_of
from abm.sweep.factors import DRAW, SCENARIO, Factor, Value
from abm.sweep.readings import OPEN_LAG
from abm.sweep.study import Study
from abm.ui import strings
from abm.ui.naming import aim_in_words, figure_label, label_of, lever_label, parameter_label, title_of, unit_of
from abm.ui.words import NONE, money, number, percent

_MONEY = "USD per quarter"
_BRACKET = re.compile(r"\s*[(（]")
_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}


def factor_labels(study: Study) -> dict[str, str]:
    """What each factor is called, by its name: its label up to the first bracket; of two called the same, with its name.

    A label such as "Utility when all peers use the offer (form share), per peer (count)" would leave a chart no room.
    """
    labels = {one.name: _BRACKET.split(label_of_factor(study, one))[0] for one in study.factors}
    called = list(labels.values())
    return {
        name: f"{label} ({name})" if called.count(label) > 1 else label for name, label in labels.items()
    }  # fmt: skip


def label_of_factor(study: Study, factor: Factor) -> str:
    """What a factor is, in full."""
    if study.function:
        return factor.name
    if factor.lever is not None:
        return " ".join([lever_label(factor.lever.kind), *aim_in_words(factor.lever)])
    if factor.name in (SCENARIO, DRAW):
        return str(strings.SWEEP_FACTORS[factor.name])
    if is_figure(factor.name):
        return figure_label(factor.name, factor.declared.label)
    assert factor.name in DECLARATIONS
    return parameter_label(factor.name, factor.declared.label)


def range_of(factor: Factor) -> str:
    """What values a factor takes."""
    scale = scale_of(factor)
    if factor.values:
        return strings.LIST_COMMA.join(value_of(factor, value) for value in factor.values)
    low, high = (
        value_of(factor, value) for value in ((scale.levels[0], scale.levels[-1]) if scale.levels else _ends(factor))
    )
    told = strings.ASSUMPTION_RANGE.format(low=low, high=high)
    return strings.SWEEP_LEVELS.format(range=told, levels=factor.levels) if factor.levels else told


def _ends(factor: Factor) -> tuple[Value, Value]:
    return factor.at(0.0), factor.at(1.0)


def unit_of_factor(factor: Factor) -> str:
    """Its unit; "" for names and pure numbers."""
    unit = factor.declared.unit
    return "" if unit in ("1", "name") or factor.name == DRAW else unit_of(unit)


def value_of(factor: Factor, value: Value) -> str:
    """A value of a factor, shares as percentages."""
    if value is None:
        return NONE
    if isinstance(value, str):
        return title_of(abm.Scenario.load(value)) if factor.name == SCENARIO and value in abm.library() else value
    if factor.declared.unit.startswith(("share", "relative", "compliance")):
        return f"{100 * value:.3g}%"
    return number(float(f"{value:.3g}"))


def reading_of(study: Study, indicator: str) -> str:
    """What an indicator is: its label, where, and of whom or of what; "" for a function of the user's own."""
    reading = study.indicators[indicator]
    if study.function or reading is None:
        return ""
    if reading.indicator == OPEN_LAG:
        return str(strings.OPEN_LAG)
    declared = INDICATORS[reading.indicator]
    of = (
        strings.POPULATIONS[reading.population] if declared.of_population
        else strings.WEIGHT_OF[reading.weight] if "weight" in declared.unit else ""
    )  # fmt: skip
    where = [label_of(dimension, name) for dimension, name in reading.at] or [strings.WORLD]
    return strings.LIST_COMMA.join(
        filter(None, (strings.named("indicator", reading.indicator, declared.label), of, *where))
    )


def units_of(study: Study) -> dict[str, str]:
    """Unit of each indicator; "1" for what a function of the user's own returns."""
    return {name: one.unit if one else "1" for name, one in study.indicators.items()}


def unit_in_words(unit: str) -> str:
    """The unit of an indicator as numbers are written in it; "" where the number says it."""
    return "" if is_share(unit) or unit in ("1", "") else unit_of(unit)


def amount(value: float, unit: str) -> str:
    """A value of an indicator: shares as percentages, money in millions and billions, its unit apart."""
    if is_share(unit):
        return percent(value)
    return money(value) if unit == _MONEY else number(value)


def drawn_in(unit: str, change: bool = False) -> tuple[float, str]:
    """By what a value is multiplied to be drawn on an axis, and the unit that it has there.

    Args:
        unit: Unit of the indicator.
        change: Whether it is a difference.
    """
    if is_share(unit):
        return 100.0, strings.SWEEP_POINTS if change else "%"
    return (1e-9, strings.SWEEP_BILLIONS) if unit == _MONEY else (1.0, unit_in_words(unit))


def goal_in_words(goal: Goal, unit: str) -> str:
    """A goal as "adoption ≥ 70.0%"."""
    return f"{goal.indicator} {_SIGNS[goal.sign]} {amount(goal.level, unit)}"


def subject_of(study: Study, indicator: str, quarter: str) -> str:
    """An indicator with its quarter, if it has one."""
    return strings.SWEEP_SUBJECT.format(indicator=indicator, quarter=quarter) if quarter else indicator
