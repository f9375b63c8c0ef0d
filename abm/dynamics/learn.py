"""Experience with AI: quiet use earns trust, incidents lose it."""

from __future__ import annotations

import numpy as np

from abm.quarters import QUARTER_YEARS
from abm.theory.learning import learned_trust
from abm.world.offers import by_offer
from abm.world.world import World

READS = ("scenario", "totals", "options", "rules", "trust")
WRITES = ("trust",)


def learn(world: World) -> None:
    """Move trust by what the region's firms have seen.

    Reads: scenario, totals, options, rules, trust. Writes: trust.

    An incident takes its share of the trust at the end of the quarter in which it happens.
    """
    options, parameters, trust = world.options, world.scenario.parameters, world.trust
    firms = world.totals.firms.sum(axis=(1, 2))
    seen = firms[:, 1:] / np.maximum(firms.sum(axis=1, keepdims=True), 1e-300)
    rules = world.rules
    assert rules is not None
    learning, memory = parameters.trust.learning, parameters.trust.memory
    learned = learned_trust(trust.origin, trust.origin_prior, by_offer(options, seen), learning, memory, QUARTER_YEARS)
    trust.origin = rules.origin_trust_kept * learned
    kept = np.where(options.at_vendor, rules.vendor_trust_kept[:, options.offer], 1.0)
    trust.operator = kept * learned_trust(trust.operator, trust.operator_prior, seen, learning, memory, QUARTER_YEARS)
