"""Methods of analysis against functions whose answers are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from scipy import stats

from abm.figures.palette import LIGHT
from abm.figures.sweep_options import Measure, sensitivity_option, tipping_option
from abm.figures.sweeps import figure_of
from abm.quantities import InputError
from abm.sweep.analysis import METHODS, analyse, finding, morris, pawn, points_of, possible, sobol, tipping_map
from abm.sweep.analysis.convergence import ERROR, EXPECTED, HALF_WIDTH, TYPICAL, WORST, seeds_needed
from abm.sweep.files import study_of
from abm.sweep.readings import Reading

UNIT = {"low": 0.0, "high": 1.0}
ANGLE = {"low": -np.pi, "high": np.pi}
ISHIGAMI = dict.fromkeys(("x1", "x2", "x3"), ANGLE)
SHARE = Reading("adoption", (), "", "", "share of the population")


def study(method, factors, seeds=1, names=None, **design):
    """A study of a function; factors in `names` get these names as values, which a function's own may not have."""
    made = study_of({
        "name": "toy", "function": "math:hypot", "seeds": seeds, "design": {"method": method, **design},
        "factors": factors, "indicators": {"y": "y"},
    })  # fmt: skip
    given = [replace(one, values=names[one.name]) if one.name in (names or {}) else one for one in made.factors]
    return replace(made, factors=tuple(given))


def rows(asked, function, noise=None):
    """Rows of a store: the function at each point, plus noise of shape (point, seed)."""
    parts = asked.design.parts(0, asked.design.count)
    x = pd.DataFrame({one.name: [one.at(part) for part in parts[:, j]] for j, one in enumerate(asked.factors)})
    y = np.asarray(function(x), float)[:, None] + (np.zeros((len(x), asked.seeds)) if noise is None else noise)
    data = x.loc[x.index.repeat(asked.seeds)].reset_index(drop=True)
    return data.assign(
        run=range(asked.runs), point=np.repeat(range(len(x)), asked.seeds), quarter="", y=y.ravel(), error=None,
        seed=np.tile(range(1, asked.seeds + 1), len(x)),
    )  # fmt: skip


def ishigami(x):
    """Ishigami and Homma (1990), https://doi.org/10.1109/ISUMA.1990.151285, with 7 and 0.1."""
    return np.sin(x.x1) + 7 * np.sin(x.x2) ** 2 + 0.1 * x.x3**4 * np.sin(x.x1)


def by_factor(found):
    return found.table.set_index("factor")


@pytest.mark.parametrize("second_order", [False, True])
def test_sobol_indices_of_ishigami_lie_in_their_intervals(second_order):
    asked = study("saltelli", ISHIGAMI, points=2048, second_order=second_order)
    found = analyse("sobol", asked, rows(asked, ishigami))
    table = by_factor(found)
    known = {
        sobol.FIRST: {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}, sobol.TOTAL: {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437},
    }  # fmt: skip
    for name, indices in known.items():
        for factor, index in indices.items():
            low, high = (table.loc[factor, f"{name}, {end}"] for end in (finding.LOW, finding.HIGH))
            assert low <= index <= high and high - low < 0.13
            assert table.loc[factor, name] == pytest.approx(index, abs=0.02)
    if second_order:
        first = found.pairs.iloc[0]
        assert {first["factor"], first["with"]} == {"x1", "x3"}
        assert first["second order"] == pytest.approx(0.2437, abs=0.03)


def test_sobol_indices_of_a_sum_are_its_squared_coefficients():
    weights = {"a": 1.0, "b": 2.0, "c": 4.0}
    asked = study("saltelli", dict.fromkeys(weights, UNIT), points=1024)
    table = by_factor(analyse("sobol", asked, rows(asked, lambda x: sum(w * x[n] for n, w in weights.items()))))
    for name, weight in weights.items():
        for index in (sobol.FIRST, sobol.TOTAL):
            assert table.loc[name, index] == pytest.approx(weight**2 / 21, abs=0.01)


