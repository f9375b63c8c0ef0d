"""Plain curves in words and in numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from abm.figures.curves import NONE, Curve, Plot, across_of, number_words

SAYS = "{name}: {first} at {start}, {last} at {end}, lowest {lowest}, highest {highest}"
_MOST_ROWS, _MOST_QUARTERS = 41, 16


def plot_label(plot: Plot, says: str = SAYS) -> str:
    """What the plot shows, for those who hear it.

    Args:
        plot: The plot.
        says: How a curve is told, with the blanks of `SAYS`.
    """
    told = [_told(plot, one, says) for one in plot.curves if one.look != "class"]
    told += [f"{label}: {plot.written(value)}" for label, value in plot.levels]
    told += [f"{quarter}: {label}" for quarter, label in plot.dates]
    return f"{plot.title}. " + "; ".join(told) + "."


def _told(plot: Plot, one: Curve, says: str) -> str:
    known = np.flatnonzero(np.isfinite(one.y))
    if not known.size:
        return f"{one.name}: {NONE}"
    words = [plot.written(value) for value in one.y]
    if plot.names:
        return f"{one.name}: " + ", ".join(f"{plot.names[i]} {words[i]}" for i in known)
    places, first, last = _places(plot, one), known[0], known[-1]
    return says.format(
        name=one.name, first=words[first], start=places[first], last=words[last], end=places[last],
        lowest=plot.written(np.nanmin(one.y)), highest=plot.written(np.nanmax(one.y)),
    )  # fmt: skip


def plot_table(plot: Plot) -> tuple[list[str], list[list[str]]]:
    """The numbers in words: heads and rows, for long plots the years or some of the places; none of the class.

    Curves that stand at other places than the first have a column of places of their own.

    Args:
        plot: The plot.
    """
    heads: list[str] = []
    columns: list[list[str]] = []
    for head, curves in _grids(plot, [one for one in plot.curves if one.look != "class"]).items():
        shown = _shown(plot, curves[0])
        places = _places(plot, curves[0])
        heads += [head, *(one.name for one in curves)]
        columns.append([places[i] for i in shown])
        columns += [[_with_band(plot, one, i) for i in shown] for one in curves]
    long = max(map(len, columns), default=0)
    return heads, [[column[i] if i < len(column) else "" for column in columns] for i in range(long)]


def plot_columns(plot: Plot) -> Mapping[str, Sequence[Any]]:
    """All numbers, unrounded: values by name of the column, shares as shares.

    Args:
        plot: The plot.
    """
    columns: dict[str, Any] = {}
    for head, curves in _grids(plot, list(plot.curves)).items():
        columns[_new(columns, head)] = plot.places or across_of(curves[0])
        for one in curves:
            columns[_new(columns, one.name)] = one.y
            for end, values in zip(("low", "high"), one.band or (), strict=False):
                columns[_new(columns, f"{one.name}, {end}")] = values
    long = max(map(len, columns.values()), default=0)
    return {name: [*values, *[None] * (long - len(values))] for name, values in columns.items()}


def _new(columns: Mapping[str, Any], name: str) -> str:
    """A name that no column has yet: members of a class may have the same."""
    return name if name not in columns else next(one for k in count(2) if (one := f"{name} ({k})") not in columns)


def _grids(plot: Plot, curves: list[Curve]) -> dict[str, list[Curve]]:
    """Curves that stand at the same places, by the head of these places."""
    if plot.places:
        return {plot.across: curves} if curves else {}
    grids: dict[str, list[Curve]] = {}
    for one in curves:
        same = (held for held in grids.values() if np.array_equal(across_of(held[0]), across_of(one), equal_nan=True))
        if (found := next(same, None)) is not None:
            found.append(one)
        else:
            grids[_new(grids, f"{plot.across} ({one.name})" if grids else plot.across)] = [one]
    return grids


def _places(plot: Plot, one: Curve) -> list[str]:
    return list(plot.places) or [number_words(place) for place in across_of(one)]


def _shown(plot: Plot, one: Curve) -> list[int]:
    """Which places the table shows."""
    many = one.y.size
    if many <= (_MOST_QUARTERS if plot.quarters else _MOST_ROWS):
        return list(range(many))
    if plot.quarters:
        return [i for i, quarter in enumerate(plot.quarters) if quarter.endswith("Q4") or i in (0, many - 1)]
    return [int(i) for i in np.unique(np.linspace(0, many - 1, _MOST_ROWS).round())]


def _with_band(plot: Plot, one: Curve, place: int) -> str:
    told = plot.written(one.y[place])
    return told if one.band is None else f"{told} ({NONE.join(plot.written(end[place]) for end in one.band)})"
