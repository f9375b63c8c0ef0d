"""What students predict: checked when it is given, scored when the world is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from abm.lessons.declared import Exercise
from abm.lessons.lesson import Lesson
from abm.lessons.worked import Worked
from abm.quantities import InputError, unknown

Value = float | str | list[float | None]
_STRICT = 1e-9


@dataclass(frozen=True, slots=True)
class Score:
    """A prediction against the outcome.

    Attributes:
        error: How far off it is: prediction less outcome, or for a curve the mean distance; nan for a choice.
        close: Whether it is close: right for a choice, within the lesson's `near` otherwise.
        given: The prediction in words; for a curve the mean distance.
        outcome: The outcome in words; "" for a curve.
    """

    error: float
    close: bool
    given: str
    outcome: str = ""

    @property
    def words(self) -> str:
        """Both, in words."""
        if not self.outcome:
            return f"{self.given} from the run on average"
        return f"{self.given} predicted, {self.outcome} in the run"


def worded(value: float, unit: str) -> str:
    """A number with its unit.

    Args:
        value: The number; a share where the unit is "%".
        unit: "%" or what follows the number.

    >>> worded(0.314, "%"), worded(6.19, "years")
    ('31%', '6.19 years')
    """
    if unit == "%":
        digits = 0 if abs(value) >= 0.0995 or not value else 1
        return f"{100 * value:.{digits}f}%".replace("-", "−")
    number = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{number} {unit}".strip().replace("-", "−")


def number_of(text: str, unit: str) -> float:
    """A number as typed: with its unit or without, with a comma or a point; where percentages are asked it is one.

    Args:
        text: What was typed.
        unit: "%" or what may follow the number.

    Raises:
        InputError: If it is no number.

    >>> number_of("12,5 %", "%"), number_of("25", "%"), number_of("6.2 years", "years")
    (0.125, 0.25, 6.2)
    """
    plain = text.strip().replace("−", "-").removesuffix("%" if unit == "%" else unit).strip().replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise InputError(f"{text!r} is not a number; write for example {worded(0.12 if unit == '%' else 3.1, unit)}.")
    return value / 100 if unit == "%" else value


def checked(lesson: Lesson, value: Any) -> Value:
    """A prediction as it is kept.

    Args:
        lesson: The lesson.
        value: A number, the key of an option, or the values of a curve for every quarter of its run; what is known of a
            curve may be None.

    Raises:
        InputError: If the lesson asks for something else, or it is out of range.
    """
    asked = lesson.prediction
    if asked.kind == "choice":
        if not isinstance(value, str) or value not in asked.options:
            raise unknown("option", value, asked.options)
        return str(value)
    if asked.kind == "number":
        return _number(value, asked.low, asked.high, asked.unit)
    quarters = lesson.quarters(asked.run)
    known = quarters.index(asked.known) + 1
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != len(quarters):
        raise InputError(f"a curve needs a value for each of its {len(quarters)} quarters; draw it to the end.")
    drawn = [_number(one, asked.low, asked.high, asked.unit) for one in value[known:]]
    return [None] * known + list(drawn)


def _number(value: Any, low: float, high: float, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low - _STRICT <= value <= high + _STRICT:
        told = worded(float(value), unit) if isinstance(value, (int, float)) else repr(value)
        raise InputError(f"{told} cannot be predicted; give a number from {worded(low, unit)} to {worded(high, unit)}.")
    return float(value)


def score(worked: Worked, value: Value) -> Score:
    """A prediction against what the run gave.

    Args:
        worked: The lesson worked out.
        value: The prediction, checked.
    """
    asked, outcome = worked.lesson.prediction, worked.outcome()
    if asked.kind == "choice":
        given, true = (asked.options[str(key)].text.rstrip(".") for key in (value, outcome))
        return Score(float("nan"), value == outcome, f"“{given}”", f"“{true}”")
    if asked.kind == "number":
        assert isinstance(value, float)
        error = value - float(outcome)
        return Score(error, abs(error) <= asked.near, worded(value, asked.unit), worded(float(outcome), asked.unit))
    assert isinstance(value, list)
    drawn = np.array([np.nan if one is None else one for one in value], float)
    error = float(np.nanmean(np.abs(drawn - np.asarray(outcome, float))))
    return Score(error, error <= asked.near, _distance(error, asked.unit))


def _distance(error: float, unit: str) -> str:
    return f"{100 * error:.0f} points" if unit == "%" else worded(error, unit)


def right(worked: Worked, exercise: Exercise, given: float | str) -> bool:
    """Whether an answer to an exercise is right.

    Args:
        worked: The lesson worked out.
        exercise: The exercise.
        given: A number, or the key of an option.
    """
    answer = worked.answer(exercise)
    if exercise.options:
        return given == answer
    return isinstance(given, (int, float)) and abs(given - answer) <= exercise.within + _STRICT
