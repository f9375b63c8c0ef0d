"""Facts that hold in every world."""

import numpy as np
import pytest
from scipy import stats

import abm
from abm.model import Market
from abm.observe.indicators import INDICATORS
from abm.theory.distribution import pareto_exponent
from abm.world.firms import NO_AI
from abm.world.genesis import born_firms

POLICY = abm.Scenario.load("ai_plus").enact(
    abm.Intervention("ban", 1.0, "2026Q1", region="european_union", target="origin:china"),
    abm.Intervention("data_localisation", 0.004, "2026Q1", region="india"),
    abm.Intervention("incident", 0.5, "2026Q2", target="lab:openai"),
    abm.Intervention("price_change", -0.5, "2026Q1", target="lab:google"),
)


@pytest.fixture(scope="module")
def eventful():
    return abm.simulate(POLICY.replace(end="2027Q4"), firms=4_000, seed=2)


def test_two_runs_with_one_seed_are_bit_identical(small, small_scenario):
    again = abm.simulate(small_scenario, firms=4_000, seed=5)
    assert small.data.identical(again.data)
    other = abm.simulate(small_scenario, firms=4_000, seed=6)
    assert not small.data.equals(other.data)


def test_every_firm_is_somewhere(small, measured):
    """The real firms and workers are those of the tables, in every quarter."""
    tables = small.scenario.tables
    counted = small.data["firms"].sum("option").values
    measured("firms of a kind, counted", counted, tables.firms, rtol=1e-9)


def test_sampled_sizes_follow_the_tables():
    """Sizes put through the distribution function of their class are uniform: Kolmogorov-Smirnov, p > 1e-3.

    The distribution function is that of the Pareto tail whose mean is the table's (Axtell 2001). Means themselves are no
    test in a small sample: the tail of the large class is so heavy that most samples lie below it.
    """
    scenario = abm.Scenario.load("baseline")
    tables = scenario.tables
    firms = born_firms(scenario, 20_000, 3)
    cells = np.stack([firms.region, firms.sector, firms.size], axis=1)
    quantile = np.empty(len(firms))
    for r, s, z in np.unique(cells, axis=0):
        rows = (cells == (r, s, z)).all(axis=1)
        low, high = tables.size_bounds[z]
        high = min(high, tables.figures["regions.largest_employer"][r])
        exponent = pareto_exponent(tables.employees[r, s, z] / tables.firms[r, s, z], low, high)
        quantile[rows] = (1 - (firms.employees[rows] / low) ** -exponent) / (1 - (high / low) ** -exponent)
    for z in range(4):
        assert stats.kstest(quantile[firms.size == z], "uniform").pvalue > 1e-3


def test_shares_lie_between_zero_and_one_and_add_up(eventful, measured):
    for name in ("penetration", "open_share", "foreign_origin", "foreign_operator"):
        values = eventful.indicator(name, by=("region", "size"))
        assert float(values.min()) >= 0 and float(values.max()) <= 1
    for weight in ("firms", "employment", "tokens", "spend"):
        total = eventful.indicator("market_share", by="offer", weight=weight).sum("offer")
        measured(f"shares of all offers by {weight}, added up", total, 1, atol=1e-12)


def test_a_subsidy_is_paid_by_the_treasury_at_its_rate(measured):
    scenario = abm.Scenario.load("baseline").replace(end="2026Q4")
    subsidised = scenario.enact(abm.Intervention("subsidy", 0.4, "2026Q1", region="india"))
    data = abm.simulate(subsidised, firms=3_000, seed=1).data
    use = [str(a) for a in data["payee"].values if str(a).startswith("lab:")] + ["hosts", "hardware", "integrators"]
    for quarter, share in (("2025Q4", 0.0), ("2026Q2", 0.4)):
        flows = data["paid"].sel(payee=use, quarter=quarter).sum("payee")
        public, private = (float(flows.sel(payer=f"{who}:india")) for who in ("government", "firms"))
        measured(f"treasury's part of what is paid in {quarter}", public / (public + private), share, rtol=1e-9)


def test_a_policy_leaves_earlier_quarters_alone():
    base = abm.Scenario.load("baseline").replace(end="2027Q4")
    what_if = base.enact(abm.Intervention("subsidy", 0.5, "2027Q1", region="china"))
    a, b = (abm.simulate(s, firms=3_000, seed=4).data for s in (base, what_if))
    before = {"quarter": slice(None, "2026Q4")}
    assert a.sel(before).equals(b.sel(before))
    assert not a.sel(quarter="2027Q1").equals(b.sel(quarter="2027Q1"))


