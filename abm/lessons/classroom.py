"""The class: who is in it, which round it is in, what was predicted, and where the groups' levers stand.

It is kept in one file; a server that is killed loses nothing it has acknowledged. What a lesson asks is not known here:
predictions and levels are kept as the caller's check returns them.
"""

from __future__ import annotations

import json
import re
import reprlib
import secrets
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from abm.lessons.class_file import ClassFile, there_is_something
from abm.lessons.class_values import (
    CheckMove,
    CheckPrediction,
    Move,
    Round,
    RoundClosed,
    State,
    Student,
    UnknownStudent,
    group_of,
    json_of,
    name_of,
)
from abm.quantities import InputError

MOST_STUDENTS = 200
_WHERE_STAGES_LEAD = (
    "A round goes from waiting to open, from open to locked, and from locked to revealed or back to open; the next round "
    "follows a locked or a revealed one, another lesson any that is not open."
)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
_STUDENT = 'SELECT token, name, "group" FROM students'


class Classroom:
    """A class; many threads may use it, and other processes the same file."""

    def __init__(self, file: ClassFile) -> None:
        self._file = file

    @classmethod
    def created(cls, path: Path, lesson: str) -> Self:
        """Begin a class: round 1, waiting.

        Args:
            path: The file to make.
            lesson: Name of the lesson.

        Raises:
            InputError: If there is such a file already, or it cannot be made.
        """
        return cls(ClassFile.created(path, lesson))

    @classmethod
    def opened(cls, path: Path) -> Self:
        """Go on with a class where it was.

        Args:
            path: Its file.

        Raises:
            InputError: If the file is not there, is not a class's, is damaged, or cannot be written.
        """
        return cls(ClassFile.opened(path))

    @classmethod
    def at(cls, path: Path, lesson: str) -> Self:
        """The class of a file, at whatever lesson it is; if there is none, a new one.

        Args:
            path: The file.
            lesson: Name of the lesson with which a new class begins.

        Raises:
            InputError: If the file can be neither opened nor made.
        """
        return cls.opened(path) if there_is_something(path) else cls.created(path, lesson)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    @property
    def key(self) -> str:
        """What the teacher's page proves itself with; the same for the life of the class."""
        return str(self._file.rows("SELECT key FROM class")[0][0])

    def state(self) -> State:
        """Where the class is now."""
        latest = "SELECT lesson, round, stage, version FROM rounds, class ORDER BY round DESC LIMIT 1"
        return State(*self._file.rows(latest)[0])

    def rounds(self) -> list[Round]:
        """The rounds before this one."""
        past = "SELECT round, lesson, stage FROM rounds WHERE round < (SELECT MAX(round) FROM rounds) ORDER BY round"
        return [Round(*row) for row in self._file.rows(past)]

    def students(self) -> list[Student]:
        """Everybody, in the order of joining."""
        return [Student(*row) for row in self._file.rows(f"{_STUDENT} ORDER BY number")]

    def student(self, token: str) -> Student:
        """The student with a token.

        Args:
            token: The token.

        Raises:
            UnknownStudent: If there is none.
        """
        rows = self._file.rows(f"{_STUDENT} WHERE token = ?", token)
        if not rows:
            raise UnknownStudent("nobody in this class has the token that was sent; join the class with your name.")
        return Student(*rows[0])

    def join(self, name: str, group: str = "", token: str = "") -> Student:
        """Come into the class, at any stage.

        Args:
            name: The student's name; a number is added if somebody else has it.
            group: Group in a role play.
            token: A token that the phone has made itself; to join with it again, as the answer was lost, changes nothing.

        Raises:
            InputError: If the name, group or token cannot be used, or the class is full.
        """
        name, group, token = name_of("name", name), group_of(group), token or secrets.token_urlsafe(16)
        if not _TOKEN.fullmatch(token):
            raise InputError(f"token {reprlib.repr(token)} is not 16 to 64 letters, digits, hyphens and underscores.")
        with self._file.changing():
            students = self.students()
            for student in students:
                if student.token == token:
                    return student
            if len(students) >= MOST_STUDENTS:
                raise InputError(f"the class is full: {MOST_STUDENTS} students have joined; begin a second class.")
            taken, own, number = {student.name for student in students}, name, 1
            while own in taken:
                number += 1
                own = f"{name} {number}"
            self._file.rows('INSERT INTO students (token, name, "group") VALUES (?, ?, ?)', token, own, group)
            return Student(token, own, group)

    def choose_group(self, token: str, group: str) -> Student:
        """Put a student into a group, and into another one while no round is open; what was done to levers stays.

        Args:
            token: The student's token.
            group: The group; empty for none.

        Raises:
            InputError: If the student is unknown, the group's name cannot be used, or a round is open.
        """
        with self._file.changing():
            before = self.student(token).group
            if before and group_of(group) != before and self.state().stage == "open":
                raise InputError("groups are changed between rounds: wait until this one is closed.")
            self._file.rows('UPDATE students SET "group" = ? WHERE token = ?', group_of(group), token)
            return self.student(token)

    def remove(self, token: str) -> None:
        """Take a student out of the class, with all predictions; what was done to a group's levers stays.

        Args:
            token: The student's token.

        Raises:
            InputError: If the student is unknown.
        """
        with self._file.changing():
            self.student(token)
            self._file.rows("DELETE FROM predictions WHERE token = ?", token)
            self._file.rows("UPDATE moves SET token = '' WHERE token = ?", token)
            self._file.rows("DELETE FROM students WHERE token = ?", token)

    def predict(self, token: str, round: int, value: Any, check: CheckPrediction | None = None) -> None:
        """Keep a student's prediction; the last one of a round counts.

        Args:
            token: The student's token.
            round: The round that it is for.
            value: Plain values, as JSON has them.
            check: Given the state, the student and the value, returns the value to keep, or raises an InputError.

        Raises:
            RoundClosed: If another round is on, or this one is not open.
            InputError: If the student is unknown or the value cannot be kept.
        """
        with self._file.changing():
            state, student = self._taking(token, round)
            kept = json_of(check(state, student, value) if check else value)
            self._file.rows("INSERT OR REPLACE INTO predictions VALUES (?, ?, ?)", round, token, kept)

    def predictions(self, round: int) -> dict[str, Any]:
        """Predictions of a round by the student's token, in the order of joining.

        Args:
            round: Number of the round.
        """
        found = "SELECT token, value FROM predictions JOIN students USING (token) WHERE round = ? ORDER BY number"
        return {token: json.loads(value) for token, value in self._file.rows(found, round)}

    def move(self, token: str, round: int, lever: str, level: float, check: CheckMove | None = None) -> None:
        """Put a lever of the student's group somewhere; the last move of the group counts.

        Args:
            token: The student's token.
            round: The round that it is for.
            lever: Name of the lever.
            level: Where to.
            check: Given the state, the student, lever and level, returns the level to keep, or raises an InputError.

        Raises:
            RoundClosed: If another round is on, or this one is not open.
            InputError: If the student is unknown or in no group, or the level is no number.
        """
        with self._file.changing():
            state, student = self._taking(token, round)
            if not student.group:
                raise InputError(f"{student.name} is in no group, and levers belong to groups; choose a group first.")
            level = check(state, student, lever, level) if check else level
            if isinstance(level, bool) or not isinstance(level, int | float) or not abs(level) <= sys.float_info.max:
                raise InputError(f"{lever} = {reprlib.repr(level)} is not a number; give a finite one.")
            kept = (round, student.group, lever, float(level), token)
            self._file.rows("INSERT OR REPLACE INTO moves VALUES (?, ?, ?, ?, ?)", *kept)

    def levers(self, round: int) -> dict[str, dict[str, float]]:
        """Where the levers stand in a round, by group and lever; one not moved is where the lesson's last round left it.

        Args:
            round: Number of the round.
        """
        # Of each group of rows SQLite returns the one that has the maximum.
        standing = """SELECT "group", lever, level, MAX(round) FROM moves JOIN rounds USING (round)
            WHERE round <= ?1 AND lesson = (SELECT lesson FROM rounds WHERE round = ?1) GROUP BY "group", lever"""
        found: dict[str, dict[str, float]] = {}
        for group, lever, level, _ in self._file.rows(standing, round):
            found.setdefault(group, {})[lever] = level
        return found

    def moves(self, round: int) -> list[Move]:
        """What was moved in a round itself, and by whom.

        Args:
            round: Number of the round.
        """
        moved = """SELECT moves."group", lever, level, name FROM moves JOIN students USING (token) WHERE round = ?
            ORDER BY moves."group", lever"""
        return [Move(*row) for row in self._file.rows(moved, round)]

    def open_round(self) -> None:
        """Let the students predict; a locked round is opened again.

        Raises:
            InputError: If the round is neither waiting nor locked.
        """
        self._go("opened", ("waiting", "locked"), "open")

    def lock(self) -> None:
        """Take no more predictions and moves.

        Raises:
            InputError: If the round is not open.
        """
        self._go("locked", ("open",), "locked")

    def reveal(self) -> None:
        """Show the outcome and everybody's predictions.

        Raises:
            InputError: If the round is not locked.
        """
        self._go("revealed", ("locked",), "revealed")

    def next_round(self) -> None:
        """Open another round of the lesson.

        Raises:
            InputError: If the round is neither locked nor revealed.
        """
        with self._file.changing():
            state = self._leaving("followed by the next", ("locked", "revealed"))
            self._file.rows("INSERT INTO rounds VALUES (?, ?, ?)", state.round + 1, state.lesson, "open")

    def change_lesson(self, name: str) -> None:
        """Go to another lesson: a new round that waits, or this one if it still does.

        Args:
            name: Name of the lesson.

        Raises:
            InputError: If the round is open, or the class is at that lesson.
        """
        with self._file.changing():
            state = self._leaving("followed by another lesson", ("waiting", "locked", "revealed"))
            if name == state.lesson:
                raise InputError(f"the class is at the lesson {name!r} already; open its round, or the next one.")
            number = state.round + (state.stage != "waiting")
            self._file.rows("INSERT OR REPLACE INTO rounds VALUES (?, ?, ?)", number, name, "waiting")

    def export(self) -> dict[str, Any]:
        """Everything but the tokens and the key, as plain values: students, and by round predictions and levers."""
        with self._file.unchanging():
            state, names = self.state(), {student.token: student.name for student in self.students()}
            return {
                "students": [{"name": student.name, "group": student.group} for student in self.students()],
                "rounds": [
                    asdict(one) | {
                        "predictions": {names[token]: value for token, value in self.predictions(one.round).items()},
                        "levers": self.levers(one.round),
                        "moves": [asdict(move) for move in self.moves(one.round)],
                    }
                    for one in [*self.rounds(), Round(state.round, state.lesson, state.stage)]
                ],
            }  # fmt: skip

    def _taking(self, token: str, round: int) -> tuple[State, Student]:
        student, state = self.student(token), self.state()
        if round != state.round:
            raise RoundClosed(f"round {reprlib.repr(round)} takes nothing: the class is in round {state.round}.")
        if state.stage != "open":
            raise RoundClosed(f"round {round} takes nothing: it is {state.stage}, and only an open round does.")
        return state, student

    def _go(self, done: str, stages: tuple[str, ...], stage: str) -> None:
        if self.state().stage == stage:
            return  # a button was pressed twice
        with self._file.changing():
            state = self._leaving(done, stages)
            self._file.rows("UPDATE rounds SET stage = ? WHERE round = ?", stage, state.round)

    def _leaving(self, done: str, stages: tuple[str, ...]) -> State:
        state = self.state()
        if state.stage not in stages:
            raise InputError(f"round {state.round} is {state.stage} and cannot be {done}. {_WHERE_STAGES_LEAD}")
        return state
