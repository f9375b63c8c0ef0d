"""Decisions of firms: their tastes, and the borders of equal options and full readiness."""

import numpy as np
import pytest
from scipy import stats

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.decide import decide
from abm.dynamics.reference import Some, decide_in_numpy, practise, taste_shocks
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.dynamics.sequential import decide_in_turn
from abm.model import Market
from abm.world.engine import Engine

BASELINE = abm.Scenario.load("baseline").replace({"end": "2024Q1"})


LOG_SHARE = {"interaction.form": "log_share", "interaction.strength": 0.3}


@pytest.mark.parametrize("change, way", [
    ({}, decide_in_numpy), (LOG_SHARE, decide_in_numpy), ({"interaction.timing": "sequential"}, decide_in_turn),
    ({"interaction.network": "everyone", **LOG_SHARE}, decide_in_numpy),
])  # fmt: skip
def test_firms_decide_in_the_way_that_the_scenario_says(change, way):
    """At once, seeing the last quarter, or in turn: the same firms choose differently, so that the ways are told apart."""
    contagious, options = {"diffusion.imitation": 8.0, "cost.entry_cost": 5_000.0, "interaction.strength": 4.0}, []
    for decides in (decide, way, decide_in_turn if way is decide_in_numpy else decide_in_numpy):
        market = Market(BASELINE.replace({**contagious, **change}), 3_000, 1)
        for _ in range(3):
            market.step()
        market.world.quarter += 1
        for verb in (regulate, release):
            verb(market.world)
        decides(market.world) if decides is decide else decides(market.world, conditions_of(market.world))
        options.append(market.world.firms.option)
    np.testing.assert_array_equal(options[0], options[1])
    assert (options[0] != options[2]).any()


@pytest.mark.parametrize("timing", ["synchronous", "sequential"])
def test_users_decide_when_their_contract_ends_and_only_then(timing):
    """With tastes that are new at each decision, the quarter of the taste tells who has decided: every third quarter."""
    scenario = BASELINE.replace(
        {"choice.taste_renewal": 1.0, "interaction.timing": timing, "cost.contract_years": 0.75}
    )
    market = Market(scenario, 3_000, 1)
    firms = market.world.firms
    for age in range(1, 12):
        tenure = firms.tenure.astype(int)
        market.step()
        users = firms.last_option != 0
        decided = firms.taste_quarter == age
        np.testing.assert_array_equal(decided[users], (tenure[users] + 1) % 3 == 0)
        moved = firms.option != firms.last_option
        assert not (moved & ~decided).any()
        np.testing.assert_array_equal(firms.tenure, np.where(moved | (firms.option == 0), 0, tenure + 1))
    assert (moved & users).any() and (decided & users & ~moved).any()


def test_firms_may_all_have_ai_and_leave_it():
    """In turn and seeing everyone; nobody is without AI at first, so that those without are counted from nothing."""
    scenario = BASELINE.replace({"interaction.timing": "sequential", "interaction.network": "everyone"})
    world = Market(scenario, 3_000, 1).world
    world.quarter += 1
    for verb in (regulate, release):
        verb(world)
    world.firms.option[:], world.firms.tenure[:] = 1, 7  # contracts end now
    decide(world)
    assert (world.firms.option == 0).sum() > 1_000 and (world.firms.last_option == 1).all()


@pytest.mark.parametrize("engine", ["numpy", "compiled"])
def test_of_equal_deployments_the_first_that_is_sold_is_taken(engine):
    """Without entry cost and distrust, and at one price, the deployments of an offer are worth the same to the last bit."""
    tables = BASELINE.tables
    one_price = {
        f"offers.{name}.{price}": 1.0
        for name, is_open in zip(tables.offer_names, tables.offer_open, strict=True)
        for price in (("price", "hosted_price") if is_open else ("price",))
    }
    multiples = {f"deployments.{name}.price_multiple": 1.0 for name in tables.deployment_names}
    free = {"cost.entry_cost": 0.0, "trust.distrust_cost": 0.0}
    market = Market(BASELINE.replace({**free, **one_price, **multiples}), 4_000, 1, Engine(engine))
    for _ in range(12):
        market.step()
    world = market.world
    assert world.rules is not None
    users = np.flatnonzero(world.firms.option)
    assert len(users) > 1_000
    for region, option in set(zip(world.firms.region[users], world.firms.option[users].astype(int) - 1, strict=True)):
        same = np.flatnonzero(world.rules.available[region] & (world.options.offer == world.options.offer[option]))
        assert option == same.min()


def test_readiness_stays_within_what_its_log_odds_allow():
    """However much firms learn, they never become as ready as one, and those without readiness get on the scale."""
    market = Market(BASELINE.replace({"readiness.learning_by_use": 5.0}), 4_000, 1)
    world = market.world
    for verb in (regulate, release):
        verb(world)
    world.firms.readiness[:3] = [0.0, 1e-9, 1 - 2**-24]
    world.firms.last_option[:3] = 1
    practise(world, conditions_of(world), Some.of(world, np.arange(3)))
    np.testing.assert_allclose(world.firms.readiness[:3], [1e-6, 1e-6, 1 - 1e-6], rtol=1e-7)


def test_tastes_are_gumbel_and_alike_within_a_nest():
    """Each is standard Gumbel (Kolmogorov-Smirnov, p > 1e-4); correlations are 1 - lambda^2 in a nest and 0 elsewhere.

    With 40,000 firms a correlation has a standard error below 0.005; kept within 0.03, as extremes are heavy-tailed.
    """
    world = Market(BASELINE, 40_000, 1).world
    for verb in (regulate, release):
        verb(world)
    choice, is_open = world.scenario.parameters.choice, np.array(world.scenario.tables.offer_open)
    rows = np.arange(len(world.firms))
    c = conditions_of(world)
    for drawn in (0, 3):
        shocks, none = taste_shocks(c, Some.of(world, rows), np.full(len(rows), drawn, np.uint8))
        tastes = np.column_stack([shocks, none])
        for taste in tastes.T:
            assert stats.kstest(taste, stats.gumbel_r.cdf).pvalue > 1e-4
        expected = np.eye(len(is_open) + 1)
        for nest, dissimilarity in ((is_open, choice.dissimilarity_open), (~is_open, choice.dissimilarity_proprietary)):
            both = np.flatnonzero(nest)
            expected[np.ix_(both, both)] = 1 - dissimilarity**2
        np.fill_diagonal(expected, 1.0)
        np.testing.assert_allclose(np.corrcoef(tastes.T), expected, atol=0.03)
    later, _ = taste_shocks(c, Some.of(world, rows), np.full(len(rows), 4, np.uint8))
    for now, then in zip(shocks.T, later.T, strict=True):
        assert abs(np.corrcoef(now, then)[0, 1]) < 0.03
