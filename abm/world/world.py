"""A world: everything that exists at one moment of a run."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from abm.quarters import quarter_number
from abm.scenario.scenario import Scenario
from abm.theory.diffusion import bass_share
from abm.theory.learning import deployment_trust
from abm.world.actors import Government, Lab, with_past
from abm.world.cells import Cells, born_cells
from abm.world.engine import Engine
from abm.world.firms import Firms
from abm.world.genesis import Count, born_firms
from abm.world.ledger import Ledger
from abm.world.network import Network, born_network
from abm.world.offers import VENDOR_API, Options, Terms
from abm.world.rules import Rules
from abm.world.totals import QUANTITIES, Totals

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Trust:
    """Trust by region, learned and lost over time.

    Attributes:
        origin: Trust in where a model comes from, shape (region, offer).
        operator: Trust in who runs an option, shape (region, option).
        origin_prior: The same before any experience.
        operator_prior: The same before any experience.
    """

    origin: Floats
    operator: Floats
    origin_prior: Floats
    operator_prior: Floats


@dataclass(slots=True)
class World:
    """The state of one run.

    Attributes:
        scenario: The question; never changes.
        seed: The run's seed.
        quarter: Number of the quarter being lived.
        engine: How decisions are computed; no part of the results.
        firms: The sampled firms.
        cells: The real firms by kind, as labs see them.
        network: Who looks at whom.
        options: What can be chosen.
        terms: Capability and prices.
        rules: What governments, labs and the world impose this quarter.
        trust: Trust by region.
        labs: Labs, in the order of the tables.
        governments: Governments, one per region.
        ledger: Who paid whom this quarter.
        totals: What the firms of each kind do together, as of the last decisions.
        people: Share of each region's people that use AI, shape (region,).
        tokens: Use this quarter, million tokens, shape (region, sector, size, option).
    """

    scenario: Scenario
    seed: int
    quarter: int
    engine: Engine
    firms: Firms
    cells: Cells
    network: Network
    options: Options
    terms: Terms
    rules: Rules | None
    trust: Trust
    labs: list[Lab]
    governments: list[Government]
    ledger: Ledger
    totals: Totals
    people: Floats
    tokens: Floats

    @property
    def birth(self) -> int:
        """Quarter number of the quarter before the first one lived."""
        return birth_quarter(self.scenario)

    @property
    def first(self) -> int:
        """Quarter number of the first recorded quarter."""
        return quarter_number(self.scenario.start)

    @property
    def last(self) -> int:
        """Quarter number of the last quarter of the run."""
        return quarter_number(self.scenario.end)

    @property
    def totals_shape(self) -> tuple[int, ...]:
        """Lengths of (region, sector, size, option, quantity)."""
        tables = self.scenario.tables
        kinds = (len(tables.region_names), len(tables.sector_names), len(tables.size_names))
        return (*kinds, len(self.options.offer) + 1, len(QUANTITIES))

    @property
    def observing(self) -> bool:
        """Whether capability and prices of this quarter come from the evidence."""
        tables = self.scenario.tables
        last = tables.last_observed if self.scenario.history == "observed" else self.first
        return self.quarter <= last

    @property
    def opened(self) -> NDArray[np.bool_]:
        """Offers whose labs have opened, shape (offer,)."""
        return max(self.quarter, self.first) >= np.array(self.scenario.tables.offer_opens)

    @property
    def existing(self) -> NDArray[np.bool_]:
        """Offers whose labs have opened and that are not withdrawn from this world, shape (offer,)."""
        exists = self.opened
        for target in self.scenario.withdrawn:
            exists[self.options.offer[self.options.targeted(target, self.scenario.tables)]] = False
        return exists

    def option_trust(self) -> Floats:
        """Trust in each option by region, with what public assurance adds, shape (region, option)."""
        options, origin = self.options, self.trust.origin
        if self.rules is not None:
            origin = origin + self.rules.assurance * (1 - origin)
        return deployment_trust(self.operator_weight, self.trust.operator, origin[:, options.offer])

    @property
    def operator_weight(self) -> Floats:
        """Part of the distrust in each option that is about who runs it, shape (option,)."""
        return self.scenario.tables.figures["deployments.operator_weight"][self.options.deployment]


def branched(past: World, scenario: Scenario, labs: list[Lab], governments: list[Government]) -> World:
    """A world with the past of another one that goes on under another scenario.

    Args:
        past: The world so far; it is not touched.
        scenario: A scenario that differs from the past one's in what governments, labs and events do later on, only.
        labs: Labs as agents, in the order of the tables.
        governments: Governments as agents.
    """
    for lab, old_lab in zip(labs, past.labs, strict=True):
        with_past(lab, old_lab)
    for government, old in zip(governments, past.governments, strict=True):
        with_past(government, old)
    shared = (past.scenario, past.cells, past.network, past.options, past.engine, past.firms.strata, past.labs)
    kept = {id(one): one for one in (*shared, past.governments)}
    return replace(copy.deepcopy(past, kept), scenario=scenario, labs=labs, governments=governments)


def birth_quarter(scenario: Scenario) -> int:
    """Quarter number of the quarter before the first one lived: the start less the warm-up less one."""
    return quarter_number(scenario.start) - scenario.parameters.population.warm_up - 1


def born_trust(scenario: Scenario, options: Options) -> Trust:
    """Trust before any experience, from the surveys in the tables."""
    tables = scenario.tables
    origin = tables.trust_origin[:, options.offer_origin]
    at_vendor = tables.trust_operator[:, options.offer_origin[options.offer]]
    names = np.array(tables.deployment_names)[options.deployment]
    operator = np.where(names == VENDOR_API, at_vendor, np.where(names == "hosted", tables.trust_host[:, None], 1.0))
    return Trust(origin.copy(), operator.copy(), origin, operator)


def people_ceiling(scenario: Scenario) -> Floats:
    """Share of people that ever uses AI, lower where income per head is, shape (region,)."""
    people, figures = scenario.parameters.people, scenario.tables.figures
    income = 1e6 * figures["regions.gdp"] / figures["regions.population"]  # USD per head: trillions over millions
    return people.ceiling * np.minimum(1.0, (income / people.reference_income) ** people.income_elasticity)


def born_people(scenario: Scenario) -> Floats:
    """Share of people that uses AI when the run starts: Bass's from where the evidence begins, shape (region,)."""
    people = scenario.parameters.people
    years = (quarter_number(scenario.start) - scenario.tables.first_observed) / 4
    if not years or not people.innovation:
        return np.zeros(len(scenario.tables.region_names))
    return people_ceiling(scenario) * bass_share(years, people.innovation, people.imitation)


