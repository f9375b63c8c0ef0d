"""Indicators worked out a second time, row by row in a table of all cells."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import abm

CELL = ("region", "sector", "size")


@pytest.fixture(scope="module")
def record():
    """A run in which a lab publishes its weights and a new lab opens, so that licences and offers change."""
    leak = abm.Intervention("open_weights_mandate", 1.0, "2026Q3", region="united_states", target="license:proprietary")
    champion = abm.Scenario.load("european_champion")
    return abm.simulate(champion.replace(start="2026Q1", end="2028Q4").enact(leak), firms=2_000)


@pytest.fixture(scope="module")
def rows(record):
    """A row for each quarter and cell, with what is true of its option in that quarter."""
    frame = record.data[["firms", "employment", "tokens", "spend"]].to_dataframe().reset_index()
    published = record.data["published"].to_series()
    at = pd.MultiIndex.from_frame(frame[["quarter", "option_offer"]])
    frame["open"] = frame["option_open"].astype(bool) | (published.reindex(at).to_numpy() > 0)
    frame["abroad"] = (frame["option_origin"] != frame["region"]) & (frame["option_origin"] != "")
    frame["run_abroad"] = (frame["option_operator"] != frame["region"]) & (frame["option_operator"] != "")
    frame["uses"] = frame["option"] != "none"
    return frame


def share(part, whole, weight, by):
    """Share of the weight in `part` by quarter and `by`; nan of nothing."""
    keys = ["quarter", *by]
    total = whole.groupby(keys, sort=False)[weight].sum()
    inside = part.groupby(keys, sort=False)[weight].sum().reindex(total.index, fill_value=0.0)
    return inside / total.where(total > 0)


def agree(indicator, expected):
    got = indicator.to_series().reindex(expected.index)
    np.testing.assert_allclose(got, expected, rtol=1e-10, atol=1e-13)


BY = [by for many in range(3) for by in combinations(CELL, many)]


@pytest.mark.parametrize("by", BY, ids=lambda by: " ".join(by) or "world")
def test_shares_are_those_of_the_rows(record, rows, by):
    assert rows["open"].any() and rows["abroad"].any()
    for population, weight in (("firms_10plus", "firms"), ("firms_all", "firms"), ("employment", "employment")):
        members = rows[rows["size"] != "micro"] if population == "firms_10plus" else rows
        expected = share(members[members["uses"]], members, weight, by)
        agree(record.indicator("penetration", by=by, population=population), expected)
    users = rows[rows["uses"]]
    for weight in ("firms", "tokens", "spend"):
        for name, which in (("open_share", "open"), ("foreign_origin", "abroad"), ("foreign_operator", "run_abroad")):
            agree(record.indicator(name, by=by, weight=weight), share(users[users[which]], users, weight, by))
        for group in ("offer", "lab"):
            summed = users.groupby(["quarter", *by, f"option_{group}"], sort=False)[weight].sum()
            whole = summed.groupby(["quarter", *by], sort=False).transform("sum")
            expected = (summed / whole.where(whole > 0)).rename_axis(["quarter", *by, group])
            agree(record.indicator("market_share", by=(*by, group), weight=weight), expected)


def test_published_weights_count_as_open(record, rows):
    assert rows.loc[rows["open"], "option_open"].eq(False).any()
    named = rows.loc[rows["open"] & ~rows["option_open"].astype(bool) & (rows["firms"] > 0)]
    assert len(named) > 0


def test_an_offer_has_one_lab(record):
    with pytest.raises(abm.InputError, match="not by both"):
        record.indicator("market_share", by=("offer", "lab"))


@pytest.mark.parametrize(
    ("name", "by", "how", "where"),
    [
        ("penetration", ("sector",), {"population": "employment"}, {"quarter": "2027Q4", "region": "china"}),
        ("market_share", ("offer",), {"weight": "tokens"}, {"region": "european_union"}),
        ("open_share", (), {"weight": "spend"}, {"size": "large", "sector": "finance"}),
        ("surplus", ("size", "region"), {}, {}),
        ("spending_hhi", (), {}, {"quarter": "2026Q4"}),
    ],
)
def test_values_at_a_place_are_those_selected_by_name(record, name, by, how, where):
    chosen = tuple(one for one in where if one != "quarter")
    expected = record.indicator(name, by=(*chosen, *by), **how).sel(where)
    kept = [one for one in ("quarter", *by) if one not in where]
    assert list(expected.dims) == kept
    found = record.at(name, by=by, **how, **where)
    np.testing.assert_array_equal(found, expected.to_numpy())
    assert [record.listed(one) for one in by] == [expected[one].to_numpy().tolist() for one in by]


def test_values_at_a_place_that_is_not_there_are_refused_and_none_can_be_changed(record):
    with pytest.raises(abm.InputError, match="atlantis"):
        record.at("penetration", region="atlantis")
    with pytest.raises(ValueError, match="read-only"):
        record.at("penetration", region="china")[0] = 1.0
