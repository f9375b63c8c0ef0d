"""The map of an indicator over two factors as a card."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import solara

from abm import figures
from abm.figures.sweep_options import tipping_option
from abm.sweep.study import Study
from abm.ui import strings
from abm.ui.cards.shown import Shown
from abm.ui.parts import Choice
from abm.ui.sweeps.maps import Axis, Map
from abm.ui.sweeps.naming import (
    amount,
    factor_labels,
    goal_in_words,
    reading_of,
    subject_of,
    unit_in_words,
    unit_of_factor,
    units_of,
    value_of,
)
from abm.ui.sweeps.sentences import sentence
from abm.ui.words import NONE, table


def map_shown(found: Map, study: Study, indicator: str, quarter: str, palette: figures.Palette) -> Shown:
    """A heat map, with a line around what meets the goal.

    Args:
        found: The map.
        study: The study.
        indicator: Column of the indicator.
        quarter: Quarter in which it was read.
        palette: The colours.
    """
    unit, labels = units_of(study)[indicator], factor_labels(study)
    sides = (found.across, found.up)
    levels: tuple[list[str], list[str]] = (_levels(found.across), _levels(found.up))
    names = (labels[found.across.factor.name], labels[found.up.factor.name])
    goal = goal_in_words(found.goal, unit) if found.goal else ""
    met = found.goal.met(found.means) if found.goal else np.zeros(found.means.shape, bool)
    title = strings.SWEEP_MAP.format(subject=subject_of(study, indicator, quarter))
    note = [_measured(study, indicator, unit), *(_side(side, name) for side, name in zip(sides, names, strict=True))]
    note += [strings.SWEEP_CUT] if any(side.cut for side in sides) else []
    note += [sentence(found.tipping, study)] if found.tipping else []
    ends = [_extreme(found, pick, levels, names, unit) for pick in (np.nanargmin, np.nanargmax)]
    spoken = strings.SWEEP_MAP_SPOKEN.format(least=ends[0], most=ends[1])
    cells = [[amount(value, unit) if np.isfinite(value) else NONE for value in row] for row in found.means.T]
    corner = f"{names[1]} \\ {names[0]}"
    return Shown(
        title=title, note=" ".join(note),
        option=tipping_option(levels, names, found.means, met, lambda value: amount(value, unit), goal, palette),
        label=f"{title}. {' '.join(note)} {spoken}",
        numbers=table([corner, *levels[0]], [[level, *cells[j]] for j, level in enumerate(levels[1])]),
        columns=_columns(found, indicator), height="440px",
    )  # fmt: skip


def sides_chosen(
    found: Map, names: Sequence[str], study: Study, on_pair: Callable[[str, str], None]
) -> tuple[solara.Element, ...]:
    """Two lists from which the sides of the map are chosen.

    Args:
        found: The map that is shown.
        names: Factors to choose from.
        study: The study.
        on_pair: Told the two that are wanted.
    """
    labels = {name: label for name, label in factor_labels(study).items() if name in names}
    across, up = found.across.factor.name, found.up.factor.name

    return (
        Choice(strings.SWEEP_SIDE_ACROSS, labels, across, lambda name: on_pair(name, across if name == up else up)),
        Choice(strings.SWEEP_SIDE_UP, labels, up, lambda name: on_pair(up if name == across else across, name)),
    )


def _measured(study: Study, indicator: str, unit: str) -> str:
    """What the numbers of the map are."""
    told = filter(None, (reading_of(study, indicator), unit_in_words(unit)))
    return strings.SWEEP_MEAN.format(of=strings.LIST_COMMA.join(told) or indicator)


def _side(side: Axis, name: str) -> str:
    unit = unit_of_factor(side.factor)
    return f"{name}: {unit}." if unit else ""


def _levels(side: Axis) -> list[str]:
    return [value_of(side.factor, value) for value in side.values]


def _extreme(
    found: Map, pick: Callable[..., Any], levels: tuple[list[str], list[str]], names: tuple[str, str], unit: str
) -> str:
    """The smallest or the largest mean, and where it is."""
    i, j = np.unravel_index(int(pick(found.means)), found.means.shape)
    return strings.SWEEP_AT.format(
        value=amount(float(found.means[i, j]), unit), across=names[0], x=levels[0][i], up=names[1], y=levels[1][j]
    )


def _columns(found: Map, indicator: str) -> dict[str, list[Any]]:
    """Every cell: where it lies, how many points it has, their mean, and the share of runs that meet the goal."""
    cells = list(np.ndindex(found.means.shape))
    columns: dict[str, list[Any]] = {
        found.across.factor.name: [found.across.values[i] for i, _ in cells],
        found.up.factor.name: [found.up.values[j] for _, j in cells],
        "points": [int(found.points[cell]) for cell in cells], f"{indicator}, mean": [found.means[cell] for cell in cells],
    }  # fmt: skip
    if found.tipping:
        columns["share of runs that meet the goal"] = [found.tipping.shares[cell] for cell in cells]
    return columns
