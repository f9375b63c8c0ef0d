"""The market as a Mesa model: Mesa's clock and agents around a world of columns."""

from __future__ import annotations

import mesa

from abm.dynamics.period import live
from abm.observe.recorder import Recorder
from abm.scenario.scenario import Scenario
from abm.world.actors import Government, Lab
from abm.world.engine import Engine
from abm.world.genesis import Count
from abm.world.world import born_world


class Market(mesa.Model):
    """A world with Mesa's clock; labs and governments are its agents.

    Attributes:
        world: The state.
        recorder: What has been measured so far; the warm-up is not.

    Args:
        scenario: The question.
        firms: Number of sampled firms, or "all" for one to one.
        seed: The run's seed. All chance is drawn by `abm.rng` from it; Mesa's own generator is not used.
        engine: How decisions are computed; compiled by default, on one thread.
    """

    def __init__(self, scenario: Scenario, firms: Count, seed: int, engine: Engine | None = None) -> None:
        super().__init__(rng=seed)
        tables = scenario.tables
        labs = [
            Lab(self, name, i, tables.lab_home[i], tuple(j for j, lab in enumerate(tables.offer_lab) if lab == i))
            for i, name in enumerate(tables.lab_names)
        ]
        governments = [Government(self, name, i) for i, name in enumerate(tables.region_names)]
        self.world = born_world(scenario, firms, seed, labs, governments, engine or Engine())
        self.recorder = Recorder(self.world)

    def live_until(self, quarter: int) -> None:
        """Live through the quarters up to one, given by its whole number."""
        while self.world.quarter < quarter:
            self.step()

    def step(self) -> None:
        """Live through one quarter and measure it."""
        live(self.world)
        if self.world.quarter >= self.world.first:
            self.recorder.measure(self.world)


def market_of(
    scenario: Scenario, firms: Count, seed: int, engine: str = "compiled", threads: int | None = None
) -> Market:
    """A market at birth, with the engine that fits its number of firms."""
    many = int(scenario.tables.firms.sum()) if firms == "all" else firms
    return Market(scenario, firms, seed, Engine.fit(many, engine, threads))
