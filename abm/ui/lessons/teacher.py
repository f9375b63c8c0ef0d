"""The teacher's page: opens and closes rounds, shows predictions and levers as they come, and reveals."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from dataclasses import replace
from typing import cast

import numpy as np
import segno
import solara
import solara.lab

from abm.figures import DARK, LIGHT
from abm.figures.palette import Palette
from abm.lessons.class_values import State, Student
from abm.lessons.in_class import lesson_of
from abm.lessons.lesson import Lesson, library
from abm.lessons.prediction import Value, score, worded
from abm.lessons.spread import spread
from abm.lessons.worked import Worked
from abm.quantities import InputError
from abm.ui import strings
from abm.ui.classes import NamedClass, named_class
from abm.ui.head import STYLE, Head
from abm.ui.lessons.courier import Courier, Key
from abm.ui.lessons.guarded import Guarded
from abm.ui.lessons.ministry import levels_in_words
from abm.ui.lessons.page import opened
from abm.ui.lessons.parts import Outcome, TeachersNotes, Why, plot_card, scored, use_worked
from abm.ui.lessons.style import CLASS_STYLE, LESSON_STYLE
from abm.ui.lessons.view import LessonView
from abm.ui.parts import Choice, Download, Switch
from abm.ui.problems import Problem, failed
from abm.ui.words import table


@solara.component
def TeacherPage() -> None:
    """The class as its teacher sees it, for whoever knows its key."""
    search = solara.use_router().search
    first = solara.use_memo(lambda: opened(search or ""), [])
    view, look = solara.use_state(first)
    key, find = solara.use_state(cast("str | None", None))
    held = named_class()
    for style in (STYLE, LESSON_STYLE, CLASS_STYLE):
        solara.Style(style)
    with solara.Div(classes=["page"]):
        Head(
            strings.CLASS_TEACHER_TITLE, "", view.language, view.dark,
            lambda language: look(lambda old: replace(old, language=language)),
            lambda dark: look(lambda old: replace(old, dark=dark)),
        )  # fmt: skip
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
                Controls(held, lesson, state, len(predictions), len(students), work is not None, act)
                Notes(lesson, work)
            with solara.Div(classes=["main"]):
                Problem(failed(task, strings.LESSON_FAILED))
                if state.stage == "revealed" and work is not None:
                    Revealed(lesson, work, students, predictions, palette)
                Switch((strings.CLASS_COVERED, strings.CLASS_UNCOVERED), uncovered, uncover)
                if state.stage != "revealed":
                    Live(lesson, list(predictions.values()), uncovered, palette)
                if lesson.roles:
                    told = work if state.stage == "revealed" else None
                    Ministries(held, lesson, state, students, predictions, uncovered, told)
                People(lesson, students, predictions, uncovered, work if state.stage == "revealed" else None)
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
        solara.v.Html(
            tag="p",
            class_="joined",
            attributes={"role": "status"},
            children=[strings.CLASS_JOINED.format(students=students)],
        )


@solara.component
def Controls(
    held: NamedClass, lesson: Lesson, state: State, predicted: int, students: int, ready: bool,
    act: Callable[[Callable[[], None]], None],
) -> None:  # fmt: skip
    """The buttons that lead a round, of which those that make sense now can be pressed."""
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
        solara.v.Html(
            tag="h2", children=[strings.CLASS_ROUND.format(round=state.round, stage=strings.CLASS_STAGES[stage])]
        )
        solara.v.Html(tag="p", class_="predicted", attributes={"role": "status"}, children=[
            strings.CLASS_PREDICTED.format(predicted=predicted, students=students)
        ])  # fmt: skip
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
def Live(lesson: Lesson, values: list[Value], uncovered: bool, palette: Palette) -> None:
    """Predictions as they come; covered where the class should not see them yet."""
    with solara.Div():
        solara.v.Html(tag="p", class_="lead", children=[lesson.before(lesson.prediction.text)])
        if uncovered:
            drawn = spread(lesson, values, strings.LESSON_SPREAD_WORDS)
            plot_card("live", replace(drawn, title=strings.LESSON_SPREAD), palette)


@solara.component
def Ministries(
    held: NamedClass, lesson: Lesson, state: State, students: list[Student], predictions: dict[str, Value],
    uncovered: bool, work: Worked | None,
) -> None:  # fmt: skip
    """The levers of each ministry as they stand, what it predicts, and what came of it."""
    assert lesson.roles is not None
    levers, asked = held.classroom.levers(state.round), lesson.prediction
    last = {move.group: move.by for move in held.classroom.moves(state.round)}
    rows = []
    for region, name in lesson.roles.ministries.items():
        people = [one for one in students if one.group == region]
        own = [float(v) for one in people if isinstance(v := predictions.get(one.token), (int, float))]
        middle = (
            worded(float(np.median(own)), asked.unit)
            if own and uncovered
            else strings.CLASS_PREDICT_COUNT.format(n=len(own))
        )
        outcome = worded(float(work.of(region).outcome()), asked.unit) if work and asked.kind == "number" else ""
        rows.append(
            [name, str(len(people)), levels_in_words(levers.get(region, {})), last.get(region, ""), middle, outcome]
        )
    with solara.v.Html(tag="section", class_="card ministries", attributes={"aria-label": strings.CLASS_MINISTRIES}):
        solara.v.Html(tag="h2", children=[strings.CLASS_MINISTRIES])
        solara.HTML(tag="div", unsafe_innerHTML=table(strings.CLASS_MINISTRY_HEADS, rows))


@solara.component
def People(
    lesson: Lesson, students: list[Student], predictions: dict[str, Value], uncovered: bool, work: Worked | None
) -> None:  # fmt: skip
    """Everybody, whether they have predicted and what; once revealed the closest first."""
    rows, order = [], []
    for one in students:
        value = predictions.get(one.token)
        found = score(work.of(one.group or work.group), value) if work and value is not None else None
        told = strings.CLASS_NOT_YET if value is None else strings.CLASS_YES
        if value is not None and uncovered:
            told = scored(found) if found else _told(lesson, value)
        ministry = [lesson.roles.ministries.get(one.group, "")] if lesson.roles else []
        rows.append([one.name, *ministry, told])
        if not uncovered:
            continue
        order.append(
            np.inf if found is None else (float(not found.close) if np.isnan(found.error) else abs(found.error))
        )
    name, ministry_head, prediction = strings.CLASS_PEOPLE_HEADS
    heads = [name, *([ministry_head] if lesson.roles else []), prediction]
    ranked = [rows[k] for k in np.argsort(order, kind="stable")] if uncovered else rows
    with solara.v.Html(tag="section", class_="card people", attributes={"aria-label": strings.CLASS_PEOPLE}):
        solara.v.Html(tag="h2", children=[strings.CLASS_PEOPLE])
        solara.HTML(tag="div", unsafe_innerHTML=table(heads, ranked))


def _told(lesson: Lesson, value: Value) -> str:
    match value:
        case str():
            return lesson.prediction.options[value].text
        case list():
            return strings.CLASS_DRAWN
        case _:
            return worded(float(value), lesson.prediction.unit)


@solara.component
def Revealed(
    lesson: Lesson, work: Worked, students: list[Student], predictions: dict[str, Value], palette: Palette
) -> None:  # fmt: skip
    """The outcome and the reason, to be shown to all; in a role play those of one ministry at a time."""
    group, choose = solara.use_state(work.group)
    mates = [one for one in students if not lesson.roles or one.group == group]
    own = work.of(group)
    with solara.Div(classes=["lesson-step"]):
        if lesson.roles:
            Choice(strings.LESSON_MINISTRY, lesson.roles.ministries, group, choose)
        Outcome(own, None, [predictions[one.token] for one in mates if one.token in predictions], palette)
        Why(own, palette)


@solara.component
def Notes(lesson: Lesson, work: Worked | None) -> None:
    """The hour and the notes for teachers, folded away as the class sees this page."""
    with solara.v.Html(tag="details", class_="card for-teachers"):
        solara.v.Html(tag="summary", children=[strings.LESSON_TEACHERS])
        TeachersNotes(lesson, work)
