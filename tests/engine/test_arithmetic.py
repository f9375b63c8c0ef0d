"""The polynomials against the C library's functions: a second implementation, accurate to one unit in the last place.

The functions for tastes work in float32: their errors are counted in its units, 1.2e-7.
"""

import math

import numba
import numpy as np
import pytest

from abm.dynamics import arithmetic
from abm.dynamics.kernel.choice import add_nest_shock
from abm.dynamics.kernel.columns import new_workspace
from abm.rng import as_uniform, finalise
from abm.theory.choice import log_positive_stable

ULP, SINGLE = np.finfo(float).eps, np.finfo(np.float32).eps


def over(function, x):
    @numba.njit
    def apply(x):
        out = np.empty(len(x))
        for i in range(len(x)):
            out[i] = function(x[i])
        return out

    return apply(x)


def worst(function, reference, x, unit=ULP):
    """Largest relative error, in units in the last place."""
    exact = np.array([reference(v) for v in x.tolist()])
    return np.max(np.abs(over(function, x) - exact) / np.maximum(np.abs(exact), 1e-300)) / unit


@pytest.mark.parametrize("low, high", [(-52.0, 0.0), (-1e-3, 1e-3), (-700.0, 700.0)])
def test_log(low, high):
    """From the smallest uniform number to one, near one, and over the whole range."""
    assert worst(arithmetic.log, math.log, np.exp(np.linspace(low, high, 20_011) * (1 if high else math.log(2)))) < 3


def test_log_of_the_uniform_next_to_one():
    u = 1 - 2.0 ** -np.arange(2, 53)
    assert worst(arithmetic.log, math.log, u) < 3


def test_exp():
    assert worst(arithmetic.exp, math.exp, np.linspace(-700, 700, 20_011)) < 4


def test_single_log():
    """Over the whole range and near one, where the logarithm vanishes."""
    wide = np.exp(np.linspace(-87, 88, 20_011)).astype(np.float32)
    near = np.linspace(0.7, 1.4, 20_011, dtype=np.float32)
    assert worst(arithmetic.single_log, math.log, np.concatenate([wide, near[near != 1]]), SINGLE) < 2


def exponential(bits):
    """-log u of random bits, as the kernel draws it."""
    r, e = arithmetic.split_uniform(bits)
    return -arithmetic.log_near_one(r, e)


exponential = numba.njit(exponential)
FEW = np.uint64([0, 1, 2**12, 2**63, 2**64 - 1, 2**64 - 2**13])
BITS = np.concatenate(
    [
        FEW,
        ~(np.uint64(1) << np.arange(64, dtype=np.uint64)),
        np.random.default_rng(1).integers(0, 2**64, 50_000, np.uint64),
    ]
)


def test_exponential_draws():
    """Relative to the draw itself, also where the uniform number is next to one and the draw next to zero."""
    assert worst(exponential, lambda bits: -math.log(as_uniform(np.uint64(bits))), BITS, SINGLE) < 2


def test_gumbel_draws():
    """Within 2e-7 of the reference's draw, or of it times its size: of 50,000 draws the kernel's are off by that at most."""
    gumbel = numba.njit(lambda bits: -arithmetic.single_log(np.float32(exponential(bits))))
    exact = -np.log(-np.log(as_uniform(BITS)))
    assert np.max(np.abs(over(gumbel, BITS) - exact) / np.maximum(np.abs(exact), 1)) < 2e-7


def test_sine():
    """Relative to the sine itself, also near zero and, folded, near a half turn, where it vanishes."""
    turns = np.concatenate(
        [np.linspace(1e-9, 1 - 1e-9, 20_011), 2.0 ** -np.arange(1, 53), 1 - 2.0 ** -np.arange(2, 53)]
    )
    folded_sine = numba.njit(lambda turns: arithmetic.sine(arithmetic.folded(turns)))
    assert worst(folded_sine, lambda turns: math.sin(math.pi * min(turns, 1 - turns)), turns, SINGLE) < 3


@pytest.mark.parametrize("dissimilarity", [0.05, 0.378, 0.608, 0.999])
def test_nest_shocks(dissimilarity):
    """Against the theory's draw, where that is itself accurate: not at angles within 1e-9 of a half turn."""
    work = new_workspace(1, 1, 0)
    draw = np.random.default_rng(2)
    work.key[:] = draw.integers(0, 2**64, len(work.key), np.uint64)
    work.total[:] = 0.0
    angle, size = np.uint64(11), np.uint64(13)
    numba.njit(error_model="numpy")(add_nest_shock.py_func)(len(work.key), dissimilarity, angle, size, work, 0)
    first, second = (as_uniform(finalise(work.key ^ clock)) for clock in (angle, size))
    expected = dissimilarity * log_positive_stable(dissimilarity, first, second)
    known = first < 1 - 1e-9
    assert np.max((np.abs(work.total[0] - expected) / np.maximum(np.abs(expected), 1))[known]) < 5e-7
