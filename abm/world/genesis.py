"""Birth of a world: the only place that samples initial conditions.

Firms are a stratified sample over region x sector x size x use intensity. Inside a stratum attributes come from a
randomly shifted Kronecker sequence (Niederreiter 1992, ch. 3): firm number i has the same attributes whatever the
size of the sample, and even a few firms cover their stratum evenly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from abm.quantities import InputError
from abm.rng import firm_ids, name_key, uniform
from abm.scenario.scenario import Scenario
from abm.scenario.tables import Tables
from abm.theory.distribution import pareto_exponent, truncated_pareto
from abm.world.firms import SCHEMA, Firms

Floats = NDArray[np.float64]

INTENSITY_EDGES = (0.0, 0.5, 0.8, 0.95, 0.99, 1.0)  # quantiles of use intensity, finer where the tokens are
FEWEST_PER_STRATUM = 2
# Steps of the Kronecker sequence: 1/g, 1/g^2, 1/g^3 with g^4 = g + 1 (Roberts 2018, "R-sequence").
_STEPS = {"employees": 0.8191725133961645, "spend": 0.6710436067037893, "readiness": 0.5497004779019703}


def smallest_sample(tables: Tables) -> int:
    """Fewest firms that give every stratum of the tables its minimum, with one class of use intensity."""
    return FEWEST_PER_STRATUM * int((tables.firms > 0).sum())


def born_firms(scenario: Scenario, count: int, seed: int) -> Firms:
    """Sample the firms of a scenario.

    Args:
        scenario: The question.
        count: Number of sampled firms.
        seed: The run's seed; another seed is another sample.

    Returns:
        Firms without AI, sorted by the names of region, sector, size and intensity class.

    Raises:
        InputError: If the sample is too small to cover the strata.
    """
    tables = scenario.tables
    least = smallest_sample(tables)
    if not least <= count <= 20_000_000:
        raise InputError(
            f"firms = {count} is out of range: the tables have {least // FEWEST_PER_STRATUM} kinds of firms, "
            f"so choose from {least} to 20000000 firms."
        )
    cells = int((tables.firms > 0).sum())
    enough = count >= FEWEST_PER_STRATUM * cells * (len(INTENSITY_EDGES) - 1)
    edges = INTENSITY_EDGES if enough else (0.0, 1.0)
    strata = [
        (r, s, z, b)
        for r in _by_name(tables.region_names)
        for s in _by_name(tables.sector_names)
        for z in _by_name(tables.size_names)
        if tables.firms[r, s, z] > 0
        for b in range(len(edges) - 1)
    ]
    sampled = _allocation(scenario, strata, edges, count)
    code = np.repeat(np.arange(len(strata)), sampled)
    region, sector, size, _ = np.array(strata).T[:, code]
    columns = {name: np.zeros(count, column.dtype) for name, column in SCHEMA.items()}
    columns.update(region=region.astype(np.uint8), sector=sector.astype(np.uint8), size=size.astype(np.uint8))
    stop = 0
    for stratum, n in zip(strata, sampled, strict=True):
        start, stop = stop, stop + n
        _fill(columns, slice(start, stop), scenario, stratum, edges, seed)
    slope = scenario.parameters.readiness.size_slope
    log_odds = (
        tables.figures["regions.readiness_mean"][region]
        + slope * np.log10(columns["employees"].astype(float) / 50)
        + scenario.parameters.readiness.spread * ndtri(columns["readiness"].astype(float))
    )
    columns["readiness"] = (1 / (1 + np.exp(-log_odds))).astype(np.float32)
    return Firms(**columns)


def _fill(
    columns: dict[str, NDArray], rows: slice, scenario: Scenario, stratum: tuple, edges: tuple, seed: int
) -> None:
    """Attributes of the firms of one stratum; readiness holds its quantile until all employees are known."""
    tables, demand = scenario.tables, scenario.parameters.demand
    r, s, z, band = stratum
    n = rows.stop - rows.start
    names = (tables.region_names[r], tables.sector_names[s], tables.size_names[z], edges[band])
    key = name_key(*names)
    quantile = {what: _kronecker(seed, what, key, step, n) for what, step in _STEPS.items()}
    firms, employees = tables.firms[r, s, z], tables.employees[r, s, z]
    low, high = tables.size_bounds[z]
    high = min(high, tables.figures["regions.largest_employer"][r])
    exponent = pareto_exponent(employees / firms, low, high)
    columns["id"][rows] = firm_ids(key, n)
    columns["weight"][rows] = firms * (edges[band + 1] - edges[band]) / n
    columns["employees"][rows] = truncated_pareto(quantile["employees"], low, high, exponent)
    spread = demand.spend_log_spread
    top = ndtr(np.log(demand.spend_ceiling / demand.spend_median) / spread) if spread else 1.0
    place = (edges[band] + quantile["spend"] * (edges[band + 1] - edges[band])) * top
    columns["spend_scale"][rows] = demand.spend_median * np.exp(spread * ndtri(place))
    columns["readiness"][rows] = quantile["readiness"]


def _kronecker(seed: int, what: str, key: np.uint64, step: float, n: int) -> Floats:
    """Evenly spread quantiles, shape (n,): number i does not depend on n."""
    shift = uniform(seed, f"birth {what}", np.array([key]))[0]
    return np.clip(np.modf(shift + step * np.arange(1, n + 1))[0], 1e-9, 1 - 1e-7)


def _allocation(
    scenario: Scenario, strata: list[tuple[int, int, int, int]], edges: tuple[float, ...], count: int
) -> NDArray[np.int64]:
    """Sampled firms per stratum, shape (stratum,): a compromise between the shares that are to be measured.

    Each region gets a part in proportion to the square root of its employment; inside it the sample follows the
    mean of four shares of the region: firms, firms with ten or more workers, employment and AI spend.
    """
    tables, demand = scenario.tables, scenario.parameters.demand
    r, s, z, band = np.array(strata).T
    width = np.diff(edges)[band]
    firms, workers = tables.firms[r, s, z] * width, tables.employees[r, s, z] * width
    spread = demand.spend_log_spread
    upper, lower = (ndtr(ndtri(np.array(e)) - spread) for e in (edges[1:], edges[:-1]))
    spend = tables.employees[r, s, z] * (upper - lower)[band]
    spend = spend * tables.figures["sectors.exposure"][s] ** demand.exposure_exponent
    ten_plus = firms * (np.array([low for low, _ in tables.size_bounds])[z] >= 10)
    region_part = np.sqrt(np.bincount(r, workers))
    region_part /= region_part.sum()
    goal = sum(x / np.maximum(np.bincount(r, x), 1e-300)[r] for x in (firms, ten_plus, workers, spend))
    goal = goal / np.bincount(r, goal)[r] * region_part[r]
    spare = count - FEWEST_PER_STRATUM * len(strata)
    exact = goal * spare
    whole = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - whole), kind="stable")[: spare - whole.sum()]
    whole[rest] += 1
    return whole + FEWEST_PER_STRATUM


def _by_name(names: tuple[str, ...]) -> list[int]:
    """Positions in the order of the names, so that the order of a table's rows changes nothing."""
    return sorted(range(len(names)), key=names.__getitem__)
