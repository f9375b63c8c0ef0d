"""Multiple equilibria, tipping and lock-in: roots against iteration and counting, chances against exact Markov chains."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abm.theory.interaction import (
    brock_durlauf_roots,
    is_stable,
    polya_distribution,
    pull,
    ruin_duration,
    ruin_probability,
    tipping_field,
)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(st.floats(0, 8), st.floats(-3, 3))
def test_roots_are_all_the_crossings(strength, field):
    """Against a count of changes of sign on a fine grid, where crossings are not too close to be told apart."""
    roots = brock_durlauf_roots(strength, field)
    np.testing.assert_allclose(np.tanh((field + strength * roots) / 2), roots, atol=1e-12)
    grid = np.linspace(-1, 1, 20_001)
    gap = np.tanh((field + strength * grid) / 2) - grid
    if len(roots) == 1 or np.diff(roots).min() > 1e-3:
        assert len(roots) == np.count_nonzero(np.sign(gap[:-1]) * np.sign(gap[1:]) < 0) + np.count_nonzero(gap == 0)


@pytest.mark.parametrize("strength", [0.5, 1.9, 2.1, 3.0, 6.0])
@pytest.mark.parametrize("field", [0.0, 0.1, -0.05])
def test_stable_roots_attract_and_others_repel(strength, field):
    for root in brock_durlauf_roots(strength, field):
        distance = []
        for push in (-1e-4, 1e-4):
            m = root + push
            for _ in range(20):
                m = np.tanh((field + strength * m) / 2)
            distance.append(abs(m - root))
        assert all(d < 1e-4 for d in distance) == is_stable(root, strength)


def test_two_roots_vanish_at_the_tipping_field():
    for strength in (2.2, 3.0, 5.0):
        fold = tipping_field(strength)
        for sign in (-1, 1):
            assert len(brock_durlauf_roots(strength, sign * fold * 0.999)) == 3
            assert len(brock_durlauf_roots(strength, sign * fold * 1.001)) == 1
        assert brock_durlauf_roots(strength, fold * 0.999).max() > 0 > brock_durlauf_roots(strength, fold * 1.001).max()
    assert tipping_field(2.0) == tipping_field(1.5) == tipping_field(0.5) == 0


@pytest.mark.parametrize("strength", [2.2, 3.0, 5.0])
@pytest.mark.parametrize("sign", [-1, 1])
def test_at_the_tipping_field_one_root_touches_and_one_crosses(measured, strength, sign):
    """The touching one is where the slope J (1 - m^2) / 2 is one: m = sign b with b = (1 - 2 / J)^1/2."""
    roots = brock_durlauf_roots(strength, sign * tipping_field(strength))
    assert len(roots) == 2
    touching, crossing = roots[::-sign]
    measured(touching, sign * np.sqrt(1 - 2 / strength), atol=1e-7)
    assert crossing * sign < 0 and is_stable(crossing, strength)
    assert not is_stable(sign * 0.5, 8 / 3)  # where it touches, slope one, shares leave it on one side


@pytest.mark.parametrize("strength, field, expected", [
    (2.0, 0.0, [0.0]), (80.0, 0.0, [-1.0, 0.0, 1.0]), (1.0, 50.0, [1.0]), (1.0, -50.0, [-1.0]), (80.0, 90.0, [1.0]),
])  # fmt: skip
def test_roots_at_the_border_and_beyond_what_floats_tell_from_one(measured, strength, field, expected):
    measured(brock_durlauf_roots(strength, field), expected, atol=1e-12)


def test_pulls_of_several_firms_are_those_of_each(measured):
    """Shares and numbers as they are; logarithms of shares with the first balls counted, which add up to one."""
    users = np.array([[1.0, 0.0, 3.0], [2.0, 2.0, 1.0]])
    share = users / 8
    measured(pull("share", share, users, 0.5), share)
    measured(pull("count", share, users, 0.5), users)
    chances = np.exp(pull("log_share", share, users, 0.5))
    measured(chances, [[3 / 11, 1 / 11, 7 / 11], [5 / 13, 5 / 13, 3 / 13]], rtol=1e-14)


@pytest.mark.parametrize("up, upper, lower", [(0.5, 3, 5), (0.3, 4, 2), (0.62, 7, 7), (0.9, 1, 3), (0.501, 12, 8)])
def test_ruin_against_the_markov_chain(measured, up, upper, lower):
    """Absorption probabilities and times from the fundamental matrix of the walk (Kemeny and Snell 1960)."""
    inner = upper + lower - 1
    step = np.diag(np.full(inner - 1, up), 1) + np.diag(np.full(inner - 1, 1 - up), -1)
    fundamental = np.linalg.inv(np.eye(inner) - step)
    start = lower - 1
    measured(ruin_probability(up, upper, lower), fundamental[start, -1] * up, rtol=1e-10)
    measured(ruin_duration(up, upper, lower), fundamental[start].sum(), rtol=1e-9)


@pytest.mark.parametrize("first, second", [(1, 1), (2, 1), (1, 3)])
def test_polyas_urn_against_its_own_draws(measured, first, second):
    """The exact distribution, draw by draw."""
    chance = np.array([1.0])
    for n in range(12):
        k = np.arange(n + 1)
        up = (first + k) / (first + second + n)
        chance = np.append(chance * (1 - up), 0) + np.append(0, chance * up)
    measured(polya_distribution(12, first, second), chance, rtol=1e-11)
