"""Posteriors from a part of the figures: what each family of figures, and each country, adds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.calibration.calibrate import Effort
from abm.calibration.emulator import Emulator
from abm.calibration.kept import Kept, some_of
from abm.calibration.posterior import Sampler
from abm.calibration.targets import families, family_of_each, published, targets

COUNTRIES = ("eu", "us", "canada", "japan", "brazil", "china")
CHAINS = 2


def of_families() -> dict[str, NDArray[np.bool_]]:
    """Figures of each family, shape (target,)."""
    return {name: family_of_each() == k for k, name in enumerate(families())}


def of_countries() -> dict[str, NDArray[np.bool_]]:
    """Figures about each country alone, shape (target,)."""
    return {name: np.array([one.of == name for one in targets()]) for name in COUNTRIES}


def without(emulator: Emulator, left_out: NDArray[np.bool_], effort: Effort, many: int) -> Kept:
    """Draws from the posterior given all figures but some.

    Args:
        emulator: The stand-in for the model.
        left_out: Figures that do not count, shape (target,).
        effort: Lengths of the chains.
        many: Draws that are kept.
    """
    sampler = Sampler(emulator, ~left_out, effort.draws // 2, effort.warm_up // 2, CHAINS)
    return some_of(sampler.draw(published()), many)
