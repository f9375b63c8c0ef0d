"""Chart options and pictures: they state the record's numbers, and nothing else."""

import json

import numpy as np
import pytest

import abm
from abm import figures
from abm.figures import pictures
from abm.figures.palette import ink_on
from abm.ui.words import money, percent, table

PALETTES = pytest.mark.parametrize("palette", [figures.LIGHT, figures.DARK], ids=["light", "dark"])


@pytest.fixture(scope="module")
def record():
    return abm.simulate(abm.Scenario.load("baseline"), firms=800)


@PALETTES
def test_lines_state_the_indicator(record, palette):
    values = record.indicator("penetration").values
    lines = [
        figures.Line("world, baseline", values, "#888888", "dashed"),
        figures.Line("world", values, "#000000", end="W"),
    ]
    survey = figures.Mark("survey", figures.observations(record, "european_union"), "diamond", palette.ink)
    option = figures.line_option(record.quarters, lines, [survey], [("2030Q4", "then")], palette)
    json.dumps(option)
    base, what_if, points = option["series"]
    assert what_if["data"] == [round(100 * v, 2) for v in values]
    assert (base["lineStyle"]["type"], what_if["lineStyle"]["type"]) == ("dashed", "solid")
    assert ["2025Q2", 19.95] in points["data"]
    assert option["yAxis"]["max"] >= max(what_if["data"])


def test_labels_at_line_ends_do_not_cover_each_other(record):
    ends = (0.5, 0.5, 0.49, 0.1)
    lines = [figures.Line(str(e), np.array([0.2, e]), "#000000", end=str(e)) for e in ends]
    option = figures.line_option(["2023Q1", "2023Q2"], lines, [], [], figures.LIGHT)
    top = option["yAxis"]["max"]
    heights = sorted(
        250 * (1 - s["data"][-1] / top) + s["endLabel"]["offset"][1] for s in option["series"]
    )  # fmt: skip
    assert min(np.diff(heights)) >= 12.9


@PALETTES
@pytest.mark.parametrize("change", [False, True])
def test_map_states_every_cell_and_leaves_out_empty_ones(palette, change):
    values = np.array([[0.1, -0.2], [np.nan, 0.05]])
    option = figures.map_option(["a", "b"], ["c", "d"], values, palette, palette.change, change)
    json.dumps(option, allow_nan=False)
    assert [cell["value"] for cell in option["series"][0]["data"]] == [[0, 0, 10.0], [1, 0, -20.0], [1, 1, 5.0]]
    if change:
        assert (option["visualMap"]["min"], option["visualMap"]["max"]) == (-20, 20)


def test_bars_tell_open_from_proprietary_in_words_and_colour():
    offers = [("A (open)", True), ("B (proprietary)", False)]
    shares = np.array([0.25, 0.75])
    option = figures.bars_option(offers, shares, shares[::-1], ("baseline", "what-if"), figures.LIGHT)
    base, what_if = option["series"]
    assert [bar["value"] for bar in base["data"]] == [25, 75]
    assert [bar["value"] for bar in what_if["data"]] == [75, 25]
    assert [bar["itemStyle"]["color"] for bar in what_if["data"]] == [figures.LIGHT.open, figures.LIGHT.proprietary]


@PALETTES
def test_numbers_in_cells_can_be_read(palette):
    def luminance(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for scale in (palette.amount, palette.licence, palette.change):
        for i, colour in enumerate(scale):
            low, high = sorted((luminance(colour), luminance(ink_on(scale, i / (len(scale) - 1)))))
            assert (high + 0.05) / (low + 0.05) >= 4.0


def test_pictures_are_written(record, tmp_path):
    files = figures.write_charts(record, tmp_path)
    assert sorted(f.name for f in files) == ["adoption.png", "map.png", "open_share.png", "vendors.png"]
    assert all(f.read_bytes().startswith(b"\x89PNG") for f in files)


def test_pictures_fit_their_axes_to_the_numbers(record):
    axes = pictures._adoption(record).axes[0]
    top = max(line.get_ydata().max() for line in axes.lines)
    assert top > 1 and axes.get_ylim()[0] == 0 and top <= axes.get_ylim()[1] < 2 * top + 60


def test_words():
    assert (percent(0.5), percent(float("nan"))) == ("50.0%", "–")
    assert (money(2.5e9), money(-3e6), money(0.0)) == ("2.5 bn", "-3 m", "0.0 bn")
    assert "&lt;b&gt;" in table(["<b>"], [["x", "1"]])
