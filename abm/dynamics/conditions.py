"""What a quarter offers to each kind of firm, as tables over region, sector and option, made once for all firms.

All money is a share of the firm's wage bill here, so that a decision needs no dollars. The NumPy reference and the
compiled kernel read the same tables; both look up, firm by firm, what they combine with the firm's own attributes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.damages import distrust_scale, feared
from abm.dynamics.interaction import interaction_of, offer_of_codes
from abm.quarters import QUARTER_YEARS
from abm.rng import clock
from abm.theory.demand import annuity_factor, capable_share, value_of_use
from abm.world.offers import HOSTED, SELF_HOSTED
from abm.world.world import World

Floats = NDArray[np.float64]
Clocks = NDArray[np.uint64]


class Conditions(NamedTuple):
    """Tables of one quarter; options count from 0, with k the use intensity, n the workers and a the readiness of a firm.

    Attributes:
        use_value: Value of use over the wage bill, per k a, shape (region, sector, option).
        drag: Cost of distrust and compliance over the wage bill, shape (region, sector, option).
        project: Firms' part of the entry cost at 50 workers and no readiness over the wage, shape (region, option).
        available: Whether the option is sold, shape (region, option).
        leaving: Whether some firms must leave the option of a code now, shape (region, option + 1).
        shaken: Share of the users of the option of a code who reconsider now, shape (region, option + 1).
        stake: Value at the reference price, all tasks done, over the wage bill, per k, shape (region, sector).
        gain: Rise of the log-odds of readiness this quarter without and with AI, shape (region, 2).
        innovation: Autonomous attention per quarter, shape (sector,).
        imitation: Attention per quarter when all peers use AI.
        contract_ends: Whether a contract ends after so many quarters, shape (256,).
        offer: Offer of each option; those of one offer are neighbours, shape (option,).
        offer_of: Offer of each option code, one past the last for none, shape (option + 1,).
        nest: Nest of each offer, 0 open and 1 proprietary, shape (offer,).
        dissimilarity: Of each nest, shape (nest,).
        taste_fixed: Taste scale over the wage bill, fixed part.
        taste_stake: Taste scale per unit of stake.
        taste_renewal: Probability that tastes are new at a reconsideration.
        peer_strength: Utility from the peers' use of an offer, in the units of the interaction's form.
        by_count: Whether that is per peer, rather than for all peers together.
        everyone_adopts: Share of all firms with AI, 0 unless all are peers.
        everyone_pulls: Utility from all firms' use of each offer, 0 unless all are peers, shape (offer,).
        size_exponent: Exponent of adoption cost in the number of workers.
        maintenance: Upkeep per year as a share of entry cost.
        annuity: Yearly payment that repays one dollar over the contract.
        switching_share: Entry cost paid again when switching.
        age: Quarters since birth.
        attention: Clock of the draw of attention.
        turn: Clock of the draw of the order in which firms decide, if they do so one after the other.
        renewal: Clock of the draw whether tastes are new.
        taste_age: Clocks of the tastes of each quarter, shape (age,): a firm's id mixed with it is the key of its tastes.
        tastes: Clocks of the Gumbel draws of the offers and of none, shape (offer + 1,), mixed with that key.
        nest_angle: Clocks of the first draw of a nest's stable shock, shape (nest,).
        nest_size: Clocks of the second, shape (nest,).
        rule_region: Region of each restriction, shape (rule,).
        rule_share: Share of firms bound, shape (rule,).
        rule_public: Share of organisations that it may bind, shape (rule, sector).
        rule_now: Whether users must leave at once, shape (rule,).
        rule_options: Options that it closes, shape (rule, option).
        rule_clock: Clocks of the draw who is bound, and who is public, shape (rule, 2).
    """

    use_value: Floats
    drag: Floats
    project: Floats
    available: NDArray[np.bool_]
    leaving: NDArray[np.bool_]
    shaken: Floats
    stake: Floats
    gain: Floats
    innovation: Floats
    imitation: float
    contract_ends: NDArray[np.bool_]
    offer: NDArray[np.intp]
    offer_of: NDArray[np.intp]
    nest: NDArray[np.intp]
    dissimilarity: Floats
    taste_fixed: float
    taste_stake: float
    taste_renewal: float
    peer_strength: float
    by_count: bool
    everyone_adopts: float
    everyone_pulls: Floats
    size_exponent: float
    maintenance: float
    annuity: float
    switching_share: float
    age: int
    attention: np.uint64
    turn: np.uint64
    renewal: np.uint64
    taste_age: Clocks
    tastes: Clocks
    nest_angle: Clocks
    nest_size: Clocks
    rule_region: NDArray[np.intp]
    rule_share: Floats
    rule_public: Floats
    rule_now: NDArray[np.bool_]
    rule_options: NDArray[np.bool_]
    rule_clock: Clocks


def conditions_of(world: World) -> Conditions:
    """Tables of the world's present quarter."""
    assert world.rules is not None
    scenario, options, rules = world.scenario, world.options, world.rules
    parameters, tables = scenario.parameters, scenario.tables
    choice, cost, diffusion, readiness = parameters.choice, parameters.cost, parameters.diffusion, parameters.readiness
    wage = tables.figures["regions.wage"]
    kept = 1 - rules.subsidy
    available = rules.available & ~world.terms.withheld
    contract = max(1, round(cost.contract_years / QUARTER_YEARS))
    gain = QUARTER_YEARS * readiness.training_effect * rules.training
    by_use = QUARTER_YEARS * readiness.learning_by_use
    age, tastes, nest_angle, nest_size = _taste_clocks(
        world.seed, tables.offer_names, world.birth, world.last - world.birth + 1
    )
    return Conditions(
        use_value=use_value(world, world.terms.option_price * kept),
        drag=drag(world),
        project=project_cost(world),
        available=available,
        leaving=_leaving(world, available),
        shaken=np.concatenate([np.zeros((len(available), 1)), rules.shaken], axis=1),
        stake=reference_value(world)[None, :] / wage[:, None],
        gain=np.stack([gain, gain + by_use], axis=1),
        innovation=QUARTER_YEARS * diffusion.innovation * tables.figures["sectors.innovation_multiple"],
        imitation=QUARTER_YEARS * diffusion.imitation,
        contract_ends=np.arange(256) % contract == 0,
        offer=options.offer,
        offer_of=offer_of_codes(world),
        nest=np.where(options.offer_open, 0, 1),
        dissimilarity=np.array([choice.dissimilarity_open, choice.dissimilarity_proprietary]),
        taste_fixed=choice.taste_scale,
        taste_stake=choice.taste_scale_per_stake,
        taste_renewal=choice.taste_renewal,
        **interaction_of(world),
        size_exponent=cost.size_exponent,
        maintenance=cost.maintenance,
        annuity=annuity_factor(cost.interest_rate, cost.contract_years),
        switching_share=cost.switching_share,
        age=world.quarter - world.birth,
        attention=np.uint64(clock(world.seed, "attention", world.quarter)),
        turn=np.uint64(clock(world.seed, "turn", world.quarter)),
        renewal=np.uint64(clock(world.seed, "taste renewal", world.quarter)),
        taste_age=age,
        tastes=tastes,
        nest_angle=nest_angle,
        nest_size=nest_size,
        **_restrictions(world),
    )


