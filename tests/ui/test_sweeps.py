"""The page of a sweep: which stores it opens, what it says of them, and the study that a question becomes."""

import json
import shutil

import ipyvuetify
import numpy as np
import pytest
import solara
from onsweep import LATEST, points, whole
from page.toy_sweeps import KEPT, LEVERS, MANY, store_of

import abm
from abm import figures
from abm.cli import _exit_code
from abm.observe.indicators import INDICATORS
from abm.sweep.analysis import points_of
from abm.sweep.study import RUN
from abm.ui import strings
from abm.ui.strings import languages, words_of
from abm.ui.sweeps.about import About, Stores, factors_table, indicators_table, spread_in_words
from abm.ui.sweeps.charts import Charts
from abm.ui.sweeps.map_card import map_shown
from abm.ui.sweeps.maps import map_of, mapped
from abm.ui.sweeps.named import name_stores, named
from abm.ui.sweeps.reading import Readings, entry_of
from abm.ui.sweeps.runs import Runs, in_order, reason, runs_table
from abm.ui.sweeps.view import SweepView, href, view_of


class TestStores:
    def test_only_stores_that_were_named_can_be_opened(self, folders, read, tmp_path):
        assert list(named()) == ["spread", "grid", "indices", "screening"]
        for name in ("", "other", "..", str(folders[0]), f"../{folders[0].parent.name}/spread", "spread/parts"):
            with pytest.raises(abm.InputError, match="was opened with this page"):
                read(name)

    def test_a_folder_without_a_store_and_two_of_one_name_are_refused(self, folders, tmp_path, capsys):
        with pytest.raises(abm.InputError, match="is no store of a sweep; make one with"):
            name_stores([tmp_path])
        assert _exit_code(["app", "--no-browser", "--store", str(tmp_path / "none")]) == 2
        assert "is no store" in capsys.readouterr().err
        shutil.copytree(folders[0], tmp_path / "spread")
        with pytest.raises(abm.InputError, match="two stores are called 'spread'"):
            name_stores([folders[0], tmp_path / "spread"])
        name_stores([folders[0], folders[0]])
        assert list(named()) == ["spread"]

    def test_how_far_a_sweep_is(self, read):
        sweep = read("spread")
        assert (sweep.done, sweep.failed, sweep.left, sweep.foreign) == (350, 5, 50, "")
        entry = entry_of("spread")
        assert (entry.runs, entry.done, entry.failed, entry.problem) == (400, 350, 5, "")
        assert len(sweep.of_quarter(LATEST)) == 350

    def test_a_store_is_read_again_when_it_has_grown(self, tmp_path):
        content = {"factors": LEVERS, "design": {"method": "latin_hypercube", "points": 100}}
        store_of(tmp_path / "growing", content, parts=1)
        name_stores([tmp_path / "growing"])
        readings = Readings()
        first = readings.read("growing")
        assert readings.read("growing") is first and first.left == 50
        store_of(tmp_path / "growing", content)
        assert readings.read("growing").left == 0

    def test_what_is_damaged_or_of_another_version_is_said(self, folders, tmp_path):
        def changed(name, change):
            shutil.copytree(folders[0], tmp_path / name)
            change(tmp_path / name)
            name_stores([tmp_path / name])
            return name

        def cut(folder):
            part = min((folder / "parts").iterdir())
            part.write_bytes(part.read_bytes()[:-40])

        def manifest(**entries):
            def write(folder):
                path = folder / "manifest.json"
                path.write_text(json.dumps(json.loads(path.read_text()) | entries))

            return write

        with pytest.raises(abm.InputError, match="is damaged"):
            Readings().read(changed("cut", cut))
        assert Readings().read(changed("older", manifest(abm="0.0.1"))).foreign == "0.0.1"
        study = json.loads((folders[0] / "manifest.json").read_text())["study"]
        for name, part in (("design", {"points": 410}), ("factors", {"subsidy": LEVERS["subsidy"] | {"high": 0.7}})):
            with pytest.raises(abm.InputError, match="lie at other points"):
                Readings().read(changed(f"other_{name}", manifest(study=study | {name: study[name] | part})))
        broken = changed("broken", manifest(study={"surprise": 1}))
        assert "surprise" in entry_of(broken).problem


