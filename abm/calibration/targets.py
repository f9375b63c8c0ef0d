"""The published figures that parameters are estimated from, and those they are tested on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from abm.quantities import Quantity

Floats = NDArray[np.float64]
FILE = Path(__file__).parent / "targets.csv"
FIT, HELD_OUT = "fit", "held_out"
_WHY = "how a sample or a wording differs from the model's firms is estimated along with the parameters"

# What a series measures besides the model's quantity: added to the model's log-odds, the same in all its quarters.
SHIFTS = {
    "btos_old_wording": Quantity(
        "US survey: old wording (in producing goods or services) against the new (in any business function)", "log-odds",
        -5.0, 5.0, _WHY, prior=(-1.5, -0.1),
    ),
    "payment_sample": Quantity(
        "Customers of one payment firm against all US firms", "log-odds", -5.0, 5.0, _WHY, prior=(-0.5, 2.5)
    ),
    "router_sample": Quantity(
        "Users of one router against small information and professional firms", "log-odds", -5.0, 5.0, _WHY,
        prior=(-2.0, 1.0),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """One published figure and how it is measured in the model.

    Attributes:
        moment: Its name.
        family: Figures of one kind and source; families are never pooled.
        split: "fit" or "held_out".
        indicator: penetration, open_share, spend, people or frontier.
        reading: Population of penetration, weight of the open share, or whose frontier.
        region: Region, several joined by "+" and weighted by firms, or "world".
        sector: The same for sectors, "" for all.
        size: Size class, "" for all.
        first: First quarter; the figure is compared with the mean to the last one.
        last: Last quarter.
        value: The published value: a share, USD a year or ECI points.
        error: Standard deviation of what it says about the region, in log-odds, logarithms or points.
        shift: Name in `SHIFTS`, "" for none.
        source: Id in the table of sources.
        grade: primary, press or derived.
        note: In words.
    """

    moment: str
    family: str
    split: str
    indicator: str
    reading: str
    region: str
    sector: str
    size: str
    first: str
    last: str
    value: float
    error: float
    shift: str
    source: str
    grade: str
    note: str

    def scaled(self, value: ArrayLike) -> Floats:
        """A value on the scale of its error: log-odds of a share, logarithm of money, points as they are."""
        number = np.asarray(value, float)
        if self.indicator == "frontier":
            return number
        if self.indicator == "spend":
            return np.log(np.maximum(number, 1e6))
        share = np.clip(number, 1e-4, 1 - 1e-4)
        return np.log(share / (1 - share))

    def unscaled(self, scaled: ArrayLike) -> Floats:
        """The value of a number on the scale of its error."""
        number = np.asarray(scaled, float)
        if self.indicator == "frontier":
            return number
        return np.exp(number) if self.indicator == "spend" else 1 / (1 + np.exp(-number))


@lru_cache(maxsize=1)
def targets() -> tuple[Target, ...]:
    """All targets, in the order of their file."""
    frame = pd.read_csv(FILE, keep_default_na=False)
    frame[["value", "error"]] = frame[["value", "error"]].astype(float)
    return tuple(Target(**row) for row in frame.to_dict("records"))  # type: ignore[arg-type]


def families() -> tuple[str, ...]:
    """Families of targets, in the order of the file."""
    return tuple(dict.fromkeys(one.family for one in targets()))


def family_of_each() -> NDArray[np.intp]:
    """Place of each target's family in `families`, shape (target,)."""
    return np.array([families().index(one.family) for one in targets()])


def errors() -> Floats:
    """Standard deviation of each target, shape (target,)."""
    return np.array([one.error for one in targets()])


def shifted() -> Floats:
    """One where a target has a shift, shape (target, shift)."""
    return np.array([[one.shift == name for name in SHIFTS] for one in targets()], float)


def shift_prior() -> tuple[Floats, Floats]:
    """Means and standard deviations of the shifts: normal, with nine tenths within the ends of their priors."""
    low, high = np.array([one.prior for one in SHIFTS.values()], float).T
    return (low + high) / 2, (high - low) / 3.3


def published() -> Floats:
    """The published values on the scale of their errors, shape (target,)."""
    return np.array([float(one.scaled(one.value)) for one in targets()])
