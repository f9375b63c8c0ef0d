"""`abm lesson` as its user meets it: the list, a lesson read, a lesson taken on a terminal, and lessons as files."""

import json
import math
import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

import abm
from abm.cli import main
from abm.cli.lesson_answers import option_of, prediction_of
from abm.cli.lesson_files import index_of
from abm.lessons.classroom import Classroom
from abm.lessons.lesson import Lesson, library
from abm.lessons.prediction import number_of
from abm.lessons.worked import worked
from abm.quantities import InputError

ROOT = Path(__file__).parents[2]
EVERYTHING = ROOT / "tests/lessons/everything.md"


def run(*words, **more):
    command = [sys.executable, "-m", "abm", "lesson", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)


def test_the_list_names_all_lessons():
    done = run(env={**os.environ, "COLUMNS": "200"})
    assert done.returncode == 0, done.stderr
    for name in library():
        assert f" {name} " in done.stdout and Lesson.load(name).title in done.stdout


def test_a_lesson_is_told_without_asking():
    done = run("red_bus", "--predict", "90%", stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "300"})
    assert done.returncode == 0, done.stderr
    said = done.stdout
    order = ["1. Red bus, blue bus", "What share of the US firms", "Not close: 90% predicted, ", "What to watch", "│ Qwen ",
             "Explanation", "holds: ", "What the model leaves out", "Exercise 1", "Solution"]  # fmt: skip
    places = [said.index(one) for one in order]
    assert places == sorted(places)
    assert "DOES NOT HOLD" not in said and "Your" not in said


def test_all_of_a_lesson_as_json():
    done = run(str(EVERYTHING), "--predict", "2024Q2=30%", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["lesson"] == "everything" and told["version"] == abm.__version__ and told["ministry"] == "china"
    assert set(told["measures"]) == set(Lesson.load(EVERYTHING).measures)
    assert told["outcome"] == told["measures"]["path"] and len(told["measures"]["paths"]) == 3
    assert told["prediction"]["value"][:4] == [None] * 4 and told["prediction"]["value"][-1] == 0.3
    assert told["prediction"]["error"] > 0 and "points" in told["prediction"]["words"]
    assert all(claim["holds"] for claim in told["claims"])
    assert [one["answer"] for one in told["exercises"]] == [told["measures"]["before"] + 0.4, "more"]


def test_a_claim_that_fails_gives_exit_code_1(tmp_path):
    own = tmp_path / "own.md"
    own.write_text(EVERYTHING.read_text(encoding="utf-8").replace("fits == fits", "last > 1"), encoding="utf-8")
    done = run(str(own), stdin=subprocess.DEVNULL)
    assert done.returncode == 1 and "DOES NOT HOLD: No blanks." in done.stdout


def on_a_terminal(lesson, typed):
    """What a lesson prints on a terminal on which lines are typed as they are asked for."""
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "abm", "lesson", lesson], stdin=there, stdout=there, stderr=there, close_fds=True,
        env={**os.environ, "COLUMNS": "200", "TERM": "dumb"},
    )  # fmt: skip
    os.close(there)
    said, waiting, start = "", list(typed), time.monotonic()
    try:
        while time.monotonic() - start < 120:
            if not select.select([here], [], [], 60)[0]:
                raise AssertionError(f"nothing more is said after: {said[-300:]}")
            try:
                said += os.read(here, 65536).decode(errors="replace")
            except OSError:  # the process has ended and closed its side
                break
            if waiting and said.rstrip(" ").endswith(":") and "Your " in said.splitlines()[-1]:
                os.write(here, f"{waiting.pop(0)}\n".encode())
        return process.wait(10), said, waiting
    finally:
        process.kill()
        os.close(here)


def test_a_student_is_asked_and_corrected():
    done = worked(Lesson.load("red_bus"))
    typed, told = (
        ["much", "140%", "35%"],
        ["'much' is not a number", "140% cannot be predicted", "Close: 35% predicted"],
    )
    for exercise in done.lesson.exercises:
        answer = done.answer(exercise)
        if exercise.options:
            typed += [next(key for key in exercise.options if key != answer), answer]
        else:
            scale = 100 if exercise.unit == "%" else 1
            typed += ["half", f"{scale * (answer + 9 * exercise.within):.6g}", f"{scale * answer:.6g}"]
            told.append("'half' is not a number")
        told += ["Not yet.", "Right."]
    code, said, left = on_a_terminal("red_bus", typed)
    assert code == 0 and left == []
    at = 0
    for one in told:
        assert one in said[at:], one
        at = said.index(one, at) + len(one)
    assert said.count("Solution:") == len(done.lesson.exercises)


def test_a_curve_is_asked_for_when_its_past_is_known():
    code, said, left = on_a_terminal(str(EVERYTHING), ["2023Q4=5%", "2024Q2=20%", "", ""])
    assert code == 0 and left == []
    assert (
        said.index("Known: 2023Q4 ")
        < said.index("'2023Q4' cannot be predicted; give quarters from 2024Q1")
        < said.index("lose: ")
    )


