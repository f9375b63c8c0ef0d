"""How a sweep is shown, as a frozen value and as the page's address."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from abm.sweep.study import RUN, SEED, Study
from abm.ui import strings

PATH = "/sweep"


@dataclass(frozen=True, slots=True)
class SweepView:
    """How a sweep is shown.

    Attributes:
        store: Name of the store; "" for the list of all.
        indicator: Column that is explained; "" for the study's first.
        quarter: Quarter; "" for the study's last.
        across: Factor of the map from left to right; "" for one that matters.
        up: Factor of the map from bottom to top; "" for one that matters.
        goal: Such as "adoption >= 70%"; "" for none.
        order: Column by which runs are put in order.
        falling: Whether the largest stands first.
        language: Language of the page.
        dark: Whether it is dark.
    """

    store: str = ""
    indicator: str = ""
    quarter: str = ""
    across: str = ""
    up: str = ""
    goal: str = ""
    order: str = RUN
    falling: bool = False
    language: str = strings.ENGLISH
    dark: bool = False

    def search(self, study: Study | None = None) -> str:
        """What stands after the question mark of the address; what is as on a new page is left out.

        Args:
            study: The study that is shown, if any: its first indicator and last quarter are as on a new page.
        """
        own = {"indicator": next(iter(study.indicators)), "quarter": study.quarters[-1]} if study else {}
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        given = [(one.name, values[one.name]) for one in fields(self)
                 if values[one.name] not in (one.default, own.get(one.name))]  # fmt: skip
        return urlencode([(name, str(int(value)) if isinstance(value, bool) else value) for name, value in given])

    def settled(self, study: Study, mapped: Collection[str]) -> tuple[SweepView, str]:
        """The view with what the study has in place of what it has not; and what could not be used, in words.

        Args:
            study: The study that is shown.
            mapped: Factors that a map can be drawn over.
        """
        allowed: dict[str, tuple[Collection[str], str]] = {
            "indicator": (list(study.indicators), next(iter(study.indicators))),
            "quarter": (study.quarters, study.quarters[-1]), "across": (mapped, ""), "up": (mapped, ""),
            "order": (columns_of(study), RUN),
        }  # fmt: skip
        settled, said = self, []
        for name, (known, otherwise) in allowed.items():
            asked = getattr(self, name)
            if asked not in known:
                settled = _with(settled, name, otherwise)
                said += [_ignored(name, asked, otherwise)] if asked else []
        return settled, " ".join(said)


ChangeSweepView = Callable[[Callable[[SweepView], SweepView]], None]


def columns_of(study: Study) -> list[str]:
    """Columns by which runs can be put in order."""
    return [RUN, SEED, *(one.name for one in study.factors), *study.indicators]


def view_of(search: str) -> tuple[SweepView, str]:
    """What an address asks for, and what of it means nothing, in words.

    Args:
        search: The part of the address after the question mark.
    """
    view, said = SweepView(), []
    switches, names = {"0": False, "1": True}, {one.name for one in fields(SweepView)}
    for name, text in parse_qsl(search.lstrip("?"), keep_blank_values=True):
        if name not in names:
            said.append(strings.URL_UNKNOWN.format(what=f"{name} = {text}"[:80]))
        elif isinstance(getattr(view, name), bool):
            view = _with(view, name, switches.get(text, False))
            said += [] if text in switches else [_ignored(name, text, "0")]
        elif name == "language" and text not in strings.languages():
            said.append(_ignored(name, text, view.language))
        else:
            view = _with(view, name, text)
    return view, " ".join(said)


def _with(view: SweepView, name: str, value: Any) -> SweepView:
    return replace(view, **{name: value})


def _ignored(name: str, asked: str, used: str) -> str:
    return strings.URL_IGNORED.format(what=f"{name} {asked[:40]!r}", used=used or strings.URL_DEFAULT)


def href(view: SweepView) -> str:
    """The address of a view, from the page's root."""
    search = view.search()
    return f"{PATH}?{search}" if search else PATH
