"""The head of each page: its title, its language and whether it is dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import solara
import solara.lab

from abm.ui import strings
from abm.ui.parts import Choice

STYLE = Path(__file__).with_name("page.css")


@solara.component
def Head(
    title: str, subtitle: str, language: str, dark: bool, speak: Callable[[str], None], shade: Callable[[bool], None]
) -> None:
    """The head of a page.

    Args:
        title: Its title.
        subtitle: What it is about.
        language: Its language.
        dark: Whether it is dark.
        speak: Told another language.
        shade: Told whether it is to be dark.
    """
    solara.use_effect(lambda: setattr(solara.lab.theme, "dark", dark), [dark])

    def turn(chosen: str) -> None:
        strings.LANGUAGE.value = chosen
        speak(chosen)

    with solara.v.Html(tag="header", class_="head"):
        solara.Title(title)
        solara.v.Html(tag="h1", children=[title])
        solara.v.Html(tag="p", children=[subtitle])
        with solara.Div(classes=["theme"]):
            Choice(strings.LANGUAGE_CHOICE, strings.languages(), language, turn)
            solara.Button(
                strings.LIGHT if dark else strings.DARK, text=True, small=True, classes=["tool"],
                icon_name="mdi-weather-sunny" if dark else "mdi-weather-night", on_click=lambda: shade(not dark),
            )  # fmt: skip
