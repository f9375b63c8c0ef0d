"""The whole calibration: runs at many parameters, an emulator of them, and two posteriors that are never confused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abm.calibration.coverage import Coverage, cover
from abm.calibration.design import Store, prior_points
from abm.calibration.emulator import Emulator, kept_apart, train
from abm.calibration.kept import POSTERIORS, write
from abm.calibration.posterior import Draws, Sampler
from abm.calibration.targets import FIT, published, targets

Floats = NDArray[np.float64]
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done.

    Attributes:
        prior: Runs that fill the prior.
        near: Runs where the posteriors of the first emulator are.
        draws: Draws of each chain.
        warm_up: Draws of each chain before them.
        chains: Chains of each posterior.
        kept: Draws of each posterior that are written.
        covered: Runs over the prior, unseen by the emulator, whose parameters are recovered to test the coverage.
    """

    prior: int
    near: int
    draws: int
    warm_up: int
    chains: int
    kept: int
    covered: int


QUICK = Effort(prior=512, near=128, draws=200, warm_up=200, chains=2, kept=50, covered=10)
FULL = Effort(prior=8192, near=4096, draws=1000, warm_up=1000, chains=4, kept=200, covered=100)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came of it.

    Attributes:
        draws: Draws by posterior.
        coverage: Ranks of known parameters among draws from their posteriors, given the fit targets.
    """

    draws: dict[str, Draws]
    coverage: Coverage


def used(posterior: str) -> NDArray[np.bool_]:
    """Targets that a posterior rests on, shape (target,)."""
    return np.array([posterior == "all" or one.split == FIT for one in targets()])


def calibrate(folder: Path, effort: Effort, workers: int, tell: Tell) -> Calibration:
    """Estimate the parameters twice, from the fit targets alone and from all, and write the draws.

    The first emulator learns the model over the whole prior; it says where the posteriors are, and there the model is run
    again, so that the second one is good where it matters. What was run is kept in the folder.

    Args:
        folder: Where runs are kept and posteriors are written.
        effort: How much is done.
        workers: Processes.
        tell: Called with (what is being done, done, in all).
    """
    store = Store(folder / "runs")
    store.fill(
        f"prior{effort.prior}", prior_points(effort.prior), workers, lambda a, b: tell("runs over the prior", a, b)
    )
    points, found = _complete(*store.read(f"prior{effort.prior}"))
    first = _posteriors(train(points, found), effort, tell, "first")
    near = _spread_out(first, effort.near)
    store.fill(f"near{effort.near}", near, workers, lambda a, b: tell("runs near the posteriors", a, b))
    points_near, found_near = _complete(*store.read(f"near{effort.near}"))
    is_near = np.repeat([False, True], [len(points), len(points_near)])
    emulator = train(np.concatenate([points, points_near]), np.concatenate([found, found_near]), near=is_near)
    drawn = _posteriors(emulator, effort, tell, "second")
    for name, one in drawn.items():
        write(folder / f"posterior_{name}.csv", one, effort.kept)
    unseen = np.flatnonzero(kept_apart(len(is_near)) & ~is_near)[: effort.covered]

    def covering(made: int, whole: int) -> None:
        tell("recovery of known parameters", made, whole)

    ranks = cover(emulator, points[unseen], found[unseen], used("fit"), effort.draws, effort.warm_up, progress=covering)
    return Calibration(drawn, ranks)


def _posteriors(emulator: Emulator, effort: Effort, tell: Tell, which: str) -> dict[str, Draws]:
    drawn = {}
    for k, name in enumerate(POSTERIORS):
        tell(f"{which} posteriors", k, len(POSTERIORS))
        drawn[name] = Sampler(emulator, used(name), effort.draws, effort.warm_up, effort.chains).draw(published())
    tell(f"{which} posteriors", len(POSTERIORS), len(POSTERIORS))
    return drawn


def _complete(points: Floats, found: Floats) -> tuple[Floats, Floats]:
    """Leave out runs where a share is of nobody, as where no firm of a kind uses AI: far from anything observed."""
    known = np.isfinite(found).all(axis=1)
    return points[known], found[known]


def _spread_out(drawn: dict[str, Draws], count: int) -> Floats:
    """Points of both posteriors, a little farther from their means on the normal scale: emulators must know the tails."""
    from scipy.special import ndtr, ndtri

    parts = []
    for one in drawn.values():
        rows = np.linspace(0, len(one.points) - 1, count // len(drawn)).round().astype(int)
        z = ndtri(np.clip(one.points, 1e-6, 1 - 1e-6))
        parts.append(ndtr(z.mean(axis=0) + 1.4 * (z[rows] - z.mean(axis=0))))
    return np.concatenate(parts)
