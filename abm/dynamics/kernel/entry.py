"""The pass over all firms, shared out to threads."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.compiled import compiled
from abm.dynamics.conditions import Conditions
from abm.dynamics.kernel.attention import attend, identify, practise
from abm.dynamics.kernel.choice import choose, gather, restrict
from abm.dynamics.kernel.columns import GROUP, Floats, Population, new_workspace, padded, peers_of
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
    firms, strata = world.firms, world.firms.strata
    population = Population(
        firms.employees, firms.spend_scale, firms.readiness, firms.surplus, firms.option, firms.last_option,
        firms.tenure, firms.taste_quarter, strata.size, strata.key, strata.weight, strata.start,
    )  # fmt: skip
    firms.last_option[:] = firms.option
    blocks = strata.blocks
    kinds, choices = world.totals_shape[2], world.totals_shape[3]
    sums = np.zeros((len(blocks), kinds, choices, len(QUANTITIES)))
    plain, peers = _plain(conditions), peers_of(world.network)

    def decide_some(part: range) -> None:
        decide_blocks(part.start, part.stop, blocks, population, peers, plain, sums)

    share_out(decide_some, _parts(blocks, world.engine.chunk), world.engine.threads)
    starts = np.flatnonzero(np.diff(blocks[:, 2] * world.totals_shape[1] + blocks[:, 3], prepend=-1))
    whole = sums if len(starts) == len(blocks) else np.add.reduceat(sums, starts, axis=0)
    total = np.zeros((len(QUANTITIES), *world.totals_shape[:4]))  # each quantity side by side, as it is read
    total[:, blocks[starts, 2], blocks[starts, 3]] = np.moveaxis(whole, -1, 0)
    return np.moveaxis(total, 0, -1)


def _parts(blocks: NDArray[np.int64], chunk: int) -> list[range]:
    """Ranges of blocks with about as many firms each as a chunk."""
    starts = np.flatnonzero(np.diff(blocks[:, 0] // chunk, prepend=-1)).tolist()
    return [range(a, b) for a, b in zip(starts, [*starts[1:], len(blocks)], strict=True)]


def _plain(values: Any) -> Any:
    """The same named tuple with every array contiguous, of its own and writable, as the compiled code expects."""
    return values._replace(**{k: np.array(v) for k, v in values._asdict().items() if isinstance(v, np.ndarray)})


@compiled
def decide_blocks(begin, end, blocks, firms, peers, c, sums):  # type: ignore[no-untyped-def]
    """Let the firms of blocks `begin` to `end` learn, decide and be added up into `sums`."""
    work = new_workspace(len(c.offer), len(c.dissimilarity), peers.slots)
    for b in range(begin, end):
        region, sector, stratum = blocks[b, 2], blocks[b, 3], blocks[b, 4]
        for first in range(blocks[b, 0], blocks[b, 1], GROUP):
            count = min(GROUP, blocks[b, 1] - first)
            stratum = identify(first, count, stratum, firms, work)
            practise(first, count, c.gain[region], c.size_exponent, firms, work)
            deciding = attend(first, count, region, sector, firms, peers, c, work)
            gather(first, deciding, region, sector, firms, c, work)
            restricted = restrict(deciding, region, sector, c, work)
            choose(padded(deciding), peers.slots, region, sector, restricted, c, work)
            settle(first, deciding, peers.slots, region, firms, c, work, sums[b])
            add_up(first, count, c.taste_fixed, c.taste_stake * c.stake[region, sector], firms, work, sums[b])
