"""The file of a class: an SQLite database in which a change is on the disk before the call that made it returns."""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from abm.quantities import InputError

# The file is marked as a class's in SQLite's header, with the version of the tables below.
_PURPOSE, _VERSION = int.from_bytes(b"abmC"), 1
_TABLES = (
    "CREATE TABLE class (key TEXT NOT NULL, version INTEGER NOT NULL) STRICT",
    "CREATE TABLE rounds (round INTEGER PRIMARY KEY, lesson TEXT NOT NULL, stage TEXT NOT NULL) STRICT",
    "CREATE TABLE students (number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, "
    '"group" TEXT NOT NULL) STRICT',
    "CREATE TABLE predictions (round INTEGER NOT NULL, token TEXT NOT NULL, value TEXT NOT NULL, "
    "PRIMARY KEY (round, token)) STRICT",
    'CREATE TABLE moves (round INTEGER NOT NULL, "group" TEXT NOT NULL, lever TEXT NOT NULL, level REAL NOT NULL, '
    'token TEXT NOT NULL, PRIMARY KEY (round, "group", lever)) STRICT',
)
_PATIENCE = 10.0  # seconds to wait while another process writes


class StoreFailed(InputError):
    """The file could not be read or written: the same may succeed later."""


class ClassFile:
    """One file, used by many threads; other processes may use it, too.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path, mode: str) -> None:
        self.path = path
        self._alone = threading.RLock()  # a connection has one transaction at a time
        try:
            # Transactions are begun and ended here, not by Python.
            self._database = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_PATIENCE, isolation_level=None,
                check_same_thread=False,
            )  # fmt: skip
        except sqlite3.Error as error:
            raise self._failed(error) from error

    @classmethod
    def created(cls, path: Path, lesson: str) -> Self:
        """Make the file of a class that waits for its first round.

        Args:
            path: Its place.
            lesson: Name of the lesson.

        Raises:
            InputError: If there is something already, or it cannot be made.
        """
        if there_is_something(path):
            raise InputError(f"{str(path)!r} is there already; give the new class another file.")
        new = cls(path, "rwc")
        path.chmod(0o600)  # whoever reads the tokens can speak for the students
        with new._closed_on_failure(), new.changing():
            new.rows(f"PRAGMA application_id = {_PURPOSE}")
            new.rows(f"PRAGMA user_version = {_VERSION}")
            for table in _TABLES:
                new.rows(table)
            new.rows("INSERT INTO class VALUES (?, 0)", secrets.token_urlsafe(16))
            new.rows("INSERT INTO rounds VALUES (1, ?, 'waiting')", lesson)
        return new._ready()

    @classmethod
    def opened(cls, path: Path) -> Self:
        """Open the file of a class.

        Args:
            path: Its place.

        Raises:
            InputError: If it is not there, is not a class's, is damaged, or cannot be written.
        """
        header = _header(path)
        if not header:
            raise InputError(f"there is no class in {str(path)!r}; name the file of one, or begin one there.")
        if header[:16] != b"SQLite format 3\0" or int.from_bytes(header[68:72]) != _PURPOSE:
            raise InputError(
                f"{str(path)!r} is not the file of a class, or its beginning is damaged; name another file."
            )
        return cls(path, "rw")._ready()

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a statement gives; one that changes something belongs inside `changing`.

        Args:
            statement: In SQL.
            values: For its question marks.

        Raises:
            StoreFailed: If the file cannot be read or written.
        """
        with self._alone:
            try:
                return self._database.execute(statement, values).fetchall()
            except sqlite3.Error as error:
                raise self._failed(error) from error

    @contextmanager
    def unchanging(self) -> Iterator[None]:
        """A while in which nobody changes what is read here."""
        with self._alone, self._whole("BEGIN"):
            yield

    @contextmanager
    def changing(self) -> Iterator[None]:
        """A while in which nobody else changes anything: what is changed here is on the disk at its end, or was not done."""
        with self._alone, self._whole("BEGIN IMMEDIATE"):
            before = self._database.total_changes
            yield
            if self._database.total_changes > before:
                self.rows("UPDATE class SET version = version + 1")

    @contextmanager
    def _whole(self, begin: str) -> Iterator[None]:
        self.rows(begin)
        try:
            yield
            self.rows("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self.rows("ROLLBACK")
            raise

    def close(self) -> None:
        """Let go of the file; what SQLite keeps beside it is put into it."""
        with self._alone:
            self._database.close()

    def _ready(self) -> Self:
        with self._closed_on_failure():
            self.rows("PRAGMA synchronous = FULL")
            if self.rows("PRAGMA user_version") != [(_VERSION,)]:
                raise InputError(f"{str(self.path)!r} is the class of another version of abm; open it with that one.")
            if self.rows("PRAGMA quick_check") != [("ok",)]:
                raise InputError(
                    f"the class's file {str(self.path)!r} is damaged; go on from a copy, or begin a new class."
                )
            self.rows("PRAGMA journal_mode = WAL")
            with self.changing():  # says now, not in the middle of a lesson, that the file cannot be written
                pass
        return self

    @contextmanager
    def _closed_on_failure(self) -> Iterator[None]:
        try:
            yield
        except InputError:
            self.close()
            raise

    def _failed(self, error: sqlite3.Error) -> StoreFailed:
        return StoreFailed(
            f"the class's file {str(self.path)!r} cannot be used: {error}; see that its folder is there and may be written, "
            "that the disk has room, and that no other program holds the file, or go on from a copy."
        )


def there_is_something(path: Path) -> bool:
    """Whether a file holds anything; one whose making was interrupted does not.

    Args:
        path: Its place.

    Raises:
        InputError: If it cannot be read.
    """
    return bool(_header(path))


def _header(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(72)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error.strerror}; name a file in a folder of yours."
        ) from error
