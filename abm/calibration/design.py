"""Runs of the model at many parameters, kept on disk so that an interrupted calibration goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from abm.calibration.moments import moments
from abm.calibration.targets import regions_spoken_of, targets
from abm.quantities import Quantity
from abm.scenario.parameters import DECLARATIONS
from abm.scenario.scenario import Scenario
from abm.scenario.tables import REGION_FIGURES
from abm.workers import pool

Floats = NDArray[np.float64]
CHUNK = 64  # runs that are kept together
ESTIMATED = (
    "region_figures",
    "posterior_fit",
    "posterior_all",
)  # tables with values that are estimated: values are hashed
NOT_LIVED = ("sources", "observations")  # tables that no run reads


@lru_cache(maxsize=1)
def free() -> dict[str, Quantity]:
    """What is estimated, by dotted name: all that has a prior, regional figures for the regions that targets speak about."""
    found = {name: one for name, one in DECLARATIONS.items() if isinstance(one, Quantity) and one.prior}
    for column, declared in REGION_FIGURES.items():
        if declared.prior:
            found |= {f"regions.{region}.{column}": declared for region in regions_spoken_of()}
    return found


def changes_of(point: Floats) -> dict[str, float]:
    """Parameter values at a point of the unit cube, where the prior is uniform, shape (parameter,)."""
    return {name: one.at(float(part)) for (name, one), part in zip(free().items(), point, strict=True)}


class Store:
    """Points and what the model says there, in files of `CHUNK` runs.

    Args:
        folder: Where the files are; those of another model, other priors or other targets are not read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder / _fingerprint()
        self.folder.mkdir(parents=True, exist_ok=True)

    def read(self, name: str) -> tuple[Floats, Floats]:
        """Points (run, parameter) and moments (run, target) of all files of a round."""
        parts = [np.load(path) for path in sorted(self.folder.glob(f"{name}-*.npz"))]
        if not parts:
            return np.empty((0, len(free()))), np.empty((0, len(targets())))
        return np.concatenate([p["points"] for p in parts]), np.concatenate([p["moments"] for p in parts])

    def fill(self, name: str, points: Floats, workers: int, progress: Callable[[int, int], None]) -> None:
        """Run the model where it has not been run yet.

        Args:
            name: Name of the round.
            points: Points of the unit cube, shape (run, parameter); the same ones whenever the round is asked for.
            workers: Processes.
            progress: Called with (runs done, runs in all).
        """
        jobs = [
            (self.folder / f"{name}-{start:06d}.npz", points[start : start + CHUNK], start)
            for start in range(0, len(points), CHUNK)
        ]
        missing = [job for job in jobs if not job[0].exists()]
        done = len(points) - sum(len(job[1]) for job in missing)
        progress(done, len(points))
        for many in each(_run_chunk, missing, workers):
            done += many
            progress(done, len(points))


def prior_points(count: int) -> Floats:
    """Points that fill the unit cube evenly: the first of a scrambled Sobol sequence, shape (run, parameter)."""
    sequence = qmc.Sobol(len(free()), seed=1).random(1 << int(np.ceil(np.log2(max(count, 2)))))
    return np.asarray(sequence[:count], float)


def each[Job, Result](
    run: Callable[[Job], Result], jobs: list[Job], workers: int, progress: Callable[[int, int], None] | None = None
) -> Iterator[Result]:
    """Results of jobs in their order, from some processes or from this one.

    Args:
        run: What is to be done with each, a function of a module.
        jobs: The jobs.
        workers: Processes; 1 runs here.
        progress: Called with (jobs done, jobs in all).
    """
    with ExitStack() as open_until_done:
        if workers <= 1:
            results: Iterable[Result] = map(run, jobs)
        else:
            results = open_until_done.enter_context(pool(workers)).map(run, jobs)
        for done, result in enumerate(results, 1):
            if progress:
                progress(done, len(jobs))
            yield result


def _run_chunk(job: tuple[Path, Floats, int]) -> int:
    """Run the points of a file, each with a seed of its own, and write it whole or not at all."""
    path, points, first = job
    found = np.array([moments(changes_of(point), seed=1 + first + k) for k, point in enumerate(points)])
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.savez(file, points=points, moments=found)
    unfinished.rename(path)
    return len(points)


def _fingerprint() -> str:
    """What decides the moments: the model's code and data, the priors and the targets, but no value of what is estimated."""
    package, digest = Path(__file__).parents[1], hashlib.blake2b(digest_size=6)
    typical = Scenario.load("baseline").replace(changes_of(np.full(len(free()), 0.5)))
    digest.update(json.dumps([typical.digest, [one.prior for one in free().values()]]).encode())
    for name, figures in sorted(typical.tables.figures.items()):
        digest.update(name.encode() + figures.tobytes())
    parts = [path for layer in ("theory", "world", "dynamics", "observe") for path in package.glob(f"{layer}/**/*.py")]
    parts += [package / f"{name}.py" for name in ("rng", "quarters", "quantities", "model", "compiled")]
    parts += [path for path in package.glob("scenario/*.py") if path.stem not in ("parameters", "posterior")]
    parts += [path for path in package.glob("scenario/data/*.csv") if path.stem not in (*ESTIMATED, *NOT_LIVED)]
    parts += [package / "calibration" / name for name in ("moments.py", "targets.py", "targets.csv")]
    for path in sorted(parts):
        digest.update(path.read_bytes())
    return digest.hexdigest()
