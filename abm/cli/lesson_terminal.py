"""A lesson in the terminal: predict, run, compare, understand, and try oneself."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.table import Table

import abm
from abm.cli import options
from abm.cli.lesson_answers import how_to_predict, option_of, prediction_of
from abm.figures.plots import plot_table
from abm.lessons.declared import Exercise, Option
from abm.lessons.lesson import Lesson
from abm.lessons.prediction import Score, Value, number_of, right, score, worded
from abm.lessons.text import latex_as_code
from abm.lessons.worked import Worked, worked
from abm.quantities import InputError

_TRIES = 2  # after so many wrong answers the solution is shown


def take(one: Lesson, typed: str, as_json: bool) -> None:
    """A lesson from the question to the exercises; asks where somebody can answer.

    Args:
        one: The lesson.
        typed: The prediction, "" to ask for it.
        as_json: Whether all is printed as one JSON object.

    Raises:
        InputError: If the prediction cannot be used.
        typer.Exit: With code 1 if something that the lesson says does not hold in its runs.
    """
    asks = sys.stdin.isatty() and not as_json
    console = Console(file=sys.stderr if as_json else sys.stdout, quiet=as_json, markup=False)
    _ask_question(console, one)
    if typed:
        prediction_of(one, typed)  # say now what cannot be used, not after the run
    elif asks and one.prediction.kind != "curve":
        typed = _asked(console, one, 0.0)
    done = _worked(one)
    known = 0.0
    if one.prediction.kind == "curve":
        known = _tell_known(console, done)
        if asks and not typed:
            typed = _asked(console, one, known)
    value = prediction_of(one, typed, known) if typed else None
    scored = None if value is None else score(done, value)
    if as_json:
        print(json.dumps(plain_values(done, value, scored), allow_nan=False))
    else:
        _explain(console, done, scored)
        for number, exercise in enumerate(one.exercises, start=1):
            _examine(console, done, number, exercise, asks)
    if not all(holds for _, holds in done.claims()):
        raise typer.Exit(1)


def _worked(one: Lesson) -> Worked:
    options.prepare_engine("compiled")
    with options.progress_bar(f"Running {one.title}") as tell:
        return worked(one, progress=tell)


def _asked(console: Console, one: Lesson, known: float) -> str:
    """A prediction that can be used; "" if none is wanted."""
    while typed := typer.prompt(f"Your prediction: {how_to_predict(one.prediction)}", default="", show_default=False):
        try:
            prediction_of(one, typed, known)
            break
        except InputError as error:
            console.print(str(error))
    return str(typed)


def _ask_question(console: Console, one: Lesson) -> None:
    console.rule(f"{one.number}. {one.title}", align="left")
    console.print(one.question, style="bold")
    _print(console, one.before(one.sections["Question"]))
    _print(console, f"**{one.before(one.prediction.text)}**")
    _print_options(console, one.prediction.options, one.before)


def _print_options(console: Console, choices: Mapping[str, Option], filled: Callable[[str], str]) -> None:
    for number, (key, option) in enumerate(choices.items(), start=1):
        console.print(f"  {number} {key}: {filled(option.text)}", highlight=False)


def _tell_known(console: Console, done: Worked) -> float:
    """The known past of a curve; its last value."""
    asked, outcome = done.lesson.prediction, done.outcome()
    quarters = done.lesson.quarters(asked.run)
    last = quarters.index(asked.known)
    past = [place for place in range(last + 1) if math.isfinite(outcome[place])]
    shown = [place for place in past if place == last or quarters[place].endswith("Q4")]
    told = ", ".join(f"{quarters[place]} {worded(float(outcome[place]), asked.unit)}" for place in shown)
    console.print(f"Known: {told or 'nothing'}; the run ends in {quarters[-1]}.", highlight=False)
    return float(outcome[last])


def _explain(console: Console, done: Worked, scored: Score | None) -> None:
    if scored is not None:
        close = "" if done.lesson.prediction.kind == "choice" else "Close: " if scored.close else "Not close: "
        console.print(f"{close}{scored.words}", style="bold")
    if done.group and done.lesson.roles:
        ministry = done.lesson.roles.ministries[done.group]
        console.print(f"With the levers that the lesson suggests, seen from {ministry}.")
    _print(console, f"## What to watch\n\n{done.section('What to watch')}")
    for plot in done.plots("outcome"):
        heads, rows = plot_table(plot)
        table = Table(title=plot.title, title_justify="left")
        for head in heads:
            table.add_column(head)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    _print(console, f"## Explanation\n\n{done.section('Explanation')}")
    _print(console, f"## Theorem\n\n{done.filled(done.lesson.theorem)}\n\n*{done.lesson.source}*")
    console.print("What the lesson says, checked in its runs:", style="bold")
    for text, holds in done.claims():
        console.print(f"  {'holds' if holds else 'DOES NOT HOLD'}: {text}", highlight=False)
    _print(console, f"## What the model leaves out\n\n{done.filled(done.lesson.leaves_out)}")


def _examine(console: Console, done: Worked, number: int, exercise: Exercise, asks: bool) -> None:
    """An exercise, its check if somebody answers, and its solution."""
    _print(console, f"## Exercise {number}\n\n{done.filled(exercise.question)}")
    _print_options(console, exercise.options, done.filled)
    wrong = 0
    while asks and wrong < _TRIES and (typed := typer.prompt("Your answer", default="", show_default=False)):
        try:
            given = option_of(typed, exercise.options) if exercise.options else number_of(typed, exercise.unit)
        except InputError as error:
            console.print(str(error))
            continue
        if right(done, exercise, given):
            console.print("Right.", style="bold")
            break
        wrong += 1
        console.print(f"Not yet. {done.filled(exercise.hint)}".strip() if wrong < _TRIES else "Not so.")
    _print(console, f"*Solution:* {done.filled(exercise.solution)}")


def _print(console: Console, markdown: str) -> None:
    console.print(Markdown(latex_as_code(markdown)))
    console.print()


def plain_values(done: Worked, value: Value | None, scored: Score | None) -> dict[str, Any]:
    """A lesson's run as plain values.

    Args:
        done: The lesson worked out.
        value: A prediction.
        scored: The same against the outcome.
    """
    predicted = None if scored is None else {"value": value, "close": scored.close, "words": scored.words}
    return {
        "lesson": done.lesson.name, "title": done.lesson.title, "version": abm.__version__, "ministry": done.group or None,
        "measures": {name: _plain(one) for name, one in done.names.items()}, "outcome": _plain(done.outcome()),
        "prediction": None if predicted is None or scored is None else {**predicted, "error": _plain(scored.error)},
        "claims": [{"text": text, "holds": holds} for text, holds in done.claims()],
        "exercises": [
            {"question": done.filled(one.question), "answer": _plain(done.answer(one))}
            for one in done.lesson.exercises
        ],
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """A measure as JSON holds it; what is no number is null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
