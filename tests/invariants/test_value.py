"""What an option is worth to a firm, written out in dollars as the documentation does, for firms one by one."""

import math

import numpy as np

import abm
from abm.dynamics.conditions import conditions_of
from abm.dynamics.reference import Some, option_values, taste_scale


def dollars(world, row, o):
    """V of option o to the firm in a row, USD per year: B - (1 - s) F - R - compliance; and its taste scale mu."""
    firms, scenario = world.firms, world.scenario
    tables, parameters, options, rules = scenario.tables, scenario.parameters, world.options, world.rules
    figure = {name: values for name, values in tables.figures.items()}
    r, s, n, a = firms.region[row], firms.sector[row], float(firms.employees[row]), float(firms.readiness[row])
    offer, deployment = options.offer[o], tables.deployment_names[options.deployment[o]]
    demand, cost = parameters.demand, parameters.cost
    wage_bill = figure["regions.wage"][r] * n
    kappa = demand.spend_median * float(firms.intensity[row])  # USD per worker-year at the reference price
    exposure = (figure["sectors.exposure"][s] / demand.exposure_reference) ** demand.exposure_exponent
    done = 1 / (1 + math.exp((demand.capability_midpoint - world.terms.served[offer]) / demand.capability_spread))
    subsidy = rules.subsidy[r, o]
    price = world.terms.option_price[r, o] * (1 - subsidy)
    tokens = kappa * n * exposure * done * a / demand.reference_price
    tokens *= (price / demand.reference_price) ** -demand.price_elasticity
    benefit = tokens * price / (demand.price_elasticity - 1)
    multiple = {"vendor_api": 1, "hosted": cost.hosted_multiple, "self_hosted": cost.self_hosted_multiple}[deployment]
    project = cost.entry_cost * multiple * (1 - a) * (n / 50) ** cost.size_exponent
    project *= math.sqrt(figure["regions.wage"][r] / cost.reference_wage)
    yearly = cost.interest_rate / (1 - (1 + cost.interest_rate) ** -cost.contract_years)
    code = firms.option[row]
    switches = 0 if code == o + 1 else 1 if code == 0 else cost.switching_share
    public = rules.entry_subsidy[r, o]
    fixed = (cost.maintenance + yearly * switches) * project
    chi = figure["deployments.operator_weight"][options.deployment[o]]
    vouched = 1 - (1 - rules.assurance[r, offer]) * (1 - world.trust.origin[r, offer])
    doubt = chi * (1 - world.trust.operator[r, o]) + (1 - chi) * (1 - vouched)
    borne = rules.liability[r, o] * chi * (1 - world.trust.operator[r, o])  # by the vendor
    distrust = parameters.trust.distrust_cost * figure["sectors.distrust_multiple"][s] * (doubt - borne) * wage_bill
    stake = kappa * n * exposure / (demand.price_elasticity - 1) / wage_bill
    mu = wage_bill * (parameters.choice.taste_scale + parameters.choice.taste_scale_per_stake * stake)
    return benefit - (1 - public) * fixed - distrust - rules.compliance[r, o] * wage_bill, mu


def test_options_are_worth_what_the_formula_says(eventful, lived, measured):
    """300 firms, all options, after four eventful years: in units of each firm's taste scale to 1e-9."""
    scenario = eventful.enact(
        abm.Intervention("subsidy", 0.3, "2026Q1", region="india", target="license:open"),
        abm.Intervention("subsidy", 0.2, "2026Q1", region="china"),
        abm.Intervention("compute_voucher", 0.5, "2026Q1", region="european_union"),
        abm.Intervention("liability", 0.6, "2026Q1", region="european_union"),
        abm.Intervention("assurance", 0.4, "2026Q1", region="united_states", target="license:open"),
        abm.Intervention("price_cap", 2.0, "2026Q1", region="low_income"),
    )
    world = lived(scenario, 4_000, 3).world
    rows = np.random.default_rng(1).choice(len(world.firms), 300, replace=False)
    c, some = conditions_of(world), Some.of(world, rows)
    value, scale = option_values(world, c, some), taste_scale(world, c, some)
    wage_bill = world.scenario.tables.figures["regions.wage"][some.region] * world.firms.employees[rows]
    expected, mu = np.array([[dollars(world, row, o) for o in range(len(c.offer))] for row in rows]).transpose(2, 0, 1)
    measured(wage_bill * scale, mu[:, 0], rtol=1e-9, claim="taste scale mu, USD per year")
    value_in_tastes = wage_bill[:, None] * value / mu
    measured(value_in_tastes, expected / mu, rtol=1e-9, atol=1e-9, claim="value V of an option, in taste scales")
    assert {0, *(world.firms.option[rows] > 0)} == {0, 1}
