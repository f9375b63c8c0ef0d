"""What labs expect to sell, and the prices that follow: cell by cell with nested logit, and by trying other prices."""

import itertools
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import abm
from abm.dynamics.expected_demand import ExpectedDemand
from abm.dynamics.regulate import no_rules, regulate
from abm.dynamics.release import release
from abm.model import Market
from abm.quarters import quarter_number
from abm.theory.choice import nested_logit
from abm.theory.supply import joint_prices
from abm.world.cells import EDGES

BASE = abm.Scenario.load("baseline").replace(start="2025Q1", end="2027Q4")
EVENTFUL = BASE.enact(
    abm.Intervention("subsidy", 0.3, "2025Q2"),
    abm.Intervention("subsidy", 0.5, "2025Q3", region="india", target="license:open"),
    abm.Intervention("data_localisation", 0.004, "2025Q2", region="china"),
    abm.Intervention("procurement", 0.8, "2025Q3", region="gulf", target="license:open"),
    abm.Intervention("ban", 0.7, "2025Q4", region="european_union", target="origin:china"),
    abm.Intervention("open_weights_mandate", 1.0, "2026Q1", target="lab:doubao"),
)


def world_of(scenario, quarter, firms=4_000):
    """A world in a quarter whose rules are known and whose labs have not yet acted."""
    market = Market(scenario, firms, 3)
    market.live_until(quarter_number(quarter) - 1)
    market.world.quarter += 1
    regulate(market.world)
    return market.world


@cache
def mean_intensity(demand, low, high):
    """Mean of the truncated log-normal use intensity between two of its quantiles, by quadrature over the quantile."""
    top = norm.cdf(np.log(demand.spend_ceiling / demand.spend_median) / demand.spend_log_spread)
    area, _ = quad(lambda u: np.exp(demand.spend_log_spread * norm.ppf(u * top)), low, high, limit=500)
    return area / (high - low)


def tokens_sold(world, price):
    """Tokens a year of each offer at some posted prices of the proprietary ones, if every firm decided as a new user."""
    tables, parameters, options, firms = world.scenario.tables, world.scenario.parameters, world.options, world.firms
    demand, cost, choice, interaction = parameters.demand, parameters.cost, parameters.choice, parameters.interaction
    offers, multiple = (
        len(tables.offer_names),
        {"hosted": cost.hosted_multiple, "self_hosted": cost.self_hosted_multiple},
    )
    nest = np.concatenate([[0], np.where(tables.offer_open, 1, 2)])
    dissimilarity = np.array([1.0, choice.dissimilarity_open, choice.dissimilarity_proprietary])
    annuity = cost.interest_rate / (1 - (1 + cost.interest_rate) ** -cost.contract_years)
    trust, sold = world.option_trust(), np.zeros(offers)
    used = np.concatenate([[offers], options.offer])[firms.option]
    everyone = np.bincount(used, firms.weight, offers + 1)[:-1] / firms.weight.sum()
    for r in range(len(tables.region_names)):
        wage = tables.figures["regions.wage"][r]
        here = firms.region == r
        in_region = np.bincount(used[here], firms.weight[here], offers + 1)[:-1] / firms.weight[here].sum()
        for s in range(len(tables.sector_names)):
            there = here & (firms.sector == s)
            if not there.any():
                continue
            in_sector = np.bincount(used[there], firms.weight[there], offers + 1)[:-1] / firms.weight[there].sum()
            a, b = interaction.own_sector_share, interaction.own_region_share
            pull = interaction.strength * (a * in_sector + b * in_region + (1 - a - b) * everyone)
            exposure = (tables.figures["sectors.exposure"][s] / demand.exposure_reference) ** demand.exposure_exponent
            doubt = parameters.trust.distrust_cost * tables.figures["sectors.distrust_multiple"][s]
            for z in range(len(tables.size_names)):
                mine = there & (firms.size == z)
                if not mine.any():
                    continue
                workers = firms.weight[mine] * firms.employees[mine]
                ready = (workers * firms.readiness[mine]).sum() / workers.sum()
                n = tables.employees[r, s, z] / tables.firms[r, s, z]
                for low, high in itertools.pairwise(EDGES):
                    k = mean_intensity(demand, low, high)
                    stake = demand.spend_median / (demand.price_elasticity - 1) * exposure * k / wage
                    scale = (choice.taste_scale + choice.taste_scale_per_stake * stake) * wage * n
                    utility, tokens = np.full(offers + 1, -np.inf), np.zeros(offers)
                    utility[0] = 0.0
                    for o, j in enumerate(options.offer):
                        if not world.rules.available[r, o]:
                            continue
                        posted = (
                            price[j]
                            if options.at_vendor[o] and not np.isnan(price[j])
                            else world.terms.option_price[r, o]
                        )
                        net = posted * (1 - world.rules.subsidy[r, o])
                        done = 1 / (
                            1 + np.exp((demand.capability_midpoint - world.terms.served[j]) / demand.capability_spread)
                        )
                        use = demand.spend_median / demand.reference_price * k * n * ready * exposure * done
                        use *= (net / demand.reference_price) ** -demand.price_elasticity
                        project = cost.entry_cost * multiple.get(tables.deployment_names[options.deployment[o]], 1.0)
                        project *= np.sqrt(wage / cost.reference_wage) * (1 - ready) * (n / 50) ** cost.size_exponent
                        value = use * net / (demand.price_elasticity - 1)
                        value -= (1 - world.rules.entry_subsidy[r, o]) * (cost.maintenance + annuity) * project
                        value -= (doubt * (1 - trust[r, o]) + world.rules.compliance[r, o]) * wage * n
                        open_to = 1.0
                        for rule in world.rules.restrictions:
                            if rule.region == r and rule.options[o]:
                                open_to *= 1 - rule.share * (
                                    1 if rule.at_once else tables.figures["sectors.public_share"][s]
                                )
                        worth = value / scale + pull[j] + np.log(open_to)
                        if worth > utility[j + 1]:
                            utility[j + 1], tokens[j] = worth, use
                    here_firms = tables.firms[r, s, z] * (high - low)
                    sold += here_firms * nested_logit(utility, nest, dissimilarity)[0][1:] * tokens
    return sold


