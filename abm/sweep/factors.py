"""What a study varies: parameters, figures, instruments, scenarios of the library, draws from the posterior."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from abm.quantities import Alternatives, InputError, Quantity, unknown
from abm.quarters import quarter_name
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.scenario.parameters import DECLARATIONS
from abm.scenario.policy import Intervention
from abm.scenario.posterior import at_draw, posterior_table
from abm.scenario.scenario import Scenario, library
from abm.scenario.tables import is_figure, split_figure

Value = float | int | str | None  # None: as the scenario has it
SCENARIO, DRAW = "scenario", "draw"  # factors that are no parameter


@dataclass(frozen=True, slots=True)
class Factor:
    """Something that a study varies.

    Attributes:
        name: Its name in the study, and of its column.
        declared: Its range, label and unit.
        values: The values it takes, where they are listed; empty for a range.
        levels: Number of evenly spaced values of the range that a grid takes; 0 if none are asked for.
        lever: The instrument whose level it is, at level zero; None for what is no instrument.
    """

    name: str
    declared: Quantity
    values: tuple[float | str, ...] = ()
    levels: int = 0
    lever: Intervention | None = None

    @property
    def steps(self) -> int:
        """Number of different values on a grid; 0 for a range without levels."""
        return len(self.values) or self.levels

    def at(self, part: float) -> Value:
        """The value at a part of its range.

        Args:
            part: From 0 to 1; nan for the value that the scenario has itself.

        >>> subsidy = Factor("subsidy", Quantity("Subsidy", "share", 0.0, 1.0, "", prior=(0.0, 0.5)), levels=3)
        >>> [subsidy.at(part) for part in (1 / 6, 3 / 6, 5 / 6)]
        [0.0, 0.25, 0.5]
        """
        if math.isnan(part):
            return None
        if self.values:
            return self.values[min(int(part * len(self.values)), len(self.values) - 1)]
        assert self.declared.prior is not None
        low, high = self.declared.prior
        if self.levels:
            step = min(int(part * self.levels), self.levels - 1)
            part = step / (self.levels - 1) if self.levels > 1 else 0.5
        elif self.declared.integer:
            return int(min(low + math.floor(part * (high - low + 1)), high))
        value = self.declared.at(part)
        return round(value) if self.declared.integer else value

    def applied(self, scenario: Scenario, value: Value) -> Scenario:
        """The scenario with this factor at a value."""
        if value is None:
            return scenario
        if self.lever is not None:
            return scenario.enact(replace(self.lever, level=float(value))) if value else scenario
        if self.name == SCENARIO:
            return Scenario.load(str(value))
        if self.name == DRAW:
            return at_draw(scenario, int(value)).replace(shocks=int(value) + 1)
        return scenario.replace({self.name: value})

    def own(self, scenario: Scenario) -> Value:
        """The value that the scenario has itself; None for a draw, as it may be at none."""
        if self.lever is not None:
            return 0.0
        if self.name == SCENARIO:
            return scenario.name
        if self.name == DRAW:
            return None
        if is_figure(self.name):
            table, row, column = split_figure(self.name, scenario.tables)
            return float(scenario.tables.figures[f"{table}.{column}"][scenario.tables.names_of(table).index(row)])
        return scenario.parameters.get(self.name)


def factor(name: str, asked: dict[str, Any], scenario: Scenario, free: bool = False) -> Factor:
    """A factor as a study asks for it; its range is the declared one unless the study gives another.

    Args:
        name: A parameter or figure by dotted name, "scenario", "draw", a kind of instrument, or any name with `kind`.
        asked: Some of low, high, values, levels; for an instrument kind, region, target, start, end.
        scenario: The scenario that it varies.
        free: Whether names mean nothing to the model, as for a function of the user's own.

    Raises:
        InputError: If the name is unknown or a value cannot be used.
    """
    lever = None
    values = tuple(asked.get("values", ()))
    if values and {"low", "high", "levels"} & set(asked):
        raise InputError(f"factor {name!r} has values: take low, high and levels out, or the values.")
    if free:
        declared: Quantity | Alternatives
        if any(isinstance(value, str) for value in values):
            values = tuple(map(str, values))
            declared = Alternatives(name, values, "the study")
        elif values or {"low", "high"} <= set(asked):
            declared = Quantity(name, "1", -math.inf, math.inf, "the study")
        else:
            raise InputError(f"factor {name!r} of a function of your own needs low and high, or values.")
    elif name == SCENARIO:
        declared = Alternatives("Scenario of the library", values, "the study")
        if not values:
            raise InputError("factor 'scenario' needs values: names of scenarios of the library.")
        for one in values:
            if str(one) not in library():
                raise unknown("scenario of the library", one, library())
    elif name == DRAW:
        last = len(posterior_table("all")) - 1
        declared = Quantity("Draw from the posterior", "number", 0, last, "abm calibrate", integer=True)
    elif name in DECLARATIONS or is_figure(name):
        declared = scenario.quantity(name)
    else:
        lever = _lever(name, asked, scenario)
        declared = KINDS[lever.kind].level
    misplaced = set(asked) & {"kind", "region", "target", "start", "end"}
    if misplaced and lever is None:
        raise InputError(f"factor {name!r} is no instrument: take {min(misplaced)} out.")
    if isinstance(declared, Alternatives):
        values = values or declared.values
        for value in values:
            if name != SCENARIO:
                declared.check(name, value)
        return Factor(name, Quantity(declared.label, "name", 0, len(values) - 1, declared.source), values)
    values = tuple(declared.check(name, value) for value in values)
    levels = asked.get("levels", 0)
    if levels < 0:
        raise InputError(f"factor {name!r}: levels = {levels} must be a whole number from 1.")
    low, high = declared.prior or (declared.low, declared.high)
    low, high = asked.get("low", low), asked.get("high", high)
    if not values:
        low, high = declared.check(f"{name}, low", low), declared.check(f"{name}, high", high)
        if not low < high:
            raise InputError(f"factor {name!r}: low = {low:g} must be less than high = {high:g}.")
    return Factor(name, replace(declared, prior=(low, high)), values, levels, lever)


def _lever(name: str, asked: dict[str, Any], scenario: Scenario) -> Intervention:
    """The instrument that a factor is the level of, checked, at level zero."""
    kind = asked.get("kind", name)
    if kind not in KINDS:
        raise unknown("factor", kind, [*DECLARATIONS, *KINDS, SCENARIO, DRAW])
    start = asked.get("start") or max(quarter_name(load_tables().last_observed + 1), scenario.start)
    lever = Intervention(kind, 0.0, start, asked.get("end", ""), asked.get("region", "all"), asked.get("target", ""))
    return lever.checked(scenario.tables, scenario.start, scenario.end)
