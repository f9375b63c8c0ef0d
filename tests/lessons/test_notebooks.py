"""Every lesson's notebook runs from top to bottom and finds what the lesson says, without reading the lesson."""

import json
import pickle
import sys
from pathlib import Path

import nbformat
import numpy as np
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient

from abm.lessons.as_python import formula_python, sentence_python
from abm.lessons.formula import evaluate, functions
from abm.lessons.lesson import Lesson, library
from abm.lessons.notebook import notebook, notebook_text
from abm.lessons.worked import worked
from abm.quantities import InputError

EVERYTHING = Path(__file__).parent / "everything.md"
DOCS = Path(__file__).parents[2] / "docs/lessons"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel of this Python, whatever others the machine has; all notebooks use it, as it takes long to start."""
    folder = tmp_path_factory.mktemp("kernels")
    (folder / "here").mkdir()
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (folder / "here/kernel.json").write_text(json.dumps({"argv": argv, "display_name": "here", "language": "python"}))
    manager = KernelManager(kernel_name="here", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(folder)]))
    manager.start_kernel()
    yield manager
    manager.shutdown_kernel(now=True)


def answered(cell, given):
    """An exercise's cell with an answer in it."""
    first, *others = "".join(cell["source"]).splitlines(keepends=True)
    assert " = None  # your answer" in first
    return first.replace("None", repr(given), 1) + "".join(others)


def executed(lesson, kernel, folder):
    """Text printed by each cell, what its answers are told, and the measures that it leaves."""
    done, plain = worked(lesson), notebook(lesson)
    nbformat.validate(plain)
    book = nbformat.reads(json.dumps(plain), as_version=4)
    own = 1 + len(book.cells)
    asked = [cell for cell in plain["cells"] if "".join(cell["source"]).startswith("answer_")]
    for exercise, cell in zip(lesson.exercises, asked, strict=True):
        answer = done.answer(exercise)
        wrong = [key for key in exercise.options if key != answer] or [answer + 2 * exercise.within + 1e-6]
        for given in (answer, wrong[0]):
            book.cells.append(nbformat.v4.new_code_cell(answered(cell, given)))
    # To move levers again must not add to what was there.
    again = [cell for cell in plain["cells"] if "".join(cell["source"]).startswith("# What the ministries do")]
    assert len(again) == bool(lesson.roles)
    book.cells += [nbformat.v4.new_code_cell("".join(cell["source"])) for cell in again]
    left = folder / "left"
    names = ", ".join(f"{name!r}: {name}" for name in lesson.measures)
    digests = "{name: one.digest for name, one in globals().get('scenarios', {}).items()}"
    book.cells.append(nbformat.v4.new_code_cell(
        f"import pickle, pathlib\npathlib.Path({str(left)!r}).write_bytes(pickle.dumps([{{{names}}}, {digests}]))"
    ))  # fmt: skip
    book.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    NotebookClient(book, km=kernel, timeout=300).execute(reset_kc=True)
    said = ["".join(o["text"] for o in cell.outputs if o.output_type == "stream" and o.name == "stdout")
            for cell in book.cells if cell.cell_type == "code"]  # fmt: skip
    drawn = sum("image/png" in o.get("data", {}) for cell in book.cells[:own] for o in cell.get("outputs", ()))
    return done, said, drawn, *pickle.loads(left.read_bytes())


@pytest.mark.parametrize("name", [*library(), str(EVERYTHING)], ids=lambda name: Path(name).stem)
def test_a_notebook_finds_what_its_lesson_says(name, kernel, tmp_path):
    lesson = Lesson.load(name)
    done, said, drawn, measures, digests = executed(lesson, kernel, tmp_path)
    assert digests == {run: scenario.digest for run, scenario in done.scenarios.items()}
    for measure, value in done.names.items():
        np.testing.assert_equal(measures[measure], value, measure)
    for claim, _ in done.claims():
        assert claim.replace("−", "-") + "\n" in [text.replace("−", "-") for text in said]
    told = [text for text in said if text.startswith(("Right.", "Not yet."))]
    assert [text[:5] for text in told] == ["Right", "Not y"] * len(lesson.exercises)
    assert drawn == len(lesson.pictures)


@pytest.mark.parametrize("name", library())
def test_the_written_notebooks_are_those_of_today(name):
    assert (DOCS / f"{name}.ipynb").read_text(encoding="utf-8") == notebook_text(Lesson.load(name)), "run: make lessons"


def test_a_notebook_can_be_read_by_a_student():
    """What is asked comes before what is answered, and nothing is executed yet."""
    cells = notebook(Lesson.load("red_bus"))["cells"]
    text = ["".join(cell["source"]) for cell in cells]
    assert text[0].startswith("# 1. Red bus, blue bus")
    order = [
        "## Question",
        "prediction = None",
        "scenarios[",
        "runs[",
        "outcome =",
        "## Explanation",
        "answer_1 = None",
    ]
    places = [next(i for i, one in enumerate(text) if one.startswith(begin)) for begin in order]
    assert places == sorted(places)
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code")
    assert "abm.lessons" not in "".join(text)


FORMULAS = {
    "max([a, 2]) > 1": "np.max(np.array([a, 2])) > 1",
    "mean(0 < b < max([2.5, 1]) * b < 4)": None,
    "b[a:k] + b[k]": "b[int(a):k] + b[k]",
    "b[[0, 1]]": "b[np.array([0, 1])]",
    "b[0, 1] * 2": "b[np.array([0, 1])] * 2",
    "[[1, 2], [max((3, 1)), 4]] * 2": None,
    "d['x'][\"y\"] + abs(-a)": "d['x'][\"y\"] + np.abs(-a)",
    "nested_logit([0, 0], [0, 1], [1, 1])[0][first_where(b > 1)]": None,
    "0 < a < 2 and not k == 3 or -a > b[-1]": "0 < a < 2 and not k == 3 or -a > b[-1]",
    "quantile(b,\n   0.5)": "np.quantile(b, 0.5)",
}


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_the_same_in_python(formula):
    names = {"a": 1.0, "b": np.array([1.0, 2.0, 3.0]), "k": 2, "d": {"x": {"y": 2.0}}}
    python = formula_python(formula, names)
    assert FORMULAS[formula] in (None, python)
    found = eval(python, {**{name: functions()[name] for name in ("nested_logit", "first_where")}, "np": np, **names})
    np.testing.assert_equal(found, evaluate(" ".join(formula.split()), names))


def test_a_long_sentence_is_told_whole():
    text = 'Say "{x}" \\ and {{share | .0%}} or {{k | .2f}}} of 2 }. ' * 9
    told = sentence_python(text, {"share": 0.31, "k": 2})
    assert told.count("\n") > 3
    assert eval(f"({told})", {"share": 0.31, "k": 2}) == ('Say "{x}" \\ and 31% or 2.00} of 2 }. ' * 9).strip()


@pytest.mark.parametrize("name", ["runs", "np", "nested_logit", "answer_1"])
def test_a_measure_cannot_take_a_name_that_the_notebook_needs(name):
    text = EVERYTHING.read_text(encoding="utf-8").replace("lag = {", f"{name} = {{")
    lesson = Lesson.read(text.replace('answer = "path"', 'answer = "nested_logit([0], [0], [1])[0]"'), "own")
    with pytest.raises(InputError, match=f"measure '{name}' of lesson 'own' .* another name"):
        notebook(lesson)
