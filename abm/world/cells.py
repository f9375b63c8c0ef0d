"""Cells of like firms: the population as sellers see it, the same for any sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from abm.scenario.scenario import Scenario

Floats = NDArray[np.float64]
EDGES = np.array([0.0, 0.8, 0.95, 0.99, 0.999, 1.0])  # quantiles of use intensity, finer where the tokens are


@dataclass(frozen=True, slots=True)
class Cells:
    """Region x sector x size x class of use intensity, without the empty ones; arrays of shape (cell,).

    Attributes:
        place: First cell of each place, a region's sector, and the number of cells, shape (place + 1,).
        region: Region code.
        sector: Sector code.
        size: Code of the size class.
        firms: Real firms.
        employees: Mean number of workers.
        intensity: Mean use intensity, over the median.
    """

    place: NDArray[np.intp]
    region: NDArray[np.intp]
    sector: NDArray[np.intp]
    size: NDArray[np.intp]
    firms: Floats
    employees: Floats
    intensity: Floats

    def of(self, table: Floats) -> Floats:
        """Entries of a table of shape (region, sector, x) for each cell, shape (x, cell)."""
        return np.ascontiguousarray(table.transpose(2, 0, 1)[:, self.region, self.sector])


def born_cells(scenario: Scenario) -> Cells:
    """The cells of a scenario's tables, with the means of the truncated log-normal law of use intensity in each class."""
    tables, demand = scenario.tables, scenario.parameters.demand
    places = np.argwhere(tables.firms > 0)
    region, sector, size = np.repeat(places, len(EDGES) - 1, axis=0).T
    width = np.tile(np.diff(EDGES), len(places))
    firms = tables.firms[region, sector, size]
    changes = np.flatnonzero(np.diff(region) | np.diff(sector)) + 1
    means = _class_means(demand.spend_log_spread, demand.spend_ceiling / demand.spend_median)
    return Cells(
        place=np.concatenate([[0], changes, [len(region)]]), region=region, sector=sector, size=size, firms=firms * width,
        employees=tables.employees[region, sector, size] / firms, intensity=np.tile(means, len(places)),
    )  # fmt: skip


def _class_means(spread: float, ceiling: float) -> Floats:
    """Means of a log-normal number with median one, cut off at a ceiling, between the quantiles of `EDGES`."""
    if not spread:
        return np.ones(len(EDGES) - 1)
    z = ndtri(EDGES * ndtr(np.log(ceiling) / spread))
    below = ndtr(z - spread)
    return np.asarray(np.exp(spread**2 / 2) * np.diff(below) / np.diff(ndtr(z)), float)
