"""What a student types in the terminal, as a prediction or an answer."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from abm.lessons.prediction import Value, checked, number_of
from abm.quantities import InputError, unknown

if TYPE_CHECKING:
    from abm.lessons.declared import Prediction
    from abm.lessons.lesson import Lesson


def how_to_predict(asked: Prediction) -> str:
    """How a prediction is typed."""
    if asked.kind == "choice":
        return f"one of {', '.join(asked.options)}, or its number"
    example = "12%" if asked.unit == "%" else "3.1"
    if asked.kind == "number":
        return f"a number such as {example}"
    return f"points such as 2027Q4={example}, between which the line is straight; the last one holds to the end"


def prediction_of(lesson: Lesson, text: str, known: float = 0.0) -> Value:
    """A prediction as typed.

    Args:
        lesson: The lesson.
        text: What was typed.
        known: Value of a curve in the last quarter that is known; nan if it has none there.

    Raises:
        InputError: If it cannot be read or is out of range.
    """
    asked = lesson.prediction
    if asked.kind == "choice":
        return checked(lesson, option_of(text, asked.options))
    if asked.kind == "number":
        return checked(lesson, number_of(text, asked.unit))
    quarters = lesson.quarters(asked.run)
    first = quarters.index(asked.known)
    points = {first: min(max(known, asked.low), asked.high)} if math.isfinite(known) else {}
    for part in text.split(","):
        quarter, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise InputError(f"{part.strip()!r} is no point of a curve; write {how_to_predict(asked)}.")
        if quarter not in quarters[first + 1 :]:
            raise InputError(
                f"{quarter!r} cannot be predicted; give quarters from {quarters[first + 1]} to {quarters[-1]}."
            )
        points[quarters.index(quarter)] = number_of(value, asked.unit)
    places = sorted(points)
    line = np.interp(range(len(quarters)), places, [points[place] for place in places])
    return checked(lesson, [None if place <= first else float(line[place]) for place in range(len(quarters))])


def option_of(text: str, options: Mapping[str, Any]) -> str:
    """The key of an option, typed as such or as its number.

    Raises:
        InputError: If there is no such option.
    """
    plain, keys = text.strip(), list(options)
    if plain.isdecimal() and 1 <= int(plain) <= len(keys):
        return keys[int(plain) - 1]
    if plain not in options:
        raise unknown("option", plain, options)
    return plain
