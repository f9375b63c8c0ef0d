"""Shocks that hit everyone, and people."""

import numpy as np
import pytest

import abm
from abm.dynamics import chance
from abm.model import Market
from abm.quarters import quarter_number
from abm.scenario.plan import Plan

FIRMS, SEED = 3_000, 2
BASE = abm.Scenario.load("baseline").replace(end="2029Q4")
PLAN = Plan("china", "2025Q4", budget=0.003)


def drawn(shocks, quarter="2030Q1"):
    market = Market(BASE.replace(shocks=shocks), 800, SEED)
    market.world.quarter = quarter_number(quarter)
    return market.world


def test_a_good_year_for_research_is_one_with_a_higher_frontier():
    """Two draws against none: capability is off by the shocks added up, as long as nothing else tells them apart."""
    scenario = BASE.replace({"research.catch_up": 0.0, "research.reinvested": 0.0, "research.difficulty": 0.0,
                             "research.commons": 0.0, "shocks.incident_rate": 0.0, "end": "2027Q2"})  # fmt: skip
    calm = Market(scenario, 800, SEED)
    calm.live_until(quarter_number("2027Q2"))
    shocked = Market(scenario.replace(shocks=5), 800, SEED)
    summed = 0.0
    for quarter in range(shocked.world.quarter + 1, quarter_number("2027Q2") + 1):
        shocked.live_until(quarter)
        before = chance.growth_shock(shocked.world)
        assert before.any() == (quarter > BASE.tables.last_observed)
        summed = summed + before
    lab = BASE.tables.lab_names.index("openai")
    j = BASE.tables.offer_names.index("openai_flagship")
    gap = shocked.world.terms.capability[j] - calm.world.terms.capability[j]
    assert abs(summed[lab]) > 0.5 and gap == pytest.approx(summed[lab], rel=1e-9)


def test_an_incident_is_on_average_as_large_as_declared(measured):
    """Trust lost in 2,000 incidents, whatever their kind; an outage lasts as long as it takes to lose it."""
    world, lost, loss = drawn(9), [], BASE.parameters.trust.outage_loss
    while len(lost) < 2_000:
        world.quarter += 1
        lost += [one.level * (loss if one.kind == "outage" else 1.0) for one in chance.incidents(world, "2030Q1")]
    size = BASE.parameters.shocks.incident_size
    measured(np.mean(lost), size, atol=4 * size / np.sqrt(3 * len(lost)), claim="mean trust lost in an incident")
    assert max(lost) <= 2 * size


def test_incidents_strike_at_their_rate_and_growth_spreads_as_declared(measured):
    """2,000 draws of eight labs: frequency within 4 standard errors, moments of growth within 4 of theirs."""
    world, struck, growth = drawn(1), 0, []
    parameters, labs, many = BASE.parameters.shocks, len(BASE.tables.lab_names), 2_000
    for draw in range(1, many + 1):
        world.scenario = BASE.replace(shocks=draw) if draw % 50 == 1 else world.scenario
        world.quarter = quarter_number("2030Q1") + draw
        struck += len(chance.incidents(world, "2030Q1"))
        growth.append(chance.growth_shock(world))
    expected = 1 - np.exp(-parameters.incident_rate / 4)
    error = np.sqrt(expected * (1 - expected) / (many * labs))
    measured(struck / (many * labs), expected, atol=4 * error, claim="share of quarters with an incident")
    growth = np.array(growth)
    spread = parameters.growth_spread / 2  # of a quarter
    measured(growth[:, 0].mean(), 0, atol=4 * spread / np.sqrt(many), claim="mean shock to growth")
    measured(growth[:, 0].std(), spread, rtol=4 / np.sqrt(2 * many), claim="its spread, ECI points")
    together = np.corrcoef(growth.T)[np.triu_indices(labs, 1)].mean()
    measured(together, parameters.growth_shared, atol=0.06, claim="correlation between labs")


def test_the_worlds_luck_is_that_of_the_draw_and_not_of_the_seed():
    """Labs that live on outside money alone: what the sample's firms pay them tells no difference."""
    base = BASE.replace({"research.reinvested": 0.0})
    one, two = (abm.simulate(base.replace(shocks=3), firms=1_000, seed=seed).data["capability"] for seed in (1, 2))
    other = abm.simulate(base.replace(shocks=4), firms=1_000, seed=1).data["capability"]
    calm = abm.simulate(base, firms=1_000, seed=1).data["capability"]
    at = {"quarter": "2029Q4"}
    assert float(abs(one - two).sel(at).max()) < 1.0 < float(abs(one - other).sel(at).max())
    assert float(abs(one - calm).sel(quarter=slice(None, "2026Q2")).max()) == 0 < float(abs(one - calm).sel(at).max())


@pytest.mark.parametrize("quarter, some", [("2026Q2", False), ("2026Q3", True)])
def test_incidents_strike_after_the_evidence_only(quarter, some):
    struck = 0
    world = drawn(1, quarter)
    for draw in range(1, 121):
        world.scenario = BASE.replace(shocks=draw)
        struck += len(chance.incidents(world, quarter))
    assert (struck > 0) == some


def test_a_world_without_shocks_has_none():
    world = drawn(0)
    for quarter in range(200):
        world.quarter = quarter_number("2027Q1") + quarter
        assert not chance.incidents(world, "2027Q1") and not chance.growth_shock(world).any()


def test_people_follow_basss_recursion(measured):
    """Without exposure at work: F' = F + (C - F)(1 - exp(-(p + q F) / 4)), region by region."""
    scenario = BASE.replace({"people.work": 0.0})
    record = abm.simulate(scenario, firms=800, seed=1)
    people, figures, share, path = scenario.parameters.people, scenario.tables.figures, 0.0, []
    income = figures["regions.gdp"] / figures["regions.population"] * 1e6
    ceiling = people.ceiling * np.minimum(1, (income / people.reference_income) ** people.income_elasticity)
    for _ in scenario.quarters:
        share = share + (ceiling - share) * (1 - np.exp(-(people.innovation + people.imitation * share) / 4))
        path.append(share)
    measured(record.data["people"].values, np.array(path), rtol=1e-12)
    exposed = abm.simulate(BASE, firms=800, seed=1).data["people"]
    assert (exposed.values[1:] > record.data["people"].values[1:]).all()


def test_people_in_china_follow_the_surveys():
    """CNNIC: 17.6, 36.5 and 42.8% of people at the end of 2024, in mid 2025 and at its end; within eight points."""
    people = abm.simulate(BASE.replace(end="2025Q4"), firms=3_000, seed=1).data["people"].sel(region="china")
    for quarter, share in (("2024Q4", 0.176), ("2025Q2", 0.365), ("2025Q4", 0.428)):
        assert float(people.sel(quarter=quarter)) == pytest.approx(share, abs=0.08)


def test_no_release_is_worse_than_the_last_even_in_a_bad_year():
    """Labs that find nothing by themselves under shocks of twenty points a year: capability stands still or rises."""
    scenario = BASE.replace({"research.frontier_growth": 0.0, "shocks.growth_spread": 20.0, "shocks": 3})
    path = abm.simulate(scenario, firms=800, seed=1).data["capability"].sel(quarter=slice("2026Q2", None)).values
    steps = np.diff(path, axis=0)
    assert steps.min() == 0.0 and (steps == 0).sum() > 10 and steps.max() > 1
