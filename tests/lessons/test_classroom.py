"""The class goes from stage to stage, takes what it should, and loses nothing that it has acknowledged."""

import json
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from abm.lessons.class_file import StoreFailed
from abm.lessons.class_values import LONGEST_NAME, Move, Round, RoundClosed, State, Student, UnknownStudent
from abm.lessons.classroom import MOST_STUDENTS, Classroom
from abm.quantities import InputError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "class.sqlite"


@pytest.fixture
def room(path):
    one = Classroom.created(path, "s_curves")
    yield one
    one.close()


def played(path, *done):
    """A new class, and what its teacher has done."""
    one = Classroom.created(path, "s_curves")
    for act in done:
        getattr(one, act)()
    return one


TO = {
    "waiting": (),
    "open": ("open_round",),
    "locked": ("open_round", "lock"),
    "revealed": ("open_round", "lock", "reveal"),
}
LEADS = {
    ("waiting", "open_round"): (1, "open"), ("open", "lock"): (1, "locked"), ("locked", "open_round"): (1, "open"),
    ("locked", "reveal"): (1, "revealed"), ("locked", "next_round"): (2, "open"), ("revealed", "next_round"): (2, "open"),
}  # fmt: skip


PRESSED_TWICE = {("open", "open_round"), ("locked", "lock"), ("revealed", "reveal")}


@pytest.mark.parametrize("act", ["open_round", "lock", "reveal", "next_round"])
@pytest.mark.parametrize("stage", TO)
def test_stages_lead_where_they_should_and_nowhere_else(path, stage, act):
    room = played(path, *TO[stage])
    before = room.state()
    if (stage, act) in LEADS:
        getattr(room, act)()
        assert room.state() == State("s_curves", *LEADS[stage, act], before.version + 1)
    elif (stage, act) in PRESSED_TWICE:
        getattr(room, act)()
        assert room.state() == before
    else:
        with pytest.raises(InputError, match=f"round 1 is {stage} and cannot be .*from waiting to open"):
            getattr(room, act)()
        assert room.state() == before


def test_a_class_begins_waiting_in_round_one(room):
    assert room.state() == State("s_curves", 1, "waiting", 1)
    assert room.rounds() == room.students() == []
    assert room.predictions(1) == room.levers(1) == {}


@pytest.mark.parametrize(("stage", "number"), [("waiting", 1), ("locked", 2), ("revealed", 2)])
def test_another_lesson_goes_on_counting(path, stage, number):
    room = played(path, *TO[stage])
    before = room.state()
    room.change_lesson("tipping")
    assert room.state() == State("tipping", number, "waiting", before.version + 1)
    assert room.rounds() == ([] if stage == "waiting" else [Round(1, "s_curves", stage)])


def test_another_lesson_begins_neither_in_an_open_round_nor_twice(room):
    with pytest.raises(InputError, match="already"):
        room.change_lesson("s_curves")
    room.open_round()
    with pytest.raises(InputError, match="round 1 is open"):
        room.change_lesson("tipping")
    assert room.state().lesson == "s_curves"


def test_the_last_prediction_of_an_open_round_counts(room):
    ada, ben = room.join("Ada"), room.join("Ben")
    room.open_round()
    for value in (0.2, {"curve": [None, 0.1]}, [None, 0.25, 1], "twin"):
        room.predict(ben.token, 1, 0.5)
        room.predict(ada.token, 1, value)
        assert room.predictions(1) == {ada.token: value, ben.token: 0.5}
    room.lock()
    room.open_round()
    room.predict(ada.token, 1, 0.3)
    room.lock()
    room.next_round()
    room.predict(ben.token, 2, 0.6)
    assert room.predictions(1) == {ada.token: 0.3, ben.token: 0.5}
    assert room.predictions(2) == {ben.token: 0.6}
    assert room.rounds() == [Round(1, "s_curves", "locked")]


