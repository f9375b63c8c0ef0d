"""What peers use, drawn as `abm.world.network` defines it."""

from __future__ import annotations

import numpy as np

from abm import rng
from abm.compiled import inlined
from abm.dynamics.kernel.columns import finalise, padded, place
from abm.world.network import WINDOW

_GOLDEN, _LOW, _HALF = rng.GOLDEN, np.uint64(0xFFFFFFFF), np.uint64(32)
_SIGN, _ONE, _TWO = np.uint64(63), np.uint64(1), np.uint64(2)
_POWER_52 = np.uint64(0x4330000000000000)  # bits of 2^52
_WINDOW, _WINDOW_2, _NOTHING = np.int32(WINDOW), np.int32(WINDOW // 2), np.int32(0)


@inlined
def meet(first, many, places, firms, peers, work):  # type: ignore[no-untyped-def]
    """What the peers of some firms used last quarter; nothing, where a firm has fewer than others."""
    codes, met, last_option = work.codes, work.met, firms.last_option
    if peers.stored:
        start, tie = peers.tie_start, peers.tie
        for d in range(many):
            row = first + places[d]
            met[d] = start[row + 1] - start[row]
            for slot in range(peers.slots):
                codes[slot, d] = last_option[tie[start[row] + slot]] if slot < met[d] else 0
        return
    who, relative, ids, strata, start, key = work.who, work.relative, work.id, work.stratum, firms.start, peers.key
    bits, spot = work.bits, work.spot
    for d in range(many):
        met[d] = peers.slots
        own = place(strata[place(places[d])])
        relative[d] = np.float64(first + places[d] - start[own]) / np.float64(start[own + 1] - start[own])
        who[d] = ids[place(places[d])]
    for d in range(padded(many)):
        who[d] = finalise(who[d] ^ key)
    for slot in range(peers.slots):
        step = np.uint64(slot + 1) * _GOLDEN
        for d in range(padded(many)):
            bits[d] = finalise(who[d] + step)
        # The firms of a group share region and sector, hence where they look.
        draw_strata(many, strata[0], peers, work)
        draw_rows(many, work)
        seen = codes[slot]
        for d in range(many):
            seen[d] = last_option[place(spot[d])]


@inlined
def draw_strata(many, own, peers, work):  # type: ignore[no-untyped-def]
    """First row, and one past the last, of the strata of peers, which the alias method draws."""
    near, far = peers.reach[1], peers.reach[2]
    scale_0, scale_1, scale_2 = peers.scale[0, own], peers.scale[1, own], peers.scale[2, own]
    offset_0, offset_1, offset_2 = peers.offset[0, own], peers.offset[1, own], peers.offset[2, own]
    bits, spot, rest = work.bits, work.spot, work.rest
    for d in range(padded(many)):
        point = (np.uint64((bits[d] >> _HALF) | _POWER_52).view(np.float64) - 2.0**52) * 2.0**-32
        inner, outer = point < near, point >= far
        where = point * (scale_0 if inner else scale_2 if outer else scale_1)
        where += offset_0 if inner else offset_2 if outer else offset_1
        spot[d] = np.int32(where)
        rest[d] = where - np.float64(np.int32(where))
    threshold, span, base, stop = peers.threshold, peers.span, work.base, work.stop
    for d in range(many):  # tables are looked up in a loop of their own: the rest runs on neighbours
        bin = place(spot[d])
        keeps = np.float64(rest[d] - threshold[bin]).view(np.uint64) >> _SIGN  # its sign, so that nothing is guessed
        here = (bin << _TWO) + ((keeps ^ _ONE) << _ONE)
        base[d] = span[here]
        stop[d] = span[here + _ONE]


@inlined
def draw_rows(many, work):  # type: ignore[no-untyped-def]
    """Rows of peers in their strata, near the own relative position."""
    bits, spot, relative, base, stop = work.bits, work.spot, work.relative, work.base, work.stop
    for d in range(padded(many)):
        among = np.int32(stop[d] - base[d])
        middle = np.int32(np.int32(relative[d] * np.float64(among)) - _WINDOW_2)
        within = min(among, _WINDOW)
        where = np.int32(((bits[d] & _LOW) * np.uint64(np.uint32(within))) >> _HALF)
        where = np.int32(where + (middle if among > _WINDOW else _NOTHING))
        where = np.int32(where + among) if where < _NOTHING else where
        where = np.int32(where - among) if where >= among else where
        spot[d] = np.int32(base[d] + where)
