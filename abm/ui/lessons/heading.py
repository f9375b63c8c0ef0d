"""What stands on top of each page of lessons, and how a user has chosen to see them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import solara

from abm.ui import strings
from abm.ui.head import STYLE, Head
from abm.ui.lessons.view import ChangeLessonView, LessonView, view_of

LESSON_STYLE = Path(__file__).with_name("lessons.css")
# In class the courier says that there is no connection, and loads the page anew: Solara's curtain would take every tap.
CLASS_STYLE = ".v-overlay, .v-dialog__content { display: none !important; }"


def use_view() -> tuple[LessonView, ChangeLessonView]:
    """What the address asks for, and how to change it."""
    search = solara.use_router().search

    def opened() -> LessonView:
        asked = view_of(search or "")
        strings.LANGUAGE.value = asked.language
        return asked

    return solara.use_state(solara.use_memo(opened, []))


@solara.component
def Heading(title: str, subtitle: str, view: LessonView, look: ChangeLessonView, in_class: bool = False) -> None:
    """The head of a page, and the look of what stands on it.

    Args:
        title: Its title.
        subtitle: What it is about.
        view: How it is shown.
        look: Told how to show it.
        in_class: Whether the page follows a class.
    """
    with solara.Div():
        for style in (STYLE, LESSON_STYLE, *([CLASS_STYLE] if in_class else [])):
            solara.Style(style)
        Head(
            title, subtitle, view.language, view.dark,
            lambda language: look(lambda old: replace(old, language=language)),
            lambda dark: look(lambda old: replace(old, dark=dark)),
        )  # fmt: skip
