"""What a study keeps of each run: indicators for a region or the world, written as "penetration(china, people)"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from abm.quantities import InputError, unknown
from abm.scenario.scenario import Scenario

if TYPE_CHECKING:
    from abm.observe.record import Record

WORLD = "world"
_FORM = re.compile(r"^\s*(\w+)\s*(?:\(([^()]*)\))?\s*$")
OPEN_LAG = "open_lag"  # months that open models are behind, read like an indicator without a breakdown


@dataclass(frozen=True, slots=True)
class Reading:
    """A number that is read off a record in each quarter.

    Attributes:
        indicator: Name of the indicator, or `OPEN_LAG`.
        at: Where it is read: (dimension, name) pairs such as ("region", "china").
        weight: What a share is a share of.
        population: Whose share it is.
        unit: Its unit.
    """

    indicator: str
    at: tuple[tuple[str, str], ...]
    weight: str
    population: str
    unit: str

    def of(self, record: Record, quarters: list[str]) -> list[float]:
        """Its values in some quarters of a record; nan where there is nothing to have a share of."""
        if self.indicator == OPEN_LAG:
            from abm.observe.frontier import frontiers, open_lag

            values = open_lag(*frontiers(record))
        else:
            by = tuple(dimension for dimension, _ in self.at)
            found = record.indicator(self.indicator, by or None, weight=self.weight, population=self.population)
            values = np.asarray(found.sel(dict(self.at)).values, float)
        place = {quarter: k for k, quarter in enumerate(record.quarters)}
        return [float(values[place[quarter]]) for quarter in quarters]


def reading(text: str, scenario: Scenario) -> Reading:
    """Read words such as "open_share(india, tokens)" or "market_share(world, deepseek, spend)".

    Args:
        text: An indicator, and in brackets in any order a region (or "world"), sector, size class, offer or lab, and the
            weight or population.
        scenario: The scenario whose regions, sectors, offers and labs it may name.

    Raises:
        InputError: If it cannot be read, or names what is not there.
    """
    # What measures the model is slow to load, and a study of a function of one's own does without.
    from abm.observe.indicators import INDICATORS, POPULATIONS, WEIGHTS

    match = _FORM.match(text)
    if not match:
        raise InputError(f'cannot read the indicator {text!r}; write for example "penetration(china, people)".')
    name, words = match[1], [word.strip() for word in (match[2] or "").split(",") if word.strip()]
    if name == OPEN_LAG:
        if words:
            raise InputError(f"{text!r}: {OPEN_LAG} has no breakdown; take the brackets away.")
        return Reading(name, (), WEIGHTS[0], POPULATIONS[0], "months")
    if name not in INDICATORS:
        raise unknown("indicator", name, [*INDICATORS, OPEN_LAG])
    declared, at, chosen = INDICATORS[name], [], {"weight": WEIGHTS[0], "population": POPULATIONS[0]}
    measure, measures = ("population", POPULATIONS) if declared.of_population else ("weight", WEIGHTS)
    names = {dimension: getattr(scenario.tables, f"{dimension}_names") for dimension in declared.by}
    for word in words:
        if word in measures:
            chosen[measure] = word
        elif word != WORLD:
            dimension = next((one for one, known in names.items() if word in known), None)
            if dimension is None:
                raise unknown(f"word in {text!r}", word, [WORLD, *measures, *(n for k in names.values() for n in k)])
            at.append((dimension, word))
    if len({dimension for dimension, _ in at}) < len(at):
        raise InputError(f"{text!r} names two of a kind; ask for each in an indicator of its own.")
    return Reading(name, tuple(at), chosen["weight"], chosen["population"], declared.unit)
