"""A student's phone in class: join, predict, move the ministry's levers, and see what came of it."""

from __future__ import annotations

from dataclasses import replace

import solara

from abm.figures import DARK, LIGHT
from abm.figures.palette import Palette
from abm.lessons.class_values import State, Student, UnknownStudent
from abm.lessons.lesson import Lesson
from abm.ui import strings
from abm.ui.classes import NamedClass, named_class
from abm.ui.head import STYLE, Head
from abm.ui.lessons.courier import Courier, Join
from abm.ui.lessons.exercises import Exercises
from abm.ui.lessons.ministry import Ministry
from abm.ui.lessons.page import opened
from abm.ui.lessons.parts import Outcome, Predict, Why, prose, use_worked
from abm.ui.lessons.style import LESSON_STYLE
from abm.ui.problems import Problem, failed


@solara.component
def ClassPage() -> None:
    """The class as one student sees it."""
    search = solara.use_router().search
    first = solara.use_memo(lambda: opened(search or ""), [])
    view, look = solara.use_state(first)
    held = named_class()
    solara.Style(STYLE)
    solara.Style(LESSON_STYLE)
    with solara.Div(classes=["page", "phone"]):
        Head(
            strings.CLASS_TITLE, "", view.language, view.dark,
            lambda language: look(lambda old: replace(old, language=language)),
            lambda dark: look(lambda old: replace(old, dark=dark)),
        )  # fmt: skip
        with solara.v.Html(tag="main", class_="lesson"):
            if held is None:
                Problem(strings.CLASS_NONE)
            else:
                Seat(held, DARK if view.dark else LIGHT)


@solara.component
def Seat(held: NamedClass, palette: Palette) -> None:
    """A student's place in the class.

    Args:
        held: The class.
        palette: The colours.
    """
    token, meet = solara.use_state("")
    refused, refuse = solara.use_state("")
    _, follow = solara.use_state(-1)
    state = held.classroom.state()
    lesson = Lesson.load(state.lesson)
    student = student_of(held, token)
    ministries = list(lesson.roles.ministries.items()) if lesson.roles else []
    seated = student is not None and (not ministries or student.group in dict(ministries))
    with solara.Div(classes=["lesson"]):
        Courier(
            room=held.room, round=state.round, kind="predict" if state.stage == "open" else "",
            words=strings.CLASS_COURIER_WORDS,
            event_met=lambda who: meet(who["token"]), event_changed=follow, event_refused=lambda why: refuse(why["text"]),
        )  # fmt: skip
        Problem(refused)
        if not seated:
            with solara.v.Html(tag="section", class_="card"):
                solara.v.Html(tag="h2", children=[lesson.title])
                solara.v.Html(tag="p", children=[strings.CLASS_WELCOME])
                Join(naming=student is None, groups=ministries, words=strings.CLASS_JOIN_WORDS)
        elif student is not None:
            Round(held, lesson, state, student, palette).key(f"{lesson.name} {state.round} {student.group}")


@solara.component
def Round(held: NamedClass, lesson: Lesson, state: State, student: Student, palette: Palette) -> None:
    """What a round asks of a student, and in the end what came of it.

    Args:
        held: The class.
        lesson: The lesson.
        state: Where the class is.
        student: The student.
        palette: The colours.
    """
    classroom = held.classroom
    predictions, levers = classroom.predictions(state.round), classroom.levers(state.round)
    own, opened = predictions.get(student.token), state.stage == "open"
    shown = state.stage == "revealed"
    task = use_worked(lesson, levers if lesson.roles and shown else None, shown or lesson.prediction.kind == "curve")
    work = task.latest.of(student.group) if task.latest is not None and not task.pending else None
    with solara.Div(classes=["lesson"]):
        where = {"round": state.round, "stage": strings.CLASS_STAGES[state.stage]}
        solara.v.Html(tag="p", class_="note who", children=[strings.CLASS_WHO.format(name=student.name, **where)])
        with solara.v.Html(tag="section", class_="card", attributes={"aria-label": strings.LESSON_QUESTION}):
            solara.v.Html(tag="h2", children=[f"{lesson.title}: {lesson.question}"])
            if state.stage in ("waiting", "open"):
                prose(lesson.before(lesson.sections["Question"]))
        if state.stage != "waiting":
            if lesson.roles:
                Ministry(lesson, student.group, levers.get(student.group, {}), not opened)
            Predict(lesson, work, own, not opened)
        waits = {"waiting": strings.CLASS_WAIT, "locked": strings.CLASS_LOCKED}.get(state.stage, "")
        if waits:
            solara.v.Html(tag="p", class_="card wait", attributes={"role": "status"}, children=[waits])
        Problem(failed(task, strings.LESSON_FAILED))
        if shown and work is not None:
            Outcome(
                work,
                own,
                [predictions[one.token] for one in mates(held, lesson, student) if one.token in predictions],
                palette,
            )
            Why(work, palette)
            Exercises(work)
        elif shown:
            solara.v.Html(tag="p", class_="note", attributes={"role": "status"}, children=[strings.LESSON_RUNNING])


def student_of(held: NamedClass, token: str) -> Student | None:
    """The student with a token, if there is one."""
    try:
        return held.classroom.student(token) if token else None
    except UnknownStudent:
        return None


def mates(held: NamedClass, lesson: Lesson, student: Student) -> list[Student]:
    """Those who predict the same: the class, or those of the same ministry."""
    return [one for one in held.classroom.students() if not lesson.roles or one.group == student.group]
