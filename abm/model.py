"""The market as a Mesa model: Mesa's clock and agents around a world of columns."""

from __future__ import annotations

import mesa

from abm.dynamics.period import live
from abm.observe.recorder import Recorder
from abm.quantities import InputError
from abm.quarters import quarter_name, quarter_number
from abm.scenario.differing import first_difference
from abm.scenario.scenario import Scenario
from abm.world.actors import Government, Lab
from abm.world.engine import Engine
from abm.world.genesis import Count
from abm.world.world import born_world, branched


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
        past: A market that has lived the quarters in which the scenarios are the same, with these firms and this seed.
    """

    def __init__(
        self, scenario: Scenario, firms: Count, seed: int, engine: Engine | None = None, past: Market | None = None
    ) -> None:
        super().__init__(rng=seed)
        tables = scenario.tables
        labs = [
            Lab(self, name, i, tables.lab_home[i], tuple(j for j, lab in enumerate(tables.offer_lab) if lab == i))
            for i, name in enumerate(tables.lab_names)
        ]
        governments = [Government(self, name, i) for i, name in enumerate(tables.region_names)]
        if past is None:
            self.world = born_world(scenario, firms, seed, labs, governments, engine or Engine())
            self.recorder = Recorder(self.world)
        else:
            self.world = branched(past.world, scenario, labs, governments)
            self.recorder = past.recorder.copied()

    def branch(self, scenario: Scenario) -> Market:
        """A market with the past of this one, which lives on under another scenario: the same bits as one from birth.

        Raises:
            InputError: If the scenarios differ before the quarter that this market has reached.
        """
        own = self.world.scenario
        if scenario.entrants != own.entrants:
            raise InputError(f"{scenario.name} has other labs than {own.name}; run it from the start.")
        begins = first_difference(own, scenario)
        if quarter_number(begins) <= self.world.quarter:
            raise InputError(
                f"{scenario.name} differs from {own.name} from {begins} on, but {quarter_name(self.world.quarter)} is lived "
                "already; branch off earlier, or run it from the start."
            )
        return Market(scenario, len(self.world.firms), self.world.seed, past=self)

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
