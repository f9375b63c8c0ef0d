"""Governments that adapt: feedback from a target path to their instruments, within a budget and a tolerance."""

from __future__ import annotations

import numpy as np

from abm.quarters import QUARTER_YEARS, quarter_number
from abm.scenario.plan import REACH, Plan
from abm.scenario.policy import Intervention
from abm.world.actors import Government
from abm.world.world import World

LOCALISATION = 0.02  # share of the wage bill that full restriction of foreign services costs their users


def adapted(world: World, quarter: str) -> list[Intervention]:
    """What the adaptive governments do this quarter, as interventions; their effort is kept.

    Each compares penetration with the straight path from where it stood when its plan began through its targets, adds
    effort in proportion to what is missing, and never more than its budget pays for at last quarter's bills. Where
    dependence on foreign vendors' services passes its tolerance, it makes their use costly, and relents below it.

    Args:
        world: The world before the quarter.
        quarter: Name of the quarter.
    """
    acts = []
    for plan in world.scenario.governments:
        government = world.governments[world.scenario.tables.region_names.index(plan.region)]
        if not plan.in_force(world.quarter):
            government.stand_down()
            continue
        reached = penetration(world, government.index, plan.population)
        if np.isnan(government.began):
            government.began = reached
        missing = target_path(world, plan, government.began) - reached
        government.effort = min(max(government.effort + plan.gain * missing, 0.0), _affordable(world, plan, government))
        excess = dependence(world, government.index) - plan.tolerance
        government.restriction = min(max(government.restriction + plan.gain * excess, 0.0), 1.0)
        levels = {kind: REACH[kind] * government.effort for kind in plan.instruments}
        levels["data_localisation"] = LOCALISATION * government.restriction
        acts += [
            Intervention(kind, level, quarter, quarter, plan.region, "all")
            for kind, level in levels.items()
            if level > 0
        ]
    return acts


def penetration(world: World, region: int, population: str) -> float:
    """Share of a population of a region with AI, after the last decisions."""
    if population == "people":
        return float(world.people[region])
    totals = world.totals.employment if population == "employment" else world.totals.firms
    bounds = world.scenario.tables.size_bounds
    sizes = [z for z, (low, _) in enumerate(bounds) if population != "firms_10plus" or low >= 10]
    by_option = totals[region][:, sizes].sum(axis=(0, 1))
    return float(by_option[1:].sum() / max(by_option.sum(), 1e-300))


def target_path(world: World, plan: Plan, began: float) -> float:
    """Where penetration should be this quarter: on straight lines from the beginning through its targets."""
    start = quarter_number(plan.start)
    points = [(start, began), *(point for point in plan.path(world.scenario.tables) if point[0] > start)]
    quarters, shares = np.array(points, float).T
    return float(np.interp(world.quarter, quarters, shares))


def dependence(world: World, region: int) -> float:
    """Share of the employment of a region's AI users on services that foreign vendors run."""
    users = world.totals.users("employment")[region].sum(axis=(0, 1))
    foreign = world.options.at_vendor & (world.options.operator != region)
    return float(users[foreign].sum() / max(users.sum(), 1e-300))


def _affordable(world: World, plan: Plan, government: Government) -> float:
    """Effort that the budget pays for at last quarter's bills, at most one."""
    budget = QUARTER_YEARS * plan.budget * world.scenario.tables.figures["regions.gdp"][government.index] * 1e12
    region, ledger = plan.region, world.ledger

    def bills(*sellers: str) -> float:
        payers = (f"firms:{region}", f"government:{region}")
        return float(sum(ledger.between(payer, seller).sum() for payer in payers for seller in sellers))

    workers = world.totals.employment[government.index].sum()
    full = {
        "subsidy": bills("lab:", "hosts", "hardware", "integrators"),
        "compute_voucher": bills("hosts", "hardware"),
        "training": QUARTER_YEARS * float(workers) * world.scenario.parameters.readiness.training_cost,
    }
    cost = sum(REACH[kind] * full[kind] for kind in plan.instruments)
    return min(1.0, budget / cost) if cost > 0 else 1.0
