"""Birth of a world: the only place that samples initial conditions.

Firms are a stratified sample over region x sector x size x use intensity, or every real firm. Inside a stratum
attributes come from a randomly shifted Kronecker sequence (Niederreiter 1992, ch. 3): firm number i has the same
attributes whatever the size of the sample, and even a few firms cover their stratum evenly.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from abm.quantities import InputError
from abm.rng import name_key, uniform
from abm.scenario.scenario import Scenario
from abm.scenario.tables import Tables
from abm.theory.distribution import pareto_exponent, truncated_pareto
from abm.world.engine import share_out
from abm.world.firms import SCHEMA, Firms, Strata
from abm.world.memory import check_memory

Floats = NDArray[np.float64]
Count = int | Literal["all"]

INTENSITY_EDGES = (0.0, 0.5, 0.8, 0.95, 0.99, 1.0)  # quantiles of use intensity, finer where the tokens are
FEWEST_PER_STRATUM = 2
# Steps of the Kronecker sequence: 1/g, 1/g^2, 1/g^3 with g^4 = g + 1 (Roberts 2018, "R-sequence").
_STEPS = {"employees": 0.8191725133961645, "spend": 0.6710436067037893, "readiness": 0.5497004779019703}
_BORN_TOGETHER = 1 << 17  # firms; bounds the memory of a birth, changes nothing else


def smallest_sample(tables: Tables) -> int:
    """Fewest firms that give every stratum of the tables its minimum, with one class of use intensity."""
    return FEWEST_PER_STRATUM * int((tables.firms > 0).sum())


def born_firms(scenario: Scenario, count: Count, seed: int, threads: int = 1) -> Firms:
    """Sample the firms of a scenario, or take every real firm.

    Args:
        scenario: The question.
        count: Number of sampled firms, or "all" for one to one.
        seed: The run's seed; another seed is another sample.
        threads: Threads that share the work; the firms are the same for any number.

    Returns:
        Firms without AI, sorted by the names of region, sector, size and intensity class.

    Raises:
        InputError: If the sample is too small to cover the strata or too large for the memory.
    """
    tables = scenario.tables
    least = smallest_sample(tables)
    if count != "all" and count < least:
        raise InputError(
            f"firms = {count} is out of range: the tables have {least // FEWEST_PER_STRATUM} kinds of firms, "
            f"so choose at least {least} firms, or all."
        )
    check_memory(int(np.rint(tables.firms).sum()) if count == "all" else count, scenario.parameters.interaction)
    strata, band, edges = _strata(scenario, count)
    total = int(strata.start[-1])
    columns = {name: np.zeros(total, column.dtype) for name, column in SCHEMA.items()}
    law = _Law(scenario, strata, band, edges, seed)

    def fill(first: int) -> None:
        rows = slice(first, min(first + _BORN_TOGETHER, total))
        columns["employees"][rows], columns["intensity"][rows], columns["readiness"][rows] = law.attributes(rows)

    share_out(fill, range(0, total, _BORN_TOGETHER), threads)
    return Firms(strata, **columns)


def _strata(scenario: Scenario, count: Count) -> tuple[Strata, NDArray[np.intp], tuple[float, ...]]:
    """The strata with at least one firm, the intensity class of each, shape (stratum,), and the edges of the classes.

    One to one there is nothing to oversample, so that a single class covers the whole range of use intensity.
    """
    tables = scenario.tables
    cells = int((tables.firms > 0).sum())
    enough = count != "all" and count >= FEWEST_PER_STRATUM * cells * (len(INTENSITY_EDGES) - 1)
    edges = INTENSITY_EDGES if enough else (0.0, 1.0)
    codes = [(r, s, z, b) for r, s, z in np.argwhere(tables.firms > 0).tolist() for b in range(len(edges) - 1)]
    region, sector, size, band = (np.array(code, np.intp) for code in zip(*codes, strict=True))
    real = tables.firms[region, sector, size] * np.diff(edges)[band]
    sampled = np.rint(real).astype(np.int64) if count == "all" else _allocation(scenario, codes, edges, count)
    weight = np.ones(len(real)) if count == "all" else real / sampled
    names = [(tables.region_names[r], tables.sector_names[s], tables.size_names[z], edges[b]) for r, s, z, b in codes]
    start = np.concatenate([[0], np.cumsum(sampled)])
    kept = sampled > 0
    strata = Strata(
        region=region[kept], sector=sector[kept], size=size[kept],
        key=np.array([name_key(*name) for name in names], np.uint64)[kept],
        weight=weight[kept], start=np.concatenate([start[:-1][kept], start[-1:]]),
    )  # fmt: skip
    return strata, band[kept], edges


class _Law:
    """The distributions that the attributes of a scenario's firms follow, by stratum."""

    def __init__(
        self, scenario: Scenario, strata: Strata, band: NDArray[np.intp], edges: tuple[float, ...], seed: int
    ) -> None:
        tables, demand = scenario.tables, scenario.parameters.demand
        place = (strata.region, strata.sector, strata.size)
        bounds = np.array(tables.size_bounds)
        self.low = bounds[strata.size, 0]
        self.high = np.minimum(bounds[strata.size, 1], tables.figures["regions.largest_employer"][strata.region])
        means = tables.employees[place] / tables.firms[place]
        laws = zip(means.tolist(), self.low.tolist(), self.high.tolist(), strict=True)
        self.exponent = np.array([_exponent(*law) for law in laws])
        self.shift = {what: uniform(seed, f"birth {what}", strata.key) for what in _STEPS}
        self.spend_low, self.spend_width = np.array(edges)[band], np.diff(edges)[band]
        self.spread = demand.spend_log_spread
        with np.errstate(over="ignore"):  # as good as no spread
            self.top = ndtr(np.log(demand.spend_ceiling / demand.spend_median) / self.spread) if self.spread else 1.0
        self.scenario, self.strata = scenario, strata

    def attributes(self, rows: slice) -> tuple[Floats, Floats, Floats]:
        """Employees, use intensity and readiness of a range of rows, each of shape (row,)."""
        stratum = self.strata.of(rows)
        index = np.arange(rows.start, rows.stop) - self.strata.start[stratum]
        # Kronecker sequence: evenly spread quantiles; number i does not depend on how many there are.
        u = {
            what: np.clip(np.modf(self.shift[what][stratum] + step * (index + 1))[0], 1e-9, 1 - 1e-7)
            for what, step in _STEPS.items()
        }
        employees = truncated_pareto(u["employees"], self.low[stratum], self.high[stratum], self.exponent[stratum])
        place = (self.spend_low[stratum] + u["spend"] * self.spend_width[stratum]) * self.top
        intensity = np.exp(self.spread * ndtri(place))
        log_odds = log_odds_of_readiness(self.scenario, self.strata.region[stratum], employees, ndtri(u["readiness"]))
        return employees, intensity, 1 / (1 + np.exp(-log_odds))


def log_odds_of_readiness(scenario: Scenario, region: NDArray[np.intp], employees: Floats, normal: Floats) -> Floats:
    """Log-odds of the readiness with which firms start, from standard normal numbers, each of shape (firm,)."""
    readiness, mean = scenario.parameters.readiness, scenario.tables.figures["regions.readiness_mean"]
    log_odds = mean[region] + readiness.size_slope * np.log10(employees / 50) + readiness.spread * normal
    return np.asarray(log_odds, float)


_exponent = lru_cache(maxsize=4096)(pareto_exponent)


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
