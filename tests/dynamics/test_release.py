"""What labs do against the equations of docs/model.md, offer by offer and by name."""

import numpy as np
import pytest
from eventful import BASELINE, Named, world_until

import abm
from abm.dynamics.release import release
from abm.quarters import quarter_number


def test_observed_models_and_prices_are_those_of_the_tables():
    world = world_until(release, "2026Q1")
    release(world)
    row = quarter_number("2026Q1") - world.scenario.tables.first_observed
    for name, quantity in (("capability", "capability"), ("list_price", "price"), ("hosted_price", "hosted_price")):
        np.testing.assert_array_equal(getattr(world.terms, name), world.scenario.tables.history[quantity][row])
    np.testing.assert_array_equal(world.terms.served, world.terms.capability)


def test_a_breakthrough_before_the_evidence_ends_adds_to_what_is_observed():
    moment = abm.Intervention("breakthrough", 4.0, "2025Q3", target="offer:mistral")
    world = world_until(release, "2026Q1", BASELINE.enact(moment))
    release(world)
    row = quarter_number("2026Q1") - world.scenario.tables.first_observed
    more = world.terms.capability - world.scenario.tables.history["capability"][row]
    assert dict(zip(world.scenario.tables.offer_names, more, strict=True))["mistral"] == pytest.approx(4.0)
    assert more.sum() == pytest.approx(4.0)


def test_nobody_sells_below_cost_where_prices_are_capped_but_own_machines_run_on():
    caps = BASELINE.enact(abm.Intervention("price_cap", 0.01, "2026Q1", region="india"))
    world = world_until(release, "2026Q1", caps)
    release(world)
    india = world.scenario.tables.region_names.index("india")
    own_machines = ~world.options.at_vendor & ~world.options.hosted
    assert not world.terms.withheld[:, own_machines].any()
    assert world.terms.withheld[india, ~own_machines].all() and world.terms.withheld.sum(axis=1).astype(bool).sum() == 1


def test_the_warm_up_lives_at_the_first_quarters_offers():
    world = world_until(release, "2024Q2")
    release(world)
    row = quarter_number("2025Q1") - world.scenario.tables.first_observed
    np.testing.assert_array_equal(world.terms.capability, world.scenario.tables.history["capability"][row])


def test_the_frontier_is_that_of_the_labs_there_are():
    """Without the leading labs the best of the others has nobody to catch up with."""
    leaders = ("lab:openai", "lab:google", "lab:anthropic")
    world = world_until(release, "2026Q3", BASELINE.replace({"withdrawn": leaders}))
    tables, research = world.scenario.tables, world.scenario.parameters.research
    left = [j for j in range(len(tables.offer_names)) if f"lab:{tables.lab_names[tables.offer_lab[j]]}" not in leaders]
    best = max(left, key=lambda j: world.terms.capability[j])
    lab = world.labs[tables.offer_lab[best]]
    old, profit = world.terms.capability.copy(), lab.profit
    assert old[best] < old.max()
    named = Named(world)
    on_open = named.weight[named.users][np.array(named.open)[named.used]].sum() / named.weight[named.users].sum()
    release(world)
    own = own_research(world, lab, profit, old[best])
    shared = research.commons * (1.0 if tables.offer_open[best] else 0.5) * np.sqrt(on_open)
    assert world.terms.capability[best] - old[best] == pytest.approx((own + shared) / 4)


def own_research(world, lab, profit, capability):
    """Points a year: money over ten billion to an elasticity, less the further out; losses are paid first."""
    research, tables = world.scenario.parameters.research, world.scenario.tables
    outside = 1e9 * tables.figures["labs.outside_money"][tables.lab_names.index(lab.name)]
    funds = max(outside + 4 * profit * (research.reinvested if profit > 0 else 1.0), 0.0)
    harder = np.exp(-research.difficulty * (capability - 130))
    years = (world.quarter - quarter_number("2026Q2")) / 4
    computation = funds / research.reference_budget * np.exp(world.scenario.parameters.market.hardware_decline * years)
    return research.frontier_growth * computation**research.budget_elasticity * harder


