"""What a lesson asks, in cells of a notebook: the prediction, its outcome, and the exercises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from abm.lessons.as_python import formula_python, in_parentheses, literal
from abm.lessons.declared import Exercise, Option
from abm.lessons.formula import evaluate
from abm.lessons.worked import Worked

Cell = tuple[str, str]  # "markdown" or "code", and its text


def prediction_cells(done: Worked) -> Iterator[Cell]:
    """The question, and the place for its answer."""
    asked = done.lesson.prediction
    yield "markdown", f"## Your prediction\n\n{_question(done, asked.text, asked.options)}"
    how = _how(asked.unit, asked.options)
    if asked.kind == "curve":
        how += f", at some quarters: {{{literal(done.lesson.quarters(asked.run)[-1])}: {asked.high / 2:g}, ...}}"
    yield "code", f"prediction = None  # your answer, {how}"


def outcome_python(done: Worked) -> str:
    """The outcome, and what had been predicted."""
    asked, names = done.lesson.prediction, done.names
    if asked.kind == "choice":
        return (
            f"is_true = {_truths(asked.options, names)}\n(outcome,) = [key for key in is_true if is_true[key]]\n"
            'print("In the run:", outcome)\nif prediction is not None:\n'
            '    print("Right." if prediction == outcome else f"Not so: {prediction}.")'
        )
    share = asked.unit == "%"
    form, unit = (".0%", "") if share else (".3g", f" {asked.unit}".rstrip())
    if asked.kind == "number":
        return (
            f"outcome = {_number(asked.answer, names)}\n"
            f'print(f"In the run: {{outcome:{form}}}{unit}")\nif prediction is not None:\n'
            f'    print(f"Predicted: {{prediction:{form}}}{unit}")'
        )
    quarters = f"scenarios[{literal(asked.run)}].quarters"
    return (
        f"outcome = {formula_python(asked.answer, names)}\n"
        f'print(f"In the run, {done.lesson.quarters(asked.run)[-1]}: {{outcome[-1]:{form}}}{unit}")\n'
        "for quarter, predicted in (prediction or {}).items():\n"
        f"    in_run = outcome[{quarters}.index(quarter)]\n"
        f'    print(f"{{quarter}}: {{predicted:{form}}}{unit} predicted, {{in_run:{form}}}{unit} in the run")'
    )


def exercise_cells(done: Worked, number: int, exercise: Exercise) -> Iterator[Cell]:
    """An exercise, the place for its answer with the check of it, and the solution."""
    own, names = f"answer_{number}", done.names
    yield "markdown", f"## Exercise {number}\n\n{_question(done, exercise.question, exercise.options)}"
    if exercise.options:
        before = f"    is_true = {_indented(_truths(exercise.options, names))}\n"
        test = f"is_true[{own}]"
    else:
        before = ""
        # Rounded, so that 0.51 is within 0.01 of 0.5.
        distance = f"abs({own} - {in_parentheses(_number(exercise.answer, names))})"
        test = f"round({distance}, 9) <= {exercise.within!r}"
    not_yet = literal(f"Not yet. {done.filled(exercise.hint)}".strip())
    check = f'{before}    if {test}:\n        print("Right.")\n    else:\n        print({not_yet})'
    how = _how(exercise.unit, exercise.options)
    yield "code", f"{own} = None  # your answer, {how}\nif {own} is not None:\n{check}"
    solution = done.filled(exercise.solution)
    yield "markdown", f"<details>\n<summary>Solution</summary>\n\n{solution}\n\n</details>"


def _question(done: Worked, text: str, options: Mapping[str, Option]) -> str:
    listed = "".join(f"\n- `{key}`: {done.filled(option.text)}" for key, option in options.items())
    return f"{done.filled(text)}\n{listed}".rstrip()


def _how(unit: str, options: Mapping[str, Option]) -> str:
    if options:
        return " or ".join(map(literal, options))
    unit = " ".join(unit.split())  # it stands in a comment
    return "a share (0.12 for 12%)" if unit == "%" else f"a number ({unit})" if unit else "a number"


def _truths(options: Mapping[str, Option], names: Mapping[str, Any]) -> str:
    lines = (f"    {literal(key)}: {formula_python(option.right, names)}," for key, option in options.items())
    return "{\n" + "\n".join(lines) + "\n}"


def _number(formula: str, names: Mapping[str, Any]) -> str:
    """A formula whose value is a number, not an array that holds one."""
    told = formula_python(formula, names)
    return told if isinstance(evaluate(formula, names), (int, float)) else f"float({told})"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")
