"""Answers of a posterior, forecasters without a model, puzzles and the page that tells them."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from abm.calibration import answers as answering
from abm.calibration.answers import KEYS, answers, ends, with_misfit
from abm.calibration.calibrate import Calibration
from abm.calibration.check import inside, mean_width, predictions, surveyed
from abm.calibration.coverage import THINNED, Coverage
from abm.calibration.design import free
from abm.calibration.emulator import Emulator
from abm.calibration.forecast import forecast, future_targets
from abm.calibration.kept import Kept, some_of
from abm.calibration.leaving_out import ALONE, of_families, of_regions
from abm.calibration.page import HEADLINES, page
from abm.calibration.posterior import Draws
from abm.calibration.puzzles import Finding, Lived, from_targets
from abm.calibration.report import Report, at_ends, contraction, correlated, nearest, values
from abm.calibration.rivals import rivals
from abm.calibration.targets import FIT, HELD_OUT, SHIFTS, errors, families, published, targets
from abm.figures.posteriors import write_calibration

MANY, HOW_MANY, DRAWS = len(free()), len(targets()), 300


@pytest.fixture(scope="module")
def draws():
    """Draws with a known law: the first parameter half as spread as its prior, the second tied to the third."""
    rng = np.random.default_rng(3)
    z = rng.standard_normal((DRAWS, MANY))
    z[:, 0] *= 0.5
    z[:, 1] = 0.8 * z[:, 2] + 0.6 * z[:, 1]
    shifts, misfit = rng.normal(size=(DRAWS, len(SHIFTS))), 0.01 * rng.random((DRAWS, len(families())))
    return Draws(ndtr(z), 0.01 * shifts, misfit, 1.0, 300.0)


@pytest.fixture(scope="module")
def told():
    """Answers of the model itself at the defaults and where AI is cheap to adopt."""
    kept = Kept([{}, {"cost.entry_cost": 5e3}], np.zeros((2, len(SHIFTS))), np.zeros((2, len(families()))))
    small = answering.FIRMS
    answering.FIRMS = 2_000
    try:
        return answers(kept, 1, lambda *_: None)
    finally:
        answering.FIRMS = small


def test_contraction_and_correlation_are_those_of_the_law(draws):
    part = list(contraction(draws).values())
    assert part[0] == pytest.approx(0.75, abs=0.06) and part[5] == pytest.approx(0.0, abs=0.25)
    (a, b, r), *others = correlated(draws)
    assert {a, b} == set(list(free())[1:3]) and r == pytest.approx(0.8, abs=0.07) and not others
    name, one = next(iter(free().items()))
    assert np.median(values(draws, name)) == pytest.approx(one.at(0.5), rel=0.1)


def test_answers_are_shares_and_cheap_adoption_means_more_users(told):
    assert told["draw"].nunique() == 2 and set(KEYS) < set(told.columns)
    shares = told[told["answer"].isin(["penetration", "open_share", "vendors_part"])]["value"]
    assert shares.between(0, 1).all() and len(shares) > 300
    at = told.set_index([*KEYS, "draw"])["value"].sort_index()
    for population in ("firms_10plus", "firms_all", "employment"):
        path = at.loc[("baseline", "penetration", "china", population)]
        assert path.loc[("2026Q2", 2)] > path.loc[("2026Q2", 1)]
    low, median, high = ends(told)[HEADLINES["firms 10+ in China, 2027"]]
    both = at.loc[HEADLINES["firms 10+ in China, 2027"]]
    assert median == pytest.approx(both.mean()) and low == pytest.approx(both.min() + 0.05 * (both.max() - both.min()))
    assert high > low
    plan, none = (
        at.loc[(name, "penetration", "china", "firms_10plus", "2030Q4", 1)] for name in ("ai_plus", "baseline")
    )
    assert plan > none


def test_a_forecast_is_of_what_comes_after_the_evidence(told):
    assert len(future_targets()) > 50 and all(one.last > "2026Q2" for one in future_targets())
    kept = Kept([{}, {}], np.zeros((2, len(SHIFTS))), np.zeros((2, len(families()))))
    table = forecast(told, kept, "2026-11-26")
    assert list(table["figure"]) == [one.moment for one in future_targets() if one.last >= "2026Q4"]
    assert (table["issued"] == "2026-11-26").all() and len(forecast(told, kept, "2026-09-30")) > len(table)
    assert (table["low"] <= table["median"]).all() and (table["median"] <= table["high"]).all()
    shares = table[table["indicator"].isin(["penetration", "open_share", "chinese_share", "people"])]
    assert shares[["low", "median", "high"]].stack().between(0, 1).all()


def test_survey_error_widens_what_the_model_says():
    kept = Kept([{}] * 4000, np.zeros((4000, len(SHIFTS))), np.full((4000, len(families())), 0.3))
    spread = surveyed(np.zeros((4000, HOW_MANY)), kept).std(axis=0)
    expected = np.hypot([one.error for one in targets()], 0.3)
    assert spread == pytest.approx(expected, rel=0.06)  # four sigma of 4000 draws: 4 / sqrt(8000)


def test_a_logistic_series_is_continued_exactly(monkeypatch):
    """A logistic curve is a line in log-odds: its third point follows from the first two."""
    from dataclasses import replace

    from abm.calibration import rivals as rivalling

    first = next(one for one in targets() if one.moment == "eu_firms_2023")
    start, speed, series = 0.05, 0.6, []
    for k, year in enumerate((2023, 2024, 2025)):
        share = float(1 / (1 + (1 / start - 1) * np.exp(-speed * k)))
        split = HELD_OUT if year == 2025 else FIT
        dates = {"first": f"{year}Q1", "last": f"{year}Q4", "split": split}
        series.append(replace(first, moment=f"eu_firms_{year}", value=share, **dates))
    monkeypatch.setattr(rivalling, "targets", lambda: tuple(series))
    (one,) = rivals()
    assert one.own_slope and float(first.unscaled(one.logistic)) == pytest.approx(series[2].value, rel=1e-9)
    assert float(first.unscaled(one.no_change)) == pytest.approx(series[1].value)


def test_every_figure_is_left_out_with_its_family_and_its_regions():
    masks = of_families()
    assert masks.pop(ALONE).sum() == 1
    assert (np.sum(list(masks.values()), axis=0) == 1).all()
    left_out = {
        name: {one.moment for one, out in zip(targets(), mask, strict=True) if out}
        for name, mask in of_regions().items()
    }
    assert {"eu_firms_2025", "oecd_firms_2024", "enterprise_open_2023"} <= left_out["european_union"]
    assert {"canada_firms_2024", "japan_firms_2023", "oecd_large_2024"} <= left_out["other_high_income"]
    assert left_out["china"] == {ALONE, "china_people_2024q4", "china_people_2025q2", "china_people_2025q4"}
    assert left_out["india"] == {"india_use_2025"} and "india_use_2025" in left_out["united_states"]
    assert set.union(*left_out.values()) == {one.moment for one in targets() if one.region != "world"}


def test_answers_are_off_by_what_the_figures_of_their_kind_miss():
    """In log-odds, by the same in all years and scenarios of a draw, and not where nobody measures."""
    many = 4000
    kept = Kept([{}] * many, np.zeros((many, len(SHIFTS))), np.tile(np.arange(1.0, 1 + len(families())), (many, 1)))
    rows = [
        (draw, scenario, answer, "china", of, "2030Q4", 0.5)
        for draw in range(1, many + 1)
        for scenario, answer, of in (
            ("baseline", "penetration", "firms_10plus"), ("ai_plus", "penetration", "firms_10plus"),
            ("baseline", "penetration", "people"), ("baseline", "open_share", "firms"),
        )
    ]  # fmt: skip
    table = with_misfit(pd.DataFrame(rows, columns=["draw", *KEYS, "value"]), kept)
    at = table.pivot_table("value", "draw", ["scenario", "answer", "of"])
    firms, people = at["baseline", "penetration", "firms_10plus"], at["baseline", "penetration", "people"]
    assert (firms == at["ai_plus", "penetration", "firms_10plus"]).all()
    assert (at["baseline", "open_share", "firms"] == 0.5).all()
    for drawn, family in ((firms, "survey"), (people, "people")):
        size = 1 + families().index(family)
        inner = np.log(drawn / (1 - drawn)).quantile([0.25, 0.75]).to_numpy()
        assert inner == pytest.approx(
            [-0.6745 * size, 0.6745 * size], abs=0.09 * size
        )  # four sigma of a quartile: 0.086
    assert abs(np.corrcoef(firms, people)[0, 1]) < 4 / np.sqrt(many)


def test_parameters_at_an_end_of_their_prior_are_named(draws):
    from dataclasses import replace

    names, points = list(free()), draws.points.copy()
    points[:, 0], points[:, 1] = 0.01, np.where(np.arange(DRAWS) < DRAWS // 2, 0.99, 0.5)
    found = at_ends(replace(draws, points=points))
    assert found == {names[0]: -1.0, names[1]: 0.5}


def test_a_slope_is_borrowed_within_a_family_only():
    found = {one.target.moment: one for one in rivals()}
    assert not np.isfinite(found["china_people_2025q4"].logistic) and not np.isfinite(found["spend_2025"].logistic)
    assert np.isfinite(found["canada_firms_2025"].logistic) and not found["canada_firms_2025"].own_slope
    assert found["enterprise_open_2025"].own_slope and "makers_chinese_2026q2" not in found


def test_puzzles_are_differences_of_published_figures():
    exact = published() + 1e-6 * np.random.default_rng(4).normal(size=(200, HOW_MANY))
    found = from_targets(exact)
    assert all(one.verdict == "yes" and one.median == pytest.approx(one.published, abs=1e-5) for one in found)
    size = next(one for one in found if "large less that of small" in one.what and one.puzzle == 2)
    assert size.published == pytest.approx(1.79, abs=0.01)  # notes of the evidence: 1.79 log-odds in 2025
    assert Finding(1, "", 1.0, 2.0, 3.0, 4.0).verdict == "in direction only"
    assert Finding(1, "", 1.0, -2.0, 0.1, 4.0).verdict == "possible, not typical"
    assert Finding(1, "", -1.0, 0.1, 0.2, 0.3).verdict == "no"
    assert Finding(1, "", 1.0, 0.5, 2.5, 4.0).verdict == "possible, not typical"
    gains = {"expertise": np.array([3.0, 3.0]), "distrust": np.array([2.0, 2.0]), "cost": np.array([1.0, 2.5])}
    assert Lived(np.full(2, 0.69), np.zeros(2), gains).in_order() == 0.5
    assert Lived(np.full(2, 0.69), np.zeros(2), gains).finding().verdict == "yes"


def test_the_nearest_draw_has_the_published_totals_and_answers_in_the_middle():
    rng = np.random.default_rng(2)
    rows = published() + rng.normal(size=(9, HOW_MANY))
    total = np.array([not one.sector and not one.size for one in targets()])
    rows[[3, 4]] = np.where(total, published() + 0.01, rows[4])
    kept = Kept([{}] * 9, np.zeros((9, len(SHIFTS))), np.zeros((9, len(families()))))
    told = pd.DataFrame([(k + 1, "baseline", "a", "r", "o", "2030Q4", abs(k - 4)) for k in range(9)])
    told.columns = ["draw", *KEYS, "value"]
    told["value"] = np.where(told["draw"] == 5, 2.0, told["value"])
    assert nearest(rows, kept, told) == 4 and total.sum() > 30


def test_the_page_tells_what_was_found(draws, told, tmp_path):
    """From made-up draws around the published figures: counts, names and numbers of the page are those of the parts."""
    rng = np.random.default_rng(1)
    kept = some_of(draws, 30)
    around = published() + 0.05 * rng.normal(size=(30, HOW_MANY))
    both = {name: predictions(surveyed(around, kept)) for name in ("fit", "all")}
    coverage = Coverage(rng.integers(0, THINNED + 1, size=(40, MANY)))
    stand_in = Emulator([], np.zeros(HOW_MANY), np.ones(HOW_MANY), 4 * errors() ** 2)
    made = Calibration({"fit": draws, "all": draws}, {"fit": coverage, "all": coverage}, stand_in, 12_345)
    more = Lived(
        np.full(3, 0.5), np.array([-1.0, 1.0, 2.0]), dict.fromkeys(("expertise", "distrust", "cost"), np.ones(3))
    )
    found = Report(
        made, both, {"fit": kept, "all": kept.first(2)}, told, dict.fromkeys(families(), told), {"china": both["all"][:2]},
        from_targets(around), more, 0,
    )  # fmt: skip
    text = page(found, "2026-11-26")
    assert "| 67% of the draws | in most draws |" in text and "12,345 runs" in text
    assert "by 2.0 times a figure's own error" in text and "2026-11-26" in text
    assert f"| `fit` | {100 * inside(both['fit'], FIT):.0f}% | {100 * inside(both['fit'], HELD_OUT):.0f}% |" in text
    for one in targets():
        assert f"| {one.moment} | {one.family} |" in text
    for name in free():
        assert f"| `{name}` |" in text
    width = mean_width([one for one in both["fit"] if one.split == FIT], FIT)["log-odds"]
    assert f"{width:.2f} log-odds" in text
    assert not [line for line in text.splitlines() if line.startswith("|") and line.count("|") < 3]
    write_calibration(found, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"figures.png", "parameters.png", "china.png"}
