"""`abm lesson NAME --class`: a server that holds a class."""

from __future__ import annotations

from pathlib import Path


def hold(name: str, store: str, host: str, port: int, address: str, no_browser: bool) -> None:
    """Hold a class until interrupted: a new one, or the one of the file where it was, whatever its lesson.

    Args:
        name: Name of the lesson with which a new class begins, or its file.
        store: File of the class; one in this folder if not given.
        host: Address to listen on.
        port: Port to listen on.
        address: Where others find this server, if that is not plain.
        no_browser: Whether to leave the teacher's page to be opened by hand.

    Raises:
        InputError: If the lesson cannot be worked out, the file is no class's, or the port is taken.
    """
    from abm.lessons.class_file import there_is_something
    from abm.lessons.classroom import Classroom
    from abm.lessons.in_class import lesson_of, rehearse
    from abm.lessons.lesson import Lesson
    from abm.ui.server import serve

    Lesson.load(name)
    wanted = str(Path(name).resolve()) if name.endswith(".md") else name  # wherever the class is gone on with
    path = Path(store or "class.sqlite")
    goes_on = there_is_something(path)
    classroom = Classroom.at(path, wanted)
    state = classroom.state()
    print(f"Rehearsing {Path(state.lesson).stem} ...", flush=True)
    rehearse(lesson_of(state.lesson))
    if goes_on:
        students = len(classroom.students())
        print(
            f"Goes on with round {state.round} of {Path(state.lesson).stem}: {students} students have joined.",
            flush=True,
        )
        if state.lesson != wanted:
            print("Another lesson is chosen on the teacher's page; a new class needs another --store.", flush=True)
    print(f"The class is kept in {path}: the same command goes on with it.", flush=True)
    if host == "127.0.0.1":
        print("Only this machine can come in; for phones add: --host 0.0.0.0", flush=True)
    serve(port=port, open_browser=not no_browser, host=host, classroom=classroom, address=address)