@pytest.mark.parametrize("stage", ["waiting", "locked", "revealed"])
def test_only_an_open_round_takes_anything(path, stage):
    room = played(path, *TO[stage])
    ada = room.join("Ada", "finance")
    before = room.state()
    with pytest.raises(RoundClosed, match=f"round 1 takes nothing: it is {stage}"):
        room.predict(ada.token, 1, 0.5)
    with pytest.raises(RoundClosed, match=f"it is {stage}"):
        room.move(ada.token, 1, "subsidy", 0.5)
    assert room.predictions(1) == room.levers(1) == {} and room.state() == before


@pytest.mark.parametrize("number", [1, 3])
def test_another_round_than_the_open_one_takes_nothing(path, number):
    room = played(path, *TO["locked"], "next_round")
    ada = room.join("Ada", "finance")
    with pytest.raises(RoundClosed, match=f"round {number} takes nothing: the class is in round 2"):
        room.predict(ada.token, number, 0.5)
    with pytest.raises(RoundClosed, match="round 2"):
        room.move(ada.token, number, "subsidy", 0.5)


@pytest.mark.parametrize("value", [None, float("nan"), [float("inf")], {1, 2}, object(), "\ud800"])
def test_a_prediction_is_a_plain_value(room, value):
    ada = room.join("Ada")
    room.open_round()
    with pytest.raises(InputError, match=r"prediction .* cannot be kept"):
        room.predict(ada.token, 1, value)
    assert room.predictions(1) == {}


def test_what_the_check_returns_is_kept_and_what_it_refuses_is_not(room):
    ada = room.join("Ada", "finance")
    room.open_round()
    seen = []

    def share(state, student, value):
        seen.append((state.lesson, student.name, room.levers(state.round)))
        if value > 1:
            raise InputError("a share is at most 1.")
        return round(value, 1)

    def level(state, student, lever, level):
        return share(state, student, level)

    room.predict(ada.token, 1, 0.234, share)
    room.move(ada.token, 1, "subsidy", 0.678, level)
    before = room.state()
    for act in (lambda: room.predict(ada.token, 1, 2, share), lambda: room.move(ada.token, 1, "subsidy", 2, level)):
        with pytest.raises(InputError, match="at most 1"):
            act()
    assert room.predictions(1) == {ada.token: 0.2} and room.levers(1) == {"finance": {"subsidy": 0.7}}
    assert seen[1] == ("s_curves", "Ada", {}) and room.state() == before
    room.lock()
    with pytest.raises(RoundClosed):  # too late is said before wrong
        room.predict(ada.token, 1, 2, share)


def test_names_are_tidied_and_different(room):
    names = [
        room.join(name).name for name in ("Ada", " Ada ", "Ada 2", "A\u0301da", "Áda", "Ada", "a  b\tc", "王小明", "🐼")
    ]
    assert names == ["Ada", "Ada 2", "Ada 2 2", "Áda", "Áda 2", "Ada 3", "a b c", "王小明", "🐼"]
    assert [student.name for student in room.students()] == names
    assert room.join("x" * LONGEST_NAME).name == "x" * LONGEST_NAME
    for name in ("", "  ", "x" * (LONGEST_NAME + 1), "a\0b", "\u200b", "\ud800"):
        with pytest.raises(InputError, match=r"name .* cannot be used; give 1 to 40"):
            room.join(name)
        if name.strip():
            with pytest.raises(InputError, match=r"group .* cannot be used"):
                room.join("Ada", name)
    assert len(room.students()) == len(names) + 1


def test_whoever_joins_again_with_the_own_token_is_the_same(room):
    ada = room.join("Ada", "finance", token="abcdefghijklmnop")
    before = room.state()
    assert room.join("Ada", "finance", token="abcdefghijklmnop") == ada == Student("abcdefghijklmnop", "Ada", "finance")
    assert room.state() == before and room.student(ada.token) == ada
    for token in ("short", "x" * 65, "with a blank, no", "'; DROP TABLE class"):
        with pytest.raises(InputError, match="token"):
            room.join("Ben", token=token)


def test_a_stranger_may_do_nothing(room):
    room.open_round()
    for act in (
        lambda: room.student("nobody"), lambda: room.predict("nobody", 1, 0.5), lambda: room.move("nobody", 1, "tax", 0.5),
        lambda: room.choose_group("nobody", "finance"),
    ):  # fmt: skip
        with pytest.raises(UnknownStudent, match="join"):
            act()


