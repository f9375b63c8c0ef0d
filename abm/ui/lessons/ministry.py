"""A ministry of a role play: its region and its levers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import solara

from abm.lessons.lesson import Lesson
from abm.scenario.kinds import KINDS
from abm.ui import strings
from abm.ui.choices import slider_step
from abm.ui.levers import Slider
from abm.ui.naming import lever_label, mechanism_of, unit_of


@solara.component
def Ministry(
    lesson: Lesson, group: str, levels: Mapping[str, float], fixed: bool,
    on_move: Callable[[str, float], None] = lambda kind, level: None,
) -> None:  # fmt: skip
    """The levers of a ministry.

    Args:
        lesson: The lesson.
        group: Region of the ministry.
        levels: Where its levers stand.
        fixed: Whether they can no longer be moved.
        on_move: Told the kind and the level of a lever that was moved; in class the courier is told.
    """
    assert lesson.roles is not None
    with solara.v.Html(tag="section", class_="card ministry", attributes={"aria-label": strings.LESSON_MINISTRY}):
        solara.v.Html(tag="h2", children=[lesson.roles.ministries[group]])
        solara.v.Html(tag="p", class_="note", children=[strings.LESSON_LEVERS_FROM.format(quarter=lesson.roles.start)])
        for kind in lesson.roles.levers:
            declared = KINDS[kind].level
            if fixed:
                told = f"{lever_label(kind)}: {100 * levels.get(kind, 0.0):.0f}%"
                solara.v.Html(tag="p", children=[told])
                continue
            with solara.Div(classes=["lever"]):
                Slider(
                    name=kind, level=levels.get(kind, 0.0), low=declared.low, high=declared.high, step=slider_step(kind),
                    label=lever_label(kind), unit=unit_of(declared.unit), mechanism=mechanism_of(kind),
                    evidence=KINDS[kind].evidence,
                    words={"reset": strings.RESET_ONE.format(lever=lever_label(kind)), "known": strings.SOURCE},
                    event_move=partial(on_move, kind),
                ).key(kind)  # fmt: skip


def levels_in_words(levels: Mapping[str, float]) -> str:
    """Where levers stand that were moved, in words."""
    told = [f"{lever_label(kind)} {100 * level:.0f}%" for kind, level in sorted(levels.items()) if level]
    return ", ".join(told) or strings.LESSON_NO_LEVERS
