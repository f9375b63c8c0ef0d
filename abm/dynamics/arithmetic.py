"""Logarithm, exponential and sine as polynomials that compilers turn into vector instructions.

Accurate to a few units in the last place of float64 over the arguments that the kernel has; libm's functions are as
accurate but take one number at a time. No `fastmath`: it would drop the compensation that the accuracy rests on.
"""

from __future__ import annotations

import math

import numpy as np

from abm.compiled import compiled

_LN2_HIGH = float.fromhex("0x1.62e42fefa3800p-1")  # 32 bits, so that its product with an exponent is exact
_LN2_LOW = float.fromhex("0x1.ef35793c76730p-45")
_LOG2_E = 1 / math.log(2)
_FRACTION = (1 << 52) - 1
_ONE = 1023 << 52
_ROOT_2 = math.sqrt(2)
_PI_LOW = 1.2246467991473532e-16  # pi less its nearest float64


@compiled
def log(x: float) -> float:
    """Natural logarithm of a normal positive number: 2 artanh((m - 1) / (m + 1)) + e log 2 with x = m 2^e."""
    bits = np.float64(x).view(np.int64)
    mantissa = np.int64((bits & _FRACTION) | _ONE).view(np.float64)
    large = mantissa > _ROOT_2
    exponent = np.float64((bits >> 52) - (1022 if large else 1023))
    mantissa = 0.5 * mantissa if large else mantissa
    s = (mantissa - 1.0) / (mantissa + 1.0)
    z = s * s
    series = 1 / 17 + z * (1 / 19 + z * (1 / 21))
    series = 1 / 11 + z * (1 / 13 + z * (1 / 15 + z * series))
    series = z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * series))))
    return exponent * _LN2_HIGH + (2 * s + (2 * s * series + exponent * _LN2_LOW))


@compiled
def exp(x: float) -> float:
    """Exponential of a number between -700 and 700: 2^k times the Taylor series of the rest."""
    k = np.floor(x * _LOG2_E + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    series = 1 / 3628800 + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800)))
    series = 1 / 720 + r * (1 / 5040 + r * (1 / 40320 + r * (1 / 362880 + r * series)))
    series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * series)))))
    return series * np.int64((np.int64(k) + 1023) << 52).view(np.float64)


@compiled
def sine(x: float) -> float:
    """Sine of a number between 0 and pi: Taylor series of it or of pi less it, whichever is smaller."""
    y = x if x < 0.5 * math.pi else (math.pi - x) + _PI_LOW
    z = y * y
    series = -1 / 1307674368000 + z * (1 / 355687428096000 - z * (1 / 121645100408832000 - z / 5.109094217170944e19))
    series = -1 / 39916800 + z * (1 / 6227020800 + z * series)
    series = -1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * (1 / 362880 + z * series)))
    return y + y * (z * series)
