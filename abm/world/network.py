"""Who looks at whom: peers drawn in proportion to the firms that a sampled firm stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.rng import uniform
from abm.scenario.parameters import Interaction
from abm.world.firms import Firms


def draw_peers(firms: Firms, sectors: int, interaction: Interaction, seed: int) -> NDArray[np.int32]:
    """Draw the peers of every firm, with replacement and in proportion to survey weight.

    A peer comes from the own region and sector, from the own region, or from the world, with the declared
    shares. Because the chance is proportional to weight, the mean of what peers do equals the weighted share.
    A sampled firm may draw itself: it then means another real firm of its kind.

    Args:
        firms: The firms, sorted so that each region and sector is contiguous.
        sectors: Number of sectors.
        interaction: Number of peers and where they come from.
        seed: The run's seed.

    Returns:
        Row numbers of the peers, shape (firm, peer).
    """
    count = len(firms)
    cumulative = np.concatenate([[0.0], np.cumsum(firms.weight)])
    cell = firms.region.astype(np.int64) * sectors + firms.sector
    peers = np.empty((count, interaction.peers), np.int32)
    spans = [_span(cell), _span(firms.region.astype(np.int64)), (np.zeros(count, int), np.full(count, count))]
    to_region = interaction.own_sector_share
    to_world = to_region + (1 - to_region) * min(
        1.0, interaction.own_region_share / (1 - to_region) if to_region < 1 else 1.0
    )
    for k in range(interaction.peers):
        where = uniform(seed, "peer place", firms.id, k)
        start = np.where(where < to_region, spans[0][0], np.where(where < to_world, spans[1][0], spans[2][0]))
        stop = np.where(where < to_region, spans[0][1], np.where(where < to_world, spans[1][1], spans[2][1]))
        low, high = cumulative[start], cumulative[stop]
        point = low + uniform(seed, "peer", firms.id, k) * (high - low)
        row = np.searchsorted(cumulative, point, side="right") - 1
        peers[:, k] = np.clip(row, start, stop - 1)
    return peers


def _span(code: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First row and the row past the last of each firm's contiguous group."""
    edges = np.concatenate([[0], np.flatnonzero(np.diff(code)) + 1, [len(code)]])
    group = np.repeat(np.arange(len(edges) - 1), np.diff(edges))
    return edges[group], edges[group + 1]
