"""The decisions of firms, compiled: the same as `reference`, firm by firm, in one pass over the population.

Firms are handled in groups of `GROUP` neighbours of one region and sector, so that tables are constants and loops run
over numbers side by side, which compilers turn into vector instructions. What a step needs firm by firm lies in the
columns of a small workspace that stays in the nearest cache. Sums are kept per block of firms and added in the order of
the blocks, so that neither threads nor chunks change a bit.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm import rng
from abm.compiled import compiled, inlined
from abm.dynamics.arithmetic import exp, log, sine
from abm.dynamics.conditions import Conditions
from abm.dynamics.reference import LEAST_READINESS, MOST_READINESS
from abm.world.engine import share_out
from abm.world.network import WINDOW, HashedPeers, Network
from abm.world.totals import QUANTITIES
from abm.world.world import World

Floats = NDArray[np.float64]

GROUP = 4096  # firms of a group
(FIRMS, EMPLOYMENT, READINESS, CAPACITY, CAPACITY_SQUARED, CAPACITY_STAKE, PROJECT, ENTERED, SURPLUS) = range(
    len(QUANTITIES)
)
_GOLDEN, _LOW, _HALF, _STEP = rng.GOLDEN, np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(1)

finalise, as_uniform = inlined(rng.finalise), inlined(rng.as_uniform)
_place = np.uint64  # an index that cannot be negative, so that nobody checks


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
    slots: int  # most peers of a firm
    key: np.uint64
    reach: Floats
    first: NDArray[np.int64]
    many: NDArray[np.int64]
    scale: Floats
    threshold: Floats  # of all levels, one after the other
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
    blocks = strata.blocks
    kinds, choices = world.totals_shape[2], world.totals_shape[3]
    sums = np.zeros((len(blocks), kinds, choices, len(QUANTITIES)))
    plain, peers = _plain(conditions), peers_of(world.network)

    def decide_some(part: range) -> None:
        decide_blocks(part.start, part.stop, blocks, population, peers, plain, sums)

    share_out(decide_some, _parts(blocks, world.engine.chunk), world.engine.threads)
    total = np.zeros(world.totals_shape)
    starts = np.flatnonzero(np.diff(blocks[:, 2] * world.totals_shape[1] + blocks[:, 3], prepend=-1))
    whole = sums if len(starts) == len(blocks) else np.add.reduceat(sums, starts, axis=0)
    total[blocks[starts, 2], blocks[starts, 3]] = whole
    return total


def _parts(blocks: NDArray[np.int64], chunk: int) -> list[range]:
    """Ranges of blocks with about as many firms each as a chunk."""
    starts = np.flatnonzero(np.diff(blocks[:, 0] // chunk, prepend=-1)).tolist()
    return [range(a, b) for a, b in zip(starts, [*starts[1:], len(blocks)], strict=True)]


def _plain(values: Any) -> Any:
    """The same named tuple with every array contiguous, of its own and writable, as the compiled code expects."""
    return values._replace(**{k: np.array(v) for k, v in values._asdict().items() if isinstance(v, np.ndarray)})


def peers_of(network: Network) -> Peers:
    """A network in the form that the kernel reads."""
    if isinstance(network, HashedPeers):
        nobody = np.zeros(0, np.int64)
        return Peers(
            False, nobody, nobody.astype(np.int32), network.count, network.key, network.reach, network.first,
            network.many, network.scale, network.threshold.ravel(), network.alias.ravel(),
        )  # fmt: skip
    most = int(np.diff(network.start).max(initial=0))
    integers, floats = np.zeros((3, 0), np.int64), np.zeros((3, 0))
    return Peers(
        True,
        network.start,
        network.peers,
        most,
        np.uint64(0),
        np.ones(3),
        integers,
        integers,
        floats,
        floats.ravel(),
        integers.ravel(),
    )


class Workspace(NamedTuple):
    """Numbers of the firms of a group, those of the deciding ones closed up; scratch that nothing outlives."""

    # All firms of the group, shape (GROUP,).
    id: NDArray[np.uint64]
    stratum: NDArray[np.int64]
    draw: Floats
    use: Floats  # spend scale times readiness
    project: Floats  # adoption cost in units of the entry cost
    notices: NDArray[np.bool_]  # pays attention of its own
    wavers: NDArray[np.bool_]  # peers could draw its attention
    unsure: NDArray[np.int64]  # these, by their place in the group
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
    users: NDArray[np.int32]  # peers that use the offer, shape (offer + 1, GROUP)
    each: Floats  # utility from one peer
    closed: NDArray[np.bool_]  # shape (option, GROUP)
    # The best offer of each nest, shape (nest, GROUP).
    total: Floats  # utility with the offer's own shock
    option: NDArray[np.int64]
    # Firms that look at their peers, shape (GROUP,).
    codes: NDArray[np.uint8]  # what they see, shape (slot, GROUP)
    met: NDArray[np.int64]
    # Peers, shape (GROUP,).
    relative: Floats  # place of the firm in its own stratum
    spot: NDArray[np.int64]
    base: NDArray[np.int64]
    other: NDArray[np.int64]
    rest: Floats
    limit: Floats
    # Random bits, shape (GROUP,).
    bits: NDArray[np.uint64]


@compiled
def decide_blocks(begin, end, blocks, firms, peers, c, sums):  # type: ignore[no-untyped-def]
    """Let the firms of blocks `begin` to `end` learn, decide and be added up into `sums`."""
    nests = len(c.dissimilarity)
    work = Workspace(
        np.empty(GROUP, np.uint64), np.empty(GROUP, np.int64), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP),
        np.empty(GROUP, np.bool_), np.empty(GROUP, np.bool_), np.empty(GROUP, np.int64), np.empty(GROUP, np.int64),
        np.empty(GROUP, np.uint64), np.empty(GROUP, np.int64), np.empty(GROUP, np.int64),
        np.empty(GROUP), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP),
        np.empty(GROUP, np.int64), np.empty((len(c.nest) + 1, GROUP), np.int32), np.empty(GROUP),
        np.empty((len(c.offer), GROUP), np.bool_),
        np.empty((nests, GROUP)), np.empty((nests, GROUP), np.int64),
        np.empty((peers.slots, GROUP), np.uint8), np.empty(GROUP, np.int64),
        np.empty(GROUP), np.empty(GROUP, np.int64), np.empty(GROUP, np.int64), np.empty(GROUP, np.int64),
        np.empty(GROUP), np.empty(GROUP), np.empty(GROUP, np.uint64),
    )  # fmt: skip
    for b in range(begin, end):
        region, sector, stratum = blocks[b, 2], blocks[b, 3], blocks[b, 4]
        for first in range(blocks[b, 0], blocks[b, 1], GROUP):
            count = min(GROUP, blocks[b, 1] - first)
            stratum = identify(first, count, stratum, firms, work)
            practise(first, count, c.gain[region], c.size_exponent, firms, work)
            deciding = attend(first, count, region, sector, firms, peers, c, work)
            gather(first, deciding, region, sector, firms, c, work)
            restricted = restrict(deciding, region, sector, c, work)
            choose(deciding, region, sector, restricted, c, work)
            settle(first, deciding, region, firms, c, work, sums[b])
            add_up(first, count, c.taste_fixed, c.taste_stake * c.stake[region, sector], firms, work, sums[b])


@inlined
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


@inlined
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


@inlined
def attend(first, count, region, sector, firms, peers, c, work):  # type: ignore[no-untyped-def]
    """List the firms that decide and return their number; everyone who uses AI has done so a quarter longer."""
    least = -math.expm1(-c.innovation[sector])
    most = -math.expm1(-(c.innovation[sector] + c.imitation))
    attention, draw, ids = c.attention, work.draw, work.id
    for i in range(count):
        draw[i] = as_uniform(finalise(ids[i] ^ attention))
    last, tenure = firms.last_option[first : first + count], firms.tenure[first : first + count]
    ends, deciding, unsure = c.contract_ends, work.deciding, work.unsure
    notices, wavers = work.notices, work.wavers
    for i in range(count):  # peers matter only to those whom they could sway
        notices[i] = (draw[i] < least) & (last[i] == 0)
        wavers[i] = (draw[i] >= least) & (draw[i] < most) & (last[i] == 0)
    sure, open_cases = 0, 0
    for i in range(count):
        uses, age = last[i] != 0, _place(tenure[i])
        deciding[_place(sure)] = i
        sure += (uses & ends[age + _STEP]) | notices[i]
        unsure[_place(open_cases)] = i
        open_cases += wavers[i]
    for i in range(count):
        tenure[i] += last[i] != 0
    leaving = c.leaving[region]
    for i in range(count):
        if leaving[last[i]] and not ends[tenure[i]] and must_leave(work.id[i], last[i] - 1, region, sector, c):
            deciding[sure] = i
            sure += 1
    meet(first, open_cases, unsure, firms, peers, work)
    offer_of, codes, met, users, each = c.offer_of, work.codes, work.met, work.users, work.each
    for j in range(len(users)):
        for d in range(sure + open_cases):
            users[j, d] = 0
    for d in range(sure + open_cases):
        each[d] = 0.0
    swayed = sway(open_cases, sure, c.innovation[sector], c.imitation, c.peer_strength, offer_of, work)
    if c.peer_strength != 0:
        meet(first, sure, deciding, firms, peers, work)
        for d in range(sure):
            count_users(d, d, offer_of, codes, met, users)
            each[d] = c.peer_strength / max(met[d], 1)
    return swayed


@inlined
def sway(open_cases, sure, innovation, imitation, strength, offer_of, work):  # type: ignore[no-untyped-def]
    """Let those decide whose attention their peers have drawn; returns how many decide in all."""
    codes, met, draw, unsure, deciding = work.codes, work.met, work.draw, work.unsure, work.deciding
    users, each = work.users, work.each
    hazard = work.best
    for case in range(open_cases):
        hazard[case] = draw[_place(unsure[case])]
    for case in range(open_cases):
        hazard[case] = -log(1 - hazard[case])  # below it attention is drawn
    for case in range(open_cases):
        seen, known = 0, max(met[case], 1)
        for slot in range(met[case]):
            seen += codes[slot, case] != 0
        if hazard[case] < innovation + imitation * (seen / known):
            deciding[sure] = unsure[case]
            each[sure] = strength / known
            count_users(sure, case, offer_of, codes, met, users)
            sure += 1
    return sure


@inlined
def count_users(d, case, offer_of, codes, met, users):  # type: ignore[no-untyped-def]
    """Count the peers of a deciding firm by the offer they use, those without AI in a last row that nobody reads."""
    for slot in range(met[case]):
        users[_place(offer_of[codes[slot, case]]), d] += 1


@inlined
def meet(first, many, places, firms, peers, work):  # type: ignore[no-untyped-def]
    """What the peers of some firms used last quarter."""
    codes, met, last_option = work.codes, work.met, firms.last_option
    if peers.stored:
        start, tie = peers.tie_start, peers.tie
        for d in range(many):
            row = first + places[d]
            met[d] = start[row + 1] - start[row]
            for slot in range(met[d]):
                codes[slot, d] = last_option[tie[start[row] + slot]]
        return
    who, relative, ids, strata, start, key = work.who, work.relative, work.id, work.stratum, firms.start, peers.key
    bits, spot = work.bits, work.spot
    for d in range(many):
        met[d] = peers.slots
        own = _place(strata[_place(places[d])])
        relative[d] = np.float64(first + places[d] - start[own]) / np.float64(start[own + 1] - start[own])
        who[d] = ids[_place(places[d])]
    for d in range(many):
        who[d] = finalise(who[d] ^ key)
    for slot in range(peers.slots):
        step = np.uint64(slot + 1) * _GOLDEN
        for d in range(many):
            bits[d] = finalise(who[d] + step)
        draw_strata(many, strata[0], peers, work)  # the firms of a group share region and sector, hence where they look
        draw_rows(many, firms, work)
        seen = codes[slot]
        for d in range(many):
            seen[d] = last_option[_place(spot[d])]


@inlined
def draw_strata(many, own, peers, work):  # type: ignore[no-untyped-def]
    """Strata of peers by the alias method. Tables are looked up in loops of their own: the rest runs on neighbours."""
    near, far = peers.reach[1], peers.reach[2]
    first_0, first_1, first_2 = peers.first[0, own], peers.first[1, own], peers.first[2, own]
    last_0, last_1, last_2 = peers.many[0, own] - 1, peers.many[1, own] - 1, peers.many[2, own] - 1
    scale_0, scale_1, scale_2 = peers.scale[0, own], peers.scale[1, own], peers.scale[2, own]
    strata = peers.first.shape[1]
    bits, spot, rest = work.bits, work.spot, work.rest
    for d in range(many):
        point = np.float64(np.int64(bits[d] >> _HALF)) * 2.0**-32
        inner, outer = point < near, point >= far
        bottom = 0.0 if inner else far if outer else near
        place = (point - bottom) * (scale_0 if inner else scale_2 if outer else scale_1)
        whole = min(np.int64(place), last_0 if inner else last_2 if outer else last_1)
        rest[d] = place - whole
        spot[d] = whole + (first_0 if inner else first_2 + 2 * strata if outer else first_1 + strata)
    threshold, alias, limit, other = peers.threshold, peers.alias, work.limit, work.other
    for d in range(many):
        limit[d] = threshold[_place(spot[d])]
        other[d] = alias[_place(spot[d])]
    for d in range(many):
        here = spot[d]
        here = here - strata if here >= strata else here
        here = here - strata if here >= strata else here
        spot[d] = here if rest[d] < limit[d] else other[d]


@inlined
def draw_rows(many, firms, work):  # type: ignore[no-untyped-def]
    """Rows of peers in their strata, near the own relative position."""
    bits, spot, relative, base, count, start = work.bits, work.spot, work.relative, work.base, work.other, firms.start
    for d in range(many):
        base[d] = start[_place(spot[d])]
        count[d] = start[_place(spot[d] + 1)]
    for d in range(many):
        among = count[d] - base[d]
        middle = np.int64(relative[d] * np.float64(among)) - WINDOW // 2
        low = np.int64(bits[d] & _LOW)
        place = ((low * min(among, WINDOW)) >> 32) + (middle if among > WINDOW else 0)
        place = place + among if place < 0 else place
        place = place - among if place >= among else place
        spot[d] = base[d] + place


@inlined
def bound(who, rule, sector, c):  # type: ignore[no-untyped-def]
    """Whether a restriction binds a firm."""
    public = as_uniform(finalise(who ^ c.rule_clock[rule, 1])) < c.rule_public[rule, sector]
    return public and as_uniform(finalise(who ^ c.rule_clock[rule, 0])) < c.rule_share[rule]


@inlined
def must_leave(who, o, region, sector, c):  # type: ignore[no-untyped-def]
    """Whether a user must give up its option now."""
    if not c.available[region, o]:
        return True
    for rule in range(len(c.rule_region)):
        here = c.rule_now[rule] and c.rule_region[rule] == region and c.rule_options[rule, o]
        if here and bound(who, rule, sector, c):
            return True
    return False


@inlined
def gather(first, deciding, region, sector, firms, c, work):  # type: ignore[no-untyped-def]
    """Close up what the deciding firms need, and renew the tastes of some."""
    who, draw, renewal = work.who, work.draw, c.renewal
    for d in range(deciding):
        who[d] = work.id[_place(work.deciding[d])]
    for d in range(deciding):
        draw[d] = as_uniform(finalise(who[d] ^ renewal))
    stake = c.taste_stake * c.stake[region, sector]
    for d in range(deciding):
        i, row = _place(work.deciding[d]), _place(first + work.deciding[d])
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


@inlined
def restrict(deciding, region, sector, c, work):  # type: ignore[no-untyped-def]
    """Mark the options that restrictions close to the deciding firms; returns whether there are any."""
    restricted = False
    for rule in range(len(c.rule_region)):
        if c.rule_region[rule] == region:
            for d in range(deciding):
                binds = bound(work.who[d], rule, sector, c)
                for o in range(len(c.offer)):
                    work.closed[o, d] = (restricted and work.closed[o, d]) or (binds and c.rule_options[rule, o])
            restricted = True
    return restricted


@inlined
def choose(deciding, region, sector, restricted, c, work):  # type: ignore[no-untyped-def]
    """Find the best offer of each nest, and add the nests' shocks; a shock is lambda (G + log S)."""
    for nest in range(len(c.dissimilarity)):
        for d in range(deciding):
            work.total[nest, d] = -np.inf
    o = 0
    for j in range(len(c.nest)):
        best, deployed, own = work.best, work.deployed, work.own
        sold = False
        for d in range(deciding):
            best[d] = -np.inf
        while o < len(c.offer) and c.offer[o] == j:  # the best deployment of the offer
            if c.available[region, o]:
                sold = True
                use_value, project, drag = (
                    c.use_value[region, sector, o],
                    c.project[region, o],
                    c.drag[region, sector, o],
                )
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
        if sold:
            nest = c.nest[j]
            offer_utility(
                deciding, c.dissimilarity[nest], c.tastes[j], work, work.users[j], work.total[nest], work.option[nest]
            )  # fmt: skip
    for nest in range(len(c.dissimilarity)):
        add_nest_shock(deciding, c.dissimilarity[nest], c.nest_angle[nest], c.nest_size[nest], work, nest)
    draw_bits(deciding, c.tastes[len(c.nest)], work)
    none, bits = work.none, work.bits
    for d in range(deciding):
        none[d] = -log(-log(as_uniform(bits[d])))


