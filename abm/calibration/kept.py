"""Some draws from each posterior, kept as tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.calibration.design import changes_of, free
from abm.calibration.posterior import Draws
from abm.calibration.targets import SHIFTS, families
from abm.quantities import InputError
from abm.rng import uniform
from abm.scenario.posterior import SHIPPED, posterior_table

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kept:
    """Some draws from a posterior.

    Attributes:
        changes: Values by dotted name, one mapping for each draw.
        shifts: Shifts of series, in the order of `SHIFTS`, shape (draw, shift).
        misfit: Standard deviation of the model's own misfit by family, in the order of `families`, shape (draw, family).
    """

    changes: list[dict[str, float]]
    shifts: Floats
    misfit: Floats

    def first(self, many: int) -> Kept:
        """The first draws, as good a sample as any."""
        return Kept(self.changes[:many], self.shifts[:many], self.misfit[:many])


def some_of(draws: Draws, count: int) -> Kept:
    """Evenly spaced draws in an order without order, so that any first ones are a sample.

    Args:
        draws: All draws, chain after chain.
        count: How many to keep.
    """
    rows = np.linspace(0, len(draws.points) - 1, count).round().astype(int)
    rows = rows[np.argsort(uniform(1, "order of draws", np.arange(count, dtype=np.uint64), 0))]
    return Kept([changes_of(point) for point in draws.points[rows]], draws.shifts[rows], draws.misfit[rows])


def keep(path: Path, draws: Draws) -> None:
    """Keep all draws, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.savez(file, **asdict(draws))
    unfinished.rename(path)


def kept_in(path: Path) -> Draws:
    """All draws that `keep` has kept."""
    with np.load(path) as found:
        arrays = {name: found[name] for name in ("points", "shifts", "misfit")}
        return Draws(**arrays, rhat=float(found["rhat"]), effective=float(found["effective"]))


def write(path: Path, kept: Kept) -> None:
    """Write draws as a table, a row each, whole or not at all."""
    table = pd.DataFrame(kept.changes)
    table[[f"shift.{name}" for name in SHIFTS]] = kept.shifts
    table[[f"misfit.{name}" for name in families()]] = kept.misfit
    unfinished = path.with_suffix(".part")
    table.to_csv(unfinished, index=False, float_format="%.5g")
    unfinished.rename(path)


def read(posterior: str, folder: Path = SHIPPED) -> Kept:
    """Draws from a posterior.

    Args:
        posterior: "fit" or "all".
        folder: Where its file is; the one that comes with the package by default.

    Raises:
        InputError: If there is no such file, or it is of other parameters.
    """
    table = posterior_table(posterior, folder)
    lacking = [name for name in free() if name not in table]
    if lacking:
        raise InputError(
            f"posterior {posterior!r} lacks {lacking[0]}: it is of another model; run abm calibrate again."
        )
    return Kept(
        table[list(free())].to_dict("records"),  # type: ignore[arg-type]
        table[[f"shift.{name}" for name in SHIFTS]].to_numpy(float),
        table[[f"misfit.{name}" for name in families()]].to_numpy(float),
    )
