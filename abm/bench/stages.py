"""How long each stage of the kernel takes: the same pass, ended after one stage more each time."""

from __future__ import annotations

import time
from statistics import median

import numpy as np

from abm.bench.quarters import world_in_the_middle
from abm.compiled import compiled
from abm.dynamics.conditions import conditions_of
from abm.dynamics.kernel.attention import attend, identify, practise
from abm.dynamics.kernel.choice import choose, gather, restrict
from abm.dynamics.kernel.columns import GROUP, new_workspace, padded, peers_of, plain, population_of
from abm.dynamics.kernel.entry import decide_compiled
from abm.dynamics.kernel.sums import add_up, settle
from abm.world.firms import SCHEMA

# Stages in their order, and what they do besides the operations that `abm.bench.steps` counts.
STAGES = {
    "identify": "strata that end within a group",
    "practise": "two divisions per firm, numbers widened to float64 and narrowed again",
    "attend": "lists of firms closed up one by one; reads of peers that wait for the tables read before",
    "gather": "columns of the deciding firms picked one by one, three divisions each",
    "choose": "peers counted by offer, the best offer kept; results pass through the near cache",
    "settle": "choices written one by one, branches that are guessed wrongly",
    "add up": "a division per firm; eight sums for a user and three otherwise, one firm at a time",
}


@compiled
def _decide_up_to(last, blocks, firms, peers, c, sums):  # type: ignore[no-untyped-def]
    """The pass of `abm.dynamics.kernel.entry` without the stages after `last`."""
    work = new_workspace(len(c.offer), len(c.dissimilarity), peers.slots)
    for b in range(len(blocks)):
        region, sector, stratum = blocks[b, 2], blocks[b, 3], blocks[b, 4]
        for first in range(blocks[b, 0], blocks[b, 1], GROUP):
            count, deciding, restricted = min(GROUP, blocks[b, 1] - first), 0, False
            stratum = identify(first, count, stratum, firms, work)
            if last > 0:
                practise(first, count, c.gain[region], c.size_exponent, firms, work)
            if last > 1:
                deciding = attend(first, count, region, sector, firms, peers, c, work)
            if last > 2:
                gather(first, deciding, region, sector, firms, c, work)
            if last > 3:
                restricted = restrict(deciding, region, sector, c, work)
                choose(padded(deciding), peers.slots, region, sector, restricted, c, work)
            if last > 4:
                settle(first, deciding, peers.slots, region, sector, firms, c, work, sums[b])
            if last > 5:
                add_up(first, count, firms, work, sums[b])


def stage_times(firms: int, rounds: int = 7) -> dict[str, float]:
    """Nanoseconds per firm-quarter of each stage, one thread, in the middle of the baseline.

    Args:
        firms: Number of firms.
        rounds: How often the pass is timed up to each stage, in turn.

    Raises:
        RuntimeError: If the stages together do not do what the kernel does.
    """
    world = world_in_the_middle(firms)
    conditions = conditions_of(world)
    c, peers, population = plain(conditions), peers_of(world.network), population_of(world.firms)
    blocks = world.firms.strata.blocks
    world.firms.last_option[:] = world.firms.option
    kept = {name: getattr(world.firms, name).copy() for name in SCHEMA}
    decide_compiled(world, conditions)
    decided = world.firms.option.copy()
    taken: list[list[float]] = [[] for _ in STAGES]
    for turn in range(rounds + 1):
        for last in range(len(STAGES)):
            for name, column in kept.items():
                getattr(world.firms, name)[:] = column
            sums = np.zeros((len(blocks), *world.totals_shape[2:]))
            began = time.perf_counter()
            _decide_up_to(last, blocks, population, peers, c, sums)
            if turn:  # the first round warms up
                taken[last].append(time.perf_counter() - began)
    if not np.array_equal(world.firms.option, decided):
        raise RuntimeError("the stages in abm.bench.stages differ from the kernel in abm.dynamics.kernel.entry")
    until = [0.0, *(median(times) / firms * 1e9 for times in taken)]
    return {stage: until[k + 1] - until[k] for k, stage in enumerate(STAGES)}
