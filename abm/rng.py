"""Chance as a pure function of (seed, purpose, quarter, name) and the firm's permanent id.

Nothing here has a state: the same question always gets the same answer, in any order, on any number of
threads. Two worlds with one seed therefore share their luck, and a what-if differs from its baseline only by
what its policy causes.

The generator is a counter passed through the 64-bit finaliser of SplitMix64 (Steele, Lea and Flood 2014,
https://doi.org/10.1145/2660193.2660195, constants of Stafford's variant 13), applied to key and counter
so that neighbouring ids and neighbouring keys give unrelated numbers.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def _finalise(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z ^ (z >> np.uint64(30))) * _FIRST
    z = (z ^ (z >> np.uint64(27))) * _SECOND
    return z ^ (z >> np.uint64(31))


def name_key(*parts: str | int) -> np.uint64:
    """A 64-bit key of names and numbers that is the same on every machine and in every process.

    >>> hex(name_key("taste", "deepseek"))
    '0xe30d01fd0c5d5912'
    """
    text = "\x1f".join(str(part) for part in parts)
    return np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))


def firm_ids(stratum_key: np.uint64, count: int) -> Ids:
    """Permanent ids of the firms of one stratum: firm number i always has the same id.

    Args:
        stratum_key: Key of the stratum's name.
        count: Number of firms.

    Returns:
        Ids, shape (firm,).
    """
    with np.errstate(over="ignore"):
        return _finalise(stratum_key + np.arange(1, count + 1, dtype=np.uint64) * _GOLDEN)


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
    key = name_key(seed, purpose, name)
    with np.errstate(over="ignore"):
        clock = _finalise(np.asarray(quarter, dtype=np.uint64) * _GOLDEN + key)
        bits = _finalise(_finalise(ids ^ clock) + clock)
    return ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
