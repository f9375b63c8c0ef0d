"""What sellers expect to sell, cell by cell: sums that are made many times a quarter, see `abm.dynamics.expected_demand`.

Cells are taken in batches whose partial sums stay apart, so that the sums become vector instructions and are the same on
every machine.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.compiled import compiled, inlined
from abm.dynamics.arithmetic import exp, log

Floats = NDArray[np.float64]

BATCH = 64  # cells whose partial sums stay apart
LEAST = -700.0  # of an exponent: whatever is less is as good as nothing


class Places(NamedTuple):
    """What each option is to a firm before its own attributes, for each place: a region's sector.

    Attributes:
        start: First cell of each place, and the number of cells, shape (place + 1,).
        region: Region of each place, shape (place,).
        sector: Sector of each place, shape (place,).
        offer: Offer of each option, shape (option,).
        row: Row of the option among those whose price is asked, or -1, shape (option,).
        sold: Whether the option is sold at all, shape (option,).
        nest: Nest of each offer, 0 open and 1 proprietary, shape (offer,).
        open_to: Logarithm of the share of firms that it is open to, shape (region, sector, option).
        project: Firms' part of the entry cost at 50 workers and no readiness over the wage, shape (region, option).
        drag: Cost of distrust and compliance over the wage bill, shape (region, sector, option).
        use_value: Value of use over the wage bill, per k a, shape (region, sector, option).
        pull: Utility from the peers' use of an offer, shape (region, sector, offer).
        tokens: Tokens a year of a user of a priced offer at the reference price before subsidies, per worker and k a,
            shape (region, sector, priced offer).
        loss: What it costs the user if each of these tokens costs a dollar more, over the wage bill, per k a, of that shape.
    """

    start: NDArray[np.intp]
    region: NDArray[np.intp]
    sector: NDArray[np.intp]
    offer: NDArray[np.intp]
    row: NDArray[np.intp]
    sold: NDArray[np.bool_]
    nest: NDArray[np.intp]
    open_to: Floats
    project: Floats
    drag: Floats
    use_value: Floats
    pull: Floats
    tokens: Floats
    loss: Floats


class Buyers(NamedTuple):
    """What firms of each cell would do at any price of the priced offers; cells come last.

    Attributes:
        fixed: Utility of each priced offer but for the worth of its use, shape (priced offer, cell).
        worth: Utility lost if each token costs a dollar more, at the reference price, shape (priced offer, cell).
        use: Tokens a year of a user at the reference price before subsidies, shape (priced offer, cell).
        elsewhere: Logsum of no AI and the open nest, shape (cell,).
        others: Logarithm of the sum of exponentials over the proprietary offers that are not priced, shape (cell,).
        firms: Number of firms, shape (cell,).
    """

    fixed: Floats
    worth: Floats
    use: Floats
    elsewhere: Floats
    others: Floats
    firms: Floats


@inlined
def _clipped_exp(x):  # type: ignore[no-untyped-def]
    return exp(x if x > LEAST else LEAST)


@compiled
def describe_buyers(places, employees, entry, ready, scale, dissimilarity, buyers):  # type: ignore[no-untyped-def]
    """Fill in `buyers`: all that does not depend on the asked prices.

    Args:
        places: Tables of the quarter.
        employees: Mean number of workers n, shape (cell,).
        entry: Yearly cost of entry over the wage bill per unit of `project`, shape (cell,).
        ready: Use intensity times readiness k a, shape (cell,).
        scale: Taste scale over the wage bill, shape (cell,).
        dissimilarity: Of each nest, shape (nest,).
        buyers: Filled in, except for the numbers of firms.
    """
    most = 0
    for p in range(len(places.region)):
        most = max(most, places.start[p + 1] - places.start[p])
    best, top, total = np.empty(most), np.empty((2, most)), np.empty((2, most))
    utility = np.empty((len(places.nest), most))
    for p in range(len(places.region)):
        first, count = places.start[p], places.start[p + 1] - places.start[p]
        region, sector = places.region[p], places.sector[p]
        top[:] = -np.inf
        total[:] = 0.0
        for j in range(len(places.nest)):
            utility[j] = -np.inf
        for o in range(len(places.offer)):
            if not places.sold[o]:
                continue
            j, row = places.offer[o], places.row[o]
            project, drag = places.project[region, o], places.drag[region, sector, o]
            plain = places.open_to[region, sector, o] + places.pull[region, sector, j]
            use_value = places.use_value[region, sector, o] if row < 0 else 0.0
            for i in range(count):
                c = first + i
                best[i] = plain + (ready[c] * use_value - entry[c] * project - drag) / scale[c]
            if row < 0:
                for i in range(count):
                    utility[j, i] = max(utility[j, i], best[i])
                continue
            tokens, loss = places.tokens[region, sector, row], places.loss[region, sector, row]
            for i in range(count):
                c = first + i
                buyers.fixed[row, c] = best[i]
                buyers.use[row, c] = tokens * ready[c] * employees[c]
                buyers.worth[row, c] = loss * ready[c] / scale[c]
        for j in range(len(places.nest)):
            nest = places.nest[j]
            for i in range(count):
                utility[j, i] /= dissimilarity[nest]
                top[nest, i] = max(top[nest, i], utility[j, i])
        for j in range(len(places.nest)):
            nest = places.nest[j]
            for i in range(count):
                if top[nest, i] > -np.inf:
                    total[nest, i] += _clipped_exp(utility[j, i] - top[nest, i])
        for i in range(count):
            inclusive = dissimilarity[0] * (top[0, i] + log(total[0, i])) if total[0, i] > 0 else -np.inf
            buyers.elsewhere[first + i] = max(inclusive, 0.0) + log(1.0 + _clipped_exp(-abs(inclusive)))
            buyers.others[first + i] = top[1, i] + log(total[1, i]) if total[1, i] > 0 else -np.inf


@compiled
def expect(buyers, per_unit, price_worth, dissimilarity):  # type: ignore[no-untyped-def]
    """Add up what all cells buy, and how that reacts to prices.

    Args:
        buyers: The cells, whose number is a multiple of `BATCH`.
        per_unit: Use at each price over use at the reference price, shape (priced offer,).
        price_worth: Worth of use at each price per unit of `buyers.worth`, USD per million tokens, shape (priced offer,).
        dissimilarity: Of the proprietary nest.

    Returns:
        Units sold, shape (priced offer,); the lost utility of the units sold when their price rises by a dollar, over the
        dissimilarity, shape (priced offer,); reactions of the units of each offer to the price of each through the
        others' attraction, shape (priced offer, priced offer).
    """
    offers, cells = buyers.fixed.shape
    alike = 1 / dissimilarity
    units, lost, cross = np.zeros((offers, BATCH)), np.zeros((offers, BATCH)), np.zeros((offers, offers, BATCH))
    within, bought, reaction = np.empty((offers, BATCH)), np.empty((offers, BATCH)), np.empty((offers, BATCH))
    top, total, nest = np.empty(BATCH), np.empty(BATCH), np.empty(BATCH)
    for first in range(0, cells, BATCH):
        batch = slice(first, first + BATCH)
        others, elsewhere, firms = buyers.others[batch], buyers.elsewhere[batch], buyers.firms[batch]
        top[:] = others
        for j in range(offers):
            share, fixed, worth = within[j], buyers.fixed[j, batch], buyers.worth[j, batch]
            gain = per_unit[j] * price_worth[j]
            for i in range(BATCH):
                share[i] = alike * (fixed[i] + worth[i] * gain)
                top[i] = share[i] if share[i] > top[i] else top[i]
        for i in range(BATCH):
            total[i] = _clipped_exp(others[i] - top[i])
        for j in range(offers):
            share = within[j]
            for i in range(BATCH):
                share[i] = _clipped_exp(share[i] - top[i])
                total[i] += share[i]
        for i in range(BATCH):
            ahead = dissimilarity * (log(total[i]) + top[i]) - elsewhere[i]
            odds = _clipped_exp(-abs(ahead))  # of the nest against everything else, or the reverse: never too large
            nest[i] = (1.0 if ahead > 0 else odds) / (1.0 + odds)
            total[i] = 1.0 / total[i]
        for j in range(offers):
            share, use, worth = within[j], buyers.use[j, batch], buyers.worth[j, batch]
            sold, own, react, each = bought[j], lost[j], reaction[j], per_unit[j]
            for i in range(BATCH):
                share[i] *= total[i]
                sold[i] = use[i] * each * firms[i] * nest[i] * share[i]
                react[i] = alike * each * worth[i]
                own[i] += sold[i] * react[i]
                react[i] *= share[i] * (1.0 - dissimilarity * (1.0 - nest[i]))
        for j in range(offers):
            sold_here, sold = units[j], bought[j]
            for i in range(BATCH):
                sold_here[i] += sold[i]
            for k in range(offers):
                product, react = cross[j, k], reaction[k]
                for i in range(BATCH):
                    product[i] += sold[i] * react[i]
    return units.sum(axis=1), lost.sum(axis=1), cross.sum(axis=2)
