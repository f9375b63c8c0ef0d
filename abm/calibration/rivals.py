"""What a forecaster without a model would say: figures stay as they were, or each series follows a curve of its own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from abm.calibration.targets import FIT, HELD_OUT, Target, targets
from abm.quarters import QUARTER_YEARS, quarter_number


class Rivals(NamedTuple):
    """Predictions of a held-out figure on the scale of its error.

    Attributes:
        target: The figure.
        no_change: The last fit figure of its series.
        logistic: A logistic curve (exponential for money) through the series' fit figures; NaN where its family has no
            series with two of them, so that there is no slope.
        own_slope: Whether the series has a slope of its own; else the mean of its family's is taken.
    """

    target: Target
    no_change: float
    logistic: float
    own_slope: bool


def rivals() -> list[Rivals]:
    r"""Both predictions of every held-out figure whose series has a figure in the fit.

    A logistic curve is a line in log-odds, $\log \frac{F}{1 - F} = a + b t$, fitted by least squares. A series with one
    figure has no slope of its own; it takes the mean of those of its family with two or more, if there are any.

    Reference:
        Griliches (1957), Econometrica 25(4), 501-522.
    """
    series: dict[tuple[str, ...], list[Target]] = {}
    for one in targets():
        if one.split == FIT:
            series.setdefault(one.series, []).append(one)
    slopes: dict[str, list[float]] = {}
    for many in series.values():
        if len(many) > 1:
            slopes.setdefault(many[0].family, []).append(_line(many)[0])
    found = []
    for one in targets():
        known = series.get(one.series)
        if one.split == HELD_OUT and known:
            last = max(known, key=_when)
            at = float(last.scaled(last.value))
            if len(known) > 1:
                slope, middle, height = _line(known)
            else:
                slope, middle, height = float(np.mean(slopes.get(one.family, [np.nan]))), _when(last), at
            found.append(Rivals(one, at, height + slope * (_when(one) - middle), len(known) > 1))
    return found


def _when(one: Target) -> float:
    """Middle of a figure's quarters, years."""
    return QUARTER_YEARS * (quarter_number(one.first) + quarter_number(one.last)) / 2


def _line(many: list[Target]) -> tuple[float, float, float]:
    """Slope a year of the least-squares line, and the point that it goes through."""
    when = np.array([_when(one) for one in many])
    value = np.array([float(one.scaled(one.value)) for one in many])
    away = when - when.mean()
    return float(away @ value / (away @ away)), float(when.mean()), float(value.mean())
