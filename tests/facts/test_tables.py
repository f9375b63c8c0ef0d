"""The data tables: every row has its source, and the margins are the published ones."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from abm.quarters import quarter_number
from abm.scenario.loading import load_tables
from abm.scenario.tables import DATA
from abm.theory.distribution import pareto_exponent

TABLES = load_tables()
GRADES = {"primary", "press", "derived", "assumed"}
SOURCED = sorted(set(TABLES.frames) - {"sources"})
FIGURES = [name for name in SOURCED if "value" in TABLES.frames[name]]


@pytest.mark.parametrize("name", SOURCED)
def test_every_row_has_a_source_and_a_grade(name):
    frame = TABLES.frames[name]
    known = set(TABLES.frames["sources"]["source"])
    for row in frame.itertuples():
        assert isinstance(row.source, str) and row.source, f"{name}.csv row {row.Index + 2} lacks its source"
        assert set(row.source.replace(";", " ").split()) <= known, f"{name}.csv row {row.Index + 2}: {row.source}"
        assert row.grade in GRADES, f"{name}.csv row {row.Index + 2}: grade {row.grade}"
        if row.grade == "assumed":
            assert isinstance(row.note, str) and row.note, (
                f"{name}.csv row {row.Index + 2} is assumed, without a reason"
            )


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_has_unit_and_period(name):
    frame = TABLES.frames[name]
    assert frame["unit"].notna().all()
    assert frame["period"].notna().all()


def test_sources_have_a_title_and_an_address_unless_assumed():
    for row in TABLES.frames["sources"].itertuples():
        assert isinstance(row.title, str) and row.title
        assert isinstance(row.url, str) or row.quality in ("assumed", "provisional"), row.source


def test_no_table_is_left_out():
    """All but the draws of the posteriors are read as tables."""
    assert {path.stem for path in DATA.glob("*.csv")} - {"posterior_fit", "posterior_all"} == set(TABLES.frames)


def eu(array):
    return array[TABLES.region_names.index("european_union")]


def test_eu_margins_are_eurostats():
    """Eurostat 2023: 33.1 million enterprises, 162.2 million employed, 53 and 246 thousand large and medium firms.

    Agriculture and public administration lie outside Eurostat's business economy.
    """
    inside = [i for i, s in enumerate(TABLES.sector_names) if s not in ("agriculture", "public_administration")]
    firms, workers = eu(TABLES.firms)[inside], eu(TABLES.employees)[inside]
    size = {name: i for i, name in enumerate(TABLES.size_names)}
    assert firms.sum() == pytest.approx(33.1e6, rel=0.01)
    assert workers.sum() == pytest.approx(162.2e6, rel=0.01)
    assert firms[:, size["large"]].sum() == pytest.approx(53e3, rel=0.02)
    assert firms[:, size["medium"]].sum() == pytest.approx(246e3, rel=0.02)
    assert workers[:, size["large"]].sum() / workers.sum() == pytest.approx(0.37, abs=0.01)


def test_us_firms_are_the_census_figure():
    """Census SUSB 2018/19: 5,771,290 employer firms."""
    us = TABLES.firms[TABLES.region_names.index("united_states")]
    inside = [i for i, s in enumerate(TABLES.sector_names) if s != "public_administration"]
    assert us[inside].sum() == pytest.approx(5_771_290, rel=0.03)


def test_world_gdp_adds_up():
    """IMF WEO October 2025: 117.17 trillion USD."""
    assert TABLES.figures["regions.gdp"].sum() == pytest.approx(117.17, rel=0.01)


def test_every_class_mean_lies_inside_its_class():
    for (_, _, z), firms in np.ndenumerate(TABLES.firms):
        assert firms >= 0
        low, high = TABLES.size_bounds[z]
        assert 1 <= low < high
    for r, s, z in zip(*np.nonzero(TABLES.firms), strict=True):
        low, high = TABLES.size_bounds[z]
        high = min(high, TABLES.figures["regions.largest_employer"][r])
        exponent = pareto_exponent(TABLES.employees[r, s, z] / TABLES.firms[r, s, z], low, high)
        assert -6 < exponent < 6, (TABLES.region_names[r], TABLES.sector_names[s], TABLES.size_names[z])


def test_frontiers_are_epochs():
    """Epoch Capabilities Index: GPT-4 126.1, DeepSeek-V3 136.6, Gemini 3 Pro 153.8 at the quarter ends."""
    frame = TABLES.frames["frontier_history"].set_index(["frontier", "quarter"])["value"]
    assert frame["closed", "2023Q1"] == 126.1
    assert frame["open", "2024Q4"] == 136.6
    assert frame["closed", "2025Q4"] == 153.8


def test_no_offer_is_above_its_frontier_and_capability_never_falls():
    frontier = TABLES.frames["frontier_history"].pivot(index="quarter", columns="frontier", values="value")
    best = frontier[["closed", "open"]].max(axis=1).to_numpy()
    capability = TABLES.history["capability"]
    assert (capability <= best[:, None] + 1e-9).all()
    assert (np.diff(capability, axis=0) >= 0).all()
    leading = capability[:, ~np.array(TABLES.offer_open)].max(axis=1)
    np.testing.assert_allclose(leading, frontier["closed"], atol=0.11)


def test_us_labs_do_not_sell_in_china():
    china = TABLES.region_names.index("china")
    for lab in ("openai", "google", "anthropic"):
        assert not TABLES.sold[china, TABLES.lab_names.index(lab)]


def test_ai_plus_targets():
    """Guofa [2025] No. 11: above 70% by 2027 and 90% by 2030."""
    targets = TABLES.frames["targets"].set_index("quarter")["value"]
    assert targets["2027Q4"] == 0.70
    assert targets["2030Q4"] == 0.90


def test_built_tables_are_the_shipped_ones():
    script = Path(__file__).parents[2] / "experiments" / "build_data_tables.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_offers_open_with_their_first_model():
    """In the quarter of its first published figure an offer opens; before it, its rows are placeholders."""
    history, offers = TABLES.frames["offer_history"], TABLES.frames["offers"].set_index("offer")
    for name, opens in offers["opens"].dropna().items():
        rows = history[(history["offer"] == name) & (history["quantity"] == "capability")]
        assert rows[rows["grade"] == "primary"]["quarter"].min() == opens, name
        assert TABLES.offer_opens[TABLES.offer_names.index(name)] == quarter_number(opens)
    assert TABLES.offer_behind[TABLES.offer_names.index("deepseek")] == pytest.approx(132.6 - 125.8)


def test_nobody_uses_an_offer_before_it_opens(history):
    for name, opens in TABLES.frames["offers"].set_index("offer")["opens"].dropna().items():
        used = history.indicator("market_share", by="offer").sel(offer=name)
        before = [q for q in history.quarters if q < opens]
        assert len(before) > 1 and float(used.sel(quarter=before).max()) == 0 and float(used.sel(quarter=opens)) > 0
