"""The points of a study with what was found at each of them: the mean over its seeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.quantities import InputError, unknown
from abm.sweep.study import ERROR, POINT, QUARTER, SEED, Study

Floats = NDArray[np.float64]
FEWEST_SPREAD = 100
_SPREAD = ("latin_hypercube", "sobol", "saltelli", "full_factorial", "table")


@dataclass(frozen=True, eq=False)
class Points:
    """An indicator at the points of a study, in one quarter.

    All points run the same seeds, so that they share their luck. The mean of a point over its seeds is therefore
    comparable with another's only if no seed is missing: points that lack one are left out, and it is said how many.

    Attributes:
        study: The study.
        indicator: Column of the store.
        quarter: Quarter in which it is read.
        by_seed: The indicator, shape (point, seed); nan where there is none.
        failed: Runs that have failed.
        absent: Runs that are not there yet.
        empty: Runs that have no value of the indicator, though they did not fail.
    """

    study: Study
    indicator: str
    quarter: str
    by_seed: Floats
    failed: int
    absent: int
    empty: int

    @property
    def unit(self) -> str:
        """Unit of the indicator."""
        return self.study.indicators[self.indicator].unit

    @property
    def factors(self) -> list[str]:
        """Names of the factors."""
        return [one.name for one in self.study.factors]

    @cached_property
    def parts(self) -> Floats:
        """Where the points lie, as parts of the factors' ranges, shape (point, factor)."""
        return self.study.design.parts(0, self.study.design.count)

    @cached_property
    def whole(self) -> NDArray[np.bool_]:
        """Whether each point has all of its seeds, shape (point,)."""
        return np.isfinite(self.by_seed).all(axis=1)

    @cached_property
    def means(self) -> Floats:
        """Mean over the seeds, shape (point,); nan where a seed is missing."""
        return self.by_seed.mean(axis=1)

    @cached_property
    def whole_blocks(self) -> NDArray[np.bool_]:
        """Whether each trajectory or base sample of the design has all of its points, shape (block,)."""
        return self.whole.reshape(-1, self.study.design.block).all(axis=1)

    @cached_property
    def spread(self) -> NDArray[np.intp]:
        """Whole points that are spread over the space independently of each other."""
        return np.flatnonzero(self.whole & self._independent)

    @property
    def _independent(self) -> NDArray[np.bool_]:
        """Which points of the design are: of a saltelli design A and B of the base samples, of others all."""
        design = self.study.design
        row = np.arange(len(self.whole)) % design.block
        return (row == 0) | (row == design.block - 1) | (design.method != "saltelli")

    def not_spread(self) -> str:
        """Why a method that needs points all over the space cannot be used; "" if it can."""
        design = self.study.design
        if design.method not in _SPREAD:
            return (
                f"needs points spread over all factors at once, not a {design.method} design: choose latin_hypercube or "
                "sobol"
            )
        if np.isnan(self.parts).any():
            return "needs a value of every factor at every point; this table leaves some at the scenario's own value"
        if len(self.spread) < FEWEST_SPREAD:
            return (
                f"needs {FEWEST_SPREAD} points or more with all seeds; here are {len(self.spread)}: run more"
                f"{self.lacking and f' ({self.lacking})'}"
            )
        return self.constant(self.means[self.spread])

    def constant(self, means: Floats) -> str:
        """Why there is nothing to explain; "" if there is."""
        if np.ptp(means) > 1e-12 * np.abs(means).max():
            return ""
        return f"{self.indicator} is the same at all points, so that there is nothing to explain: widen the factors' ranges"

    @property
    def lacking(self) -> str:
        """How many runs are missing, as "3 of 400 runs failed, 10 are not there yet"; "" if none."""
        counts = {"failed": self.failed, "are not there yet": self.absent, f"have no {self.indicator}": self.empty}
        told = [f"{count:,} {what}" for what, count in counts.items() if count]
        return f"of {self.study.runs:,} runs {', '.join(told)}" if told else ""

    def other_design(self, method: str, fewest: int, blocks: str) -> str:
        """Why a method that reads whole blocks of a design of its own cannot be used; "" if it can.

        Args:
            method: The design it needs.
            fewest: Least number of blocks without a missing run.
            blocks: What they are.
        """
        design, whole = self.study.design, int(self.whole_blocks.sum())
        if design.method != method:
            return f'needs the design method = "{method}", not {design.method}'
        if whole < fewest:
            return (
                f"needs {fewest} whole {blocks} or more, each of {design.block} points; here are {whole}: run more"
                f"{self.lacking and f' ({self.lacking})'}"
            )
        return ""

    def left_out_of_spread(self) -> str:
        """A sentence on how many of the points that are spread over the space had to be left out."""
        return self.left_out(len(self.spread), int(self._independent.sum()), "points")

    def left_out(self, left: int, of: int, what: str) -> str:
        """A sentence on what had to be left out, with a space before it; "" if nothing.

        Args:
            left: How many are left.
            of: How many there should be.
            what: What they are.
        """
        if left == of:
            return ""
        return (
            f" O{self.lacking[1:]}: {of - left:,} of {of:,} {what} are left out, and where they lie the result says "
            "nothing."
        )


def points_of(study: Study, data: pd.DataFrame, indicator: str = "", quarter: str = "") -> Points:
    """Read an indicator off the rows of a study's store.

    Args:
        study: The study.
        data: The rows, with columns point, seed, quarter, error and the indicators.
        indicator: Its column; the study's first by default.
        quarter: The quarter; the study's last by default.

    Raises:
        InputError: If the study does not keep the indicator or the quarter, or no run is there.
    """
    indicator, quarter = indicator or next(iter(study.indicators)), quarter or study.quarters[-1]
    if indicator not in study.indicators:
        raise unknown("indicator of the study", indicator, study.indicators)
    if quarter not in study.quarters:
        raise unknown("quarter of the study", quarter, study.quarters)
    rows = data[data[QUARTER] == quarter]
    if not len(rows):
        raise InputError(f"no run of study {study.name!r} is there yet; run it with: abm sweep run")
    place = rows[POINT].to_numpy(int) * study.seeds + rows[SEED].to_numpy(int) - 1
    failed = rows[ERROR].notna().to_numpy() & (rows[ERROR] != "").to_numpy()
    found = np.where(failed, np.nan, rows[indicator].to_numpy(float))
    values = np.full(study.runs, np.nan)
    values[place] = found
    return Points(
        study, indicator, quarter, values.reshape(-1, study.seeds), int(failed.sum()), study.runs - len(np.unique(place)),
        int((~np.isfinite(found) & ~failed).sum()),
    )  # fmt: skip
