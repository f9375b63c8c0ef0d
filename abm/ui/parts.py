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


@solara.component
def Choice(label: str, labels: dict, value: object, on_value: Callable[[Any], None]) -> None:
    """A drop-down list that shows labels and tells the value behind the chosen one.

    Args:
        label: What is chosen.
        labels: Label of each value.
        value: The value chosen now.
        on_value: Told the new value.
    """
    items = [{"text": text, "value": one} for one, text in labels.items()]
    solara.v.Select(
        label=label, items=items, v_model=value, on_v_model=on_value, dense=True, outlined=True, hide_details=True,
        attributes={"aria-label": label}, menu_props={"offsetY": True},
    )  # fmt: skip