@inlined
def draw_bits(deciding, clocks, work):  # type: ignore[no-untyped-def]
    """Random bits of the firms' present tastes: looked up first, so that the mixing runs on neighbours."""
    who, taste, bits = work.who, work.taste, work.bits
    for d in range(deciding):
        bits[d] = clocks[_place(taste[d])]
    for d in range(deciding):
        bits[d] = finalise(who[d] ^ bits[d])


@inlined
def offer_utility(deciding, dissimilarity, clocks, work, users, total, option):  # type: ignore[no-untyped-def]
    """Compare an offer with the best of its nest so far."""
    draw_bits(deciding, clocks, work)
    bits, draw, best, scale, deployed = work.bits, work.draw, work.best, work.scale, work.deployed
    for d in range(deciding):
        draw[d] = best[d] * scale[d] - dissimilarity * log(-log(as_uniform(bits[d])))
    each = work.each
    for d in range(deciding):
        utility = draw[d] + each[d] * np.float64(users[d])
        better = utility > total[d]
        total[d] = utility if better else total[d]
        option[d] = deployed[d] if better else option[d]


@inlined
def add_nest_shock(deciding, dissimilarity, angles, sizes, work, nest):  # type: ignore[no-untyped-def]
    """Add lambda log S of the nest: Kanter's positive stable draw, see `abm.theory.choice.log_positive_stable`."""
    if dissimilarity == 1:
        return
    bits, draw, size, rest = work.bits, work.draw, work.none, 1 - dissimilarity
    draw_bits(deciding, sizes, work)
    for d in range(deciding):
        size[d] = -log(as_uniform(bits[d]))
    draw_bits(deciding, angles, work)
    for d in range(deciding):
        angle = math.pi * as_uniform(bits[d])
        draw[d] = (
            dissimilarity * log(sine(dissimilarity * angle))
            - log(sine(angle))
            + rest * log(sine(rest * angle) / size[d])
        )  # fmt: skip
    total = work.total[nest]
    for d in range(deciding):
        total[d] += draw[d]


