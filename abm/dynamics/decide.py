"""Firms choose: the vectorised NumPy reference of the choice step. It is the definition of the model's choice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.rng import uniform
from abm.theory.choice import gumbel, log_positive_stable, nested_shock
from abm.theory.demand import annuity_factor, capable_share, value_of_use
from abm.theory.diffusion import attention_probability
from abm.world.firms import NO_AI
from abm.world.offers import HOSTED, SELF_HOSTED
from abm.world.world import World

READS = ("scenario", "seed", "quarter", "firms", "peers", "options", "terms", "rules", "trust")
WRITES = ("considered", "firms.option", "firms.tenure", "firms.taste_quarter", "firms.entry_payment", "firms.surplus")

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
QUARTER_YEARS = 0.25


def decide(world: World) -> None:
    """Firms that pay attention choose among no AI and all options; the others keep what they have.

    Reads: scenario, seed, quarter, firms, peers, options, terms, rules, trust.
    Writes: considered, firms.option, firms.tenure, firms.taste_quarter, firms.entry_payment, firms.surplus.

    All firms look at their peers' choices of the last quarter and decide at the same time.
    """
    firms = world.firms
    closed = _closed_options(world)
    users = firms.option != NO_AI
    evicted = users & closed.at_once[np.arange(len(firms)), np.maximum(firms.option, 1) - 1]
    rows = np.flatnonzero(_attentive(world) | evicted)
    _renew_tastes(world, rows)
    value = option_values(world, rows)
    value = np.where(closed.for_new_contracts[rows], -np.inf, value)
    chosen, surplus = _choose(world, rows, value)
    was, now = firms.option[rows], chosen.astype(np.uint8)
    stays = (was == now) & (was != NO_AI)
    entry = np.zeros(len(rows))
    moved = (now != NO_AI) & ~stays
    option = np.maximum(now.astype(np.intp), 1) - 1
    switching = np.where(was[moved] == NO_AI, 1.0, world.scenario.parameters.cost.switching_share)
    entry[moved] = (
        _annuity(world) * switching * adoption_cost(world, rows[moved]) * adoption_multiple(world)[option[moved]]
    )
    firms.tenure[users] = np.minimum(firms.tenure[users], 254) + 1
    firms.tenure[rows[~stays]] = 0
    firms.option[rows] = now
    firms.entry_payment[rows] = entry
    firms.surplus[rows] = surplus
    world.considered = rows


@dataclass(frozen=True, slots=True)
class Closed:
    """Options closed to single firms, shape (firm, option): for new contracts, and so that users must leave now."""

    for_new_contracts: NDArray[np.bool_]
    at_once: NDArray[np.bool_]


def _closed_options(world: World) -> Closed:
    assert world.rules is not None
    firms, tables = world.firms, world.scenario.tables
    new = ~world.rules.available[firms.region]
    at_once = new.copy()
    for rule in world.rules.restrictions:
        rows = np.flatnonzero(firms.region == rule.region)
        share = np.full(len(rows), rule.share)
        if not rule.at_once:
            public = uniform(world.seed, "public organisation", firms.id[rows])
            share *= public < tables.figures["sectors.public_share"][firms.sector[rows]]
        bound = rows[uniform(world.seed, rule.key, firms.id[rows]) < share]
        new[bound] |= rule.options
        if rule.at_once:
            at_once[bound] |= rule.options
    return Closed(new, at_once)


def _attentive(world: World) -> NDArray[np.bool_]:
    """Firms that reconsider: by attention without AI, at the end of the contract with it. Shape (firm,)."""
    firms, parameters = world.firms, world.scenario.parameters
    adopted = firms.option != NO_AI
    seen = adopted[world.peers].mean(axis=1) if world.peers.shape[1] else np.zeros(len(firms))
    innovation = (
        parameters.diffusion.innovation * world.scenario.tables.figures["sectors.innovation_multiple"][firms.sector]
    )
    chance = attention_probability(innovation, parameters.diffusion.imitation, seen, QUARTER_YEARS)
    notices = uniform(world.seed, "attention", firms.id, world.quarter) < chance
    contract = max(1, round(parameters.cost.contract_years / QUARTER_YEARS))
    ends = (firms.tenure.astype(int) + 1) % contract == 0
    return np.where(adopted, ends, notices)


def _renew_tastes(world: World, rows: Rows) -> None:
    firms = world.firms
    renewed = uniform(world.seed, "taste renewal", firms.id[rows], world.quarter)
    new = rows[renewed < world.scenario.parameters.choice.taste_renewal]
    firms.taste_quarter[new] = world.quarter - world.birth


def peer_shares(world: World, rows: Rows) -> Floats:
    """Share of each firm's peers that use each offer, shape (row, offer)."""
    offers = len(world.options.offer_lab)
    offer_of = np.concatenate([[-1], world.options.offer])  # by option code, -1 for none
    used = offer_of[world.firms.option[world.peers[rows]]]
    if not used.shape[1]:
        return np.zeros((len(rows), offers))
    return np.stack([(used == j).mean(axis=1) for j in range(offers)], axis=1)


