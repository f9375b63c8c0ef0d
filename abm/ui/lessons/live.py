"""What the teacher sees of the class as it happens, and shows to all in the end."""

from __future__ import annotations

import numpy as np
import solara

from abm.figures.palette import Palette
from abm.lessons.class_values import State, Student
from abm.lessons.lesson import Lesson
from abm.lessons.prediction import Score, Value, score, worded
from abm.lessons.spread import spread
from abm.lessons.worked import Worked
from abm.ui import strings
from abm.ui.classes import NamedClass
from abm.ui.lessons.ministry import levels_in_words
from abm.ui.lessons.parts import Outcome, Why, plot_card, scored
from abm.ui.parts import Choice
from abm.ui.words import table


@solara.component
def Live(lesson: Lesson, values: list[Value], uncovered: bool, palette: Palette) -> None:
    """Predictions as they come.

    Args:
        lesson: The lesson.
        values: The predictions.
        uncovered: Whether the class may see them.
        palette: The colours.
    """
    with solara.Div():
        solara.v.Html(tag="p", class_="lead", children=[lesson.before(lesson.prediction.text)])
        if uncovered:
            drawn = spread(lesson, strings.LESSON_SPREAD, values, strings.LESSON_SPREAD_WORDS)
            plot_card("live", drawn, palette)


@solara.component
def Ministries(
    held: NamedClass, lesson: Lesson, state: State, students: list[Student], predictions: dict[str, Value],
    uncovered: bool, work: Worked | None,
) -> None:  # fmt: skip
    """The levers of each ministry as they stand, what it predicts, and what came of it.

    Args:
        held: The class.
        lesson: The lesson.
        state: Where the class is.
        students: Who is in it.
        predictions: Predictions by token.
        uncovered: Whether the class may see them.
        work: The lesson worked out, once it is revealed.
    """
    assert lesson.roles is not None
    levers, asked = held.classroom.levers(state.round), lesson.prediction
    last = {move.group: move.by for move in held.classroom.moves(state.round)}
    rows = []
    for region, name in lesson.roles.ministries.items():
        people = [one for one in students if one.group == region]
        own = [float(v) for one in people if isinstance(v := predictions.get(one.token), (int, float))]
        counted = strings.CLASS_PREDICT_COUNT.format(n=len(own))
        middle = worded(float(np.median(own)), asked.unit) if own and uncovered else counted
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
    """Everybody, whether they have predicted and what; once it is revealed and uncovered the closest first.

    Args:
        lesson: The lesson.
        students: Who is in the class.
        predictions: Predictions by token.
        uncovered: Whether the class may see them.
        work: The lesson worked out, once it is revealed.
    """
    rows, distances = [], []
    for one in students:
        value, found, told = predictions.get(one.token), None, strings.CLASS_NOT_YET
        if value is not None:
            found = score(work.of(one.group or work.group), value) if work and uncovered else None
            told = scored(found) if found else _told(lesson, value) if uncovered else strings.CLASS_YES
        ministry = [lesson.roles.ministries.get(one.group, "")] if lesson.roles else []
        rows.append([one.name, *ministry, told])
        distances.append(_distance(found))
    name, ministry_head, prediction = strings.CLASS_PEOPLE_HEADS
    heads = [name, *([ministry_head] if lesson.roles else []), prediction]
    ranked = [rows[k] for k in np.argsort(distances, kind="stable")]
    with solara.v.Html(tag="section", class_="card people", attributes={"aria-label": strings.CLASS_PEOPLE}):
        solara.v.Html(tag="h2", children=[strings.CLASS_PEOPLE])
        solara.HTML(tag="div", unsafe_innerHTML=table(heads, ranked))


def _distance(found: Score | None) -> float:
    """How far off a prediction is: of choices the right ones first, and last what is not known."""
    if found is None:
        return np.inf
    return abs(found.error) if np.isfinite(found.error) else float(not found.close)


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
    """The outcome and the reason, to be shown to all; in a role play those of one ministry at a time.

    Args:
        lesson: The lesson.
        work: The lesson worked out.
        students: Who is in the class.
        predictions: Predictions by token.
        palette: The colours.
    """
    group, choose = solara.use_state(work.group)
    mates = [one for one in students if not lesson.roles or one.group == group]
    own = work.of(group)
    with solara.Div(classes=["lesson-step"]):
        if lesson.roles:
            Choice(strings.LESSON_MINISTRY, lesson.roles.ministries, group, choose)
        Outcome(own, None, [predictions[one.token] for one in mates if one.token in predictions], palette)
        Why(own, palette)
