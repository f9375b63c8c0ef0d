"""Thirty phones, a server that is killed in between, and what the class refuses to whom."""

import asyncio
import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException

import pytest

from abm.lessons.classroom import Classroom
from abm.quantities import InputError
from abm.ui import classes
from abm.ui.classes import API, SERVER, name_class, named_class, with_class

JSON = {"content-type": "application/json"}
SERVING = """
import sys
from pathlib import Path

import uvicorn

from abm.lessons.classroom import Classroom
from abm.ui.classes import API, name_class

room = Classroom.at(Path(sys.argv[1]), "s_curves")
name_class(room, lambda *given: given[-1], lambda *given: given[-1], lambda state: ("finance", "research"))
uvicorn.run(API, host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
"""


def share(state, student, value):
    if not isinstance(value, float) or not 0 <= value <= 1:
        raise InputError("a prediction is a share from 0 to 1.")
    return value


def level(state, student, lever, value):
    if lever != "tax":
        raise InputError("there is the lever tax only.")
    return share(state, student, value)


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr(classes, "_NAMED", [])
    one = Classroom.created(tmp_path / "class.sqlite", "s_curves")
    name_class(one, share, level, lambda state: ["finance", "research"] if state.lesson == "s_curves" else [])
    yield one
    one.close()


