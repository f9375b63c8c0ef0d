"""What a posterior predicts for every target, by runs of the model itself, and how often the figures lie inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from abm.calibration.design import each
from abm.calibration.kept import Kept
from abm.calibration.moments import moments
from abm.calibration.targets import Target, errors, family_of_each, shifted, targets
from abm.rng import uniform

Floats = NDArray[np.float64]
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Prediction:
    """A target against its predictive distribution.

    Attributes:
        moment: Name of the target.
        family: Its family.
        split: "fit" or "held_out".
        value: The published value.
        low: Lower end of the 90% predictive interval.
        median: Its median.
        high: Upper end.
        width: Width of the interval on the scale of the error: log-odds, logarithms or points.
        inside: Whether the value lies in it.
    """

    moment: str
    family: str
    split: str
    value: float
    low: float
    median: float
    high: float
    width: float
    inside: bool

    def as_dict(self) -> dict[str, Any]:
        """All fields."""
        return asdict(self)


def modelled(kept: Kept, workers: int, progress: Callable[[int, int], None]) -> Floats:
    """What the model says at each draw, on the scale of the targets' errors, shape (draw, target).

    Args:
        kept: Draws from a posterior.
        workers: Processes.
        progress: Called with (runs done, runs in all).
    """
    return np.array(list(each(_run, list(enumerate(kept.changes, 1)), workers, progress)))


def surveyed(rows: Floats, kept: Kept, figures: Sequence[Target] | None = None, seed: int = 1) -> Floats:
    """What surveys would say: the model at each draw, its misfit, the series' shift and the survey's error.

    Args:
        rows: What the model says, shape (draw, figure).
        kept: The draws.
        figures: What the columns are; the targets by default.
        seed: Seed of the misfit and the errors.

    Returns:
        Values on the scale of the figures' errors, shape (draw, figure).
    """
    spread = np.hypot(errors(figures), kept.misfit[:, family_of_each(figures)])
    noise = ndtri(uniform(seed, "survey error", np.arange(spread.size, dtype=np.uint64), 0)).reshape(spread.shape)
    return np.asarray(rows + kept.shifts @ shifted(figures).T + spread * noise, float)


def predictions(drawn: Floats) -> list[Prediction]:
    """Every target against the draws of `surveyed`."""
    ends = np.quantile(drawn, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0).T
    return [_prediction(one, *(float(x) for x in row)) for one, row in zip(targets(), ends, strict=True)]


def inside(found: list[Prediction], split: str) -> float:
    """Share of the targets of a split that lie inside their intervals."""
    return float(np.mean([one.inside for one in found if one.split == split]))


def mean_width(found: list[Prediction], split: str) -> dict[str, float]:
    """Mean width of the intervals of a split's targets, by the unit of their errors."""
    unit = {one.moment: one.error_unit for one in targets()}
    widths = dict[str, list[float]]()
    for one in found:
        if one.split == split:
            widths.setdefault(unit[one.moment], []).append(one.width)
    return {name: float(np.mean(many)) for name, many in widths.items()}


def _prediction(target: Target, low: float, median: float, high: float) -> Prediction:
    at = float(target.scaled(target.value))
    low_, median_, high_ = (float(target.unscaled(x)) for x in (low, median, high))
    return Prediction(
        target.moment, target.family, target.split, target.value, low_, median_, high_, high - low, low <= at <= high
    )


def _run(job: tuple[int, dict[str, float]]) -> Floats:
    seed, changes = job
    return moments(changes, seed)
