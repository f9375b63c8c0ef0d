"""Draws of the shipped posteriors: what they change, and what a run makes of them."""

import numpy as np
import pytest

import abm
from abm.calibration.design import free
from abm.scenario import posterior
from abm.scenario.posterior import at_draw, posterior_table
from abm.simulation import drawn

BASE = abm.Scenario.load("baseline")


@pytest.mark.parametrize("name", posterior.POSTERIORS)
def test_shipped_draws_are_of_this_model_and_within_their_priors(name):
    table = posterior_table(name)
    assert len(table) == 200 and set(free()) < set(table)
    for parameter, one in free().items():
        low, high = one.prior
        rounded = 1e-4 * max(abs(low), abs(high))  # five digits are kept
        assert table[parameter].between(low - rounded, high + rounded).all(), parameter


def test_the_defaults_are_one_of_the_draws():
    """Four digits of a draw are typed into the declarations."""
    names = list(free())
    held = {
        name: BASE.tables.figures["regions.readiness_mean"][BASE.tables.region_names.index(name.split(".")[1])]
        if name.startswith("regions.") else BASE.parameters.get(name)
        for name in names
    }  # fmt: skip
    table = posterior_table("all")[names]
    distance = (table / np.array([held[name] for name in names]) - 1).abs().max(axis=1)
    assert distance.min() < 1e-3


def test_a_draw_changes_what_is_estimated_and_nothing_else():
    row = posterior_table("all").iloc[3]
    one = at_draw(BASE, 3)
    for name in free():
        if name.startswith("regions."):
            assert dict(one.figures)[name] == row[name]
        else:
            assert one.parameters.get(name) == row[name]
    assert set(dict(one.figures)) <= set(free())
    fixed = [name for name, _ in BASE.parameters.items() if name not in free()]
    assert all(one.parameters.get(name) == BASE.parameters.get(name) for name in fixed) and len(fixed) > 30


def test_what_a_scenario_changes_itself_stays():
    own = BASE.replace({"interaction.strength": 0.123, "regions.china.readiness_mean": -0.5})
    for one in drawn(own, 3):
        assert (
            one.parameters.interaction.strength == 0.123 and dict(one.figures)["regions.china.readiness_mean"] == -0.5
        )
    assert [one.shocks for one in drawn(own, 3)] == [1, 2, 3]
    assert [one.shocks for one in drawn(own.replace(shocks=7), 2)] == [7, 7]
    assert drawn(own, 0) == [own]


def test_an_ensemble_runs_each_draw_with_each_seed():
    short = BASE.replace(end="2024Q4")
    found = abm.ensemble(short, seeds=2, firms=1_000, draws=3)
    assert [one.seed for one in found] == [1, 2] * 3
    worlds = drawn(short, 3)
    assert [one.digest for one in found] == [world.digest for world in worlds for _ in range(2)]
    again = abm.simulate(worlds[1], firms=1_000, seed=2)
    assert found[3].data.identical(again.data)


def test_intervals_over_draws_are_quantiles_of_the_paired_differences():
    short = BASE.replace(end="2027Q4")
    push = short.enact(abm.Intervention("subsidy", 0.5, "2025Q1", region="china", target="all"))
    done = abm.compare(short, push, seeds=1, firms=1_000, draws=4)
    told = done.paired("penetration", by="region").sel(region="china", quarter="2027Q4")
    gaps = [
        float(
            v.indicator("penetration", by="region").sel(region="china", quarter="2027Q4")
            - b.indicator("penetration", by="region").sel(region="china", quarter="2027Q4")
        )
        for b, v in zip(done.base, done.variant, strict=True)
    ]
    assert len(set(gaps)) == 4
    assert float(told["low"]) == pytest.approx(np.quantile(gaps, 0.05)) and float(told["high"]) == pytest.approx(
        np.quantile(gaps, 0.95)
    )
    assert float(told["difference"]) == pytest.approx(np.mean(gaps))


def test_more_draws_than_there_are_and_unknown_posteriors_are_refused(tmp_path):
    with pytest.raises(abm.InputError, match="200"):
        at_draw(BASE, 200)
    with pytest.raises(abm.InputError, match="fit"):
        posterior_table("prior")
    with pytest.raises(abm.InputError, match="abm calibrate"):
        posterior_table("all", tmp_path)
