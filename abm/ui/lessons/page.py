"""The lessons for one student: predict, watch, understand, practise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import solara
import solara.lab

from abm.figures import DARK, LIGHT
from abm.figures.palette import Palette
from abm.lessons.lesson import Lesson, library
from abm.lessons.prediction import Value, checked
from abm.lessons.worked import Worked
from abm.ui import strings
from abm.ui.choices import View
from abm.ui.desk import Carry
from abm.ui.lessons.exercises import Exercises
from abm.ui.lessons.explore import Explore
from abm.ui.lessons.heading import Heading, use_view
from abm.ui.lessons.ministry import Ministry
from abm.ui.lessons.parts import Outcome, Predict, TeachersNotes, Why, prose, use_worked
from abm.ui.lessons.view import STEPS, ChangeLessonView, LessonView
from abm.ui.parts import Choice, Download, progress_bar
from abm.ui.problems import Problem, failed


@solara.component
def LessonPage() -> None:
    """A lesson, or the list of all."""
    view, look = use_view()
    with solara.Div(classes=["page"]):
        Heading(strings.LESSON_TITLE, strings.LESSON_SUBTITLE, view, look)
        with solara.v.Html(tag="nav", class_="tools", attributes={"aria-label": strings.TOOLS}):
            search = LessonView(language=view.language, dark=view.dark).search()
            solara.v.Html(tag="a", class_="tool", attributes={"href": f"/?{search}"}, children=[strings.SWEEP_BACK])
            if view.name:
                solara.v.Html(
                    tag="a", class_="tool", attributes={"href": view.at(name="", step=STEPS[0])},
                    children=[strings.LESSON_ALL],
                )  # fmt: skip
            Carry(
                search=view.search(), language=view.language,
                words={"copy": strings.COPY, "copied": strings.COPIED, "print": strings.PRINT},
            )  # fmt: skip
        with solara.v.Html(tag="main", class_="lesson"):
            if view.name:
                OneLesson(Lesson.load(view.name), view, look).key(view.name)
            else:
                Lessons(view)


@solara.component
def Lessons(view: LessonView) -> None:
    """The list of all lessons."""
    with solara.Div(classes=["lessons"]):
        for name in library():
            lesson = Lesson.load(name)
            with solara.v.Html(tag="a", class_="card lesson-card", attributes={"href": view.at(name=name)}):
                solara.v.Html(
                    tag="span", class_="note",
                    children=[strings.LESSON_NUMBER.format(number=lesson.number, minutes=lesson.minutes)],
                )  # fmt: skip
                solara.v.Html(tag="h2", children=[lesson.title])
                solara.v.Html(tag="p", children=[lesson.question])


@solara.component
def OneLesson(lesson: Lesson, view: LessonView, look: ChangeLessonView) -> None:
    """A lesson, step by step: what follows the prediction opens with it.

    Args:
        lesson: The lesson.
        view: How it is shown.
        look: Told how to show it.
    """
    roles = lesson.roles
    value, predict = solara.use_state(cast("Value | None", None))
    committed, commit = solara.use_state(False)
    group, choose = solara.use_state(next(iter(roles.ministries)) if roles else "")
    levels, move = solara.use_state(cast("dict[str, float]", {}))
    levers = None if roles is None else {**{r: x for r, x in roles.suggested.items() if r != group}, group: levels}
    task = use_worked(lesson, levers if committed else None)  # at once, so that the outcome is there when it is wanted
    work = task.value.of(group) if task.value is not None else None
    palette = DARK if view.dark else LIGHT

    def go(step: str) -> None:
        look(lambda old: replace(old, step=step))

    def pull(kind: str, level: float) -> None:
        move(lambda old: {**old, kind: level})

    def tell(told: Value | None) -> None:
        predict(None if told is None else checked(lesson, told))

    def run() -> None:
        commit(True)
        go("watch")

    with solara.Div(classes=["body"]):
        with solara.v.Html(tag="aside", class_="card steps"):
            Top(at=view.step)
            About(lesson)
            Steps(view.step, committed, go)
            Takeaway(lesson, work)
        with solara.Div(classes=["main"]):
            Problem(failed(task, strings.LESSON_FAILED))
            with solara.v.Html(tag="div", class_="running", attributes={"role": "status"}):
                if task.pending and committed:
                    solara.v.Html(tag="span", class_="note", children=[strings.LESSON_RUNNING])
                    progress_bar(strings.LESSON_RUNNING, None)
            if view.step == "predict":
                with solara.v.Html(tag="section", class_="card", attributes={"aria-label": strings.LESSON_QUESTION}):
                    solara.v.Html(tag="h2", children=[lesson.question])
                    prose(lesson.before(lesson.sections["Question"]))
                if roles:
                    Choice(strings.LESSON_MINISTRY, roles.ministries, group, choose)
                    Ministry(lesson, group, levels, committed, pull)
                Predict(lesson, work, value, committed, tell)
                if committed:
                    Again(lambda: commit(False))
                else:
                    solara.Button(
                        strings.LESSON_RUN, on_click=run, disabled=value is None, depressed=True, classes=["go"],
                        icon_name="mdi-play",
                    )  # fmt: skip
            elif work is not None and committed:
                Shown(work, view, value, palette)
                following = STEPS[STEPS.index(view.step) + 1 :]
                if following:
                    words = strings.LESSON_STEPS[following[0]]
                    solara.Button(words, on_click=lambda: go(following[0]), depressed=True, classes=["go"])


@solara.component_vue("top.vue")
def Top(at: str = "") -> None:
    """Goes to the top of the page whenever `at` changes."""


@solara.component
def Shown(work: Worked, view: LessonView, value: Value | None, palette: Palette) -> None:
    """What a step after the prediction shows."""
    match view.step:
        case "watch":
            with solara.Div(classes=["lesson-step"]):
                Outcome(work, value, [] if value is None else [value], palette)
                Explore(work, View(language=view.language, dark=view.dark))
        case "why":
            Why(work, palette)
        case _:
            Exercises(work)


@solara.component
def Again(on_again: Callable[[], None]) -> None:
    """Another try."""
    with solara.Div():
        solara.v.Html(tag="p", class_="note", children=[strings.LESSON_COMMITTED])
        solara.Button(strings.LESSON_AGAIN, on_click=on_again, text=True, small=True, classes=["tool"])


@solara.component
def About(lesson: Lesson) -> None:
    """Which lesson it is."""
    number = strings.LESSON_NUMBER.format(number=lesson.number, minutes=lesson.minutes)
    with solara.Div():
        solara.v.Html(tag="span", class_="note", children=[number])
        solara.v.Html(tag="h2", children=[lesson.title])


@solara.component
def Steps(step: str, committed: bool, go: Callable[[str], None]) -> None:
    """The steps of a lesson; those after the prediction open with it."""
    with solara.v.Html(tag="ol", class_="step-list"):
        for one in STEPS:
            with solara.v.Html(tag="li"):
                solara.Button(
                    strings.LESSON_STEPS[one], on_click=lambda one=one: go(one), text=True,
                    disabled=one != STEPS[0] and not committed, classes=["step", "chosen"] if one == step else ["step"],
                    attributes={"aria-current": "step"} if one == step else {},
                )  # fmt: skip


def _on_paper(lesson: Lesson, teacher: bool) -> str:
    from abm.lessons.handout import handout  # it draws: who takes none need not wait for what draws

    return handout(lesson, teacher)


def _as_notebook(lesson: Lesson) -> str:
    from abm.lessons.notebook import notebook_text

    return notebook_text(lesson)


@solara.component
def Takeaway(lesson: Lesson, work: Worked | None) -> None:
    """The lesson as a notebook and on paper; what is for teachers is folded away."""

    def take(text: str, ending: str, content: Callable[[], str]) -> None:
        Download(text, f"{lesson.name}{ending}", content, text).key(ending)

    with solara.Div():
        with solara.Div(classes=["takeaway"]):
            take(strings.LESSON_NOTEBOOK, ".ipynb", lambda: _as_notebook(lesson))
            take(strings.LESSON_HANDOUT, ".html", lambda: _on_paper(lesson, teacher=False))
        with solara.v.Html(tag="details", class_="for-teachers"):
            solara.v.Html(tag="summary", children=[strings.LESSON_TEACHERS])
            TeachersNotes(lesson, work)
            take(strings.LESSON_TEACHERS_HANDOUT, "_teacher.html", lambda: _on_paper(lesson, teacher=True))
            solara.v.Html(tag="p", class_="note", children=[strings.LESSON_CLASS_HOW.format(name=lesson.name)])
