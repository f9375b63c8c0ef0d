"""What could not be done, in words."""

from __future__ import annotations

import solara
import solara.lab

from abm.ui.runs import SupersededError


@solara.component
def Problem(text: str) -> None:
    """Something that could not be done, in words; "" for nothing."""
    with solara.Div(classes=["perhaps"]):
        if text:
            solara.v.Html(tag="p", class_="problem", attributes={"role": "alert"}, children=[text])


def failed(task: solara.lab.Task, words: str) -> str:
    """Why something could not be run, in words; "" if it could, or a newer choice has made it useless.

    Args:
        task: What was run.
        words: How it is said, with a place for the reason.
    """
    if not task.error or isinstance(task.exception, SupersededError):
        return ""
    return words.format(reason=task.exception)
