"""What a lesson measures: read from runs, from limits compared with their theorems, and from the gains of a pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import lru_cache
from inspect import signature
from typing import Any

import numpy as np

import abm
from abm.lessons.declared import GROUP, Limit, Measure
from abm.observe.frontier import frontiers, open_lag
from abm.quantities import InputError, unknown
from abm.verification.limits import limit

Asked = tuple[tuple[str, Measure], ...]  # measures and their names


@lru_cache(maxsize=64)
def of_run(
    scenario: abm.Scenario, firms: int, histories: int, asked: Asked, ministries: tuple[str, ...]
) -> dict[str, Any]:
    """Measures of a run; kept, as lessons share runs and ministries move only one of them.

    Args:
        scenario: The scenario.
        firms: Number of sampled firms.
        histories: Number of runs, with seeds 1, 2, ...
        asked: The measures.
        ministries: Regions of ministries, for which each measure of "group" is read.

    Returns:
        By name a number, or an array over the quarters; several histories come first; by region for "group".

    Raises:
        InputError: If a measure names what is not there.
    """
    found: dict[str, list[Any]] = {name: [] for name, measure in asked if not measure.parameter}
    for seed in range(1, histories + 1):
        record = abm.simulate(scenario, firms, seed)
        for name, measure in asked:
            if name in found:
                found[name].append(_read(record, measure, ministries))
    parameters = {name: scenario.parameters.get(one.parameter) for name, one in asked if one.parameter}
    return {name: _stacked(values) for name, values in found.items()} | parameters


def of_limit(ruled: Limit, asked: Iterable[tuple[str, Measure]]) -> dict[str, Any]:
    """Parts of a limit that is compared with its theorem.

    Args:
        ruled: The limit.
        asked: The measures.

    Raises:
        InputError: If the limit or a part is not known.
    """
    known = limit(ruled.limit)
    scenario = abm.Scenario.of(ruled.scenario, ruled.limit, abm.Scenario.load(known.scenario).replace(known.changes))
    if ruled.runs and "runs" not in signature(known.compare).parameters:
        raise InputError(f"{ruled.limit} is no limit of many histories; leave out its runs = {ruled.runs}.")
    claim = known.compare(scenario, ruled.firms or known.firms, 1, **({"runs": ruled.runs} if ruled.runs else {}))
    drawn = claim.picture
    parts = {
        "simulated": drawn.simulated, "closed_form": drawn.closed_form, "band": drawn.band, "x": drawn.x,
        "names": [name.replace("_", " ") for name in drawn.names or []],
        "max_error": claim.max_error, "holds": claim.holds, **claim.notes,
    }  # fmt: skip
    for _, measure in asked:
        if measure.part not in parts:
            raise unknown(f"part of limit {ruled.limit}", measure.part, parts)
    return {name: parts[measure.part] for name, measure in asked}


def of_gains(before: abm.Scenario, after: abm.Scenario, measure: Measure, firms: int) -> Any:
    """A part of the gains of a pair.

    Args:
        before: The baseline.
        after: The what-if.
        measure: Which part, up to which quarter.
        firms: Number of sampled firms.

    Raises:
        InputError: If there is no such part.
    """
    gains = asdict(_gains(before, after, measure.quarter, firms))
    if measure.part not in gains:
        raise unknown("part of the gains", measure.part, gains)
    return gains[measure.part]


_gains = lru_cache(maxsize=64)(abm.gains)


def _stacked(values: list[Any]) -> Any:
    """One history's value, or those of all along the first axis; by region where it is a ministry's."""
    if isinstance(values[0], dict):
        return {region: _stacked([one[region] for one in values]) for region in values[0]}
    return values[0] if len(values) == 1 else np.array(values)


def _read(record: abm.Record, measure: Measure, ministries: tuple[str, ...]) -> Any:
    if measure.region == GROUP:
        if not ministries:
            raise InputError(f'region = "{GROUP}" is measured, but the lesson has no [roles]; name a region.')
        return {r: _read(record, measure.model_copy(update={"region": r}), ()) for r in ministries}
    if measure.frontier:
        best = frontiers(record)
        path = open_lag(*best) if measure.frontier == "lag" else best[("proprietary", "open").index(measure.frontier)]
    elif measure.indicator:
        path = record.at(measure.indicator, weight=measure.weight, population=measure.population, **measure.place)
    elif measure.variable in record.data:
        cells = record.data[measure.variable]
        for dimension, place in measure.place.items():
            if dimension not in cells.dims or place not in cells[dimension].to_numpy():
                known = map(str, cells[dimension].to_numpy()) if dimension in cells.dims else map(str, cells.dims)
                raise unknown(f"{dimension} of {measure.variable}", place, known)
            cells = cells.sel({dimension: place})
        path = cells.sum([one for one in cells.dims if one != "quarter"]).to_numpy()
    else:
        raise unknown("variable of a record", measure.variable, map(str, record.data))
    if not measure.quarter:
        return np.array(path, float)
    if measure.quarter not in record.quarters:
        raise unknown("quarter of the run", measure.quarter, record.quarters)
    return float(path[record.quarters.index(measure.quarter)])
