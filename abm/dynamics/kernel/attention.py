"""Who decides: contracts that end, attention of their own, attention that peers draw, and who must leave."""

from __future__ import annotations

import math

import numpy as np

from abm import rng
from abm.compiled import inlined
from abm.dynamics.arithmetic import exp, log
from abm.dynamics.kernel.columns import as_uniform, finalise, place
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
        uses, age = last[i] != 0, place(tenure[i])
        deciding[place(sure)] = i
        sure += (uses & ends[age + _STEP]) | notices[i]
        unsure[place(open_cases)] = i
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
        hazard[case] = draw[place(unsure[case])]
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
        users[place(offer_of[codes[slot, case]]), d] += 1


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