@pytest.mark.parametrize("quarter", ["2026Q3", "2027Q3"])
def test_labs_move_capability_and_prices(quarter):
    """Research, catch-up and commons; costs by the industry's clock; mark-ups a step towards the sellers' best."""
    world = world_until(release, quarter)
    named, terms = Named(world), world.terms
    columns = ("capability", "served", "list_price", "hosted_price", "unit_cost")
    old = {name: getattr(terms, name).copy() for name in columns}
    profit = {lab.name: lab.revenue - lab.cost for lab in world.labs}
    release(world)
    tables, market, demand = named.tables, named.parameters.market, named.parameters.demand
    names, is_open = list(tables.offer_names), np.array(tables.offer_open)
    on_open = named.weight[named.users][np.array(named.open)[named.used]].sum() / named.weight[named.users].sum()
    flagship = [j for j in range(len(names)) if not tables.offer_small[j]]
    best = max(old["capability"][j] for j in flagship)
    gain, research = np.zeros(len(names)), named.parameters.research
    for j in flagship:
        lab = world.labs[tables.offer_lab[j]]
        chinese = tables.region_names[tables.lab_home[tables.offer_lab[j]]] == "china"
        own = own_research(world, lab, profit[lab.name], old["capability"][j])
        own *= (0.6 if chinese else 1.0) * (0.5 if lab.name == "qwen" else 1.0)
        shared = research.commons * (1.0 if is_open[j] else 0.5) * np.sqrt(on_open)
        catch_up = (1 - np.exp(-research.catch_up / 4)) * (best - old["capability"][j])
        gain[j] = (own + shared) / 4 + catch_up
    for j in set(range(len(names))) - set(flagship):
        gain[j] = gain[next(k for k in flagship if tables.offer_lab[k] == tables.offer_lab[j])]
    np.testing.assert_allclose(terms.capability - old["capability"], gain, rtol=1e-9)

    share = (demand.price_elasticity - 1) * market.cost_per_point * demand.capability_spread
    worthwhile = demand.capability_midpoint + demand.capability_spread * np.log(1 / share - 1)
    served = [max(now, min(new, worthwhile)) for now, new in zip(old["served"], terms.capability, strict=True)]
    np.testing.assert_allclose(terms.served, served, rtol=1e-12)
    years = (quarter_number(quarter) - quarter_number("2026Q2")) / 4
    fading = [2 ** (-t / market.decline_half_life) for t in (years - 0.25, years)]
    fall = market.hardware_decline / 4 + (market.cost_decline - market.hardware_decline) * (fading[0] - fading[1]) * (
        market.decline_half_life / np.log(2)
    )
    before, by_capability = old["unit_cost"].copy(), np.exp(market.cost_per_point * (terms.served - old["served"]))
    at_midpoint = before / np.exp(market.cost_per_point * (old["served"] - demand.capability_midpoint))
    nearer = (at_midpoint.min() / at_midpoint) ** (1 - np.exp(-market.cost_catch_up / 4))  # to the cheapest
    cost = before * nearer * by_capability * np.exp(-fall)
    np.testing.assert_allclose(terms.unit_cost, cost, rtol=1e-9)

    step = market.price_adjustment
    kept = old["list_price"] * cost / before  # at the old mark-up
    np.testing.assert_allclose(terms.list_price[is_open], ((1 - step) * kept + step * cost)[is_open], rtol=1e-9)
    best = (terms.list_price - (1 - step) * kept) / step
    assert terms.prices_found
    np.testing.assert_allclose(best[~is_open], (terms.best_markup * cost)[~is_open], rtol=1e-9)
    hosted = (1 - step) * old["hosted_price"] * cost / before + step * cost
    np.testing.assert_allclose(terms.hosted_price[is_open], hosted[is_open], rtol=1e-9)
    multiple = dict(zip(tables.deployment_names, tables.figures["deployments.price_multiple"], strict=True))
    for o, name in enumerate(named.offer):
        j = names.index(name)
        posted = terms.list_price[j] * {"google_flagship": 0.5}.get(name, 1.0)
        elsewhere = terms.hosted_price[j] * multiple[named.deployment[o]]
        expected = posted if named.deployment[o] == "vendor_api" else elsewhere
        if named.deployment[o] == "vendor_api" or named.open[o]:
            assert terms.option_price[:, o] == pytest.approx(expected)
