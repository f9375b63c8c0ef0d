"""What must be right in a lesson besides the types of its parts."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from abm.lessons.blanks import BLANK
from abm.lessons.declared import Roles
from abm.lessons.formula import readable
from abm.quantities import InputError, unknown
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables

if TYPE_CHECKING:
    from abm.lessons.lesson import Lesson

SECTIONS = ("Question", "What to watch", "Explanation", "For teachers", "Common mistakes")
# A number with one of these behind it is a result: it belongs into a blank.
_TYPED = re.compile(
    r"(?<![\w.])\d[\d.,]*\s?(?:%|per ?cent\b|percentage|points?\b|times\b|billions?\b|millions?\b|USD\b|months?\b)"
)


def check(lesson: Lesson) -> None:
    """Refuse a lesson in which something is missing, or typed that must be computed.

    Args:
        lesson: The lesson.

    Raises:
        InputError: If there is such a thing.
    """
    what = f"lesson {lesson.name!r}"
    for heading in SECTIONS:
        if not lesson.sections.get(heading):
            raise InputError(f"{what} has no section '## {heading}', or nothing in it; write it.")
    for name in lesson.measures:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise InputError(f"{what}: a measure cannot be called {name!r}; take letters, digits and underscores.")
    for name, measure in lesson.measures.items():
        for run in filter(None, (measure.run, *(measure.between or ()))):
            if run not in lesson.runs:
                raise unknown(f"run of measure {name!r} of {what}", run, lesson.runs)
        if measure.limit and measure.limit not in lesson.limits:
            raise unknown(f"limit of measure {name!r} of {what}", measure.limit, lesson.limits)
    for formula in _formulas(lesson):
        readable(formula)
    shown = {picture.shown for picture in lesson.pictures}
    if missing := {"outcome", "theorem"} - shown:
        raise InputError(f'{what} has no picture shown = "{min(missing)}"; add a [[pictures]].')
    if not 20 <= lesson.minutes <= 45:
        raise InputError(f"{what}: the minutes of [[timing]] add up to {lesson.minutes}; plan 20 to 45.")
    for place, text in _told(lesson):
        if typed := _TYPED.search(BLANK.sub("", text)):
            raise InputError(
                f"{what}: {place} types the result {typed[0]!r}; put {{{{ measure | format }}}} in its place, so that it is "
                "the model's, or a measure with value and source."
            )
    if BLANK.search(lesson.title + lesson.question):
        raise InputError(f"{what}: title and question stand in lists, before the run; write them without blanks.")
    for text in (lesson.sections["Question"], lesson.prediction.text, lesson.theorem, lesson.leaves_out):
        try:
            lesson.before(text)
        except InputError as error:
            raise InputError(f"{what}: this is read before the run and cannot speak of it: {error}") from None
    for run in lesson.runs:
        lesson.scenario(run)
    _check_prediction(lesson, what)
    if lesson.roles:
        _check_roles(lesson.roles, lesson, what)


def _formulas(lesson: Lesson) -> Iterator[str]:
    """All formulas of a lesson: whatever uses them, they are formulas and nothing else."""
    yield from (one.formula for one in lesson.measures.values() if one.formula)
    yield from filter(None, (lesson.prediction.answer, *(one.answer for one in lesson.exercises)))
    for options in (lesson.prediction.options, *(one.options for one in lesson.exercises)):
        yield from (option.right for option in options.values())
    yield from (claim.holds for claim in lesson.claims)
    for picture in lesson.pictures:
        yield from (level.at for level in picture.levels)
        for curve in picture.curves:
            yield from filter(None, (curve.x, curve.y, curve.low, curve.high))


def _told(lesson: Lesson) -> list[tuple[str, str]]:
    """Where the lesson speaks of results."""
    told = [(f"section {heading!r}", lesson.sections[heading]) for heading in ("What to watch", "Explanation")]
    told += [(f"claim {one.text!r}", one.text) for one in lesson.claims]
    return told + [(f"the solution of {one.question!r}", one.solution) for one in lesson.exercises]


def _check_prediction(lesson: Lesson, what: str) -> None:
    asked = lesson.prediction
    if asked.kind == "choice":
        if len(asked.options) < 2:
            raise InputError(f"{what}: a choice needs two [prediction.options] or more.")
        return
    if not asked.answer:
        raise InputError(f"{what}: the prediction has no answer; give the formula of what is predicted.")
    if not asked.low < asked.high:
        raise InputError(
            f"{what}: the prediction goes from low = {asked.low:g} to high = {asked.high:g}; low must be less."
        )
    if asked.kind == "curve" and asked.known not in lesson.quarters(asked.run)[:-1]:
        first, last = (lesson.quarters(asked.run)[k] for k in (0, -2))
        raise InputError(f"{what}: known = {asked.known!r} of the prediction must be a quarter from {first} to {last}.")


def _check_roles(roles: Roles, lesson: Lesson, what: str) -> None:
    regions = load_tables().region_names
    for region in (*roles.ministries, *roles.suggested):
        if region not in regions:
            raise unknown(f"region of a ministry of {what}", region, regions)
    held = {kind for kind, declared in KINDS.items() if declared.actor == "government" and not declared.worldwide}
    for kind in (*roles.levers, *(k for levels in roles.suggested.values() for k in levels)):
        if kind not in held:
            raise unknown(f"lever of a ministry of {what}", kind, held)
    if roles.start not in (quarters := lesson.quarters(roles.run)):
        raise InputError(
            f"{what}: roles start in {roles.start}, outside the run; start from {quarters[0]} to {quarters[-1]}."
        )
