"""All that the page of the calibration tells, worked out from the two posteriors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from abm.calibration.answers import KEYS, YEARS, answers
from abm.calibration.calibrate import Calibration, Effort, Tell
from abm.calibration.check import Prediction, modelled, predictions, surveyed
from abm.calibration.design import free
from abm.calibration.kept import Kept, some_of
from abm.calibration.leaving_out import of_families, of_regions, without
from abm.calibration.posterior import Draws
from abm.calibration.puzzles import Finding, Lived, from_targets, lived
from abm.calibration.targets import errors, published, shifted, targets
from abm.scenario.posterior import POSTERIORS

Floats = NDArray[np.float64]
FEW = 40  # draws where a rough interval is enough
OUTER = 0.1  # part of a prior that is called its end
LEAST, LEAST_POINTS = 0.1, 2.0  # of a default's misfit, log-odds or logarithms, and points: smaller ones count as none


@dataclass(frozen=True, slots=True)
class Report:
    """What the page tells.

    Attributes:
        calibration: The calibration.
        predictions: Every figure against its predictive interval, by posterior.
        kept: Some draws from each posterior.
        answers: Answers of `abm.calibration.answers` at the draws from all figures.
        without_family: The same at a few draws from all figures but those of a family, by family.
        without_region: Figures that speak about a region against what all others predict, by region.
        puzzles: Numbers that the puzzles turn on.
        lived: What of the puzzles needed runs of its own.
        nearest: The draw of `all` that is nearest to the published totals and to the middle of the answers; the defaults.
    """

    calibration: Calibration
    predictions: dict[str, list[Prediction]]
    kept: dict[str, Kept]
    answers: pd.DataFrame
    without_family: dict[str, pd.DataFrame]
    without_region: dict[str, list[Prediction]]
    puzzles: list[Finding]
    lived: Lived
    nearest: int


def report(calibration: Calibration, effort: Effort, workers: int, tell: Tell) -> Report:
    """Run the model at the posteriors' draws.

    Args:
        calibration: The calibration.
        effort: How much is done.
        workers: Processes.
        tell: Called with (what is being done, done, in all).
    """
    kept = {name: some_of(draws, effort.kept) for name, draws in calibration.draws.items()}
    few = min(FEW, effort.kept)
    rows = {name: modelled(kept[name], workers, lambda a, b: tell("figures", a, b)) for name in POSTERIORS}
    told = {name: predictions(surveyed(rows[name], kept[name])) for name in POSTERIORS}
    emulator = calibration.emulator
    families = {
        name: answers(
            without(emulator, mask, effort, few), workers, lambda a, b: tell("answers without a family", a, b)
        )
        for name, mask in of_families().items()
    }
    regions = {}
    for name, mask in of_regions().items():
        others = without(emulator, mask, effort, few)
        drawn = surveyed(modelled(others, workers, lambda a, b: tell("figures without a region", a, b)), others)
        regions[name] = [one for one, out in zip(predictions(drawn), mask, strict=True) if out]
    more = lived(kept["all"].first(2 * few), workers, lambda a, b: tell("puzzles", a, b))
    future = answers(kept["all"], workers, lambda a, b: tell("answers", a, b))
    return Report(
        calibration, told, kept, future, families, regions,
        [*from_targets(rows["all"]), more.finding()], more,
        nearest(rows["all"], kept["all"], future),
    )  # fmt: skip


def contraction(draws: Draws) -> dict[str, float]:
    """Part of the prior's variance that the figures take away, by parameter, on the normal scale: below 0 if it grows."""
    z = ndtri(np.clip(draws.points, 1e-6, 1 - 1e-6))
    return dict(zip(free(), (1 - z.var(axis=0)).tolist(), strict=True))


def at_ends(draws: Draws, least: float = 0.3) -> dict[str, float]:
    """Parameters that the figures push to an end of their priors: part of the draws in its outer tenth.

    Args:
        draws: Draws from a posterior.
        least: Part from which a parameter is named; the prior has a tenth there.

    Returns:
        The part by name, negative at the lower end.
    """
    low, high = (draws.points < OUTER).mean(axis=0), (draws.points > 1 - OUTER).mean(axis=0)
    parts = {name: float(b if b >= a else -a) for name, a, b in zip(free(), low, high, strict=True)}
    return {name: part for name, part in sorted(parts.items(), key=lambda pair: -abs(pair[1])) if abs(part) >= least}


def correlated(draws: Draws, least: float = 0.4) -> list[tuple[str, str, float]]:
    """Pairs of parameters that the figures cannot tell apart, by the size of their correlation on the normal scale."""
    z = ndtri(np.clip(draws.points, 1e-6, 1 - 1e-6))
    found, names = np.corrcoef(z.T), list(free())
    pairs = [
        (names[i], names[j], float(found[i, j]))
        for i in range(len(names)) for j in range(i)
        if abs(found[i, j]) >= least
    ]  # fmt: skip
    return sorted(pairs, key=lambda pair: -abs(pair[2]))


def values(draws: Draws, name: str) -> Floats:
    """Values of a parameter at all draws, shape (draw,)."""
    column = list(free()).index(name)
    return np.array([free()[name].at(float(part)) for part in draws.points[:, column]])


def nearest(rows: Floats, kept: Kept, told: pd.DataFrame) -> int:
    """The draw that is nearest to the published totals, in their errors, and to the middle of the answers, in their spread.

    Totals are figures of no single sector or size class. Both distances are mean squares, and are added.

    Args:
        rows: What the model says at each draw, shape (draw, target).
        kept: The draws.
        told: Answers at the draws.
    """
    total = np.array([not one.sector and not one.size for one in targets()])
    allowed = np.hypot(errors(), [LEAST_POINTS if one.error_unit == "points" else LEAST for one in targets()])
    away = ((rows + kept.shifts @ shifted().T - published()) / allowed)[:, total]
    late = told[told["quarter"].isin([f"{year}Q4" for year in YEARS])]
    wide = late.pivot_table("value", "draw", KEYS).to_numpy()
    spread = wide.std(axis=0)
    aside = (wide - np.median(wide, axis=0)) / np.where(spread > 0, spread, 1.0)
    return int(np.argmin((away**2).mean(axis=1) + (aside**2).mean(axis=1)))
