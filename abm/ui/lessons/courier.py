"""What goes between a phone and the class."""

from __future__ import annotations

from collections.abc import Callable

import solara


@solara.component_vue("courier.vue")
def Courier(
    room: str = "", round: int = 0, kind: str = "", words: dict | None = None,
    event_met: Callable[[dict], None] | None = None, event_changed: Callable[[int], None] | None = None,
    event_refused: Callable[[dict], None] | None = None,
) -> None:  # fmt: skip
    """Sends what the student does until the class has it, and tells when something in the class has changed.

    It listens to the window's events `abm-told` (a prediction), `abm-moved` (a lever) and `abm-came` (a name, or a group).

    Args:
        room: Name of the class, under which the browser keeps who its student is and what is not sent yet.
        round: Round that is shown.
        kind: What an answer is: "predict", or "" while nothing is taken.
        words: The table CLASS_COURIER_WORDS of the language.
        event_met: Told {"token"}: who the student is, "" for nobody yet.
        event_changed: Told the version of the class.
        event_refused: Told {"text"}: why something was not taken, "" once something was.
    """


@solara.component_vue("join.vue")
def Join(naming: bool = True, groups: list[tuple[str, str]] | None = None, words: dict | None = None) -> None:
    """A form for one's name, and for the ministry where there are some; it goes to the courier.

    Args:
        naming: Whether the name is asked, or the ministry only.
        groups: Region and name of each ministry.
        words: The table CLASS_JOIN_WORDS of the language.
    """
