"""Experience: users become readier, quiet use earns trust, incidents lose it."""

from __future__ import annotations

import numpy as np

from abm.theory.learning import learned_trust, raised_readiness
from abm.world.firms import NO_AI
from abm.world.world import World

READS = ("scenario", "firms", "options", "rules", "trust")
WRITES = ("firms.readiness", "trust")

QUARTER_YEARS = 0.25


def learn(world: World) -> None:
    """Raise readiness by use and training, and move trust by what the region's firms have seen.

    Reads: scenario, firms, options, rules, trust. Writes: firms.readiness, trust.

    An incident takes its share of the trust at the end of the quarter in which it happens.
    """
    assert world.rules is not None
    firms, options, parameters = world.firms, world.options, world.scenario.parameters
    by_use = parameters.readiness.learning_by_use * (firms.option != NO_AI)
    by_training = parameters.readiness.training_effect * world.rules.training[firms.region]
    gain = QUARTER_YEARS * (by_use + by_training)
    firms.readiness[:] = np.clip(raised_readiness(firms.readiness, gain), 1e-6, 1 - 1e-6)
    regions, count = world.trust.operator.shape
    cell = firms.region.astype(np.intp) * (count + 1) + firms.option
    users = np.bincount(cell, firms.weight, regions * (count + 1)).reshape(regions, count + 1)
    seen = users[:, 1:] / np.maximum(users.sum(axis=1, keepdims=True), 1e-300)
    by_offer = np.zeros_like(world.trust.origin)
    for o, j in enumerate(options.offer):
        by_offer[:, j] += seen[:, o]
    kept = world.rules.trust_kept
    learning, memory = parameters.trust.learning, parameters.trust.memory
    trust = world.trust
    trust.origin = kept * learned_trust(trust.origin, trust.origin_prior, by_offer, learning, memory, QUARTER_YEARS)
    own_service = options.operator >= 0
    lost = np.where(own_service, kept[:, options.offer], 1.0)
    trust.operator = lost * learned_trust(trust.operator, trust.operator_prior, seen, learning, memory, QUARTER_YEARS)
