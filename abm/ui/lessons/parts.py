"""What lessons show, alone and in class: texts, pictures, the question, the outcome, the reason."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np
import solara
import solara.lab

from abm.figures.palette import Palette
from abm.figures.plots import Curve as Drawn
from abm.figures.plots import Plot, plot_columns, plot_label, plot_option, plot_table
from abm.lessons.lesson import Lesson
from abm.lessons.prediction import Score, Value, score, worded
from abm.lessons.spread import spread
from abm.lessons.text import html_of
from abm.lessons.worked import Levers, Worked, worked
from abm.ui import strings
from abm.ui.cards.card import Card
from abm.ui.lessons.inputs import Curve, Number, Pick
from abm.ui.words import element, table


def use_worked(lesson: Lesson, levers: Levers | None, wanted: bool = True) -> solara.lab.Task:
    """Work a lesson out in a thread, again whenever its levers change.

    Args:
        lesson: The lesson.
        levers: What ministries do; what the lesson suggests if not given.
        wanted: Whether it is needed yet.

    Returns:
        The task, whose `value` is a `Worked`, or None as long as it is not wanted or not done.
    """
    moved = None if levers is None else tuple((r, tuple(sorted(one.items()))) for r, one in sorted(levers.items()))

    def work() -> Worked | None:
        return worked(lesson, levers) if wanted else None

    asked = [lesson.name, lesson.title, moved, wanted]
    return solara.lab.use_task(work, dependencies=asked, raise_error=False, prefer_threaded=True)


def prose(markdown: str, *classes: str) -> solara.Element:
    """A text of a lesson.

    Args:
        markdown: The text, filled in.
        *classes: Its further classes.
    """
    return solara.HTML(tag="div", classes=["prose", *classes], unsafe_innerHTML=html_of(markdown))


def plot_card(name: str, plot: Plot, palette: Palette, note: str = "", height: str = "320px") -> solara.Element:
    """A picture of a lesson on a card.

    Args:
        name: Short name, for the page's marks and for files.
        plot: The picture.
        palette: The colours.
        note: How to read it.
        height: Its height.
    """
    label = plot_label(plot, strings.LESSON_PLOT_WORDS["curve"])
    return Card(
        name, plot.title, note, plot_option(plot, palette), label, table(*plot_table(plot)), lambda: plot_columns(plot),
        height=height,
    )  # fmt: skip


@solara.component
def Predict(
    lesson: Lesson,
    work: Worked | None,
    value: Value | None,
    fixed: bool,
    on_value: Callable[[Value], None] | None = None,
) -> None:
    """The question, and what the student predicts with.

    Args:
        lesson: The lesson.
        work: The lesson worked out: a curve shows the past from it.
        value: The prediction so far.
        fixed: Whether it can no longer be changed.
        on_value: Told the prediction.
    """
    asked = lesson.prediction
    text = lesson.before(asked.text)
    with solara.v.Html(tag="section", class_="card predict", attributes={"aria-label": strings.LESSON_PREDICTION}):
        solara.v.Html(tag="h2", children=[strings.LESSON_PREDICTION])
        match asked.kind:
            case "number":
                Number(
                    label=text, low=asked.low, high=asked.high, step=asked.step, unit=asked.unit, fixed=fixed,
                    value=cast("float | None", value), words=strings.LESSON_NUMBER_WORDS, event_told=on_value,
                )  # fmt: skip
            case "choice":
                options = [(key, html.escape(option.text)) for key, option in asked.options.items()]
                Pick(
                    label=text, options=options, value=str(value or ""), fixed=fixed, words=strings.LESSON_PICK_WORDS,
                    event_told=on_value,
                )  # fmt: skip
            case _ if work is None:
                solara.v.Html(tag="p", class_="note", attributes={"role": "status"}, children=[strings.LESSON_RUNNING])
            case _:
                quarters = lesson.quarters(asked.run)
                known = quarters.index(asked.known)
                past = [None if k > known or np.isnan(one) else float(one) for k, one in enumerate(work.outcome())]
                Curve(
                    label=text, quarters=quarters, past=past, known=known, low=asked.low, high=asked.high, step=asked.step,
                    unit=asked.unit, value=cast("list[float | None] | None", value), fixed=fixed,
                    words=strings.LESSON_CURVE_WORDS, event_told=on_value,
                )  # fmt: skip


@solara.component
def Outcome(work: Worked, value: Value | None, others: list[Value], palette: Palette) -> None:
    """The prediction against the run, the class's spread, what to watch, and what holds in the run.

    Args:
        work: The lesson worked out.
        value: One's own prediction; a teacher has none.
        others: Predictions of the class, one's own among them.
        palette: The colours.
    """
    with solara.Div(classes=["lesson-step"]):
        with solara.v.Html(tag="section", class_="card sentence", attributes={"aria-live": "polite"}):
            head = strings.CLASS_OUTCOME if value is None else strings.LESSON_OUTCOME
            solara.v.Html(tag="h2", children=[head])
            if value is not None:
                found = score(work, value)
                head = strings.LESSON_CLOSE if found.close else strings.LESSON_FAR
                told = f"{element('b', head)} {html.escape(scored(found))}"
                solara.HTML(tag="p", classes=["lead", "score"], unsafe_innerHTML=told)
            else:
                told = strings.LESSON_RUN_GAVE.format(outcome=gave(work))
                solara.v.Html(tag="p", class_="lead score", children=[told])
            prose(work.section("What to watch"))
        with solara.Div(classes=["charts"]):
            alone = value is not None and len(others) < 2
            title = strings.LESSON_ALONE if alone else strings.LESSON_SPREAD
            note = work.lesson.before(work.lesson.prediction.text)
            drawn = spread(work.lesson, title, others, strings.LESSON_SPREAD_WORDS, value, work)
            plot_card("spread", drawn, palette, note)
            for k, plot in enumerate(work.plots("outcome")):
                plot_card(f"outcome-{k}", with_own(plot, work, value), palette)
        Held(work)


def scored(found: Score) -> str:
    """A prediction against the outcome, in the user's language."""
    words = strings.LESSON_SCORED if found.outcome else strings.LESSON_SCORED_CURVE
    return words.format(given=found.given, outcome=found.outcome)


