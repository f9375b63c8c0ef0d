"""What the deciding firms choose: the best deployment of each offer, the best offer of each nest, the best of all."""

from __future__ import annotations

import numpy as np

from abm.compiled import inlined
from abm.dynamics.arithmetic import folded, log_near_one, sine, single_log, split_uniform
from abm.dynamics.kernel.attention import bound
from abm.dynamics.kernel.columns import ROWS, as_uniform, finalise, padded, place


@inlined
def gather(first, deciding, region, sector, firms, c, work):  # type: ignore[no-untyped-def]
    """Close up what the deciding firms need, and renew the tastes of some."""
    who, draw, renewal = work.who, work.draw, c.renewal
    for d in range(deciding):
        who[d] = work.id[place(work.deciding[d])]
    for d in range(padded(deciding)):
        draw[d] = as_uniform(finalise(who[d] ^ renewal))
    stake = c.taste_stake * c.stake[region, sector]
    for d in range(deciding):
        i, row = place(work.deciding[d]), place(first + work.deciding[d])
        if draw[d] < c.taste_renewal:
            firms.taste_quarter[row] = c.age
        work.key[d] = c.taste_age[place(firms.taste_quarter[row])]
        own = np.int64(firms.option[row]) - 1
        work.own[d] = own
        work.worth[d] = work.use[i]
        project = work.project[i] / np.float64(firms.employees[row])
        work.stay[d] = c.maintenance * project
        work.move[d] = (c.maintenance + c.annuity * (1.0 if own < 0 else c.switching_share)) * project
        work.scale[d] = 1 / (c.taste_fixed + stake * np.float64(firms.intensity[row]))
        work.each[d] = c.peer_strength / (1 if c.by_count else max(work.met[d], 1))
    key = work.key
    for d in range(padded(deciding)):
        key[d] = finalise(who[d] ^ key[d])


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
def choose(deciding, slots, region, sector, restricted, c, work):  # type: ignore[no-untyped-def]
    """Find the best offer of each nest, and add the nests' shocks; a shock is lambda (G + log S)."""
    for nest in range(len(c.dissimilarity)):
        for d in range(deciding):
            work.total[nest, d] = -np.inf
    o = 0
    for j in range(len(c.nest)):
        begin = o
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
            count_users(deciding, slots, begin + 1, o, work)
            offer_utility(
                deciding, c.dissimilarity[nest], c.tastes[j], c.everyone_pulls[j], work, work.total[nest], work.option[nest]
            )  # fmt: skip
    for nest in range(len(c.dissimilarity)):
        add_nest_shock(deciding, c.dissimilarity[nest], c.nest_angle[nest], c.nest_size[nest], work, nest)
    draw_gumbels(deciding, c.tastes[len(c.nest)], work)


@inlined
def draw_gumbels(deciding, taste, work):  # type: ignore[no-untyped-def]
    """Gumbel draws -log(-log u) of the firms' present tastes."""
    key, near_one, exponent, shock = work.key, work.near_one, work.exponent, work.shock
    for d in range(deciding):
        near_one[d], exponent[d] = split_uniform(finalise(key[d] ^ taste))
    for d in range(deciding):
        shock[d] = -single_log(-log_near_one(near_one[d], exponent[d]))


@inlined
def count_users(deciding, slots, first, last, work):  # type: ignore[no-untyped-def]
    """Count the peers of the deciding firms whose option has a code from the first to the last: an offer's."""
    users, codes = work.users, work.codes
    low, more = np.uint8(first), np.uint8(last - first)
    for d in range(deciding):
        users[d] = 0
    for slot in range(0, slots, ROWS):
        one, two, three, four = codes[slot], codes[slot + 1], codes[slot + 2], codes[slot + 3]
        for d in range(deciding):
            pair = (np.uint8(one[d] - low) <= more) + (np.uint8(two[d] - low) <= more)
            other = (np.uint8(three[d] - low) <= more) + (np.uint8(four[d] - low) <= more)
            users[d] = np.uint16(users[d] + np.uint16(pair + other))


@inlined
def offer_utility(deciding, dissimilarity, taste, pull, work, total, option):  # type: ignore[no-untyped-def]
    """Compare an offer with the best of its nest so far."""
    draw_gumbels(deciding, taste, work)
    shock, best, scale, deployed = work.shock, work.best, work.scale, work.deployed
    each, users = work.each, work.users
    for d in range(deciding):
        utility = best[d] * scale[d] + dissimilarity * np.float64(shock[d]) + each[d] * np.float64(users[d]) + pull
        better = utility > total[d]
        total[d] = utility if better else total[d]
        option[d] = deployed[d] if better else option[d]


@inlined
def add_nest_shock(deciding, dissimilarity, angle, size, work, nest):  # type: ignore[no-untyped-def]
    """Add lambda log S of the nest: Kanter's positive stable draw, see `abm.theory.choice.log_positive_stable`."""
    if dissimilarity == 1:
        return
    key, near_one, exponent, shock = work.key, work.near_one, work.exponent, work.shock
    whole, part, rest = work.angle[0], work.angle[1], work.angle[2]
    for d in range(deciding):
        near_one[d], exponent[d] = split_uniform(finalise(key[d] ^ size))
    for d in range(deciding):
        turns = as_uniform(finalise(key[d] ^ angle))
        whole[d] = folded(turns)
        part[d] = folded(dissimilarity * turns)
        rest[d] = folded((1 - dissimilarity) * turns)
    index = np.float32(dissimilarity)
    other = np.float32(1 - dissimilarity)
    for d in range(deciding):
        near = sine(whole[d])
        size = -log_near_one(near_one[d], exponent[d])
        shock[d] = index * single_log(sine(part[d]) / near) + other * single_log(sine(rest[d]) / (near * size))
    total = work.total[nest]
    for d in range(deciding):
        total[d] += np.float64(shock[d])
