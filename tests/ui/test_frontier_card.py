"""The frontiers, the open lag and their card."""

import json

import numpy as np
import pytest

import abm
from abm import figures
from abm.observe.frontier import frontiers, open_lag
from abm.ui import strings
from abm.ui.cards.frontier import frontier_shown
from abm.ui.choices import Question, View
from abm.ui.runs import Answer

LIGHT = figures.LIGHT
RISING = 100 + np.cumsum(np.random.default_rng(3).uniform(0.5, 4.0, 56))


@pytest.fixture(scope="module")
def base():
    return abm.simulate(abm.Scenario.load("baseline"), firms=800)


@pytest.fixture(scope="module")
def closed(base):
    """The baseline against a world without open models."""
    record = abm.simulate(abm.Scenario.load("no_open_models"), firms=800)
    return Answer(Question("no_open_models"), base, record)


def made_up(record, proprietary, opened, published=0.0):
    """A record whose proprietary and open models have the given capability, shape (quarter,)."""
    data = record.data.copy()
    is_open = data["offer_open"].values
    data["capability"] = (("quarter", "offer"), np.where(is_open, opened[:, None], proprietary[:, None]))
    data["published"] = (("quarter", "offer"), np.where(is_open, 0.0, published) * np.ones_like(data["capability"]))
    return abm.Record(data)


def test_a_copy_a_year_later_lags_by_twelve_months(base):
    record = made_up(base, RISING[4:], RISING[:-4])
    proprietary, opened = frontiers(record)
    np.testing.assert_array_equal(proprietary, RISING[4:])
    np.testing.assert_array_equal(opened, RISING[:-4])
    lag = open_lag(proprietary, opened)
    np.testing.assert_allclose(lag[4:], 12.0, atol=1e-6)
    assert np.isnan(lag[:4]).all(), "a lag that began before the record is not known"
    shown = frontier_shown(Answer(Question(), base, record), View(), LIGHT)
    assert "what-if 12.0 months" in shown.note and "open lag, what-if 12.0 months" in shown.label
    assert "more than 9 months" in shown.numbers
    assert f"proprietary, what-if {proprietary[31]:.1f}" in shown.label


def test_the_lag_is_when_the_frontier_passed_that_capability():
    frontier, opened = RISING[:40], RISING[:40] - np.linspace(1, 9, 40)
    lag = open_lag(frontier, opened)
    fine = np.linspace(0, 117, 117_001)
    path = np.interp(fine, 3.0 * np.arange(40), frontier)
    for k in np.flatnonzero(np.isfinite(lag)):
        assert lag[k] == pytest.approx(3.0 * k - fine[np.argmax(path >= opened[k])], abs=0.002)
    assert np.isfinite(lag).sum() > 30


def test_a_frontier_that_stands_still_was_there_at_its_beginning():
    assert open_lag(np.full(5, 120.0), np.array([np.nan, 0, 0, 0, 120.0]))[-1] == pytest.approx(12, abs=1e-3)


def test_models_that_lead_or_are_published_do_not_lag(base):
    ahead = made_up(base, RISING[4:], RISING[4:] + 1)
    published = made_up(base, RISING[4:], RISING[:-4], published=1.0)
    for record in (ahead, published):
        np.testing.assert_allclose(open_lag(*frontiers(record)), 0.0, atol=1e-6)
    assert strings.FRONTIER_PUBLISHED in frontier_shown(Answer(Question(), base, published), View(), LIGHT).note


def test_the_distance_is_the_one_that_is_published(base):
    """Epoch AI, May 2026: open models were 8 ECI points behind from January to May 2026."""
    proprietary, opened = frontiers(base)
    year = [base.quarters.index(quarter) for quarter in ("2026Q1", "2026Q2")]
    np.testing.assert_allclose((proprietary - opened)[year], 8.0, atol=0.5)


def test_a_world_without_open_models_has_no_lag(closed):
    shown = frontier_shown(closed, View(), LIGHT)
    assert strings.NO_OPEN_MODEL in shown.note and f"what-if {strings.NO_OPEN_MODEL}" in shown.label
    empty = next(line for line in shown.option["series"] if line["name"] == "open, what-if")
    json.dumps(shown.option, allow_nan=False)
    assert set(empty["data"]) == {None} and "endLabel" not in empty


def test_what_is_put_aside_is_dotted(closed):
    aside = Answer(closed.question, closed.base, closed.base, (closed.what_if,))
    dotted = [line for line in frontier_shown(aside, View(), LIGHT).option["series"]
              if line["lineStyle"].get("type") == "dotted"]  # fmt: skip
    assert [line["itemStyle"]["color"] for line in dotted] == [LIGHT.proprietary, LIGHT.open]
