"""Labs: what they live on, when they give up, and labs that open."""

import numpy as np
import pytest

import abm
from abm.model import Market
from abm.quarters import quarter_name, quarter_number

FIRMS, SEED = 3_000, 2
BASE = abm.Scenario.load("baseline").replace(end="2029Q4")
CHAMPION = abm.Entrant("champion", "european_union", "2027Q3", "open", behind=8.0, outside_money=5.0)


@pytest.mark.parametrize("failing", ["exit", "open_weights", "stay"])
def test_a_lab_without_money_gives_up_and_its_weights_stay(failing):
    """A year without outside money and with no profit of its own: first the open lab of a region, then a proprietary one."""
    easy = BASE.replace({"cost.hosted_multiple": 1.6, "end": "2028Q2"})  # so that firms take up what hosts are given
    scenario = easy.replace({"research.reinvested": 0.0, "research.failing_labs": failing}).enact(
        *(abm.Intervention("funding_cut", 1.0, "2026Q3", target=f"lab:{lab}") for lab in ("mistral", "anthropic"))
    )
    data = abm.simulate(scenario, firms=FIRMS, seed=SEED).data
    base = abm.simulate(easy, firms=FIRMS, seed=SEED).data

    def users(record, option):
        return float(record["firms"].sel(quarter="2028Q2", option=option).sum())

    gone = failing != "stay"
    for option in ("mistral vendor_api", "anthropic_flagship vendor_api"):
        assert users(base, option) > 0 and (users(data, option) == 0) == gone
    assert users(base, "anthropic_flagship hosted") == 0
    assert (users(data, "anthropic_flagship hosted") > 0) == (failing == "open_weights")
    own = data["capability"].sel(offer="anthropic_flagship")
    paid = data["paid"].sel(
        quarter="2028Q2", payer=["investors", "government:european_union"], payee=["lab:mistral", "lab:anthropic"]
    )
    assert not gone or (not paid.any() and not data["paid"].sel(quarter="2028Q2", payer="lab:anthropic").any())
    stands = float(own.sel(quarter="2028Q2")) == float(own.sel(quarter="2028Q1"))
    assert stands == gone and float(own.sel(quarter="2026Q4")) > float(own.sel(quarter="2026Q2"))


def test_outside_money_has_grown_to_what_it_is_when_the_evidence_ends(measured):
    """Labs that decide from 2023 on: e to the rate of growth times the years that are left; from the end on the same."""
    scenario = BASE.replace({"history": "endogenous", "research.reinvested": 0.0})
    paid = abm.simulate(scenario, firms=800, seed=1).data["paid"].sel(payer="investors", payee="lab:openai")
    rate, tables = scenario.parameters.research.backing_growth, scenario.tables
    budget = 1e9 * tables.figures["labs.outside_money"][tables.lab_names.index("openai")] / 4
    for quarter in ("2023Q2", "2024Q1", "2025Q4", "2026Q2", "2026Q3", "2029Q4"):
        left = max(tables.last_observed - quarter_number(quarter), 0) / 4
        measured(float(paid.sel(quarter=quarter)), budget * np.exp(-rate * left), rtol=1e-9, claim="outside money, USD")


def test_a_lab_goes_on_for_just_a_year_and_takes_no_other_with_it():
    """Money is short from 2026Q3: in 2027Q2 its service is still sold, a quarter later no more; others sell on."""
    scenario = BASE.replace({"research.reinvested": 0.0, "end": "2027Q3"}).enact(
        abm.Intervention("funding_cut", 1.0, "2026Q3", target="lab:openai")
    )
    market = Market(scenario, 1_000, SEED)
    sold, options = {}, market.world.options
    for _ in range(len(scenario.quarters) + scenario.parameters.population.warm_up):
        market.step()
        sold[quarter_name(market.world.quarter)] = market.world.rules.available.any(axis=0)
    names = [BASE.tables.lab_names[lab] for lab in options.offer_lab[options.offer]]
    gone = np.array([name == "openai" for name in names]) & options.at_vendor
    assert sold["2027Q2"][gone].all() and not sold["2027Q3"][gone].any()
    np.testing.assert_array_equal(sold["2027Q3"][~gone], sold["2026Q2"][~gone])


@pytest.fixture(scope="module")
def without():
    return abm.simulate(BASE, firms=FIRMS, seed=SEED).data