def finished(work):
    """The result of a coroutine, in a thread of its own: browsers of other tests may keep a loop running in this one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, work).result()


async def answered(method, where, body=b"", headers=JSON, app=API):
    """Status, headers and body of what an application answers."""
    path, _, query = where.partition("?")
    pieces = [
        {"type": "http.request", "body": body[i : i + 9_000], "more_body": True} for i in range(0, len(body), 9_000)
    ]
    pieces.append({"type": "http.request", "body": b"", "more_body": False})
    said = []
    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"host", b"school:8765"), *((k.encode(), v.encode()) for k, v in headers.items())],
        "http_version": "1.1", "scheme": "http", "root_path": "", "server": ("school", 8765), "client": ("phone", 1),
    }  # fmt: skip

    async def receive():
        return pieces.pop(0)

    async def send(message):
        said.append(message)

    await app(scope, receive, send)
    headers = {k.decode(): v.decode() for k, v in said[0]["headers"]}
    return said[0]["status"], headers, b"".join(message.get("body", b"") for message in said[1:])


def ask(method, where, sent=None, headers=JSON):
    """Status and JSON that the class answers."""
    body = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
    status, headers, content = finished(answered(method, f"/class/api/{where}", body, headers))
    assert headers["content-type"] == "application/json" and headers["cache-control"] == "no-store"
    content = json.loads(content)
    assert (status == 200) == ("error" not in content) and "\n" not in content.get("error", "")
    return status, content


def test_a_phone_joins_predicts_moves_and_sees_its_own(room):
    status, ada = ask("POST", "join", {"name": "Ada", "group": "finance"})
    assert (status, ada["name"], ada["group"]) == (200, "Ada", "finance")
    token = ada["token"]
    ben = ask("POST", "join", {"name": "Ada", "token": "a-token-of-the-phone"})[1]
    assert ben == {"name": "Ada 2", "group": "", "token": "a-token-of-the-phone"}
    assert ask("POST", "join", {"name": "Ada", "token": "a-token-of-the-phone"}) == (200, ben)
    assert ask("GET", f"state?token={token}") == (200, {
        "server": SERVER, "version": 3, "lesson": "s_curves", "round": 1, "stage": "waiting", "prediction": None,
        "levers": {}, "name": "Ada", "group": "finance",
    })  # fmt: skip
    room.open_round()
    status, seen = ask("POST", "predict", {"token": token, "round": 1, "value": 0.5})
    assert (status, seen["prediction"]) == (200, 0.5)
    status, seen = ask("POST", "move", {"token": token, "round": 1, "lever": "tax", "level": 0.25})
    assert (status, seen["levers"], seen["version"]) == (200, {"tax": 0.25}, 6)
    assert ask("GET", f"state?token={token}") == (200, seen)
    other = ask("GET", f"state?token={ben['token']}")[1]
    assert other["prediction"] is None and other["levers"] == {}
    assert ask("POST", "group", {"token": ben["token"], "group": "finance"}) == (200, ben | {"group": "finance"})
    assert ask("GET", f"state?token={ben['token']}")[1]["levers"] == {"tax": 0.25}
    assert room.predictions(1) == {token: 0.5}


def test_anybody_may_ask_whether_something_has_changed(room):
    assert ask("GET", "version") == (200, {"server": SERVER, "version": 1})
    room.join("Ada")
    assert ask("GET", "version") == (200, {"server": SERVER, "version": 2})


def test_a_class_keeps_its_name_and_another_has_another(room):
    name = named_class().room
    name_class(Classroom.opened(room._file.path), share, level, list)
    assert named_class().room == name and room.key not in name
    name_class(Classroom.created(room._file.path.with_name("other"), "s_curves"), share, level, list)
    assert named_class().room != name


def test_a_late_prediction_is_told_from_a_wrong_one(room):
    token = room.join("Ada", "finance").token
    late = {"predict": {"value": 0.5}, "move": {"lever": "tax", "level": 0.5}}
    for stage, acts in (("waiting", "open_round lock"), ("locked", "reveal"), ("revealed", "next_round")):
        for where, sent in late.items():
            status, content = ask("POST", where, {"token": token, "round": 1} | sent)
            assert status == 409 and f"it is {stage}" in content["error"]
        for act in acts.split():
            getattr(room, act)()
    for where, sent in late.items():
        over = (409, {"error": "round 1 takes nothing: the class is in round 2."})
        assert ask("POST", where, {"token": token, "round": 1} | sent) == over
    for wrong in ({"value": 7}, {"lever": "tax", "level": 7}, {"lever": "vat", "level": 0.1}):
        where = "predict" if "value" in wrong else "move"
        assert ask("POST", where, {"token": token, "round": 2} | wrong)[0] == 400
        assert ask("POST", where, {"token": token, "round": 1} | wrong)[0] == 409
    assert room.predictions(2) == room.levers(2) == {}


@pytest.mark.parametrize(
    ("where", "sent", "says"),
    [
        ("join", {}, "name is missing"),
        ("join", {"name": 7}, "name is missing or is not text"),
        ("join", {"name": " "}, "name"),
        ("join", {"name": "Ada", "group": "trade"}, "unknown group 'trade'; known: finance, research"),
        ("join", {"name": "Ada", "token": "short"}, "token 'short'"),
        ("group", {"token": "TOKEN", "group": "trade"}, "unknown group"),
        ("predict", {"token": "TOKEN", "round": 1}, "value is missing"),
        ("predict", {"token": "TOKEN", "round": 1, "value": None}, "value is missing"),
        ("predict", {"token": "TOKEN", "round": "1", "value": 0.5}, "round is missing or is not a whole number"),
        ("predict", {"token": "TOKEN", "round": True, "value": 0.5}, "round"),
        ("predict", {"token": "TOKEN", "round": 10**400, "value": 0.5}, "round"),
        ("predict", {"token": "TOKEN", "round": 1, "value": 10**400}, "share from 0 to 1"),
        ("predict", {"token": "TOKEN", "round": 1, "value": float("nan")}, "share from 0 to 1"),
        (
            "move",
            {"token": "TOKEN", "round": 1, "lever": "tax", "level": "high"},
            "level is missing or is not a number",
        ),
        ("move", {"token": "TOKEN", "round": 1, "lever": "vat", "level": 0.5}, "there is the lever tax only"),
        ("predict", [1, 2], "JSON object"),
        ("predict", b"", "JSON object"),
        ("predict", b"{", "JSON object"),
        ("predict", b"\xff\xfe\xfd", "JSON object"),
        ("predict", b'{"value": ' + b"[" * 19_000, "JSON object"),
        ("join", b'{"name": "\\ud800"}', "JSON object"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(room, where, sent, says):
    token = room.join("Ada", "finance").token
    room.open_round()
    before = room.state()
    if isinstance(sent, dict) and sent.get("token") == "TOKEN":
        sent = sent | {"token": token}
    status, content = ask("POST", where, sent)
    assert status == 400 and says in content["error"]
    assert room.state() == before


def test_a_lesson_without_groups_has_none_to_choose(room):
    room.change_lesson("tipping")
    assert "no groups" in ask("POST", "join", {"name": "Ada", "group": "finance"})[1]["error"]
    assert ask("POST", "join", {"name": "Ada"})[1]["group"] == ""


def test_who_is_not_in_the_class_is_told_to_join(room):
    room.open_round()
    for method, where, sent in (
        ("GET", "state", None), ("GET", "state?token=nobody", None), ("POST", "group", {"token": "nobody", "group": ""}),
        ("POST", "predict", {"token": "nobody", "round": 1, "value": 0.5}),
    ):  # fmt: skip
        status, content = ask(method, where, sent)
        assert status == 401 and "join" in content["error"]


@pytest.mark.parametrize(
    "origin", ["http://elsewhere", "http://school", "http://school:1", "null", "http://school:8765.elsewhere"]
)
def test_another_sites_page_may_send_nothing(room, origin):
    assert ask("POST", "join", {"name": "Ada"}, JSON | {"origin": origin})[0] == 403
    assert room.students() == []


def test_the_own_page_may_send_json_only(room):
    own = {"origin": "http://school:8765", "content-type": "Application/JSON; charset=utf-8"}
    assert ask("POST", "join", {"name": "Ada"}, own)[0] == 200
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=application/json",
        "",
    ):
        assert ask("POST", "join", {"name": "Ben"}, {"content-type": kind})[0] == 415
    assert ask("POST", "join", {"name": "Ben"}, {})[0] == 415
    assert [student.name for student in room.students()] == ["Ada"]


def test_a_long_body_is_not_read_to_its_end(room):
    assert ask("POST", "join", {"name": "Ada", "more": "x" * 19_900})[0] == 200
    assert ask("POST", "join", {"name": "Ben", "more": "x" * 20_000})[0] == 413
    assert ask("POST", "join", b" " * 1_000_000)[0] == 413


def test_unknown_addresses_and_verbs_are_refused(room):
    assert ask("GET", "nothing")[0] == ask("POST", "nothing", {})[0] == 404
    assert ask("GET", "join")[0] == ask("POST", "state", {})[0] == 405


def test_where_no_class_is_open_there_is_none(monkeypatch):
    monkeypatch.setattr(classes, "_NAMED", [])
    assert named_class() is None
    for method, where in (("GET", "state?token=x"), ("GET", "version"), ("POST", "join"), ("POST", "predict")):
        status, content = ask(method, where, {"name": "Ada"})
        assert status == 404 and "no class is open" in content["error"]


def test_a_store_that_fails_is_worth_another_try(room):
    token = room.join("Ada").token
    room.open_round()
    room.close()
    assert ask("POST", "predict", {"token": token, "round": 1, "value": 0.5})[0] == 503


def test_the_page_keeps_all_other_addresses(room):
    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 299, "headers": []})

    def status(where):
        return finished(answered("GET", where, app=with_class(page)))[0]

    for where in ("/", "/class", "/class/", "/class/apiary", "/lesson/class/api/state"):
        assert status(where) == 299
    assert (status("/class/api/state"), status("/class/api/nothing"), status("/class/api")) == (401, 404, 404)
    seen = []

    async def listening(scope, receive, send):
        seen.append(scope["type"])

    for kind in ("websocket", "lifespan"):
        finished(with_class(listening)({"type": kind, "path": "/class/api/state"}, None, None))
    assert seen == ["websocket", "lifespan"]


def test_the_disk_is_waited_for_outside_the_event_loop(room):
    """While one phone waits for the store, others are answered."""
    token = room.join("Ada").token
    room.open_round()
    other = sqlite3.connect(room._file.path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")

    async def both():
        sent = json.dumps({"token": token, "round": 1, "value": 0.5}).encode()
        waiting = asyncio.create_task(answered("POST", "/class/api/predict", sent))
        await asyncio.sleep(0.1)
        status = (await answered("GET", "/class/api/nothing"))[0]
        assert (status, waiting.done()) == (404, False)
        other.execute("ROLLBACK")
        return await waiting

    try:
        assert finished(both())[0] == 200
    finally:
        other.close()
    assert room.predictions(1) == {token: 0.5}


class Server:
    """The class's server as a process of its own, on one port and store for its lives."""

    def __init__(self, store):
        self.store, self.sent_again = store, 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVING, str(self.store), str(self.port)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip

    def kill(self):
        self.process.kill()
        self.process.wait()

    def ask(self, method, where, sent=None):
        """Status and answer, sent again until there is one: as a phone does that finds nobody."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            line = HTTPConnection("127.0.0.1", self.port, timeout=10)
            with contextlib.closing(line), contextlib.suppress(OSError, HTTPException):
                line.request(method, f"/class/api/{where}", None if sent is None else json.dumps(sent), JSON)
                answer = line.getresponse()
                content = json.loads(answer.read())
                if answer.status != 503:
                    return answer.status, content
            self.sent_again += 1
            time.sleep(0.05)
        raise AssertionError(f"no answer to {where}")


@pytest.fixture
def server(tmp_path):
    one = Server(tmp_path / "class.sqlite")
    yield one
    one.kill()


def test_thirty_phones_lose_nothing_when_the_server_is_killed(server):
    phones, rounds, acknowledged = 30, 3, {}
    said, killed = threading.Semaphore(0), []
    watcher = server.ask("POST", "join", {"name": "Watcher"})[1]["token"]

    def joined(number):
        sent = {"name": "Ada", "group": "finance", "token": f"token-of-the-phone-{number}"}
        status, student = server.ask("POST", "join", sent)
        assert status == 200
        said.release()
        return student["token"]

    def predicted(token, round):
        for step in range(4):
            status, seen = server.ask("POST", "predict", {"token": token, "round": round, "value": [token, step]})
            assert status == 200 and seen["prediction"] == [token, step]
            acknowledged[token, round] = [token, step]
            status, seen = server.ask("POST", "move", {"token": token, "round": round, "lever": token, "level": step})
            assert status == 200 and seen["levers"][token] == step
            said.release()

    def too_late(token, round):
        return server.ask("POST", "predict", {"token": token, "round": round, "value": "late"})[0]

    def kill_after(some):
        for _ in range(some):
            said.acquire()
        killed.append(server.ask("GET", f"state?token={watcher}")[1]["server"])
        server.kill()
        server.start()

    with ThreadPoolExecutor(phones) as pool:
        killer = threading.Thread(target=kill_after, args=(phones // 2,))
        killer.start()
        tokens = list(pool.map(joined, range(phones)))
        killer.join()
        room = Classroom.opened(server.store)  # the teacher's hand
        assert {student.token for student in room.students()} == {watcher, *tokens} and len(set(tokens)) == phones
        assert {student.name for student in room.students()} == {"Watcher", "Ada", *(f"Ada {i}" for i in range(2, 31))}
        room.open_round()
        for round in range(1, rounds + 1):
            said = threading.Semaphore(0)
            killer = threading.Thread(target=kill_after, args=(25 * round,))
            killer.start()
            list(pool.map(predicted, tokens, [round] * phones))
            killer.join()
            room.lock()
            assert set(pool.map(too_late, tokens, [round] * phones)) == {409}
            assert room.predictions(round) == {token: acknowledged[token, round] for token in tokens}
            assert room.levers(round) == {"finance": dict.fromkeys(tokens, 3.0)}
            if round < rounds:
                room.next_round()
    assert room.state().round == rounds and [one.stage for one in room.rounds()] == ["locked"] * (rounds - 1)
    assert server.sent_again > 0
    assert len(set(killed)) == len(killed) == rounds + 1  # every life of the server has a name of its own
    room.close()