@pytest.mark.parametrize("kind", ["subsidy", "training", "ban", "data_localisation", "export_control", "incident"])
def test_level_zero_is_no_instrument(kind, small, small_scenario):
    target = {"ban": "origin:china", "export_control": "origin:china", "incident": "origin:china"}.get(kind, "all")
    idle = small_scenario.enact(abm.Intervention(kind, 0.0, "2026Q1", target=target))
    assert abm.simulate(idle, firms=4_000, seed=5).data.equals(small.data)


def test_without_peers_a_better_offer_draws_firms_into_itself_alone():
    """Random utility: a cheaper offer changes the choice of a firm only towards that offer (same luck)."""
    base = abm.Scenario.load("baseline").replace({"interaction.strength": 0, "diffusion.imitation": 0, "end": "2024Q1"})
    cheaper = base.enact(abm.Intervention("price_change", -0.7, "2024Q1", target="offer:mistral"))
    worlds = []
    for scenario in (base, cheaper):
        market = Market(scenario, firms=6_000, seed=9)
        for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up):
            market.step()
        worlds.append(market.world)
    before, after = (w.firms.option for w in worlds)
    moved = before != after
    assert moved.any()
    offers = worlds[1].options.offer[after[moved].astype(int) - 1]
    mistral = worlds[1].scenario.tables.offer_names.index("mistral")
    assert (after[moved] != NO_AI).all() and (offers == mistral).all()


def test_a_banned_offer_has_no_users_left(eventful):
    quarter = {"quarter": slice("2026Q1", None), "region": "european_union"}
    chinese = eventful.data["option_origin"] == "china"
    assert float(eventful.data["firms"].sel(quarter).where(chinese, 0).sum()) == 0


def test_us_labs_have_no_users_in_china(small):
    data = small.data
    closed_us = (data["option_origin"] == "united_states") & ~data["option_open"]
    assert float(data["firms"].sel(region="china").where(closed_us, 0).sum()) == 0


def test_procurement_binds_new_contracts_of_public_organisations():
    base = abm.Scenario.load("baseline").replace(end="2031Q4")
    rule = abm.Scenario.load("open_first").replace(end="2031Q4")
    record = abm.simulate(rule, firms=4_000, seed=1)
    public = record.indicator("open_share", by="sector").sel(sector="public_administration", quarter="2031Q4")
    assert float(public) == 1.0
    free = abm.simulate(base, firms=4_000, seed=1)
    assert float(free.indicator("open_share", by="sector").sel(sector="public_administration", quarter="2031Q4")) < 1


def test_one_firm_has_the_same_attributes_in_any_sample():
    scenario = abm.Scenario.load("baseline")
    few, many = born_firms(scenario, 5_000, 1), born_firms(scenario, 9_000, 1)
    position = {int(i): k for k, i in enumerate(many.id)}
    rows = np.array([position[int(i)] for i in few.id])
    for column in ("employees", "intensity", "readiness"):
        np.testing.assert_array_equal(getattr(few, column), getattr(many, column)[rows])


def test_every_indicator_answers_over_the_quarters(small):
    for name, declared in INDICATORS.items():
        values = small.indicator(name, by="region" if name == "target_distance" else None)
        assert values.dims[0] == "quarter"
        assert values.attrs["units"] == declared.unit
        for by in declared.by:
            assert by in small.indicator(name, by=by).dims


def test_incident_costs_trust_and_it_comes_back(eventful):
    trust = eventful.data["trust"].sel(choice="openai_flagship vendor_api", region="united_states")
    drop = float(trust.sel(quarter="2026Q2") / trust.sel(quarter="2026Q1"))
    assert drop == pytest.approx(0.5, abs=0.03)
    assert float(trust.sel(quarter="2027Q4")) > float(trust.sel(quarter="2026Q2"))


def test_export_controls_hold_back_chinas_labs_only_after_their_date():
    base = abm.Scenario.load("baseline").replace(end="2028Q4")
    control = abm.Scenario.load("export_controls").replace(end="2028Q4")
    a, b = (abm.simulate(s, firms=2_000, seed=1).data["capability"] for s in (base, control))
    assert float(b.sel(offer="deepseek", quarter="2028Q4")) < float(a.sel(offer="deepseek", quarter="2028Q4"))
    assert (a.sel(quarter=slice(None, "2026Q2")) == b.sel(quarter=slice(None, "2026Q2"))).all()
