"""What peers use, drawn as `abm.world.network` defines it."""

from __future__ import annotations

import numpy as np

from abm import rng
from abm.compiled import inlined
from abm.dynamics.kernel.columns import finalise, place
from abm.world.network import WINDOW

_GOLDEN, _LOW, _HALF = rng.GOLDEN, np.uint64(0xFFFFFFFF), np.uint64(32)


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
        own = place(strata[place(places[d])])
        relative[d] = np.float64(first + places[d] - start[own]) / np.float64(start[own + 1] - start[own])
        who[d] = ids[place(places[d])]
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
            seen[d] = last_option[place(spot[d])]


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
        where = (point - bottom) * (scale_0 if inner else scale_2 if outer else scale_1)
        whole = min(np.int64(where), last_0 if inner else last_2 if outer else last_1)
        rest[d] = where - whole
        spot[d] = whole + (first_0 if inner else first_2 + 2 * strata if outer else first_1 + strata)
    threshold, alias, limit, other = peers.threshold, peers.alias, work.limit, work.other
    for d in range(many):
        limit[d] = threshold[place(spot[d])]
        other[d] = alias[place(spot[d])]
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
        base[d] = start[place(spot[d])]
        count[d] = start[place(spot[d] + 1)]
    for d in range(many):
        among = count[d] - base[d]
        middle = np.int64(relative[d] * np.float64(among)) - WINDOW // 2
        low = np.int64(bits[d] & _LOW)
        where = ((low * min(among, WINDOW)) >> 32) + (middle if among > WINDOW else 0)
        where = where + among if where < 0 else where
        where = where - among if where >= among else where
        spot[d] = base[d] + where
