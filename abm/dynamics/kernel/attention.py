"""Who decides: contracts that end, attention of their own, attention that peers draw, and who must leave."""

from __future__ import annotations

import math

import numpy as np

from abm import rng
from abm.compiled import inlined
from abm.dynamics.arithmetic import exp, log
from abm.dynamics.kernel.columns import ROWS, as_uniform, finalise, padded, place
from abm.dynamics.kernel.peers import meet
from abm.dynamics.reference import LEAST_READINESS, MOST_READINESS

_GOLDEN, _STEP = rng.GOLDEN, np.uint64(1)


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
            work.stratum[place(j)] = stratum
            work.id[place(j)] = finalise(key + (base + np.uint64(j)) * _GOLDEN)
        i = stop
    return stratum


@inlined
def practise(first, count, gain, size_exponent, firms, work):  # type: ignore[no-untyped-def]
    """Raise readiness by use and training; what use and a project mean to each firm."""
    without, with_use = math.exp(gain[0]), math.exp(gain[1])
    readiness, last = firms.readiness[first : first + count], firms.last_option[first : first + count]
    employees, spend = firms.employees[first : first + count], firms.intensity[first : first + count]
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
    ends, leaving, deciding, unsure = c.contract_ends, c.leaving[region], work.deciding, work.unsure
    notices, wavers, leavers = work.notices, work.wavers, work.leavers
    for i in range(count):  # peers matter only to those whom they could sway
        notices[i] = (draw[i] < least) & (last[i] == 0)
        wavers[i] = (draw[i] >= least) & (draw[i] < most) & (last[i] == 0)
    sure, open_cases, warned = 0, 0, 0
    for i in range(count):
        uses, code = last[i] != 0, place(last[i])
        now = (uses & ends[place(tenure[i]) + _STEP]) | notices[i]
        deciding[place(sure)] = i
        sure += now
        unsure[place(open_cases)] = i
        open_cases += wavers[i]
        leavers[place(warned)] = i
        warned += leaving[code] & (not now)
    for i in range(count):
        tenure[i] += last[i] != 0
    for k in range(warned):
        i = leavers[k]
        if must_leave(work.id[place(i)], np.int64(last[place(i)]) - 1, region, sector, c):
            deciding[place(sure)] = i
            sure += 1
    for case in range(open_cases):
        deciding[place(sure + case)] = unsure[place(case)]
    meet(first, sure + open_cases, deciding, firms, peers, work)
    return sway(
        sure, open_cases, c.innovation[sector] + c.imitation * c.everyone_adopts, c.imitation, work, peers.slots
    )


@inlined
def sway(sure, open_cases, autonomous, imitation, work, slots):  # type: ignore[no-untyped-def]
    """Let those decide whose attention their peers have drawn; returns how many decide in all."""
    cases = slice(sure, sure + padded(open_cases))
    deciding, codes, met, swayed = work.deciding[cases], work.codes[:, cases], work.met[cases], work.unsure
    draw, hazard, users = work.draw, work.best, work.users
    for case in range(open_cases):
        hazard[case] = draw[place(deciding[case])]
    for case in range(padded(open_cases)):
        hazard[case] = -log(1 - hazard[case])  # attention is drawn if the rate exceeds it
        users[case] = 0
    for slot in range(0, slots, ROWS):
        one, two, three, four = codes[slot], codes[slot + 1], codes[slot + 2], codes[slot + 3]
        for case in range(padded(open_cases)):
            pair, other = (one[case] != 0) + (two[case] != 0), (three[case] != 0) + (four[case] != 0)
            users[case] = np.uint16(users[case] + np.uint16(pair + other))
    many = 0
    for case in range(open_cases):
        swayed[place(many)] = case
        many += hazard[case] < autonomous + imitation * (users[case] / max(met[case], 1))
    for k in range(many):
        deciding[k] = deciding[place(swayed[k])]
        met[k] = met[place(swayed[k])]
    for slot in range(slots):
        seen = codes[slot]
        for k in range(many):
            seen[k] = seen[place(swayed[k])]
    return sure + many


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