def taste_scale(world: World, rows: Rows) -> Floats:
    """Dollars per util of each firm, mu = W (mu0 + mu1 stake), shape (row,), USD per year.

    The stake is what AI would be worth to the firm at the reference price, with full readiness and every exposed
    task done, over its wage bill.
    """
    firms, choice = world.firms, world.scenario.parameters.choice
    stake = _full_value(world)[firms.region[rows], firms.sector[rows]] * firms.spend_scale[rows]
    return wage_bill(world, rows) * (choice.taste_scale + choice.taste_scale_per_stake * stake)


def wage_bill(world: World, rows: Rows) -> Floats:
    """Wage bill of each firm, shape (row,), USD per year."""
    return world.scenario.tables.figures["regions.wage"][world.firms.region[rows]] * world.firms.employees[rows]


def _full_value(world: World) -> Floats:
    """Value at the reference price over the wage, per dollar of spend scale, shape (region, sector)."""
    tables, demand = world.scenario.tables, world.scenario.parameters.demand
    worth = value_of_use(1.0, demand.reference_price, demand.reference_price, demand.price_elasticity)
    return worth * exposure_factor(world)[None, :] / tables.figures["regions.wage"][:, None]


def exposure_factor(world: World) -> Floats:
    """Exposure of each sector relative to the reference, e_s, shape (sector,)."""
    demand = world.scenario.parameters.demand
    exposed = world.scenario.tables.figures["sectors.exposure"] / demand.exposure_reference
    return exposed**demand.exposure_exponent


def option_values(world: World, rows: Rows) -> Floats:
    """Dollar value of every option to every firm: use less costs and distrust.

    Args:
        world: The world, with terms and rules of the quarter.
        rows: Firms, shape (row,).

    Returns:
        V, shape (row, option), USD per year, before taste and peers.
    """
    assert world.rules is not None
    firms, options, parameters = world.firms, world.options, world.scenario.parameters
    tables, demand, cost = world.scenario.tables, parameters.demand, parameters.cost
    region, sector = firms.region[rows], firms.sector[rows]
    # Tables over (region, sector, option), per dollar of the firm's scale or per dollar of wage bill.
    price = world.terms.option_price * (1 - world.rules.subsidy)
    worth = value_of_use(1.0, price, demand.reference_price, demand.price_elasticity)
    done = capable_share(world.terms.capability, demand.capability_midpoint, demand.capability_spread)[options.offer]
    use_value = exposure_factor(world)[None, :, None] * (worth * done)[:, None, :]
    distrust = 1 - world.option_trust()
    multiple = tables.figures["sectors.distrust_multiple"]
    drag = parameters.trust.distrust_cost * multiple[None, :, None] * distrust[:, None, :]
    drag = drag + world.rules.compliance[:, None, :]
    # Firm by firm.
    bill = wage_bill(world, rows)[:, None]
    scale = (firms.spend_scale[rows] * firms.employees[rows].astype(float) * firms.readiness[rows])[:, None]
    entered = np.where(firms.option[rows] == NO_AI, 1.0, cost.switching_share)[:, None]
    due = entered * np.ones(len(options.offer))
    users = np.flatnonzero(firms.option[rows] != NO_AI)
    due[users, firms.option[rows[users]].astype(np.intp) - 1] = 0.0  # who stays does not pay entry again
    yearly = (cost.maintenance + _annuity(world) * due) * adoption_cost(world, rows)[:, None] * adoption_multiple(world)
    return scale * use_value[region, sector] - (1 - world.rules.subsidy[region]) * yearly - drag[region, sector] * bill


