"""A random order of any number of things, told for any of them alone: nothing as long as the order is kept.

A Feistel network (Luby and Rackoff 1988, https://doi.org/10.1137/0217022) is a bijection whatever its rounds do. Its
halves here are numbers below the root of the size (the generalised network of Black and Rogaway 2002,
https://doi.org/10.1007/3-540-45760-7_9), so that hardly any number falls outside the size; one that does is sent
through again until it falls inside (cycle walking), which leaves a bijection of 0 to size - 1.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from abm.rng import GOLDEN, finalise

# Four rounds suffice on large sets (Luby and Rackoff); on sets of a few things their orders become equally likely only
# after some more.
_ROUNDS = 12
# Both halves and their square stay within 64 bits.
LARGEST = 2**62


def permuted(index: NDArray[np.integer], size: int, key: np.uint64) -> NDArray[np.uint64]:
    """Where a random order of `size` things puts some of them.

    Args:
        index: Numbers of the things, from 0 to size - 1, shape (thing,).
        size: How many things are ordered in all, at most 2^62.
        key: What the order hangs on; different keys give unrelated orders.

    Returns:
        Places from 0 to size - 1, shape (thing,): different for different things.

    >>> sorted(permuted(np.arange(7), 7, np.uint64(1)).tolist())
    [0, 1, 2, 3, 4, 5, 6]
    """
    root = math.isqrt(size - 1) + 1
    # Of an odd side all rounds are even permutations, and half of the orders could hardly occur.
    side = np.uint64(root + root % 2)
    with np.errstate(over="ignore"):
        keys = finalise(key + np.arange(1, _ROUNDS + 1, dtype=np.uint64) * GOLDEN)
    place = _network(index.astype(np.uint64), side, keys)
    while (outside := np.flatnonzero(place >= size)).size:
        place[outside] = _network(place[outside], side, keys)
    return place


def _network(number: NDArray[np.uint64], side: np.uint64, keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A bijection of 0 to side^2 - 1, one round per key."""
    left, right = number // side, number % side
    for key in keys:
        left, right = right, (left + finalise(right ^ key) % side) % side
    return left * side + right
