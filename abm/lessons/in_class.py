"""What a lesson accepts from a class: predictions, levers and groups."""

from __future__ import annotations

from functools import lru_cache

from abm.lessons.class_values import State, Student
from abm.lessons.lesson import Lesson
from abm.lessons.prediction import Value, checked
from abm.lessons.worked import worked
from abm.quantities import InputError, unknown
from abm.scenario.kinds import KINDS


@lru_cache(maxsize=64)
def lesson_of(name: str) -> Lesson:
    """A lesson of a class, read once: what somebody does to its file meanwhile changes nothing.

    Args:
        name: Its name, or the path of its file.

    Raises:
        InputError: If there is none.
    """
    return Lesson.load(name)


def rehearse(lesson: Lesson) -> None:
    """Work out all that a class is going to see, so that nothing fails before thirty students.

    Args:
        lesson: The lesson.

    Raises:
        InputError: If something cannot be worked out.
    """
    done = worked(lesson)
    for group in lesson.roles.ministries if lesson.roles else [""]:
        own = done.of(group)
        own.outcome()
        own.claims()
        for heading in lesson.sections:
            own.section(heading)
        for shown in ("outcome", "theorem"):
            own.plots(shown)
        for exercise in lesson.exercises:
            own.answer(exercise)
            for text in (exercise.question, exercise.hint, exercise.solution):
                own.filled(text)


def check_prediction(state: State, student: Student, value: object) -> Value:
    """A prediction as it is kept.

    Args:
        state: Where the class is.
        student: Who predicts.
        value: What was sent.

    Raises:
        InputError: If the lesson asks for something else, or the student of a role play has no ministry yet.
    """
    lesson = lesson_of(state.lesson)
    if lesson.roles and student.group not in lesson.roles.ministries:
        raise InputError(f"{student.name} is in no ministry, and each predicts for its region; choose one first.")
    return checked(lesson, value)


def check_move(state: State, student: Student, lever: str, level: float) -> float:
    """A lever's level as it is kept.

    Args:
        state: Where the class is.
        student: Who moves it.
        lever: Kind of instrument.
        level: Where to.

    Raises:
        InputError: If the student's ministry has no such lever, or the level is out of its range.
    """
    roles = lesson_of(state.lesson).roles
    if roles is None:
        raise InputError("this lesson is no role play: there are no levers to move.")
    if student.group not in roles.ministries:
        raise unknown("ministry", student.group, roles.ministries, "Choose one of them first.")
    if lever not in roles.levers:
        raise unknown("lever", lever, roles.levers)
    return float(KINDS[lever].level.check(lever, level))


def ministries(state: State) -> list[str]:
    """Regions whose ministries can be chosen; none where there are no roles.

    Args:
        state: Where the class is.
    """
    roles = lesson_of(state.lesson).roles
    return list(roles.ministries) if roles else []