@pytest.fixture(scope="module")
def eventful():
    world = world_of(EVENTFUL, "2026Q2")
    price = world.terms.option_price  # of the last quarter, as labs see the others'
    release(world)
    world.terms.option_price = price
    return world


@pytest.fixture(scope="module")
def priced(eventful):
    names = eventful.scenario.tables
    published = [names.lab_names[lab] == "doubao" for lab in eventful.options.offer_lab]
    return np.flatnonzero(~eventful.options.offer_open & ~np.array(published))


def test_labs_expect_to_sell_what_every_cell_would_buy(eventful, priced, measured):
    price = np.full(len(eventful.options.offer_lab), np.nan)
    price[priced] = 1.3 * eventful.terms.list_price[priced]
    got = ExpectedDemand(eventful, priced).sales(price[priced]).units
    measured(got, tokens_sold(eventful, price)[priced], rtol=1e-7, claim="million tokens a year")


def test_reactions_to_prices_are_derivatives(eventful, priced, measured):
    demand, price = ExpectedDemand(eventful, priced), eventful.terms.list_price[priced]
    derivatives = demand.sales(price).derivatives
    for k in range(len(priced)):
        step = 1e-5 * price[k] * (np.arange(len(priced)) == k)
        change = (demand.sales(price + step).units - demand.sales(price - step).units) / (2e-5 * price[k])
        measured(derivatives[:, k], change, rtol=1e-6, claim="change of sales with a price")


def profits_of(demand, price, cost, mine):
    return ((price - cost) * demand.sales(price).units)[mine].sum()


def assert_best(demand, price, cost, owner, measured):
    """No lab gains by moving one of its prices, the others' as they are."""
    for k in range(len(price)):
        mine, step = owner == owner[k], 1e-4 * price[k] * (np.arange(len(price)) == k)
        up, down = (profits_of(demand, price + sign * step, cost, mine) for sign in (1, -1))
        revenue = (price * demand.sales(price).units)[k]
        measured((up - down) / 2e-4 / revenue, 0.0, atol=2e-5, claim="change of profit over revenue per log price")
        assert profits_of(demand, price, cost, mine) > max(
            profits_of(demand, price + sign * 300 * step, cost, mine) for sign in (1, -1)
        )


