"""The polynomials against the C library's functions: a second implementation, accurate to one unit in the last place."""

import math

import numba
import numpy as np
import pytest

from abm.dynamics import arithmetic

ULP = np.finfo(float).eps


def over(function, x):
    @numba.njit
    def apply(x):
        out = np.empty_like(x)
        for i in range(len(x)):
            out[i] = function(x[i])
        return out

    return apply(x)


def worst(function, reference, x):
    """Largest relative error, in units in the last place."""
    exact = np.array([reference(v) for v in x])
    return np.max(np.abs(over(function, x) - exact) / np.maximum(np.abs(exact), 1e-300)) / ULP


@pytest.mark.parametrize("low, high", [(-52.0, 0.0), (-1e-3, 1e-3), (-700.0, 700.0)])
def test_log(low, high):
    """From the smallest uniform number to one, near one, and over the whole range."""
    assert worst(arithmetic.log, math.log, np.exp(np.linspace(low, high, 20_011) * (1 if high else math.log(2)))) < 3


def test_log_of_the_uniform_next_to_one():
    u = 1 - 2.0 ** -np.arange(2, 53)
    assert worst(arithmetic.log, math.log, u) < 3


def test_exp():
    assert worst(arithmetic.exp, math.exp, np.linspace(-700, 700, 20_011)) < 4


def test_sine():
    """Relative to the sine itself, also near pi where it vanishes."""
    x = np.concatenate([np.linspace(1e-9, math.pi - 1e-9, 20_011), math.pi - 10.0 ** -np.arange(1, 12)])
    assert worst(arithmetic.sine, math.sin, x) < 4
