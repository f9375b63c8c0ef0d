"""Targets are published figures, split by date, and the model's side of each is what its words say."""

import numpy as np
import pandas as pd
import pytest

import abm
from abm.calibration.design import free
from abm.calibration.moments import measured, to_evidence
from abm.calibration.targets import FIT, HELD_OUT, SHIFTS, targets
from abm.scenario.loading import load_tables

TARGETS = {one.moment: one for one in targets()}
TABLES = load_tables()


@pytest.fixture(scope="module")
def records():
    base = to_evidence(abm.Scenario.load("baseline"))
    assert base.end == "2026Q2"
    return {name: abm.simulate(base.replace(history=name), firms=2_000) for name in ("observed", "endogenous")}


def test_each_target_has_a_source_and_names_that_exist():
    assert len(TARGETS) == len(targets()) > 60
    known = set(TABLES.frames["sources"]["source"])
    for one in targets():
        assert one.source in known and one.grade in ("primary", "press", "derived") and one.error > 0, one.moment
        assert one.first <= one.last and one.split in (FIT, HELD_OUT) and one.shift in ("", *SHIFTS), one.moment
        assert set(one.region.split("+")) <= {*TABLES.region_names, "world"}, one.moment
        assert one.indicator != "relative_use" or one.reading in TABLES.region_names, one.moment
        assert set(filter(None, one.sector.split("+"))) <= set(TABLES.sector_names), one.moment


def test_held_out_is_what_was_published_for_2025_and_later():
    """All but capability and prices, whose whole series are in the fit: the labs' own parameters come from there."""
    of_labs = {"capability", "price"}
    for one in targets():
        late = one.last >= "2025Q1" and one.family not in of_labs
        assert one.split == (HELD_OUT if late else FIT), one.moment
    assert {one.family for one in targets() if one.split == HELD_OUT} == {one.family for one in targets()} - of_labs


def test_figures_that_are_also_shown_in_charts_are_the_same():
    """The table of observations is the second place where survey figures were typed."""
    table = TABLES.frames["observations"]
    found = 0
    for one in targets():
        rows = table[table["source"] == one.source]
        if one.family in ("spend", "capability", "price", "use") or one.moment == "china_manufacturing_2026":
            continue  # "above 30%" is no figure; the others are in no chart
        assert np.isclose(rows["value"].astype(float), one.value).any(), one.moment
        found += 1
    assert found > 50


@pytest.mark.parametrize(
    "moment, indicator, where, how",
    [
        ("eu_firms_2024", "penetration", {"region": "european_union"}, {"population": "firms_10plus"}),
        ("us_employment_2025", "penetration", {"region": "united_states"}, {"population": "employment"}),
        ("canada_finance_2024", "penetration", {"region": "other_high_income", "sector": "finance"},
         {"population": "firms_all"}),
        ("eu_large_2024", "penetration", {"region": "european_union", "size": "large"}, {"population": "firms_all"}),
        ("china_people_2024q4", "penetration", {"region": "china"}, {"population": "people"}),
    ],
)  # fmt: skip
def test_shares_are_those_of_the_indicators(records, moment, indicator, where, how):
    """A second way to the same number: the record's indicators, averaged over the target's quarters."""
    one = TARGETS[moment]
    path = records["observed"].indicator(indicator, by=tuple(where), **how).sel(where)
    expected = float(path.sel(quarter=slice(one.first, one.last)).mean())
    assert measured(one, records) == pytest.approx(expected, rel=1e-12)


def test_sums_over_regions_and_sectors_weigh_by_firms(records):
    one = TARGETS["router_open_2025q4"]
    data = records["observed"].data.sel(quarter="2025Q4", size="small")
    open_, all_ = 0.0, 0.0
    for region in ("united_states", "european_union"):
        for sector in ("information", "professional"):
            tokens = data["tokens"].sel(region=region, sector=sector).to_numpy()[1:]
            open_ += tokens[data["option_open"].to_numpy()[1:]].sum()
            all_ += tokens.sum()
    assert measured(one, records) == pytest.approx(open_ / all_, rel=1e-12)
    spend = records["observed"].data["spend"].sel(quarter="2026Q2").sum()
    assert measured(TARGETS["spend_2026"], records) == pytest.approx(4 * float(spend), rel=1e-12)


