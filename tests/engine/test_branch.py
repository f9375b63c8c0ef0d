"""A run that branches off is the run from birth, bit for bit."""

import pytest

import abm
from abm.model import market_of
from abm.quarters import quarter_number
from abm.scenario.differing import first_difference
from abm.simulation import continued

FIRMS, UNTIL = 2_000, "2026Q2"


@pytest.fixture(scope="module")
def past():
    market = market_of(abm.Scenario.load("baseline").replace(end="2029Q4"), FIRMS, seed=3)
    market.live_until(quarter_number(UNTIL))
    return market


def later_presets():
    """Scenarios of the library that are the baseline until the evidence ends, and have its labs."""
    base = abm.Scenario.load("baseline")
    presets = {name: abm.Scenario.load(name) for name in abm.library()}
    return [n for n, one in presets.items() if first_difference(base, one) > UNTIL and not one.entrants]


@pytest.mark.parametrize("name", later_presets())
def test_a_branch_is_the_run_from_birth(past, name):
    scenario = abm.Scenario.load(name).replace(end="2029Q4")
    told = []
    branch = continued(past, scenario, lambda *quarters: told.append(quarters))
    assert branch.data.identical(abm.simulate(scenario, FIRMS, seed=3).data)
    assert len(told) == 14 and told[-1] == (36, 36)


def test_the_past_goes_on_by_itself_after_others_have_branched_off(past):
    base = past.world.scenario
    before = past.recorder.record(past.world).data
    first, second = (
        past.branch(base),
        past.branch(base.enact(abm.Intervention("ban", 1.0, "2026Q3", target="lab:openai"))),
    )
    for one in (second, first):
        one.live_until(one.world.last)
    assert past.world.quarter == quarter_number(UNTIL)
    assert past.recorder.record(past.world).data.identical(before)
    assert first.recorder.record(first.world).data.identical(abm.simulate(base, FIRMS, seed=3).data)


def test_a_past_that_is_another_one_is_refused(past):
    base = past.world.scenario
    with pytest.raises(abm.InputError, match="2026Q1"):
        past.branch(base.enact(abm.Intervention("training", 0.1, "2026Q1", region="china")))
    with pytest.raises(abm.InputError, match="2023Q1"):
        past.branch(base.replace({"interaction.strength": 0.5}))
    with pytest.raises(abm.InputError, match="other labs"):
        past.branch(abm.Scenario.load("european_champion").replace(end="2029Q4"))
