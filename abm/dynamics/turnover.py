"""Firms close and others open in their place: the newcomers have no AI, and the readiness of their kind."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from abm.dynamics.reference import CHUNK, Some
from abm.quarters import QUARTER_YEARS
from abm.rng import clock
from abm.world.firms import NO_AI
from abm.world.genesis import log_odds_of_readiness
from abm.world.world import World


def turn_over(world: World) -> None:
    """Replace some firms by new ones of the same kind, size and use intensity.

    As many open as close, so that a firm of the sample stands for as many real firms as before. What a firm owes ends with
    it, as all payments are of their quarter; who enters an option anew pays the whole entry cost.
    """
    population = world.scenario.parameters.population
    chance = -np.expm1(-population.turnover * QUARTER_YEARS)
    if not chance:
        return
    firms = world.firms
    closes, ready = (np.uint64(clock(world.seed, purpose, world.quarter)) for purpose in ("closure", "newcomer"))
    for first in range(0, len(firms), CHUNK):
        some = Some.of(world, np.arange(first, min(first + CHUNK, len(firms))))
        new = some.only(some.draw(closes) < chance)
        rows = new.rows
        workers = firms.employees[rows].astype(float)
        log_odds = log_odds_of_readiness(world.scenario, new.region, workers, ndtri(new.draw(ready)))
        firms.readiness[rows] = 1 / (1 + np.exp(-log_odds))
        firms.option[rows] = NO_AI
        firms.taste[rows] = firms.tenure[rows] = 0
        firms.taste_quarter[rows] = world.quarter - world.birth