def test_a_class_has_room_for_two_hundred(room):
    for number in range(MOST_STUDENTS):
        last = room.join("Ada", token=f"token-of-student-{number}")
    assert last.name == f"Ada {MOST_STUDENTS}"
    with pytest.raises(InputError, match="the class is full: 200"):
        room.join("Ada")
    assert room.join("Ada", token=last.token) == last


def test_groups_levers_carry_over_within_the_lesson(room):
    ada, ben, eve = room.join("Ada", "finance"), room.join("Ben", "finance"), room.join("Eve", "research")
    room.open_round()
    room.move(ada.token, 1, "subsidy", 0.1)
    room.move(ada.token, 1, "tax", 5)
    room.move(eve.token, 1, "grants", 7)
    room.move(ben.token, 1, "subsidy", 0.2)
    assert room.moves(1) == [
        Move("finance", "subsidy", 0.2, "Ben"), Move("finance", "tax", 5.0, "Ada"), Move("research", "grants", 7.0, "Eve"),
    ]  # fmt: skip
    room.lock()
    room.next_round()
    assert room.levers(2) == room.levers(1) == {"finance": {"subsidy": 0.2, "tax": 5.0}, "research": {"grants": 7.0}}
    assert room.moves(2) == []
    room.move(ada.token, 2, "tax", 6)
    room.lock()
    room.change_lesson("tipping")
    assert room.levers(3) == {}
    room.open_round()
    room.move(ada.token, 3, "tax", 9)
    room.lock()
    room.change_lesson("s_curves")
    assert room.levers(4) == {"finance": {"subsidy": 0.2, "tax": 6.0}, "research": {"grants": 7.0}}
    assert room.levers(1)["finance"]["tax"] == 5 and room.levers(3) == {"finance": {"tax": 9.0}}


def test_levers_belong_to_a_group_that_may_be_chosen_later(room):
    ada = room.join("Ada")
    room.open_round()
    with pytest.raises(InputError, match="Ada is in no group"):
        room.move(ada.token, 1, "tax", 1)
    assert room.choose_group(ada.token, " finance ") == Student(ada.token, "Ada", "finance") == room.student(ada.token)
    room.move(ada.token, 1, "tax", 1)
    with pytest.raises(InputError, match="between rounds"):
        room.choose_group(ada.token, "research")
    room.lock()
    room.choose_group(ada.token, "research")
    room.open_round()
    room.move(ada.token, 1, "grants", 2)
    assert room.levers(1) == {"finance": {"tax": 1.0}, "research": {"grants": 2.0}}
    for level in (float("nan"), float("inf"), 10**400, True, "1", None):
        with pytest.raises(InputError, match=r"grants = .* is not a number"):
            room.move(ada.token, 1, "grants", level)
    room.lock()
    room.choose_group(ada.token, "")
    room.open_round()
    with pytest.raises(InputError, match="no group"):
        room.move(ada.token, 1, "grants", 3)


def test_who_is_removed_is_gone_and_what_the_group_has_done_stays(room):
    ada, bo = room.join("Ada", "finance"), room.join("Bo", "finance")
    room.open_round()
    for one, value in ((ada, 0.2), (bo, 0.7)):
        room.predict(one.token, 1, value)
    room.move(ada.token, 1, "tax", 0.5)
    room.remove(ada.token)
    assert room.students() == [bo] and room.predictions(1) == {bo.token: 0.7}
    assert room.levers(1) == {"finance": {"tax": 0.5}}
    assert "Ada" not in str(room.export())
    with pytest.raises(UnknownStudent):
        room.predict(ada.token, 1, 0.3)
    assert room.join("Ada", token=ada.token).name == "Ada"


