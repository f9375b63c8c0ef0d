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
    """Arrays over regions and options for one quarter.

    Attributes:
        available: Sold in the region, shape (region, option).
        subsidy: Share of price and adoption cost paid by the treasury, shape (region, option).
        compliance: Cost of compliance as a share of the wage bill, shape (region, option).
        training: Share of the workforce trained per year, shape (region,).
        research: Factor on own research, shape (lab,).
        price_factor: Factor on the posted price, shape (offer,).
        trust_kept: Factor on trust this quarter, shape (region, offer).
        restrictions: Bans and procurement rules.
    """

    available: NDArray[np.bool_]
    subsidy: Floats
    compliance: Floats
    training: Floats
    research: Floats
    price_factor: Floats
    trust_kept: Floats
    restrictions: tuple[Restriction, ...] = ()
