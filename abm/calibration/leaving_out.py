"""Posteriors from a part of the figures: what each family of figures, one statement, and each region add."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.calibration.calibrate import Effort
from abm.calibration.emulator import Emulator
from abm.calibration.kept import Kept, some_of
from abm.calibration.posterior import Sampler
from abm.calibration.targets import families, family_of_each, published, regions_spoken_of, targets

ALONE = "china_manufacturing_2026"  # the one figure that China's firms hang on
CHAINS = 2


def of_families() -> dict[str, NDArray[np.bool_]]:
    """Figures of each family and the one of `ALONE`, shape (target,)."""
    found = {name: family_of_each() == k for k, name in enumerate(families())}
    return found | {ALONE: np.array([one.moment == ALONE for one in targets()])}


def of_regions() -> dict[str, NDArray[np.bool_]]:
    """Figures that speak about each region, alone, with others or against it, shape (target,)."""
    spoken = [{*one.region.split("+"), one.reading} for one in targets()]
    return {name: np.array([name in regions for regions in spoken]) for name in regions_spoken_of()}


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
