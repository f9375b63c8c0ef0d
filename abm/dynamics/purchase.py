"""What a government buys for its own agencies: by the same utility as firms, with its own weights, within a budget."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import adoption_multiple, capability_factor, drag, entry_cost, use_value
from abm.scenario.plan import Plan
from abm.theory.demand import annuity_factor
from abm.world.rules import Restriction, Rules
from abm.world.world import World

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def purchases(world: World, rules: Rules) -> tuple[Restriction, ...]:
    """Options that governments with a plan close to the new contracts of their agencies.

    Args:
        world: The world before the quarter.
        rules: Its rules so far.
    """
    found = []
    for plan in world.scenario.governments:
        if plan.in_force(world.quarter) and np.isfinite(world.terms.served).all():
            region = world.scenario.tables.region_names.index(plan.region)
            closed = too_dear(world, plan, region) | outweighed(world, plan, region, rules)
            if closed.any():
                found.append(Restriction("agencies", region, 1.0, closed, at_once=False))
    return tuple(found)


def too_dear(world: World, plan: Plan, region: int) -> Mask:
    """Options whose bill for the work to be done passes the agencies' budget, shape (option,).

    The work is what a ready organisation of median use intensity would do at the reference price: what is cheaper per token
    costs less for the same work, although users, left to themselves, would do so much more of it that they pay the same.
    """
    demand, part = world.scenario.parameters.demand, _agencies(world, region)
    tokens = demand.spend_median / demand.reference_price * (part @ capability_factor(world))
    bill = tokens * world.terms.option_price[region]
    return np.asarray(bill > plan.agency_budget * world.scenario.tables.figures["regions.wage"][region])


def outweighed(world: World, plan: Plan, region: int, rules: Rules) -> Mask:
    """Services of foreign vendors that are worth less to the government than the best alternative, shape (option,).

    It counts every dollar `cost_weight` times, and a foreign vendor's service costs it `sovereignty` of the wage bill
    besides. Without such weights it leaves the choice to its agencies.
    """
    options = world.options
    if plan.cost_weight == 1 and plan.sovereignty == 0:
        return np.zeros(len(options.offer), bool)
    foreign = options.at_vendor & (options.operator != region)
    value = agency_value(world, plan.cost_weight, region) - plan.sovereignty * foreign
    at_home = rules.available[region] & ~foreign & ~too_dear(world, plan, region)
    return np.asarray(foreign & (value < value[at_home].max(initial=-np.inf)))


def agency_value(world: World, cost_weight: float, region: int) -> Floats:
    """Value of every option to an agency of median use intensity over its wage bill, shape (option,)."""
    cost, tables, part = world.scenario.parameters.cost, world.scenario.tables, _agencies(world, region)
    worked = world.totals.employment[region].sum(axis=(1, 2))
    ready = part @ (world.totals.readiness[region].sum(axis=(1, 2)) / np.maximum(worked, 1e-300))
    workers = part @ (tables.employees[region].sum(axis=1) / np.maximum(tables.firms[region].sum(axis=1), 1e-300))
    worth = part @ use_value(world, cost_weight * world.terms.option_price)[region] * ready
    yearly = cost.maintenance + annuity_factor(cost.interest_rate, cost.contract_years)
    size = (1 - ready) * (workers / 50) ** cost.size_exponent / workers / tables.figures["regions.wage"][region]
    return np.asarray(
        worth
        - cost_weight * yearly * size * entry_cost(world)[region] * adoption_multiple(world)
        - part @ drag(world)[region]
    )


def _agencies(world: World, region: int) -> Floats:
    """Share of each sector in the workers of public organisations, shape (sector,)."""
    tables = world.scenario.tables
    workers = tables.figures["sectors.public_share"] * tables.employees[region].sum(axis=1)
    return np.asarray(workers / max(workers.sum(), 1e-300), float)