def test_every_change_raises_the_version_by_one(room):
    token = "abcdefghijklmnop"
    changes = [
        lambda: room.join("Ada", token=token), lambda: room.choose_group(token, "finance"), room.open_round,
        lambda: room.predict(token, 1, 0.5), lambda: room.predict(token, 1, 0.5), lambda: room.move(token, 1, "tax", 1),
        room.lock, room.open_round, room.lock, room.reveal, room.next_round, room.lock,
        lambda: room.change_lesson("tipping"),
    ]  # fmt: skip
    for version, change in enumerate(changes, start=2):
        change()
        assert room.state().version == version
    room.state(), room.students(), room.export(), room.key
    assert room.state().version == version


def test_the_export_says_everything_but_who_may_speak(room):
    ada, ben = room.join("Ada", "finance"), room.join("Ben")
    room.open_round()
    room.predict(ben.token, 1, [None, 0.5])
    room.move(ada.token, 1, "tax", 5)
    room.lock()
    room.next_round()
    room.predict(ada.token, 2, "twin")
    told = room.export()
    assert told == json.loads(json.dumps(told)) == {
        "students": [{"name": "Ada", "group": "finance"}, {"name": "Ben", "group": ""}],
        "rounds": [
            {
                "round": 1, "lesson": "s_curves", "stage": "locked", "predictions": {"Ben": [None, 0.5]},
                "levers": {"finance": {"tax": 5.0}},
                "moves": [{"group": "finance", "lever": "tax", "level": 5.0, "by": "Ada"}],
            },
            {
                "round": 2, "lesson": "s_curves", "stage": "open", "predictions": {"Ada": "twin"},
                "levers": {"finance": {"tax": 5.0}}, "moves": [],
            },
        ],
    }  # fmt: skip
    assert not any(secret in json.dumps(told) for secret in (ada.token, ben.token, room.key))


def test_a_class_goes_on_where_it_was(room, path):
    ada = room.join("Ada", "finance")
    room.open_round()
    room.predict(ada.token, 1, 0.5)
    room.move(ada.token, 1, "tax", 5)
    told, state, key = room.export(), room.state(), room.key
    for again in (Classroom.opened(path), Classroom.at(path, "another")):  # beside the one that is open
        assert (again.export(), again.state(), again.key, again.student(ada.token)) == (told, state, key, ada)
        again.predict(ada.token, 1, 0.6)
        assert room.predictions(1) == {ada.token: 0.6}
        again.predict(ada.token, 1, 0.5)
        state = room.state()
        again.close()
    assert len(key) > 20 and key != Classroom.at(path.with_name("other.sqlite"), "s_curves").key


def test_a_closed_class_is_one_file(path):
    room = played(path, "open_round")
    assert len(list(path.parent.iterdir())) > 1
    room.close()
    assert list(path.parent.iterdir()) == [path]
    with pytest.raises(StoreFailed, match=r"class\.sqlite.*closed"):
        room.state()


def test_many_threads_change_it_and_nothing_is_lost(room):
    room.open_round()
    begun = room.state().version

    def student(number):
        one = room.join("Ada", f"group {number % 4}")
        for step in range(10):
            room.predict(one.token, 1, [number, step])
            room.move(one.token, 1, f"lever {number}", step)
            assert room.predictions(1)[one.token] == [number, step]
        return one

    with ThreadPoolExecutor(16) as pool:
        students = list(pool.map(student, range(16)))
    assert len({one.name for one in students}) == 16
    assert room.state().version == begun + 16 * 21
    assert room.predictions(1) == {one.token: [number, 9] for number, one in enumerate(students)}
    assert sum(len(levers) for levers in room.levers(1).values()) == 16


PREDICTING = """
import os, sys, threading
from pathlib import Path
from abm.lessons.classroom import Classroom

room = Classroom.opened(Path(sys.argv[1]))

def predict(token):
    step = 0
    while True:
        step += 1
        room.predict(token, 1, step)
        os.write(1, f"{token} {step}\\n".encode())  # at once, and whole

for student in room.students():
    threading.Thread(target=predict, args=(student.token,)).start()
"""


