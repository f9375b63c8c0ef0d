"""Firms use what they have chosen, and pay: every dollar has a payer and a payee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import adoption_multiple, capability_factor, drag, entry_cost, use_value
from abm.dynamics.damages import damages
from abm.quarters import QUARTER_YEARS
from abm.theory.demand import use as units_used
from abm.world.world import World

READS = ("scenario", "totals", "options", "terms", "rules", "trust", "labs")
WRITES = ("tokens", "ledger", "labs", "governments")

Floats = NDArray[np.float64]


def use(world: World) -> None:
    """Use AI at this quarter's price and capability, pay for it, and settle the accounts.

    Reads: scenario, totals, options, terms, rules, trust, labs. Writes: tokens, ledger, labs, governments.

    Who enters an option pays the integrators the whole entry cost in that quarter.
    """
    assert world.rules is not None
    rules, totals = world.rules, world.totals
    world.tokens = QUARTER_YEARS * (totals.users("capacity") * tokens_used(world)[:, :, None, :])
    bill = world.tokens.sum(axis=(1, 2)) * world.terms.option_price
    projects = project_bills(world).sum(axis=(1, 2))
    ledger = world.ledger
    ledger.start_quarter()
    for payer, use_part, entry_part in (
        ("firms:", 1 - rules.subsidy, 1 - rules.entry_subsidy), ("government:", rules.subsidy, rules.entry_subsidy)
    ):  # fmt: skip
        _pay_sellers(world, payer, use_part * bill)
        ledger.transfer(payer, "integrators", (entry_part * projects).sum(axis=1))
    trained = rules.training * QUARTER_YEARS * totals.employment.sum(axis=(1, 2, 3))
    ledger.transfer("government:", "trainers", trained * world.scenario.parameters.readiness.training_cost)
    if rules.assurance.any():
        ledger.transfer("government:", "testers", _tests(world))
    _settle(world)


def project_bills(world: World) -> Floats:
    """What entry and upkeep cost this quarter, USD, shape (region, sector, size, option)."""
    upkeep = QUARTER_YEARS * world.scenario.parameters.cost.maintenance
    projects = upkeep * world.totals.users("project") + world.totals.users("entered")
    return projects * (entry_cost(world)[:, None] * adoption_multiple(world))[:, None, None, :]


def gains_of_users(world: World) -> tuple[Floats, Floats]:
    """What users have gained over having no AI, USD per quarter, each of shape (region, sector, size, option).

    Returns:
        Surplus: worth of use above its price, less entry and upkeep paid by firms, distrust and compliance, plus the worth
        of the taste for the offer; the pull of peers is left out. And productivity: without distrust, compliance and taste.
        Both at this quarter's prices, models and service, so that an outage is felt by everyone at once.
    """
    assert world.rules is not None
    rules, totals, wage = world.rules, world.totals, world.scenario.tables.figures["regions.wage"][:, None, None, None]
    worth = rules.served[:, None, :] * use_value(world, world.terms.option_price * (1 - rules.subsidy))
    used = QUARTER_YEARS * wage * (totals.users("capacity") * worth[:, :, None, :])
    productivity = used - (1 - rules.entry_subsidy)[:, None, None, :] * project_bills(world)
    felt = totals.users("taste") - totals.users("employment") * drag(world)[:, :, None, :]
    return productivity + QUARTER_YEARS * wage * felt, productivity


def tokens_per_capacity(world: World) -> Floats:
    """Use per unit of capacity, million tokens per worker-year, shape (region, sector, option)."""
    assert world.rules is not None
    demand = world.scenario.parameters.demand
    price = world.terms.option_price * (1 - world.rules.subsidy)
    used = units_used(demand.spend_median, price, demand.reference_price, demand.price_elasticity)
    return capability_factor(world) * used[:, None, :]


def tokens_used(world: World) -> Floats:
    """The same over a quarter that may have had outages, still as per year."""
    assert world.rules is not None
    return world.rules.served[:, None, :] * tokens_per_capacity(world)


def _pay_sellers(world: World, payer: str, paid: Floats) -> None:
    """Payments for use, shape (region, option), to labs for their own service, to hosts and for own hardware."""
    options = world.options
    to_labs = np.zeros((len(paid), len(world.labs)))
    np.add.at(to_labs.T, options.offer_lab[options.offer[options.at_vendor]], paid.T[options.at_vendor])
    world.ledger.transfer(payer, "lab:", to_labs)
    world.ledger.transfer(payer, "hosts", paid[:, options.hosted].sum(axis=1))
    world.ledger.transfer(payer, "hardware", paid[:, ~options.at_vendor & ~options.hosted].sum(axis=1))


def _tests(world: World) -> Floats:
    """What governments pay for testing the models that they vouch for, USD, shape (region,)."""
    assert world.rules is not None
    tested = (world.rules.assurance > 0).sum(axis=1)
    return np.asarray(QUARTER_YEARS * world.scenario.parameters.trust.assurance_cost * tested, float)


def _settle(world: World) -> None:
    """Labs pay for compute, damages and research out of receipts, grants and outside money; their owners have the rest."""
    assert world.rules is not None
    options, terms, ledger = world.options, world.terms, world.ledger
    vendor = options.at_vendor
    offer = options.offer[vendor]
    lab = options.offer_lab[offer]
    cost = np.bincount(lab, world.tokens.sum(axis=(0, 1, 2))[vendor] * terms.unit_cost[offer], len(world.labs))
    revenue = ledger.received("lab:")
    owed = np.zeros((len(world.labs), len(world.governments)))
    if world.rules.liability.any():
        np.add.at(owed, lab, QUARTER_YEARS * damages(world)[:, vendor].T)
        ledger.transfer("lab:", "firms:", owed)
    if world.rules.grants.any():
        ledger.transfer("government:", "lab:", QUARTER_YEARS * world.rules.grants)
    ledger.transfer("investors", "lab:", QUARTER_YEARS * np.array([one.outside for one in world.labs]))
    ledger.transfer("lab:", "researchers", QUARTER_YEARS * np.array([one.funds for one in world.labs]))
    ledger.transfer("lab:", "compute", cost)
    ledger.transfer("hosts", "compute", ledger.received("hosts").sum())
    left = np.array(
        [
            one.settle(*(float(x) for x in booked))
            for one, *booked in zip(world.labs, revenue, cost, owed.sum(axis=1), strict=True)
        ]
    )
    ledger.transfer("lab:", "investors", np.maximum(left, 0.0))
    ledger.transfer("investors", "lab:", np.maximum(-left, 0.0))
    for government, outlay in zip(world.governments, world.ledger.spent("government:"), strict=True):
        government.pay(float(outlay))
