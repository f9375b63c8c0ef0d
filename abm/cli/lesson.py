"""`abm lesson`: the lessons in the terminal, as notebooks and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from abm.cli import options
from abm.quantities import InputError

if TYPE_CHECKING:
    from abm.lessons.lesson import Lesson

_NOTEBOOK = "Write the lesson as a Jupyter notebook instead."
_FOLDER = "Write notebooks and hand-outs of all lessons there."


_HERE, _PORT = "127.0.0.1", 8765


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(lesson)


def lesson(
    name: Annotated[
        str, typer.Argument(metavar="LESSON", help="A name or an .md file; without one all are listed.")
    ] = "",
    predict: Annotated[str, typer.Option(metavar="VALUE", help="The prediction; asked for on a terminal.")] = "",
    as_json: options.AsJson = False,
    notebook: Annotated[str, typer.Option(metavar="FILE.ipynb", help=_NOTEBOOK)] = "",
    handout: Annotated[
        str, typer.Option(metavar="FILE.html", help="Write the lesson as a page to print instead.")
    ] = "",
    teacher: Annotated[
        bool, typer.Option("--teacher", help="With --handout: the teacher's, with all answers.")
    ] = False,
    write: Annotated[str, typer.Option(metavar="FOLDER", help=_FOLDER)] = "",
    in_class: Annotated[
        bool, typer.Option("--class", help="Hold a class: a page for phones and one for the teacher.")
    ] = False,
    store: Annotated[str, typer.Option(metavar="FILE", help="With --class: its file; class.sqlite here.")] = "",
    host: Annotated[str, typer.Option(help="With --class: 0.0.0.0 lets phones come in.")] = _HERE,
    port: Annotated[int, typer.Option(min=1, max=65535, help="With --class: the port.")] = _PORT,
    address: Annotated[str, typer.Option(help="With --class: where phones find this machine, http://...")] = "",
    no_browser: Annotated[bool, typer.Option("--no-browser", help="With --class: open no browser window.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there.")] = False,
) -> None:
    """List the lessons, or take one: predict, see what happens, why, and try the exercises; exit code 1 if a claim fails."""
    from abm.lessons.lesson import Lesson

    if teacher and not handout:
        raise InputError("--teacher goes with --handout FILE.html; name the file.")
    if not in_class and (store or address or no_browser or host != _HERE or port != _PORT):
        raise InputError("--store, --host, --port, --address and --no-browser go with --class; add it.")
    if in_class:
        from abm.cli.lesson_class import hold

        if not name:
            raise InputError(
                "which lesson? A class begins with one, and its teacher can change it: abm lesson NAME --class."
            )
        if predict or as_json or notebook or handout or write:
            raise InputError(
                "--class goes without --predict, --json, --notebook, --handout and --write; leave them out."
            )
        hold(name, store, host, port, address, no_browser)
    elif write:
        from abm.cli.lesson_files import write_all

        if name:
            raise InputError(f"--write writes all lessons; leave out {name!r}, or use --notebook and --handout.")
        options.prepare_engine("compiled")
        write_all(write, overwrite)
    elif not name:
        if predict or as_json or notebook or handout:
            raise InputError("which lesson? Give its name; abm lesson lists them.")
        _list()
    else:
        one = Lesson.load(name)
        if notebook or handout:
            _write(one, notebook, handout, teacher, overwrite)
        else:
            from abm.cli.lesson_terminal import take

            take(one, predict, as_json)


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from abm.lessons.lesson import Lesson, library

    table = Table()
    for head in ("", "name", "lesson", "minutes", "question"):
        table.add_column(head, justify="right" if head in ("", "minutes") else "left", no_wrap=head == "name")
    for one in map(Lesson.load, library()):
        table.add_row(str(one.number), one.name, one.title, str(one.minutes), one.question)
    Console(markup=False).print(table)


def _write(one: Lesson, notebook: str, handout: str, teacher: bool, overwrite: bool) -> None:
    from abm.cli.lesson_files import write_handout, write_notebook

    options.prepare_engine("compiled")
    if notebook:
        write_notebook(one, notebook, overwrite)
    if handout:
        write_handout(one, handout, teacher, overwrite)
