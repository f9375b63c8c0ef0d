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
    # Pairs of terms, then pairs of pairs (Estrin 1960): their products do not wait for each other.
    z2 = z * z
    z4 = z2 * z2
    low = fma(z2, fma(z, 1 / 9, 1 / 7), fma(z, 1 / 5, 1 / 3))
    high = fma(z2, fma(z, 1 / 17, 1 / 15), fma(z, 1 / 13, 1 / 11))
    series = z * fma(z4, fma(z4, fma(z, 1 / 21, 1 / 19), high), low)
    return exponent * _LN2_HIGH + (2 * s + (2 * s * series + exponent * _LN2_LOW))


@inlined
def exp(x: float) -> float:
    """Exponential of a number between -700 and 700: 2^k times the Taylor series of the rest."""
    k = np.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = fma(r2, fma(r, 1 / 6, 1 / 2), r + 1.0)
    middle = fma(r2, fma(r, 1 / 5040, 1 / 720), fma(r, 1 / 120, 1 / 24))
    high = fma(r2, fma(r, 1 / 39916800, 1 / 3628800), fma(r, 1 / 362880, 1 / 40320))
    highest = fma(r, 1 / 6227020800, 1 / 479001600)
    series = fma(r4, fma(r4, fma(r4, highest, high), middle), low)
    return series * np.int64((np.int64(k) + 1023) << 52).view(np.float64)


@inlined
def sine(x: float) -> float:
    """Sine of a number between 0 and pi: Taylor series of it or of pi less it, whichever is smaller."""
    y = x if x < 0.5 * math.pi else (math.pi - x) + _PI_LOW
    z = y * y
    z2 = z * z
    z4 = z2 * z2
    low = fma(z2, fma(z, 1 / 362880, -1 / 5040), fma(z, 1 / 120, -1 / 6))
    high = fma(z2, fma(z, 1 / 355687428096000, -1 / 1307674368000), fma(z, 1 / 6227020800, -1 / 39916800))
    series = fma(z4, fma(z4, fma(z, 1 / 5.109094217170944e19, -1 / 121645100408832000), high), low)
    return y + y * (z * series)
