"""Designs of experiments: strata, balance and trajectories by their theorems, rows and indices by SALib, and lazily.

Seeds are fixed. Means must lie within 4 standard errors of a closed form, chi-square and other tests have p > 1e-3.
"""

import itertools
import math
import pickle
import time
import tracemalloc
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import sobol as sobol_sample
from scipy import stats

from abm.quantities import InputError
from abm.rng import name_key
from abm.sweep.designs import METHODS, Design
from abm.sweep.permutation import permuted

CONTINUOUS = (0, 0, 0)
LEVELS = (3, 1, 4)
TABLE = np.array([[0.0, 1.0, np.nan], [0.5, 0.25, 0.75], [np.nan, np.nan, np.nan], [1.0, 0.0, 0.1]])
ONE_OF_EACH = {
    "full_factorial": Design("full_factorial", LEVELS),
    "one_at_a_time": Design("one_at_a_time", LEVELS),
    "latin_hypercube": Design("latin_hypercube", CONTINUOUS, 37),
    "sobol": Design("sobol", CONTINUOUS, 37),
    "morris": Design("morris", CONTINUOUS, 9),
    "saltelli": Design("saltelli", CONTINUOUS, 8),
    "saltelli, second order": Design("saltelli", CONTINUOUS, 8, second_order=True),
    "table": Design("table", CONTINUOUS, table=TABLE),
}
ASKED = st.sampled_from(sorted(ONE_OF_EACH))


def whole(design):
    return design.parts(0, design.count)


def problem(factors):
    return {"num_vars": factors, "names": [f"x{j + 1}" for j in range(factors)], "bounds": [[0, 1]] * factors}


def likely(observed):
    """Whether counts are equal up to chance."""
    return stats.chisquare(observed).pvalue > 1e-3


# All methods


def test_each_method_is_tried_here():
    assert {design.method for design in ONE_OF_EACH.values()} == set(METHODS)


@given(ASKED, st.data())
@settings(max_examples=200, deadline=None)
def test_a_range_of_points_is_that_range_of_the_whole(name, data):
    design = ONE_OF_EACH[name]
    ends = st.integers(0, design.count)
    start, stop = sorted((data.draw(ends), data.draw(ends)))
    np.testing.assert_array_equal(design.parts(start, stop), whole(design)[start:stop])


@pytest.mark.parametrize("name", sorted(ONE_OF_EACH))
def test_parts_are_one_row_per_point_from_0_to_1_and_come_without_a_warning(name):
    design = ONE_OF_EACH[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        parts = whole(design)
    assert parts.shape == (design.count, 3)
    assert parts.dtype == np.float64
    assert np.all((parts >= 0) & (parts <= 1) | np.isnan(parts))
    assert np.isnan(parts).any() == (design.method in ("one_at_a_time", "table"))


@pytest.mark.parametrize("name", sorted(ONE_OF_EACH))
def test_a_design_that_travels_to_another_machine_gives_the_same_points(name):
    design = ONE_OF_EACH[name]
    np.testing.assert_array_equal(whole(pickle.loads(pickle.dumps(design))), whole(design))


@pytest.mark.parametrize("name", ["latin_hypercube", "sobol", "morris", "saltelli"])
def test_another_seed_gives_another_design(name):
    design = ONE_OF_EACH[name]
    other = Design(design.method, design.levels, design.points, seed=2)
    assert other != design
    # On the grid of morris, which has 64 points, some meet by chance.
    assert np.mean(np.all(whole(other) == whole(design), axis=1)) < (0.2 if name == "morris" else 1e-9)


@pytest.mark.parametrize(
    "design",
    [
        Design("full_factorial", (10,) * 12),
        Design("one_at_a_time", (10**6,) * 3),
        Design("latin_hypercube", (0,) * 10, 10**12),
        Design("sobol", (0,) * 10, 2**20),
        Design("morris", (0,) * 9, 10**11),
        Design("saltelli", (0,) * 10, 2**20, second_order=True),
    ],
    ids=lambda design: design.method,
)
def test_the_last_points_of_a_very_large_design_cost_little(design):
    assert design.count >= 10**6
    start = time.perf_counter()
    parts = design.parts(design.count - 100, design.count)
    assert time.perf_counter() - start < 1
    tracemalloc.start()
    try:
        again = design.parts(design.count - 100, design.count)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 5e6
    np.testing.assert_array_equal(again, parts)


# Full factorial and one at a time


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5))
@settings(deadline=None)
def test_a_full_factorial_is_the_product_of_the_levels(levels):
    design = Design("full_factorial", tuple(levels))
    product = list(itertools.product(*(range(k) for k in levels)))
    assert design.count == len(product)
    parts = whole(design)
    np.testing.assert_array_equal(np.floor(parts * levels), product)
    np.testing.assert_allclose(parts, (np.array(product) + 0.5) / levels, rtol=1e-15)


