"""Plots of lessons: the option, the words, the table and the picture hold the curves' numbers."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from abm.figures import DARK, LIGHT
from abm.figures.curves import LOOKS, scale_of
from abm.figures.plot_pictures import plot_svg
from abm.figures.plots import Curve, Plot, plot_columns, plot_label, plot_option, plot_table
from abm.quantities import InputError
from abm.ui import strings

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
QUARTERS = tuple(f"{2023 + i // 4}Q{i % 4 + 1}" for i in range(24))
RISE = np.linspace(0.1, 0.6, 24)
DRAWN = [None] * 12 + [0.5] * 12


def adoption(**how):
    curves = (
        Curve("baseline", RISE / 2, look="compared"),
        Curve("what-if", RISE, band=(0.9 * RISE, 1.1 * RISE)),
        Curve("my prediction", DRAWN, look="prediction"),
    )
    return Plot("Adoption", "quarter", "of firms", how.pop("curves", curves), QUARTERS, **how)


def tipping():
    x = np.linspace(-1.0, 1.0, 200)
    return Plot(
        "Tipping", "influence", "magnetisation",
        (Curve("runs", [0.1, -0.5, 0.9], [0.0, 0.5, 1.0], "points"), Curve("equation", np.tanh(x), x, "theorem")),
        share=False,
    )  # fmt: skip


def gains(names=("a", "b", "c")):
    curves = (
        Curve("baseline", [0.1, -0.2, 0.3], look="compared"), Curve("what-if", [0.2, 0.1, 0.25], look="bars"),
        Curve("theorem", [0.2, 0.1, 0.3], look="theorem"), Curve("guess", [0.0, 0.0, 0.1], look="prediction"),
    )  # fmt: skip
    return Plot("Gains", "sector", "surplus", curves, names=names)


def series(option, name):
    (found,) = [one for one in option["series"] if one["name"] == name]
    return found


@PALETTES
def test_an_option_holds_the_curves_numbers(palette):
    option = plot_option(adoption(levels=(("70%", 0.7),), dates=(("2025Q2", "end"), ("1999Q1", "never"))), palette)
    json.dumps(option, allow_nan=False)
    assert np.allclose(series(option, "what-if")["data"], 100 * RISE)
    assert series(option, "my prediction")["data"] == [None] * 12 + [50.0] * 12
    low, width = (one for one in option["series"] if one["name"] == "")
    assert low["data"] == pytest.approx(90 * RISE, rel=1e-4) and width["data"] == pytest.approx(20 * RISE, rel=1e-4)
    types = [series(option, name)["lineStyle"]["type"] for name in ("baseline", "what-if", "my prediction")]
    assert types == ["dashed", "solid", "dotted"]
    assert option["xAxis"]["data"] == list(QUARTERS) and option["yAxis"]["max"] == 80
    assert (option["xAxis"]["name"], option["yAxis"]["name"]) == ("quarter", "of firms")
    (lines,) = [one["markLine"]["data"] for one in option["series"] if "markLine" in one]
    assert (lines[0]["yAxis"], lines[1]["xAxis"], len(lines)) == (70, "2025Q2", 2)


def test_numbers_stand_on_an_axis_of_numbers():
    option = plot_option(tipping(), LIGHT)
    assert series(option, "runs")["data"] == [[0.0, 0.1], [0.5, -0.5], [1.0, 0.9]]
    assert option["xAxis"]["type"] == "value" and (option["xAxis"]["min"], option["xAxis"]["max"]) == (-1, 1)
    assert option["tooltip"]["number"] == "number" and (option["yAxis"]["min"], option["yAxis"]["max"]) == (-1, 1)
    counted = plot_option(Plot("Runs", "run", "share", (Curve("runs", [0.2, 0.4]),)), LIGHT)
    assert series(counted, "runs")["data"] == [[0, 20], [1, 40]]


def test_bars_stand_or_lie_on_zero():
    standing, lying = (
        plot_option(gains(n), LIGHT) for n in (("a", "b", "c"), tuple(f"a long name {i}" * 2 for i in "abc"))
    )
    assert (standing["xAxis"]["type"], lying["yAxis"]["type"]) == ("category", "category")
    assert standing["yAxis"]["min"] == -20 and lying["xAxis"]["max"] == 30
    for option in (standing, lying):
        kinds = {name: series(option, name)["type"] for name in ("baseline", "what-if", "theorem", "guess")}
        assert kinds == {"baseline": "bar", "what-if": "bar", "theorem": "scatter", "guess": "bar"}
        assert series(option, "what-if")["data"] == [20, 10, 25]


def test_a_logarithmic_axis_leaves_out_what_has_no_logarithm():
    plot = Plot("Cost", "quarter", "USD", (Curve("cost", [100.0, 0.0, 0.2]),), QUARTERS[:3], share=False, log=True)
    option = plot_option(plot, LIGHT)
    assert series(option, "cost")["data"] == [100, None, 0.2]
    assert (option["yAxis"]["type"], option["yAxis"]["min"], option["yAxis"]["max"]) == ("log", 0.1, 100)


@pytest.mark.parametrize(
    ("values", "share", "scale"),
    [
        ([0.61, 0.02], True, (0, 80, 20)), ([1.0], True, (0, 100, 20)), ([-0.12, 0.31], True, (-20, 40, 10)),
        ([950.0, 1010.0], False, (940, 1020, 20)), ([0.0, 7.0], False, (0, 8, 2)), ([5.0, 5.0], False, (5, 6, 1)),
        ([np.nan], True, (0, 100, 20)),
    ],
)  # fmt: skip
def test_the_axis_has_round_ticks(values, share, scale):
    assert scale_of(Plot("p", "x", "y", (Curve("c", values),), share=share)) == pytest.approx(scale)


@PALETTES
def test_a_class_is_faint_and_unnamed(palette):
    members = tuple(Curve("student", RISE * k, look="class") for k in (0.5, 0.8))
    plot = adoption(curves=(*members, Curve("what-if", RISE), Curve("theorem", RISE, look="theorem")))
    option = plot_option(plot, palette)
    faint = [one for one in option["series"] if one["name"] == ""]
    assert len(faint) == 2 and all(one["lineStyle"]["opacity"] < 0.5 and "endLabel" not in one for one in faint)
    assert "student" not in json.dumps(option["legend"]) + plot_label(plot) + str(plot_table(plot))
    assert {"student", "student (2)"} < set(plot_columns(plot))
    assert series(option, "theorem")["z"] > series(option, "what-if")["z"]


def test_lines_are_named_at_their_ends_or_above():
    ends = plot_option(adoption(), LIGHT)
    assert not ends["legend"]["show"] and ends["grid"]["right"] > 80
    assert all("endLabel" in series(ends, name) for name in ("baseline", "what-if", "my prediction"))
    long = adoption(curves=(Curve("the firms of the simulation", RISE), Curve("b", RISE)))
    above = plot_option(long, LIGHT)
    assert above["legend"]["show"] and not any("endLabel" in one for one in above["series"])
    assert [one["name"] for one in above["legend"]["data"]] == ["the firms of the simulation", "b"]


@PALETTES
def test_lines_can_be_seen(palette):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        return np.dot(
            [0.2126, 0.7152, 0.0722], [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        )

    plot = adoption(curves=tuple(Curve(look, RISE, look=look) for look in LOOKS if look != "bars"))
    for one in plot_option(plot, palette)["series"]:
        low, high = sorted((luminance(palette.surface), luminance(one["itemStyle"]["color"])))
        assert (high + 0.05) / (low + 0.05) >= 3.0, one["name"]


def test_the_words_say_each_curve(language):
    label = plot_label(adoption(levels=(("target", 0.7),)), strings.LESSON_PLOT_WORDS["curve"])
    assert all(
        word in label for word in ("Adoption", "baseline", "10.0%", "2023Q1", "60.0%", "2028Q4", "target: 70.0%")
    )
    if language == strings.ENGLISH:
        assert "my prediction: 50.0% at 2026Q1, 50.0% at 2028Q4, lowest 50.0%, highest 50.0%" in label
        assert label == plot_label(adoption(levels=(("target", 0.7),)))
    assert "theorem: a 20.0%, b 10.0%, c 30.0%" in plot_label(gains())
    assert "nothing: –" in plot_label(adoption(curves=(Curve("nothing", [np.nan] * 24),)))


def test_the_table_has_the_years_and_the_columns_have_everything():
    heads, rows = plot_table(adoption())
    assert heads == ["quarter", "baseline", "what-if", "my prediction"]
    assert [row[0] for row in rows] == [QUARTERS[0], *QUARTERS[3::4]]
    assert rows[-1] == ["2028Q4", "30.0%", "60.0% (54.0%–66.0%)", "50.0%"] and rows[0][3] == "–"
    columns = plot_columns(adoption())
    assert list(columns) == ["quarter", "baseline", "what-if", "what-if, low", "what-if, high", "my prediction"]
    assert columns["what-if"] == list(RISE)


def test_curves_at_other_places_have_columns_of_their_own():
    heads, rows = plot_table(tipping())
    assert heads == ["influence", "runs", "influence (equation)", "equation"]
    assert rows[0] == ["0", "0.1", "-1", "-0.7616"] and rows[-1][:3] == ["", "", "1"] and len(rows) == 41
    columns = plot_columns(tipping())
    assert {len(values) for values in columns.values()} == {200} and columns["runs"][3] is None


@pytest.mark.parametrize("plot", [adoption(), tipping(), gains()], ids=lambda plot: plot.title)
def test_a_picture_is_the_same_each_time_and_says_the_same(plot):
    text = plot_svg(plot)
    assert text == plot_svg(plot) and ElementTree.fromstring(text).tag.endswith("svg")
    for words in (plot.title, plot.across, plot.up, *plot.names, *(one.name for one in plot.curves)):
        assert words in text
    assert str(Path.cwd()) not in text and "<dc:date>" not in text


def test_signs_in_names_are_no_formulas():
    plot = Plot("From $1 to $2 & more", "$", "%", (Curve("a < b", [1.0, 2.0]),), share=False, log=True)
    assert "From $1 to $2 &amp; more" in plot_svg(plot)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Curve("a", [1.0], look="dashed"), "unknown look of a curve 'dashed'"),
        (lambda: Curve("a", [1.0, 2.0], [1.0]), "2 values, but 1 places"),
        (lambda: Curve("a", [1.0], band=([1.0], [1.0, 2.0])), "1 values, but 2 places or ends"),
        (lambda: Curve("a", [1.0], [np.nan]), "a place that is no number"),
        (lambda: adoption(curves=(Curve("a", [0.5]),)), "1 values for 24 quarters or names"),
        (lambda: adoption(curves=(Curve("a", RISE, RISE),)), "leave out the one or the others"),
        (lambda: Plot("p", "x", "y", (Curve("a", [1.0], look="bars"),)), "give its names"),
    ],
)
def test_what_cannot_be_drawn_is_refused(make, words):
    with pytest.raises(InputError, match=words):
        make()
