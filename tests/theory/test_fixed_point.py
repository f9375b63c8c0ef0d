"""Anderson acceleration against solutions known otherwise."""

import numpy as np
import pytest
from scipy.optimize import brentq

from abm.theory.fixed_point import accelerated_fixed_point


def counted(mapping):
    def value(x):
        value.calls += 1
        return mapping(x)

    value.calls = 0
    return value


@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_linear_mapping_is_solved_in_one_value_more_than_it_has_coordinates(size):
    """Walker and Ni (2011): with enough memory the method is GMRES, which needs as many steps as there are unknowns."""
    matrix = np.diag(np.linspace(-0.9, 0.8, size)) + 0.1 * np.eye(size, k=1)
    constant = np.arange(1.0, size + 1)
    mapping = counted(lambda x: matrix @ x + constant)
    point, found = accelerated_fixed_point(mapping, np.zeros(size), 1e-9)
    assert found and mapping.calls <= size + 3
    np.testing.assert_allclose(point, np.linalg.solve(np.eye(size) - matrix, constant), rtol=1e-8)


def test_a_mapping_that_leads_away_is_still_solved():
    """x = 3 - 2 x has the solution 1, from which plain iteration runs away."""
    point, found = accelerated_fixed_point(lambda x: 3 - 2 * x, np.array([5.0]), 1e-12)
    assert found and point[0] == pytest.approx(1.0, abs=1e-12)


def test_a_curve_meets_the_line_where_bisection_says():
    point, found = accelerated_fixed_point(lambda x: np.exp(-x), np.array([0.0, 2.0]), 1e-13)
    assert found
    np.testing.assert_allclose(point, brentq(lambda x: np.exp(-x) - x, 0, 1, xtol=1e-14), atol=1e-12)


@pytest.mark.parametrize("mapping", [lambda x: x + 1, lambda x: np.full_like(x, np.nan)])
def test_what_stays_nowhere_is_not_found(mapping):
    assert not accelerated_fixed_point(mapping, np.zeros(2), 1e-9)[1]


def test_a_start_that_stays_is_kept_with_one_value():
    mapping = counted(lambda x: x.copy())
    point, found = accelerated_fixed_point(mapping, np.array([1.0, 2.0]), 1e-9)
    assert found and mapping.calls == 1 and point.tolist() == [1.0, 2.0]