def test_the_last_point_of_a_trillion_has_every_factor_at_its_last_level():
    design = Design("full_factorial", (10,) * 12)
    assert design.count == 10**12
    assert np.all(design.parts(10**12 - 1, 10**12) == 0.95)
    # Number 271828182845 in the decimal system, digit by digit.
    digits = design.parts(271828182845, 271828182846)[0] * 10 - 0.5
    np.testing.assert_allclose(digits, [int(digit) for digit in "271828182845"], atol=1e-12)


def test_one_at_a_time_starts_from_the_scenario_and_leaves_all_but_one_factor_there():
    nan = np.nan
    expected = [[nan, nan, nan], [1 / 6, nan, nan], [3 / 6, nan, nan], [5 / 6, nan, nan], [nan, 1 / 2, nan]]
    expected += [[nan, nan, level / 8] for level in (1, 3, 5, 7)]
    np.testing.assert_allclose(whole(ONE_OF_EACH["one_at_a_time"]), expected, rtol=1e-15)


# Latin hypercube


@pytest.mark.parametrize("points", [1, 2, 7, 1000, 4096])
def test_a_latin_hypercube_has_one_point_in_each_stratum_of_each_factor(points):
    parts = whole(Design("latin_hypercube", (0,) * 5, points))
    strata = np.floor(parts * points)
    np.testing.assert_array_equal(np.sort(strata, axis=0), np.tile(np.arange(points)[:, np.newaxis], 5))


def test_a_latin_hypercube_orders_its_factors_independently():
    # The correlation of two independent random orders has mean 0 and variance 1 / (n - 1).
    points, factors = 1000, 12
    parts = whole(Design("latin_hypercube", (0,) * factors, points))
    correlation = stats.spearmanr(parts).statistic[np.triu_indices(factors, 1)] * math.sqrt(points - 1)
    assert np.abs(correlation).max() < 4
    assert stats.kstest(correlation, "norm").pvalue > 1e-3
    # Neither does a factor's order hang on the points' numbers, nor on its order under another seed.
    other = whole(Design("latin_hypercube", (0,) * factors, points, seed=2))
    for column, another in zip(parts.T, other.T, strict=True):
        for rank in (np.arange(points), another):
            assert abs(stats.spearmanr(rank, column).statistic) * math.sqrt(points - 1) < 4


def test_points_are_uniform_within_their_strata():
    parts = whole(Design("latin_hypercube", CONTINUOUS, 1000))
    within = parts * 1000 % 1
    for column in within.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-3
    assert np.abs(np.corrcoef(within.T)[np.triu_indices(3, 1)]).max() < 4 / math.sqrt(1000)


def test_rounding_carries_no_point_over_the_end_of_its_stratum():
    # So many strata that a place within one has only eight steps: every sixteenth point would be rounded out of it.
    points = 10**15
    parts = Design("latin_hypercube", (0,), points).parts(0, 1000)[:, 0]
    stratum = permuted(np.arange(1000), points, name_key(1, "stratum", 0))
    assert all(Fraction(part) * points < int(own) + 1 for part, own in zip(parts, stratum, strict=True))


