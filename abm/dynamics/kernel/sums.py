"""What the firms have chosen, written down and added up."""

from __future__ import annotations

import numpy as np

from abm.compiled import inlined
from abm.dynamics.kernel.columns import place
from abm.world.totals import QUANTITIES

FIRMS, EMPLOYMENT, READINESS, CAPACITY, CAPACITY_SQUARED, PROJECT, ENTERED, TASTE = range(len(QUANTITIES))


@inlined
def settle(first, deciding, slots, region, sector, firms, c, work, sums):  # type: ignore[no-untyped-def]
    """Write down what the firms have chosen, and add up what they pay to enter."""
    for d in range(deciding):
        i, row = place(work.deciding[d]), place(first + work.deciding[d])
        nest = 0 if work.total[0, d] >= work.total[1, d] else 1
        none = np.float64(work.shock[d])
        adopts = work.total[nest, d] > none
        code = work.option[nest, d] + 1 if adopts else 0
        own = work.own[d]
        taste = 0.0
        if adopts:
            users, offer, o = 0, c.offer_of[code], code - 1
            for slot in range(slots):
                users += c.offer_of[work.codes[slot, d]] == offer
            pull = work.each[d] * users + c.everyone_pulls[offer]
            cost = work.stay[d] if own == o else work.move[d]
            value = (
                work.worth[d] * c.use_value[region, sector, o] - cost * c.project[region, o] - c.drag[region, sector, o]
            )
            taste = (work.total[nest, d] - pull - none) / work.scale[d] - value
        firms.taste[row] = np.float32(taste)
        if code != own + 1:
            firms.option[row] = code
            firms.tenure[row] = 0
            if adopts:
                share = 1.0 if own < 0 else c.switching_share
                stratum = work.stratum[i]
                sums[firms.size[stratum], code, ENTERED] += firms.weight[stratum] * work.project[i] * share


@inlined
def add_up(first, count, firms, work, sums):  # type: ignore[no-untyped-def]
    """Add the firms to the totals, stratum by stratum."""
    use, project = work.use, work.project
    rows = slice(first, first + count)
    employees, ready = firms.employees[rows], firms.readiness[rows]
    taste, option = firms.taste[rows], firms.option[rows]
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
                here[PROJECT] += weight * project[j]
                here[TASTE] += weight * (workers * np.float64(taste[j]))
        total[0, FIRMS] += weight * none
        total[0, EMPLOYMENT] += weight * employment
        total[0, READINESS] += weight * readiness
        i = stop
