"""Governments that adapt, and what they buy for their agencies."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import abm
from abm.dynamics.govern import LOCALISATION, dependence, penetration, target_path
from abm.dynamics.purchase import agency_value
from abm.dynamics.regulate import regulate
from abm.model import Market
from abm.quarters import quarter_name, quarter_number
from abm.scenario.plan import Plan

FIRMS, SEED = 3_000, 2
BASE = abm.Scenario.load("baseline").replace(end="2029Q4")
PLAN = Plan("china", "2025Q4", budget=0.003)


def adapting(*plans, **changes):
    return BASE.replace(governments=plans, **changes)


@pytest.fixture(scope="module")
def without():
    return abm.simulate(BASE, firms=FIRMS, seed=SEED)


@pytest.fixture(scope="module")
def steered():
    return abm.simulate(adapting(PLAN), firms=FIRMS, seed=SEED)


def test_an_adaptive_government_raises_what_it_aims_at(without, steered):
    gap = (steered.indicator("penetration", by="region") - without.indicator("penetration", by="region")).sel(
        region="china"
    )
    assert float(gap.sel(quarter="2029Q4")) > 0.03
    assert float(abs(gap.sel(quarter=slice(None, "2025Q3"))).max()) == 0


def test_it_keeps_to_its_budget(steered):
    """Bills are those of the quarter before, so that a single quarter may pass it by what use grows in a quarter."""
    paid = steered.indicator("public_outlay", by="region").sel(region="china", quarter=slice("2025Q4", None)).values
    gdp = BASE.tables.figures["regions.gdp"][BASE.tables.region_names.index("china")] * 1e12
    budget = 0.003 / 4 * gdp
    assert paid.max() < 1.4 * budget and paid[4:].mean() < 1.1 * budget and paid.max() > 0.5 * budget
    others = steered.indicator("public_outlay", by="region").drop_sel(region="china")
    assert float(others.sum()) == 0


def test_effort_follows_the_distance_to_the_path():
    """One quarter by hand: path from where it stood through 70% at the end of 2027, two per cent of effort per point."""
    plan = replace(PLAN, gain=2.0, budget=0.05, instruments=("training",))
    market = Market(adapting(plan), FIRMS, SEED)
    while quarter_name(market.world.quarter) != "2025Q4":
        market.step()
    world = market.world
    china = BASE.tables.region_names.index("china")
    began = world.governments[china].began
    assert world.governments[china].effort == 0  # where it began nothing was missing
    reached = penetration(world, china, "firms_10plus")
    world.quarter += 1
    regulate(world)
    path = began + (0.70 - began) / 8
    assert world.governments[china].effort == pytest.approx(max(2.0 * (path - reached), 0.0))
    assert world.rules.training[china] == pytest.approx(0.2 * world.governments[china].effort)


def test_dependence_beyond_its_tolerance_makes_foreign_services_costly(without):
    plan = Plan("european_union", "2025Q1", budget=0.0, instruments=(), tolerance=0.3)
    record = abm.simulate(adapting(plan), firms=FIRMS, seed=SEED)
    shares = [float(r.indicator("foreign_operator", by="region", weight="employment").sel(
        region="european_union", quarter="2029Q4")) for r in (without, record)]  # fmt: skip
    assert shares[1] < shares[0] - 0.1
    market = Market(adapting(replace(plan, gain=0.2)), FIRMS, SEED)
    market.live_until(quarter_number("2025Q2"))
    world, europe = market.world, BASE.tables.region_names.index("european_union")
    before, excess = world.governments[europe].restriction, dependence(world, europe) - 0.3
    world.quarter += 1
    regulate(world)
    now = before + 0.2 * excess
    assert 0 < before < now < 0.9
    assert world.governments[europe].restriction == pytest.approx(now)
    assert world.rules.compliance[europe].max() == pytest.approx(LOCALISATION * now)


def test_the_path_goes_from_where_it_stood_through_the_targets_that_are_to_come():
    """A plan that starts in the quarter of a target begins where it stands, whatever that target said."""
    market = Market(adapting(replace(PLAN, start="2027Q4")), 800, SEED)
    market.live_until(quarter_number("2027Q4"))
    world, china = market.world, BASE.tables.region_names.index("china")
    began = world.governments[china].began
    assert target_path(world, world.scenario.governments[0], began) == began
    world.quarter = quarter_number("2029Q2")
    assert target_path(world, world.scenario.governments[0], began) == pytest.approx(began + (0.9 - began) / 2)


def test_firms_with_ten_workers_count_among_those_with_ten_or_more():
    market = Market(BASE, 800, SEED)
    market.live_until(quarter_number("2025Q1"))
    world, china, ten = market.world, BASE.tables.region_names.index("china"), market.world.firms.employees >= 10
    here = (world.firms.region == china) & ten
    weight = world.firms.weight[here]
    assert world.firms.employees[here].min() < 11
    share = weight[world.firms.option[here] > 0].sum() / weight.sum()
    assert penetration(world, china, "firms_10plus") == pytest.approx(share)


def agencies_of(plan):
    """A plan's world in 2026Q4, whose rules are known, and its region."""
    market = Market(adapting(plan), FIRMS, SEED)
    market.live_until(quarter_number("2026Q3"))
    market.world.quarter += 1
    regulate(market.world)
    return market.world, BASE.tables.region_names.index(plan.region)