def test_a_latin_hypercube_averages_a_sum_far_better_than_independent_points():
    # Stein (1987): the variance of the mean is what the additive part leaves; of x^2 + y^2 nothing of order 1/n is left.
    points, runs = 100, 200
    means = [np.mean(whole(Design("latin_hypercube", (0, 0), points, seed=seed)) ** 2) * 2 for seed in range(runs)]
    independent = 2 * 4 / 45 / points
    assert np.var(means) < independent / 500
    assert abs(np.mean(means) - 2 / 3) < 4 * np.std(means) / math.sqrt(runs)


@pytest.mark.parametrize("size", [1, 2, 3, 10, 16, 17, 1000, 65_537])
def test_an_order_is_a_bijection(size):
    np.testing.assert_array_equal(np.sort(permuted(np.arange(size), size, name_key(size))), np.arange(size))


def test_places_of_a_very_large_order_are_different_and_spread_evenly():
    size = 10**18
    place = permuted(np.arange(size - 20_000, size), size, name_key("large"))
    assert len(np.unique(place)) == 20_000
    assert place.max() < size
    assert stats.kstest(place / size, "uniform").pvalue > 1e-3


@pytest.mark.parametrize("size", [2, 3, 4, 5])
def test_all_orders_of_few_things_are_equally_likely(size):
    orders = list(itertools.permutations(range(size)))
    index = np.arange(size)
    seen = dict.fromkeys(orders, 0)
    for seed in range(1200):
        seen[tuple(permuted(index, size, name_key(seed, "orders")).tolist())] += 1
    assert likely(list(seen.values()))


@pytest.mark.parametrize("size", [3, 9, 16, 25])
def test_half_of_all_orders_are_even_permutations(size):
    orders = [permuted(np.arange(size), size, name_key(seed, "parity")).astype(int) for seed in range(400)]
    parity = [np.linalg.det(np.eye(size)[order]) for order in orders]
    assert abs(np.mean(parity)) < 4 / math.sqrt(len(orders))


# Sobol sequence


@pytest.mark.parametrize("m", [0, 3, 7, 10])
def test_each_elementary_interval_of_a_factor_holds_equally_many_sobol_points(m):
    parts = whole(Design("sobol", (0,) * 8, 2**m))
    for k in range(m + 1):
        for column in parts.T:
            assert np.all(np.bincount((column * 2**k).astype(int), minlength=2**k) == 2 ** (m - k))


def test_two_sobol_factors_are_a_net():
    # The first two dimensions are a (0, m, 2)-net: each of the 2^m boxes of one shape holds exactly one point.
    m = 10
    first, second = whole(Design("sobol", (0, 0), 2**m)).T
    for k in range(m + 1):
        box = (first * 2**k).astype(int) * 2 ** (m - k) + (second * 2 ** (m - k)).astype(int)
        assert np.all(np.bincount(box, minlength=2**m) == 1)


def test_a_longer_sobol_design_begins_with_the_shorter_one():
    np.testing.assert_array_equal(
        Design("sobol", CONTINUOUS, 1000).parts(0, 64), whole(Design("sobol", CONTINUOUS, 64))
    )


def test_scrambled_points_are_unbiased():
    # Each point of a scrambled sequence is uniform; the smooth integral of (x + 0.5)(y + 0.5) is 1.
    first = np.concatenate([Design("sobol", (0, 0), 2, seed=seed).parts(0, 1) for seed in range(500)])
    assert all(stats.kstest(column, "uniform").pvalue > 1e-3 for column in first.T)
    means = [np.prod(whole(Design("sobol", (0, 0), 256, seed=seed)) + 0.5, axis=1).mean() for seed in range(50)]
    assert abs(np.mean(means) - 1) < 4 * np.std(means) / math.sqrt(50)
    assert np.std(means) < 0.1 * math.sqrt(((13 / 12) ** 2 - 1) / 256)


# Morris


