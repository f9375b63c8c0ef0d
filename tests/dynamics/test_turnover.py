"""Firms that close and others that open in their place."""

import numpy as np
import pytest

import abm
from abm.dynamics.turnover import turn_over
from abm.model import Market
from abm.quarters import quarter_number

RATE = 0.4
BASE = abm.Scenario.load("baseline").replace({"end": "2027Q4", "population.turnover": RATE})


@pytest.fixture(scope="module")
def worlds():
    """A world at the end of 2025, and the same after the turnover of the next quarter."""
    found = []
    for _ in range(2):
        market = Market(BASE, 6_000, 3)
        market.live_until(quarter_number("2025Q4"))
        found.append(market.world)
    found[1].quarter += 1
    turn_over(found[1])
    return found


def test_newcomers_have_no_ai_and_are_as_many_as_the_rate_says(worlds, measured):
    """Binomial, 4 standard errors; nobody else is touched, and no firm's kind, size or intensity changes."""
    before, after = (world.firms for world in worlds)
    new = before.readiness != after.readiness
    chance = 1 - np.exp(-RATE / 4)
    measured(
        new.mean(), chance, atol=4 * np.sqrt(chance * (1 - chance) / len(new)), claim="share of firms that are new"
    )
    assert not after.option[new].any() and (after.taste_quarter[new] == worlds[1].quarter - worlds[1].birth).all()
    assert before.option[new].any()
    for name in ("option", "tenure", "taste", "taste_quarter"):
        np.testing.assert_array_equal(getattr(before, name)[~new], getattr(after, name)[~new])
    for name in ("employees", "intensity"):
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_newcomers_are_as_ready_as_firms_were_at_birth(worlds, measured):
    """Mean and spread of the log-odds, net of region and size, within 4 standard errors."""
    before, after = (world.firms for world in worlds)
    new = before.readiness != after.readiness
    readiness, mean = BASE.parameters.readiness, BASE.tables.figures["regions.readiness_mean"]
    a = after.readiness[new].astype(float)
    rest = np.log(a / (1 - a)) - mean[after.region[new]] - readiness.size_slope * np.log10(after.employees[new] / 50)
    many = new.sum()
    measured(rest.mean(), 0, atol=4 * readiness.spread / np.sqrt(many), claim="mean log-odds beyond region and size")
    measured(rest.std(), readiness.spread, rtol=4 / np.sqrt(2 * many), claim="its spread")


def test_the_books_balance_and_adoption_is_lower_where_users_close():
    """Every dollar paid is received; who opens pays to enter again."""
    records = [abm.simulate(BASE.replace({"population.turnover": rate}), firms=3_000, seed=1) for rate in (0.0, RATE)]
    shares = [r.indicator("penetration").sel(quarter="2027Q4").item() for r in records]
    assert shares[1] < shares[0] - 0.02
    data = records[1].data
    spent = data["spend"].sum(["region", "sector", "size", "option"])
    received = data["paid"].sel(payee=[x for x in data["payee"].values if x.startswith("lab:")] + ["hosts", "hardware"])
    firms = [x for x in data["payer"].values if x.startswith(("firms:", "government:"))]
    np.testing.assert_allclose(received.sel(payer=firms).sum(["payer", "payee"]), spent, rtol=1e-9)
    np.testing.assert_allclose(
        data["firms"].sum(["region", "sector", "size", "option"]), float(BASE.tables.firms.sum()), rtol=1e-9
    )


def test_both_engines_agree_with_turnover():
    numpy, compiled = (
        abm.simulate(BASE.replace(end="2025Q4"), firms=2_000, seed=5, engine=engine).data["firms"]
        for engine in ("numpy", "compiled")
    )
    np.testing.assert_allclose(numpy, compiled, rtol=1e-12)
