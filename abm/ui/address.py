"""The address of the page: all that a user has chosen, written and read back; what cannot be used is said."""

from __future__ import annotations

import base64
import binascii
import math
import zlib
from collections.abc import Callable, Collection
from dataclasses import fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import abm
from abm.observe.indicators import WEIGHTS
from abm.quarters import quarter_range
from abm.scenario.kinds import KINDS
from abm.scenario.loading import load_tables
from abm.ui import strings
from abm.ui.choices import (
    BASELINE,
    FIRMS_HIGH,
    FIRMS_LOW,
    KEPT,
    Desk,
    Lever,
    Question,
    View,
    own_scenario,
    quarters_of,
    targets_of,
)

LARGEST = 50_000  # characters of a scenario in an address
_TARGET, _START, _END = ".on", ".from", ".to"


def address_of(desk: Desk, view: View) -> str:
    """What stands after the question mark; what is as on a new page is left out."""
    pairs = _of_question(desk.question)
    pairs += [("kept", urlencode(_of_question(one)) or f"preset={BASELINE}") for one in desk.kept]
    for one in fields(View):
        value = getattr(view, one.name)
        if value != one.default:
            pairs.append((one.name, str(int(value)) if isinstance(value, bool) else value))
    return urlencode(pairs)


def choices_of(search: str) -> tuple[Desk, View, str]:
    """What an address asks for, clamped to what is allowed, and what of it could not be used, in words.

    Args:
        search: The part of the address after the question mark.
    """
    said: list[str] = []
    pairs = parse_qsl(search.lstrip("?"), keep_blank_values=True)
    view_names = {one.name for one in fields(View)}
    own = [(key, text) for key, text in pairs if key != "kept" and key not in view_names]
    question = _question_of(own, said)
    asides = [text for key, text in pairs if key == "kept"]
    kept = tuple(_question_of(parse_qsl(text, keep_blank_values=True), said) for text in asides[:KEPT])
    if len(asides) > KEPT:
        said.append(strings.URL_IGNORED.format(what=f"{len(asides)} kept what-ifs", used=KEPT))
    view = _view_of({key: text for key, text in pairs if key in view_names}, said)
    return Desk(question, kept), view, " ".join(said)


def _of_question(question: Question) -> list[tuple[str, str]]:
    new, pairs = Question(), []
    for name in ("preset", "region", "firms"):
        if getattr(question, name) != getattr(new, name):
            pairs.append((name, str(getattr(question, name))))
    if question.own:
        pairs.append(("own", base64.urlsafe_b64encode(zlib.compress(question.own.encode(), 9)).decode()))
    for one in question.levers:
        pairs.append((one.kind, f"{one.level:g}"))
        pairs += [
            (f"{one.kind}{mark}", text)
            for mark, text in ((_TARGET, one.target), (_START, one.start), (_END, one.end)) if text
        ]  # fmt: skip
    return pairs


def _question_of(pairs: list[tuple[str, str]], said: list[str]) -> Question:
    asked, question = dict(pairs), Question()
    if "own" in asked:
        question = replace(question, own=_scenario_in(asked.pop("own"), said))
    known: dict[str, Collection[str]] = {"preset": abm.library(), "region": load_tables().listed("region")}
    for key, allowed in known.items():
        question = _with(question, key, asked.pop(key, None), allowed, said)
    if "firms" in asked:
        question = replace(
            question, firms=round(_number(asked.pop("firms"), "firms", question.firms, FIRMS_LOW, FIRMS_HIGH, said))
        )
    last = question.before_levers().end
    for kind in [name for name in asked if name in KINDS]:
        low, high = KINDS[kind].level.low, KINDS[kind].level.high
        level = _number(asked.pop(kind), kind, 0.0, low, high, said)
        lever = Lever(kind, level)
        lever = _with(lever, "target", asked.pop(kind + _TARGET, None), targets_of(kind), said)
        run = quarter_range(question.before_levers().start, last)
        lever = _with(lever, "start", asked.pop(kind + _START, None), run, said)
        after = [quarter for quarter in run if quarter >= (lever.start or question.start(kind))]
        lever = _with(lever, "end", asked.pop(kind + _END, None), after, said)
        question = question.moved(kind, level=lever.level, target=lever.target, start=lever.start, end=lever.end)
    said += [strings.URL_UNKNOWN.format(what=f"{key} = {text}"[:80]) for key, text in asked.items()]
    return question


def _scenario_in(text: str, said: list[str]) -> str:
    """The TOML of a scenario in an address; nothing where it is none."""
    try:
        unpacker = zlib.decompressobj()
        toml = unpacker.decompress(base64.urlsafe_b64decode(text), LARGEST).decode()
        if not unpacker.eof:
            raise abm.InputError(strings.TOO_LARGE.format(size=LARGEST))
        return own_scenario(toml)
    except (binascii.Error, zlib.error, UnicodeDecodeError, abm.InputError) as error:
        said.append(strings.URL_SCENARIO.format(reason=error))
        return ""


def _view_of(asked: dict[str, str], said: list[str]) -> View:
    view = View()
    allowed: dict[str, Collection[str]] = {
        "quarter": quarters_of(abm.Scenario.load(BASELINE)), "weight": WEIGHTS, "map_measure": list(strings.MAP_MEASURES),
        "sector": load_tables().sector_names,
        "language": strings.languages(),
    }  # fmt: skip
    for key, text in asked.items():
        if isinstance(getattr(view, key), bool):
            as_bool: dict[str, Any] = {"0": False, "1": True}
            view = _with(view, key, text, as_bool, said, as_bool.__getitem__)
        else:
            view = _with(view, key, text, allowed[key], said)
    return view


def _with[Chosen: (Question, Lever, View)](
    chosen: Chosen, key: str, text: str | None, allowed: Collection[str], said: list[str],
    read: Callable[[str], Any] = str,
) -> Chosen:  # fmt: skip
    """A choice with one of its fields as asked, if it is allowed; if not, that is said."""
    if text is None:
        return chosen
    if text in allowed:
        return replace(chosen, **{key: read(text)})
    said.append(
        strings.URL_IGNORED.format(what=f"{key} {text[:40]!r}", used=getattr(chosen, key) or strings.URL_DEFAULT)
    )
    return chosen


def _number(text: str, what: str, otherwise: float, low: float, high: float, said: list[str]) -> float:
    """A number within its range; if it is none, or outside, that is said."""
    try:
        asked = float(text)
    except ValueError:
        asked = math.nan
    number = otherwise if math.isnan(asked) else min(max(asked, low), high)
    if number != asked:
        said.append(strings.URL_IGNORED.format(what=f"{what} {text[:40]!r}", used=f"{number:g}"))
    return number
