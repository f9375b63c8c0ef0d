"""Doubling every weight, or counting in another currency, changes no share; one firm more changes no other."""

from dataclasses import replace

import numpy as np
import pytest

import abm
from abm.observe.recorder import VARIABLES
from abm.scenario.parameters import DECLARATIONS
from abm.scenario.tables import LAB_FIGURES, REGION_FIGURES, SECTOR_FIGURES

FIRMS, SEED = 4_000, 3
# Labs do as they did, whoever uses them.
OBSERVED = abm.Scenario.load("baseline").replace(end="2026Q2")


def test_twice_as_many_firms_each_count_double(with_tables, measured):
    """Totals are doubled and shares are the same, bit for bit, as long as labs do as they did."""
    tables = OBSERVED.tables
    doubled = replace(tables, firms=2 * tables.firms, employees=2 * tables.employees)
    once, twice = (abm.simulate(with_tables(OBSERVED, t), firms=FIRMS, seed=SEED) for t in (tables, doubled))
    for name, (_, unit, _) in VARIABLES.items():
        factor = {"firms": 2, "workers": 2, "million tokens per quarter": 2, "USD per quarter": 2}.get(unit, 1)
        factor = 4 if name == "squares" else factor
        measured(
            twice.data[name], factor * once.data[name], claim=f"twice as many firms: {name}, {factor} times as before"
        )
    for name in ("penetration", "open_share", "market_share", "foreign_origin", "foreign_operator", "spending_hhi"):
        measured(twice.indicator(name), once.indicator(name), claim=f"twice as many firms: {name}")


@pytest.fixture(scope="session")
def in_currency(with_tables):
    def count(scenario, rate):
        return _in_currency(scenario, rate, with_tables)

    return count


def _in_currency(scenario, rate, with_tables):
    """The scenario with every amount of money counted in a currency of which `rate` make a dollar."""
    parameters = {
        name: rate * scenario.parameters.get(name) for name, declared in DECLARATIONS.items() if "USD" in declared.unit
    }
    figures = {
        f"{table}.{row}.{column}": rate * float(scenario.tables.figures[f"{table}.{column}"][i])
        for table, declared in (("regions", REGION_FIGURES), ("sectors", SECTOR_FIGURES), ("labs", LAB_FIGURES))
        for column, quantity in declared.items() if "USD" in quantity.unit
        for i, row in enumerate(scenario.tables.names_of(table))
    }  # fmt: skip
    assert {"demand.reference_price", "cost.entry_cost"} < parameters.keys() and "regions.china.wage" in figures
    changed = scenario.replace({**parameters, **figures})
    history = changed.tables.history
    prices = {name: rate * values for name, values in history.items() if name != "capability"}
    return with_tables(changed, replace(changed.tables, history={**history, **prices}))


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
@pytest.mark.parametrize("rate, tolerance", [(2.0, 0.0), (0.5, 0.0), (3.0, 1e-9)])
def test_money_is_a_unit(eventful, in_currency, lived, measured, rate, tolerance, engine):
    """With prices of the labs' own, too. By a power of two nothing rounds differently; by three 1e-9 is allowed."""
    dollars, other = (lived(s, FIRMS, SEED, engine) for s in (eventful, in_currency(eventful, rate)))
    otherwise = (other.world.firms.option != dollars.world.firms.option).sum()
    measured(otherwise, 0, claim=f"{rate:g} to the dollar: firms that choose otherwise")
    before, after = (market.recorder.record(market.world).data for market in (dollars, other))
    for name, (_, unit, _) in VARIABLES.items():
        expected = before[name] * (rate if unit.startswith("USD") else 1)
        if name == "squares":
            expected = before[name] * np.where(before["measure"] == "spend", rate**2, 1)
        measured(after[name], expected, rtol=tolerance, claim=f"{rate:g} to the dollar: {name}")


def test_one_firm_more_changes_others_only_through_interaction(lived, measured):
    """Firms are the same firms in a sample of one more; without others' pull, example and experience they do the same."""
    alone = OBSERVED.replace({"interaction.strength": 0, "diffusion.imitation": 0, "trust.learning": 0})

    def differing(scenario, more):
        worlds = [lived(scenario, firms, SEED).world for firms in (FIRMS, FIRMS + more)]
        place = {int(i): row for row, i in enumerate(worlds[1].firms.id)}
        rows = np.array([place.get(int(i), -1) for i in worlds[0].firms.id])
        kept = rows >= 0  # strata share out the sample, so that one of them may lose a firm
        assert kept.sum() >= FIRMS - 1
        return sum(
            int((getattr(worlds[0].firms, column)[kept] != getattr(worlds[1].firms, column)[rows[kept]]).sum())
            for column in ("option", "tenure", "taste_quarter", "readiness", "taste")
        )

    for more in (1, 400):
        measured(differing(alone, more), 0, claim=f"{more} more in the sample: others that differ without interaction")
    assert differing(OBSERVED, 400) > 0
