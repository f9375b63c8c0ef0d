"""What a class predicts, as a picture: everybody's, one's own, and in the end the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from abm.figures.plots import Curve, Plot
from abm.lessons.declared import Prediction
from abm.lessons.lesson import Lesson
from abm.lessons.prediction import Value, worded
from abm.lessons.worked import Worked

_BINS = 20


def spread(
    lesson: Lesson, title: str, values: Sequence[Value], words: dict[str, str], own: Value | None = None,
    worked: Worked | None = None,
) -> Plot:  # fmt: skip
    """All predictions of a class.

    Args:
        lesson: The lesson.
        title: Title of the picture.
        values: The predictions, checked.
        words: Names of "class", "own" and "outcome", and of what is counted, "students".
        own: One's own, to be found among them.
        worked: The lesson worked out, to show the outcome as well.
    """
    asked = lesson.prediction
    if asked.kind == "curve":
        return _curves(lesson, title, values, words, own, worked)
    if asked.kind == "choice":
        names = [option.text for option in asked.options.values()]
        counts = np.array([sum(value == key for value in values) for key in asked.options], float)
        if worked:
            names = [f"✓ {n}" if key == worked.outcome() else n for n, key in zip(names, asked.options, strict=True)]
        if own is not None:
            names = [f"{n} ({words['own']})" if key == own else n for n, key in zip(names, asked.options, strict=True)]
        bars = Curve(words["class"], counts, look="bars")
        return Plot(title, "", words["students"], (bars,), names=tuple(names), share=False)
    return _numbers(asked, title, [float(v) for v in values if isinstance(v, float)], words, own, worked)


def _numbers(
    asked: Prediction, title: str, values: list[float], words: dict[str, str], own: Value | None, worked: Worked | None
) -> Plot:
    """A point for each student, near ones above each other, and upright lines for one's own number and the outcome."""
    width = max((asked.high - asked.low) / _BINS, asked.step)
    bins = np.round((np.array(values) - asked.low) / width).astype(int)
    order = np.argsort(bins, kind="stable")
    height = np.empty(len(values))
    for one in np.unique(bins):
        found = order[bins[order] == one]
        height[found] = 1 + np.arange(len(found))
    scale = 100.0 if asked.unit == "%" else 1.0
    highest = float(max(height.max(initial=1.0), 4.0))
    curves = [Curve(words["class"], height, scale * np.array(values), "points")] if values else []
    for name, value, look in _marked(words, own, worked.outcome() if worked else None):
        told = f"{name}: {worded(float(value), asked.unit)}"
        curves.append(Curve(told, np.array([0.0, highest]), np.full(2, scale * float(value)), look))
    ends = scale * np.array([asked.low, asked.high])
    whole = [Curve("", np.zeros(2), ends, "class"), Curve("", np.array([highest]), ends[:1], "class")]  # of the axes
    return Plot(title, asked.unit, words["students"], (*whole, *curves), share=False)


def _marked(words: dict[str, str], own: Any, outcome: Any) -> list[tuple[str, Any, str]]:
    marked = [(words["own"], own, "prediction"), (words["outcome"], outcome, "simulation")]
    return [one for one in marked if one[1] is not None]


def _curves(
    lesson: Lesson, title: str, values: Sequence[Value], words: dict[str, str], own: Value | None, worked: Worked | None
) -> Plot:
    asked = lesson.prediction
    quarters = lesson.quarters(asked.run)

    def drawn(value: Any) -> np.ndarray:
        return np.array([np.nan if one is None else one for one in value], float)

    curves = [Curve(words["class"] if k == 0 else "", drawn(value), look="class") for k, value in enumerate(values)]
    curves += [
        Curve(name, drawn(value), look=look) for name, value, look in _marked(words, own, worked and worked.outcome())
    ]
    return Plot(title, "", "", tuple(curves), quarters=tuple(quarters), share=asked.unit == "%")
