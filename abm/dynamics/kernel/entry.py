"""The pass over all firms, shared out to threads."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from abm.compiled import compiled
from abm.dynamics.conditions import Conditions
from abm.dynamics.kernel.attention import attend, identify, practise
from abm.dynamics.kernel.choice import choose, gather, restrict
from abm.dynamics.kernel.columns import GROUP, Floats, new_workspace, padded, peers_of, plain, population_of
from abm.dynamics.kernel.sums import add_up, settle
from abm.world.engine import share_out
from abm.world.totals import QUANTITIES
from abm.world.world import World


def decide_compiled(world: World, conditions: Conditions) -> Floats:
    """Let all firms learn, decide and be added up.

    Args:
        world: The world, whose firms' columns are written.
        conditions: Tables of the quarter.

    Returns:
        Totals, shape (region, sector, size, option, quantity).
    """
    world.firms.last_option[:] = world.firms.option
    blocks = world.firms.strata.blocks
    regions, sectors, kinds, choices, quantities = world.totals_shape
    sums = np.empty((len(blocks), quantities, kinds, choices))
    population, tables, peers = population_of(world.firms), plain(conditions), peers_of(world.network)

    def decide_some(part: range) -> None:
        decide_blocks(part.start, part.stop, blocks, population, peers, tables, sums)

    share_out(decide_some, _parts(blocks, world.engine.chunk), world.engine.threads)
    cells = blocks[:, 2] * sectors + blocks[:, 3]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(cells)) + 1])
    whole = sums if len(starts) == len(blocks) else np.add.reduceat(sums, starts, axis=0)
    total = np.zeros((quantities, regions * sectors, kinds, choices))  # each quantity side by side, as it is read
    total[:, cells[starts]] = whole.swapaxes(0, 1)
    return np.moveaxis(total.reshape(quantities, regions, sectors, kinds, choices), 0, -1)


def _parts(blocks: NDArray[np.int64], chunk: int) -> list[range]:
    """Ranges of blocks with about as many firms each as a chunk."""
    changes = np.flatnonzero(np.diff(blocks[:, 0] // chunk)) + 1
    return [range(a, b) for a, b in pairwise([0, *changes.tolist(), len(blocks)])]


@compiled
def decide_blocks(begin, end, blocks, firms, peers, c, sums):  # type: ignore[no-untyped-def]
    """Let the firms of blocks `begin` to `end` learn, decide and be added up into `sums`."""
    work = new_workspace(len(c.offer), len(c.dissimilarity), peers.slots)
    totals = np.empty((sums.shape[2], sums.shape[3], sums.shape[1]))
    for b in range(begin, end):
        totals[:] = 0.0
        region, sector, stratum = blocks[b, 2], blocks[b, 3], blocks[b, 4]
        for first in range(blocks[b, 0], blocks[b, 1], GROUP):
            count = min(GROUP, blocks[b, 1] - first)
            stratum = identify(first, count, stratum, firms, work)
            practise(first, count, c.gain[region], c.size_exponent, firms, work)
            deciding = attend(first, count, region, sector, firms, peers, c, work)
            gather(first, deciding, region, sector, firms, c, work)
            restricted = restrict(deciding, region, sector, c, work)
            choose(padded(deciding), peers.slots, region, sector, restricted, c, work)
            settle(first, deciding, peers.slots, region, sector, firms, c, work, totals)
            add_up(first, count, firms, work, totals)
        for quantity in range(len(QUANTITIES)):
            sums[b, quantity] = totals[:, :, quantity]
