"""The decisions of firms, compiled: the same as `reference`, firm by firm, in one pass over the population.

Firms are handled in groups of `GROUP` neighbours of one region and sector, so that tables are constants and loops run
over numbers side by side, which compilers turn into vector instructions. What a step needs firm by firm lies in the
columns of a small workspace that stays in the nearest cache. Sums are kept per block of firms and added in the order of
the blocks, so that neither threads nor chunks change a bit.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm import rng
from abm.compiled import compiled
from abm.dynamics.arithmetic import exp, log, sine
from abm.dynamics.conditions import Conditions
from abm.dynamics.reference import LEAST_READINESS, MOST_READINESS
from abm.world.network import WINDOW, HashedPeers, Network
from abm.world.totals import QUANTITIES
from abm.world.world import World

Floats = NDArray[np.float64]

GROUP = 1024  # firms of a group
BLOCK = 1 << 16  # most firms of a block
(FIRMS, EMPLOYMENT, READINESS, CAPACITY, CAPACITY_SQUARED, CAPACITY_STAKE, PROJECT, ENTERED, SURPLUS) = range(
    len(QUANTITIES)
)
_GOLDEN, _LOW, _HALF, _STEP = rng.GOLDEN, np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)

finalise, as_uniform = compiled(rng.finalise), compiled(rng.as_uniform)


class Population(NamedTuple):
    """Columns of the firms and of their strata, see `abm.world.firms`."""

    employees: NDArray[np.float32]
    spend_scale: NDArray[np.float32]
    readiness: NDArray[np.float32]
    surplus: NDArray[np.float32]
    option: NDArray[np.uint8]
    last_option: NDArray[np.uint8]
    tenure: NDArray[np.uint8]
    taste_quarter: NDArray[np.uint8]
    size: NDArray[np.intp]
    key: NDArray[np.uint64]
    weight: Floats
    start: NDArray[np.int64]


class Peers(NamedTuple):
    """A network of either kind, see `abm.world.network`; a stored one has ties, a hashed one none."""

    stored: bool
    tie_start: NDArray[np.int64]
    tie: NDArray[np.int32]
    count: int
    key: np.uint64
    reach: Floats
    first: NDArray[np.int64]
    many: NDArray[np.int64]
    threshold: Floats
    alias: NDArray[np.int64]


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
    blocks = blocks_of(world)
    kinds, choices = world.totals_shape[2], world.totals_shape[3]
    sums = np.zeros((len(blocks), kinds, choices, len(QUANTITIES)))
    plain, peers = _plain(conditions), peers_of(world.network)

    def decide_some(part: tuple[int, int]) -> None:
        decide_blocks(part[0], part[1], blocks, population, peers, plain, sums)

    parts = _parts(blocks, world.engine.chunk)
    if world.engine.threads > 1 and len(parts) > 1:
        with ThreadPoolExecutor(world.engine.threads) as pool:
            list(pool.map(decide_some, parts))
    else:
        for part in parts:
            decide_some(part)
    total = np.zeros(world.totals_shape)
    starts = np.flatnonzero(np.diff(blocks[:, 2] * world.totals_shape[1] + blocks[:, 3], prepend=-1))
    total[blocks[starts, 2], blocks[starts, 3]] = np.add.reduceat(sums, starts, axis=0)
    return total


def blocks_of(world: World) -> NDArray[np.int64]:
    """First row, row past the last, region, sector and first stratum of each block, shape (block, 5).

    A block is a piece of the firms of a region and sector; the pieces depend on nothing but their number.
    """
    strata = world.firms.strata
    cell = strata.region * world.totals_shape[1] + strata.sector
    edges = np.concatenate([[0], np.flatnonzero(np.diff(cell)) + 1, [len(strata)]])
    pieces = [
        (row, min(row + BLOCK, int(strata.start[b])), strata.region[a], strata.sector[a])
        for a, b in zip(edges[:-1], edges[1:], strict=True)
        for row in range(int(strata.start[a]), int(strata.start[b]), BLOCK)
    ]
    table = np.array(pieces, np.int64).reshape(len(pieces), 4)
    return np.column_stack([table, strata.of(table[:, 0])])


def _parts(blocks: NDArray[np.int64], chunk: int) -> list[tuple[int, int]]:
    """Ranges of blocks with about as many firms each as a chunk."""
    share = blocks[:, 0] // chunk
    starts = np.flatnonzero(np.diff(share, prepend=-1))
    return list(zip(starts.tolist(), [*starts[1:].tolist(), len(blocks)], strict=True))


def _plain(values: Any) -> Any:
    """The same named tuple with every array contiguous, of its own and writable, as the compiled code expects."""
    return values._replace(**{k: np.array(v) for k, v in values._asdict().items() if isinstance(v, np.ndarray)})


def peers_of(network: Network) -> Peers:
    """A network in the form that the kernel reads."""
    if isinstance(network, HashedPeers):
        nobody = np.zeros(0, np.int64)
        return Peers(
            False, nobody, nobody.astype(np.int32), network.count, network.key, network.reach, network.first,
            network.many, network.threshold, network.alias,
        )  # fmt: skip
    integers, floats = np.zeros((3, 0), np.int64), np.zeros((3, 0))
    return Peers(True, network.start, network.peers, 0, np.uint64(0), np.ones(2), integers, integers, floats, integers)


class Workspace(NamedTuple):
    """Numbers of the firms of a group, those of the deciding ones closed up; scratch that nothing outlives."""

    # All firms of the group, shape (GROUP,).
    id: NDArray[np.uint64]
    stratum: NDArray[np.int64]
    draw: Floats
    use: Floats  # spend scale times readiness
    project: Floats  # adoption cost in units of the entry cost
    unsure: NDArray[np.int64]  # firms whose attention depends on their peers
    deciding: NDArray[np.int64]  # firms that decide, by their place in the group
    # Deciding firms, shape (GROUP,).
    who: NDArray[np.uint64]
    own: NDArray[np.int64]  # option in use, -1 for none
    taste: NDArray[np.int64]
    worth: Floats  # use
    stay: Floats  # adoption cost per project of the table, over the wage bill, for who stays
    move: Floats  # and for who moves
    scale: Floats  # wage bill over taste scale
    none: Floats
    best: Floats
    deployed: NDArray[np.int64]
    peers: Floats  # utility from peers, shape (offer, GROUP)
    closed: NDArray[np.bool_]  # shape (option, GROUP)
    # The best offer of each nest, shape (nest, GROUP).
    total: Floats  # utility with the offer's own shock
    private: Floats  # the same without peers
    option: NDArray[np.int64]


@compiled
def decide_blocks(begin, end, blocks, firms, peers, c, sums):  # type: ignore[no-untyped-def]
    """Let the firms of blocks `begin` to `end` learn, decide and be added up into `sums`."""
    nests = len(c.dissimilarity)
    work = Workspace(
        np.empty(GROUP, np.uint64), np.empty(GROUP, np.int64), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP),
        np.empty(GROUP, np.int64), np.empty(GROUP, np.int64),
        np.empty(GROUP, np.uint64), np.empty(GROUP, np.int64), np.empty(GROUP, np.int64),
        np.empty(GROUP), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP),
        np.empty(GROUP, np.int64), np.empty((len(c.nest), GROUP)), np.empty((len(c.offer), GROUP), np.bool_),
        np.empty((nests, GROUP)), np.empty((nests, GROUP)), np.empty((nests, GROUP), np.int64),
    )  # fmt: skip
    for b in range(begin, end):
        region, sector, stratum = blocks[b, 2], blocks[b, 3], blocks[b, 4]
        for first in range(blocks[b, 0], blocks[b, 1], GROUP):
            count = min(GROUP, blocks[b, 1] - first)
            stratum = identify(first, count, stratum, firms, work)
            practise(first, count, c.gain[region], c.size_exponent, firms, work)
            deciding = attend(first, count, region, sector, firms, peers, c, work)
            gather(first, deciding, region, sector, firms, c, work)
            look_at_peers(first, deciding, firms, peers, c, work)
            restricted = restrict(deciding, region, sector, c, work)
            choose(deciding, region, sector, restricted, c, work)
            settle(first, deciding, region, firms, c, work, sums[b])
            add_up(first, count, c.taste_fixed, c.taste_stake * c.stake[region, sector], firms, work, sums[b])


@compiled
def identify(first, count, stratum, firms, work):  # type: ignore[no-untyped-def]
    """Strata and ids of the firms; returns the stratum of the last one."""
    i = 0
    while i < count:
        while firms.start[stratum + 1] <= first + i:
            stratum += 1
        stop = min(count, firms.start[stratum + 1] - first)
        key, base = firms.key[stratum], np.uint64(first - firms.start[stratum]) + _STEP
        for j in range(i, stop):
            work.stratum[j] = stratum
            work.id[j] = finalise(key + (base + np.uint64(j)) * _GOLDEN)
        i = stop
    return stratum


@compiled
def practise(first, count, gain, size_exponent, firms, work):  # type: ignore[no-untyped-def]
    """Raise readiness by use and training; what use and a project mean to each firm."""
    without, with_use = math.exp(gain[0]), math.exp(gain[1])
    readiness, last = firms.readiness[first : first + count], firms.last_option[first : first + count]
    employees, spend = firms.employees[first : first + count], firms.spend_scale[first : first + count]
    use, project = work.use, work.project
    for i in range(count):
        before = np.float64(readiness[i])
        grown = before * (with_use if last[i] != 0 else without)
        readiness[i] = np.float32(min(max(grown / (1 - before + grown), LEAST_READINESS), MOST_READINESS))
    for i in range(count):
        use[i] = np.float64(spend[i]) * np.float64(readiness[i])
    for i in range(count):
        size = exp(size_exponent * log(np.float64(employees[i]) / 50))
        project[i] = (1 - np.float64(readiness[i])) * size


@compiled
def attend(first, count, region, sector, firms, peers, c, work):  # type: ignore[no-untyped-def]
    """List the firms that decide and return their number; everyone who uses AI has done so a quarter longer."""
    least = -math.expm1(-c.innovation[sector])
    most = -math.expm1(-(c.innovation[sector] + c.imitation))
    attention, draw, ids = c.attention, work.draw, work.id
    for i in range(count):
        draw[i] = as_uniform(finalise(ids[i] ^ attention))
    last, tenure = firms.last_option[first : first + count], firms.tenure[first : first + count]
    ends, deciding, unsure = c.contract_ends, work.deciding, work.unsure
    sure, open_cases = 0, 0
    for i in range(count):  # peers matter only to those whom they could sway
        uses, age, u = last[i] != 0, tenure[i], draw[i]
        deciding[sure] = i
        sure += ends[age + 1] if uses else u < least
        unsure[open_cases] = i
        open_cases += (not uses) & (u >= least) & (u < most)
        tenure[i] = age + uses
    for case in range(open_cases):
        i = unsure[case]
        seen, met = 0, degree(first + i, peers)
        for slot in range(met):
            seen += firms.last_option[peer(first + i, slot, work.id[i], work.stratum[i], firms, peers)] != 0
        if draw[i] < -math.expm1(-(c.innovation[sector] + c.imitation * (seen / max(met, 1)))):
            deciding[sure] = i
            sure += 1
    if evictions(region, c):
        for i in range(count):
            o = np.int64(last[i]) - 1
            if o >= 0 and not ends[tenure[i]] and must_leave(work.id[i], o, region, sector, c):
                deciding[sure] = i
                sure += 1
    return sure


@compiled
def degree(row, peers):  # type: ignore[no-untyped-def]
    """Number of peers of a firm."""
    return peers.tie_start[row + 1] - peers.tie_start[row] if peers.stored else peers.count


@compiled
def peer(row, slot, who, own, firms, peers):  # type: ignore[no-untyped-def]
    """Row of a firm's peer, as `abm.world.network` defines it."""
    if peers.stored:
        return np.int64(peers.tie[peers.tie_start[row] + slot])
    bits = finalise(finalise(who ^ peers.key) + np.uint64(slot + 1) * _GOLDEN)
    point = np.float64(bits >> _HALF) * 2.0**-32
    if point < peers.reach[0]:
        level, bottom, top = 0, 0.0, peers.reach[0]
    elif point < peers.reach[1]:
        level, bottom, top = 1, peers.reach[0], peers.reach[1]
    else:
        level, bottom, top = 2, peers.reach[1], 1.0
    place = (point - bottom) / (top - bottom) * peers.many[level, own]
    whole = min(np.int64(place), peers.many[level, own] - 1)
    stratum = peers.first[level, own] + whole
    if place - whole >= peers.threshold[level, stratum]:
        stratum = peers.alias[level, stratum]
    low = np.int64(bits & _LOW)
    start = firms.start[stratum]
    many = firms.start[stratum + 1] - start
    if many <= WINDOW:
        return start + ((low * many) >> 32)
    relative = np.float64(row - firms.start[own]) / np.float64(firms.start[own + 1] - firms.start[own])
    near = np.int64(relative * np.float64(many)) - WINDOW // 2 + ((low * WINDOW) >> 32)
    return start + (near + many if near < 0 else near - many if near >= many else near)