class TestView:
    def test_the_address_restores_the_view(self, read):
        view = SweepView("spread", "outlay", "2027Q4", "training", "subsidy", "outlay < 5e9", "lag", True, "zh", True)
        assert view_of(href(view).partition("?")[2]) == (view, "")
        assert href(SweepView()) == "/sweep"
        study = read("spread").study
        settled, said = SweepView("spread").settled(study, mapped(study))
        assert (settled.indicator, settled.quarter, settled.search(study), said) == (
            "adoption",
            LATEST,
            "store=spread",
            "",
        )

    def test_what_it_asks_for_in_vain_is_said(self, read):
        view, said = view_of("?store=spread&colour=red&dark=2&language=xx&indicator=wealth&across=draw&order=draw")
        assert (view.dark, view.language) == (False, "en") and all(word in said for word in ("colour", "dark", "xx"))
        study = read("spread").study
        settled, said = view.settled(study, mapped(study))
        assert (settled.indicator, settled.across, settled.order) == ("adoption", "", "draw")
        assert "wealth" in said and "across 'draw'" in said and "order" not in said


class TestRuns:
    def test_failed_ones_come_first_and_the_rest_in_order(self, read):
        sweep = read("spread")
        for falling in (False, True):
            rows = in_order(sweep, SweepView("spread", quarter=LATEST, order="outlay", falling=falling))
            assert rows[RUN].head(5).tolist() == [59, 119, 179, 239, 299] and len(rows) == 350
            rest = rows["outlay"].iloc[5:].to_numpy()
            np.testing.assert_array_equal(rest, np.sort(rest)[:: -1 if falling else 1])
        table = runs_table(sweep, rows.head(50))
        assert table.count("<tr>") == 51 and table.count("RuntimeError: all labs went bankrupt") == 5
        assert "Traceback" not in table
        assert strings.SWEEP_REASON not in runs_table(sweep, rows.iloc[5:9])

    def test_the_last_line_is_the_reason(self):
        assert reason("a\n  b\nValueError: c\n \n") == "ValueError: c" and reason("") == ""


class TestComponents:
    def test_nothing_named_says_how_to_make_a_sweep(self, language):
        name_stores([])
        _, rc = solara.render(Stores(SweepView()), handle_error=False)
        assert rc.find(ipyvuetify.Html, tag="h2").widget.children == [strings.SWEEP_NONE]
        assert "abm app --store" in rc.find(ipyvuetify.Html, tag="pre").widget.children[0]
        rc.close()

    def test_a_sweep_is_described(self, read, language):
        sweep = read("spread")
        for table in (factors_table(sweep), indicators_table(sweep)):
            assert whole(table) and table.count("<tr>") in (len(MANY) + 1, len(KEPT) + 1)
        assert whole(spread_in_words(points(sweep)))
        for shown in (
            About(sweep, lambda: None),
            Runs(sweep, SweepView("spread", quarter=LATEST), lambda change: None),
            Charts(points(sweep), None, None, None, SweepView("spread", "adoption", LATEST), print, figures.LIGHT),
        ):
            _, rc = solara.render(shown, handle_error=False)
            rc.close()

    def test_a_function_of_ones_own_has_columns_alone(self, tmp_path):
        store_of(tmp_path / "own", {
            "function": "math:hypot", "quarters": None, "indicators": {"y": ""},
            "factors": {"x": {"low": 0.0, "high": 1.0}, "kind": {"values": [1.0, 2.0]}},
            "design": {"method": "sobol", "points": 128},
        }, lambda values, luck: {"y": [values["x"] + luck]})  # fmt: skip
        name_stores([tmp_path / "own"])
        sweep = Readings().read("own")
        at = points_of(sweep.study, sweep.rows)
        shown = map_shown(map_of(at, None), sweep.study, "y", "", figures.LIGHT)
        assert whole(shown.label) and "math:hypot" in strings.SWEEP_FUNCTION.format(function=sweep.study.function)
        assert whole(indicators_table(sweep).replace("–", "-"))
        assert in_order(sweep, SweepView("own", order="y"))["y"].is_monotonic_increasing

    def test_names_of_what_is_kept_and_varied(self):
        for other in languages():
            if other != strings.ENGLISH:
                words = words_of(other)["NAMES"]
                assert set(words["indicator"]) == set(INDICATORS)
                assert {one.unit for one in INDICATORS.values()} | {"months"} <= set(words["unit"])
