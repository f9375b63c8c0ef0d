"""Designs of experiments: where each point lies in the space of the factors, computed for any range of points alone.

A design of a million points is never held in memory: point i is a function of the design and of i, so that every
machine of a cluster computes the points it runs, and a design that is taken up again needs no file. Places are
parts, from 0 to 1, of each factor's range; what a part means in the factor's own unit is the factor's affair.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from abm.quantities import InputError, unknown
from abm.rng import firm_ids, name_key, uniform
from abm.sweep.permutation import LARGEST, permuted

Parts = NDArray[np.float64]

# SciPy's Sobol sequence has 30 bits.
LONGEST_SOBOL = 2**30


@dataclass(frozen=True, slots=True)
class Design:
    """A plan of points in the space of the factors.

    Attributes:
        method: One of METHODS.
        levels: Per factor, the number of values it takes, if it is a list of values or of evenly spaced ones;
            0 if it is continuous. Level j of k is the part (j + 0.5) / k, and any part p means level floor(p k), the
            part 1 the last level.
        points: Size asked for: points of a latin_hypercube or of sobol, trajectories of morris, base samples of
            saltelli (a power of two). The other methods have a size of their own, and points is 0 or that size.
        seed: Seed of everything that is by chance in the design.
        second_order: Of saltelli: whether to add the points that interactions of two factors are estimated from.
        grid: Of morris: number of levels p of the grid, even; a step is p / (2 (p - 1)) of the range.
        table: Of table: the parts themselves, shape (point, factor); nan leaves a factor at the scenario's own value.

    Raises:
        InputError: If there is no such design; the message says why and what to do.
    """

    method: str
    levels: tuple[int, ...]
    points: int = 0
    seed: int = 1
    second_order: bool = False
    grid: int = 4
    table: NDArray[np.float64] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise unknown("method of design", self.method, METHODS)
        if not self.levels:
            raise InputError(f"the {self.method} design has no factor; give at least one factor to vary.")
        if min(self.levels) < 0:
            raise InputError(f"levels = {self.levels} must be whole numbers, from 0 (a continuous factor) up.")
        self._check_options()
        if self.method in ("full_factorial", "one_at_a_time") and 0 in self.levels:
            raise InputError(
                f"{self.method} takes each level of each factor, but factor {self.levels.index(0) + 1} of "
                f"{len(self.levels)} is continuous: give the factor values, or levels, or choose a method that "
                "spreads points over the range, such as sobol or latin_hypercube."
            )
        if self.method == "table":
            self._keep_table()
        if self.method in _SIZED:
            self._check_points()
        elif self.points not in (0, self.count):
            raise InputError(
                f"points = {self.points:,} cannot be had from {self.method}, which has {self.count:,} points here: "
                "leave points out, or choose sobol or latin_hypercube, which have as many as you ask for."
            )
        if self.count > LARGEST:
            raise InputError(
                f"the {self.method} design has about 10^{math.log10(self.count):.0f} points, more than can be numbered "
                f"({LARGEST:.0e}); give fewer levels or factors, or choose sobol or latin_hypercube."
            )

    def _check_options(self) -> None:
        """Refuse an option that this method would silently ignore, and a grid that does not exist."""
        for name, given, method in (
            ("second_order", self.second_order, "saltelli"),
            ("grid", self.grid != 4, "morris"),
            ("table", self.table is not None, "table"),
        ):
            if given and self.method != method:
                raise InputError(f"{name} belongs to the {method} design, not to {self.method}; leave it out.")
        if self.grid < 2 or self.grid % 2:
            raise InputError(
                f"grid = {self.grid} levels is impossible for morris: a step of half the grid needs an even number "
                "from 2 up; 4 is usual."
            )

    def _check_points(self) -> None:
        """Check the size asked for, by method."""
        what = _SIZED[self.method]
        if self.points < 1:
            raise InputError(f"points = {self.points} {what} make no {self.method} design; ask for 1 or more.")
        if self.method == "saltelli" and self.points & (self.points - 1):
            below = 1 << (self.points.bit_length() - 1)
            raise InputError(
                f"points = {self.points:,} {what} must be a power of two for a saltelli design, "
                f"or its indices are biased; the nearest are {below:,} and {2 * below:,}."
            )
        if self.method in ("sobol", "saltelli") and self.points > LONGEST_SOBOL:
            raise InputError(
                f"points = {self.points:,} {what} are more than the Sobol sequence has ({LONGEST_SOBOL:,}); ask for "
                "fewer, or choose latin_hypercube."
            )

    def _keep_table(self) -> None:
        """Check the table and keep a copy that nobody can change."""
        if self.table is None:
            raise InputError("the table design needs a table of parts, with one row per point and a column per factor.")
        table = np.array(self.table, dtype=np.float64)
        if table.ndim != 2 or table.shape[1] != len(self.levels) or not len(table):
            raise InputError(
                f"the table has shape {table.shape}; it must have at least one row (a point) "
                f"and {len(self.levels)} columns (one per factor)."
            )
        # Written so that nan, the scenario's own value, passes.
        wrong = np.argwhere((table < 0) | (table > 1))
        if len(wrong):
            row, column = wrong[0]
            raise InputError(
                f"the table has {table[row, column]:g} in row {row + 1}, column {column + 1}; parts go from 0 to 1 of "
                "the factor's range, or are nan for the scenario's own value."
            )
        table.flags.writeable = False
        object.__setattr__(self, "table", table)

    @property
    def digest(self) -> str:
        """Fingerprint of its first points, which libraries make; "" for a table, whose points are given."""
        if self.method == "table":
            return ""
        return hashlib.blake2b(self.parts(0, min(64, self.count)).tobytes(), digest_size=6).hexdigest()

    @property
    def count(self) -> int:
        """Number of points in all."""
        if self.method == "full_factorial":
            return math.prod(self.levels)
        if self.method == "one_at_a_time":
            return 1 + sum(self.levels)
        if self.method == "table":
            assert self.table is not None
            return len(self.table)
        return self.points * self.block

    @property
    def block(self) -> int:
        """Points that one unit of `points` stands for: those of a trajectory, or of a base sample."""
        factors = len(self.levels)
        if self.method == "morris":
            return factors + 1
        if self.method == "saltelli":
            return (2 * factors if self.second_order else factors) + 2
        return 1

    def parts(self, start: int, stop: int) -> Parts:
        """Where points lie, as parts of the factors' ranges.

        Args:
            start: Number of the first point, from 0.
            stop: Number after the last point.

        Returns:
            Parts from 0 to 1, shape (stop - start, factor); nan is the scenario's own value.

        Raises:
            InputError: If the design has no such points.
        """
        if not 0 <= start <= stop <= self.count:
            raise InputError(
                f"points {start:,} to {stop:,} do not exist: the design has {self.count:,} points, "
                "numbered from 0; ask for a range among them."
            )
        if start == stop:
            return np.empty((0, len(self.levels)))
        return _PARTS[self.method](self, np.arange(start, stop))


def _full_factorial(design: Design, index: NDArray[np.int64]) -> Parts:
    """Every combination of the levels, the last factor changing fastest."""
    level = np.stack(np.unravel_index(index, design.levels), axis=1)
    return (level + 0.5) / design.levels


def _one_at_a_time(design: Design, index: NDArray[np.int64]) -> Parts:
    """First the scenario itself, then every level of every factor with all others at the scenario's own value."""
    after = 1 + np.cumsum(design.levels)
    parts = np.full((len(index), len(design.levels)), np.nan)
    row = np.flatnonzero(index > 0)
    factor = np.searchsorted(after, index[row], side="right")
    levels = np.array(design.levels)[factor]
    parts[row, factor] = (index[row] - (after[factor] - levels) + 0.5) / levels
    return parts


