"""Labs release models: capability and prices of the quarter, from the evidence or from the labs' own decisions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.expected_demand import ExpectedDemand
from abm.dynamics.regulate import no_rules
from abm.dynamics.research import fund, gain, years_since_evidence
from abm.quarters import QUARTER_YEARS
from abm.theory.supply import bertrand_nash_markup, cost_decline, joint_prices, serving_cost, worthwhile_capability
from abm.world.offers import by_offer
from abm.world.world import World

READS = ("scenario", "options", "cells", "rules", "totals", "trust", "quarter", "terms", "labs")
WRITES = ("terms", "labs")
LEAST_COST = 0.02  # part of the price: a mark-up above the whole of it would mean that serving costs nothing

Floats = NDArray[np.float64]


def release(world: World) -> None:
    """Set capability, posted prices and the price of every option for the quarter.

    Reads: scenario, options, cells, rules, totals of the last quarter, trust, quarter, terms, labs.
    Writes: terms, labs (their money for research).

    While the evidence lasts both are looked up, and each offer's serving cost is inferred from its price by the seller's
    first-order condition, as in empirical industrial organisation (Berry, Levinsohn and Pakes 1995); afterwards costs fall
    with the industry's clock and prices go part of the way to Bertrand-Nash each quarter. Open weights are hosted at cost.
    """
    assert world.rules is not None
    terms = world.terms
    terms.breakthroughs = terms.breakthroughs + world.rules.breakthrough
    fund(world)
    if world.observing:
        _look_up(world)
        _hold(world, "capability")
        terms.served = terms.capability.copy()
        _hold(world, "list_price", "hosted_price")
        terms.unit_cost = _inferred_cost(world)
    else:
        if np.isnan(terms.base_cost).all():
            terms.base_cost = _base_cost(world)
        terms.capability = terms.capability + gain(world) + world.rules.breakthrough
        _prepare(world)
        _hold(world, "capability")
        cost_before = terms.base_cost * _cost_of_capability(world)
        _serve(world)
        _price(world, cost_before)
        _hold(world, "list_price", "hosted_price")
    _post(world)


def _hold(world: World, *quantities: str) -> None:
    """Put back what the scenario holds at one value."""
    figures, terms = world.scenario.tables.figures, world.terms
    columns = {"capability": "capability", "list_price": "price", "hosted_price": "hosted_price"}
    for name in quantities:
        held = figures[f"offers.{columns[name]}"]
        setattr(terms, name, np.where(np.isnan(held), getattr(terms, name), held))


def _look_up(world: World) -> None:
    tables, terms = world.scenario.tables, world.terms
    row = max(world.quarter, world.first) - tables.first_observed
    terms.capability = tables.history["capability"][row] + terms.breakthroughs
    terms.list_price = tables.history["price"][row].copy()
    terms.hosted_price = tables.history["hosted_price"][row].copy()


def _prepare(world: World) -> None:
    """Keep the models of labs that have not yet opened, or open now, as far behind the frontier as they will open with."""
    tables, terms = world.scenario.tables, world.terms
    coming = np.array(tables.offer_opens) >= max(world.quarter, world.first + 1)
    there = world.existing & ~coming
    if there.any():
        terms.capability[coming] = terms.capability[there].max() - np.array(tables.offer_behind)[coming]


def _priced(world: World) -> NDArray[np.intp]:
    """Offers whose labs set their prices: proprietary, and sold where there are firms."""
    assert world.rules is not None
    options, cells = world.options, world.cells
    peopled = cells.region[cells.place[:-1]]
    sold = (world.rules.available & ~world.terms.withheld)[peopled].any(axis=0) & options.at_vendor
    closed = ~options.offer_open & ~world.rules.published
    return np.flatnonzero(closed & (by_offer(options, sold.astype(float)) > 0))


def _inferred_cost(world: World) -> Floats:
    """Serving cost at which the observed prices are the sellers' best, shape (offer,); hosts sell open weights at cost.

    The prices are those of a world with all the offers that there were and without this scenario's rules, and so is the
    demand: what a scenario takes away or adds does not change what serving costs. Before anyone uses AI there is no demand
    to infer it from, and the mark-up is that of the elasticity of use alone.
    """
    terms, is_open = world.terms, world.options.offer_open
    margin = np.full(len(is_open), 1 / world.scenario.parameters.demand.price_elasticity)
    observed = replace(world, rules=no_rules(world))
    priced = _priced(observed)
    if len(priced) and world.totals.firms.any():
        sales = ExpectedDemand(observed, priced).sales(terms.list_price[priced])
        owner = world.options.offer_lab[priced]
        markup = bertrand_nash_markup(sales.derivatives, sales.units, owner)
        margin[priced] = np.minimum(markup / terms.list_price[priced], 1 - LEAST_COST)
    return np.where(is_open, terms.hosted_price, terms.list_price * (1 - margin))


def _base_cost(world: World) -> Floats:
    """What serving each offer would cost at the reference capability, shape (offer,), from the inferred costs.

    A lab that opens later has the geometric mean of the costs of its kind.
    """
    cost = world.terms.unit_cost / _cost_of_capability(world)
    is_open, opened = world.options.offer_open, world.opened
    for kind in (is_open, ~is_open):
        known = cost[kind & opened]
        if len(known):  # of ratios, so that the currency does not matter to the last bit
            cost = np.where(kind & ~opened, known.max() * np.exp(np.log(known / known.max()).mean()), cost)
    return cost


def _serve(world: World) -> None:
    """Put models into service and let their cost fall with the industry's clock.

    A lab serves its best model unless a smaller one is worth more to users at cost; what it serves stays in service.
    Costs fall as fast for who does no research: what makes them fall is published, built into chips, or both. For the same
    reason who serves at a higher cost at equal capability learns how the cheapest does it. What makes a breakthrough is that
    the better model is as cheap to serve as the one before, from which the others then learn.
    """
    assert world.rules is not None
    parameters, terms = world.scenario.parameters, world.terms
    market, demand = parameters.market, parameters.demand
    best = worthwhile_capability(
        demand.capability_midpoint, demand.capability_spread, demand.price_elasticity, market.cost_per_point
    )
    held = ~np.isnan(world.scenario.tables.figures["offers.capability"])
    terms.served = np.where(held, terms.capability, np.maximum(terms.served, np.minimum(terms.capability, best)))
    years = years_since_evidence(world)
    clock = (market.cost_decline, market.hardware_decline, market.decline_half_life)
    fall = cost_decline(years, *clock) - cost_decline(years - QUARTER_YEARS, *clock)
    least = terms.base_cost.min()
    above = (terms.base_cost / least) ** np.exp(-market.cost_catch_up * QUARTER_YEARS)
    terms.base_cost = least * above * np.exp(-fall - market.cost_per_point * world.rules.breakthrough)
    terms.unit_cost = terms.base_cost * _cost_of_capability(world)


def _price(world: World, cost_before: Floats) -> None:
    """Pass costs on, and move mark-ups over them part of the way to Bertrand-Nash, or to none for open weights."""
    assert world.rules is not None
    terms, options, step = world.terms, world.options, world.scenario.parameters.market.price_adjustment
    passed_on = terms.unit_cost / cost_before
    terms.list_price, terms.hosted_price = terms.list_price * passed_on, terms.hosted_price * passed_on
    at_cost = options.offer_open | world.rules.published  # weights that anyone may run are sold at cost
    target = np.where(at_cost, terms.unit_cost, terms.list_price)
    priced = _priced(world)
    terms.prices_found = True
    if len(priced):
        cost, owner = terms.unit_cost[priced], options.offer_lab[priced]
        markup = np.where(np.isnan(terms.best_markup), terms.list_price / terms.unit_cost, terms.best_markup)[priced]
        demand = ExpectedDemand(world, priced)
        best, terms.prices_found = joint_prices(demand.sales, cost, owner, np.clip(markup, 1.0, 1 / LEAST_COST) * cost)
        if terms.prices_found:
            best = np.minimum(
                best, cost / LEAST_COST
            )  # no price is too high for an offer that its own lab wants unsold
            target[priced] = best
            terms.best_markup[priced] = best / cost
    terms.hosted_price = (1 - step) * terms.hosted_price + step * terms.unit_cost
    terms.list_price = (1 - step) * terms.list_price + step * target


def _cost_of_capability(world: World) -> Floats:
    """Cost of serving what each offer serves over that at the reference capability, shape (offer,)."""
    parameters = world.scenario.parameters
    return serving_cost(
        world.terms.served, parameters.demand.capability_midpoint, 1.0, parameters.market.cost_per_point
    )


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
