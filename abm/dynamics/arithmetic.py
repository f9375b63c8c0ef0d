"""Logarithm, exponential and sine as polynomials that compilers turn into vector instructions.

What a firm's use is worth is computed in float64, to a few units in the last place. Tastes need less: their functions
work in float32, twice as many numbers at a time, and keep the relative precision of arguments near zero and one. Relative
to the larger of the shock and one, an offer's shock is within 2e-7 of the reference's, and a nest's within 5e-7. No
`fastmath`: it would drop the compensation that the accuracy rests on.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from abm.compiled import inlined
from abm.rng import as_uniform

_LN2_HIGH = float.fromhex("0x1.62e42fefa3800p-1")  # 32 bits, so that its product with an exponent is exact
_LN2_LOW = float.fromhex("0x1.ef35793c76730p-45")
_LOG2_E = 1 / math.log(2)
_FRACTION = (1 << 52) - 1
_ONE = 1023 << 52
_ROOT_2 = math.sqrt(2)
_ROOT_HALF = 0x3FE6A09E667F3BCD  # bits of the float64 next above 1 / sqrt 2
_ROUND = 1.5 * 2.0**52  # a number so large that adding it rounds to integers
_ROUND_BITS = int(np.float64(_ROUND).view(np.int64))


def _fma(_: Any, a: Any, b: Any, c: Any) -> Any:
    """A product and a sum rounded once, a b + c: one instruction, and the same number on every machine."""

    def generate(_context: Any, builder: ir.IRBuilder, _signature: Any, arguments: Any) -> Any:
        return builder.fma(*arguments)

    kind = types.float32 if a == types.float32 else types.float64
    return kind(kind, kind, kind), generate


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
    rounded = x * _LOG2_E + _ROUND
    k = rounded - _ROUND
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    r2 = r * r
    r4 = r2 * r2
    low = fma(r2, fma(r, 1 / 6, 1 / 2), r + 1.0)
    middle = fma(r2, fma(r, 1 / 5040, 1 / 720), fma(r, 1 / 120, 1 / 24))
    high = fma(r2, fma(r, 1 / 39916800, 1 / 3628800), fma(r, 1 / 362880, 1 / 40320))
    highest = fma(r, 1 / 6227020800, 1 / 479001600)
    series = fma(r4, fma(r4, fma(r4, highest, high), middle), low)
    power = np.int64(np.float64(rounded).view(np.int64) - (_ROUND_BITS - 1023))
    return series * np.int64(power << 52).view(np.float64)


# Minimax polynomials by Remez's algorithm: log(1 + r) = r - r^2/2 + r^3 L(r) for 1 + r between the roots of 1/2 and 2,
# within 8e-9 of it, and sin(pi t) = t S(t^2) for t up to 1/2, within 4e-8 of it.
_SINGLE_FRACTION = np.int32((1 << 23) - 1)
_SINGLE_ROOT_HALF = np.int32(0x3F3504F3)  # bits of 1 / sqrt 2
_LN2 = np.float32(math.log(2))
_HALF, _UNIT = np.float32(0.5), np.float32(1)
_L0, _L1, _L2, _L3 = map(np.float32, (0.33333316, -0.25000796, 0.20002283, -0.16624969))
_L4, _L5, _L6, _L7 = map(np.float32, (0.14181420, -0.13125296, 0.12879202, -0.07865451))
_S0, _S1, _S2, _S3, _S4 = map(np.float32, (3.14159274, -5.16771030, 2.55007768, -0.59829217, 0.07765941))


@inlined
def log_near_one(r, exponent):  # type: ignore[no-untyped-def]
    """Logarithm of (1 + r) 2^exponent in float32, with 1 + r between the roots of 1/2 and 2."""
    r2 = r * r
    low, high = fma(r2, fma(_L3, r, _L2), fma(_L1, r, _L0)), fma(r2, fma(_L7, r, _L6), fma(_L5, r, _L4))
    return fma(exponent, _LN2, fma(r2, fma(r, fma(r2 * r2, high, low), -_HALF), r))


@inlined
def single_log(x):  # type: ignore[no-untyped-def]
    """Natural logarithm of a normal positive float32."""
    bits = np.int32(np.float32(x).view(np.int32) - _SINGLE_ROOT_HALF)
    mantissa = np.int32((bits & _SINGLE_FRACTION) + _SINGLE_ROOT_HALF).view(np.float32)
    return log_near_one(mantissa - _UNIT, np.float32(np.int32(bits >> 23)))


@inlined
def split_uniform(bits):  # type: ignore[no-untyped-def]
    """The uniform number u of random bits as float32s r and e with u = (1 + r) 2^e, for `log_near_one`.

    Found in float64, so that r is precise also where u is close to one and the logarithm close to zero.
    """
    own = np.int64(np.float64(_uniform(bits)).view(np.int64) - _ROOT_HALF)
    mantissa = np.int64((own & _FRACTION) + _ROOT_HALF).view(np.float64)
    return np.float32(mantissa - 1.0), np.float32(np.int32(own >> 52))


@inlined
def folded(turns):  # type: ignore[no-untyped-def]
    """A part of a half turn as the one of equal sine up to a quarter turn, in float32."""
    return np.float32(min(turns, 1.0 - turns))


@inlined
def sine(quarter):  # type: ignore[no-untyped-def]
    """Sine of pi times a float32 from 0 to 1/2."""
    z = quarter * quarter
    z2 = z * z
    return quarter * fma(z2, fma(z2, _S4, fma(z, _S3, _S2)), fma(z, _S1, _S0))


_uniform = inlined(as_uniform)