def bills(world, region):
    """What the work of a ready public organisation of median intensity costs by option, USD per worker-year."""
    tables, demand = BASE.tables, BASE.parameters.demand
    workers = tables.figures["sectors.public_share"] * tables.employees[region].sum(axis=1)
    exposure = (tables.figures["sectors.exposure"] / demand.exposure_reference) ** demand.exposure_exponent
    served = world.terms.served[world.options.offer]
    done = 1 / (1 + np.exp((demand.capability_midpoint - served) / demand.capability_spread))
    tokens = demand.spend_median / demand.reference_price * (workers @ exposure) / workers.sum() * done
    return tokens * world.terms.option_price[region]


def test_a_poor_government_whose_agencies_cannot_pay_goes_open_without_being_told_to():
    """A budget between the bill of the cheapest open and the cheapest proprietary offer closes all of the latter."""
    plan = Plan("low_income", "2026Q3", budget=0.0, instruments=())
    world, region = agencies_of(plan)
    assert not world.rules.restrictions  # agencies that can pay choose for themselves
    bill, sold, is_open = bills(world, region), world.rules.available[region], world.options.open
    cheapest = bill[sold & is_open].min(), bill[sold & ~is_open].min()
    wage = BASE.tables.figures["regions.wage"][region]
    between = np.sqrt(cheapest[0] * cheapest[1]) / wage
    assert cheapest[0] < cheapest[1]
    world, _ = agencies_of(replace(plan, agency_budget=between))
    (rule,) = world.rules.restrictions
    assert (rule.region, rule.share, rule.at_once) == (region, 1.0, False)
    np.testing.assert_array_equal(rule.options, bill > between * wage)
    assert rule.options[sold & ~is_open].all() and not rule.options[sold & is_open].all()


def test_sovereignty_has_a_price_at_which_foreign_services_are_no_longer_bought():
    """The more it weighs the more is closed, foreign vendors' services alone, and none without a weight."""
    closed = []
    for weight in (0.0, 1e-4, 0.005, 1.0):
        plan = Plan("european_union", "2026Q3", budget=0.0, instruments=(), sovereignty=weight)
        world, region = agencies_of(plan)
        options = world.options
        mask = world.rules.restrictions[0].options if world.rules.restrictions else np.zeros(len(options.offer), bool)
        foreign = options.at_vendor & (options.operator != region)
        assert not (mask & ~foreign).any()
        closed.append(mask)
    assert not closed[0].any() and (closed[3] == foreign).all()
    for less, more in pairwise(closed):
        assert not (less & ~more).any()


def test_a_dollar_that_weighs_more_makes_a_government_look_at_the_cost_of_projects():
    """Its value of an option is that of a firm of its kind, written out for one option."""
    plan = Plan("european_union", "2026Q3", budget=0.0, instruments=(), cost_weight=2.0)
    world, region = agencies_of(plan)
    tables, cost, demand, wage = (
        BASE.tables,
        BASE.parameters.cost,
        BASE.parameters.demand,
        BASE.tables.figures["regions.wage"][region],
    )
    workers = tables.figures["sectors.public_share"] * tables.employees[region].sum(axis=1)
    part = workers / workers.sum()
    firms = world.firms
    ready = n = distrust = 0.0
    o = next(i for i, name in enumerate(tables.offer_names[j] for j in world.options.offer) if name == "mistral")
    for s in np.flatnonzero(part):
        mine = (firms.region == region) & (firms.sector == s)
        weight = firms.weight[mine] * firms.employees[mine]
        ready += part[s] * (weight @ firms.readiness[mine]) / weight.sum()
        n += part[s] * tables.employees[region, s].sum() / tables.firms[region, s].sum()
        distrust += part[s] * BASE.parameters.trust.distrust_cost * tables.figures["sectors.distrust_multiple"][s]
    price, dear = world.terms.option_price[region, o], 2.0
    use = bills(world, region)[o] / price * ready * (dear * price / demand.reference_price) ** -demand.price_elasticity
    annuity = cost.interest_rate / (1 - (1 + cost.interest_rate) ** -cost.contract_years)
    project = cost.entry_cost * np.sqrt(wage / cost.reference_wage) * (1 - ready) * (n / 50) ** cost.size_exponent / n
    value = use * dear * price / (demand.price_elasticity - 1) - dear * (cost.maintenance + annuity) * project
    value = value / wage - distrust * (1 - world.option_trust()[region, o])
    assert agency_value(world, dear, region)[o] == pytest.approx(value, rel=1e-6)


