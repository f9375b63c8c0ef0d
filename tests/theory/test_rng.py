"""Chance: uniform, unrelated across keys, and a pure function of its arguments."""

import numpy as np
from scipy import stats

from abm.rng import firm_ids, name_key, uniform

IDS = firm_ids(name_key("china", "finance"), np.arange(200_000))


def test_uniform_on_the_open_interval():
    """Kolmogorov-Smirnov, p > 1e-3 with fixed seeds."""
    for seed in range(5):
        u = uniform(seed, "taste", IDS, 8100, "deepseek")
        assert u.min() > 0 and u.max() < 1
        assert stats.kstest(u, "uniform").pvalue > 1e-3


def test_unrelated_across_purpose_quarter_name_seed_and_neighbour():
    """Correlations of 200,000 pairs stay within 4 standard errors."""
    base = uniform(1, "taste", IDS, 8100, "deepseek")
    others = [
        uniform(1, "attention", IDS, 8100, "deepseek"),
        uniform(1, "taste", IDS, 8101, "deepseek"),
        uniform(1, "taste", IDS, 8100, "qwen"),
        uniform(2, "taste", IDS, 8100, "deepseek"),
        np.roll(base, 1),
    ]
    for other in others:
        assert abs(np.corrcoef(base, other)[0, 1]) < 4 / np.sqrt(len(IDS))


def test_pairs_fill_the_square():
    """Chi-square over a 20 x 20 grid of (this quarter, next quarter), p > 1e-3."""
    a, b = (uniform(7, "attention", IDS, q) for q in (8100, 8101))
    counts = np.histogram2d(a, b, bins=20, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(counts.ravel()).pvalue > 1e-3


def test_many_draws_of_a_firm_are_jointly_uniform():
    """Chi-square over the cube of three draws of each firm, for ten sets of names, p > 1e-4 each (error rate 1e-3).

    A draw is one mixing of id xor clock, so that two draws of a firm differ by the same xor for all firms: this is
    where a weak mixing would show.
    """
    for k in range(10):
        draws = [uniform(k, "taste", IDS, 8100 + j, f"offer {j % 2}") for j in range(3)]
        cells = np.ravel_multi_index([(8 * u).astype(int) for u in draws], (8, 8, 8))
        assert stats.chisquare(np.bincount(cells, minlength=512)).pvalue > 1e-4


def test_low_bits_of_pairs_are_uniform():
    """The last of the 52 bits of two draws of a firm are independent: chi-square over 16 x 16, p > 1e-3."""
    low = [
        (uniform(3, "nest angle", IDS, 8100, name) * 2**52).astype(np.int64) % 16 for name in ("open", "proprietary")
    ]
    assert stats.chisquare(np.bincount(low[0] * 16 + low[1], minlength=256)).pvalue > 1e-3


def test_position_does_not_matter():
    u = uniform(1, "taste", IDS, 8100)
    np.testing.assert_array_equal(uniform(1, "taste", IDS[::-1], 8100), u[::-1])
    quarters = np.where(np.arange(len(IDS)) % 2, 8100, 8101)
    mixed = uniform(1, "taste", IDS, quarters)
    np.testing.assert_array_equal(mixed[1::2], u[1::2])


def test_ids_do_not_depend_on_the_size_of_the_stratum():
    few, many = (firm_ids(name_key("x"), np.arange(n)) for n in (10, 1000))
    np.testing.assert_array_equal(few, many[:10])
    assert len(np.unique(IDS)) == len(IDS)
