"""Aggregate shocks: what happens to the whole world by chance, the same for all firms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from abm.quarters import QUARTER_YEARS
from abm.rng import name_key, uniform
from abm.scenario.policy import Intervention
from abm.world.world import World

KINDS = ("leak", "outage", "backdoor")


def incidents(world: World, quarter: str) -> list[Intervention]:
    """Incidents that strike by chance after the evidence, as interventions; none in a world without shocks.

    Each lab has them at the declared rate, whatever else happens; leaks and outages strike services, backdoors open
    models. The draw is that of the scenario, not of the run's seed: two runs of one draw share the world's luck.
    """
    scenario, shocks = world.scenario, world.scenario.parameters.shocks
    if not scenario.shocks or world.quarter <= scenario.tables.last_observed:
        return []
    strikes, outage_loss = [], scenario.parameters.trust.outage_loss
    labs = _labs(world)
    drawn = [_draws(world, f"incident {what}", [lab for lab, _ in labs]) for what in ("chance", "kind", "size")]
    for (lab, is_open), chance, kind, size in zip(labs, *drawn, strict=True):
        if chance < -np.expm1(-shocks.incident_rate * QUARTER_YEARS):
            kinds = KINDS if is_open else KINDS[:2]
            what, lost = kinds[int(kind * len(kinds))], min(shocks.incident_size * 2 * size, 1.0)
            # An outage is as long as it takes to lose so much trust.
            level = min(lost / max(outage_loss, lost), 1.0) if what == "outage" else lost
            strikes.append(Intervention(what, float(level), quarter, quarter, "all", f"lab:{lab}"))
    return strikes


def growth_shock(world: World) -> NDArray[np.float64]:
    """Capability gained or lost by chance this quarter, ECI points, shape (lab,): a part that all share and an own one.

    Nothing while the evidence lasts, whoever decides then: what happened has happened.
    """
    scenario, shocks = world.scenario, world.scenario.parameters.shocks
    labs = scenario.tables.lab_names
    if not scenario.shocks or world.quarter <= scenario.tables.last_observed:
        return np.zeros(len(labs))
    spread = shocks.growth_spread * np.sqrt(QUARTER_YEARS)
    shared, *own = ndtri(_draws(world, "growth", ["all", *labs]))
    part = shocks.growth_shared
    return np.asarray(spread * (np.sqrt(part) * shared + np.sqrt(1 - part) * np.array(own)), float)


def _labs(world: World) -> list[tuple[str, bool]]:
    """Labs that are there, and whether their first offer is open."""
    is_open, exists = world.options.offer_open, world.existing
    return [(lab.name, bool(is_open[lab.offers[0]])) for lab in world.labs if exists[list(lab.offers)].any()]


def _draws(world: World, purpose: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Uniform numbers of this draw of the world and quarter, one for each name."""
    keys = np.array([name_key(name) for name in names], np.uint64)
    return uniform(world.scenario.shocks, purpose, keys, world.quarter)
