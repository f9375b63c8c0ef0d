"""What the model does not know, behind the page: series of draws, their intervals, and giving up at once."""

import numpy as np
import pytest

import abm
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.scenario.posterior import at_draw
from abm.ui import bands
from abm.ui.bands import Bands, DrawStore, series_of
from abm.ui.choices import BASELINE, SEED, Question
from abm.ui.pasts import Pasts
from abm.ui.runs import SupersededError

BASE = abm.Scenario.load(BASELINE)


@pytest.fixture(scope="module")
def store():
    small, bands.FIRMS = bands.FIRMS, 1_000
    yield DrawStore()
    bands.FIRMS = small


def quiet(done, total):
    """No progress."""


def test_series_are_the_indicators_of_a_run_from_birth(store):
    drawn = at_draw(BASE, 2).replace(shocks=3)
    asked = drawn.enact(abm.Intervention("subsidy", 0.5, "2026Q3", region="china", target="all"))
    got = store.series(asked, drawn, quiet)
    record = abm.simulate(asked, firms=1_000, seed=SEED)
    for reading in POPULATIONS:
        expected = record.indicator("penetration", by="region", population=reading).values
        np.testing.assert_array_equal(got["penetration", reading][:, :-1], expected)
    for weight in WEIGHTS:
        np.testing.assert_array_equal(
            got["open_share", weight][:, -1], record.indicator("open_share", weight=weight).values
        )
    np.testing.assert_array_equal(got["spending_hhi", ""][:, -1], record.indicator("spending_hhi").values)
    assert store.series(asked, drawn, None) is got, "a finished run is not run again"


def test_a_newer_choice_ends_a_run(store):
    def superseded(done, total):
        raise SupersededError

    other = at_draw(BASE, 4)
    with pytest.raises(SupersededError):
        store.series(other, other, superseded)
    assert set(store.series(other, other, quiet)) == set(series_of(abm.simulate(other, firms=1_000, seed=SEED)))


def test_a_past_is_shared_and_one_that_differs_earlier_is_not():
    pasts = Pasts(2)
    late = BASE.enact(abm.Intervention("training", 0.1, "2027Q1", region="china"))
    early = BASE.enact(abm.Intervention("training", 0.1, "2025Q1", region="china"))
    shared = pasts.of(late, BASE, 1_000)
    assert shared is pasts.of(BASE, BASE, 1_000) and shared.world.quarter > shared.world.first
    assert pasts.of(early, BASE, 1_000).world.quarter < shared.world.first
    champion = abm.Scenario.load("european_champion")
    assert pasts.of(champion, BASE, 1_000).world.quarter < shared.world.first


def test_intervals_are_quantiles_over_the_draws():
    rng = np.random.default_rng(1)
    base = [{("penetration", "people"): rng.random((5, 9))} for _ in range(12)]
    what_if = [{("penetration", "people"): one["penetration", "people"] + 0.1} for one in base]
    found = Bands(Question(), tuple(base), tuple(what_if))
    column = np.array([one["penetration", "people"][:, 3] for one in base])
    low, high = found.band("penetration", "people", 3, "base")
    np.testing.assert_allclose([low, high], np.quantile(column, [0.05, 0.95], axis=0))
    np.testing.assert_allclose(found.band("penetration", "people", 3, "change"), 0.1)
    assert found.draws == 12
