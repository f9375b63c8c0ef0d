"""The demand that labs expect: what all firms would buy in the long run at other prices, all else as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import capability_factor, drag, project_cost, reference_value, use_value
from abm.dynamics.kernel.sellers import BATCH, Buyers, Places, describe_buyers, expect
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
        cells, parameters = world.cells, world.scenario.parameters
        demand, choice, cost = parameters.demand, parameters.choice, parameters.cost
        self.elasticity, self.reference_price = demand.price_elasticity, demand.reference_price
        self.dissimilarity = choice.dissimilarity_proprietary
        room = np.zeros((5, -(-len(cells.firms) // BATCH) * BATCH))  # whole batches, the last of them with empty cells
        self.buyers = Buyers(*(np.zeros((len(priced), room.shape[1])) for _ in range(3)), *room[:3])
        self.buyers.firms[: len(cells.firms)] = cells.firms
        ready = _readiness(world)
        yearly = cost.maintenance + annuity_factor(cost.interest_rate, cost.contract_years)
        stake = reference_value(world)[cells.sector] / world.scenario.tables.figures["regions.wage"][cells.region]
        describe_buyers(
            _places(world, priced),
            cells.employees,
            yearly * (1 - ready) * (cells.employees / 50) ** cost.size_exponent / cells.employees,
            cells.intensity * ready,
            choice.taste_scale + choice.taste_scale_per_stake * stake * cells.intensity,
            np.array([choice.dissimilarity_open, choice.dissimilarity_proprietary]),
            self.buyers,
        )

    def sales(self, price: Floats) -> Sales:
        """Sales at posted prices of the priced offers, USD per million tokens, shape (priced offer,)."""
        per_unit = (price / self.reference_price) ** -self.elasticity
        units, lost, cross = expect(self.buyers, per_unit, price / (self.elasticity - 1), self.dissimilarity)
        return Sales(units, -self.elasticity * units / price - lost, cross)


def _places(world: World, priced: NDArray[np.intp]) -> Places:
    """Tables of the quarter, in which labs sell the priced offers themselves."""
    assert world.rules is not None
    cells, options, demand, rules = world.cells, world.options, world.scenario.parameters.demand, world.rules
    asked = np.zeros(len(options.offer_lab), bool)
    asked[priced] = True
    own = np.flatnonzero(options.at_vendor & asked[options.offer])
    row = np.full(len(options.offer), -1)
    row[own] = np.arange(len(own))
    # The others that are sold compete in their best deployment at their present prices.
    sold = (rules.available & ~world.terms.withheld).any(axis=0) & ~asked[options.offer]
    kept = 1 - rules.subsidy
    full = demand.reference_price * kept[:, own]
    tokens = units_used(demand.spend_median, full, demand.reference_price, demand.price_elasticity)[:, None, :]
    tokens = tokens * capability_factor(world)[:, own]
    wage = world.scenario.tables.figures["regions.wage"]
    return Places(
        start=cells.place,
        region=cells.region[cells.place[:-1]],
        sector=cells.sector[cells.place[:-1]],
        offer=options.offer,
        row=row,
        sold=sold | (row >= 0),
        nest=np.where(options.offer_open, 0, 1),
        open_to=_open_to(world),
        project=project_cost(world),
        drag=drag(world),
        use_value=use_value(world, world.terms.option_price * kept),
        pull=_pull(world),
        tokens=tokens,
        loss=tokens * (kept[:, own] / wage[:, None])[:, None, :],
    )


def _readiness(world: World) -> Floats:
    """Mean readiness of the workers of each cell after the last decisions, shape (cell,)."""
    cells = world.cells
    at = (cells.region, cells.sector, cells.size)
    workers = world.totals.employment.sum(axis=3)[at]
    return np.asarray(world.totals.readiness.sum(axis=3)[at] / np.maximum(workers, 1e-300), float)


def _open_to(world: World) -> Floats:
    """Logarithm of the share of the firms that each option is open to, shape (region, sector, option), finite."""
    assert world.rules is not None
    public = world.scenario.tables.figures["sectors.public_share"]
    sold = world.rules.available & ~world.terms.withheld
    share = np.repeat(sold[:, None, :].astype(float), len(public), axis=1)
    for rule in world.rules.restrictions:
        bound = rule.share * (np.ones(len(public)) if rule.at_once else public)
        share[rule.region][:, rule.options] *= (1 - bound)[:, None]
    return np.log(np.maximum(share, 1e-300))


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
