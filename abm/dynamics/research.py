"""Labs' research: what it is paid from, and the capability that it gains."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.chance import growth_shock
from abm.quarters import QUARTER_YEARS
from abm.theory.supply import capability_growth, research_gain
from abm.world.world import World

COMMONS_READ_BY_CLOSED = 0.5  # MODEL: all labs can read the shared work, open ones faster
REFERENCE_CAPABILITY = 130.0  # ECI points at which the pace of research is declared: GPT-4 class, early 2024
USD_PER_BILLION = 1e9

Floats = NDArray[np.float64]


def fund(world: World) -> None:
    """Set what each lab has for research this quarter: outside money, reinvested profit and public grants.

    Outside money (investors, sponsors, a parent's other business) grew at a steady rate to what the tables say when the
    evidence ends; from then on it stays, unless a funding cut takes part of it. A lab that has not opened, or has given up,
    has none. It also pays for losses of the service, so that a lab which sells below cost has less for research; what
    profits are not spent on research goes to the owners, who make good what losses remain. While capability is that of the
    evidence only grants are booked.
    """
    assert world.rules is not None
    research, figures = world.scenario.parameters.research, world.scenario.tables.figures
    quarters_left = max(world.scenario.tables.last_observed - world.quarter, 0)
    so_far = np.exp(-research.backing_growth * QUARTER_YEARS * quarters_left)
    exists = world.existing
    for lab in world.labs:
        if lab.failed or not exists[list(lab.offers)].any():
            lab.outside = lab.grants = lab.funds = 0.0
            continue
        lab.grants = float(world.rules.grants[:, lab.index].sum())
        if world.observing:
            lab.outside, lab.funds = 0.0, lab.grants
            continue
        usual = USD_PER_BILLION * figures["labs.outside_money"][lab.index] * so_far
        lab.outside = usual * float(world.rules.outside_kept[lab.index])
        earned = lab.profit / QUARTER_YEARS
        lab.funds = max(lab.outside + lab.grants + (research.reinvested * earned if earned > 0 else earned), 0.0)
        starved = so_far == 1.0 and lab.funds < research.survival_share * usual
        lab.starved = lab.starved + 1 if starved else 0
        lab.failed |= lab.starved >= 4 * research.survival_years and research.failing_labs != "stay"


def gain(world: World) -> Floats:
    """Capability gained in the quarter, ECI points, shape (offer,). A small tier keeps its distance to its flagship."""
    assert world.rules is not None
    tables, options, terms = world.scenario.tables, world.options, world.terms
    research = world.scenario.parameters.research
    small = np.array(tables.offer_small)
    is_open = options.offer_open
    # A dollar buys more computation every year.
    cheaper = np.exp(world.scenario.parameters.market.hardware_decline * years_since_evidence(world))
    budget = np.array([lab.funds for lab in world.labs]) / research.reference_budget * cheaper
    own = research_gain(
        budget[options.offer_lab], research.frontier_growth, research.budget_elasticity,
        terms.capability - REFERENCE_CAPABILITY, research.difficulty,
    )  # fmt: skip
    own = own * world.rules.research[options.offer_lab]
    shared = research.commons * np.where(is_open, 1.0, COMMONS_READ_BY_CLOSED) * np.sqrt(open_share(world))
    exists = world.existing
    frontier = terms.capability[exists & ~small].max(initial=terms.capability[exists].min())
    gained = capability_growth(own, frontier - terms.capability, research.catch_up, shared, QUARTER_YEARS)
    for j in np.flatnonzero(small):
        flagships = np.flatnonzero((options.offer_lab == options.offer_lab[j]) & ~small)
        if len(flagships):
            gained[j] = gained[flagships].max()
    gained = gained + growth_shock(world)[options.offer_lab]
    active = np.array([not lab.failed for lab in world.labs])
    return np.where(active[options.offer_lab], np.maximum(gained, 0.0), 0.0)  # no release is worse than the last


def years_since_evidence(world: World) -> float:
    """Years since the last quarter with evidence, negative before it."""
    return (world.quarter - world.scenario.tables.last_observed) * QUARTER_YEARS


def open_share(world: World) -> float:
    """Share of the firms with AI that use open weights."""
    assert world.rules is not None
    users = world.totals.users("firms").sum(axis=(0, 1, 2))
    total, is_open = users.sum(), world.options.open | world.rules.published[world.options.offer]
    return float(users[is_open].sum() / total) if total else 0.0
