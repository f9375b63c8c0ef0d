"""Who looks at whom: peers drawn in proportion to the real firms that a sampled firm stands for.

By default peers are drawn by hash each time they are needed and never stored. Small worlds may store a network instead:
a small world (Watts and Strogatz 1998), a stochastic block model (Holland, Laskey and Leinhardt 1983) or a file.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.quantities import InputError
from abm.rng import GOLDEN, clock, finalise, firm_ids, uniform
from abm.scenario.parameters import Interaction
from abm.world.firms import Strata

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

NOBODY = -1  # stands where a firm has fewer peers than others
# Firms that a firm may meet in a stratum: those near its own relative position, so that peers are near in memory.
WINDOW = 1 << 13
MOST_PEERS = 65_535  # of a firm, in a network from a file
_HAIR = 2.0**-32  # of a bin's width
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class HashedPeers:
    """Peers as a pure function of the firm and the slot.

    A peer comes from the own region and sector, from the own region, or from the world, with the declared shares.
    There a stratum is drawn in proportion to the real firms it stands for (alias method, Walker 1977,
    https://doi.org/10.1145/355744.355749) and in it a firm of the window around the own relative position.
    So the mean of what peers do equals the weighted share. A sampled firm may draw itself: it then means another real
    firm of its kind.

    Attributes:
        strata: The strata of the firms.
        count: Peers of a firm.
        key: Clock of the draws.
        reach: Where the shares of the own sector, the own region and the world begin, shape (3,).
        scale: Bins per unit of the share of the own sector, the own region and the world, shape (3, stratum).
        offset: Bin at which point zero would be on that scale, shape (3, stratum).
        threshold: Chance to keep the first stratum of a bin, shape (bin,) with 3 x stratum bins.
        span: First row and one past the last, of the first stratum of a bin and of the one taken otherwise, shape
            (bin, 2, 2).
    """

    strata: Strata
    count: int
    key: np.uint64
    reach: Floats
    scale: Floats
    offset: Floats
    threshold: Floats
    span: NDArray[np.int32]

    def of(self, rows: Rows) -> Rows:
        """Rows of the peers of some firms, shape (row, slot)."""
        own = self.strata.of(rows)
        who = firm_ids(self.strata.key[own], rows - self.strata.start[own])
        slots = [self._drawn(rows, own, who, slot, False) for slot in range(self.count)]
        return np.stack(slots, axis=1) if slots else np.empty((len(rows), 0), np.int64)

    def drawn(self, rows: Rows, slot: int, away: bool = False) -> Rows:
        """Rows of the peers in one slot, shape (row,).

        Args:
            rows: Firms that look.
            slot: Number of the slot, from 0.
            away: Draw outside the own sector only: from the region or the world, in their proportion.
        """
        return self._drawn(rows, self.strata.of(rows), self.strata.ids(rows), slot, away)

    def _drawn(self, rows: Rows, own: NDArray[np.intp], who: NDArray[np.uint64], slot: int, away: bool) -> Rows:
        strata = self.strata
        with np.errstate(over="ignore"):
            bits = finalise(finalise(who ^ self.key) + np.uint64(slot + 1) * GOLDEN)
        point = (bits >> _HALF).astype(np.float64) * 2.0**-32
        if away:
            point = self.reach[1] + point * (1 - self.reach[1])
        level = (point >= self.reach[1]).astype(np.intp) + (point >= self.reach[2])
        place = point * self.scale[level, own] + self.offset[level, own]
        bin = place.astype(np.int64)
        first, stop = self.span[bin, (place - bin >= self.threshold[bin]).astype(np.intp)].T.astype(np.int64)
        among = stop - first
        low = (bits & _LOW).astype(np.int64)
        relative = (rows - strata.start[own]).astype(np.float64) / strata.count[own]
        middle = (relative * among).astype(np.int64) - WINDOW // 2
        spot = ((low * np.minimum(among, WINDOW)) >> 32) + np.where(among > WINDOW, middle, 0)
        return first + spot % among


@dataclass(frozen=True, slots=True)
class StoredPeers:
    """A network kept in memory, as rows of peers one firm after the other.

    Attributes:
        start: Where the peers of each firm begin, shape (firm + 1,).
        peers: Rows of the peers, shape (tie,).
    """

    start: NDArray[np.int64]
    peers: NDArray[np.int32]

    def of(self, rows: Rows) -> Rows:
        """Rows of the peers of some firms, shape (row, slot), filled up with `NOBODY`."""
        degree = self.start[rows + 1] - self.start[rows]
        slot = np.arange(degree.max(initial=0))
        where = np.minimum(self.start[rows][:, None] + slot, max(0, len(self.peers) - 1))
        return np.where(slot < degree[:, None], self.peers[where] if len(self.peers) else NOBODY, NOBODY)


Network = HashedPeers | StoredPeers


def stored_bytes_per_firm(interaction: Interaction) -> int:
    """Bytes per firm that the network of a scenario stores."""
    return 0 if interaction.network in ("hashed", "everyone") else 8 + 4 * interaction.peers


def born_network(strata: Strata, interaction: Interaction, seed: int) -> Network:
    """The network that a scenario asks for.

    Args:
        strata: The strata of the firms.
        interaction: Number of peers, where they come from and the kind of network.
        seed: The run's seed.

    Raises:
        InputError: If a network file cannot be used.
    """
    hashed = hashed_peers(strata, interaction, seed)
    if interaction.network == "hashed":
        return hashed
    if interaction.network == "everyone":
        return replace(hashed, count=0)  # what everyone does is known without looking, see `abm.dynamics.conditions`
    if interaction.network == "small_world":
        return small_world(hashed, seed)
    if interaction.network == "stochastic_block":
        return stochastic_block(hashed, seed)
    return network_from_file(Path(interaction.network.removeprefix("file:")), int(strata.start[-1]))


def hashed_peers(strata: Strata, interaction: Interaction, seed: int) -> HashedPeers:
    """Prepare the draws of peers for a population."""
    mass, many = strata.weight * strata.count, len(strata)
    own_sector = interaction.own_sector_share
    reach = np.array([0.0, own_sector, min(1.0, own_sector + interaction.own_region_share)])
    width = np.maximum(np.diff(reach, append=1.0), 1e-300)  # no firm looks where the share is zero
    scale, offset = np.empty((2, 3, many))
    threshold, drawn = np.empty(3 * many), np.empty((3 * many, 2), np.intp)
    for level, group in enumerate((_cell(strata), strata.region, np.zeros(many, np.intp))):
        edges = np.concatenate([[0], np.flatnonzero(np.diff(group)) + 1, [many]])
        for start, stop in pairwise(edges):
            bins = slice(level * many + start, level * many + stop)
            threshold[bins], alias = _alias_table(mass[start:stop])
            drawn[bins] = np.column_stack([np.arange(start, stop), start + alias])
            # A hair's breadth inside the bins, so that rounding cannot leave them.
            scale[level, start:stop] = (stop - start) * (1 - 2 * _HAIR) / width[level]
            offset[level, start:stop] = bins.start + (stop - start) * _HAIR
    offset -= reach[:, None] * scale
    span = np.stack([strata.start[drawn], strata.start[drawn + 1]], axis=-1).astype(np.int32)
    return HashedPeers(strata, interaction.peers, np.uint64(clock(seed, "peer")), reach, scale, offset, threshold, span)


def _cell(strata: Strata) -> NDArray[np.intp]:
    """A number for each region and sector, shape (stratum,)."""
    return strata.region * (strata.sector.max() + 1) + strata.sector


def _alias_table(mass: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Thresholds and aliases that draw a place in proportion to mass, shape (place,) each."""
    scaled = (mass / mass.sum() * len(mass)).tolist()
    threshold, alias = [1.0] * len(mass), list(range(len(mass)))
    poor = [i for i, share in enumerate(scaled) if share < 1]
    rich = [i for i, share in enumerate(scaled) if share >= 1]
    while poor and rich:
        little, much = poor.pop(), rich[-1]
        threshold[little], alias[little] = scaled[little], much
        scaled[much] -= 1 - scaled[little]
        if scaled[much] < 1:
            poor.append(rich.pop())
    return np.array(threshold), np.array(alias)


def small_world(hashed: HashedPeers, seed: int) -> StoredPeers:
    """Peers of the own sector are neighbours on a ring, the others are drawn at a distance as by hash.

    The ring of a region and sector is shuffled, and each firm takes an arc as long as its weight. Slots reach 1, -1, 2,
    -2, ... mean weights along it. With equal weights that is the lattice of Watts and Strogatz (1998),
    https://doi.org/10.1038/30918, and the share of far peers is their rewiring probability.
    """
    strata, total = hashed.strata, int(hashed.strata.start[-1])
    rows = np.arange(total)
    ids, weight = strata.ids(rows), np.repeat(strata.weight, strata.count)
    cell = np.repeat(_cell(strata), strata.count)
    peers = np.empty((total, hashed.count), np.int32)
    order = np.lexsort((uniform(seed, "place on the ring", ids), cell))
    for ring in np.split(order, np.flatnonzero(np.diff(cell[order])) + 1):
        ends = np.cumsum(weight[ring])
        place = ends - weight[ring] * uniform(seed, "place on the arc", ids[ring])
        for slot in range(hashed.count):
            reach = (slot // 2 + 1) * (1 if slot % 2 == 0 else -1) * ends[-1] / len(ring)
            peers[ring, slot] = ring[np.searchsorted(ends, (place + reach) % ends[-1], side="right") % len(ring)]
    for slot in range(hashed.count):
        far = uniform(seed, "far peer", ids, slot) >= hashed.reach[1]
        peers[far, slot] = hashed.drawn(rows[far], slot, away=True)
    return StoredPeers(np.arange(total + 1) * hashed.count, peers.ravel())


def stochastic_block(hashed: HashedPeers, seed: int) -> StoredPeers:
    """Peers drawn as by hash, but in a number that is Poisson distributed, as in a sparse stochastic block model.

    The blocks are regions x sectors (Holland, Laskey and Leinhardt 1983, https://doi.org/10.1016/0378-8733(83)90021-7).
    """
    from scipy.stats import poisson  # takes a second to load, and few worlds have such a network

    rows = np.arange(int(hashed.strata.start[-1]))
    degree = poisson.ppf(uniform(seed, "number of peers", hashed.strata.ids(rows)), hashed.count).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(degree)])
    peers = np.empty(start[-1], np.int32)
    for slot in range(int(degree.max(initial=0))):
        having = rows[degree > slot]
        peers[start[having] + slot] = hashed.drawn(having, slot)
    return StoredPeers(start, peers)