@inlined
def settle(first, deciding, region, firms, c, work, sums):  # type: ignore[no-untyped-def]
    """Write down what the firms have chosen, and add up what they pay to enter."""
    for d in range(deciding):
        i, row = _place(work.deciding[d]), _place(first + work.deciding[d])
        nest = 0 if work.total[0, d] >= work.total[1, d] else 1
        adopts = work.total[nest, d] > work.none[d]
        code = work.option[nest, d] + 1 if adopts else 0
        wage_bill = c.wage[region] * np.float64(firms.employees[row])
        peers = work.each[d] * work.users[c.offer[work.option[nest, d]], d] if adopts else 0.0
        gain = wage_bill / work.scale[d] * (work.total[nest, d] - peers - work.none[d])
        firms.surplus[row] = np.float32(gain if adopts else 0.0)
        own = work.own[d]
        if code != own + 1:
            firms.option[row] = code
            firms.tenure[row] = 0
            if adopts:
                share = 1.0 if own < 0 else c.switching_share
                stratum = work.stratum[i]
                sums[firms.size[stratum], code, ENTERED] += firms.weight[stratum] * work.project[i] * share


@inlined
def add_up(first, count, taste_fixed, taste_stake, firms, work, sums):  # type: ignore[no-untyped-def]
    """Add the firms to the totals, stratum by stratum."""
    use, stake, project = work.use, work.best, work.project  # the second is use over the taste scale
    rows = slice(first, first + count)
    employees, ready, spend = firms.employees[rows], firms.readiness[rows], firms.spend_scale[rows]
    surplus, option = firms.surplus[rows], firms.option[rows]
    for i in range(count):
        stake[i] = use[i] / (taste_fixed + taste_stake * np.float64(spend[i]))
    i = 0
    while i < count:
        stratum = work.stratum[i]
        stop = min(count, firms.start[stratum + 1] - first)
        weight, total = firms.weight[stratum], sums[firms.size[stratum]]
        none, employment, readiness = 0, 0.0, 0.0
        for j in range(i, stop):
            workers = np.float64(employees[j])
            if option[j] == 0:
                none += 1
                employment += workers
                readiness += workers * np.float64(ready[j])
            else:
                capacity = weight * workers * use[j]
                here = total[option[j]]
                here[FIRMS] += weight
                here[EMPLOYMENT] += weight * workers
                here[READINESS] += weight * (workers * np.float64(ready[j]))
                here[CAPACITY] += capacity
                here[CAPACITY_SQUARED] += capacity * capacity
                here[CAPACITY_STAKE] += capacity * stake[j]
                here[PROJECT] += weight * project[j]
                here[SURPLUS] += weight * np.float64(surplus[j])
        total[0, FIRMS] += weight * none
        total[0, EMPLOYMENT] += weight * employment
        total[0, READINESS] += weight * readiness
        i = stop