def test_base_samples_with_a_failed_run_are_left_out_and_told():
    asked = study("saltelli", ISHIGAMI, points=256, seeds=2)
    data = rows(asked, ishigami)
    whole = analyse("sobol", asked, data)
    failed = data.index[data["point"].isin([3, 4, 5 * asked.design.block + 1])]
    data.loc[failed[::2], ["y", "error"]] = [np.nan, "the price is infinite"]
    data.loc[data.index[-1], "y"] = np.nan  # a run without a value, in the last base sample
    part = analyse("sobol", asked, data[data["point"] != 8 * asked.design.block])
    lost = "Of 2,560 runs 3 failed, 2 are not there yet, 1 have no y: 4 of 256 base samples are left out"
    assert lost in part.says and "left out" not in whole.says
    assert "252 base samples" in part.says
    assert by_factor(part).loc["x2", sobol.TOTAL] == pytest.approx(by_factor(whole).loc["x2", sobol.TOTAL], abs=0.02)
    data.loc[data["point"] % asked.design.block == 1, "error"] = "all of them"
    with pytest.raises(InputError, match="needs 32 whole base samples or more, each of 5 points; here are 0: run more"):
        analyse("sobol", asked, data)


def test_nothing_to_explain_is_refused():
    for method, design in (("sobol", "saltelli"), ("pawn", "sobol")):
        asked = study(design, ISHIGAMI, points=128)
        with pytest.raises(InputError, match="the same at all points"):
            analyse(method, asked, rows(asked, lambda x: 0 * x.x1 + 0.3))


def test_morris_effects_of_a_sum_are_its_coefficients():
    """Also where the factor is a logarithm, or has two or three values, for which half the grid is another step."""
    factors = {
        "a": UNIT, "b": {"low": 1.0, "high": 100.0}, "two": {"values": [0.0, 1.0]}, "three": {"values": [3.0, 1.0, 2.0]},
        "idle": UNIT,
    }  # fmt: skip
    for grid in (4, 6):
        asked = study("morris", factors, points=12, grid=grid)
        found = analyse(
            "morris", asked, rows(asked, lambda x: 2 * x.a - 3 * np.log(x.b) / np.log(100) + 5 * x.two + 2 * x.three)
        )
        table = by_factor(found)
        for name, effect in {"a": 2, "b": -3, "two": 5, "three": 4, "idle": 0}.items():
            assert table.loc[name, morris.MEAN] == pytest.approx(effect, abs=1e-9)
            assert table.loc[name, morris.ABSOLUTE] == pytest.approx(abs(effect), abs=1e-9)
            if name != "three":  # whose steps are of one or of two levels
                assert table.loc[name, morris.SPREAD] == pytest.approx(0, abs=1e-9)
    assert "two moves y by 5 on average" in found.says and "By less than a twentieth of that: idle." in found.says


def test_morris_tells_a_curved_factor_by_its_spread():
    asked = study("morris", {"a": UNIT, "b": UNIT}, points=40)
    table = by_factor(analyse("morris", asked, rows(asked, lambda x: x.a + 10 * (x.b - 0.5) * (x.a - 0.5))))
    assert abs(table.loc["b", morris.MEAN]) < table.loc["b", morris.ABSOLUTE] < table.loc["b", morris.SPREAD]


def test_pawn_ranks_above_chance_what_matters_alone():
    asked = study("latin_hypercube", {"strong": UNIT, "weak": UNIT, "idle": UNIT}, points=1000)
    found = analyse("pawn", asked, rows(asked, lambda x: 4 * x.strong + x.weak))
    table = by_factor(found)
    median = table[pawn.MEDIAN]
    assert median["strong"] > median["weak"] > found.noise > median[pawn.DUMMY]
    assert median["idle"] < found.noise and "Not to be told from chance: idle." in found.says
    assert (table[pawn.LEAST] <= median).all() and (median <= table[pawn.MOST]).all()
    # The slice of the lowest tenth of y = strong holds a tenth of the points: the distance is 0.9.
    alone = analyse("pawn", asked, rows(asked, lambda x: x.strong))
    assert by_factor(alone).loc["strong", pawn.MOST] == pytest.approx(0.9, abs=0.005)


