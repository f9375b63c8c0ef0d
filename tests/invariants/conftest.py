"""A world in which much happens, and ways to live through it and to change its tables."""

import pytest

import abm
from abm.model import Market
from abm.world.engine import Engine


@pytest.fixture(scope="session")
def eventful():
    """Four years with rules, an incident and labs that decide for themselves."""
    return (
        abm.Scenario.load("ai_plus")
        .replace({"start": "2025Q1", "end": "2028Q4", "population.warm_up": 4})
        .enact(
            abm.Intervention("ban", 0.7, "2026Q1", region="european_union", target="origin:china"),
            abm.Intervention("procurement", 0.8, "2025Q3", region="gulf", target="license:open"),
            abm.Intervention("data_localisation", 0.004, "2026Q1", region="india"),
            abm.Intervention("incident", 0.5, "2026Q2", target="lab:openai"),
        )
    )


@pytest.fixture(scope="session")
def with_tables():
    def ask(scenario, tables):
        """The same question asked of other tables."""
        asked = scenario.replace()
        vars(asked)["tables"] = tables
        return asked

    return ask


@pytest.fixture(scope="session")
def lived():
    def live(scenario, firms, seed, engine="compiled"):
        """The market after its last quarter."""
        market = Market(scenario, firms, seed, Engine(engine))
        for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up):
            market.step()
        return market

    return live
