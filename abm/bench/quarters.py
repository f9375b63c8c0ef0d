"""One quarter of decisions, timed side by side: compiled, in NumPy, and with one Mesa agent per firm."""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.kernel import decide_compiled
from abm.dynamics.reference import decide_in_numpy
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.model import Market
from abm.scenario.scenario import Scenario
from abm.world.engine import Engine
from abm.world.firms import SCHEMA
from abm.world.world import World

# What a quarter changes about an agent of the twin.
CHANGING = ("readiness", "taste", "option", "tenure", "deciding", "seen", "shocks", "shock_of_none")
TWIN = Path(abm.__file__).parents[1] / "experiments" / "benchmarks" / "mesa_twin.py"
SHORT = 3  # further turns of the kernel in a round: they are short, so that one disturbance would weigh much
MIDDLE = 24  # quarters lived before the one that is timed


def world_in_the_middle(firms: int, threads: int = 1) -> World:
    """The baseline's world after `MIDDLE` quarters, with the rules and terms of the next one."""
    market = Market(Scenario.load("baseline"), firms, 1, Engine.fit(firms, threads=threads))
    for _ in range(MIDDLE):
        market.step()
    world = market.world
    world.quarter += 1
    regulate(world)
    release(world)
    return world


def quarter_times(
    firms: int, rounds: int, threads: int, numpy: bool = True, twin: bool = True
) -> dict[str, list[float]]:
    """Seconds that each way needs for the same quarter, round by round.

    Args:
        firms: Number of firms.
        rounds: How often each way is timed, in turn; the kernel more often.
        threads: Threads of the second timing of the kernel.
        numpy: Whether to time the NumPy reference.
        twin: Whether to time the Mesa twin; it is left out where its file is not at hand.

    Returns:
        Seconds by way: "kernel", "kernel on N threads", "numpy", "mesa".
    """
    world = world_in_the_middle(firms)
    ways: dict[str, Callable[[], object]] = {"kernel": lambda: _decide(world, 1)}
    if threads > 1:
        ways[f"kernel on {threads} threads"] = lambda: _decide(world, threads)
    if numpy:
        ways["numpy"] = lambda: decide_in_numpy(world, conditions_of(world))
    agents: list[Any] = []
    if twin and TWIN.is_file():
        conditions, mesa_world = conditions_of(world), _twin_module().Twin(world, 1)
        ways["mesa"] = lambda: mesa_world.quarter(conditions)
        agents = list(mesa_world.agents)
    # Not through vars(): an agent whose dictionary has been asked for is slower ever after.
    states = [tuple(getattr(agent, name) for name in CHANGING) for agent in agents]
    kept = {name: getattr(world.firms, name).copy() for name in SCHEMA}
    taken: dict[str, list[float]] = {way: [] for way in ways}
    for turn in range(rounds + 1):
        for way in SHORT * [way for way in ways if way.startswith("kernel")] + [*ways]:
            for name, column in kept.items():
                getattr(world.firms, name)[:] = column
            if way == "mesa":
                for agent, state in zip(agents, states, strict=True):
                    for name, value in zip(CHANGING, state, strict=True):
                        setattr(agent, name, value)
            began = time.perf_counter()
            ways[way]()
            if turn:  # the first round warms up
                taken[way].append(time.perf_counter() - began)
    return taken


def _decide(world: World, threads: int) -> None:
    world.engine = Engine.fit(len(world.firms), threads=threads)
    decide_compiled(world, conditions_of(world))


def nanoseconds(taken: list[float], firms: int) -> float:
    """Median nanoseconds per firm-quarter."""
    return median(taken) / firms * 1e9


def _twin_module() -> ModuleType:
    """The twin is no part of the package: it is read from the checkout."""
    spec = importlib.util.spec_from_file_location("mesa_twin", TWIN)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
