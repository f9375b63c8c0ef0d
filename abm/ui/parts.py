"""Small parts of the page: a button that can be pressed, a switch, a drop-down list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara


def button(text: str, look: str, pressed: bool, on_click: Callable[[], None]) -> solara.Element:
    """A button that says whether it is pressed.

    Args:
        text: Its text.
        look: Its class.
        pressed: Whether it is the chosen one.
        on_click: Called when it is clicked.
    """
    return solara.Button(
        text, on_click=on_click, small=True, depressed=True, rounded=look == "preset",
        classes=[look, "chosen"] if pressed else [look], attributes={"aria-pressed": str(pressed).lower()},
    )  # fmt: skip


@solara.component_vue("download.vue")
def File(
    text: str = "", filename: str = "", says: str = "", content: str = "", number: int = 0,
    event_want: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """A button that asks for a file, and gives it to the browser when its number has changed."""


@solara.component
def Download(text: str, filename: str, content: Callable[[], str], says: str) -> None:
    """A button that makes a file when it is clicked.

    Args:
        text: Its text.
        filename: Name of the file.
        content: Makes the content.
        says: What the file holds, for those who hear the page.
    """
    (number, made), make = solara.use_state((0, ""))

    def want(*_: object) -> None:
        make((number + 1, content()))

    File(text=text, filename=filename, says=says, content=made, number=number, event_want=want)


@solara.component
def Switch(labels: tuple[str, str], second: bool, on_value: Callable[[bool], None]) -> None:
    """Two buttons of which one is pressed.

    Args:
        labels: Their texts.
        second: Whether the second is pressed.
        on_value: Told whether the second is wanted.
    """
    with solara.v.Html(tag="span", class_="switch", attributes={"role": "group"}):
        button(labels[0], "half", not second, lambda: on_value(False))
        button(labels[1], "half", second, lambda: on_value(True))


@solara.component_vue("choice.vue")
def Select(
    label: str = "", texts: list[str] | None = None, chosen: int = 0, event_choose: Callable[[int], None] | None = None
) -> None:
    """A list of the browser's own, which every keyboard, phone and screen reader knows."""


@solara.component
def Choice(label: str, labels: dict, value: object, on_value: Callable[[Any], None]) -> None:
    """A drop-down list that shows labels and tells the value behind the chosen one.

    Args:
        label: What is chosen.
        labels: Label of each value.
        value: The value chosen now.
        on_value: Told the new value.
    """
    values = list(labels)
    Select(
        label=label, texts=list(labels.values()), chosen=values.index(value) if value in values else -1,
        event_choose=lambda place: on_value(values[place]),
    )  # fmt: skip


def progress_bar(words: str, percent: float | None) -> None:
    """How far something is.

    Args:
        words: What is being done.
        percent: Percentage done; none if that is not known.
    """
    known = {} if percent is None else {"value": f"{percent:.0f}"}
    solara.v.Html(tag="progress", attributes={"max": "100", "aria-label": words, **known})
