"""Firms use what they have chosen, and pay: every dollar has a payer and a payee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import QUARTER_YEARS, adoption_multiple, capability_factor, entry_cost
from abm.theory.demand import use as units_used
from abm.world.world import World

READS = ("scenario", "totals", "options", "terms", "rules")
WRITES = ("tokens", "ledger", "labs", "governments")

Floats = NDArray[np.float64]


def use(world: World) -> None:
    """Use AI at this quarter's price and capability, pay for it, and settle the accounts.

    Reads: scenario, totals, options, terms, rules. Writes: tokens, ledger, labs, governments.

    Who enters an option pays the integrators the whole entry cost in that quarter.
    """
    assert world.rules is not None
    rules, totals = world.rules, world.totals
    world.tokens = QUARTER_YEARS * (totals.users("capacity") * tokens_per_capacity(world)[:, :, None, :])
    bill = world.tokens.sum(axis=(1, 2)) * world.terms.option_price
    upkeep = QUARTER_YEARS * world.scenario.parameters.cost.maintenance
    projects = (upkeep * totals.users("project") + totals.users("entered")).sum(axis=(1, 2))
    projects = projects * (entry_cost(world)[:, None] * adoption_multiple(world))
    ledger = world.ledger
    ledger.start_quarter()
    for payer, part in (("firms:", 1 - rules.subsidy), ("government:", rules.subsidy)):
        _pay_sellers(world, payer, part * bill)
        ledger.transfer(payer, "integrators", (part * projects).sum(axis=1))
    trained = rules.training * QUARTER_YEARS * totals.employment.sum(axis=(1, 2, 3))
    ledger.transfer("government:", "trainers", trained * world.scenario.parameters.readiness.training_cost)
    _settle(world, bill)


def tokens_per_capacity(world: World) -> Floats:
    """Use per unit of capacity, million tokens per worker-year, shape (region, sector, option)."""
    assert world.rules is not None
    demand = world.scenario.parameters.demand
    price = world.terms.option_price * (1 - world.rules.subsidy)
    used = units_used(demand.spend_median, price, demand.reference_price, demand.price_elasticity)
    return capability_factor(world) * used[:, None, :]


def _pay_sellers(world: World, payer: str, paid: Floats) -> None:
    """Payments for use, shape (region, option), to labs for their own service, to hosts and for own hardware."""
    options = world.options
    to_labs = np.zeros((len(paid), len(world.labs)))
    np.add.at(to_labs.T, options.offer_lab[options.offer[options.at_vendor]], paid.T[options.at_vendor])
    world.ledger.transfer(payer, "lab:", to_labs)
    world.ledger.transfer(payer, "hosts", paid[:, options.hosted].sum(axis=1))
    world.ledger.transfer(payer, "hardware", paid[:, ~options.at_vendor & ~options.hosted].sum(axis=1))


def _settle(world: World, bill: Floats) -> None:
    """Labs pay for compute out of their receipts; everyone books the quarter."""
    options, terms = world.options, world.terms
    offer = options.offer[options.at_vendor]
    tokens = (bill.sum(axis=0) / terms.option_price)[options.at_vendor]
    cost = np.bincount(options.offer_lab[offer], tokens * terms.unit_cost[offer], len(world.labs))
    world.ledger.transfer("lab:", "compute", cost)
    world.ledger.transfer("hosts", "compute", world.ledger.received("hosts").sum())
    for lab, revenue, spent in zip(world.labs, world.ledger.received("lab:"), cost, strict=True):
        lab.settle(float(revenue), float(spent))
    for government, outlay in zip(world.governments, world.ledger.spent("government:"), strict=True):
        government.pay(float(outlay))
