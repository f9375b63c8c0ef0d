"""A page with the three inputs of a prediction and what they told, for tests and pictures: `solara run` serves it.

Its address says how it looks: `dark`, `fixed`, `silent` (the server does not answer), `language`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import solara
import solara.lab

import abm.ui.lessons.inputs
from abm.ui import strings
from abm.ui.head import STYLE
from abm.ui.lessons.inputs import Curve, Number, Pick

QUARTERS = [f"{2023 + i // 4}Q{i % 4 + 1}" for i in range(48)]
KNOWN = 13
PAST = [round(0.04 + 0.16 / (1 + float(np.exp(-(i - 8) / 3))), 4) for i in range(KNOWN + 1)]
OPTIONS = [
    ("all", "<p>They lose share <b>everywhere</b>, as prices follow one another.</p>"),
    ("public", "<p>Only in the <b>public sector</b>.</p>"),
    (
        "none",
        "<p>Nowhere: the public sector is too small, and firms that have built on a model stay with it for years.</p>",
    ),
]


@solara.component
def Layout(children: list | None = None) -> solara.Element:
    """The page alone."""
    return solara.Div(children=children or [])


@solara.component
def Page() -> None:
    """The inputs, and as JSON what they told."""
    asked = dict(parse_qsl(solara.use_router().search or "", keep_blank_values=True))
    told, tell = solara.use_state({"number": None, "pick": "", "curve": None})
    strings.LANGUAGE.value = asked.get("language", strings.ENGLISH)
    solara.use_effect(lambda: setattr(solara.lab.theme, "dark", "dark" in asked), [])
    shown = {"number": None, "pick": "", "curve": None} if "silent" in asked else told
    fixed, keep = solara.use_state("fixed" in asked)
    solara.Style(STYLE)
    solara.Style(Path(abm.ui.lessons.inputs.__file__).with_name("lessons.css"))

    def hear(name: str) -> Callable[[object], None]:
        return lambda value: tell(lambda old: old | {name: value})

    with solara.Div(classes=["page", "sweep"]):
        with solara.v.Html(tag="section", class_="card toy-number"):
            Number(
                label="What share of firms uses AI in 2034?", low=0.0, high=1.0, step=0.01, value=shown["number"],
                fixed=fixed, words=strings.LESSON_NUMBER_WORDS, event_told=hear("number"),
            )  # fmt: skip
        with solara.v.Html(tag="section", class_="card toy-pick"):
            Pick(
                label="Where do closed vendors lose share?", options=OPTIONS, value=shown["pick"], fixed=fixed,
                words=strings.LESSON_PICK_WORDS, event_told=hear("pick"),
            )  # fmt: skip
        with solara.v.Html(tag="section", class_="card toy-curve"):
            Curve(
                label="How does adoption go on?", up="firms that use AI", quarters=QUARTERS, past=PAST, known=KNOWN,
                value=shown["curve"], fixed=fixed, words=strings.LESSON_CURVE_WORDS, event_told=hear("curve"),
            )  # fmt: skip
        solara.Button("fix", on_click=lambda: keep(not fixed))
        solara.v.Html(tag="pre", class_="toy-told", children=[json.dumps(told)])
