"""A world in which much happens, up to any verb of any quarter, and its firms by name."""

import numpy as np

import abm
from abm.dynamics.decide import decide
from abm.dynamics.learn import learn
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.dynamics.use import use
from abm.model import Market
from abm.quarters import quarter_number

BASELINE = abm.Scenario.load("baseline").replace({"start": "2025Q1", "population.warm_up": 4})
VERBS = (regulate, release, decide, use, learn)
EVENTFUL = (
    abm.Scenario.load("baseline")
    .replace(
        {
            "start": "2025Q1",
            "end": "2028Q4",
            "population.warm_up": 4,
            "readiness.training_effect": 0.7,
            "research.commons": 1.7,
            "cost.interest_rate": 0.11,
            "deployments.hosted.price_multiple": 1.3,
            "deployments.self_hosted.price_multiple": 0.6,
        }
    )
    .enact(
        abm.Intervention("subsidy", 0.3, "2025Q2"),
        abm.Intervention("subsidy", 0.5, "2025Q3", region="india", target="license:open"),
        abm.Intervention("training", 0.1, "2025Q2", region="india"),
        abm.Intervention("training", 0.2, "2025Q3", region="india"),
        abm.Intervention("data_localisation", 0.004, "2025Q2", region="china"),
        abm.Intervention("data_localisation", 0.001, "2025Q3", region="china", target="origin:united_states"),
        abm.Intervention("leak", 0.5, "2025Q4", target="lab:openai"),
        abm.Intervention("leak", 0.2, "2025Q4", region="india", target="lab:openai"),
        abm.Intervention("backdoor", 0.3, "2027Q1", target="license:open"),
        abm.Intervention("price_change", -0.5, "2025Q2", target="lab:google"),
        abm.Intervention("price_change", 1.0, "2025Q4", target="offer:google_small"),
        abm.Intervention("export_control", 0.4, "2025Q4", target="origin:china"),
        abm.Intervention("export_control", 0.5, "2025Q4", target="lab:qwen"),
        abm.Intervention("ban", 0.7, "2025Q4", region="european_union", target="origin:china"),
        abm.Intervention("procurement", 0.8, "2025Q3", region="gulf", target="license:open"),
    )
)


def world_before(quarter, scenario=EVENTFUL, firms=4_000):
    """A world at the end of the quarter before, moved on to the quarter named but for its verbs."""
    market = Market(scenario, firms, 3)
    while market.world.quarter < quarter_number(quarter) - 1:
        market.step()
    market.world.quarter += 1
    return market.world


def world_until(verb, quarter, scenario=EVENTFUL):
    """The same after the verbs that come before this one."""
    world = world_before(quarter, scenario)
    for earlier in VERBS[: VERBS.index(verb)]:
        earlier(world)
    return world


class Named:
    """Names and firms of a world, so that equations can be written with them.

    Firms are taken one by one, with the real firms that each stands for, and not from the sums that the verbs read.
    """

    def __init__(self, world):
        self.world, self.tables = world, world.scenario.tables
        self.parameters = world.scenario.parameters
        tables, options, firms = self.tables, world.options, world.firms
        self.offer = [tables.offer_names[j] for j in options.offer]
        self.lab = [tables.lab_names[options.offer_lab[j]] for j in options.offer]
        self.home = [tables.region_names[tables.lab_home[options.offer_lab[j]]] for j in options.offer]
        self.deployment = [tables.deployment_names[d] for d in options.deployment]
        self.open = [tables.offer_open[j] for j in options.offer]
        self.weight = np.repeat(firms.strata.weight, firms.strata.count)
        self.employees, self.readiness = firms.employees.astype(float), firms.readiness.astype(float)
        self.intensity = firms.intensity.astype(float)
        self.wage = tables.figures["regions.wage"][firms.region]
        self.users = np.flatnonzero(firms.option)
        self.used = firms.option[self.users].astype(int) - 1  # the option of each of the users

    def exposure(self):
        """e_s of each firm."""
        demand = self.parameters.demand
        share = self.tables.figures["sectors.exposure"][self.world.firms.sector]
        return (share / demand.exposure_reference) ** demand.exposure_exponent

    def done(self, offers):
        """g(c) of some offers."""
        demand = self.parameters.demand
        distance = self.world.terms.served[offers] - demand.capability_midpoint
        return 1 / (1 + np.exp(-distance / demand.capability_spread))

    def spend(self, firms, options, price):
        """What firms would spend a year on options at a price, USD."""
        demand = self.parameters.demand
        units = self.intensity[firms] * self.employees[firms] * self.readiness[firms] * demand.spend_median
        units = units / demand.reference_price * self.exposure()[firms] * self.done(self.world.options.offer[options])
        return units * (price / demand.reference_price) ** -demand.price_elasticity * price

    def project(self, firms, options):
        """Adoption cost of options to firms, USD, without its subsidy."""
        cost = self.parameters.cost
        multiple = {"vendor_api": 1.0, "hosted": cost.hosted_multiple, "self_hosted": cost.self_hosted_multiple}
        of_deployment = np.array([multiple[name] for name in self.deployment])[options]
        size = (self.employees[firms] / 50) ** cost.size_exponent * (self.wage[firms] / cost.reference_wage) ** 0.5
        return cost.entry_cost * of_deployment * (1 - self.readiness[firms]) * size

    def taste_scale(self, firms):
        """mu, USD."""
        demand, choice = self.parameters.demand, self.parameters.choice
        at_reference = self.intensity[firms] * demand.spend_median * self.exposure()[firms] * self.employees[firms]
        stake = at_reference / (demand.price_elasticity - 1) / (self.wage[firms] * self.employees[firms])
        wage_bill = self.wage[firms] * self.employees[firms]
        return wage_bill * (choice.taste_scale + choice.taste_scale_per_stake * stake)

    def by_region(self, amounts):
        """Sums of amounts of users, weighted, by region."""
        regions = self.world.firms.region[self.users]
        return np.bincount(regions, self.weight[self.users] * amounts, len(self.tables.region_names))
