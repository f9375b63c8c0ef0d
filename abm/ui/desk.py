"""The tools of the page: back and forth, putting aside, and taking the question away in every form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import solara

import abm
from abm.ui import strings
from abm.ui.address import LARGEST, address_of
from abm.ui.choices import ChangeDesk, Desk, Question, View, own_scenario
from abm.ui.lessons.view import LessonView
from abm.ui.parts import Download
from abm.ui.snippets import OWN, as_study, in_python, study_command
from abm.ui.sweeps.named import named
from abm.ui.sweeps.view import SweepView, href


@solara.component_vue("carry.vue")
def Carry(
    search: str = "",
    largest: int = 0,
    language: str = "",
    words: dict | None = None,
    event_load: Callable[[dict], None] | None = None,
) -> None:
    """Writes the address of the page as it is now, copies it, prints the page, and reads a file."""


@solara.component
def Tools(desk: Desk, change: ChangeDesk, view: View, say: Callable[[str], None]) -> None:
    """Undo and redo, put aside, share, take away and load.

    Args:
        desk: What lies before the user.
        change: Told how to change it.
        view: How it is shown.
        say: Told what could not be done.
    """

    def tool(text: str, hint: str, enabled: bool, on_click: Callable[[], None]) -> None:
        solara.Button(
            text, text=True, small=True, disabled=not enabled, classes=["tool"], on_click=on_click,
            attributes={"title": hint},
        )  # fmt: skip

    def load(file: dict[str, Any]) -> None:
        try:
            own = scenario_of_file(file["name"], file["size"], file["text"])
        except abm.InputError as error:
            say(str(error))
            return
        say("")
        change(lambda d: d.asked(Question(region=d.question.region, firms=d.question.firms, own=own)))

    with solara.Div():
        with solara.v.Html(tag="div", class_="tools", attributes={"role": "toolbar"}):
            tool(strings.UNDO, strings.UNDO, bool(desk.past), lambda: change(Desk.undone))
            tool(strings.REDO, strings.REDO, bool(desk.future), lambda: change(Desk.redone))
            tool(strings.KEEP, strings.KEEP_HINT, desk.question not in desk.kept, lambda: change(Desk.put_aside))
            for number, one in enumerate(desk.kept, 1):
                name = strings.ASIDE.format(number=number)
                tool(
                    f"{name} ✕",
                    strings.DROP.format(name=name),
                    True,
                    partial(change, partial(Desk.dropped, question=one)),
                )
            Carry(
                search=address_of(desk, view), largest=LARGEST, language=view.language, event_load=load,
                words={
                    "copy": strings.COPY, "copied": strings.COPIED, "print": strings.PRINT, "load": strings.LOAD_SCENARIO,
                },
            ).key("carry")  # fmt: skip
            scenario = desk.question.scenario()
            Download(strings.TAKE_SCENARIO, "scenario.toml", scenario.to_toml, strings.TAKE_SCENARIO).key("scenario")
            lessons = LessonView(language=view.language, dark=view.dark)
            solara.v.Html(
                tag="a", class_="tool", attributes={"href": lessons.at()}, children=[strings.LESSON_LINK]
            ).key("lessons")
            if named():
                where = href(SweepView(language=view.language, dark=view.dark))
                solara.v.Html(tag="a", class_="tool", attributes={"href": where}, children=[strings.SWEEP_LINK]).key(
                    "ways"
                )
        code = in_python(desk.question)
        with solara.v.Html(tag="details", class_="python"):
            solara.v.Html(tag="summary", children=[strings.PYTHON])
            solara.v.Html(tag="pre", children=[code])
        AsStudy(desk.question, view)


@solara.component
def AsStudy(question: Question, view: View) -> None:
    """The question as a study of a sweep, with the files that it takes."""
    study = as_study(question, view)
    with solara.v.Html(tag="details", class_="study"):
        solara.v.Html(tag="summary", children=[strings.STUDY])
        solara.v.Html(tag="p", class_="note", children=[strings.STUDY_NOTE])
        solara.v.Html(tag="pre", children=[study])
        with solara.Div(classes=["tools"]):
            Download("study.toml", "study.toml", lambda: study, strings.STUDY_TAKE).key("study")
            if question.own:
                Download(OWN, OWN, lambda: question.own, strings.STUDY_TAKE_OWN).key("own")
        solara.v.Html(tag="pre", children=[study_command()])


def scenario_of_file(name: str, size: int, text: str) -> str:
    """The text of a user's scenario, checked.

    Args:
        name: Name of the file.
        size: Its size in bytes.
        text: Its content.

    Raises:
        InputError: If it is too large or no scenario.
    """
    try:
        if size > LARGEST:
            raise abm.InputError(strings.TOO_LARGE.format(size=LARGEST))
        return own_scenario(text)
    except abm.InputError as error:
        raise abm.InputError(strings.NOT_LOADED.format(name=name, reason=error)) from None
