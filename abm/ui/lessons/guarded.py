"""What cannot be drawn is said, and drawn again when the class has moved on: a page in class must not end in a traceback."""

from __future__ import annotations

from collections.abc import Callable

import reacton
import solara

from abm.ui import strings
from abm.ui.problems import Problem


@solara.component
def Guarded(drawn: Callable[[], solara.Element], version: int) -> None:
    """Something, or what went wrong with it.

    Args:
        drawn: Draws it.
        version: Version of the class: with another one it is tried again.
    """
    error, clear = reacton.use_exception()
    solara.use_effect(clear, [version])
    with solara.Div(classes=["lesson"]):
        if error:
            Problem(strings.CLASS_FAILED.format(reason=error))
        else:
            drawn()