@pytest.mark.parametrize("grid", [2, 4, 10])
@pytest.mark.parametrize("factors", [1, 2, 7])
def test_each_step_of_a_trajectory_moves_one_factor_and_each_factor_once(grid, factors):
    trajectories = 50
    design = Design("morris", (0,) * factors, trajectories, grid=grid)
    assert design.count == trajectories * (factors + 1)
    parts = whole(design)
    np.testing.assert_allclose(parts * (grid - 1), np.round(parts * (grid - 1)), atol=1e-12)
    steps = np.diff(parts.reshape(trajectories, factors + 1, factors), axis=1)
    moved = steps != 0
    assert np.all(moved.sum(axis=2) == 1)
    assert np.all(moved.sum(axis=1) == 1)
    np.testing.assert_allclose(np.abs(steps[moved]), grid / (2 * (grid - 1)), rtol=1e-14)


def test_levels_directions_and_orders_of_trajectories_are_equally_likely():
    trajectories, grid = 6000, 6
    parts = whole(Design("morris", CONTINUOUS, trajectories, grid=grid)).reshape(trajectories, 4, 3)
    level = np.rint(parts * (grid - 1)).astype(int)
    for row, factor in itertools.product(range(4), range(3)):
        assert likely(np.bincount(level[:, row, factor], minlength=grid))
    # Starts of two factors together, and the order of the factors, which does not hang on the start.
    assert likely(np.bincount(level[:, 0, 0] * grid + level[:, 0, 1], minlength=grid**2))
    order = np.argmax(np.diff(level, axis=1) != 0, axis=2) @ [9, 3, 1]
    codes, which = np.unique(order, return_inverse=True)
    assert len(codes) == 6
    assert likely(np.bincount(which))
    assert likely(np.bincount(which * grid + level[:, 0, 0], minlength=6 * grid))


@pytest.mark.parametrize("grid", [4, 8])
def test_salib_finds_the_coefficients_of_a_linear_function(grid):
    coefficient = np.array([3.0, -1.5, 0.0, 0.25, 10.0])
    parts = whole(Design("morris", (0,) * 5, 20, grid=grid))
    found = morris_analysis.analyze(problem(5), parts, parts @ coefficient, num_levels=grid, seed=1)
    np.testing.assert_allclose(found["mu"], coefficient, atol=1e-12)
    np.testing.assert_allclose(found["mu_star"], np.abs(coefficient), atol=1e-12)
    np.testing.assert_allclose(found["sigma"], 0, atol=1e-12)


def test_salib_finds_the_interaction_of_a_product():
    # The elementary effect of x in x y is y, uniform on the grid 0, 1/3, 2/3, 1: mean 1/2, standard deviation sqrt(5)/6.
    trajectories = 4000
    parts = whole(Design("morris", (0, 0), trajectories))
    found = morris_analysis.analyze(problem(2), parts, parts[:, 0] * parts[:, 1], seed=1)
    deviation = math.sqrt(5) / 6
    assert np.all(np.abs(np.array(found["mu"]) - 0.5) < 4 * deviation / math.sqrt(trajectories))
    np.testing.assert_allclose(found["sigma"], deviation, rtol=0.03)


# Saltelli


@pytest.mark.parametrize("second_order", [False, True])
@pytest.mark.parametrize("factors", [1, 3, 6])
def test_saltelli_rows_are_those_of_salib(factors, second_order):
    design = Design("saltelli", (0,) * factors, 16, seed=5, second_order=second_order)
    assert design.count == 16 * (2 * factors + 2 if second_order else factors + 2)
    # The same generator, so that the numbers too are the same.
    generator = np.random.default_rng(int(name_key(5, "sobol")))
    expected = sobol_sample.sample(problem(factors), 16, calc_second_order=second_order, seed=generator)
    np.testing.assert_array_equal(whole(design), expected)


