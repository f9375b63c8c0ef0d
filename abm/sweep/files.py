"""Studies as TOML files."""

from __future__ import annotations

import csv
import tomllib
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from abm.quantities import InputError, Quantity
from abm.scenario.files import refused, text_of
from abm.scenario.scenario import DEFAULT_FIRMS, Scenario
from abm.sweep.designs import Design
from abm.sweep.factors import Factor, factor
from abm.sweep.readings import Reading, reading
from abm.sweep.study import OWN_COLUMNS, Study, function_digest

_SEEDS = Quantity("Runs of each point", "runs", 1, 100_000, "the study", integer=True)
_TIMEOUT = Quantity("Seconds that a run may take", "seconds", 0.01, 1e7, "the study")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _DesignFile(_Part):
    method: str
    points: int = 0
    seed: int = 1
    second_order: bool = False
    grid: int = 4
    file: str = ""
    rows: list[list[float | str]] | None = None  # of a table, once it has been read


class _FactorFile(_Part):
    low: float | None = None
    high: float | None = None
    values: list[float | str] | None = None
    levels: int | None = None
    kind: str | None = None
    region: str | None = None
    target: str | None = None
    start: str | None = None
    end: str | None = None


class ClusterFile(_Part):
    """What a cluster is asked for; the scheduler's own defaults where nothing is said."""

    partition: str = ""
    account: str = ""
    cores: int = 1
    memory: str = "2GB"
    walltime: str = "01:00:00"
    jobs: int = 1
    prologue: list[str] = []
    options: list[str] = []


class _StudyFile(_Part):
    name: str = "unnamed"
    question: str = ""
    scenario: str = "baseline"
    seeds: int = 1
    firms: int = DEFAULT_FIRMS
    quarters: list[str] | None = None
    timeout: float = 600.0
    function: str = ""
    function_code: str = ""  # fingerprint of its file
    design: _DesignFile
    factors: dict[str, _FactorFile]
    indicators: dict[str, str]
    cluster: ClusterFile = ClusterFile()


def load_study(path: str | Path) -> Study:
    """Read a study from a TOML file; paths in it are relative to it.

    Raises:
        InputError: If it cannot be read, or holds something unknown or out of range.
    """
    path = Path(path)
    try:
        content = tomllib.loads(text_of(path, f"study {str(path)!r}"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"study {str(path)!r} is not valid TOML: {error}.") from None
    if isinstance(content.get("function"), str) and content["function"]:
        content["function_code"] = function_digest(content["function"])
    study = study_of({"name": path.stem, **content}, path.parent)
    if not study.function:
        from abm.world.genesis import smallest_sample

        least = smallest_sample(study.scenario.tables)
        Quantity("Sampled firms", "firms", least, 1e9, "the study", integer=True).check("firms", study.firms)
    return study


def study_of(content: dict[str, Any], folder: Path | None = None) -> Study:
    """A study from plain values, as they stand in its file.

    Args:
        content: The values.
        folder: Folder of the files that it names; none if it names none any more.

    Raises:
        InputError: If it holds something unknown or out of range.
    """
    try:
        file = _StudyFile.model_validate(content)
    except ValidationError as error:
        parts: dict[str, type[BaseModel]] = {"design": _DesignFile, "factors": _FactorFile, "cluster": ClusterFile}
        raise refused(error, f"study {str(content.get('name'))!r}", _StudyFile, parts) from None
    scenario = _scenario(file.scenario, folder)
    quarters = tuple(file.quarters or ([""] if file.function else [scenario.end]))
    for quarter in quarters:
        if not file.function and quarter not in scenario.quarters:
            raise InputError(f"quarter {quarter!r} is not in the run; choose from {scenario.start} to {scenario.end}.")
    if len(set(quarters)) < len(quarters):
        raise InputError("a quarter stands twice in quarters; name each once.")
    if not file.factors:
        raise InputError("a study without factors is one run; name at least one under [factors], or use abm run.")
    free, plan = bool(file.function), file.design
    if (plan.method == "table") != bool(plan.file or plan.rows):
        raise InputError(
            'a design from a table needs method = "table" and file = "its path"; another design has no file.'
        )
    rows = _rows(plan.file, folder or Path(), list(file.factors)) if plan.file else plan.rows
    if free and plan.method == "one_at_a_time":
        raise InputError(
            "a function of your own has no values of its own that others could keep; choose another method."
        )
    asked = {name: one.model_dump(exclude_none=True) for name, one in file.factors.items()}
    if rows:  # the values of a column are the levels of its factor
        asked = {
            name: one | {"values": sorted(set(column), key=lambda value: (isinstance(value, str), value))}
            for (name, one), column in zip(asked.items(), zip(*rows, strict=True), strict=True)
        }
    factors = tuple(factor(name, one, scenario, free) for name, one in asked.items())
    if not file.indicators:
        raise InputError('a study keeps nothing; name at least one indicator, such as adoption = "penetration(china)".')
    indicators = {
        name: Reading(name, (), "", "", "1") if free else reading(text, scenario)
        for name, text in file.indicators.items()
    }
    columns = [*OWN_COLUMNS, *file.factors, *file.indicators]
    for name in columns[len(OWN_COLUMNS) :]:
        if columns.count(name) > 1:
            raise InputError(f"the name {name!r} stands for another column of the store; choose another one.")
    design = Design(
        plan.method, tuple(one.steps for one in factors), plan.points, plan.seed, plan.second_order, plan.grid,
        _parts(rows, factors) if rows else None,
    )  # fmt: skip
    source = file.model_dump(mode="json", exclude={"design": {"file", "rows"}})
    source["design"] |= {"rows": rows}
    source["scenario"] = scenario.to_toml()
    return Study(
        file.name, file.question, scenario, factors, design, int(_SEEDS.check("seeds", file.seeds)), file.firms, quarters,
        indicators, _TIMEOUT.check("timeout", file.timeout), file.function, source,
    )  # fmt: skip


def _scenario(name: str, folder: Path | None) -> Scenario:
    """A scenario by its text, by the path of its file or by its name in the library."""
    if "\n" in name:
        return Scenario.from_toml(name)
    return Scenario.load((folder or Path()) / name if name.endswith(".toml") else name)


def _rows(file: str, folder: Path, factors: list[str]) -> list[list[float | str]]:
    """Values of the factors at each point, from a CSV with a column for each of them."""
    table = list(csv.DictReader(StringIO(text_of(folder / file, f"table {file!r}"), newline="")))
    lacking = [name for name in factors if not table or name not in table[0]]
    if lacking:
        raise InputError(
            f"table {file!r} has no column {lacking[0]!r}; give it one for each factor, and a row at least."
        )
    for number, row in enumerate(table, 1):
        for name in factors:
            if not row[name]:
                raise InputError(
                    f"table {file!r}, row {number}: {name!r} is empty; give each point a value of each factor."
                )
    return [[_number(row[name]) for name in factors] for row in table]


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _parts(rows: list[list[float | str]], factors: tuple[Factor, ...]) -> NDArray[np.float64]:
    """Where each value of a table lies among the values of its factor, shape (point, factor)."""
    place = [{value: (k + 0.5) / len(one.values) for k, value in enumerate(one.values)} for one in factors]
    return np.array([[known[value] for known, value in zip(place, row, strict=True)] for row in rows])