def adoption_cost(world: World, rows: Rows) -> Floats:
    """Entry cost of a vendor's turnkey product, Phi, shape (row,), USD; it grows with size and falls with readiness."""
    firms, cost = world.firms, world.scenario.parameters.cost
    wage = world.scenario.tables.figures["regions.wage"][firms.region[rows]]
    relative = np.sqrt(wage / cost.reference_wage)
    size = (firms.employees[rows].astype(float) / 50) ** cost.size_exponent
    return cost.entry_cost * (1 - firms.readiness[rows]) * relative * size


def adoption_multiple(world: World) -> Floats:
    """Entry cost of each option over a vendor's turnkey product, shape (option,)."""
    cost, names = world.scenario.parameters.cost, world.scenario.tables.deployment_names
    multiple = {HOSTED: cost.hosted_multiple, SELF_HOSTED: cost.self_hosted_multiple}
    return np.array([multiple.get(name, 1.0) for name in names])[world.options.deployment]


def _annuity(world: World) -> float:
    cost = world.scenario.parameters.cost
    return annuity_factor(cost.interest_rate, cost.contract_years)


def taste_shocks(world: World, rows: Rows) -> tuple[Floats, Floats]:
    """Nested extreme-value shocks of the firms' present tastes.

    Args:
        world: The world.
        rows: Firms, shape (row,).

    Returns:
        Shocks of the offers, shape (row, offer), and of no AI, shape (row,), in utils. Each is a function of the
        firm, the quarter its taste was drawn, and the offer's or nest's name.
    """
    firms, options, choice = world.firms, world.options, world.scenario.parameters.choice
    ids, drawn = firms.id[rows], world.birth + firms.taste_quarter[rows].astype(np.int64)
    names = world.scenario.tables.offer_names
    shocks = np.empty((len(rows), len(names)))
    nests = (("open", options.nests[0], choice.dissimilarity_open),
             ("proprietary", options.nests[1], choice.dissimilarity_proprietary))  # fmt: skip
    for nest, offers, dissimilarity in nests:
        angle, size = (uniform(world.seed, f"nest {part}", ids, drawn, nest) for part in ("angle", "size"))
        common = log_positive_stable(dissimilarity, angle, size)
        for j in offers:
            own = gumbel(uniform(world.seed, "taste", ids, drawn, names[j]))
            shocks[:, j] = nested_shock(dissimilarity, own, common)
    return shocks, gumbel(uniform(world.seed, "taste", ids, drawn, "none"))


def _choose(world: World, rows: Rows, value: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Best alternative of each firm: option codes (0 for none) and the surplus over none, USD per year."""
    options = world.options
    offers = len(options.offer_lab)
    best = np.full((len(rows), offers), -np.inf)
    deployed = np.zeros((len(rows), offers), np.intp)
    for o, j in enumerate(options.offer):  # the best deployment of each offer
        better = value[:, o] > best[:, j]
        best[better, j] = value[better, o]
        deployed[better, j] = o
    shocks, none = taste_shocks(world, rows)
    scale = taste_scale(world, rows)
    strength = world.scenario.parameters.interaction.strength
    utility = best / scale[:, None] + strength * peer_shares(world, rows) + shocks
    top = utility.argmax(axis=1)
    here = np.arange(len(rows))
    adopts = utility[here, top] > none
    private = best[here, top] + scale * (shocks[here, top] - none)
    return np.where(adopts, deployed[here, top] + 1, NO_AI), np.where(adopts, private, 0.0)
