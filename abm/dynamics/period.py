"""The quarter as data: six verbs, in this order."""

from __future__ import annotations

from collections.abc import Callable

from abm.dynamics.decide import decide
from abm.dynamics.learn import learn
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.dynamics.spread import spread
from abm.dynamics.use import use
from abm.world.world import World

PERIOD: tuple[Callable[[World], None], ...] = (regulate, release, decide, use, learn, spread)


def live(world: World) -> None:
    """Let a world live through one quarter."""
    world.quarter += 1
    for verb in PERIOD:
        verb(world)
