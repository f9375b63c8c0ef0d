"""A study: which question is asked, what is varied, how often each point is run and what is kept."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.quantities import InputError
from abm.scenario.parameters import Parameters
from abm.scenario.scenario import Scenario
from abm.sweep.designs import Design
from abm.sweep.factors import DRAW, SCENARIO, Factor, Value
from abm.sweep.readings import Reading

Row = dict[str, float | int | str | None]
RUN, POINT, SEED, QUARTER, ERROR = "run", "point", "seed", "quarter", "error"
# Folders and files of the package whose code decides the results of a run.
LIVED = (
    "quantities",
    "quarters",
    "rng",
    "compiled",
    "theory",
    "scenario",
    "world",
    "dynamics",
    "observe",
    "model",
    "simulation",
)
_BLOCK = 512  # points that are made together
OWN_COLUMNS = (RUN, POINT, SEED, QUARTER, ERROR)  # of every store, besides factors and indicators


@dataclass(frozen=True)
class Study:
    """A study.

    Attributes:
        name: Short name.
        question: What it asks.
        scenario: The scenario that it varies.
        factors: What it varies.
        design: At which points.
        seeds: Runs of each point: seeds 1 to so many, the same at every point, so that points share their luck.
        firms: Number of sampled firms in each run.
        quarters: Quarters that are kept.
        indicators: What is kept, by name of its column.
        timeout: Seconds after which a run has failed.
        function: "module:name" of a function that takes the place of the model: called with the values of the factors and
            the seed, it returns a mapping with the indicators. "" for the model.
        source: The study as it was read, as plain values: another study has another one.
    """

    name: str
    question: str
    scenario: Scenario
    factors: tuple[Factor, ...]
    design: Design
    seeds: int
    firms: int
    quarters: tuple[str, ...]
    indicators: Mapping[str, Reading]
    timeout: float
    function: str
    source: Mapping[str, Any] = field(repr=False)

    @property
    def runs(self) -> int:
        """Runs in all."""
        return self.design.count * self.seeds

    @property
    def digest(self) -> str:
        """Fingerprint of all that decides the results; name and question do not, nor how long a run may take."""
        cosmetic = ("name", "question", "timeout", "cluster")
        content: dict[str, Any] = {key: value for key, value in self.source.items() if key not in cosmetic}
        content["factors"] = [repr(one) for one in self.factors]  # with the ranges that are declared
        return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=6).hexdigest()

    @cached_property
    def _blocks(self) -> dict[int, NDArray[np.float64]]:
        return {}

    def values(self, point: int) -> dict[str, Value]:
        """Values of the factors at a point, by name; none where the scenario keeps its own."""
        first = point - point % _BLOCK
        block = self._blocks.get(first)
        if block is None:  # some designs cannot go straight to a point: neighbours are made together
            block = self.design.parts(first, min(first + _BLOCK, self.design.count))
            self._blocks.clear()
            self._blocks[first] = block
        parts = block[point - first]
        return {one.name: one.at(float(part)) for one, part in zip(self.factors, parts, strict=True)}

    def world(self, values: Mapping[str, Value]) -> Scenario:
        """The scenario at values of the factors: another scenario comes first, then a draw, then all else."""
        world = self.scenario
        order = (SCENARIO, DRAW)
        for one in sorted(self.factors, key=lambda one: order.index(one.name) if one.name in order else len(order)):
            world = one.applied(world, values[one.name])
        return world

    def prepare(self) -> None:
        """Load what its runs need.

        Raises:
            InputError: If its function cannot be imported.
        """
        self.values(0)
        if self.function:
            _function(self.function)
        else:
            from abm.simulation import warm_up  # loads the model, which a function of one's own does not need

            warm_up()

    def rows(self, run: int) -> list[Row]:
        """Do a run: a row for each quarter.

        Args:
            run: Its number: points follow each other, the seeds of a point lie together.
        """
        point, seed = divmod(run, self.seeds)
        values = self.values(point)
        if self.function:
            found = _function(self.function)(values, seed + 1)
            columns = {name: [float(found[name])] for name in self.indicators}
        else:
            from abm.simulation import simulate

            world = self.world(values)
            values = {
                one.name: one.own(world) if values[one.name] is None else values[one.name] for one in self.factors
            }
            record = simulate(world, self.firms, seed + 1, threads=1)
            columns = {name: one.of(record, list(self.quarters)) for name, one in self.indicators.items()}
        return self.filled(run, values, columns, None)

    def failed(self, run: int, error: str) -> list[Row]:
        """The rows of a run that has failed: with the reason, without indicators and what its scenario has itself."""
        empty = {name: [np.nan] * len(self.quarters) for name in self.indicators}
        return self.filled(run, self.values(run // self.seeds), empty, error)

    def filled(
        self, run: int, values: Mapping[str, Value], columns: Mapping[str, list[float]], error: str | None
    ) -> list[Row]:
        """Rows with every column of the store."""
        point, seed = divmod(run, self.seeds)
        rows: list[Row] = []
        for k, quarter in enumerate(self.quarters):
            row: Row = {RUN: run, POINT: point, SEED: seed + 1, QUARTER: quarter}
            row |= values
            row |= {name: column[k] for name, column in columns.items()}
            rows.append(row | {ERROR: error and error.encode("utf-8", "replace").decode()})
        return rows


@lru_cache(maxsize=1)
def parameters_digest() -> str:
    """Fingerprint of the default parameters and the data tables that this version of the package has."""
    digest = hashlib.blake2b(json.dumps(dict(Parameters().items()), sort_keys=True).encode(), digest_size=6)
    for path in sorted((Path(__file__).parents[1] / "scenario" / "data").glob("*.csv")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def code_digest() -> str:
    """Fingerprint of the code and the library's scenarios that decide the results of a run."""
    package, digest = Path(__file__).parents[1], hashlib.blake2b(digest_size=6)
    parts = [path for layer in LIVED for path in (package / layer).rglob("*.*") if path.suffix in (".py", ".toml")]
    parts += [path for path in package.glob("*.py") if path.stem in LIVED]
    parts += [package / "sweep" / f"{name}.py" for name in ("designs", "factors", "permutation", "readings", "study")]
    for path in sorted(parts):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def function_digest(name: str) -> str:
    """Fingerprint of the file that a function of the user's own stands in.

    Args:
        name: "module:name".

    Raises:
        InputError: If it cannot be imported.
    """
    file = inspect.getsourcefile(_function(name))
    return hashlib.blake2b(Path(file).read_bytes() if file else b"", digest_size=6).hexdigest()


def _function(name: str) -> Callable[[dict[str, Value], int], Mapping[str, float]]:
    """A function of the user's own, "module:name".

    Raises:
        InputError: If there is none.
    """
    module, _, attribute = name.partition(":")
    try:
        found: Callable[[dict[str, Value], int], Mapping[str, float]] = getattr(
            importlib.import_module(module), attribute
        )
    except (ImportError, AttributeError, ValueError) as error:
        raise InputError(
            f"function {name!r} cannot be imported ({error}); write module:name and start from its folder."
        ) from None
    return found