def _leaving(world: World, available: NDArray[np.bool_]) -> NDArray[np.bool_]:
    assert world.rules is not None
    leaving = ~available
    for rule in world.rules.restrictions:
        if rule.at_once:
            leaving[rule.region] |= rule.options
    return np.concatenate([np.zeros((len(leaving), 1), bool), leaving], axis=1)


def _restrictions(world: World) -> dict[str, Any]:
    assert world.rules is not None
    rules, sectors = world.rules.restrictions, world.scenario.tables.figures["sectors.public_share"]
    return {
        "rule_region": np.array([rule.region for rule in rules], np.intp),
        "rule_share": np.array([rule.share for rule in rules], float),
        "rule_public": np.array(
            [np.ones(len(sectors)) if rule.at_once else sectors for rule in rules], float
        ).reshape(len(rules), len(sectors)),
        "rule_now": np.array([rule.at_once for rule in rules], bool),
        "rule_options": np.array([rule.options for rule in rules], bool).reshape(
            len(rules), len(world.options.offer)
        ),
        "rule_clock": np.array(
            [(clock(world.seed, rule.key), clock(world.seed, "public organisation")) for rule in rules], np.uint64
        ).reshape(len(rules), 2),
    }  # fmt: skip


def capability_factor(world: World) -> Floats:
    """Exposure factor times the share of exposed tasks that each option does, e_s g(c_j), shape (sector, option)."""
    demand = world.scenario.parameters.demand
    done = capable_share(world.terms.served, demand.capability_midpoint, demand.capability_spread)
    return exposure_factor(world)[:, None] * done[world.options.offer]