def test_until_a_lab_opens_the_world_is_the_same_and_nobody_pays_it(without):
    record = abm.simulate(BASE.replace(entrants=(CHAMPION,)), firms=FIRMS, seed=SEED)
    with_it = record.data
    before = slice(None, "2027Q2")
    for name in ("firms", "tokens", "spend", "price", "capability", "lab_revenue", "trust"):
        known = without[name].sel(quarter=before)
        same = {axis: known[axis] for axis in ("offer", "option", "choice", "lab") if axis in known.dims}
        exact = 0.0 if name == "firms" else 1e-12  # sums over more options are rounded in another order
        np.testing.assert_allclose(with_it[name].sel(quarter=before, **same), known, rtol=exact, err_msg=name)
    paid = with_it["paid"].sel(quarter=before)
    assert not paid.sel(payee="lab:champion").any() and not paid.sel(payer="lab:champion").any()
    users = (
        with_it["firms"]
        .isel(option=(with_it["option_lab"] == "champion").values)
        .sum(("region", "sector", "size", "option"))
    )
    assert not users.sel(quarter=before).any() and users.sel(quarter="2027Q3") > 0
    shares = record.indicator("market_share", by="offer").sel(quarter="2027Q4")
    assert float(shares.sel(offer="champion")) > 0 and float(shares.sum()) == pytest.approx(1)
    assert float(with_it["paid"].sel(payer="investors", payee="lab:champion", quarter="2027Q3")) == 5e9 / 4


def test_a_lab_opens_as_far_behind_the_frontier_as_declared_at_the_cost_of_its_kind(measured):
    for license in ("open", "proprietary"):
        entrant = abm.Entrant("champion", "european_union", "2027Q3", license, behind=8.0)
        market = Market(BASE.replace(entrants=(entrant,)), 800, SEED)
        market.live_until(quarter_number("2027Q3"))
        terms, tables = market.world.terms, market.world.scenario.tables
        new = tables.offer_names.index("champion")
        old = np.arange(len(tables.offer_names)) != new
        measured(terms.capability[old].max() - terms.capability[new], 8.0, rtol=1e-12, claim="points behind")
        alike = old & (np.array(tables.offer_open) == (license == "open"))
        mean = np.exp(np.log(terms.base_cost[alike]).mean())
        measured(terms.base_cost[new], mean, rtol=1e-9, claim="serving cost at one capability")


def test_a_lab_with_more_money_and_a_smaller_distance_wins_more_users():
    def users(**changes):
        entrant = abm.Entrant("champion", "european_union", "2026Q4", "open", **changes)
        data = abm.simulate(BASE.replace(entrants=(entrant,)), firms=FIRMS, seed=SEED).data
        mine = data["firms"].isel(option=(data["option_lab"] == "champion").values)
        return float(mine.sel(quarter="2027Q2").sum())

    assert users(behind=0.0) > users(behind=15.0) > 0


def test_serving_costs_at_one_capability_draw_together(measured):
    """What is left of a distance in logarithms after three years at a rate of 0.8."""
    scenario = BASE.replace({"market.cost_catch_up": 0.8})
    market, costs = Market(scenario, 800, SEED), []
    for quarter in ("2026Q3", "2029Q3"):
        market.live_until(quarter_number(quarter))
        costs.append(np.log(market.world.terms.base_cost))
    above = [cost - cost.min() for cost in costs]
    measured(above[1], above[0] * np.exp(-0.8 * 3), atol=1e-9, claim="log cost over that of the cheapest")


@pytest.mark.parametrize(
    "change, said",
    [({"name": "Bad Name"}, "small letters"), ({"name": "openai"}, "there is a lab"), ({"home": "mars"}, "mars"),
     ({"license": "secret"}, "secret"), ({"behind": -1.0}, "behind"), ({"outside_money": 0.0}, "outside_money"),
     ({"quarter": "2025Q1"}, "2026Q3"), ({"quarter": "2031Q1"}, "2029Q4")],
)  # fmt: skip
def test_labs_that_cannot_open_are_refused(change, said):
    given = CHAMPION.as_dict() | change
    with pytest.raises(abm.InputError, match=said):
        BASE.replace(entrants=(abm.Entrant(**given),))
    with pytest.raises(abm.InputError, match="two entrants"):
        BASE.replace(entrants=(CHAMPION, CHAMPION))


def test_entrants_go_through_a_file_and_may_be_targets():
    scenario = BASE.replace(entrants=(CHAMPION,)).enact(
        abm.Intervention("subsidy", 0.5, "2027Q4", region="european_union", target="lab:champion")
    )
    assert abm.Scenario.from_toml(scenario.to_toml(), scenario.name) == scenario
    assert "champion of european_union opens in 2027Q3" in abm.difference(BASE, scenario)[0]
    assert scenario.digest != BASE.digest
    record = abm.simulate(scenario, firms=800, seed=1)
    assert float(record.data["paid"].sel(payer="government:european_union", quarter="2028Q1").sum()) > 0


def test_what_a_scenario_holds_does_not_move():
    """Capability, list price and price at hosts of one open offer, before and after the evidence ends; others go on."""
    held = {"capability": 140.0, "price": 2.0, "hosted_price": 1.5}
    scenario = BASE.replace({f"offers.deepseek.{name}": value for name, value in held.items()})
    data = abm.simulate(scenario.replace(end="2027Q4"), firms=800, seed=1).data
    for name, value in held.items():
        mine, other = data[name].sel(offer="deepseek"), data[name].sel(offer="qwen")
        assert (mine == value).all() and len(np.unique(other)) > 5