def test_pawn_is_not_misled_by_a_factor_that_does_nothing():
    """Five studies with four idle factors each: of 20, at most 4 may seem to matter (p = 0.003 at a rate of 1 in 20)."""
    seeming = 0
    for seed in range(1, 6):
        asked = study("latin_hypercube", dict.fromkeys("abcde", UNIT), points=300, seed=seed)
        found = analyse("pawn", asked, rows(asked, lambda x: np.exp(3 * x.a)))
        idle = by_factor(found).loc[list("bcde")]
        seeming += int(((idle[pawn.MEDIAN] > found.noise) | (idle[pawn.MOST] > found.noise_of_largest)).sum())
    assert seeming <= 4


def test_pawn_reads_grids_without_empty_slices():
    asked = study("full_factorial", {"a": UNIT | {"levels": 12}, "b": UNIT | {"levels": 12}})
    found = analyse("pawn", asked, rows(asked, lambda x: x.a))
    assert found.table["factor"].tolist()[0] == "a"
    assert found.table[pawn.MOST].notna().all() and by_factor(found).loc["a", pawn.MOST] > 0.8


PLANTED = {
    "a": {"low": 2.0, "high": 12.0}, "b": {"low": 1.0, "high": 1e4}, "c": {"values": [0, 1, 2]},
    "steps": {"low": 0.0, "high": 10.0, "levels": 6}, "idle": UNIT, "other": UNIT,
}  # fmt: skip
COLOURS = {"c": ("red", "green", "blue")}


def planted(x):
    return ((x.a < 7) & (x.b > 100) & (x.c != "blue") & (x.steps >= 4)).astype(float)


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_prim_finds_a_planted_box(method):
    asked = study(method, PLANTED, names=COLOURS, points=1024)
    found = analyse("prim", asked, rows(asked, planted), goal="y >= 0.5")
    table = by_factor(found)
    # Ranges from above zero whose ends are far apart are even on the logarithmic scale.
    assert found.mass == pytest.approx(np.log(7 / 2) / np.log(6) * 0.5 * 2 / 3 * 4 / 6, abs=0.02)
    assert found.density > 0.95 and found.coverage > 0.95
    assert table.loc["a", ["low", "high"]].tolist() == [2.0, pytest.approx(7.0, abs=0.4)]
    assert np.log(table.loc["b", "low"]) == pytest.approx(np.log(100), abs=0.04 * np.log(1e4))
    assert table.loc["steps", ["low", "high"]].tolist() == [4.0, 10.0]
    assert table.loc["c", "limits"] == "c is red or green" and found.names["c"] == [True, True, False]
    assert table.loc[["idle", "other"], "limits"].tolist() == ["", ""]
    assert table.loc["a", "chance without the high limit"] < 1e-6 and np.isnan(
        table.loc["a", "chance without the low limit"]
    )


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_cart_finds_the_same_box(method):
    asked = study(method, PLANTED, names=COLOURS, points=1024)
    found = analyse("cart", asked, rows(asked, planted), goal="y >= 0.5")
    first = found.table.iloc[0]
    assert first["share that meets the goal"] > 0.97 and first["share of those that meet the goal"] > 0.97
    assert found.table["share of points"].sum() == pytest.approx(1) and found.table["points"].sum() == 1024
    assert found.right > 0.97 and len(found.table) == 5
    own = found.limits[found.limits["rule"] == 0].set_index("factor")
    assert own.loc["a", "high"] == pytest.approx(7.0, abs=0.2)
    assert own.loc["b", "low"] == pytest.approx(100, rel=0.15)
    assert own.loc["steps", "low"] == 4.0 and own.loc["c", "names"] == ["red", "green"]
    assert not {"idle", "other"} & set(found.limits["factor"])


def test_a_box_counts_the_points_in_its_limits():
    asked = study("latin_hypercube", {"a": UNIT, "b": UNIT}, points=400)
    data = rows(asked, lambda x: x.a + 0.3 * x.b)
    found = analyse("prim", asked, data, goal="y > 80%")
    table, inside = by_factor(found), np.ones(400, bool)
    for name in "ab":
        inside &= data[name].between(table.loc[name, "low"] - 1e-12, table.loc[name, "high"] + 1e-12).to_numpy()
    met = (data["y"] > 0.8).to_numpy()
    assert found.mass == pytest.approx(inside.mean()) and found.density == pytest.approx(met[inside].mean())
    assert found.coverage == pytest.approx(met[inside].sum() / met.sum()) and found.met == pytest.approx(met.mean())