def _latin_hypercube(design: Design, index: NDArray[np.int64]) -> Parts:
    """One point in each of as many equal strata of each factor as there are points.

    McKay, Beckman and Conover (1979), https://doi.org/10.1080/00401706.1979.10489755.
    """
    within = _uniforms(design, "within", index)
    stratum = np.stack(
        [permuted(index, design.points, name_key(design.seed, "stratum", j)) for j in range(len(design.levels))], axis=1
    )
    # Rounding must not carry a point over the end of its stratum, nor to 1.
    return np.minimum((stratum + within) / design.points, np.nextafter((stratum + 1.0) / design.points, 0))


def _sobol(design: Design, index: NDArray[np.int64]) -> Parts:
    """A scrambled Sobol sequence; its first 2^m points are balanced, so a power of two is the best size."""
    return _sequence(design, len(design.levels), int(index[0]), int(index[-1]) + 1)


def _morris(design: Design, index: NDArray[np.int64]) -> Parts:
    """Trajectories on a grid; each moves every factor once, in an order of its own, by half the grid.

    From a level in the lower half a step leads up, from one in the upper half down: with this length of step there is
    no other, and each level of each factor is equally likely (Morris 1991,
    https://doi.org/10.1080/00401706.1991.10484804). Rows of a trajectory are consecutive, as SALib wants them.
    """
    trajectory, step = np.divmod(index, design.block)
    first = trajectory[0]
    # Each trajectory's luck is drawn once, not once per row.
    numbers = np.arange(first, trajectory[-1] + 1)
    before = np.floor(_uniforms(design, "start", numbers) * design.grid)
    half = design.grid // 2
    after = np.where(before < half, before + half, before - half)
    turn = np.argsort(_uniforms(design, "order", numbers), axis=1)
    row = trajectory - first
    level: Parts = np.where(turn[row] < step[:, np.newaxis], after[row], before[row])
    return level / (design.grid - 1)


