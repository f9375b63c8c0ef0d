"""Who gains and who pays: counted again from the record and the ledger."""

import numpy as np
import pytest

import abm
from abm.incidence import bills_of_firms, running_surplus
from abm.pairing import lived

QUARTER, FIRMS = "2027Q4", 3_000
BASE = abm.Scenario.load("baseline").replace(end=QUARTER)
POLICY = BASE.enact(
    abm.Intervention("subsidy", 0.3, "2026Q1", region="china"),
    abm.Intervention("compute_voucher", 0.5, "2026Q3", region="india"),
)


@pytest.fixture(scope="module")
def shared():
    return abm.gains(BASE, POLICY, QUARTER, FIRMS)


def test_bills_of_firms_add_up_to_the_ledger(measured):
    world = lived(POLICY, QUARTER, FIRMS, 1)
    bills = bills_of_firms(world)
    sellers = ("lab:", "hosts", "hardware")
    paid = [sum(world.ledger.between("government:", to).sum() for to in part) for part in (sellers, ("integrators",))]
    measured(bills.subsidies.sum(axis=1), paid, rtol=1e-9, claim="subsidies of use and of projects, USD")
    measured(bills.tokens.sum(), world.tokens.sum(), rtol=1e-9, claim="tokens")
    measured(bills.projects.sum(), world.ledger.received("integrators").sum(), rtol=1e-9, claim="projects, USD")


def test_running_surplus_less_what_firms_pay_to_enter_is_the_surplus_of_the_record(measured):
    world = lived(POLICY, QUARTER, FIRMS, 1)
    firms, rules, o = world.firms, world.rules, np.maximum(world.firms.option.astype(int), 1) - 1
    bills = bills_of_firms(world)
    moved = (firms.option > 0) & (firms.last_option != firms.option)
    cost = BASE.parameters.cost
    due = np.where(firms.last_option == 0, 1.0, cost.switching_share)
    entry = bills.projects * due / (due + cost.maintenance / 4) * (1 - rules.entry_subsidy[firms.region, o]) * moved
    recorded = abm.simulate(POLICY, firms=FIRMS, seed=1).indicator("surplus").sel(quarter=QUARTER)
    measured(
        (running_surplus(world) @ firms.weight) / 4 - entry.sum(), float(recorded), rtol=1e-6, claim="surplus, USD"
    )


def test_gains_are_present_values_of_the_records(shared, measured):
    before, after = (abm.simulate(s, firms=FIRMS, seed=1) for s in (BASE, POLICY))

    def change(name):
        more = (after.indicator(name) - before.indicator(name)).sel(quarter=slice("2026Q1", QUARTER))
        return float(sum(x / 1.03 ** (k / 4) for k, x in enumerate(more.values)))

    assert (shared.start, shared.end) == ("2026Q1", QUARTER)
    measured(shared.users, change("surplus"), rtol=1e-9, claim="users' surplus, USD")
    measured(shared.productivity, change("productivity"), rtol=1e-9, claim="productivity net of payments, USD")
    measured(shared.vendors, change("vendor_profit"), rtol=1e-9, claim="vendors' profit, USD")
    measured(shared.treasuries, change("public_outlay"), rtol=1e-9, claim="treasuries' outlay, USD")
    for parts in shared.users_by.values():
        measured(sum(parts.values()), shared.users, rtol=1e-9, claim="users' surplus by group, USD")
    assert shared.pass_through == pytest.approx(shared.vendors / shared.treasuries)
    research = [r.data["paid"].sel(payee="researchers").sum("payer") for r in (before, after)]
    more = (research[1] - research[0]).sel(quarter=slice("2026Q1", QUARTER)).values
    measured(
        shared.research, sum(x / 1.03 ** (k / 4) for k, x in enumerate(more)), rtol=1e-9, claim="labs' research, USD"
    )
    assert shared.net == pytest.approx(shared.users + shared.vendors - shared.treasuries - shared.research)