@pytest.mark.parametrize("acknowledgements", [40, 200])
def test_whoever_is_killed_has_kept_what_was_acknowledged(room, path, acknowledgements):
    for number in range(8):
        room.join(f"Student {number}")
    room.open_round()
    begun, key = room.state().version, room.key
    room.close()
    child = subprocess.Popen(
        [sys.executable, "-c", PREDICTING, str(path)], stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    lines = [child.stdout.readline() for _ in range(acknowledgements)]
    child.kill()
    lines += child.stdout.read().splitlines(keepends=True)
    child.wait()
    child.stdout.close()
    last, count = {}, 0
    for line in lines:
        if line.endswith(b"\n"):
            token, step = line.decode().split()
            last[token], count = int(step), count + 1
    again = Classroom.opened(path)
    kept = again.predictions(1)
    assert again.key == key and again.state().stage == "open"
    assert (
        0 <= again.state().version - begun - count <= 8
    )  # at most one of each thread was kept but not yet acknowledged
    assert len(last) > 1
    for token, step in last.items():
        assert kept[token] in (step, step + 1)
    again.predict(token, 1, "goes on")
    assert again.predictions(1)[token] == "goes on"
    again.close()


def test_a_class_is_not_made_over_something_else(path):
    path.write_text("minutes of the faculty meeting")
    with pytest.raises(InputError, match="is there already"):
        Classroom.created(path, "s_curves")
    for act in (Classroom.opened, lambda where: Classroom.at(where, "s_curves")):
        with pytest.raises(InputError, match="is not the file of a class"):
            act(path)
    assert path.read_text() == "minutes of the faculty meeting"


def test_another_programs_database_is_left_as_it_is(path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE class (key TEXT)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(InputError, match="is not the file of a class"):
        Classroom.at(path, "s_curves")
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_an_empty_file_is_where_the_making_was_interrupted(path):
    path.touch()
    with pytest.raises(InputError, match="there is no class in"):
        Classroom.opened(path)
    Classroom.at(path, "s_curves").close()
    with pytest.raises(InputError, match="already"):
        Classroom.created(path, "s_curves")


def test_a_damaged_file_is_said_to_be_damaged(room, path, tmp_path):
    for number in range(150):
        room.join(f"Student {number}", "a group with a long name")
    room.close()
    whole = path.read_bytes()
    assert len(whole) > 5 * 4096
    for damaged in (whole[: len(whole) // 2], whole[:4096], whole[:100], whole[:4096] + b"\x55" * 8192 + whole[12288:]):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"class\.sqlite.* (damaged|malformed|not a database).*copy") as refused:
            Classroom.opened(path)
        assert str(refused.value).endswith(".") and "\n" not in str(refused.value)
    path.write_bytes(b"\x55" * 4096 + whole[4096:])
    with pytest.raises(InputError, match="not the file of a class, or its beginning is damaged"):
        Classroom.opened(path)
    path.write_bytes(whole)
    assert len(Classroom.opened(path).students()) == 150


def test_a_class_of_another_version_is_not_touched(room, path):
    room.close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 2")
    other.close()
    with pytest.raises(InputError, match="another version of abm"):
        Classroom.opened(path)


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "missing" / "class.sqlite", tmp_path / "file" / "class.sqlite", tmp_path):
        with pytest.raises(InputError, match=r"cannot be (used|read).*folder"):
            Classroom.at(place, "s_curves")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_is_said(room, path):
    room.close()
    for mode, place in ((0o555, path.with_name("new.sqlite")), (0o555, path)):
        path.parent.chmod(mode)
        try:
            with pytest.raises(InputError, match=r"cannot be used.*may be written"):
                Classroom.at(place, "s_curves")
        finally:
            path.parent.chmod(0o755)


def test_a_full_disk_refuses_and_keeps_what_there_was(room):
    ada = room.join("Ada")
    room.open_round()
    room.predict(ada.token, 1, 0.5)
    pages = room._file.rows("PRAGMA page_count")[0][0]
    room._file.rows(f"PRAGMA max_page_count = {pages}")  # as SQLite sees it
    before = room.state()
    with pytest.raises(StoreFailed, match=r"full; see that .*the disk has room"):
        room.predict(ada.token, 1, "x" * 100_000)
    assert room.predictions(1) == {ada.token: 0.5} and room.state() == before
    room._file.rows("PRAGMA max_page_count = 1000000")
    room.predict(ada.token, 1, "x" * 100_000)