@compiled
def evictions(region, c):  # type: ignore[no-untyped-def]
    """Whether any option is closed to its users in a region."""
    for o in range(len(c.offer)):
        if not c.available[region, o]:
            return True
    for rule in range(len(c.rule_region)):
        if c.rule_now[rule] and c.rule_region[rule] == region:
            return True
    return False


@compiled
def bound(who, rule, sector, c):  # type: ignore[no-untyped-def]
    """Whether a restriction binds a firm."""
    public = as_uniform(finalise(who ^ c.rule_clock[rule, 1])) < c.rule_public[rule, sector]
    return public and as_uniform(finalise(who ^ c.rule_clock[rule, 0])) < c.rule_share[rule]


@compiled
def must_leave(who, o, region, sector, c):  # type: ignore[no-untyped-def]
    """Whether a user must give up its option now."""
    if not c.available[region, o]:
        return True
    for rule in range(len(c.rule_region)):
        here = c.rule_now[rule] and c.rule_region[rule] == region and c.rule_options[rule, o]
        if here and bound(who, rule, sector, c):
            return True
    return False


@compiled
def gather(first, deciding, region, sector, firms, c, work):  # type: ignore[no-untyped-def]
    """Close up what the deciding firms need, and renew the tastes of some."""
    who, draw, renewal = work.who, work.draw, c.renewal
    for d in range(deciding):
        who[d] = work.id[work.deciding[d]]
    for d in range(deciding):
        draw[d] = as_uniform(finalise(who[d] ^ renewal))
    stake = c.taste_stake * c.stake[region, sector]
    for d in range(deciding):
        i = work.deciding[d]
        row = first + i
        if draw[d] < c.taste_renewal:
            firms.taste_quarter[row] = c.age
        work.taste[d] = firms.taste_quarter[row]
        own = np.int64(firms.option[row]) - 1
        work.own[d] = own
        work.worth[d] = work.use[i]
        project = work.project[i] / np.float64(firms.employees[row])
        work.stay[d] = c.maintenance * project
        work.move[d] = (c.maintenance + c.annuity * (1.0 if own < 0 else c.switching_share)) * project
        work.scale[d] = 1 / (c.taste_fixed + stake * np.float64(firms.spend_scale[row]))


