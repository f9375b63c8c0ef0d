"""The demand that labs expect: what all firms would buy in the long run at other prices, all else as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from abm.dynamics.conditions import adoption_multiple, capability_factor, drag, entry_cost, reference_value, use_value
from abm.theory.demand import annuity_factor
from abm.theory.demand import use as units_used
from abm.theory.supply import Sales
from abm.world.offers import by_offer
from abm.world.world import World

Floats = NDArray[np.float64]


class ExpectedDemand:
    """Sales of the offers that their labs price, as a function of the posted prices, on cells of like firms.

    Every firm is taken to decide, as one without AI would: nested logit, with the peers, the readiness and the trust of
    the last quarter. The offers that are sold at cost, and hosts, keep their prices.

    Args:
        world: The world, whose models of the quarter are known and whose prices are those of the last one.
        priced: Offers that their labs price, shape (priced offer,).
    """

    def __init__(self, world: World, priced: NDArray[np.intp]) -> None:
        assert world.rules is not None
        cells, parameters, options = world.cells, world.scenario.parameters, world.options
        demand, choice = parameters.demand, parameters.choice
        self.elasticity, self.reference_price, self.weight = (
            demand.price_elasticity,
            demand.reference_price,
            cells.firms,
        )
        self.dissimilarity = choice.dissimilarity_proprietary
        wage = world.scenario.tables.figures["regions.wage"][cells.region]
        stake = reference_value(world)[cells.sector] / wage * cells.intensity
        scale = choice.taste_scale + choice.taste_scale_per_stake * stake
        ready, pull = _readiness(world), _pull(world)
        own = np.flatnonzero(options.at_vendor & np.isin(options.offer, priced))
        kept = (1 - world.rules.subsidy[:, own]).T
        used = units_used(demand.spend_median, self.reference_price * kept, self.reference_price, self.elasticity)
        used = used[:, cells.region] * capability_factor(world)[:, own].T[:, cells.sector]
        # Tokens a year of a firm at the reference price before subsidies, and the utility lost if each costs a dollar more.
        # Cells come last, as sums over offers are then fast.
        self.use = np.ascontiguousarray(used) * (cells.intensity * ready * cells.employees)
        self.worth = self.use * np.ascontiguousarray(kept[:, cells.region]) / (scale * wage * cells.employees)
        # The others that are sold, in their best deployment at their present prices.
        sold = (world.rules.available & ~world.terms.withheld).any(axis=0)
        others = np.flatnonzero(sold & ~np.isin(options.offer, priced))
        before_use = _before_use(world, np.concatenate([own, others]), ready, scale)
        self.fixed = before_use[: len(own)] + cells.of(pull[:, :, priced])
        offers, starts = np.unique(options.offer[others], return_index=True)
        worth = use_value(world, world.terms.option_price * (1 - world.rules.subsidy))[:, :, others]
        utility = before_use[len(own) :] + cells.of(worth) * (cells.intensity * ready / scale)
        best = np.full((0, len(scale)), -np.inf)
        if len(others):
            best = np.maximum.reduceat(utility, starts, axis=0) + cells.of(pull[:, :, offers])
        is_open, alike = options.offer_open[offers], choice.dissimilarity_open
        self.elsewhere = np.logaddexp(alike * _log_sum(best[is_open] / alike), 0.0)
        self.others = _log_sum(best[~is_open] / self.dissimilarity)

    def sales(self, price: Floats) -> Sales:
        """Sales at posted prices of the priced offers, USD per million tokens, shape (priced offer,)."""
        alike = 1 / self.dissimilarity
        per_unit = ((price / self.reference_price) ** -self.elasticity)[:, None]
        utility = self.fixed + self.worth * (per_unit * (price / (self.elasticity - 1))[:, None])
        utility *= alike
        top = np.maximum(utility.max(axis=0), self.others)
        utility -= top
        within = np.exp(utility, out=utility)
        total = within.sum(axis=0) + np.exp(self.others - top)
        within /= total
        nest = expit(self.dissimilarity * (np.log(total) + top) - self.elsewhere)
        bought = self.use * within
        bought *= self.weight * nest
        bought *= per_unit
        units = bought.sum(axis=1)
        lost = self.worth * per_unit
        own = -self.elasticity * units / price - alike * np.einsum("jc,jc->j", bought, lost)
        within *= alike - 1 + nest
        cross = np.einsum("jc,kc->jk", bought, np.multiply(lost, within, out=lost))
        return Sales(units, own, cross)


def _log_sum(values: Floats) -> Floats:
    """Logarithm of the sum of exponentials over the first axis, minus infinity where there is nothing."""
    top = values.max(axis=0, initial=-np.inf)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(np.exp(values - safe).sum(axis=0)) + safe, float)


def _before_use(world: World, options: NDArray[np.intp], ready: Floats, scale: Floats) -> Floats:
    """Utility of some options before what use is worth: entry, upkeep, distrust, compliance, and to whom they are open.

    Args:
        world: The world.
        options: The options.
        ready: Readiness of each cell, shape (cell,).
        scale: Taste scale over the wage bill, shape (cell,).

    Returns:
        Utils, shape (option, cell).
    """
    assert world.rules is not None
    cells, cost = world.cells, world.scenario.parameters.cost
    wage_bill = world.scenario.tables.figures["regions.wage"][cells.region] * cells.employees
    part = cost.maintenance + annuity_factor(cost.interest_rate, cost.contract_years)
    burden = part * (1 - ready) * (cells.employees / 50) ** cost.size_exponent / wage_bill
    project = (1 - world.rules.entry_subsidy) * entry_cost(world)[:, None] * adoption_multiple(world)
    lost = np.ascontiguousarray(project[:, options].T[:, cells.region]) * burden + cells.of(drag(world)[:, :, options])
    return cells.of(np.log(_open_to(world)[:, :, options])) - lost / scale


def _readiness(world: World) -> Floats:
    """Mean readiness of the workers of each cell after the last decisions, shape (cell,)."""
    cells = world.cells
    at = (cells.region, cells.sector, cells.size)
    workers = world.totals.employment.sum(axis=3)[at]
    return np.asarray(world.totals.readiness.sum(axis=3)[at] / np.maximum(workers, 1e-300), float)


def _open_to(world: World) -> Floats:
    """Share of the firms that each option is open to, shape (region, sector, option), at least 1e-300."""
    assert world.rules is not None
    public = world.scenario.tables.figures["sectors.public_share"]
    sold = world.rules.available & ~world.terms.withheld
    share = np.repeat(sold[:, None, :].astype(float), len(public), axis=1)
    for rule in world.rules.restrictions:
        bound = rule.share * (np.ones(len(public)) if rule.at_once else public)
        share[rule.region][:, rule.options] *= (1 - bound)[:, None]
    return np.maximum(share, 1e-300)


def _pull(world: World) -> Floats:
    """Utility from the peers that use each offer, as they are on average, shape (region, sector, offer)."""
    interaction = world.scenario.parameters.interaction
    everyone = world.totals.firms.sum(axis=2)
    users = by_offer(world.options, everyone[..., 1:])
    total = everyone.sum(axis=2)
    in_region, firms = users.sum(axis=1, keepdims=True), total.sum(axis=1)[:, None, None]
    parts = [users / np.maximum(total, 1e-300)[..., None], in_region / np.maximum(firms, 1e-300)]
    parts.append(in_region.sum(axis=0, keepdims=True) / max(total.sum(), 1e-300))
    if interaction.network == "everyone":
        near = (0.0, 0.0, 1.0)
    else:
        own, region = interaction.own_sector_share, interaction.own_region_share
        near = (own, region, 1 - own - region)
    met = interaction.network == "everyone" or interaction.peers > 0
    strength = interaction.strength if interaction.form == "share" and met else 0.0
    return strength * sum(share * part for share, part in zip(near, parts, strict=True)) + np.zeros_like(users)
