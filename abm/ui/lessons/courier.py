"""What goes between a phone, or the teacher's page, and the class."""

from __future__ import annotations

from collections.abc import Callable

import solara

from abm.lessons.class_values import LONGEST_NAME


@solara.component_vue("courier.vue")
def Courier(
    room: str = "", round: int = 0, seen: int = 0, carries: bool = True, taking: bool = False, language: str = "",
    search: str = "", words: dict | None = None, event_met: Callable[[dict], None] | None = None,
    event_changed: Callable[[int], None] | None = None,
) -> None:  # fmt: skip
    """Sends what the student does until the class has it or refuses it, and tells when something in the class has changed.

    It listens to the window's events `abm-told` (a prediction), `abm-moved` (a lever) and `abm-came` (a name, or a group),
    says how things stand, and loads a page anew that does not follow the class any more.

    Args:
        room: Name of the class, under which the browser keeps who its student is and what is not sent yet.
        round: Round that is shown.
        seen: Version of the class that is shown.
        carries: Whether there is something to send: a teacher's page only follows.
        taking: Whether predictions and moves are taken.
        language: Language of the page, for those who hear it.
        search: What stands after the question mark of the address, so that the page comes back as it was.
        words: The table CLASS_COURIER_WORDS of the language.
        event_met: Told {"token"}, by which the class knows this phone.
        event_changed: Told the version of the class.
    """


@solara.component_vue("join.vue")
def Join(
    naming: bool = True, groups: list[tuple[str, str]] | None = None, longest: int = LONGEST_NAME, words: dict | None = None
) -> None:  # fmt: skip
    """A form for one's name, and for the ministry where there are some; it goes to the courier.

    Args:
        naming: Whether the name is asked, or the ministry only.
        groups: Region and name of each ministry.
        longest: Letters that a name may have.
        words: The table CLASS_JOIN_WORDS of the language.
    """


@solara.component_vue("key.vue")
def Key(event_found: Callable[[str], None] | None = None) -> None:
    """Takes the teacher's key out of the address, which the class sees, and keeps it in the browser.

    Args:
        event_found: Told the key, "" if there is none.
    """