def test_predictions_as_they_are_typed():
    lesson = Lesson.load(EVERYTHING)
    assert number_of(" 31% ", "%") == 0.31 and number_of("3.5 years", "years") == 3.5 and number_of("−2", "") == -2
    assert option_of("2", {"a": 0, "b": 0}) == option_of("b", {"a": 0, "b": 0}) == "b"
    assert prediction_of(lesson, "2024Q2 = 30", 0.1)[4:] == pytest.approx([0.2, 0.3])
    assert prediction_of(lesson, "2024Q1=20%", 0.1)[4:] == pytest.approx([0.2, 0.2])
    assert prediction_of(lesson, "2024Q2=20%", math.nan)[4:] == pytest.approx([0.2, 0.2])
    for typed in ("30%", "2024Q2", "2030Q1=3%", "2024Q2=much", "2024Q2=300%"):
        with pytest.raises(InputError):
            prediction_of(lesson, typed, 0.1)


def code_of(*words):
    with pytest.raises(SystemExit) as stopped:
        main(["lesson", *words])
    return stopped.value.code


def test_files_are_written_once(tmp_path, capsys):
    notebook, page = tmp_path / "red.ipynb", tmp_path / "red.html"
    assert code_of("red_bus", "--notebook", str(notebook), "--handout", str(page)) == 0
    assert json.loads(notebook.read_text())["nbformat"] == 4
    assert "for teachers" not in page.read_text() and "My prediction" in page.read_text()
    page.write_text("my notes")
    teachers = ["red_bus", "--handout", str(page), "--teacher"]
    assert code_of(*teachers) == 2 and "is there already" in capsys.readouterr().err and page.read_text() == "my notes"
    assert code_of(*teachers, "--overwrite") == 0 and "for teachers" in page.read_text()


@pytest.mark.parametrize("words, message", [
    (["red_buss"], "unknown lesson 'red_buss'"), (["none.md"], "lesson 'none.md' cannot be read"),
    (["--teacher"], "--teacher goes with --handout"), (["--json"], "which lesson?"),
    (["red_bus", "--predict", "much"], "'much' is not a number"),
    (["red_bus", "--predict", "200"], "200% cannot be predicted"),
    (["tipping", "--predict", "perhaps"], "unknown option 'perhaps'"),
    (["red_bus", "--notebook", "a.txt"], "does not end with .ipynb"),
    (["red_bus", "--handout", "a.pdf"], "does not end with .html"),
    (["red_bus", "--write", "somewhere"], "leave out 'red_bus'"),
])  # fmt: skip
def test_mistakes_are_told(words, message, capsys):
    assert code_of(*words) == 2 and message in capsys.readouterr().err


def test_the_index_is_that_of_the_lessons():
    folder = ROOT / "docs/lessons"
    assert (folder / "README.md").read_text(encoding="utf-8") == index_of([Lesson.load(name) for name in library()])
    for name in library():
        assert (folder / f"{name}.html").exists() and (folder / f"{name}_teacher.html").exists()


def test_a_class_is_refused_what_it_cannot_do(tmp_path, capsys):
    assert code_of("red_bus", "--store", "class.sqlite") == 2
    assert "go with --class" in capsys.readouterr().err
    assert code_of("--class") == 2
    assert "which lesson" in capsys.readouterr().err
    (tmp_path / "letter.sqlite").write_text("Dear class,\n" * 100)
    assert code_of("red_bus", "--class", "--store", str(tmp_path / "letter.sqlite"), "--no-browser") == 2
    assert "letter.sqlite" in capsys.readouterr().err
    assert code_of("red_buss", "--class", "--store", str(tmp_path / "class.sqlite")) == 2
    assert "red_bus" in capsys.readouterr().err and not (tmp_path / "class.sqlite").exists()


def test_a_class_is_gone_on_with_at_its_own_lesson(tmp_path, capsys, monkeypatch):
    held = {}
    monkeypatch.setattr("abm.ui.server.serve", lambda **given: held.update(given))
    store = tmp_path / "class.sqlite"
    room = Classroom.created(store, "tipping")
    room.join("Ada")
    room.open_round()
    room.close()
    assert code_of("red_bus", "--class", "--store", str(store), "--no-browser", "--address", "http://school:80") == 0
    said = capsys.readouterr().out
    assert "Goes on with round 1 of tipping: 1 students" in said and "--host 0.0.0.0" in said
    assert held["classroom"].state().stage == "open" and held["address"] == "http://school:80"
    held["classroom"].close()


def test_a_lesson_that_fails_later_does_not_begin(tmp_path, capsys):
    text = EVERYTHING.read_text(encoding="utf-8")
    own = tmp_path / "own.md"
    own.write_text(text.replace("holds = ", 'holds = "first_where([0, 0]) > 1" #', 1), encoding="utf-8")
    assert code_of(str(own), "--class", "--store", str(tmp_path / "class.sqlite"), "--no-browser") == 2
    assert "never holds" in capsys.readouterr().err
