"""Chance as a pure function of (seed, purpose, quarter, name) and the firm's permanent id.

Nothing here has a state: the same question always gets the same answer, in any order, on any number of
threads. Two worlds with one seed therefore share their luck, and a what-if differs from its baseline only by
what its policy causes.

The generator is the 64-bit finaliser of SplitMix64 (Steele, Lea and Flood 2014,
https://doi.org/10.1145/2660193.2660195, constants of Stafford's variant 13), applied to the firm's id xor a clock. Ids
and clocks are themselves outputs of the finaliser, so that neighbouring firms, quarters and names give unrelated numbers.
The compiled kernel uses the same functions, on single numbers.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_ONE = np.uint64(0x3FF0000000000000)  # bits of 1.0


def finalise(z: Any) -> Any:
    """Mix 64 bits so that every output bit depends on every input bit; a bijection of uint64, scalar or array."""
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


def as_uniform(bits: Any) -> Any:
    """The upper 52 bits, in the middle of their step, as a uniform number in (0, 1); scalar or array of uint64.

    They become the fraction of a number between 1 and 2, from which a little less than 1 is taken without rounding:
    processors convert 64-bit integers to numbers slowly.
    """
    return np.uint64((bits >> np.uint64(12)) | _ONE).view(np.float64) - (1 - 2.0**-53)


@lru_cache(maxsize=4096)
def name_key(*parts: str | int) -> np.uint64:
    """A 64-bit key of names and numbers that is the same on every machine and in every process.

    >>> hex(name_key("taste", "deepseek"))
    '0xe30d01fd0c5d5912'
    """
    text = "\x1f".join(str(part) for part in parts)
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def firm_ids(stratum_key: np.uint64 | Ids, index: NDArray[np.integer]) -> Ids:
    """Permanent ids of firms: number i of a stratum always has the same id.

    Args:
        stratum_key: Key of the stratum's name, one for all or one per firm.
        index: Position of the firm in its stratum, from 0, shape (firm,).

    Returns:
        Ids, shape (firm,).
    """
    with np.errstate(over="ignore"):
        return finalise(stratum_key + (index.astype(np.uint64) + np.uint64(1)) * GOLDEN)


def clock(seed: int, purpose: str, quarter: int | NDArray[np.integer] = 0, name: str = "") -> Any:
    """What a draw is for, as 64 bits to be combined with ids.

    Args:
        seed: The run's seed.
        purpose: What the draw is for; different purposes are independent.
        quarter: Quarter number of the draw, one or an array.
        name: An optional further key, for example the offer's name.

    Returns:
        Clock, of the shape of the quarter.
    """
    key = name_key(seed, purpose, name)
    with np.errstate(over="ignore"):
        return finalise(np.asarray(quarter, dtype=np.uint64) * GOLDEN + key)


def uniform(
    seed: int, purpose: str, ids: Ids, quarter: int | NDArray[np.integer] = 0, name: str = ""
) -> NDArray[np.float64]:
    """One uniform number in (0, 1) per id, never 0 nor 1.

    Args:
        seed: The run's seed.
        purpose: What the draw is for; different purposes are independent.
        ids: Permanent ids, shape (firm,).
        quarter: Quarter number of the draw, one for all or one per firm.
        name: An optional further key, for example the offer's name.

    Returns:
        Uniforms, shape (firm,), with 52 random bits.
    """
    with np.errstate(over="ignore"):
        return as_uniform(finalise(ids ^ clock(seed, purpose, quarter, name)))