def test_prices_that_are_observed_are_best_for_labs_that_price_their_tiers_jointly(eventful, measured):
    """Best in the world in which they were observed: all offers, none of the scenario's rules."""
    eventful = replace(eventful, rules=no_rules(eventful))
    priced = np.flatnonzero(~eventful.options.offer_open)
    terms, owner = eventful.terms, eventful.options.offer_lab[priced]
    assert len(set(owner)) < len(owner)  # some have two tiers
    assert_best(ExpectedDemand(eventful, priced), terms.list_price[priced], terms.unit_cost[priced], owner, measured)
    is_open = eventful.options.offer_open
    measured(terms.unit_cost[is_open], terms.hosted_price[is_open], claim="hosts sell open weights at cost")


def test_labs_head_for_the_best_prices(measured):
    world = world_of(BASE, "2027Q2")
    price = world.terms.option_price
    release(world)
    terms, priced = world.terms, np.flatnonzero(~world.options.offer_open)
    terms.option_price, hosted = price, terms.hosted_price
    assert terms.prices_found and (hosted[world.options.offer_open] > 0).all()
    owner = world.options.offer_lab[priced]
    best = (terms.best_markup * terms.unit_cost)[priced]
    assert_best(ExpectedDemand(world, priced), best, terms.unit_cost[priced], owner, measured)


def test_before_anyone_uses_ai_costs_follow_from_the_elasticity_of_use(measured):
    world = world_of(BASE.replace({"population.warm_up": 0}), "2025Q1")
    assert not world.firms.option.any()
    with np.errstate(divide="raise", invalid="raise"):
        release(world)
    terms, is_open = world.terms, world.options.offer_open
    lerner = (1 - terms.unit_cost / terms.list_price)[~is_open]
    measured(lerner, 1 / world.scenario.parameters.demand.price_elasticity, atol=1e-12)
    measured(terms.unit_cost[is_open], terms.hosted_price[is_open], claim="hosts sell open weights at cost")


def test_prices_stay_where_the_best_ones_cannot_be_found(monkeypatch):
    world = world_of(BASE, "2027Q2")
    old, cost = world.terms.list_price.copy(), world.terms.unit_cost.copy()
    monkeypatch.setattr("abm.dynamics.release.joint_prices", lambda *args: (args[3] * 7, False))
    release(world)
    closed = ~world.options.offer_open
    assert not world.terms.prices_found
    np.testing.assert_allclose(
        (world.terms.list_price / world.terms.unit_cost)[closed], (old / cost)[closed], rtol=1e-12
    )


def test_an_offer_that_its_lab_wants_unsold_has_a_price(monkeypatch, measured):
    """Without a bound a lab may ask ever more for a tier that takes users from its other one; serving costs 2% at least."""
    world = world_of(BASE, "2026Q4")
    monkeypatch.setattr("abm.dynamics.release.joint_prices", lambda sales, cost, owner, start: (1e12 * cost, True))
    release(world)
    priced = ~np.isnan(world.terms.best_markup)
    assert priced.sum() > 5
    measured(world.terms.best_markup[priced], 50.0, rtol=1e-12)


def test_a_lab_with_two_tiers_asks_more_for_the_one_that_takes_users_from_the_other():
    """Priced apart, each tier would count the other's users as lost."""
    world = world_of(BASE, "2027Q2")
    release(world)
    priced = np.flatnonzero(~world.options.offer_open)
    owner, cost = world.options.offer_lab[priced], world.terms.unit_cost[priced]
    demand, start = ExpectedDemand(world, priced), 2 * world.terms.unit_cost[priced]
    jointly, found = joint_prices(demand.sales, cost, owner, start)
    apart, found_too = joint_prices(demand.sales, cost, np.arange(len(priced)), start)
    assert found and found_too
    both = np.isin(owner, [lab for lab in owner if (owner == lab).sum() > 1])
    assert (jointly[both] > apart[both]).all()
