"""Scenarios as TOML text: what a file may hold, and how it is written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from abm.quantities import InputError, unknown
from abm.scenario.entrant import Entrant
from abm.scenario.plan import Plan
from abm.scenario.policy import Intervention


class _InterventionFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str
    level: float
    start: str
    end: str = ""
    region: str = "all"
    target: str = ""


class _PlanFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    region: str
    start: str
    budget: float | None = None
    population: str | None = None
    instruments: list[str] | None = None
    tolerance: float | None = None
    agency_budget: float | None = None
    cost_weight: float | None = None
    sovereignty: float | None = None
    targets: dict[str, float] | None = None
    gain: float | None = None
    end: str | None = None


class _EntrantFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    home: str
    quarter: str
    license: str | None = None
    behind: float | None = None
    outside_money: float | None = None


class _File(BaseModel):
    """What a scenario file may hold; `base` names a library scenario that it starts from."""

    model_config = ConfigDict(extra="forbid")
    base: str = ""
    name: str | None = None
    title: str | None = None
    story: str | None = None
    start: str | None = None
    end: str | None = None
    history: str | None = None
    shocks: int | None = None
    parameters: dict[str, Any] = {}
    figures: dict[str, float] = {}
    interventions: list[_InterventionFile] | None = None
    governments: list[_PlanFile] | None = None
    entrants: list[_EntrantFile] | None = None
    withdrawn: list[str] | None = None
    regions: list[str] | None = None


def read(text: str, name: str) -> tuple[str, dict[str, Any]]:
    """Name of the scenario that a TOML text starts from, and what it changes, as `Scenario.replace` takes it.

    Args:
        text: The TOML document.
        name: Name to use where the document has none.

    Raises:
        InputError: If the text is not TOML or holds something unknown.
    """
    try:
        return changes_of(tomllib.loads(text), name)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"scenario {name!r} is not valid TOML: {error}.") from None


def changes_of(plain: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    """The same from the plain values of a TOML text.

    Args:
        plain: The values.
        name: Name to use where they hold none.

    Raises:
        InputError: If they hold something unknown.
    """
    try:
        content = _File.model_validate(plain)
    except ValidationError as error:
        parts: dict[str, type[BaseModel]] = {
            "interventions": _InterventionFile,
            "governments": _PlanFile,
            "entrants": _EntrantFile,
        }
        raise refused(error, f"scenario {name!r}", _File, parts) from None
    changes: dict[str, Any] = {
        key: value
        for key, value in content.model_dump(exclude={"base", "parameters", "figures"}).items()
        if value is not None
    }
    if content.interventions is not None:
        changes["interventions"] = tuple(Intervention(**i.model_dump()) for i in content.interventions)
    if content.governments is not None:
        changes["governments"] = tuple(_plan(one) for one in content.governments)
    if content.entrants is not None:
        changes["entrants"] = tuple(Entrant(**one.model_dump(exclude_none=True)) for one in content.entrants)
    for several in ("withdrawn", "regions"):
        if several in changes:
            changes[several] = tuple(changes[several])
    changes["name"] = content.name or name
    return content.base, {**_flatten(content.parameters), **content.figures, **changes}


def text_of(path: Path, what: str) -> str:
    """The text of a user's file.

    Args:
        path: The file.
        what: What it is, for the message: "study 'a.toml'".

    Raises:
        InputError: If it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")  # some programs begin with a mark that is no part of the text
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a text file"
        raise InputError(f"{what} cannot be read: {reason}.") from None


def refused(
    error: ValidationError, what: str, whole: type[BaseModel], parts: Mapping[str, type[BaseModel]]
) -> InputError:
    """What is wrong with the content of a user's file, in one sentence.

    Args:
        error: What its check has found.
        what: What the file is, for the message: "study 'a.toml'".
        whole: What the file may hold.
        parts: What its parts may hold, by their name.
    """
    found = error.errors()  # a name that is misspelt is also missing: say the former
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    where = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        return unknown(f"field of {what}", where[-1], parts.get(where[0], whole).model_fields)
    if first["type"] == "missing":
        return InputError(f"{what} has no {'.'.join(where)}; add it.")
    return InputError(f"{what}: {'.'.join(where)} = {first.get('input')!r}: {first['msg']}.")


def written(content: dict[str, Any]) -> str:
    """TOML of a scenario's plain values, which `read` reads back."""
    lines: list[str] = []
    several = {key: content.pop(key, []) for key in ("interventions", "governments", "entrants")}
    tables = {key: content.pop(key, {}) for key in ("parameters", "figures")}
    lines += [f"{key} = {_toml(value)}" for key, value in content.items()]
    for key, table in tables.items():
        if table:
            lines += ["", f"[{key}]"] + [f'"{name}" = {_toml(value)}' for name, value in table.items()]
    for key, rows in several.items():
        for row in rows:
            lines += ["", f"[[{key}]]"] + [f"{name} = {_toml(value)}" for name, value in row.items()]
    return "\n".join(lines) + "\n"


def _plan(one: _PlanFile) -> Plan:
    given = {key: value for key, value in one.model_dump().items() if value is not None}
    if "instruments" in given:
        given["instruments"] = tuple(given["instruments"])
    if "targets" in given:
        given["targets"] = tuple(given["targets"].items())
    return Plan(**given)


def _flatten(groups: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in groups.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[f"{prefix}{key}"] = value
    return flat


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (str, list)) else repr(value)