@compiled
def look_at_peers(first, deciding, firms, peers, c, work):  # type: ignore[no-untyped-def]
    """Utility from peers by offer."""
    work.peers[:, :deciding] = 0.0
    if c.peer_strength == 0:
        return
    for d in range(deciding):
        i = work.deciding[d]
        met = degree(first + i, peers)
        each = c.peer_strength / max(met, 1)
        for slot in range(met):
            code = firms.last_option[peer(first + i, slot, work.who[d], work.stratum[i], firms, peers)]
            if code != 0:
                work.peers[c.offer[code - 1], d] += each


@compiled
def restrict(deciding, region, sector, c, work):  # type: ignore[no-untyped-def]
    """Mark the options that restrictions close to the deciding firms; returns whether there are any."""
    restricted = False
    for rule in range(len(c.rule_region)):
        if c.rule_region[rule] == region:
            if not restricted:
                work.closed[:, :deciding] = False
            restricted = True
            for d in range(deciding):
                if bound(work.who[d], rule, sector, c):
                    work.closed[:, d] |= c.rule_options[rule]
    return restricted


@compiled
def choose(deciding, region, sector, restricted, c, work):  # type: ignore[no-untyped-def]
    """Find the best offer of each nest, and add the nests' shocks; a shock is lambda (G + log S)."""
    work.total[:, :deciding] = -np.inf
    o = 0
    for j in range(len(c.nest)):
        best, deployed, own = work.best, work.deployed, work.own
        best[:deciding] = -np.inf
        while o < len(c.offer) and c.offer[o] == j:  # the best deployment of the offer
            if c.available[region, o]:
                use_value, project, drag = c.use_value[region, sector, o], c.project[region, o], c.drag[region, sector, o]
                worth, stay, move = work.worth, work.stay, work.move
                closed = work.closed[o]
                for d in range(deciding):
                    cost = stay[d] if own[d] == o else move[d]
                    value = worth[d] * use_value - cost * project - drag
                    if restricted and closed[d]:
                        value = -np.inf
                    better = value > best[d]
                    best[d] = value if better else best[d]
                    deployed[d] = o if better else deployed[d]
            o += 1
        offer_utility(
            deciding, c.dissimilarity[c.nest[j]], c.tastes[j], work, work.peers[j],
            work.total[c.nest[j]], work.private[c.nest[j]], work.option[c.nest[j]],
        )  # fmt: skip
    for nest in range(len(c.dissimilarity)):
        add_nest_shock(deciding, c.dissimilarity[nest], c.nest_angle[nest], c.nest_size[nest], work, nest)
    none, clocks = work.none, c.tastes[len(c.nest)]
    for d in range(deciding):
        none[d] = -log(-log(as_uniform(finalise(work.who[d] ^ clocks[work.taste[d]]))))