def test_a_plan_leaves_no_trace_in_the_rules_after_its_end():
    market = Market(adapting(replace(PLAN, end="2026Q4")), FIRMS, SEED)
    while quarter_name(market.world.quarter) != "2027Q1":
        market.step()
    world = market.world
    assert not world.rules.subsidy.any() and not world.rules.training.any() and not world.rules.compliance.any()
    assert all(government.effort == 0 for government in world.governments)


@pytest.mark.parametrize("population", ["firms_all", "employment", "people"])
def test_targets_may_be_read_in_three_ways(population, steered, without):
    """What is already reached on one reading needs no effort on it."""
    record = abm.simulate(adapting(replace(PLAN, population=population)), firms=FIRMS, seed=SEED)
    paid = [float(r.indicator("public_outlay").sum()) for r in (record, steered)]
    anyway = without.indicator("penetration", by="region", population=population).sel(region="china", quarter="2027Q4")
    assert (paid[0] < 0.35 * paid[1]) == (float(anyway) > 0.7)
    assert population != "people" or float(anyway) > 0.7


@pytest.mark.parametrize("change", [{"region": "mars"}, {"budget": 2.0}, {"population": "hens"},
                                    {"instruments": ("ban",)}, {"start": "2050Q1"}, {"tolerance": -1.0}])  # fmt: skip
def test_plans_that_cannot_be_are_refused(change):
    with pytest.raises(abm.InputError):
        adapting(replace(PLAN, **change))


def test_plans_and_shocks_go_through_a_file():
    scenario = adapting(replace(PLAN, tolerance=0.4, end="2028Q4"), shocks=7)
    again = abm.Scenario.from_toml(scenario.to_toml())
    assert again == scenario and again.digest == scenario.digest != BASE.digest
    assert any("government of china" in line for line in abm.difference(BASE, scenario))
    with pytest.raises(abm.InputError, match="two plans"):
        adapting(PLAN, PLAN)


def test_a_target_that_is_passed_needs_no_effort_and_not_less_than_none():
    market = Market(adapting(replace(PLAN, population="people", gain=20.0)), 1_000, SEED)
    while quarter_name(market.world.quarter) != "2028Q1":
        market.step()
    world, china = market.world, BASE.tables.region_names.index("china")
    assert penetration(world, china, "people") > 0.8
    assert world.governments[china].effort == 0 and not world.rules.subsidy.any()


@pytest.mark.parametrize("instruments", [("training",), ("compute_voucher",), ("subsidy", "training")])
def test_effort_is_no_more_than_the_budget_pays_for(instruments, measured):
    """Budget of a quarter over what full effort would have cost last quarter, counted from the ledger and the workers."""
    plan = replace(PLAN, budget=2e-4, gain=20.0, instruments=instruments)
    market = Market(adapting(plan), FIRMS, SEED)
    while quarter_name(market.world.quarter) != "2026Q4":
        market.step()
    world, china = market.world, BASE.tables.region_names.index("china")

    def paid(*to):
        return sum(world.ledger.between(f"{who}:china", x).sum() for who in ("firms", "government") for x in to)

    full = {
        "training": 0.2 / 4 * world.totals.employment[china].sum() * BASE.parameters.readiness.training_cost,
        "compute_voucher": 0.8 * paid("hosts", "hardware"),
        "subsidy": 0.8 * paid("lab:", "hosts", "hardware", "integrators"),
    }
    budget = 2e-4 / 4 * BASE.tables.figures["regions.gdp"][china] * 1e12
    world.quarter += 1
    regulate(world)
    expected = min(1.0, budget / sum(full[kind] for kind in instruments))
    measured(world.governments[china].effort, expected, rtol=1e-9)


def test_a_government_may_have_targets_of_its_own(without):
    """India's, which has none in the tables: penetration rises towards it, and effort is spent."""
    plan = Plan("india", "2026Q3", budget=0.01, targets=(("2029Q4", 0.6),))
    record = abm.simulate(adapting(plan), firms=FIRMS, seed=SEED)
    gap = (record.indicator("penetration", by="region") - without.indicator("penetration", by="region")).sel(
        region="india"
    )
    assert float(gap.sel(quarter="2029Q4")) > 0.03
    paid = record.indicator("public_outlay", by="region").sel(region="india")
    assert float(paid.sel(quarter="2029Q4")) > 0 and float(paid.sel(quarter="2026Q2")) == 0
    assert "60% by 2029Q4" in plan.label()
    scenario = adapting(plan)
    assert abm.Scenario.from_toml(scenario.to_toml(), scenario.name) == scenario


def test_instruments_without_a_target_are_refused():
    with pytest.raises(abm.InputError, match="no target after 2026Q3"):
        adapting(Plan("india", "2026Q3"))
    with pytest.raises(abm.InputError, match="target for 2029Q4"):
        adapting(Plan("india", "2026Q3", targets=(("2029Q4", 60.0),)))
    assert adapting(Plan("india", "2026Q3", instruments=(), tolerance=0.5)).governments
