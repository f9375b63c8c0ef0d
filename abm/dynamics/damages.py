"""What vendors owe their users where a liability rule makes them pay for what these fear."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.world.world import World

Floats = NDArray[np.float64]


def distrust_scale(world: World) -> Floats:
    """What full distrust costs, as a share of the wage bill, shape (sector,)."""
    figures = world.scenario.tables.figures
    return world.scenario.parameters.trust.distrust_cost * figures["sectors.distrust_multiple"]


def feared(world: World) -> Floats:
    """What users fear from who runs an option, as a share of the wage bill, shape (region, sector, option)."""
    doubt = world.operator_weight * (1 - world.trust.operator)
    return distrust_scale(world)[:, None] * doubt[:, None, :]


def damages(world: World) -> Floats:
    """What vendors owe for the users of the last decisions, USD per year, shape (region, option)."""
    assert world.rules is not None
    if not world.rules.liability.any():
        return np.zeros_like(world.rules.liability)
    wage_bills = world.scenario.tables.figures["regions.wage"][:, None, None] * world.totals.users("employment").sum(
        axis=2
    )
    return world.rules.liability * (feared(world) * wage_bills).sum(axis=1)
