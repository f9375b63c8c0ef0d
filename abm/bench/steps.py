"""Where the kernel's time goes: how much of each thing a quarter does, and what that costs at best."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import Conditions, conditions_of
from abm.dynamics.reference import Some, attentive
from abm.world.firms import NO_AI, SCHEMA
from abm.world.world import World


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the account of a firm-quarter.

    Attributes:
        stage: Stage of the kernel, see `abm.bench.stages`.
        what: What is done.
        count: How often per firm-quarter.
        cost: What it costs once at best, nanoseconds.
    """

    stage: str
    what: str
    count: float
    cost: float

    @property
    def total(self) -> float:
        """Nanoseconds per firm-quarter."""
        return self.count * self.cost


def shortest_time(
    world: World, arithmetic: dict[str, float], reads: tuple[float, float], bandwidth: float, sample: int = 20_000
) -> list[Line]:
    """What a quarter needs at best: the transcendental functions, draws, random reads and bytes it cannot avoid.

    Args:
        world: A world in the middle of its run.
        arithmetic: Nanoseconds of each function of `abm.bench.limits`.
        reads: Nanoseconds of a random read of a table in the nearest cache, and of the options in use.
        bandwidth: GB/s in order, one thread.
        sample: Firms looked at to count how many decide.
    """
    c = conditions_of(world)
    rows = np.arange(0, len(world.firms), max(1, len(world.firms) // sample))
    some = Some.of(world, rows)
    decides, wavers = attentive(world, c, some), _wavering(world, c, some)
    deciding, looking = float(decides.mean()), float((decides | wavers).mean())
    offers = _on_sale(world, np.array([len(np.unique(c.offer[here])) for here in c.available]))
    slots = world.scenario.parameters.interaction.peers
    names = ("log", "exp", "hash", "value", "single log", "single sine")
    log, exp, draw, value, single_log, sine = (arithmetic[name] for name in names)
    nest = 2 * draw + 3 * sine + 3 * single_log
    size = sum(np.dtype(column.dtype).itemsize for column in SCHEMA.values())
    near, far = reads
    return [
        Line("identify", "ids: hash", 1, draw),
        Line("practise", "adoption cost: log and exp", 1, log + exp),
        Line("attend", "attention: hash", 1, draw),
        Line(
            "attend", "peers: hash, two reads of tables, read of what they use", looking * slots, draw + 2 * near + far
        ),
        Line("attend", "attention that peers draw: log", float(wavers.mean()), log),
        Line("gather", "renewal of tastes: hash", deciding, draw),
        Line("choose", "values of the options", deciding * _on_sale(world, c.available.sum(axis=1)), value),
        Line("choose", "tastes of the offers: hash and two logs", deciding * (offers + 1), draw + 2 * single_log),
        Line("choose", "tastes of the nests: two hashes, three sines, three logs", deciding * 2, nest),
        Line("add up", "columns read and written in order, bytes", size + 8, 1 / bandwidth),
    ]


def _on_sale(world: World, by_region: NDArray[np.intp]) -> float:
    """Mean over the firms of a number of offers or options on sale, shape (region,)."""
    strata = world.firms.strata
    return float(np.average(by_region[strata.region], weights=strata.count))


def _wavering(world: World, c: Conditions, some: Some) -> NDArray[np.bool_]:
    """Firms without AI whom their peers could sway, shape (row,): their draw is within the reach of peers."""
    innovation, draw = c.innovation[some.sector], some.draw(c.attention)
    within = (draw >= -np.expm1(-innovation)) & (draw < -np.expm1(-(innovation + c.imitation)))
    return within & (world.firms.option[some.rows] == NO_AI)
