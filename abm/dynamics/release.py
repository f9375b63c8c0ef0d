"""Labs release models: capability and prices of the quarter, from the evidence or from the labs' own decisions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.research import existing, fund, gain
from abm.dynamics.use import tokens_per_capacity
from abm.theory.supply import monopolistic_price, nested_logit_elasticity, serving_cost
from abm.world.world import World

READS = ("scenario", "options", "rules", "totals", "quarter", "terms", "labs")
WRITES = ("terms", "labs")

Floats = NDArray[np.float64]


def release(world: World) -> None:
    """Set capability, posted prices and the price of every option for the quarter.

    Reads: scenario, options, rules, totals of the last quarter, quarter, terms, labs.
    Writes: terms, labs (their money for research).

    While the evidence lasts both are looked up. At its last quarter each offer's serving cost is inferred from its
    price by the seller's first-order condition, as in empirical industrial organisation (Berry, Levinsohn and Pakes
    1995); afterwards cost moves with the distance to the frontier and price goes part of the way to the first-order
    condition each quarter. Open weights are hosted at cost.
    """
    assert world.rules is not None
    terms = world.terms
    terms.breakthroughs = terms.breakthroughs + world.rules.breakthrough
    fund(world)
    if world.observing:
        _look_up(world)
        _hold(world)
        terms.unit_cost = _inferred_cost(world)
    else:
        if np.isnan(terms.frontier_cost).all():
            terms.frontier_cost = _frontier_cost(world)
        terms.capability = terms.capability + gain(world) + world.rules.breakthrough
        # What makes a breakthrough is that the better model is as cheap to serve as the one before.
        slope = world.scenario.parameters.market.cost_per_point
        terms.frontier_cost = terms.frontier_cost * np.exp(-slope * world.rules.breakthrough)
        _price(world)
        _hold(world)
    _post(world)


def _hold(world: World) -> None:
    """Put back what the scenario holds at one value."""
    figures, terms = world.scenario.tables.figures, world.terms
    for name, held in (
        ("capability", figures["offers.capability"]),
        ("list_price", figures["offers.price"]),
        ("hosted_price", figures["offers.hosted_price"]),
    ):
        setattr(terms, name, np.where(np.isnan(held), getattr(terms, name), held))


def _look_up(world: World) -> None:
    tables, terms = world.scenario.tables, world.terms
    row = max(world.quarter, world.first) - tables.first_observed
    terms.capability = tables.history["capability"][row] + terms.breakthroughs
    terms.list_price = tables.history["price"][row].copy()
    terms.hosted_price = tables.history["hosted_price"][row].copy()


def _inferred_cost(world: World) -> Floats:
    """Serving cost that makes the observed price the seller's best, shape (offer,); open weights are sold at cost.

    An offer without users gets the mean mark-up of the others; before anyone uses AI, that of the demand elasticity.
    """
    elasticity, closed = own_price_elasticity(world), ~world.options.offer_open
    cost_share = 1 - 1 / elasticity
    known = closed & np.isfinite(elasticity)
    other = cost_share[known].mean() if known.any() else 1 - 1 / world.scenario.parameters.demand.price_elasticity
    return world.terms.list_price * np.where(closed, np.where(known, cost_share, other), 1.0)


def _frontier_cost(world: World) -> Floats:
    """What serving each offer would cost at the frontier, shape (offer,), from the inferred costs.

    Anyone may serve open weights, so competition leaves them one cost: the geometric mean of theirs.
    """
    cost = world.terms.unit_cost / _relative_cost(world)
    is_open = world.options.offer_open
    if not is_open.any():
        return cost
    dearest = cost[is_open].max()  # logarithms of ratios, so that the currency does not matter to the last bit
    return np.where(is_open, dearest * np.exp(np.log(cost / dearest).mean(where=is_open)), cost)


def _price(world: World) -> None:
    """Move prices part of the way to the seller's first-order condition, and to cost for open weights."""
    assert world.rules is not None
    terms = world.terms
    terms.unit_cost = terms.frontier_cost * _relative_cost(world)
    best = monopolistic_price(terms.unit_cost, own_price_elasticity(world))
    best = np.where(np.isfinite(best), best, terms.list_price)  # without users there is nothing to learn from
    # Weights that anyone may run are sold at cost, also by their lab.
    target = np.where(world.options.offer_open | world.rules.published, terms.unit_cost, best)
    step = world.scenario.parameters.market.price_adjustment
    price = (1 - step) * terms.list_price + step * target
    # Hosts undercut the labs' own service by what they did on average when the evidence ended.
    discount = (
        np.exp(np.nanmean(np.log(terms.hosted_price / terms.list_price))) if world.options.offer_open.any() else 1.0
    )
    terms.hosted_price = (1 - step) * terms.hosted_price + step * target * discount
    terms.list_price = price