def gave(work: Worked) -> str:
    """What was to be predicted, in words; of a curve its end."""
    asked, outcome = work.lesson.prediction, work.outcome()
    if asked.kind == "choice":
        return asked.options[outcome].text
    return worded(float(outcome[-1] if asked.kind == "curve" else outcome), asked.unit)


@solara.component
def Held(work: Worked) -> None:
    """What the lesson says of the run, and whether it holds in the run that is shown."""
    with solara.v.Html(tag="section", class_="card held", attributes={"aria-label": strings.LESSON_HELD}):
        solara.v.Html(tag="h2", children=[strings.LESSON_HELD])
        lines = [
            element("li", f"{'✓' if holds else '✗'} {text}", "" if holds else "not")
            for text, holds in work.claims()
        ]  # fmt: skip
        solara.HTML(tag="div", unsafe_innerHTML=f"<ul>{''.join(lines)}</ul>")
        solara.v.Html(tag="p", class_="note", children=[strings.LESSON_RUN_NOTE])


@solara.component
def Why(work: Worked, palette: Palette) -> None:
    """The explanation, the theorem over the simulation, and what the model leaves out.

    Args:
        work: The lesson worked out.
        palette: The colours.
    """
    lesson = work.lesson
    with solara.Div(classes=["lesson-step"]):
        with solara.v.Html(tag="section", class_="card theorem", attributes={"aria-label": strings.LESSON_THEOREM}):
            solara.v.Html(tag="h2", children=[strings.LESSON_THEOREM])
            prose(lesson.before(lesson.theorem), "lead")
            solara.v.Html(tag="p", class_="note", children=[lesson.source])
        with solara.Div(classes=["charts"]):
            for k, plot in enumerate(work.plots("theorem")):
                plot_card(f"theorem-{k}", plot, palette)
        with solara.v.Html(tag="section", class_="card", attributes={"aria-label": strings.LESSON_EXPLANATION}):
            solara.v.Html(tag="h2", children=[strings.LESSON_EXPLANATION])
            prose(work.section("Explanation"))
        with solara.v.Html(tag="section", class_="card left-out", attributes={"aria-label": strings.LESSON_LEAVES_OUT}):
            solara.v.Html(tag="h2", children=[strings.LESSON_LEAVES_OUT])
            prose(lesson.before(lesson.leaves_out))


@solara.component
def TeachersNotes(lesson: Lesson, work: Worked | None) -> None:
    """The hour, the notes and the common mistakes.

    Args:
        lesson: The lesson.
        work: The lesson worked out; the notes speak of its runs.
    """
    with solara.Div():
        with solara.v.Html(tag="ul"):
            for part in lesson.timing:
                told = strings.LESSON_MINUTES.format(minutes=part.minutes, what=part.what)
                solara.v.Html(tag="li", children=[told])
        if work is not None:
            prose(work.section("For teachers"))
            solara.v.Html(tag="h3", children=[strings.LESSON_MISTAKES])
            prose(work.section("Common mistakes"))


def with_own(plot: Plot, work: Worked, value: Any) -> Plot:
    """A picture with one's own curve in it, if it shows what was to be predicted."""
    if work.lesson.prediction.kind != "curve" or value is None:
        return plot
    if not any(np.array_equal(one.y, work.outcome(), equal_nan=True) for one in plot.curves):
        return plot
    drawn = np.array([np.nan if one is None else one for one in value], float)
    own = Drawn(strings.LESSON_SPREAD_WORDS["own"], drawn, look="prediction")
    return replace(plot, curves=(*plot.curves, own))
