"""A student's phone in class: join, predict, move the ministry's levers, and see what came of it."""

from __future__ import annotations

import solara

from abm.figures import DARK, LIGHT
from abm.figures.palette import Palette
from abm.lessons.class_values import State, Student, UnknownStudent
from abm.lessons.in_class import lesson_of
from abm.lessons.lesson import Lesson
from abm.ui import strings
from abm.ui.classes import NamedClass, named_class
from abm.ui.lessons.courier import Courier, Join
from abm.ui.lessons.exercises import Exercises
from abm.ui.lessons.guarded import Guarded
from abm.ui.lessons.heading import Heading, use_view
from abm.ui.lessons.ministry import Ministry
from abm.ui.lessons.parts import Outcome, Predict, Why, prose, use_worked
from abm.ui.lessons.view import LessonView
from abm.ui.problems import Problem, failed


@solara.component
def ClassPage() -> None:
    """The class as one student sees it."""
    view, look = use_view()
    held = named_class()
    with solara.Div(classes=["page", "phone"]):
        Heading(strings.CLASS_TITLE, "", view, look, in_class=True)
        with solara.v.Html(tag="main", class_="lesson"):
            if held is None:
                Problem(strings.CLASS_NONE)
            else:
                Seat(held, view)


@solara.component
def Seat(held: NamedClass, view: LessonView) -> None:
    """A student's place in the class.

    Args:
        held: The class.
        view: How it is shown.
    """
    token, meet = solara.use_state("")
    _, follow = solara.use_state(-1)
    state = held.classroom.state()
    with solara.Div(classes=["lesson"]):
        Courier(
            room=held.room, round=state.round, seen=state.version, taking=state.stage == "open", language=view.language,
            search=view.search(), words=strings.CLASS_COURIER_WORDS, event_met=lambda who: meet(who["token"]),
            event_changed=follow,
        )  # fmt: skip
        Guarded(lambda: Place(held, state, student_of(held, token), DARK if view.dark else LIGHT), state.version)


@solara.component
def Place(held: NamedClass, state: State, student: Student | None, palette: Palette) -> None:
    """The door for who is not in yet, and the round for who is.

    Args:
        held: The class.
        state: Where it is.
        student: The student, if there is one.
        palette: The colours.
    """
    lesson = lesson_of(state.lesson)
    ministries = list(lesson.roles.ministries.items()) if lesson.roles else []
    if student is not None and (not ministries or student.group in dict(ministries)):
        with solara.Div(classes=["lesson"]):
            Round(held, lesson, state, student, palette).key(f"{lesson.name} {state.round} {student.group}")
            if ministries and state.stage != "open":
                with solara.v.Html(tag="details", class_="card"):
                    solara.v.Html(tag="summary", children=[strings.CLASS_OTHER_MINISTRY])
                    Join(naming=False, groups=ministries, words=strings.CLASS_JOIN_WORDS)
        return
    with solara.v.Html(tag="section", class_="card"):
        solara.v.Html(tag="h2", children=[lesson.title])
        solara.v.Html(tag="p", children=[strings.CLASS_WELCOME if student is None else strings.CLASS_WELCOME_MINISTRY])
        Join(naming=student is None, groups=ministries, words=strings.CLASS_JOIN_WORDS)


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
    own, fixed, shown = predictions.get(student.token), state.stage != "open", state.stage == "revealed"
    task = use_worked(lesson, levers if lesson.roles and shown else None, shown or lesson.prediction.kind == "curve")
    work = task.value.of(student.group) if task.value is not None else None
    where = {"round": state.round, "stage": strings.CLASS_STAGES[state.stage]}
    with solara.Div(classes=["lesson"]):
        solara.v.Html(tag="p", class_="note who", children=[strings.CLASS_WHO.format(name=student.name, **where)])
        with solara.v.Html(tag="section", class_="card", attributes={"aria-label": strings.LESSON_QUESTION}):
            solara.v.Html(tag="h2", children=[f"{lesson.title}: {lesson.question}"])
            if not shown and state.stage != "locked":
                prose(lesson.before(lesson.sections["Question"]))
        if state.stage != "waiting":
            if lesson.roles:
                Ministry(lesson, student.group, levers.get(student.group, {}), fixed)
            Predict(lesson, work, own, fixed)
        waits = {"waiting": strings.CLASS_WAIT, "locked": strings.CLASS_LOCKED}.get(state.stage, "")
        if waits:
            solara.v.Html(tag="p", class_="card wait", attributes={"role": "status"}, children=[waits])
        Problem(failed(task, strings.LESSON_FAILED))
        if shown and work is not None:
            mates = [one.token for one in classroom.students() if not lesson.roles or one.group == student.group]
            Outcome(work, own, [predictions[one] for one in mates if one in predictions], palette)
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
