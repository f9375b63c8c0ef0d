"""What this machine can do at best: memory, random reads, and the arithmetic that a decision needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np
from numpy.typing import NDArray

from abm.compiled import compiled, inlined
from abm.dynamics.arithmetic import exp, log, sine, single_log
from abm.rng import GOLDEN, finalise
from abm.world.engine import share_out

_mix = inlined(finalise)
_NEAR = 1024  # numbers that stay in the nearest cache


@compiled
def _add(x):  # type: ignore[no-untyped-def]
    total = 0
    for i in range(len(x)):
        total += x[i]
    return total


@compiled
def _pick(x, places):  # type: ignore[no-untyped-def]
    """Add bytes at places drawn before, so that nothing but the reads costs."""
    total = 0
    for place in places:
        total += x[np.uint64(place)]
    return total


@compiled
def _values(use, cost, best, repeats):  # type: ignore[no-untyped-def]
    """Keep the better of two values, each of what use is worth less what it costs."""
    for k in range(repeats):
        for i in range(len(use)):
            value = use[i] * (0.3 + k) - cost[i] * 0.7 - 0.1
            best[i] = value if value > best[i] else best[i]


@compiled
def _logs(x, out, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(len(x)):
            out[i] = log(x[i])


@compiled
def _exps(x, out, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(len(x)):
            out[i] = exp(x[i])


@compiled
def _single_logs(x, out, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(len(x)):
            out[i] = single_log(x[i])


@compiled
def _sines(x, out, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(len(x)):
            out[i] = sine(x[i])


@compiled
def _hashes(words, out, repeats):  # type: ignore[no-untyped-def]
    for _ in range(repeats):
        for i in range(len(words)):
            out[i] = _mix(words[i])


def seconds(work: Callable[[], object], repeats: int = 5) -> float:
    """Median time of some work, seconds, after one run that does not count."""
    work()
    taken = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def arithmetic() -> dict[str, float]:
    """Nanoseconds of one function on numbers in the nearest cache, one thread, by its name.

    log and exp are of float64, the single ones of float32; a value is that of an option, compared with the best.
    """
    repeats = 2000
    x, out = np.linspace(0.1, 0.9, _NEAR), np.empty(_NEAR)
    single, single_out = np.linspace(0.1, 0.4, _NEAR, dtype=np.float32), np.empty(_NEAR, np.float32)
    words, mixed = np.arange(_NEAR, dtype=np.uint64), np.empty(_NEAR, np.uint64)
    works = {
        "log": lambda: _logs(x, out, repeats),
        "exp": lambda: _exps(x, out, repeats),
        "single log": lambda: _single_logs(single, single_out, repeats),
        "single sine": lambda: _sines(single, single_out, repeats),
        "value": lambda: _values(x, x[::-1].copy(), out, repeats),
        "hash": lambda: _hashes(words, mixed, repeats),
    }
    return {name: seconds(work) / repeats / _NEAR * 1e9 for name, work in works.items()}


def speedup(threads: int) -> float:
    """How many times faster threads together mix random bits than one does: what cores can give."""
    words, repeats = np.arange(_NEAR, dtype=np.uint64), 2000

    def mix(_: int) -> None:
        _hashes(words, np.empty(_NEAR, np.uint64), repeats)

    parts = range(16 * threads)
    return seconds(lambda: share_out(mix, parts, 1)) / seconds(lambda: share_out(mix, parts, threads))


def bandwidth(threads: int, megabytes: int) -> float:
    """Memory that all threads together read in order, GB/s."""
    parts: list[NDArray[np.int64]] = np.array_split(np.ones(megabytes * 2**17, np.int64), threads * 4)
    return megabytes * 2**20 / seconds(lambda: share_out(_add, parts, threads)) / 1e9


def random_read(megabytes: float) -> float:
    """Nanoseconds of one read of a byte at a random place of an array, one thread."""
    size = 1 << int(np.log2(megabytes * 2**20))
    places = (finalise(np.arange(1_000_000, dtype=np.uint64) * GOLDEN) & np.uint64(size - 1)).astype(np.uint32)
    codes = np.ones(size, np.uint8)
    return seconds(lambda: _pick(codes, places), 3) / len(places) * 1e9
