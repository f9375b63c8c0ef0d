"""Whether posteriors cover the truth: parameters that are known, figures that the model makes of them, and their ranks.

Simulation-based calibration (Talts, Betancourt, Simpson, Vehtari and Gelman 2018, https://arxiv.org/abs/1804.06788): where
truth is drawn from the prior, its rank among draws from the posterior is uniform, whatever the model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import chisquare

from abm.calibration.design import each, free
from abm.calibration.emulator import Emulator
from abm.calibration.posterior import Sampler, misfit_scale
from abm.calibration.targets import SHIFTS, errors, families, family_of_each, shift_prior, shifted
from abm.rng import uniform

Floats = NDArray[np.float64]
THINNED = 63  # draws that a rank is among, so that there are 64 ranks
BINS = 8
TOGETHER = 8  # data sets that a process takes at once


@dataclass(frozen=True, slots=True)
class Coverage:
    """Ranks of known parameters among draws from their posteriors.

    Attributes:
        ranks: From 0 to `THINNED`, shape (data set, parameter).
    """

    ranks: NDArray[np.intp]

    def inside(self, level: float = 0.9) -> Floats:
        """Share of the data sets whose central interval holds the truth, shape (parameter,)."""
        return np.asarray((np.abs(_positions(self.ranks) - 0.5) < level / 2).mean(axis=0), float)

    def uniformity(self) -> dict[str, float]:
        """Probability of ranks as uneven as these if they were uniform (chi-squared test over `BINS`), by parameter."""
        bins = self.ranks * BINS // (THINNED + 1)
        counts = [np.bincount(column, minlength=BINS) for column in bins.T]
        return {name: float(chisquare(count).pvalue) for name, count in zip(free(), counts, strict=True)}


def nominal(level: float = 0.9) -> float:
    """Share of the ranks that `Coverage.inside` counts, where all are as likely: near the level, as ranks are whole."""
    return float((np.abs(_positions(np.arange(THINNED + 1)) - 0.5) < level / 2).mean())


def _positions(ranks: NDArray[np.intp]) -> Floats:
    """Ranks as parts of the way through the posterior."""
    return np.asarray((ranks + 0.5) / (THINNED + 1), float)


def cover(
    emulator: Emulator, points: Floats, found: Floats, used: NDArray[np.bool_], draws: int = 600, warm_up: int = 400,
    seed: int = 1, workers: int = 1, progress: Callable[[int, int], None] | None = None,
) -> Coverage:  # fmt: skip
    """Recover known parameters.

    Args:
        emulator: The stand-in for the model, which has not seen the runs.
        points: Known parameters in the unit cube, shape (data set, parameter).
        found: What the model itself says there, shape (data set, target).
        used: Targets that count.
        draws: Draws of the one chain of each posterior.
        warm_up: Draws before them.
        seed: Seed of shifts, misfits, errors and samplers.
        workers: Processes; each compiles a sampler of its own, and lets go of what it compiled when it ends.
        progress: Called with (parts of `TOGETHER` data sets done, in all).
    """
    surveys = as_surveyed(found, seed)
    parts = [slice(start, start + TOGETHER) for start in range(0, len(points), TOGETHER)]
    jobs = [(emulator, points[part], surveys[part], used, draws, warm_up, seed + part.start) for part in parts]
    return Coverage(np.concatenate(list(each(_ranks, jobs, workers, progress))))


def _ranks(job: tuple[Emulator, Floats, Floats, NDArray[np.bool_], int, int, int]) -> NDArray[np.intp]:
    """Ranks of some truths among draws from the posteriors of their surveys, shape (data set, parameter)."""
    emulator, points, surveys, used, draws, warm_up, seed = job
    sampler, rows = Sampler(emulator, used, draws, warm_up, chains=1), []
    for k, (truth, published) in enumerate(zip(points, surveys, strict=True)):
        drawn = sampler.draw(published, seed + k).points
        thinned = drawn[np.linspace(0, len(drawn) - 1, THINNED).round().astype(int)]
        rows.append((thinned < truth).sum(axis=0))
    return np.array(rows)


def as_surveyed(found: Floats, seed: int) -> Floats:
    """What surveys would say: moments with shifts, misfits and errors drawn from their priors, shape (data set, target)."""
    sets = len(found)

    def normal(purpose: str, many: int) -> Floats:
        ids = np.arange(sets * many, dtype=np.uint64)
        return np.asarray(ndtri(uniform(seed, purpose, ids)).reshape(sets, many), float)

    mean, spread_of_shift = shift_prior()
    shifts = mean + spread_of_shift * normal("shift", len(SHIFTS))
    misfit = misfit_scale() * np.abs(normal("misfit", len(families())))
    spread = np.hypot(errors(), misfit[:, family_of_each()])
    return np.asarray(found + shifts @ shifted().T + spread * normal("error", found.shape[1]), float)