def exposure_factor(world: World) -> Floats:
    """Exposure of each sector relative to the reference, e_s, shape (sector,)."""
    demand = world.scenario.parameters.demand
    exposed = world.scenario.tables.figures["sectors.exposure"] / demand.exposure_reference
    return exposed**demand.exposure_exponent


def reference_value(world: World) -> Floats:
    """Value of median use at the reference price with every task done, USD per worker-year, shape (sector,)."""
    demand = world.scenario.parameters.demand
    worth = value_of_use(
        demand.spend_median, demand.reference_price, demand.reference_price, demand.price_elasticity
    )  # fmt: skip
    return worth * exposure_factor(world)


def drag(world: World) -> Floats:
    """Cost of distrust and compliance over the wage bill, shape (region, sector, option)."""
    assert world.rules is not None
    distrust = distrust_scale(world)[:, None] * (1 - world.option_trust())[:, None, :]
    if world.rules.liability.any():
        distrust = distrust - world.rules.liability[:, None, :] * feared(world)
    return distrust + world.rules.compliance[:, None, :]


def use_value(world: World, price: Floats) -> Floats:
    """Value of use over the wage bill per k a, from the price net of subsidy, shape (region, sector, option)."""
    demand = world.scenario.parameters.demand
    worth = value_of_use(demand.spend_median, price, demand.reference_price, demand.price_elasticity)
    wage = world.scenario.tables.figures["regions.wage"]
    return capability_factor(world)[None, :, :] * (worth / wage[:, None])[:, None, :]


def project_cost(world: World) -> Floats:
    """Firms' part of the entry cost at 50 workers and no readiness over the wage, shape (region, option)."""
    assert world.rules is not None
    wage = world.scenario.tables.figures["regions.wage"]
    return (1 - world.rules.entry_subsidy) * (entry_cost(world)[:, None] * adoption_multiple(world) / wage[:, None])


def entry_cost(world: World) -> Floats:
    """Entry cost of a vendor's product for 50 workers and no readiness, USD, shape (region,)."""
    cost = world.scenario.parameters.cost
    return cost.entry_cost * np.sqrt(world.scenario.tables.figures["regions.wage"] / cost.reference_wage)


def adoption_multiple(world: World) -> Floats:
    """Entry cost of each option over a vendor's turnkey product, shape (option,)."""
    cost, names = world.scenario.parameters.cost, world.scenario.tables.deployment_names
    multiple = {HOSTED: cost.hosted_multiple, SELF_HOSTED: cost.self_hosted_multiple}
    return np.array([multiple.get(name, 1.0) for name in names])[world.options.deployment]


@lru_cache(maxsize=16)
def _taste_clocks(seed: int, offers: tuple[str, ...], birth: int, quarters: int) -> tuple[Clocks, ...]:
    """Clocks of the tastes of every quarter of a run, of the offers and none, and of the nests' two draws."""
    nests = ("open", "proprietary")
    return (
        clock(seed, "taste", birth + np.arange(quarters)),
        np.array([clock(seed, "taste of", name=name) for name in (*offers, "none")]),
        np.array([clock(seed, "nest angle", name=nest) for nest in nests]),
        np.array([clock(seed, "nest size", name=nest) for nest in nests]),
    )