@compiled
def offer_utility(deciding, dissimilarity, clocks, work, peers, total, private, option):  # type: ignore[no-untyped-def]
    """Compare an offer with the best of its nest so far."""
    who, taste, draw, best, scale, deployed = work.who, work.taste, work.draw, work.best, work.scale, work.deployed
    for d in range(deciding):
        gumbel = -log(-log(as_uniform(finalise(who[d] ^ clocks[taste[d]]))))
        draw[d] = best[d] * scale[d] + dissimilarity * gumbel
    for d in range(deciding):
        utility = draw[d] + peers[d]
        better = utility > total[d]
        total[d] = utility if better else total[d]
        private[d] = draw[d] if better else private[d]
        option[d] = deployed[d] if better else option[d]


@compiled
def add_nest_shock(deciding, dissimilarity, angles, sizes, work, nest):  # type: ignore[no-untyped-def]
    """Add lambda log S of the nest: Kanter's positive stable draw, see `abm.theory.choice.log_positive_stable`."""
    if dissimilarity == 1:
        return
    who, taste, draw = work.who, work.taste, work.draw
    rest = 1 - dissimilarity
    for d in range(deciding):
        angle = math.pi * as_uniform(finalise(who[d] ^ angles[taste[d]]))
        size = -log(as_uniform(finalise(who[d] ^ sizes[taste[d]])))
        draw[d] = (
            dissimilarity * log(sine(dissimilarity * angle))
            - log(sine(angle))
            + rest * log(sine(rest * angle) / size)
        )  # fmt: skip
    total, private = work.total[nest], work.private[nest]
    for d in range(deciding):
        total[d] += draw[d]
    for d in range(deciding):
        private[d] += draw[d]


