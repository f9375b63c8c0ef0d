"""What a class is told in: where it is, who is in it, what was moved; and what of it can be kept."""

from __future__ import annotations

import json
import re
import reprlib
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from abm.quantities import InputError

LONGEST_NAME = 40
_BLANK = dict.fromkeys((0x3164, 0x2800, 0x115F, 0x1160, 0xFFA0), " ")  # letters and signs that cannot be seen
STAGES = ("waiting", "open", "locked", "revealed")


class RoundClosed(InputError):
    """The round takes no predictions or moves now: to send the same again is of no use."""


class UnknownStudent(InputError):
    """Nobody in the class has this token: who sent it has to join first."""


@dataclass(frozen=True)
class State:
    """Where the class is.

    Attributes:
        lesson: Name of the lesson.
        round: Number of the round, from 1; it goes on counting when the lesson changes.
        stage: One of `STAGES`.
        version: Raised by one with every change of anything in the class.
    """

    lesson: str
    round: int
    stage: str
    version: int


@dataclass(frozen=True)
class Student:
    """Somebody in the class.

    Attributes:
        token: What the student's phone proves itself with.
        name: Name, different from everybody else's.
        group: Group in a role play, empty if none was chosen.
    """

    token: str
    name: str
    group: str


@dataclass(frozen=True)
class Round:
    """A round that is over: it ended "revealed", or "locked" if it was followed by another vote."""

    round: int
    lesson: str
    stage: str


@dataclass(frozen=True)
class Move:
    """Where a group has put a lever in a round, and the name of the student who did it last."""

    group: str
    lever: str
    level: float
    by: str


CheckPrediction = Callable[[State, Student, Any], Any]
CheckMove = Callable[[State, Student, str, float], float]


def name_of(what: str, text: str) -> str:
    """A name as it is kept: on one line, its letters composed.

    Args:
        what: What it names.
        text: What was given.

    Raises:
        InputError: If it is too long, cannot be seen, or holds signs that only machines read.

    >>> name_of("name", "  Ada   Lovelace ")
    'Ada Lovelace'
    """
    plain = "".join(one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one) != "Cf")
    tidy = " ".join(plain.translate(_BLANK).split())
    kinds = {unicodedata.category(letter) for letter in tidy}
    piled = (
        len(re.findall(r"[\u0300-\u036f]", unicodedata.normalize("NFD", tidy))) > len(tidy) / 2
    )  # accents over accents
    if piled or len(tidy) > LONGEST_NAME or kinds & {"Cc", "Cs"} or not any(kind[0] in "LNPS" for kind in kinds):
        raise InputError(f"{what} {reprlib.repr(text)} cannot be used; give 1 to {LONGEST_NAME} letters or signs.")
    return tidy


def group_of(text: str) -> str:
    """The name of a group as it is kept; empty for none."""
    return name_of("group", text) if text.strip() else ""


def json_of(value: Any) -> str:
    """A prediction as it is kept.

    Raises:
        InputError: If it is nothing, or no plain value.
    """
    try:
        kept = json.dumps(value, ensure_ascii=False, allow_nan=False)
        kept.encode()
    except (TypeError, ValueError, RecursionError):
        kept = "null"
    if kept == "null":
        raise InputError(f"prediction {reprlib.repr(value)} cannot be kept; give a number, a text, or a list of such.")
    return kept
