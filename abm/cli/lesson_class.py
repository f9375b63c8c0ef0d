"""`abm lesson NAME --class`: a server that holds a class."""

from __future__ import annotations

from pathlib import Path

from abm.quantities import InputError


def hold(name: str, store: str, host: str, port: int, no_browser: bool) -> None:
    """Hold a class until interrupted: a new one, or the one of the file where it was.

    Args:
        name: Name of the lesson, or its file.
        store: File of the class; one in this folder if not given.
        host: Address to listen on.
        port: Port to listen on.
        no_browser: Whether to leave the teacher's page to be opened by hand.

    Raises:
        InputError: If the file is no class's, or the port is taken.
    """
    from abm.lessons.classroom import Classroom
    from abm.lessons.lesson import Lesson
    from abm.ui.server import serve

    Lesson.load(name)
    wanted = str(Path(name).resolve()) if name.endswith(".md") else name  # wherever the class is gone on with
    path = Path(store or "class.sqlite")
    classroom = Classroom.at(path, wanted)
    state = classroom.state()
    if state.lesson != wanted:
        if state.stage == "open":
            classroom.close()
            raise InputError(
                f"the class of {str(path)!r} is in an open round of {state.lesson!r}; go on with that one and close "
                "the round, or give another --store."
            )
        classroom.change_lesson(wanted)
    print(f"The class is kept in {path}: the same command goes on with it.", flush=True)
    if host == "127.0.0.1":
        print("Only this machine can come in; for phones add: --host 0.0.0.0", flush=True)
    serve(port=port, open_browser=not no_browser, host=host, classroom=classroom)