def test_discovery_finds_nothing_in_noise():
    asked = study("latin_hypercube", {"a": UNIT, "b": UNIT}, points=400)
    data = rows(asked, lambda x: np.random.default_rng(5).random(len(x)))
    assert "no box" in analyse("prim", asked, data, goal="y >= 0.7").says
    assert analyse("cart", asked, data, goal="y >= 0.7").table["rule"].tolist() == ["everywhere"]


def test_goals_are_refused_with_what_to_do():
    asked = study("sobol", {"a": UNIT}, points=128)
    data = rows(asked, lambda x: x.a)
    for goal, told in (
        ("y", "cannot read the goal"), ("z >= 0.5", "unknown indicator"), ("y >= 2", "choose a level from 0.251 to 0.751"),
        ("", "needs a goal"), ("y >= 0.5.5", "cannot read"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=told):
            analyse("prim", asked, data, goal=goal)


GRID = {"a": UNIT | {"levels": 11}, "b": {"low": 0.0, "high": 100.0, "levels": 6}}


def test_map_finds_a_planted_threshold():
    asked = study("full_factorial", GRID, seeds=4)
    luck = np.random.default_rng(2).normal(0, 0.01, (66, 4))
    found = analyse("tipping", asked, rows(asked, lambda x: 0.2 + 0.6 * (x.a + x.b / 1000 > 0.54) + 0.05 * x.a, luck))
    along = found.crossings[found.crossings["along"] == "a"]
    assert along["other at"].tolist() == [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    for at, other in zip(along["crosses at"], along["other at"], strict=True):
        assert at == pytest.approx(0.54 - other / 1000, abs=0.1)  # a step of the grid
    step = found.steepest
    assert step.sure and step.sharpness > 5 and step.change == pytest.approx(0.605, abs=0.03)
    assert found.across.levels[step.end[0]] - found.across.levels[step.start[0]] == pytest.approx(0.1)
    assert "a tipping point." in found.says and found.goal.level == pytest.approx(0.525, abs=0.02)
    assert found.table["runs"].eq(4).all() and len(found.table) == 66


def test_crossing_of_a_plane_is_exact():
    """On a straight slope interpolation is right wherever the points lie: 2 a + b / 100 = 0.83."""
    asked = study("full_factorial", GRID)
    found = analyse("tipping", asked, rows(asked, lambda x: 2 * x.a + x.b / 100), goal="y >= 0.83")
    for _, one in found.crossings.iterrows():
        a, b = (one["crosses at"], one["other at"])[:: 1 if one["along"] == "a" else -1]
        assert 2 * a + b / 100 == pytest.approx(0.83)
    assert (
        {"a", "b"} == set(found.crossings["along"])
        and ": no tipping point." not in found.says
        and "no tipping point, unless it is luck" in found.says
    )


def test_map_shows_where_luck_decides_and_doubts_steps_of_luck():
    asked = study("full_factorial", GRID, seeds=10)
    luck = np.zeros((66, 10))
    luck[30, :5] = 0.5
    found = analyse("tipping", asked, rows(asked, lambda x: 0 * x.a, luck), goal="y >= 0.4")
    assert found.shares.ravel()[30] == 0.5 and np.delete(found.shares.ravel(), 30).max() == 0
    assert "At 1 points luck decides" in found.says and "unless it is luck" in found.says and not found.steepest.sure


def test_map_averages_over_other_factors_and_leaves_gaps():
    asked = study("full_factorial", GRID | {"c": {"values": [0, 1]}}, names={"c": ("none", "all")}, seeds=2)
    data = rows(asked, lambda x: x.a + (x.c == "all"))
    data.loc[data["point"] == 0, "error"] = "boom"
    found = analyse("tipping", asked, data)
    assert np.isnan(found.means[0, 0]) and np.isfinite(found.means).sum() == 65
    assert found.means[1:, 0] == pytest.approx(np.arange(1, 11) / 10 + 0.5)
    assert "Averaged over c." in found.says and "1 of 132 points are left out" in found.says
    names = tipping_map(points_of(asked, data), across="c", up="a")
    assert names.across.levels == ("none", "all") and set(names.crossings["along"]) <= {"a"}
    with pytest.raises(InputError, match="form no grid"):
        tipping_map(points_of(asked, data), across="c", up="c")


def test_standard_errors_of_normal_draws():
    """Variances over n draws of known variance: in the 99.9% range of chi-square; the interval has Student's t."""
    seeds, sigma = 25, np.array([0.02, 0.05, 0.5])
    asked = study("full_factorial", {"a": {"values": [0.0, 1.0, 2.0]}}, seeds=seeds)
    luck = np.random.default_rng(11).normal(0, sigma[:, None], (3, seeds))
    found = analyse("convergence", asked, rows(asked, lambda x: 1000 + x.a, luck))
    for point, deviation in ((TYPICAL, 0.05), (WORST, 0.5)):
        own = found.table[found.table["point"] == point].set_index("seeds")
        low, high = stats.chi2.ppf([0.0005, 0.9995], seeds - 1)
        assert low < (seeds - 1) * own.loc[seeds, ERROR] ** 2 * seeds / deviation**2 < high
        drawn = luck[sigma == deviation][0]
        assert own.loc[7, ERROR] == pytest.approx(drawn[:7].std(ddof=1) / 7**0.5, rel=1e-6)
        assert own.loc[7, HALF_WIDTH] == pytest.approx(stats.t.ppf(0.95, 6) * own.loc[7, ERROR])
        assert own.loc[seeds, EXPECTED] == own.loc[seeds, ERROR]
        assert own.loc[4, EXPECTED] == pytest.approx(own.loc[seeds, ERROR] * (seeds / 4) ** 0.5)


def test_seeds_needed_are_the_fewest_that_suffice():
    asked = study("full_factorial", {"a": {"values": [0.0, 1.0]}}, seeds=8)
    # Deviation 0.1 exactly, at one point; none at the other.
    luck = np.array([[0.1, -0.1] * 4, [0.0] * 8]) * (7 / 8) ** 0.5
    points = points_of(asked, rows(asked, lambda x: 5.0 + 0 * x.a, luck))
    for precision in (0.5, 0.05, 0.004):
        needed = seeds_needed(points, precision).needed[WORST]
        widths = [stats.t.ppf(0.95, n - 1) * 0.1 / n**0.5 for n in (needed - 1, needed)]
        assert widths[1] <= precision and (needed == 2 or widths[0] > precision)
    assert seeds_needed(points).precision == pytest.approx(0.05)
    shares = replace(points, study=replace(asked, indicators={"y": SHARE}))
    assert seeds_needed(shares).precision == 0.01
    with pytest.raises(InputError, match="above 0"):
        seeds_needed(points, 0.0)


@pytest.mark.parametrize(
    "method, options, allowed",
    [
        ("saltelli", {"points": 64}, {"sobol", "pawn", "prim", "cart"}),
        ("morris", {"points": 30}, {"morris"}),
        ("latin_hypercube", {"points": 120}, {"pawn", "prim", "cart"}),
        ("latin_hypercube", {"points": 99}, set()),
        ("full_factorial", {}, {"pawn", "prim", "cart", "tipping"}),
        ("one_at_a_time", {}, set()),
    ],
)
def test_a_design_allows_its_methods(method, options, allowed):
    level = {"levels": 11} if method in ("full_factorial", "one_at_a_time") else {}
    alone = method == "one_at_a_time"  # which a function of one's own is refused
    asked = study("full_factorial" if alone else method, {"a": UNIT | level, "b": UNIT | level}, seeds=4, **options)
    asked = replace(asked, design=replace(asked.design, method=method)) if alone else asked
    data = rows(asked, lambda x: x.a.fillna(0) + x.b.fillna(0))
    reasons = possible(asked, data, goal="y >= 1")
    assert set(reasons) == set(METHODS)
    assert {name for name, reason in reasons.items() if not reason} == allowed | {"convergence"}
    for name, reason in reasons.items():
        if reason:
            with pytest.raises(InputError) as refused:
                analyse(name, asked, data, goal="y >= 1")
            assert reason in str(refused.value)


def test_what_is_not_in_the_study_is_refused():
    asked = study("sobol", {"a": UNIT}, points=128)
    data = rows(asked, lambda x: x.a)
    for arguments, told in (
        (("magic", asked, data), "unknown method"), (("pawn", asked, data, "z"), "unknown indicator"),
        (("pawn", asked, data, "y", "2030Q1"), "unknown quarter"), (("pawn", asked, data[:0]), "no run"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=told):
            analyse(*arguments)


def test_a_missing_library_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "SALib.analyze.pawn", None)
    asked = study("sobol", {"a": UNIT}, points=128)
    with pytest.raises(InputError, match=r"needs SALib .*; install it with: pip install 'abm\[analysis\]'"):
        analyse("pawn", asked, rows(asked, lambda x: x.a))


def found_by_all():
    """A finding of each method, of a share in a quarter."""
    function = {"morris": "morris", "sobol": "saltelli", "tipping": "full_factorial", "convergence": "full_factorial"}
    for method in METHODS:
        design = function.get(method, "sobol")
        factors = {"some.long_name_of_a_factor_that_is_wrapped": UNIT, "b": UNIT}
        if design == "full_factorial":
            factors = {name: one | {"levels": 5} for name, one in factors.items()}
        asked = study(design, factors, seeds=4, **({} if design == "full_factorial" else {"points": 128}))
        luck = np.random.default_rng(3).normal(0, 0.02, (asked.design.count, 4))
        data = rows(asked, lambda x: x.iloc[:, 0] ** 3 * 0.8 + 0.1 * x.b, luck).rename(columns={"y": "adoption"})
        asked = replace(asked, indicators={"adoption": SHARE}, quarters=("2030Q4",))
        yield analyse(method, asked, data.assign(quarter="2030Q4"), goal="adoption >= 40%")


def test_every_finding_has_words_a_table_and_a_picture_with_names():
    for found in found_by_all():
        assert found.says.endswith(".") and "nan" not in found.says and len(found.table)
        figure = figure_of(found)
        figure.draw_without_rendering()
        words = " ".join(text.get_text() for text in figure.findobj(Text))
        assert "adoption in 2030Q4" in words and found.title in words
        assert figure.get_size_inches()[0] == 8
        for legend in figure.legends:
            box = legend.get_window_extent()
            assert box.x0 >= 0 and box.x1 <= figure.bbox.x1, f"{found.method}: the legend is cut off"
        for axes in figure.axes:
            assert axes.get_xlabel() or axes.get_ylabel() or axes.get_label() == "<colorbar>" or axes is figure.axes[0]


def test_chart_options_for_the_page():
    found = {one.method: one for one in found_by_all()}
    table = found["sobol"].table
    measure = Measure(
        "total", "diamond", LIGHT.world, *(table[name].to_numpy() for name in (
            sobol.TOTAL, f"{sobol.TOTAL}, {finding.LOW}", f"{sobol.TOTAL}, {finding.HIGH}"
        )), told=table["factor"].tolist(),
    )  # fmt: skip
    option = sensitivity_option(table["factor"].tolist(), [measure], "share of the variance", LIGHT)
    low, width, marks = option["series"]
    for row, (start, length, mark) in enumerate(zip(low["data"], width["data"], marks["data"], strict=True)):
        assert 0 <= start <= mark["value"][0] <= start + length + 1e-9 and mark["value"][1] == row
    tips = found["tipping"]
    option = tipping_option(
        tuple([f"{level:g}" for level in scale.levels] for scale in (tips.across, tips.up)), ("a", "b"), tips.means,
        tips.goal.met(tips.means), lambda value: f"{value:.0%}", "goal", LIGHT,
    )  # fmt: skip
    cells, border = option["series"]
    assert len(cells["data"]) == 25 and cells["data"][7]["value"] == [1, 2, pytest.approx(tips.means[1, 2], rel=1e-5)]
    met = tips.goal.met(tips.means)
    edges = (met[1:] != met[:-1]).sum() + (met[:, 1:] != met[:, :-1]).sum()
    assert len(border["data"]) == 3 * edges > 0
