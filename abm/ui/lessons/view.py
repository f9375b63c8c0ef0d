"""Which lesson is shown and how, as a frozen value and as the page's address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from urllib.parse import parse_qsl, urlencode

from abm.lessons.lesson import library
from abm.ui import strings

PATH = "/lesson"
STEPS = ("predict", "watch", "why", "exercises")


@dataclass(frozen=True, slots=True)
class LessonView:
    """What is shown of the lessons.

    Attributes:
        name: Name of the lesson; "" for the list of all.
        step: One of `STEPS`.
        language: Language of the page.
        dark: Whether it is dark.
    """

    name: str = ""
    step: str = STEPS[0]
    language: str = strings.ENGLISH
    dark: bool = False

    def search(self) -> str:
        """What stands after the question mark of the address; what is as on a new page is left out."""
        values = [(one.name, getattr(self, one.name)) for one in fields(self) if getattr(self, one.name) != one.default]
        return urlencode([(name, str(int(value)) if isinstance(value, bool) else value) for name, value in values])

    def at(self, **how: str) -> str:
        """Address of the same page with something else shown."""
        search = replace(self, **how).search()  # type: ignore[arg-type]
        return f"{PATH}?{search}" if search else PATH


ChangeLessonView = Callable[[Callable[[LessonView], LessonView]], None]


def view_of(search: str) -> LessonView:
    """What an address asks for; what is not known is as on a new page. A lesson begins with its prediction.

    Args:
        search: The part of the address after the question mark.
    """
    given = dict(parse_qsl(search.lstrip("?")))
    name, language = given.get("name", ""), given.get("language", "")
    return LessonView(
        name=name if name in library() else "", dark=given.get("dark") == "1",
        language=language if language in strings.languages() else strings.ENGLISH,
    )  # fmt: skip
