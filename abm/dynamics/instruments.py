"""What each kind of intervention does to the rules of a quarter: one function per kind."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from abm.scenario.kinds import KINDS
from abm.scenario.policy import Intervention
from abm.world.rules import Restriction, Rules
from abm.world.world import World

Mask = NDArray[np.bool_]
USD_PER_TRILLION = 1e12


def apply(one: Intervention, rules: Rules, world: World) -> None:
    """Add an intervention that is in force to the rules.

    Args:
        one: The intervention.
        rules: The rules, which are changed.
        world: The world that it meets.
    """
    tables, options = world.scenario.tables, world.options
    if KINDS[one.kind].worldwide:
        _EVERYWHERE[one.kind](one.level, options.targeted(one.target, tables), rules, world)
        return
    regions = range(len(tables.region_names)) if one.region == "all" else [tables.region_names.index(one.region)]
    for region in regions:
        if one.target == "cheapest":
            hit = _cheapest(world, region, rules)
        else:
            hit = options.targeted(one.target, tables, home=region)
        _IN_A_REGION[one.kind](one, region, hit, rules, world)


def _subsidy(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    """Several subsidies each pay their share of what the others leave."""
    for paid in (rules.subsidy, rules.entry_subsidy):
        paid[region, hit] += one.level * (1 - paid[region, hit])


def _compute_voucher(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    hit = hit & ~world.options.at_vendor
    rules.subsidy[region, hit] += one.level * (1 - rules.subsidy[region, hit])


def _training(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    rules.training[region] += one.level


def _public_research(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    options, tables = world.options, world.scenario.tables
    working = world.existing & ~np.array([lab.failed for lab in world.labs])[options.offer_lab]
    labs = np.unique(options.offer_lab[options.offer[hit & (options.offer_open & working)[options.offer]]])
    home = labs[np.array(tables.lab_home)[labs] == region]
    paid = home if len(home) else labs  # a region without an open lab joins those that support the others'
    rules.grants[region, paid] += (
        one.level * tables.figures["regions.gdp"][region] * USD_PER_TRILLION / max(len(paid), 1)
    )


def _procurement(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    if (hit & rules.available[region]).any():  # where nothing of the kind is sold, all may be bought
        rules.restrictions += (Restriction(f"procurement {one.target}", region, one.level, ~hit, at_once=False),)


def _assurance(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    offers = np.unique(world.options.offer[hit])
    rules.assurance[region, offers] += one.level * (1 - rules.assurance[region, offers])


def _data_localisation(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    rules.compliance[region, hit & world.options.at_vendor & (world.options.operator != region)] += one.level


def _ban(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    rules.restrictions += (Restriction(f"ban {one.target}", region, one.level, hit, at_once=True),)


def _liability(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    hit = hit & world.options.at_vendor
    rules.liability[region, hit] += one.level * (1 - rules.liability[region, hit])


def _price_cap(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    rules.price_cap[region, hit] = np.minimum(rules.price_cap[region, hit], one.level)


def _shake(lost: float, region: int, hit: Mask, rules: Rules, trust_kept: NDArray[np.float64], world: World) -> None:
    """Trust is lost at the end of the quarter; as large a share of the users reconsiders in it."""
    trust_kept[region, np.unique(world.options.offer[hit])] *= 1 - lost
    rules.shaken[region, hit] += lost * (1 - rules.shaken[region, hit])


def _leak(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    _shake(one.level, region, hit & world.options.at_vendor, rules, rules.vendor_trust_kept, world)


def _outage(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    service, lost = hit & world.options.at_vendor, world.scenario.parameters.trust.outage_loss * one.level
    _shake(min(lost, 1.0), region, service, rules, rules.vendor_trust_kept, world)
    rules.served[region, service] *= 1 - one.level


def _withdrawal(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    kept = world.options.offer_open[world.options.offer] & ~world.options.at_vendor
    rules.restrictions += (Restriction(f"withdrawal {one.target}", region, one.level, hit & ~kept, at_once=True),)


def _cut_off(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    service = hit & world.options.at_vendor
    rules.restrictions += (Restriction(f"cut-off {one.target}", region, one.level, service, at_once=True),)
    if one.starts(world.quarter):
        rules.vendor_trust_kept[region, np.unique(world.options.offer[service])] *= 1 - one.level


def _backdoor(one: Intervention, region: int, hit: Mask, rules: Rules, world: World) -> None:
    _shake(one.level, region, hit, rules, rules.origin_trust_kept, world)


def _export_control(level: float, hit: Mask, rules: Rules, world: World) -> None:
    rules.research[np.unique(world.options.offer_lab[world.options.offer[hit]])] *= 1 - level


def _open_weights_mandate(level: float, hit: Mask, rules: Rules, world: World) -> None:
    rules.published[np.unique(world.options.offer[hit])] = True
    rules.published &= ~world.options.offer_open
    weights = rules.published[world.options.offer] & ~world.options.at_vendor
    rules.available[:, weights] = True


def _price_change(level: float, hit: Mask, rules: Rules, world: World) -> None:
    rules.price_factor[np.unique(world.options.offer[hit])] *= 1 + level


def _funding_cut(level: float, hit: Mask, rules: Rules, world: World) -> None:
    rules.outside_kept[np.unique(world.options.offer_lab[world.options.offer[hit]])] *= 1 - level


def _breakthrough(level: float, hit: Mask, rules: Rules, world: World) -> None:
    rules.breakthrough[np.unique(world.options.offer[hit])] += level


def _cheapest(world: World, region: int, rules: Rules) -> Mask:
    """Options of the offer that was sold at the least price per token last quarter; all before there is a price."""
    price = np.where(rules.available[region], world.terms.option_price[region], np.nan)
    if np.isnan(price).all():
        return np.ones(len(price), bool)
    return world.options.offer == world.options.offer[np.nanargmin(price)]


_IN_A_REGION: dict[str, Callable[[Intervention, int, Mask, Rules, World], None]] = {
    "subsidy": _subsidy, "compute_voucher": _compute_voucher, "training": _training,
    "public_research": _public_research, "procurement": _procurement, "assurance": _assurance,
    "data_localisation": _data_localisation, "ban": _ban, "liability": _liability, "price_cap": _price_cap,
    "withdrawal": _withdrawal, "leak": _leak, "outage": _outage, "cut_off": _cut_off, "backdoor": _backdoor,
}  # fmt: skip
_EVERYWHERE: dict[str, Callable[[float, Mask, Rules, World], None]] = {
    "export_control": _export_control, "open_weights_mandate": _open_weights_mandate, "price_change": _price_change,
    "funding_cut": _funding_cut, "breakthrough": _breakthrough,
}  # fmt: skip
