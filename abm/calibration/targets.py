"""The published figures that parameters are estimated from, and those they are tested on."""

from __future__ import annotations

from collections.abc import Sequence
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
# Indicators on a logarithmic scale, and the least of them that is told apart.
LOGARITHMIC = {"spend": 1e6, "price": 1e-4, "price_fall": 1e-2, "relative_use": 1e-4}
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
        indicator: penetration, open_share, chinese_share, spend, people, relative_use, frontier, price or price_fall.
        reading: Population of penetration, weight of a share of use, whose frontier, offers (joined by "+") whose prices are
            averaged, the capability whose least price fell from the first to the last quarter, or the region whose use per
            worker is one.
        region: Region, several joined by "+" and weighted by firms, or "world".
        sector: The same for sectors, "" for all.
        size: Size class, "" for all.
        first: First quarter; the figure is compared with the mean to the last one.
        last: Last quarter.
        value: The published value: a share, USD a year, ECI points, USD per million tokens or times.
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

    @property
    def series(self) -> tuple[str, ...]:
        """What is the same in all figures of one series: all but the date, the value and its error."""
        return (self.of, self.family, self.indicator, self.reading, self.region, self.sector, self.size, self.shift)

    @property
    def error_unit(self) -> str:
        """What its error is in."""
        if self.indicator == "frontier":
            return "points"
        return "logarithms" if self.indicator in LOGARITHMIC else "log-odds"

    @property
    def of(self) -> str:
        """Whom the figure is about, the first word of its name: a country, a sample or the frontier."""
        return self.moment.partition("_")[0]

    def scaled(self, value: ArrayLike) -> Floats:
        """A value on the scale of its error: log-odds of a share, logarithm of money or times, points as they are."""
        number = np.asarray(value, float)
        if self.indicator == "frontier":
            return number
        if self.indicator in LOGARITHMIC:
            return np.log(np.maximum(number, LOGARITHMIC[self.indicator]))
        share = np.clip(number, 1e-4, 1 - 1e-4)
        return np.log(share / (1 - share))

    def unscaled(self, scaled: ArrayLike) -> Floats:
        """The value of a number on the scale of its error."""
        number = np.asarray(scaled, float)
        if self.indicator == "frontier":
            return number
        return np.exp(number) if self.indicator in LOGARITHMIC else 1 / (1 + np.exp(-number))


@lru_cache(maxsize=1)
def targets() -> tuple[Target, ...]:
    """All targets, in the order of their file."""
    frame = pd.read_csv(FILE, keep_default_na=False)
    frame[["value", "error"]] = frame[["value", "error"]].astype(float)
    return tuple(Target(**row) for row in frame.to_dict("records"))  # type: ignore[arg-type]


def regions_spoken_of() -> tuple[str, ...]:
    """Regions that some target speaks about, by name."""
    return tuple(sorted({region for one in targets() for region in one.region.split("+")} - {"world"}))


def families() -> tuple[str, ...]:
    """Families of targets, in the order of the file."""
    return tuple(dict.fromkeys(one.family for one in targets()))


def family_of_each(figures: Sequence[Target] | None = None) -> NDArray[np.intp]:
    """Place of each figure's family in `families`, shape (target,); of all targets by default."""
    return np.array([families().index(one.family) for one in figures or targets()])


def errors(figures: Sequence[Target] | None = None) -> Floats:
    """Standard deviation of each figure, shape (target,); of all targets by default."""
    return np.array([one.error for one in figures or targets()])


def shifted(figures: Sequence[Target] | None = None) -> Floats:
    """One where a figure has a shift, shape (target, shift); of all targets by default."""
    return np.array([[one.shift == name for name in SHIFTS] for one in figures or targets()], float)


def shift_prior() -> tuple[Floats, Floats]:
    """Means and standard deviations of the shifts: normal, with nine tenths within the ends of their priors."""
    low, high = np.array([one.prior for one in SHIFTS.values()], float).T
    return (low + high) / 2, (high - low) / 3.3


def published() -> Floats:
    """The published values on the scale of their errors, shape (target,)."""
    return np.array([float(one.scaled(one.value)) for one in targets()])