def test_public_research_is_counted_once_and_seeds_are_averaged(measured):
    """Grants are in the treasuries' outlay and not again in what research takes besides: labs spend no more of their own."""
    grants = BASE.enact(abm.Intervention("public_research", 1e-4, "2027Q3", region="china", target="license:open"))
    short = [s.replace(end="2027Q3") for s in (BASE, grants)]
    told = abm.gains(*short, "2027Q3", 1_000, seeds=3)
    gdp = BASE.tables.figures["regions.gdp"][BASE.tables.region_names.index("china")] * 1e12
    measured(told.treasuries, 1e-4 * gdp / 4, rtol=1e-9, claim="grants of a quarter, USD")
    assert abs(told.research) < 1e-9 * told.treasuries and told.margin["treasuries"] < 1e-9 * told.treasuries
    each = [abm.gains(*short, "2027Q3", 1_000, first_seed=seed) for seed in (1, 2, 3)]
    users = np.array([one.users for one in each])
    measured(told.users, users.mean(), rtol=1e-9, claim="mean gain of users, USD")
    half = 2.919986 * users.std(ddof=1) / np.sqrt(3)  # Student's t, two degrees of freedom
    measured(told.margin["users"], half, rtol=1e-6, claim="half of the 90% interval, USD")
    assert np.isnan(each[0].margin["users"]) and each[0].as_dict()["margin"]["users"] is None


def test_a_subsidy_too_small_to_move_anyone_is_all_deadweight():
    tiny = BASE.enact(abm.Intervention("subsidy", 1e-6, "2026Q3"))
    told = abm.gains(BASE, tiny, "2026Q3", FIRMS)
    assert told.deadweight == pytest.approx(1.0) and told.inframarginal == pytest.approx(1.0, abs=1e-5)


def test_a_subsidy_that_moves_firms_is_not_all_deadweight(shared):
    assert 0.2 < shared.deadweight < 0.98 and shared.users_part > 0
    assert 0.1 < shared.inframarginal < shared.deadweight  # at a lower price the same firms use more


def test_a_subsidy_wastes_what_theory_says(measured):
    """Those who use anyway and do not change: a subsidy s on a demand of elasticity e, pays s (1 - s)^-e of the old bill.

    Users gain ((1 - s)^(1 - e) - 1) / (e - 1) of it; the rest is Harberger's triangle.
    """
    s, e = 0.4, BASE.parameters.demand.price_elasticity
    frozen = BASE.replace({"cost.contract_years": 10.0, "diffusion.innovation": 50.0, "diffusion.imitation": 0.0})
    frozen = frozen.replace({"trust.distrust_cost": 0.0})  # what trust is learned from more use is another gain
    policy = frozen.enact(abm.Intervention("subsidy", s, "2026Q2", "2026Q2"))
    worlds = [lived(x, "2026Q2", FIRMS, 1) for x in (frozen, policy)]
    same = (worlds[0].firms.option == worlds[1].firms.option) & (worlds[0].firms.option > 0)
    same &= worlds[0].firms.last_option == worlds[0].firms.option
    bills = [bills_of_firms(world) for world in worlds]
    price = worlds[0].terms.option_price[worlds[0].firms.region, np.maximum(worlds[0].firms.option, 1) - 1]
    old_bill = (bills[0].tokens * price)[same].sum()
    measured(
        bills[1].subsidies[0][same].sum() / old_bill, s * (1 - s) ** -e, rtol=1e-5, claim="subsidy over the old bill"
    )
    gained = [(running_surplus(w) * w.firms.weight / 4)[same].sum() for w in worlds]
    upkeep = s * bills[0].projects[same].sum()
    measured(
        (gained[1] - gained[0] - upkeep) / old_bill,
        ((1 - s) ** (1 - e) - 1) / (e - 1),
        rtol=1e-4,
        claim="gain of users over the old bill",
    )


def test_nothing_is_said_of_subsidies_where_there_are_none():
    ban = BASE.enact(abm.Intervention("ban", 1.0, "2026Q3", region="european_union", target="origin:china"))
    told = abm.gains(BASE, ban, QUARTER, FIRMS).as_dict()
    assert told["deadweight"] is None and told["pass_through"] is None and told["treasuries"] == 0


def test_inequality_is_that_of_the_firms(shared):
    world = lived(BASE, QUARTER, FIRMS, 1)
    per_worker = np.maximum(running_surplus(world), 0) / world.firms.employees
    workers = world.firms.weight * world.firms.employees
    gap = np.abs(per_worker[:, None] - per_worker) * (workers[:, None] * workers)
    mean = per_worker @ workers / workers.sum()
    assert shared.gini[0] == pytest.approx(gap.sum() / (2 * mean * workers.sum() ** 2), rel=1e-6)
    assert shared.gini[0] < shared.top_tenth[0] + 0.2 and 0.1 < shared.top_tenth[0] < 1
