"""Governments, labs and the world act: turn the interventions in force into the rules of the quarter."""

from __future__ import annotations

import numpy as np

from abm.scenario.policy import KINDS, Intervention
from abm.world.offers import NO_OPERATOR_ABROAD
from abm.world.rules import Restriction, Rules
from abm.world.world import World

READS = ("scenario", "options", "quarter")
WRITES = ("rules", "governments")


def regulate(world: World) -> None:
    """Set the rules of the quarter from the scenario; nothing of earlier quarters is left over.

    Reads: scenario, options, quarter. Writes: rules, governments (the instruments in force).

    Subsidies on one option add up as shares of what the earlier ones leave; the other levels add.
    """
    rules = _no_rules(world)
    in_force = [i for i in world.scenario.interventions if i.in_force(world.quarter) and i.level != 0]
    for one in in_force:
        _apply(one, rules, world)
    world.rules = rules
    for government in world.governments:
        government.in_force = tuple(
            i.label() for i in in_force if KINDS[i.kind].actor == "government" and i.region in ("all", government.name)
        )


def _no_rules(world: World) -> Rules:
    tables, options = world.scenario.tables, world.options
    regions, count = len(tables.region_names), len(options.offer)
    available = tables.sold[:, options.offer_lab[options.offer]].copy()
    # A host or the firm itself can run open weights wherever the lab's own service is not sold.
    available[:, options.operator == NO_OPERATOR_ABROAD] = True
    for target in world.scenario.withdrawn:
        available[:, options.targeted(target, tables)] = False
    return Rules(
        available=available,
        subsidy=np.zeros((regions, count)),
        compliance=np.zeros((regions, count)),
        training=np.zeros(regions),
        research=np.ones(len(tables.lab_names)),
        price_factor=np.ones(len(tables.offer_names)),
        trust_kept=np.ones((regions, len(tables.offer_names))),
    )


def _apply(one: Intervention, rules: Rules, world: World) -> None:
    tables, options = world.scenario.tables, world.options
    regions = range(len(tables.region_names)) if one.region == "all" else [tables.region_names.index(one.region)]
    for r in regions:
        hit = options.targeted(one.target, tables, home=r)
        offers = np.zeros(len(tables.offer_names), bool)
        offers[options.offer[hit]] = True
        if one.kind == "subsidy":
            rules.subsidy[r, hit] += one.level * (1 - rules.subsidy[r, hit])
        elif one.kind == "training":
            rules.training[r] += one.level
        elif one.kind == "data_localisation":
            foreign = (options.operator != NO_OPERATOR_ABROAD) & (options.operator != r)
            rules.compliance[r, hit & foreign] += one.level
        elif one.kind == "incident":
            rules.trust_kept[r, offers] *= 1 - one.level
        elif one.kind == "ban":
            key = f"ban {one.target}"
            rules.restrictions += (Restriction(key, r, one.level, hit, at_once=True),)
        elif one.kind == "procurement":
            key = f"procurement {one.target}"
            rules.restrictions += (Restriction(key, r, one.level, ~hit, at_once=False),)
    # Research and posted prices are the same everywhere, so the imposing region makes no difference.
    everywhere = options.targeted(one.target, tables)
    if one.kind == "export_control":
        labs = np.unique(options.offer_lab[options.offer[everywhere]])
        rules.research[labs] *= 1 - one.level
    elif one.kind == "price_change":
        rules.price_factor[np.unique(options.offer[everywhere])] *= 1 + one.level
