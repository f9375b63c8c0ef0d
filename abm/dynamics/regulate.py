"""Governments, labs and the world act: turn the interventions in force into the rules of the quarter."""

from __future__ import annotations

import numpy as np

from abm.dynamics.chance import incidents
from abm.dynamics.govern import adapted
from abm.dynamics.instruments import apply
from abm.dynamics.purchase import purchases
from abm.quarters import quarter_name
from abm.scenario.kinds import KINDS
from abm.world.rules import Rules
from abm.world.world import World

READS = (
    "scenario",
    "options",
    "quarter",
    "terms",
    "trust",
    "labs",
    "totals",
    "ledger",
    "people",
    "governments",
)
WRITES = ("rules", "governments")


def regulate(world: World) -> None:
    """Set the rules of the quarter from the scenario; nothing of earlier quarters is left over.

    Reads: scenario, options, quarter, labs, governments, and of the last quarter terms, trust, totals, ledger, people.
    Writes: rules, governments (instruments in force, effort).
    """
    rules = no_rules(world)
    quarter = quarter_name(world.quarter)
    in_force = [i for i in world.scenario.interventions if i.in_force(world.quarter) and i.level != 0]
    in_force += incidents(world, quarter) + adapted(world, quarter)
    for one in in_force:
        apply(one, rules, world)
    rules.available[:, ~world.existing[world.options.offer]] = False
    rules.restrictions += purchases(world, rules)
    world.rules = rules
    for government in world.governments:
        government.in_force = tuple(
            i.label() for i in in_force if KINDS[i.kind].actor == "government" and i.region in ("all", government.name)
        )


def no_rules(world: World) -> Rules:
    """The rules of a quarter without any intervention, in which all offers are sold that the tables hold by then."""
    tables, options = world.scenario.tables, world.options
    regions, count, offers, labs = (
        len(names) for names in (tables.region_names, options.offer, tables.offer_names, tables.lab_names)
    )  # fmt: skip
    available = tables.sold[:, options.offer_lab[options.offer]].copy()
    published = np.zeros(offers, bool)
    for lab in world.labs:
        if lab.failed:  # its own service is gone; what it has published stays with hosts and users
            available[:, options.at_vendor & (options.offer_lab[options.offer] == lab.index)] = False
            published[list(lab.offers)] |= world.scenario.parameters.research.failing_labs == "open_weights"
    # A host or the firm itself can run open weights wherever the lab's own service is not sold.
    weights = (options.offer_open | published)[options.offer]
    available[:, ~options.at_vendor] = weights[~options.at_vendor]
    available[:, ~world.opened[options.offer]] = False
    return Rules(
        available=available,
        subsidy=np.zeros((regions, count)),
        entry_subsidy=np.zeros((regions, count)),
        compliance=np.zeros((regions, count)),
        liability=np.zeros((regions, count)),
        price_cap=np.full((regions, count), np.inf),
        price_factor=np.ones(offers),
        published=published & ~options.offer_open,
        training=np.zeros(regions),
        research=np.ones(labs),
        outside_kept=np.ones(labs),
        grants=np.zeros((regions, labs)),
        breakthrough=np.zeros(offers),
        assurance=np.zeros((regions, offers)),
        origin_trust_kept=np.ones((regions, offers)),
        vendor_trust_kept=np.ones((regions, offers)),
        shaken=np.zeros((regions, count)),
        served=np.ones((regions, count)),
    )
