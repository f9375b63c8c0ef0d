"""Firms use what they have chosen, and pay: every dollar has a payer and a payee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.decide import adoption_cost, adoption_multiple, exposure_factor
from abm.theory.demand import capable_share
from abm.theory.demand import use as units_used
from abm.world.firms import NO_AI
from abm.world.offers import HOSTED, VENDOR_API
from abm.world.world import World

READS = ("scenario", "firms", "options", "terms", "rules")
WRITES = ("tokens", "ledger", "labs", "governments")

Floats = NDArray[np.float64]
QUARTER_YEARS = 0.25


def use(world: World) -> None:
    """Use AI at this quarter's price and capability, pay for it, and settle the accounts.

    Reads: scenario, firms, options, terms, rules. Writes: tokens, ledger, labs, governments.
    """
    assert world.rules is not None
    firms, tables, rules = world.firms, world.scenario.tables, world.rules
    regions, count = len(tables.region_names), len(world.options.offer)
    users = np.flatnonzero(firms.option != NO_AI)
    option, region = firms.option[users].astype(np.intp) - 1, firms.region[users].astype(np.intp)
    world.tokens[:] = 0.0
    world.tokens[users] = QUARTER_YEARS * demand_of(world, users, option)
    upkeep = world.scenario.parameters.cost.maintenance * adoption_cost(world, users) * adoption_multiple(world)[option]
    projects = QUARTER_YEARS * (upkeep + firms.entry_payment[users])
    cell = region * count + option
    weight = firms.weight[users]
    bill = np.bincount(cell, weight * world.tokens[users], regions * count).reshape(regions, count)
    bill = bill * world.terms.option_price
    adoption = np.bincount(cell, weight * projects, regions * count).reshape(regions, count)
    ledger = world.ledger
    ledger.start_quarter()
    for payer, part in (("firms:", 1 - rules.subsidy), ("government:", rules.subsidy)):
        _pay_sellers(world, payer, part * bill)
        ledger.transfer(payer, "integrators", (part * adoption).sum(axis=1))
    trained = rules.training * QUARTER_YEARS * np.bincount(firms.region, firms.weight * firms.employees, regions)
    ledger.transfer("government:", "trainers", trained * world.scenario.parameters.readiness.training_cost)
    _settle(world, bill)


def demand_of(world: World, rows: NDArray[np.intp], option: NDArray[np.intp]) -> Floats:
    """Use of firms with given options, shape (row,), million tokens per year.

    Args:
        world: The world, with terms and rules of the quarter.
        rows: Firms, shape (row,).
        option: Option of each (from 0), shape (row,).
    """
    assert world.rules is not None
    firms, demand = world.firms, world.scenario.parameters.demand
    price = world.terms.option_price[option] * (1 - world.rules.subsidy[firms.region[rows], option])
    done = capable_share(world.terms.capability, demand.capability_midpoint, demand.capability_spread)
    scale = firms.spend_scale[rows] * firms.employees[rows].astype(float) * firms.readiness[rows]
    scale = scale * exposure_factor(world)[firms.sector[rows]] * done[world.options.offer[option]]
    return units_used(scale, price, demand.reference_price, demand.price_elasticity)


def _pay_sellers(world: World, payer: str, paid: Floats) -> None:
    """Payments for use, shape (region, option), to labs for their own service, to hosts and for own hardware."""
    tables, options = world.scenario.tables, world.options
    names = np.array(tables.deployment_names)[options.deployment]
    to_labs = np.zeros((len(paid), len(tables.lab_names)))
    at_vendor = names == VENDOR_API
    for o in np.flatnonzero(at_vendor):
        to_labs[:, options.offer_lab[options.offer[o]]] += paid[:, o]
    world.ledger.transfer(payer, "lab:", to_labs)
    world.ledger.transfer(payer, "hosts", paid[:, names == HOSTED].sum(axis=1))
    world.ledger.transfer(payer, "hardware", paid[:, ~at_vendor & (names != HOSTED)].sum(axis=1))


def _settle(world: World, bill: Floats) -> None:
    """Labs pay for compute out of their receipts; everyone books the quarter."""
    tables, options, terms = world.scenario.tables, world.options, world.terms
    at_vendor = np.array(tables.deployment_names)[options.deployment] == VENDOR_API
    offer = options.offer[at_vendor]
    tokens = (bill.sum(axis=0) / terms.option_price)[at_vendor]
    cost = np.bincount(options.offer_lab[offer], tokens * terms.unit_cost[offer], len(tables.lab_names))
    world.ledger.transfer("lab:", "compute", cost)
    world.ledger.transfer("hosts", "compute", world.ledger.received("hosts").sum())
    for lab, revenue, spent in zip(world.labs, world.ledger.received("lab:"), cost, strict=True):
        lab.settle(float(revenue), float(spent))
    for government, outlay in zip(world.governments, world.ledger.spent("government:"), strict=True):
        government.pay(float(outlay))
