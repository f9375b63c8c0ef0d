"""Plain curves, as a lesson draws them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from abm.figures.options import Shares
from abm.figures.palette import Palette
from abm.quantities import InputError, unknown

LOOKS = ("simulation", "compared", "theorem", "points", "prediction", "class", "bars")
NONE = "–"
# Colours of the regions in the order in which results take them; the first is the prediction's.
_OWN = (1, 2, 3, 4, 6, 5)


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A curve, or a row of points or bars.

    Attributes:
        name: Its name.
        y: Shares or numbers, shape (point,); nan or None where there is none.
        x: Where they stand, shape (point,); None for the quarters or names of the plot, or for 0, 1, 2 and so on.
        look: "simulation" is strong, "compared" dashed, "theorem" a thin dark line over them, "points" and "bars" are
            results too, "prediction" is the student's own, "class" one of many others, which are faint and not named.
        band: Lower and upper end of the interval around it, each of shape (point,).
    """

    name: str
    y: Shares
    x: Shares | None = None
    look: str = "simulation"
    band: tuple[Shares, Shares] | None = None

    def __post_init__(self) -> None:
        """Make arrays of the numbers.

        Raises:
            InputError: If there is no such look, or places are no numbers or differ in number from the values.
        """
        if self.look not in LOOKS:
            raise unknown("look of a curve", self.look, LOOKS)
        set_to = object.__setattr__
        set_to(self, "y", np.asarray(self.y, dtype=float))
        if self.x is not None:
            set_to(self, "x", x := np.asarray(self.x, dtype=float))
            if not np.isfinite(x).all():
                raise InputError(f"the curve {self.name!r} has a place that is no number; leave out its point.")
        if self.band is not None:
            set_to(self, "band", tuple(np.asarray(end, dtype=float) for end in self.band))
        for other in (self.x, *(self.band or ())):
            if other is not None and other.shape != self.y.shape:
                raise InputError(
                    f"the curve {self.name!r} has {self.y.size} values, but {other.size} places or ends of its band; "
                    "give as many of each."
                )


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """What a small plot shows.

    Attributes:
        title: What it shows.
        across: Name of the axis from left to right.
        up: Name of the upright axis.
        curves: The curves, those behind first.
        quarters: The quarters from left to right, if time runs across.
        share: Whether the values are shares, shown as percentages.
        log: Whether the upright axis is logarithmic.
        names: Names from left to right, for bars.
        levels: (label, value) of lines across, for example targets.
        dates: (quarter, label) of upright lines.
    """

    title: str
    across: str
    up: str
    curves: tuple[Curve, ...]
    quarters: tuple[str, ...] = ()
    share: bool = True
    log: bool = False
    names: tuple[str, ...] = ()
    levels: tuple[tuple[str, float], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Check that the curves stand on the plot's places.

        Raises:
            InputError: If one does not.
        """
        for one in self.curves:
            if one.look == "bars" and not self.names:
                raise InputError(
                    f"the curve {one.name!r} is of bars, but the plot has no names for them; give its names."
                )
            places = self.places
            if places and one.x is not None:
                raise InputError(
                    f"the curve {one.name!r} has its own places, but the plot has {len(places)} quarters or names; "
                    "leave out the one or the others."
                )
            if places and one.y.size != len(places):
                raise InputError(
                    f"the curve {one.name!r} has {one.y.size} values for {len(places)} quarters or names; give one for each."
                )

    @property
    def places(self) -> tuple[str, ...]:
        """The quarters or names from left to right; none if numbers stand there."""
        return self.names or self.quarters

    def written(self, value: float) -> str:
        """A value in words."""
        if not self.share or not np.isfinite(value):
            return number_words(value)
        return f"{round(100 * value, 1) + 0.0:.1f}%"  # never minus zero


def number_words(value: float) -> str:
    """A number with four digits that count; a dash where there is none.

    >>> number_words(0.00077123), number_words(141_200.0), number_words(5.0)
    ('0.0007712', '141,200', '5')
    """
    if not np.isfinite(value):
        return NONE
    return f"{value:,.0f}" if abs(value) >= 1e3 else f"{value:.4g}"


def across_of(curve: Curve) -> Shares:
    """Where the points of a curve stand on an axis of numbers."""
    return np.arange(curve.y.size, dtype=float) if curve.x is None else curve.x


def curve_colours(plot: Plot, palette: Palette) -> list[str]:
    """The colour of each curve: results differ, and what they are compared with has theirs if there are several.

    Args:
        plot: The plot.
        palette: The colours of the page.
    """
    own = [palette.regions[place] for place in _OWN]
    compared = [one for one in plot.curves if one.look == "compared"]
    results = [one for one in plot.curves if one.look in ("simulation", "points", "bars")]
    colours = {"theorem": palette.ink, "prediction": palette.regions[0], "class": palette.regions[0]}

    def colour(one: Curve) -> str:
        if one in results:
            return own[results.index(one) % len(own)]
        if one in compared:
            return palette.muted if len(compared) == 1 else own[compared.index(one) % len(own)]
        return colours[one.look]

    return [colour(one) for one in plot.curves]


def scale_of(plot: Plot) -> tuple[float, float, float]:
    """Ends of the upright axis, as drawn, and the distance between two ticks: 0 on a logarithmic axis.

    Args:
        plot: The plot.
    """
    parts: list[Shares] = [end for one in plot.curves for end in (one.y, *(one.band or ()))]
    values = np.concatenate([*parts, [value for _, value in plot.levels]])
    values = values[np.isfinite(values) & ((values > 0) | (not plot.log))] * (100 if plot.share else 1)
    if not values.size:
        return (1.0, 10.0, 0.0) if plot.log else (0.0, 100.0, 20.0) if plot.share else (0.0, 1.0, 0.2)
    low, high = float(values.min()), float(values.max())
    if plot.log:
        lowest, highest = np.floor(np.log10(low)), np.ceil(np.log10(high))
        return float(10.0**lowest), float(10.0 ** max(highest, lowest + 1)), 0.0
    if plot.names:  # bars stand on zero
        low, high = min(low, 0.0), max(high, 0.0)
    elif low >= 0 and (plot.share or low < 0.6 * high):
        low = 0.0
    step = _step((high - low) / 5 or max(abs(high), 1.0) / 5)
    bottom = step * np.floor(low / step + 1e-9)
    top = max(step * np.ceil(high / step - 1e-9), bottom + step)
    return rounded(bottom), rounded(top), rounded(step)


def across_scale_of(plot: Plot) -> tuple[float, float, float]:
    """Ends of an axis of numbers from left to right, and the distance between two ticks.

    Args:
        plot: The plot.
    """
    places = [place for one in plot.curves for place in across_of(one)] or [0.0, 1.0]
    low, high = float(min(places)), float(max(places))
    step = _step((high - low) / 6 or 1.0)
    return tuple(map(rounded, (step * np.floor(low / step + 1e-9), step * np.ceil(high / step - 1e-9), step)))  # type: ignore[return-value]


def _step(least: float) -> float:
    """The first of 1, 2, 5, 10 and so on that is not less.

    >>> _step(0.13), _step(13.0)
    (0.2, 20.0)
    """
    ten = 10.0 ** np.floor(np.log10(least))
    return next(float(size * ten) for size in (1, 2, 5, 10) if size * ten >= least * (1 - 1e-9))


def rounded(value: float) -> float:
    """Six digits, and never minus zero."""
    return float(f"{value:.6g}") + 0.0