@compiled
def settle(first, deciding, region, firms, c, work, sums):  # type: ignore[no-untyped-def]
    """Write down what the firms have chosen, and add up what they pay to enter."""
    for d in range(deciding):
        i = work.deciding[d]
        row = first + i
        nest = 0 if work.total[0, d] >= work.total[1, d] else 1
        adopts = work.total[nest, d] > work.none[d]
        code = work.option[nest, d] + 1 if adopts else 0
        wage_bill = c.wage[region] * np.float64(firms.employees[row])
        gain = wage_bill / work.scale[d] * (work.private[nest, d] - work.none[d])
        firms.surplus[row] = np.float32(gain if adopts else 0.0)
        own = work.own[d]
        if code != own + 1:
            firms.option[row] = code
            firms.tenure[row] = 0
            if adopts:
                share = 1.0 if own < 0 else c.switching_share
                stratum = work.stratum[i]
                sums[firms.size[stratum], code, ENTERED] += firms.weight[stratum] * work.project[i] * share


@compiled
def add_up(first, count, taste_fixed, taste_stake, firms, work, sums):  # type: ignore[no-untyped-def]
    """Add the firms to the totals, stratum by stratum."""
    i = 0
    while i < count:
        stratum = work.stratum[i]
        stop = min(count, firms.start[stratum + 1] - first)
        weight, total = firms.weight[stratum], sums[firms.size[stratum]]
        none, employment, readiness = 0, 0.0, 0.0
        for j in range(i, stop):
            row = first + j
            workers, option = np.float64(firms.employees[row]), firms.option[row]
            ready = workers * np.float64(firms.readiness[row])
            if option == 0:
                none += 1
                employment += workers
                readiness += ready
            else:
                use = work.use[j]
                capacity = weight * workers * use
                here = total[option]
                here[FIRMS] += weight
                here[EMPLOYMENT] += weight * workers
                here[READINESS] += weight * ready
                here[CAPACITY] += capacity
                here[CAPACITY_SQUARED] += capacity * capacity
                here[CAPACITY_STAKE] += capacity * use / (taste_fixed + taste_stake * np.float64(firms.spend_scale[row]))
                here[PROJECT] += weight * work.project[j]
                here[SURPLUS] += weight * np.float64(firms.surplus[row])
        total[0, FIRMS] += weight * none
        total[0, EMPLOYMENT] += weight * employment
        total[0, READINESS] += weight * readiness
        i = stop
