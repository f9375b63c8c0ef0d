"""Who gains and who pays: counted again from the record and the ledger."""

import numpy as np
import pytest

import abm
from abm.incidence import subsidies_of_firms
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


def test_subsidies_of_firms_add_up_to_what_treasuries_pay(measured):
    world = lived(POLICY, QUARTER, FIRMS, 1)
    paid = sum(world.ledger.between("government:", to).sum() for to in ("lab:", "hosts", "hardware", "integrators"))
    measured(subsidies_of_firms(world).sum(), paid, rtol=1e-9)


def test_gains_are_those_of_the_records(shared, measured):
    before, after = (abm.simulate(s, firms=FIRMS, seed=1) for s in (BASE, POLICY))

    def change(name):
        return float((after.indicator(name) - before.indicator(name)).sel(quarter=QUARTER))

    measured(shared.users, change("surplus"), rtol=1e-6, claim="users' surplus, USD")
    measured(shared.vendors, change("vendor_profit"), rtol=1e-9, claim="vendors' profit, USD")
    measured(shared.treasuries, change("public_outlay"), rtol=1e-9, claim="treasuries' outlay, USD")
    for parts in shared.users_by.values():
        measured(sum(parts.values()), shared.users, rtol=1e-9, claim="users' surplus by group, USD")
    assert shared.pass_through == pytest.approx(shared.vendors / shared.treasuries)


def test_a_subsidy_too_small_to_move_anyone_is_all_deadweight():
    tiny = BASE.enact(abm.Intervention("subsidy", 1e-6, "2026Q3"))
    assert abm.gains(BASE, tiny, "2026Q3", FIRMS).deadweight == pytest.approx(1.0)


def test_a_subsidy_that_moves_firms_is_not_all_deadweight(shared):
    assert 0.2 < shared.deadweight < 0.98 and shared.users_part > 0


def test_nothing_is_said_of_subsidies_where_there_are_none():
    ban = BASE.enact(abm.Intervention("ban", 1.0, "2026Q3", region="european_union", target="origin:china"))
    told = abm.gains(BASE, ban, QUARTER, FIRMS).as_dict()
    assert told["deadweight"] is None and told["pass_through"] is None and told["treasuries"] == 0


def test_inequality_is_that_of_the_firms(shared):
    world = lived(BASE, QUARTER, FIRMS, 1)
    per_worker = world.firms.surplus * world.scenario.tables.figures["regions.wage"][world.firms.region]
    per_worker = np.maximum(per_worker * (world.firms.option > 0), 0)
    workers = world.firms.weight * world.firms.employees
    gap = np.abs(per_worker[:, None] - per_worker) * (workers[:, None] * workers)
    mean = per_worker @ workers / workers.sum()
    assert shared.gini[0] == pytest.approx(gap.sum() / (2 * mean * workers.sum() ** 2), rel=1e-6)
    assert shared.gini[0] < shared.top_tenth[0] + 0.2 and 0.1 < shared.top_tenth[0] < 1
