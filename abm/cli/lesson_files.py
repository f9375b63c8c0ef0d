"""Lessons as files: notebooks, hand-outs, and an index of them."""

from __future__ import annotations

from pathlib import Path

from abm.lessons.handout import handout
from abm.lessons.lesson import Lesson, library
from abm.lessons.notebook import notebook_text
from abm.quantities import InputError


def write_notebook(lesson: Lesson, file: str, overwrite: bool) -> None:
    """Write the lesson's notebook.

    Raises:
        InputError: If the file has another ending than .ipynb, is there already, or cannot be written.
    """
    path = _checked(file, ".ipynb", overwrite)
    _write(path, notebook_text(lesson))


def write_handout(lesson: Lesson, file: str, teacher: bool, overwrite: bool) -> None:
    """Write the lesson's hand-out, for students or for the teacher.

    Raises:
        InputError: If the file has another ending than .html, is there already, or cannot be written.
    """
    path = _checked(file, ".html", overwrite)
    _write(path, handout(lesson, teacher))


def write_all(folder: str, overwrite: bool) -> None:
    """Write the notebook and the two hand-outs of every lesson that comes with the package, and their index.

    Raises:
        InputError: If there is something in the folder already, or it cannot be written.
    """
    place = Path(folder)
    lessons = [Lesson.load(name) for name in library()]
    index = _checked(str(place / "README.md"), ".md", overwrite)
    for lesson in lessons:
        write_notebook(lesson, str(place / f"{lesson.name}.ipynb"), overwrite)
        write_handout(lesson, str(place / f"{lesson.name}.html"), False, overwrite)
        write_handout(lesson, str(place / f"{lesson.name}_teacher.html"), True, overwrite)
    _write(index, index_of(lessons))


def index_of(lessons: list[Lesson]) -> str:
    """The page docs/lessons/README.md."""
    rows = [
        f"| {one.number} | {one.title} | {one.question} | {one.minutes} | [notebook]({one.name}.ipynb), "
        f"[students]({one.name}.html), [teacher]({one.name}_teacher.html) | `abm lesson {one.name}` |"
        for one in lessons
    ]
    return "\n".join([
        "# Lessons", "",
        "Written by `make lessons`. Each lesson asks for a prediction, runs the model, lays a theorem over what came of it, "
        "and examines. The hand-outs are pages to print, the teacher's with the plan of the hour and all answers; the "
        "notebooks work everything out again. All numbers come from the runs.", "",
        "| | lesson | question | minutes | on paper and in Jupyter | in the terminal |", "|---|---|---|---|---|---|", *rows,
    ]) + "\n"  # fmt: skip


def _checked(file: str, ending: str, overwrite: bool) -> Path:
    path = Path(file)
    if path.suffix != ending:
        raise InputError(f"{file!r} does not end with {ending}; name a file that does.")
    if path.exists() and not overwrite:
        raise InputError(f"{file!r} is there already; name another file or add --overwrite.")
    return path


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {str(path)!r}: {error.strerror}; choose another folder.") from None