def born_world(
    scenario: Scenario, firms: Count, seed: int, labs: list[Lab], governments: list[Government], engine: Engine
) -> World:
    """Make the world of a scenario at the quarter before its first one.

    Args:
        scenario: The question.
        firms: Number of sampled firms, or "all" for one to one.
        seed: The run's seed.
        labs: Its labs as agents.
        governments: Its governments as agents.
        engine: How decisions are computed.

    Raises:
        InputError: If the sample is too small, or too large for the memory, or a network file cannot be used.
    """
    tables = scenario.tables
    options = Options.of(tables)
    population = born_firms(scenario, firms, seed, engine.threads)
    world = World(
        scenario=scenario,
        seed=seed,
        quarter=birth_quarter(scenario),
        engine=engine,
        firms=population,
        cells=born_cells(scenario),
        network=born_network(population.strata, scenario.parameters.interaction, seed),
        options=options,
        terms=_no_terms(len(tables.region_names), len(tables.offer_names), len(options.offer)),
        rules=None,
        trust=born_trust(scenario, options),
        labs=labs,
        governments=governments,
        ledger=Ledger.of(tables),
        totals=Totals.of(np.zeros((1, 1, 1, 1, len(QUANTITIES)))),
        people=born_people(scenario),
        tokens=np.zeros(0),
    )
    world.totals = Totals.of(np.zeros(world.totals_shape))
    world.tokens = np.zeros_like(world.totals.users("firms"))
    return world


def _no_terms(regions: int, offers: int, options: int) -> Terms:
    """Terms before the first release: nothing is known."""
    return Terms(
        capability=np.full(offers, np.nan),
        served=np.full(offers, np.nan),
        breakthroughs=np.zeros(offers),
        list_price=np.full(offers, np.nan),
        hosted_price=np.full(offers, np.nan),
        base_cost=np.full(offers, np.nan),
        unit_cost=np.full(offers, np.nan),
        option_price=np.full((regions, options), np.nan),
        best_markup=np.full(offers, np.nan),
        prices_found=True,
        withheld=np.zeros((regions, options), bool),
    )