@pytest.mark.parametrize("second_order", [False, True])
def test_salib_finds_the_indices_of_ishigami(second_order):
    # Ishigami and Homma (1990): sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi)^3.
    a, b = 7, 0.1
    design = Design("saltelli", CONTINUOUS, 4096, second_order=second_order)
    x = (2 * whole(design) - 1) * math.pi
    y = np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = sobol_analysis.analyze(problem(3), y, calc_second_order=second_order, seed=1)
    alone = np.array([(1 + b * math.pi**4 / 5) ** 2 / 2, a**2 / 8, 0])
    together = 8 * b**2 * math.pi**8 / 225  # of x1 and x3, the only interaction
    variance = alone.sum() + together
    np.testing.assert_allclose(variance, 0.5 + a**2 / 8 + b * math.pi**4 / 5 + b**2 * math.pi**8 / 18)
    np.testing.assert_allclose(y.mean(), a / 2, atol=0.02)
    np.testing.assert_allclose(found["S1"], alone / variance, atol=0.01)
    np.testing.assert_allclose(found["ST"], (alone + np.array([together, 0, together])) / variance, atol=0.01)
    if second_order:
        np.testing.assert_allclose(found["S2"][np.triu_indices(3, 1)], [0, together / variance, 0], atol=0.015)


# Table


def test_a_table_is_kept_as_it_was_and_cannot_be_changed():
    given_table = TABLE.copy()
    design = Design("table", CONTINUOUS, table=given_table)
    given_table[:] = 0.5
    whole(design)[:] = 0.5
    np.testing.assert_array_equal(whole(design), TABLE)
    with pytest.raises(ValueError, match="read-only"):
        design.table[0, 0] = 1


# What cannot be


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"method": "sobl"}, r"unknown method of design 'sobl'.*Did you mean sobol"),
        ({"method": "sobol", "levels": ()}, "no factor; give at least one"),
        ({"method": "sobol", "levels": (0, -2)}, r"\(0, -2\).*from 0"),
        ({"method": "full_factorial", "levels": (2, 0)}, "factor 2 of 2 is continuous: give the factor values, or levels"),
        ({"method": "one_at_a_time", "levels": (0,)}, "factor 1 of 1 is continuous: give the factor values, or levels"),
        ({"method": "full_factorial", "levels": (10,) * 25}, r"about 10\^25 points.*fewer levels"),
        ({"method": "full_factorial", "levels": (10,) * 400}, r"about 10\^400 points.*fewer levels"),
        ({"method": "full_factorial", "levels": (2, 3), "points": 7}, "points = 7 .* has 6 points here: leave"),
        ({"method": "latin_hypercube"}, "points = 0 points make no latin_hypercube.*1 or more"),
        ({"method": "morris", "points": -1}, "points = -1 trajectories"),
        ({"method": "morris", "points": 5, "grid": 5}, "grid = 5 levels.*even number from 2"),
        ({"method": "morris", "points": 5, "grid": 0}, "grid = 0 levels.*even number from 2"),
        ({"method": "saltelli", "points": 1000}, "points = 1,000 base samples.*power of two.* 512 and 1,024"),
        ({"method": "sobol", "points": 2**30 + 1}, "1,073,741,825 .*more than.*1,073,741,824.*latin_hypercube"),
        ({"method": "sobol", "points": 8, "second_order": True}, "second_order belongs to the saltelli design"),
        ({"method": "sobol", "points": 8, "grid": 6}, "grid belongs to the morris design"),
        ({"method": "sobol", "points": 8, "table": TABLE}, "table belongs to the table design"),
        ({"method": "table"}, "needs a table"),
        ({"method": "table", "table": TABLE, "levels": (0, 0)}, r"shape \(4, 3\).*2 columns"),
        ({"method": "table", "table": TABLE[:0]}, r"shape \(0, 3\).*at least one row"),
        ({"method": "table", "table": TABLE + 0.5}, "1.5 in row 1, column 2; parts go from 0 to 1"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_designed_says_what_to_do(asked, message):
    with pytest.raises(InputError, match=message):
        Design(**{"levels": CONTINUOUS, **asked})


@pytest.mark.parametrize(("start", "stop"), [(-1, 2), (3, 2), (0, 13)])
def test_points_that_do_not_exist_are_refused(start, stop):
    with pytest.raises(InputError, match="the design has 12 points"):
        Design("full_factorial", LEVELS).parts(start, stop)
