"""Firms decide: the step that the model is about, in NumPy (the definition) or compiled (the same, fast)."""

from __future__ import annotations

from abm.dynamics.conditions import conditions_of
from abm.dynamics.turnover import turn_over
from abm.world.totals import Totals
from abm.world.world import World

READS = ("scenario", "seed", "quarter", "firms", "network", "options", "terms", "rules", "trust")
WRITES = (
    "totals", "firms.readiness", "firms.taste", "firms.option", "firms.last_option", "firms.tenure",
    "firms.taste_quarter",
)  # fmt: skip


def decide(world: World) -> None:
    """Some firms close and others open; firms learn from last quarter's use; those that pay attention choose; all add up.

    Reads: scenario, seed, quarter, firms, network, options, terms, rules, trust.
    Writes: totals and the firms' readiness, taste, option, last_option, tenure, taste_quarter.

    All firms look at their peers' choices of the last quarter and decide at the same time, among no AI and all options.
    Two forms of interaction are left to the reference: firms that decide in turn, and logarithms of peers' shares.
    """
    turn_over(world)
    conditions = conditions_of(world)
    interaction = world.scenario.parameters.interaction
    if interaction.timing == "sequential":
        from abm.dynamics.sequential import decide_in_turn as decide_all
    elif world.engine.name == "numpy" or (interaction.form == "log_share" and interaction.network != "everyone"):
        from abm.dynamics.reference import decide_in_numpy as decide_all
    else:
        from abm.dynamics.kernel.entry import decide_compiled as decide_all
    world.totals = Totals.of(decide_all(world, conditions))
