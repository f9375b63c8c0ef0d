"""What the page says of a sweep: a map, how much each factor matters, and sentences."""

import json

import numpy as np
import pytest
from onsweep import LATEST, points, whole
from page.toy_sweeps import KEPT, LEVERS, store_of

from abm import figures
from abm.sweep.analysis import goal_of, points_of
from abm.ui.sweeps.findings import Asked, others, sensitivity
from abm.ui.sweeps.map_card import map_shown
from abm.ui.sweeps.maps import by_influence, chosen, map_of, mapped
from abm.ui.sweeps.naming import factor_labels
from abm.ui.sweeps.sensitivity import sensitivity_shown
from abm.ui.sweeps.sentences import sentence


class TestMap:
    def test_a_grid_has_the_means_of_its_runs(self, read):
        sweep = read("grid")
        found = map_of(points(sweep), None)
        means = sweep.of_quarter(LATEST).groupby(["subsidy", "interaction.strength"])["adoption"].mean().unstack()
        assert found.tipping is not None and found.means.shape == (9, 8)
        np.testing.assert_allclose(found.means, means.to_numpy())
        np.testing.assert_allclose(found.across.values, means.index)
        np.testing.assert_allclose(found.up.values, means.columns)
        assert (found.points == 1).all()
        turned = map_of(points(sweep), None, "interaction.strength")
        np.testing.assert_allclose(turned.means, found.means.T)

    def test_spread_points_are_averaged_in_parts_of_the_ranges(self, read):
        sweep = read("spread")
        found = map_of(points(sweep), None, "training", "subsidy")
        assert found.tipping is None and found.across.cut and found.means.shape == (8, 8)
        rows = sweep.of_quarter(LATEST)
        rows = rows[rows["error"] == ""]
        cells = [np.floor(rows[name] / LEVERS[name]["high"] * 8).astype(int) for name in ("training", "subsidy")]
        expected = rows.groupby(cells)["adoption"].mean().unstack()
        np.testing.assert_allclose(found.means, expected.reindex(range(8)).reindex(range(8), axis=1))
        assert found.points.sum() == len(rows)
        np.testing.assert_allclose(found.up.values[0], 0.6 / 16)

    def test_the_most_influential_factors_come_first(self, read):
        for name in ("spread", "indices", "screening"):
            at = points(read(name))
            order = by_influence(at, mapped(at.study))
            assert order[0] == "subsidy" and set(order[:3]) == {"subsidy", "training", "interaction.strength"}
            assert "draw" not in order
        assert chosen("a", "a", ["b", "a"]) == ("a", "b")

    def test_cells_of_a_screening_are_its_levels(self, read):
        found = map_of(points(read("screening")), None, "subsidy", "training")
        np.testing.assert_allclose(found.across.values, np.linspace(0, 0.6, 6))
        assert not found.across.cut and found.points.sum() == 240

    def test_names_stand_at_the_side_and_draws_make_no_axis(self, tmp_path):
        names = ["baseline", "price_war", "ai_plus"]
        store = store_of(tmp_path / "names", {
            "factors": {"scenario": {"values": names}, "subsidy": LEVERS["subsidy"] | {"levels": 4}, "draw": {"levels": 2}},
            "design": {"method": "full_factorial"},
        })  # fmt: skip
        rows = store.table().to_pandas()
        found = map_of(points_of(store.study, rows, "adoption", LATEST), None)
        assert found.up.values == tuple(names) or found.across.factor.name != "scenario"
        draws = store_of(
            tmp_path / "draws", {"factors": {"draw": {}}, "design": {"method": "latin_hypercube", "points": 9}}
        )
        assert mapped(draws.study) == []

    def test_the_card_says_what_it_shows(self, read, language):
        for name in ("spread", "grid", "screening"):
            sweep = read(name)
            for indicator in KEPT:
                found = map_of(
                    points(sweep, indicator), goal_of("adoption > 50%", KEPT) if indicator == "adoption" else None
                )
                shown = map_shown(found, sweep.study, indicator, LATEST, figures.LIGHT)
                json.dumps(shown.option, allow_nan=False)
                assert whole(shown.title) and whole(shown.note) and whole(shown.label)
                assert shown.numbers.count("<tr>") == len(found.up.values) + 1
                assert {len(column) for column in shown.columns.values()} == {found.means.size}
        assert bool(shown.option["legend"]["show"]) is (name == "grid" or found.goal is not None)


class TestSensitivity:
    @pytest.mark.parametrize(("name", "method"), [("spread", "pawn"), ("indices", "sobol"), ("screening", "morris")])
    def test_the_design_decides_the_method(self, read, language, name, method):
        sweep = read(name)
        (found,) = sensitivity(Asked(sweep, "adoption", LATEST))
        (finding,) = found.findings
        assert finding.method == method and not found.refused
        shown = sensitivity_shown(finding, sweep.study, figures.DARK)
        json.dumps(shown.option, allow_nan=False)
        assert whole(shown.title) and whole(shown.note) and whole(shown.label)
        first = finding.table["factor"][0]
        assert first == "subsidy" and factor_labels(sweep.study)[first] in shown.note
        assert shown.option["yAxis"]["data"][0] == factor_labels(sweep.study)[first]
        assert len(next(iter(shown.columns.values()))) == len(finding.table)

    def test_why_there_is_none_is_said(self, read):
        (found,) = sensitivity(Asked(read("grid"), "adoption", LATEST))
        assert not found.findings and "needs 100 points" in found.refused[0]

    def test_sentences_of_all_methods(self, read, language):
        for name, goal, methods in (
            ("grid", "", ["convergence"]), ("spread", "adoption >= 50%", ["prim", "cart"]), ("indices", "", []),
            ("spread", "outlay <= 5e9", ["prim", "cart"]),
        ):  # fmt: skip
            sweep = read(name)
            *_, found = others(Asked(sweep, "adoption", LATEST, goal))
            assert [one.method for one in found.findings] == methods
            assert all(whole(sentence(one, sweep.study)) for one in found.findings)
        *_, found = others(Asked(sweep, "adoption", LATEST, "adoption >= 2"))
        assert "points or more that meet the goal" in found.refused[0]
