"""Logarithm, exponential and sine as polynomials that compilers turn into vector instructions.

Accurate to a few units in the last place of float64 over the arguments that the kernel has; libm's functions are as
accurate but take one number at a time. No `fastmath`: it would drop the compensation that the accuracy rests on.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from abm.compiled import inlined

_LN2_HIGH = float.fromhex("0x1.62e42fefa3800p-1")  # 32 bits, so that its product with an exponent is exact
_LN2_LOW = float.fromhex("0x1.ef35793c76730p-45")
_LOG2_E = 1 / math.log(2)
_FRACTION = (1 << 52) - 1
_ONE = 1023 << 52
_ROOT_2 = math.sqrt(2)
_PI_LOW = 1.2246467991473532e-16  # pi less its nearest float64


def _fma(_: Any, a: Any, b: Any, c: Any) -> Any:
    """A product and a sum rounded once, a b + c: one instruction, and the same number on every machine."""

    def generate(_context: Any, builder: ir.IRBuilder, _signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    return types.float64(types.float64, types.float64, types.float64), generate


fma: Any = intrinsic(_fma)


@inlined
def log(x: float) -> float:
    """Natural logarithm of a normal positive number: 2 artanh((m - 1) / (m + 1)) + e log 2 with x = m 2^e."""
    bits = np.float64(x).view(np.int64)
    mantissa = np.int64((bits & _FRACTION) | _ONE).view(np.float64)
    large = mantissa > _ROOT_2
    exponent = np.float64((bits >> 52) - (1022 if large else 1023))
    mantissa = 0.5 * mantissa if large else mantissa
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    series = fma(z, fma(z, 1 / 21, 1 / 19), 1 / 17)
    series = fma(z, fma(z, fma(z, series, 1 / 15), 1 / 13), 1 / 11)
    series = z * fma(z, fma(z, fma(z, fma(z, series, 1 / 9), 1 / 7), 1 / 5), 1 / 3)
    return exponent * _LN2_HIGH + (2 * s + (2 * s * series + exponent * _LN2_LOW))


@inlined
def exp(x: float) -> float:
    """Exponential of a number between -700 and 700: 2^k times the Taylor series of the rest."""
    k = np.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    series = fma(r, fma(r, fma(r, 1 / 6227020800, 1 / 479001600), 1 / 39916800), 1 / 3628800)
    series = fma(r, fma(r, fma(r, fma(r, series, 1 / 362880), 1 / 40320), 1 / 5040), 1 / 720)
    series = fma(r, fma(r, fma(r, fma(r, fma(r, series, 1 / 120), 1 / 24), 1 / 6), 1 / 2), 1.0)
    series = fma(r, series, 1.0)
    return series * np.int64((np.int64(k) + 1023) << 52).view(np.float64)


@inlined
def sine(x: float) -> float:
    """Sine of a number between 0 and pi: Taylor series of it or of pi less it, whichever is smaller."""
    y = x if x < 0.5 * math.pi else (math.pi - x) + _PI_LOW
    z = y * y
    series = fma(z, fma(z, 1 / 5.109094217170944e19, -1 / 121645100408832000), 1 / 355687428096000)
    series = fma(z, fma(z, fma(z, series, -1 / 1307674368000), 1 / 6227020800), -1 / 39916800)
    series = fma(z, fma(z, fma(z, fma(z, series, 1 / 362880), -1 / 5040), 1 / 120), -1 / 6)
    return y + y * (z * series)
