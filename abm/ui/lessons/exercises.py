"""Exercises: a question, an answer that is checked, a hint and the way to it."""

from __future__ import annotations

import html
from typing import cast

import solara

from abm.lessons.declared import Exercise
from abm.lessons.prediction import number_of, right, worded
from abm.lessons.worked import Worked
from abm.quantities import InputError
from abm.ui import strings
from abm.ui.lessons.inputs import Pick
from abm.ui.lessons.parts import prose


@solara.component
def Exercises(work: Worked) -> None:
    """All exercises of a lesson.

    Args:
        work: The lesson worked out.
    """
    with solara.v.Html(tag="section", class_="lesson-step", attributes={"aria-label": strings.LESSON_EXERCISES}):
        for k, exercise in enumerate(work.lesson.exercises):
            One(work, exercise, k + 1).key(f"{work.lesson.name} {k}")


@solara.component
def One(work: Worked, exercise: Exercise, number: int) -> None:
    """One exercise.

    Args:
        work: The lesson worked out.
        exercise: The exercise.
        number: Its number.
    """
    typed, write = solara.use_state("")
    tried, attempt = solara.use_state(
        cast("bool | str | None", None)
    )  # whether the last answer was right; None before the first
    shown, show = solara.use_state(False)

    def check(*_: object) -> None:
        try:
            attempt(right(work, exercise, number_of(typed, exercise.unit)))
        except InputError:
            attempt(strings.LESSON_NO_NUMBER)

    def choose(key: str) -> None:
        attempt(right(work, exercise, key))

    with solara.v.Html(tag="article", class_="card exercise"):
        solara.v.Html(tag="h2", children=[strings.LESSON_EXERCISE.format(number=number)])
        prose(work.filled(exercise.question))
        if exercise.options:
            options = [(key, html.escape(option.text)) for key, option in exercise.options.items()]
            Pick(options=options, quiet=True, words=strings.LESSON_PICK_WORDS, event_told=choose)
        else:
            label = strings.LESSON_YOUR_ANSWER.format(unit=exercise.unit)
            with solara.Div(classes=["answer"]):
                solara.InputText(label, typed, write, continuous_update=True, dense=True, hide_details=True)
                solara.Button(
                    strings.LESSON_CHECK, on_click=check, small=True, depressed=True, disabled=not typed.strip()
                )
        with solara.v.Html(tag="div", attributes={"role": "status"}):
            if tried is True:
                solara.v.Html(tag="p", class_="right", children=[strings.LESSON_RIGHT])
            elif isinstance(tried, str):
                solara.v.Html(tag="p", class_="not", children=[tried])
            elif tried is False:
                said = f"{strings.LESSON_WRONG} {work.filled(exercise.hint)}".strip()
                prose(said, "not")
        if tried is True or shown:
            answer = work.answer(exercise)
            told = exercise.options[answer].text if exercise.options else worded(answer, exercise.unit)
            prose(f"**{strings.LESSON_ANSWER.format(answer=told)}** {work.filled(exercise.solution)}", "solution")
        else:
            solara.Button(
                strings.LESSON_SHOW_ANSWER, text=True, small=True, classes=["tool"], on_click=lambda: show(True),
                disabled=tried is None,
            )  # fmt: skip
