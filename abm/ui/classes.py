"""The class that this server holds, and what the students' phones ask and send: JSON under /class/api.

    POST join     {name, group, token}          -> {token, name, group}; a token that the phone made may be left out
    POST group    {token, group}                -> {token, name, group}
    GET  version                                -> {server, version}; something has changed if one of them has
    GET  state    ?token=                       -> {server, version, lesson, round, stage, prediction, levers, name, group}
    POST predict  {token, round, value}         -> as state
    POST move     {token, round, lever, level}  -> as state

What is answered with 200 is on the disk. A refusal is {"error": sentence}: 400 what was sent cannot be kept, 401 join first,
409 the round takes nothing now; 403, 413 and 415 it was not sent by the page; 404 no class; 503 send it again.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from abm.lessons.class_file import StoreFailed
from abm.lessons.class_values import CheckMove, CheckPrediction, RoundClosed, State, Student, UnknownStudent
from abm.lessons.classroom import Classroom
from abm.quantities import InputError, unknown
from abm.ui.server import Application, from_elsewhere

PATH = "/class/api"
SERVER = secrets.token_hex(8)  # another one after a restart
_MOST_BYTES = 20_000
_STATUS = ((RoundClosed, 409), (UnknownStudent, 401), (StoreFailed, 503), (InputError, 400))
_KINDS = {str: "text", int: "a whole number", float: "a number", object: "a value"}


@dataclass(frozen=True)
class NamedClass:
    """A class, and what its lessons accept.

    Attributes:
        classroom: The class.
        check: Returns a prediction as it is kept, or raises an InputError.
        check_move: Returns the level of a lever as it is kept, or raises an InputError, also if the group has no such lever.
        groups: The groups that students may choose at a state of the class.
        address: Where students come in.
    """

    classroom: Classroom
    check: CheckPrediction
    check_move: CheckMove
    groups: Callable[[State], Iterable[str]]
    address: str = ""

    @property
    def room(self) -> str:
        """What a browser may call the class, as it may have been in others at this address: tells nothing of the key."""
        return hashlib.blake2b(self.classroom.key.encode(), digest_size=8).hexdigest()

    def join(self, name: str, group: str = "", token: str = "") -> Student:
        """As `Classroom.join`, with a group of the lesson or none."""
        return self.classroom.join(name, self._known(group), token)

    def choose_group(self, token: str, group: str) -> Student:
        """As `Classroom.choose_group`, with a group of the lesson or none."""
        return self.classroom.choose_group(token, self._known(group))

    def predict(self, token: str, round: int, value: Any) -> None:
        """As `Classroom.predict`, with a value that the lesson accepts."""
        self.classroom.predict(token, round, value, self.check)

    def move(self, token: str, round: int, lever: str, level: float) -> None:
        """As `Classroom.move`, with a level that the lesson accepts."""
        self.classroom.move(token, round, lever, level, self.check_move)

    def seen_by(self, token: str) -> dict[str, Any]:
        """What a student's phone shows.

        Args:
            token: The student's token.
        """
        student, state = self.classroom.student(token), self.classroom.state()
        return asdict(state) | {
            "lesson": Path(state.lesson).stem,
            "server": SERVER,
            "name": student.name,
            "group": student.group,
            "prediction": self.classroom.predictions(state.round).get(token),
            "levers": self.classroom.levers(state.round).get(student.group, {}),
        }

    def _known(self, group: str) -> str:
        groups = list(self.groups(self.classroom.state()))
        if group and not groups:
            raise InputError(f"group {group[:40]!r} cannot be chosen: this lesson has no groups; leave it empty.")
        if group and group not in groups:
            raise unknown("group", group[:40], groups)
        return group


_NAMED: list[NamedClass] = []


def name_class(
    classroom: Classroom,
    check: CheckPrediction,
    check_move: CheckMove,
    groups: Callable[[State], Iterable[str]],
    address: str = "",
) -> None:
    """Say which class this server holds, before anybody asks.

    Args:
        classroom: The class.
        check: Given state, student and prediction, returns what to keep, or raises an InputError.
        check_move: Given state, student, lever and level, returns the level to keep, or raises an InputError.
        groups: Given the state, the groups of its lesson.
        address: Where students come in.
    """
    _NAMED[:] = [NamedClass(classroom, check, check_move, groups, address)]


def named_class() -> NamedClass | None:
    """The class that this server holds, if it holds one."""
    return _NAMED[0] if _NAMED else None


def with_class(app: Application) -> Application:
    """Answer what phones ask of the class, and leave the rest to the page.

    Args:
        app: The page.
    """

    async def divided(scope: Any, receive: Any, send: Any) -> None:
        of_class = scope["type"] == "http" and (scope["path"] + "/").startswith(f"{PATH}/")
        await (API if of_class else app)(scope, receive, send)

    return divided


def _class() -> NamedClass:
    one = named_class()
    if one is None:
        raise HTTPException(404, "no class is open on this server; the teacher opens one with: abm lesson NAME --class")
    return one


def _join(one: NamedClass, sent: dict[str, Any]) -> dict[str, Any]:
    return asdict(one.join(_field(sent, "name", str), *(_field(sent, key, str, "") for key in ("group", "token"))))


def _group(one: NamedClass, sent: dict[str, Any]) -> dict[str, Any]:
    return asdict(one.choose_group(_field(sent, "token", str), _field(sent, "group", str)))


def _predict(one: NamedClass, sent: dict[str, Any]) -> dict[str, Any]:
    token = _field(sent, "token", str)
    one.predict(token, _field(sent, "round", int), _field(sent, "value", object))
    return one.seen_by(token)


def _move(one: NamedClass, sent: dict[str, Any]) -> dict[str, Any]:
    token = _field(sent, "token", str)
    one.move(token, _field(sent, "round", int), _field(sent, "lever", str), _field(sent, "level", float))
    return one.seen_by(token)


def _version(request: Request) -> Response:
    return _answer({"server": SERVER, "version": _class().classroom.state().version})


def _state(request: Request) -> Response:
    return _answer(_class().seen_by(request.query_params.get("token", "")))


def _sent(name: str, act: Callable[[NamedClass, dict[str, Any]], dict[str, Any]]) -> Route:
    """The route of something that a phone sends."""

    async def received(request: Request) -> Response:
        if from_elsewhere(dict(request.headers)):
            raise HTTPException(403, "this was sent by the page of another site; use the page of the class.")
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise HTTPException(415, "the class takes JSON only; send it as application/json.")
        one, sent = _class(), _read(await _body(request))
        return _answer(await run_in_threadpool(act, one, sent))  # the disk is waited for outside the event loop

    return Route(f"{PATH}/{name}", received, methods=["POST"])


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_BYTES:
            raise HTTPException(413, f"what was sent is too long; a prediction has at most {_MOST_BYTES} bytes.")
    return body


def _read(body: bytes) -> dict[str, Any]:
    try:
        # Of numbers with hundreds of digits an infinite one is made, which nobody accepts.
        sent = json.loads(body, parse_int=lambda digits: int(digits) if len(digits) < 16 else float(digits))
        json.dumps(sent, ensure_ascii=False).encode()  # half a sign cannot be kept
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise InputError('what was sent is not a JSON object; send one, as {"name": "Ada"}.')
    return sent


def _field(sent: dict[str, Any], name: str, kind: type, otherwise: Any = None) -> Any:
    value = sent.get(name, otherwise)
    of_kind = isinstance(value, (int, float) if kind is float else kind)
    if value is None or not of_kind or (isinstance(value, bool) and kind is not object):
        raise InputError(f"{name} is missing or is not {_KINDS[kind]}; send it along.")
    return value


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, {"Cache-Control": "no-store"})


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return _answer({"error": error.detail}, error.status_code)
    return _answer({"error": str(error)}, next(status for kind, status in _STATUS if isinstance(error, kind)))


async def _gone(request: Request, error: Exception) -> Response:
    return _answer({"error": "the connection was lost; send it again."}, 503)


_SENT = {"join": _join, "group": _group, "predict": _predict, "move": _move}
API = Starlette(
    routes=[
        Route(f"{PATH}/version", _version),
        Route(f"{PATH}/state", _state),
        *(_sent(name, act) for name, act in _SENT.items()),
    ],
    exception_handlers={InputError: _refused, HTTPException: _refused, ClientDisconnect: _gone},
)