def _relative_cost(world: World) -> Floats:
    """Serving cost of each offer over its cost at the frontier, shape (offer,)."""
    capability, slope = world.terms.capability, world.scenario.parameters.market.cost_per_point
    return serving_cost(capability, float(capability[existing(world)].max()), 1.0, slope)


def own_price_elasticity(world: World) -> Floats:
    """Elasticity of each offer's sales to its own price, as a positive number, shape (offer,); nan without users.

    The use per user reacts with the demand elasticity, the number of users as in nested logit, each user weighted with
    its tokens. Choice probabilities are taken as the shares among the firms of the region; other offers of the same lab
    count as rivals.
    """
    assert world.rules is not None
    options, totals, choice = world.options, world.totals, world.scenario.parameters.choice
    firms = totals.users("firms").sum(axis=(1, 2))
    everyone = np.maximum(totals.firms.sum(axis=(1, 2, 3)), 1e-300)[:, None]
    served = by_offer(world, firms)
    nest = np.where(
        options.offer_open, served[:, options.offer_open].sum(axis=1)[:, None],
        served[:, ~options.offer_open].sum(axis=1)[:, None],
    )  # fmt: skip
    dissimilarity = np.where(options.offer_open, choice.dissimilarity_open, choice.dissimilarity_proprietary)
    reaction = nested_logit_elasticity(1.0, served / everyone, served / np.maximum(nest, 1e-300), dissimilarity)
    # Spend over the taste scale, weighted with tokens: what a firm loses is its own part of the bill, net of subsidy.
    use = tokens_per_capacity(world)
    net_price = world.terms.option_price * (1 - world.rules.subsidy)
    wage = world.scenario.tables.figures["regions.wage"]
    tokens = by_offer(world, (use * totals.users("capacity").sum(axis=2)).sum(axis=1))
    spend_over_taste = (use**2 * totals.users("capacity_stake").sum(axis=2)).sum(axis=1) * net_price / wage[:, None]
    total = tokens.sum(axis=0)
    mean = (by_offer(world, spend_over_taste) * reaction).sum(axis=0) / np.where(total > 0, total, np.nan)
    return world.scenario.parameters.demand.price_elasticity + mean


def by_offer(world: World, values: Floats) -> Floats:
    """Sum over the deployments of each offer: from (region, option) to (region, offer)."""
    sums = np.zeros((len(values), len(world.options.offer_lab)))
    np.add.at(sums.T, world.options.offer, values.T)
    return sums


def _post(world: World) -> None:
    """Set the price of every option in every region, and what is not sold because of a cap on prices."""
    assert world.rules is not None
    tables, options, terms, cap = world.scenario.tables, world.options, world.terms, world.rules.price_cap
    posted = (terms.list_price * world.rules.price_factor)[options.offer]
    # Published weights of a proprietary offer have no history at hosts, who compete down to its serving cost.
    hosted = np.where(options.offer_open, terms.hosted_price, terms.unit_cost)[options.offer]
    hosted = hosted * tables.figures["deployments.price_multiple"][options.deployment]
    asked = np.where(options.at_vendor, posted, hosted)
    own_machines = ~options.at_vendor & ~options.hosted
    least = np.where(options.at_vendor, np.minimum(terms.unit_cost[options.offer], posted), hosted)
    terms.withheld = ~own_machines & (cap < least)
    terms.option_price = np.where(own_machines | terms.withheld, asked, np.minimum(asked, cap))
