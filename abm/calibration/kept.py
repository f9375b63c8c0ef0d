"""Some draws from each posterior, kept as tables."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.calibration.design import changes_of, free
from abm.calibration.posterior import Draws
from abm.calibration.targets import SHIFTS, families
from abm.quantities import InputError

Floats = NDArray[np.float64]
POSTERIORS = ("fit", "all")  # from the fit figures alone, for what is said out of sample, and from all, for projections


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


def write(path: Path, draws: Draws, count: int) -> None:
    """Write evenly spaced draws as a table, a row each.

    Args:
        path: The file.
        draws: The draws.
        count: How many to keep.
    """
    rows = np.linspace(0, len(draws.points) - 1, count).round().astype(int)
    table = pd.DataFrame([changes_of(point) for point in draws.points[rows]])
    table[[f"shift.{name}" for name in SHIFTS]] = draws.shifts[rows]
    table[[f"misfit.{name}" for name in families()]] = draws.misfit[rows]
    unfinished = path.with_suffix(".part")
    table.to_csv(unfinished, index=False, float_format="%.5g")
    unfinished.rename(path)


def read(posterior: str, folder: Path) -> Kept:
    """Draws from a posterior.

    Args:
        posterior: "fit" or "all".
        folder: Where its file is.

    Raises:
        InputError: If there is no such file, or it is of other parameters.
    """
    path = folder / f"posterior_{posterior}.csv"
    if not path.is_file():
        raise InputError(f"there is no posterior {posterior!r} in {folder.name}; make one with: abm calibrate --quick")
    table = pd.read_csv(path)
    lacking = [name for name in free() if name not in table]
    if lacking:
        raise InputError(f"{path.name} lacks {lacking[0]}: it is of another model; run abm calibrate again.")
    return Kept(
        table[list(free())].to_dict("records"),  # type: ignore[arg-type]
        table[[f"shift.{name}" for name in SHIFTS]].to_numpy(float),
        table[[f"misfit.{name}" for name in families()]].to_numpy(float),
    )
