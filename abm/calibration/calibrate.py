"""The whole calibration: runs at many parameters, an emulator of them, and two posteriors that are never confused."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from abm.calibration.coverage import Coverage, cover
from abm.calibration.design import Store, prior_points
from abm.calibration.emulator import Emulator, kept_apart, missed, train
from abm.calibration.kept import keep, kept_in, some_of, write
from abm.calibration.posterior import Draws, Sampler
from abm.calibration.targets import FIT, published, targets
from abm.scenario.posterior import POSTERIORS

Floats = NDArray[np.float64]
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done.

    Attributes:
        prior: Runs that fill the prior.
        rounds: How often runs are added where the posteriors are, as far as the emulator knows by then.
        near: Runs of each of these rounds.
        draws: Draws of each chain at the end; a quarter of them where they only say where to run the model next.
        warm_up: Draws of each chain before them, likewise.
        chains: Chains of each posterior.
        kept: Draws of each posterior that are written.
        covered: Runs over the prior, unseen by the emulator, whose parameters are recovered to test the coverage.
    """

    prior: int
    rounds: int
    near: int
    draws: int
    warm_up: int
    chains: int
    kept: int
    covered: int


QUICK = Effort(prior=384, rounds=2, near=128, draws=200, warm_up=200, chains=2, kept=50, covered=10)
FULL = Effort(prior=2048, rounds=3, near=1536, draws=1000, warm_up=1000, chains=4, kept=200, covered=64)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came of it.

    Attributes:
        draws: Draws by posterior.
        coverage: Ranks of known parameters among draws from their posteriors, by posterior.
        emulator: The stand-in for the model after the last round.
        runs: Number of runs of the model that it has learned from.
    """

    draws: dict[str, Draws]
    coverage: dict[str, Coverage]
    emulator: Emulator
    runs: int


def used(posterior: str) -> NDArray[np.bool_]:
    """Targets that a posterior rests on, shape (target,)."""
    return np.array([posterior == "all" or one.split == FIT for one in targets()])


def calibrate(folder: Path, effort: Effort, workers: int, tell: Tell) -> Calibration:
    """Estimate the parameters twice, from the fit targets alone and from all, and write the draws.

    The first emulator learns the model over the whole prior; it says where the posteriors are, and there the model is run
    again, round after round, so that the last one is good where it matters (sequential neural likelihood: Papamakarios,
    Sterratt and Murray 2019, AISTATS). What was run is kept in the folder.

    Args:
        folder: Where runs are kept and posteriors are written.
        effort: How much is done.
        workers: Processes.
        tell: Called with (what is being done, done, in all).
    """
    store = Store(folder / "runs")
    emulator, runs, drawn = _rounds(store, effort, workers, tell)
    for name, one in drawn.items():
        write(folder / f"posterior_{name}.csv", some_of(one, effort.kept))
    coverage = {name: _recovery(store, name, emulator, runs, effort, workers, tell) for name in POSTERIORS}
    return Calibration(drawn, coverage, emulator, len(runs.round))


def _recovery(
    store: Store, posterior: str, emulator: Emulator, runs: Runs, effort: Effort, workers: int, tell: Tell
) -> Coverage:
    """Recover the parameters of unseen runs over the prior.

    There the emulator misses more than near the data; how much is taken from other unseen runs than the recovered ones.
    """
    lengths = (effort.draws // 2, effort.warm_up // 2, effort.covered)
    path = store.folder / "draws" / f"coverage{len(runs.round)}-{posterior}-{_how(lengths, 'coverage')}.npy"
    if not path.exists():
        unseen = np.flatnonzero(kept_apart(len(runs.round)) & (runs.round == 0))
        known, others = unseen[: effort.covered], unseen[effort.covered :]
        there = replace(emulator, noise=missed(emulator, runs.points[others], runs.found[others]))

        def covering(made: int, whole: int) -> None:
            tell(f"recovery of known parameters, {posterior}", made, whole)

        truth, surveyed = runs.points[known], runs.found[known]
        made = cover(there, truth, surveyed, used(posterior), *lengths[:2], workers=workers, progress=covering)
        np.save(path, made.ranks)
    return Coverage(np.load(path))


@dataclass(frozen=True, slots=True)
class Runs:
    """What the model was found to say.

    Attributes:
        points: Points of the unit cube, shape (run, parameter).
        found: Moments there, shape (run, target).
        round: The round in which each was run, shape (run,); 0 over the prior.
    """

    points: Floats
    found: Floats
    round: NDArray[np.intp]


def _rounds(store: Store, effort: Effort, workers: int, tell: Tell) -> tuple[Emulator, Runs, dict[str, Draws]]:
    """All rounds of runs, the emulator that has seen them, and its posteriors."""
    name, points = f"prior{effort.prior}", prior_points(effort.prior)
    whole = effort.prior + effort.rounds * effort.near
    names: list[str] = []
    for number in range(effort.rounds + 1):
        before = whole - effort.near * (effort.rounds - number) - len(points)

        def running(done: int, _: int, before: int = before) -> None:
            tell("runs of the model", before + done, whole)

        store.fill(name, points, workers, running)
        names.append(name)
        runs = _runs(store, names)
        last = runs.round == runs.round.max()
        emulator = train(runs.points, runs.found, near=last)
        tell(f"posteriors after round {number}", before + len(points), whole)
        share = 1 if number == effort.rounds else 4
        lengths = (effort.draws // share, effort.warm_up // share, effort.chains)
        drawn = {one: _drawn(store.folder / "draws" / name, one, emulator, lengths) for one in POSTERIORS}
        name, points = f"{name}+{effort.near}", _spread_out(drawn, effort.near)
    return emulator, runs, drawn


def _drawn(folder: Path, posterior: str, emulator: Emulator, lengths: tuple[int, int, int]) -> Draws:
    """Draws from a posterior, or those kept from before if emulator and sampler are what they were."""
    path = folder / f"{posterior}-{_how(lengths)}.npz"
    if not path.exists():
        keep(path, Sampler(emulator, used(posterior), *lengths).draw(published()))
    return kept_in(path)


def _how(lengths: tuple[int, ...], *more: str) -> str:
    """What decides draws besides the runs: the lengths of the chains, and how emulator, sampler and more are written."""
    digest = hashlib.blake2b(repr(lengths).encode(), digest_size=6)
    for name in ("emulator", "posterior", *more):
        digest.update((Path(__file__).parent / f"{name}.py").read_bytes())
    return digest.hexdigest()


def _runs(store: Store, names: list[str]) -> Runs:
    """Runs of some rounds without those in which a share is of nobody, as where no firm of a kind uses AI."""
    read = [store.read(name) for name in names]
    points = np.concatenate([points for points, _ in read])
    found = np.concatenate([found for _, found in read])
    rounds = np.repeat(np.arange(len(names)), [len(points) for points, _ in read])
    known = np.isfinite(found).all(axis=1)
    return Runs(points[known], found[known], rounds[known])


def _spread_out(drawn: dict[str, Draws], count: int) -> Floats:
    """Points of both posteriors, a little farther from their means on the normal scale: emulators must know the tails."""
    from scipy.special import ndtr, ndtri

    parts = []
    for one in drawn.values():
        rows = np.linspace(0, len(one.points) - 1, count // len(drawn)).round().astype(int)
        z = ndtri(np.clip(one.points, 1e-6, 1 - 1e-6))
        parts.append(ndtr(z.mean(axis=0) + 1.4 * (z[rows] - z.mean(axis=0))))
    return np.concatenate(parts)
