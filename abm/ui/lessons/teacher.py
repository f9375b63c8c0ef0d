"""The teacher's page: opens and closes rounds, shows predictions and levers as they come, and reveals."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from typing import cast

import segno
import solara
import solara.lab

from abm.figures import DARK, LIGHT
from abm.figures.palette import Palette
from abm.lessons.class_values import State, Student
from abm.lessons.in_class import lesson_of
from abm.lessons.lesson import Lesson, library
from abm.lessons.worked import Worked
from abm.quantities import InputError
from abm.ui import strings
from abm.ui.classes import NamedClass, named_class
from abm.ui.lessons.courier import Courier, Key
from abm.ui.lessons.guarded import Guarded
from abm.ui.lessons.heading import Heading, use_view
from abm.ui.lessons.live import Live, Ministries, People, Revealed
from abm.ui.lessons.parts import TeachersNotes, use_worked
from abm.ui.lessons.view import LessonView
from abm.ui.parts import Choice, Download, Switch
from abm.ui.problems import Problem, failed


@solara.component
def TeacherPage() -> None:
    """The class as its teacher sees it, for whoever knows its key."""
    view, look = use_view()
    key, find = solara.use_state(cast("str | None", None))
    held = named_class()
    with solara.Div(classes=["page"]):
        Heading(strings.CLASS_TEACHER_TITLE, "", view, look, in_class=True)
        Key(event_found=find)
        with solara.v.Html(tag="main", class_="lesson"):
            if held is None:
                Problem(strings.CLASS_NONE)
            elif key is None:
                solara.Div(classes=["perhaps"])
            elif not hmac.compare_digest(key.encode(), held.classroom.key.encode()):
                Problem(strings.CLASS_NO_KEY)
            else:
                Follows(held, view)


@solara.component
def Follows(held: NamedClass, view: LessonView) -> None:
    """The teacher's desk, following the class.

    Args:
        held: The class.
        view: How it is shown.
    """
    _, follow = solara.use_state(-1)
    state = held.classroom.state()
    with solara.Div(classes=["lesson"]):
        Courier(
            room=f"{held.room} teacher", seen=state.version, carries=False, language=view.language, search=view.search(),
            words=strings.CLASS_COURIER_WORDS, event_changed=follow,
        )  # fmt: skip
        Guarded(lambda: Desk(held, state, DARK if view.dark else LIGHT, follow), state.version)


@solara.component
def Desk(held: NamedClass, state: State, palette: Palette, follow: Callable[[int], None]) -> None:
    """The teacher's desk.

    Args:
        held: The class.
        state: Where it is.
        palette: The colours.
        follow: Told the version of the class when something was done here.
    """
    refused, refuse = solara.use_state("")
    uncovered, uncover = solara.use_state(False)  # the class sees this page
    classroom, students = held.classroom, held.classroom.students()
    lesson = lesson_of(state.lesson)
    predictions, levers = classroom.predictions(state.round), classroom.levers(state.round)
    over = state.stage in ("locked", "revealed")
    task = use_worked(lesson, levers if lesson.roles and over else None)
    work: Worked | None = task.value

    def act(what: Callable[[], None]) -> None:
        try:
            what()
            refuse("")
        except InputError as error:
            refuse(str(error))
        follow(classroom.state().version)

    with solara.Div(classes=["lesson"]):
        Problem(refused)
        with solara.Div(classes=["body"]):
            with solara.Div(classes=["side"]):
                Door(held, len(students))
                Controls(held, state, len(predictions), len(students), work is not None, act)
                Notes(lesson, work)
            with solara.Div(classes=["main"]):
                Problem(failed(task, strings.LESSON_FAILED))
                known = work if state.stage == "revealed" else None  # until then the class must not see it
                if known is not None:
                    Revealed(lesson, known, students, predictions, palette)
                Switch((strings.CLASS_COVERED, strings.CLASS_UNCOVERED), uncovered, uncover)
                if state.stage != "revealed":
                    Live(lesson, list(predictions.values()), uncovered, palette)
                if lesson.roles:
                    Ministries(held, lesson, state, students, predictions, uncovered, known)
                People(lesson, students, predictions, uncovered, known)
                Removing(held, students, act)


@solara.component
def Removing(held: NamedClass, students: list[Student], act: Callable[[Callable[[], None]], None]) -> None:
    """Take somebody out of the class: a name that should not be shown, or a phone that has joined twice.

    Args:
        held: The class.
        students: Who is in it.
        act: Does something, and says what cannot be done.
    """
    chosen, choose = solara.use_state("")
    with solara.v.Html(tag="details", class_="card"):
        solara.v.Html(tag="summary", children=[strings.CLASS_REMOVE])
        Choice(strings.CLASS_REMOVED_WHO, {one.token: one.name for one in students}, chosen, choose)
        solara.Button(
            strings.CLASS_REMOVE, text=True, small=True, classes=["tool"],
            disabled=chosen not in {one.token for one in students},
            on_click=lambda: act(lambda: held.classroom.remove(chosen)),
        )  # fmt: skip


@solara.component
def Door(held: NamedClass, students: int) -> None:
    """How to come in."""
    picture = segno.make(held.address, error="m").svg_inline(border=2, light="#fff", omitsize=True)
    with solara.v.Html(tag="section", class_="card door", attributes={"aria-label": strings.CLASS_DOOR}):
        solara.v.Html(tag="h2", children=[strings.CLASS_DOOR])
        solara.HTML(tag="div", classes=["code"], unsafe_innerHTML=picture, attributes={"aria-hidden": "true"})
        solara.v.Html(tag="p", class_="address", children=[held.address])
        joined = strings.CLASS_JOINED.format(students=students)
        solara.v.Html(tag="p", class_="joined", attributes={"role": "status"}, children=[joined])


@solara.component
def Controls(
    held: NamedClass, state: State, predicted: int, students: int, ready: bool, act: Callable[[Callable[[], None]], None]
) -> None:  # fmt: skip
    """The buttons that lead a round, of which those that make sense now can be pressed.

    Args:
        held: The class.
        state: Where it is.
        predicted: Number of students who have predicted.
        students: Number of students.
        ready: Whether the outcome is there to be revealed.
        act: Does something, and says what cannot be done.
    """
    classroom, stage = held.classroom, state.stage
    buttons = [
        (strings.CLASS_OPEN, "go", classroom.open_round, stage == "waiting"),
        (strings.CLASS_LOCK, "go", classroom.lock, stage == "open"),
        (strings.CLASS_REVEAL, "go", classroom.reveal, stage == "locked" and ready),
        (strings.CLASS_NEXT, "go", classroom.next_round, stage == "revealed"),
        (strings.CLASS_AGAIN, "tool", classroom.next_round, stage == "locked"),
        (strings.CLASS_REOPEN, "tool", classroom.open_round, stage == "locked"),
    ]
    wanted, want = solara.use_state(state.lesson)
    with solara.v.Html(tag="section", class_="card controls", attributes={"aria-label": strings.CLASS_CONTROLS}):
        where = strings.CLASS_ROUND.format(round=state.round, stage=strings.CLASS_STAGES[stage])
        solara.v.Html(tag="h2", children=[where])
        counted = strings.CLASS_PREDICTED.format(predicted=predicted, students=students)
        solara.v.Html(tag="p", class_="predicted", attributes={"role": "status"}, children=[counted])
        for words, look, do, possible in buttons:
            if look == "go" or possible:
                solara.Button(
                    words, on_click=lambda do=do: act(do), disabled=not possible, depressed=look == "go",
                    text=look == "tool", classes=[look], block=True,
                )  # fmt: skip
        if stage == "locked" and not ready:
            solara.v.Html(tag="p", class_="note", children=[strings.LESSON_RUNNING])
        names = dict.fromkeys([*library(), *(one.lesson for one in classroom.rounds()), state.lesson])
        Choice(strings.CLASS_LESSON, {name: lesson_of(name).title for name in names}, wanted, want)
        solara.Button(
            strings.CLASS_CHANGE, text=True, small=True, classes=["tool"],
            disabled=stage == "open" or wanted == state.lesson,
            on_click=lambda: act(lambda: classroom.change_lesson(wanted)),
        )  # fmt: skip
        Download(
            strings.CLASS_EXPORT, "class.json", lambda: json.dumps(classroom.export(), ensure_ascii=False, indent=1),
            strings.CLASS_EXPORT,
        )  # fmt: skip


@solara.component
def Notes(lesson: Lesson, work: Worked | None) -> None:
    """The hour and the notes for teachers, folded away as the class sees this page."""
    with solara.v.Html(tag="details", class_="card for-teachers"):
        solara.v.Html(tag="summary", children=[strings.LESSON_TEACHERS])
        TeachersNotes(lesson, work)