def network_from_file(path: Path, firms: int) -> StoredPeers:
    """Read ties from a CSV file with the columns firm and peer: row numbers from 0 in the order of the firms.

    Raises:
        InputError: If the file cannot be read or names a firm that does not exist.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)  # a line with more fields than columns
            table = pd.read_csv(path, index_col=False)
    except (OSError, ValueError, pd.errors.ParserWarning) as error:
        reason = getattr(error, "strerror", None) or "not a CSV file"
        raise InputError(f"network file {str(path)!r} cannot be read: {reason}.") from None
    if not {"firm", "peer"} <= set(table.columns):
        raise InputError(
            f"network file {str(path)!r} must have the columns firm and peer; it has {list(table.columns)}."
        )
    named = table[["firm", "peer"]]
    numbers = named.apply(pd.to_numeric, errors="coerce").to_numpy(float)
    whole = (numbers >= 0) & (numbers < firms) & (numbers == np.floor(numbers))
    bad = np.flatnonzero(~whole.all(axis=1))
    if len(bad):
        raise InputError(
            f"network file {str(path)!r}, line {bad[0] + 2}: {named.iloc[bad[0]].tolist()} must be whole numbers from 0 to "
            f"{firms - 1}, the rows of the {firms} firms of this run."
        )
    ties = numbers.astype(np.int64)
    order = np.argsort(ties[:, 0], kind="stable")
    degree = np.bincount(ties[:, 0], minlength=firms)
    if degree.max(initial=0) > MOST_PEERS:
        raise InputError(
            f"network file {str(path)!r}: firm {int(degree.argmax())} has {int(degree.max())} peers; at most {MOST_PEERS} "
            "are counted, so leave out some of its lines."
        )
    start = np.concatenate([[0], np.cumsum(degree)])
    return StoredPeers(start, ties[order, 1].astype(np.int32))
