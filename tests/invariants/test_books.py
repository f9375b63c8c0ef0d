"""Who pays whom, recomputed from the firms one by one: every entry of the ledger, and every lab's debt to its owners."""

import numpy as np
import pytest

import abm
from abm.model import Market

TREASURY = (
    abm.Intervention("subsidy", 0.3, "2026Q1", region="india", target="license:open"),
    abm.Intervention("subsidy", 0.2, "2026Q1", region="china"),
    abm.Intervention("training", 0.1, "2026Q1", region="gulf"),
)


def expected_payments(world, accounts, profit):
    """USD by payer and payee from the firms' columns and the labs' profits of last quarter, shape (account, account)."""
    firms, tables, parameters = world.firms, world.scenario.tables, world.scenario.parameters
    rules, terms, options, demand, cost = world.rules, world.terms, world.options, parameters.demand, parameters.cost
    place = {name: i for i, name in enumerate(accounts)}
    paid = np.zeros((len(accounts), len(accounts)))
    multiples = {"vendor_api": 1.0, "hosted": cost.hosted_multiple, "self_hosted": cost.self_hosted_multiple}
    wage = tables.figures["regions.wage"]
    for row in np.flatnonzero(firms.option > 0):
        r, s, o = firms.region[row], firms.sector[row], int(firms.option[row]) - 1
        weight, n, a = float(firms.weight[row]), float(firms.employees[row]), float(firms.readiness[row])
        offer, deployment = options.offer[o], tables.deployment_names[options.deployment[o]]
        price = terms.option_price[r, o] * (1 - rules.subsidy[r, o])
        tokens = demand.spend_median * float(firms.intensity[row]) * n * a / 4 / demand.reference_price
        tokens *= (tables.figures["sectors.exposure"][s] / demand.exposure_reference) ** demand.exposure_exponent
        tokens /= 1 + np.exp((demand.capability_midpoint - terms.served[offer]) / demand.capability_spread)
        tokens *= (price / demand.reference_price) ** -demand.price_elasticity
        project = cost.entry_cost * multiples[deployment] * (1 - a) * (n / 50) ** cost.size_exponent
        project *= np.sqrt(wage[r] / cost.reference_wage)
        due = 0.0
        if firms.option[row] != firms.last_option[row]:
            due = 1.0 if firms.last_option[row] == 0 else cost.switching_share
        seller = {"vendor_api": f"lab:{tables.lab_names[options.offer_lab[offer]]}", "hosted": "hosts"}
        bills = {seller.get(deployment, "hardware"): tokens * terms.option_price[r, o],
                 "integrators": project * (cost.maintenance / 4 + due)}  # fmt: skip
        for payee, bill in bills.items():
            for payer, part in (("firms", 1 - rules.subsidy[r, o]), ("government", rules.subsidy[r, o])):
                paid[place[f"{payer}:{tables.region_names[r]}"], place[payee]] += weight * part * bill
        if deployment == "vendor_api":
            paid[place[seller["vendor_api"]], place["compute"]] += weight * tokens * terms.unit_cost[offer]
    for r, region in enumerate(tables.region_names):
        workers = float((firms.weight * firms.employees)[firms.region == r].sum())
        trained = rules.training[r] / 4 * workers * parameters.readiness.training_cost
        paid[place[f"government:{region}"], place["trainers"]] += trained
    for lab in world.labs:
        outside, earned = 1e9 * tables.figures["labs.outside_money"][lab.index], 4 * profit[lab.name]
        paid[place["investors"], place[f"lab:{lab.name}"]] = outside / 4
        spent = outside + (parameters.research.reinvested * earned if earned > 0 else earned)
        paid[place[f"lab:{lab.name}"], place["researchers"]] = max(spent, 0.0) / 4
        mine = place[f"lab:{lab.name}"]
        left = paid[:, mine].sum() - paid[mine].sum()  # the owners' gain or loss
        paid[mine, place["investors"]] = max(left, 0.0)
        paid[place["investors"], mine] += max(-left, 0.0)
    paid[place["hosts"], place["compute"]] = paid[:, place["hosts"]].sum()
    return paid


@pytest.fixture(scope="module")
def markets(eventful):
    market = Market(eventful.enact(*TREASURY), 2_000, 3)
    for _ in range(12):  # to 2027Q1: labs decide for themselves, everything is in force
        market.step()
    return market


def test_every_entry_of_the_ledger_is_what_the_firms_owe(markets, measured):
    """Four quarters, every payer and payee; a firm's dollars are written out as in the documentation."""
    for _ in range(4):
        debt = np.array([lab.debt for lab in markets.world.labs])
        profit = {lab.name: lab.revenue - lab.cost for lab in markets.world.labs}
        markets.step()
        world = markets.world
        ledger = world.ledger
        expected = expected_payments(world, ledger.accounts, profit)
        quarter = abm.quarters.quarter_name(world.quarter)
        measured(ledger.paid, expected, rtol=1e-9, atol=1e-6, claim=f"payments of {quarter} by payer and payee, USD")
        assert (expected > 0).sum() > 60
        labs = [i for i, name in enumerate(ledger.accounts) if name.startswith("lab:")]
        got, spent = ledger.paid[:, labs].sum(axis=0), ledger.paid[labs].sum(axis=1)
        measured(got, spent, rtol=1e-9, claim=f"what labs receive and spend in {quarter}, USD")
        owners = ledger.accounts.index("investors")
        left = ledger.paid[labs, owners] - ledger.paid[owners, labs]
        left += [lab.outside / 4 for lab in world.labs]
        after = np.array([lab.debt for lab in world.labs])
        measured(
            after, np.maximum(debt - left, 0), rtol=1e-9, atol=1e-3, claim=f"labs' debt to owners in {quarter}, USD"
        )
        outlay = np.array([government.outlay for government in world.governments])
        payers = [i for i, name in enumerate(ledger.accounts) if name.startswith("government:")]
        measured(outlay, expected[payers].sum(axis=1), rtol=1e-9, claim=f"treasuries' outlay in {quarter}, USD")
