"""A lesson as a Jupyter notebook that works everything out again, with this package's public functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from keyword import iskeyword
from typing import Any

from abm.lessons.as_python import calls_of, formula_python, imports_of, sentence_python
from abm.lessons.blanks import BLANK
from abm.lessons.declared import Exercise, Prediction
from abm.lessons.lesson import Lesson
from abm.lessons.notebook_figures import picture_python
from abm.lessons.notebook_questions import Cell, exercise_cells, outcome_python, prediction_cells
from abm.lessons.notebook_worlds import between_python, limit_python, run_python, scenario_python
from abm.lessons.worked import Worked, worked
from abm.quantities import InputError

_ADVICE = (
    "Run the cells from top to bottom, then change what you like and run them again. The numbers in the text are those "
    "of the lesson's own runs."
)
_OWN = frozenset((  # names that the notebook itself uses
    "LIMITS", "PercentFormatter", "Plan", "abm", "abs", "aims", "axes", "bars_at", "drawn", "float", "frontiers", "gained",
    "in_run", "in_years", "int", "is_true", "levers", "limits", "measured", "ministry", "np", "open_lag", "outcome", "plt",
    "predicted", "prediction", "print", "quarter", "range", "record", "round", "runs", "scenarios", "seed", "sorted", "when",
))  # fmt: skip
_YEARS = '''def in_years(quarters):
    """Quarters such as 2024Q3 as numbers such as 2024.5."""
    return np.array([int(quarter[:4]) + (int(quarter[5]) - 1) / 4 for quarter in quarters])'''


def notebook(lesson: Lesson) -> dict[str, Any]:
    """The lesson as a notebook of format 4.5, not yet executed; the numbers in its text are those of the lesson's runs.

    Args:
        lesson: The lesson.

    Raises:
        InputError: If its runs fail, or a measure has a name that a notebook cannot use.
    """
    done = worked(lesson)
    cells = [_cell(number, kind, text) for number, (kind, text) in enumerate(_cells(done, _checked_calls(lesson)))]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "title": f"{lesson.number}. {lesson.title}"}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def notebook_text(lesson: Lesson) -> str:
    """The notebook as the text of its .ipynb file."""
    return json.dumps(notebook(lesson), ensure_ascii=False, indent=1) + "\n"


def _cell(number: int, kind: str, text: str) -> dict[str, Any]:
    own: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    source = text.strip("\n").splitlines(keepends=True)
    return {"cell_type": kind, "id": f"cell-{number:02d}", "metadata": {}, **own, "source": source}


def _checked_calls(lesson: Lesson) -> set[str]:
    """Functions that the lesson's formulas call."""
    calls = {name for formula in _formulas(lesson) for name in calls_of(formula)}
    for name in lesson.measures:
        if not name.isidentifier() or iskeyword(name) or name in _OWN | calls or name.startswith("answer_"):
            raise InputError(
                f"measure {name!r} of lesson {lesson.name!r} cannot be a name in its notebook, where Python, a function "
                "or the notebook has it; give the measure another name of letters, digits and underscores."
            )
    return calls


def _formulas(lesson: Lesson) -> Iterator[str]:
    yield from (one.formula for one in lesson.measures.values() if one.formula)
    asked: list[Prediction | Exercise] = [lesson.prediction, *lesson.exercises]
    yield from (option.right for one in asked for option in one.options.values())
    yield from (one.answer for one in asked if one.answer)
    for picture in lesson.pictures:
        for curve in picture.curves:
            yield from (formula for formula in (curve.y, curve.x, curve.low, curve.high) if formula)
        yield from (level.at for level in picture.levels)
    for claim in lesson.claims:
        yield claim.holds
        yield from (blank[1] for blank in BLANK.finditer(claim.text))


def _cells(done: Worked, calls: set[str]) -> Iterator[Cell]:
    lesson, names = done.lesson, done.names
    title = f"# {lesson.number}. {done.filled(lesson.title)}\n\n**{done.filled(lesson.question)}**\n\n{_ADVICE}"
    yield "markdown", title
    yield "code", _beginning(lesson, calls)
    yield "markdown", f"## Question\n\n{done.section('Question')}"
    yield from prediction_cells(done)
    yield "markdown", f"## What to watch\n\n{done.section('What to watch')}"
    if lesson.runs:
        yield "markdown", "## The worlds\n\nEach is a scenario: what is not said is as in the one that it starts from."
        yield from (("code", text) for text in scenario_python(lesson))
    yield "markdown", "## The runs\n\nEach world is run, and what the lesson measures is read from its record."
    yield from (("code", run_python(lesson, run)) for run in lesson.runs)
    yield from (("code", limit_python(lesson, name)) for name in lesson.limits)
    yield from (("code", text) for text in between_python(lesson))
    published = {name: one for name, one in lesson.measures.items() if one.value is not None}
    if published:
        yield (
            "code",
            "\n".join(f"{name} = {one.value!r}  # {' '.join(one.source.split())}" for name, one in published.items()),
        )
    derived = {name: one.formula for name, one in lesson.measures.items() if one.formula}
    if derived:
        yield "code", "\n".join(f"{name} = {formula_python(formula, names)}" for name, formula in derived.items())
    yield "markdown", "## Prediction and outcome"
    yield "code", outcome_python(done)
    yield from _pictures(done, "outcome")
    yield "markdown", f"## Explanation\n\n{done.section('Explanation')}"
    yield "markdown", f"## The theorem\n\n{done.filled(lesson.theorem)}\n\n*{lesson.source}*"
    yield from _pictures(done, "theorem")
    yield "markdown", "## What holds in these runs"
    for claim in lesson.claims:
        said = sentence_python(claim.text, names)
        yield "code", f"print({said})\nassert {formula_python(claim.holds, names)}"
    for number, exercise in enumerate(lesson.exercises, start=1):
        yield from exercise_cells(done, number, exercise)
    yield "markdown", f"## What the model leaves out\n\n{done.filled(lesson.leaves_out)}"


def _beginning(lesson: Lesson, calls: set[str]) -> str:
    own = ["import abm", *imports_of(calls)]
    frontiers = {one.frontier for one in lesson.measures.values()} - {""}
    if frontiers:
        own.append(f"from abm.observe.frontier import frontiers{', open_lag' if 'lag' in frontiers else ''}")
    if any("governments" in run.scenario for run in lesson.runs.values()):
        own.append("from abm.scenario.plan import Plan")
    if lesson.limits:
        own.append("from abm.verification.limits import LIMITS")
    kept = [
        name for name, used in (("scenarios", lesson.runs), ("runs", lesson.runs), ("limits", lesson.limits)) if used
    ]
    drawn = "from matplotlib.ticker import PercentFormatter\n" if any(one.share for one in lesson.pictures) else ""
    parts = [
        f"import matplotlib.pyplot as plt\nimport numpy as np\n{drawn}".rstrip(),
        "\n".join([own[0], *sorted(own[1:])]),
    ]
    parts.append("\n".join(f"{name} = {{}}" for name in kept))
    if any(picture.run for picture in lesson.pictures):
        parts.append(f"\n{_YEARS}")
    return "\n\n".join(parts)


def _pictures(done: Worked, shown: str) -> Iterator[Cell]:
    for picture in done.lesson.pictures:
        if picture.shown == shown:
            yield "code", picture_python(done, picture)
