"""Labs' research: what it is paid from, and the capability that it gains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.chance import growth_shock
from abm.quarters import QUARTER_YEARS
from abm.theory.supply import capability_growth, concave_research
from abm.world.world import World

COMMONS_READ_BY_CLOSED = 0.5  # MODEL: all labs can read the shared work, open ones faster
USD_PER_BILLION = 1e9

Floats = NDArray[np.float64]


def fund(world: World) -> None:
    """Set what each lab has for research this quarter: outside money, reinvested profit and public grants.

    Outside money (investors, sponsors, a parent's other business) is what the budget of the tables leaves after the
    profit reinvested when labs start to decide for themselves. Where they do so from the start, it has grown at a steady
    rate to what it is when the evidence ends; from then on it stays, unless a funding cut takes part of it. While
    capability is that of the evidence only grants are booked.
    """
    assert world.rules is not None
    research, figures = world.scenario.parameters.research, world.scenario.tables.figures
    quarters_left = max(world.scenario.tables.last_observed - world.quarter, 0)
    so_far = np.exp(-research.backing_growth * QUARTER_YEARS * quarters_left)
    for lab in world.labs:
        grants = float(world.rules.grants[:, lab.index].sum())
        own = research.reinvested * max(4 * lab.profit, 0.0)
        if world.observing:
            lab.outside, lab.funds = 0.0, grants
            continue
        if not lab.budget:
            lab.budget = USD_PER_BILLION * figures["labs.research_budget"][lab.index]
            lab.backing = max(lab.budget - own, 0.0)
        lab.outside = lab.backing * so_far * float(world.rules.outside_kept[lab.index])
        lab.funds = lab.outside + own + grants
        starved = so_far == 1.0 and lab.funds < research.survival_share * lab.budget
        lab.starved = lab.starved + 1 if starved and not lab.failed else 0
        lab.failed |= lab.starved >= 4 * research.survival_years and research.failing_labs != "stay"


def gain(world: World) -> Floats:
    """Capability gained in the quarter, ECI points, shape (offer,). A small tier keeps its distance to its flagship."""
    assert world.rules is not None
    tables, options, terms = world.scenario.tables, world.options, world.terms
    research = world.scenario.parameters.research
    small = np.array(tables.offer_small)
    is_open = options.offer_open
    budget = np.array([lab.funds / lab.budget for lab in world.labs])
    own = concave_research(
        budget[options.offer_lab], research.frontier_growth * np.where(is_open, research.open_ratio, 1.0),
        research.budget_elasticity,
    )  # fmt: skip
    own = own * world.rules.research[options.offer_lab]
    shared = research.commons * np.where(is_open, 1.0, COMMONS_READ_BY_CLOSED) * np.sqrt(open_share(world))
    exists = existing(world)
    frontier = terms.capability[exists & ~small].max(initial=terms.capability[exists].min())
    gained = capability_growth(own, frontier - terms.capability, research.catch_up, shared, QUARTER_YEARS)
    for j in np.flatnonzero(small):
        flagships = np.flatnonzero((options.offer_lab == options.offer_lab[j]) & ~small)
        if len(flagships):
            gained[j] = gained[flagships].max()
    gained = gained + growth_shock(world)[options.offer_lab]
    active = np.array([not lab.failed for lab in world.labs])
    return np.where(active[options.offer_lab], gained, 0.0)


def open_share(world: World) -> float:
    """Share of the firms with AI that use open weights."""
    users = world.totals.users("firms").sum(axis=(0, 1, 2))
    total = users.sum()
    return float(users[world.options.open].sum() / total) if total else 0.0


def existing(world: World) -> NDArray[np.bool_]:
    """Offers that have not been withdrawn from this world, shape (offer,)."""
    exists = np.ones(len(world.options.offer_lab), bool)
    for target in world.scenario.withdrawn:
        exists[world.options.offer[world.options.targeted(target, world.scenario.tables)]] = False
    return exists
