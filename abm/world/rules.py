"""The rules in force in a quarter: what `regulate` makes of the interventions, read by every other verb."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Restriction:
    """Options closed to a share of the firms of a region.

    Attributes:
        key: Name under which the bound firms are drawn, so that they stay the same over time.
        region: Region code.
        share: Share of the covered firms that is bound.
        options: Closed options, shape (option,).
        at_once: True for a ban (users leave now), False for a rule on new contracts of public organisations.
    """

    key: str
    region: int
    share: float
    options: NDArray[np.bool_]
    at_once: bool


@dataclass(slots=True)
class Rules:
    """Arrays over regions, options, offers and labs for one quarter.

    Attributes:
        available: Sold in the region, shape (region, option).
        subsidy: Share of the price paid by the treasury, shape (region, option).
        entry_subsidy: Share of the cost of entry and upkeep paid by the treasury, shape (region, option).
        compliance: Cost of compliance as a share of the wage bill, shape (region, option).
        liability: Share of what users fear from who runs the option that he pays them, shape (region, option).
        price_cap: Highest price allowed, USD per million tokens, inf for none, shape (region, option).
        price_factor: Factor on the posted price, shape (offer,).
        published: Proprietary offers whose weights must be published, shape (offer,).
        training: Share of the workforce trained per year, shape (region,).
        research: Factor on own research, shape (lab,).
        outside_kept: Part of the outside money that labs keep, shape (lab,).
        grants: Public money for research, USD per year, shape (region, lab).
        breakthrough: Capability gained at once, ECI points, shape (offer,).
        assurance: Share of the distrust in a model's origin removed, shape (region, offer).
        origin_trust_kept: Factor on the trust in a model's origin at the end of the quarter, shape (region, offer).
        vendor_trust_kept: The same for the trust in the lab's own service, shape (region, offer).
        shaken: Share of users who reconsider before their contract ends, shape (region, option).
        served: Share of the quarter with service, shape (region, option).
        restrictions: Bans, cut-offs and procurement rules.
    """

    available: NDArray[np.bool_]
    subsidy: Floats
    entry_subsidy: Floats
    compliance: Floats
    liability: Floats
    price_cap: Floats
    price_factor: Floats
    published: NDArray[np.bool_]
    training: Floats
    research: Floats
    outside_kept: Floats
    grants: Floats
    breakthrough: Floats
    assurance: Floats
    origin_trust_kept: Floats
    vendor_trust_kept: Floats
    shaken: Floats
    served: Floats
    restrictions: tuple[Restriction, ...] = ()
