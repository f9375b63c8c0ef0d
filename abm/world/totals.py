"""What the firms of a kind do together: the only thing that labs, governments and the record see of them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(slots=True)
class Totals:
    """Sums over firms times their weight, each of shape (region, sector, size, option), option 0 being none.

    With k the use intensity, n the workers, a the readiness and w the weight of a firm:

    Attributes:
        firms: Sum of w, firms.
        employment: Sum of w n, workers.
        readiness: Sum of w n a, workers.
        capacity: Sum of w k n a: use if AI did all exposed tasks, in uses of a ready worker of median intensity.
        capacity_squared: Sum of (w k n a)^2, for effective sample sizes.
        project: Sum of w (1 - a) (n / 50)^size exponent: adoption cost in units of the entry cost at 50 workers.
        entered: The same for those who entered the option this quarter, times the switching share if they switched.
        taste: Sum of w n times the worth of the firm's taste for its option over no AI, mu (eps - eps none) / W, workers.
    """

    firms: Floats
    employment: Floats
    readiness: Floats
    capacity: Floats
    capacity_squared: Floats
    project: Floats
    entered: Floats
    taste: Floats

    @staticmethod
    def of(values: Floats) -> Totals:
        """Name the last axis of an array of shape (region, sector, size, option, quantity)."""
        return Totals(*np.moveaxis(values, -1, 0))

    def users(self, name: str) -> Floats:
        """A total without the firms that have no AI, shape (region, sector, size, option proper)."""
        return getattr(self, name)[..., 1:]


QUANTITIES = tuple(one.name for one in fields(Totals))
