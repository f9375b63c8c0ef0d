"""What the model does not know, behind the page: series of draws, their intervals, and giving up at once."""

import threading
import time
from concurrent.futures import CancelledError, Future

import numpy as np
import pytest
import solara

import abm
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.scenario.posterior import at_draw
from abm.ui import bands, draws
from abm.ui.bands import Bands, use_bands
from abm.ui.choices import BASELINE, Question
from abm.ui.draws import DrawStore, series_at
from abm.ui.pasts import SEED, Pasts

BASE = abm.Scenario.load(BASELINE)


def test_series_are_the_indicators_of_a_run_from_birth():
    asked = BASE.enact(abm.Intervention("subsidy", 0.5, "2026Q3", region="china", target="all"))
    got = series_at(asked, BASE, 2, 1_000)
    record = abm.simulate(at_draw(asked, 2).replace(shocks=3), firms=1_000, seed=SEED)
    for reading in POPULATIONS:
        expected = record.indicator("penetration", by="region", population=reading).values
        np.testing.assert_array_equal(got["penetration", reading][:, :-1], expected)
    for weight in WEIGHTS:
        np.testing.assert_array_equal(
            got["open_share", weight][:, -1], record.indicator("open_share", weight=weight).values
        )
    np.testing.assert_array_equal(got["spending_hhi", ""][:, -1], record.indicator("spending_hhi").values)


def test_draws_stand_still_while_somebody_waits_for_a_run(monkeypatch):
    monkeypatch.setattr(draws, "FIRMS", 1_000)
    store = DrawStore()
    try:
        store.ask(BASE, BASE, 4).result(timeout=120)
        asked = BASE.enact(abm.Intervention("subsidy", 0.5, "2026Q3", region="china", target="all"))
        store.hold()
        coming = store.ask(asked, BASE, 4)
        end = time.monotonic() + draws._LONGEST / 2  # a run from there takes a tenth of a second
        while time.monotonic() < end:
            store.hold()
            assert not coming.done()
            time.sleep(0.05)
        while not coming.done():  # however long somebody waits
            store.hold()
            assert time.monotonic() < end + 60
            time.sleep(0.05)
    finally:
        store._worker.shutdown()


def test_many_who_ask_share_a_run_and_a_killed_worker_is_replaced(monkeypatch):
    monkeypatch.setattr(draws, "FIRMS", 1_000)
    store = DrawStore()
    try:
        first = store.ask(BASE, BASE, 4)
        assert store.ask(BASE, BASE, 4) is first, "a run on its way is not begun again"
        expected = series_at(BASE, BASE, 4, 1_000)
        for name, values in first.result(timeout=120).items():
            np.testing.assert_array_equal(values, expected[name])
        (killed,) = store._worker._processes.values()
        killed.kill()
        killed.join()
        store.ask(BASE, BASE, 5).exception(timeout=120)  # lost with the worker, unless its end was noticed before
        again = store.ask(BASE, BASE, 5).result(timeout=120)
        assert again.keys() == expected.keys()
        store.close()
        with pytest.raises(CancelledError):
            store.ask(BASE, BASE, 7)
    finally:
        store._worker.shutdown()


def test_a_newer_question_ends_the_wait_for_an_older_one(monkeypatch):
    """Draws of the first question never come; those of the second are there at once."""

    class Slow:
        closed = False

        def ask(self, scenario, before, draw):
            coming = Future()
            if scenario.interventions and scenario.interventions[0].kind == "training":
                waiting.append(threading.current_thread())
            else:
                coming.set_result({("spending_hhi", ""): np.full((3, 1), float(draw))})
            return coming

    @solara.component
    def Asking(question):
        task, progress, _ = use_bands(question, True)
        seen.append((task.latest, progress.value))
        solara.Text("")

    def until(true):
        end = time.monotonic() + 30
        while not true():
            assert time.monotonic() < end
            time.sleep(0.02)

    waiting, seen = [], []
    monkeypatch.setattr(bands, "STORE", Slow())
    first, second = (Question().moved(kind, level=0.1) for kind in ("training", "subsidy"))
    _, rc = solara.render(Asking(first), handle_error=False)
    until(lambda: waiting)
    assert all(latest is None for latest, _ in seen)
    rc.render(Asking(second))
    until(lambda: seen[-1][0] is not None and seen[-1][0].draws == draws.DRAWS and not waiting[0].is_alive())
    assert {latest.question for latest, _ in seen if latest is not None} == {second} and seen[-1][1] == 100
    rc.close()


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