def _saltelli(design: Design, index: NDArray[np.int64]) -> Parts:
    """Per base sample the points A, AB_1 to AB_d, BA_1 to BA_d if second_order, and B, as SALib wants them.

    AB_j is A with factor j taken from B (Saltelli et al. 2010, https://doi.org/10.1016/j.cpc.2009.09.018), BA_j is B with
    factor j taken from A (Saltelli 2002, https://doi.org/10.1016/S0010-4655(02)00280-1).
    """
    factors = len(design.levels)
    sample, row = np.divmod(index, design.block)
    first = sample[0]
    base = _sequence(design, 2 * factors, int(first), int(sample[-1]) + 1)[sample - first]
    one = np.eye(factors, dtype=bool)
    none, every = np.zeros((1, factors), bool), np.ones((1, factors), bool)
    from_b = np.concatenate([none, one, ~one, every] if design.second_order else [none, one, every])
    return np.where(from_b[row], base[:, factors:], base[:, :factors])


def _table(design: Design, index: NDArray[np.int64]) -> Parts:
    """The rows that were given."""
    assert design.table is not None
    return design.table[index]


def _uniforms(design: Design, purpose: str, index: NDArray[np.int64]) -> Parts:
    """A uniform number in (0, 1) for each numbered thing and factor, shape (thing, factor)."""
    ids = firm_ids(name_key("design", purpose), index)
    return np.stack([uniform(design.seed, purpose, ids, name=str(j)) for j in range(len(design.levels))], axis=1)


def _sequence(design: Design, dimensions: int, start: int, stop: int) -> Parts:
    """Points of a scrambled Sobol sequence, shape (stop - start, dimension).

    Direction numbers of Joe and Kuo (2008), https://doi.org/10.1137/070709359; a random linear scramble and a shift
    (Matousek 1998, https://doi.org/10.1006/jcom.1998.0489), which keep the balance of the points and give each a uniform
    distribution, as does the costlier scrambling of Owen (1998, https://doi.org/10.1006/jcom.1998.0487).
    """
    from scipy.stats import qmc  # slow to load, and this design alone needs it

    engine = qmc.Sobol(dimensions, rng=int(name_key(design.seed, "sobol")))
    if start:
        return np.asarray(engine.fast_forward(start).random(stop - start))
    # SciPy warns of a first draw whose size is no power of two, though others follow; one is a power of two.
    return np.concatenate([engine.random(1), engine.random(stop - 1)])


# Methods that have as many points as are asked for, and what is counted.
_SIZED = {
    "latin_hypercube": "points",
    "sobol": "points",
    "morris": "trajectories",
    "saltelli": "base samples",
}

_PARTS: dict[str, Callable[[Design, NDArray[np.int64]], Parts]] = {
    "full_factorial": _full_factorial,
    "one_at_a_time": _one_at_a_time,
    "latin_hypercube": _latin_hypercube,
    "sobol": _sobol,
    "morris": _morris,
    "saltelli": _saltelli,
    "table": _table,
}
METHODS = tuple(_PARTS)
