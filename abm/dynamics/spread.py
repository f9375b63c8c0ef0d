"""People use AI, at work and at home: the cohort behind the people reading of penetration."""

from __future__ import annotations

import numpy as np

from abm.quarters import QUARTER_YEARS
from abm.theory.diffusion import attention_probability
from abm.world.world import World, people_ceiling

READS = ("scenario", "quarter", "totals", "people")
WRITES = ("people",)


def spread(world: World) -> None:
    """Let people take up AI as in Bass, faster where more of them work in firms that use it.

    Reads: scenario, quarter, totals, people. Writes: people.

    Those who never will are more where income per head is lower. The warm-up of the firms is none of people's: nobody
    used such models before the evidence begins.
    """
    if world.quarter < world.first:
        return
    people = world.scenario.parameters.people
    employment = world.totals.employment.sum(axis=(1, 2))
    exposed = employment[:, 1:].sum(axis=1) / np.maximum(employment.sum(axis=1), 1e-300)
    autonomous = people.innovation + people.work * exposed
    attention = attention_probability(autonomous, people.imitation, world.people, QUARTER_YEARS)
    world.people = world.people + attention * np.maximum(people_ceiling(world.scenario) - world.people, 0.0)