def test_frontiers_are_those_of_labs_that_decide_for_themselves(records):
    data = records["endogenous"].data.sel(quarter="2025Q4")
    best = pd.Series(data["capability"].values).groupby(data["offer_open"].values).max()
    assert measured(TARGETS["frontier_2025q4"], records) == best[False]
    assert measured(TARGETS["open_frontier_2025q4"], records) == best[True]


def test_prices_are_those_of_labs_that_decide_for_themselves(records):
    data = records["endogenous"].data
    one = TARGETS["flagship_price_2025q4"]
    prices = [float(data["price"].sel(offer=name, quarter="2025Q4")) for name in one.reading.split("+")]
    assert len(prices) == 3 and measured(one, records) == pytest.approx(np.prod(prices) ** (1 / 3), rel=1e-12)
    least = {}
    for quarter in ("2023Q1", "2024Q4"):
        now = data.sel(quarter=quarter)
        able = [k for k in range(len(now["offer"])) if now["served"][k] >= 126.1]
        asked = np.array([[now["price"][k], now["hosted_price"][k]] for k in able])
        least[quarter] = np.nanmin(asked)
    fall = measured(TARGETS["gpt4_level_price_fall"], records)
    assert fall == pytest.approx(least["2023Q1"] / least["2024Q4"], rel=1e-12) and least["2023Q1"] == 37.5


def test_flagships_prices_are_those_of_the_history(records):
    """A third way to the published figure: the observed world has it."""
    for one in targets():
        if one.indicator == "price":
            prices = records["observed"].data["price"].sel(offer=one.reading.split("+"), quarter=one.first)
            assert one.value == pytest.approx(float(np.exp(np.log(prices).mean())), abs=5e-4), one.moment


def test_use_abroad_is_per_worker(records):
    one = TARGETS["india_use_2025"]
    data = records["observed"].data.sel(quarter="2025Q3")
    india, america = (
        float(data["tokens"].sel(region=r).sum() / data["employment"].sel(region=r).sum())
        for r in ("india", "united_states")
    )
    assert measured(one, records) == pytest.approx(india / america, rel=1e-12)
    assert one.value == pytest.approx(0.27 / 3.62, rel=1e-3)


def test_chinese_models_are_those_of_chinese_labs(records):
    data = records["observed"].data.sel(quarter="2026Q2", size="small", sector=["information", "professional"])
    tokens = (
        data["tokens"].sel(region=["united_states", "european_union"]).sum(["region", "sector"]).to_series().iloc[1:]
    )
    chinese = tokens[[name.startswith(("deepseek", "qwen", "doubao")) for name in tokens.index]]
    assert measured(TARGETS["makers_chinese_2026q2"], records) == pytest.approx(chinese.sum() / tokens.sum(), rel=1e-12)


def test_scales_go_there_and_back():
    for one in targets():
        assert float(one.unscaled(one.scaled(one.value))) == pytest.approx(one.value)
    share = TARGETS["eu_firms_2024"]
    assert float(share.scaled(0.5)) == 0 and float(share.scaled(np.e / (1 + np.e))) == pytest.approx(1)


def test_the_free_parameters_have_priors_within_their_ranges_that_hold_the_defaults():
    baseline = abm.Scenario.load("baseline")
    for name, one in free().items():
        low, high = one.prior
        assert one.low <= low < high <= one.high, name
        assert (one.at(0.0), one.at(1.0)) == pytest.approx((low, high)), name
        if name.startswith("regions."):
            _, region, column = name.split(".")
            value = baseline.tables.figures[f"regions.{column}"][baseline.tables.region_names.index(region)]
        else:
            value = baseline.parameters.get(name)
        assert low <= value <= high, name
