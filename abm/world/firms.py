"""Firms as columns: what differs from firm to firm is stored, what a stratum shares is stored once.

No column is in dollars, so that a world in another currency has the same firms to the last bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from abm.rng import firm_ids

NO_AI = 0  # option code of a firm without AI; options proper count from 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the population: its type, unit, meaning, and the verb that writes it after birth."""

    dtype: str
    unit: str
    meaning: str
    written_by: str


SCHEMA: dict[str, Column] = {
    "employees": Column("float32", "workers", "workers", "birth"),
    "intensity": Column(
        "float32", "1", "use intensity: spend a worker at one price if fully ready, over the median", "birth"
    ),
    "readiness": Column("float32", "share", "what its expertise achieves of the full use", "decide"),
    "taste": Column("float32", "share of the wage bill", "worth of its taste for what it uses over no AI", "decide"),
    "option": Column("uint8", "code", "offer and deployment in use, 0 for none", "decide"),
    "last_option": Column("uint8", "code", "the same a quarter ago, which is what peers see", "decide"),
    "tenure": Column("uint8", "quarters", "quarters with the present option", "decide"),
    "taste_quarter": Column("uint8", "quarters", "quarters after birth at which its tastes were drawn", "decide"),
}
BLOCK = 1 << 16  # most firms whose numbers are added up one by one, see `Strata.blocks`
BYTES_PER_FIRM = sum(np.dtype(column.dtype).itemsize for column in SCHEMA.values())


@dataclass(frozen=True, slots=True)
class Strata:
    """Kinds of firms: region x sector x size x class of use intensity; arrays of shape (stratum,).

    They are sorted by the names of region, sector, size and class, so that the firms of a region and sector are
    neighbours in memory.

    Attributes:
        region: Region code.
        sector: Sector code.
        size: Code of the size class.
        key: Key of the stratum's name, from which its firms' ids derive.
        weight: Real firms that each sampled firm stands for.
        start: Row of its first firm; one entry more closes the last stratum, shape (stratum + 1,).
        blocks: Pieces of the firms of a region and sector that are added up one by one: first row, row past the last,
            region, sector and first stratum, shape (block, 5). They depend on nothing but the strata, so that sums do
            not depend on who computes them.
    """

    region: NDArray[np.intp]
    sector: NDArray[np.intp]
    size: NDArray[np.intp]
    key: NDArray[np.uint64]
    weight: NDArray[np.float64]
    start: NDArray[np.int64]
    blocks: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        """Lay out the blocks."""
        changes = np.flatnonzero(np.diff(self.region) | np.diff(self.sector)) + 1
        edges = np.concatenate([[0], changes, [len(self)]])
        pieces = [
            (row, min(row + BLOCK, int(self.start[b])), self.region[a], self.sector[a])
            for a, b in pairwise(edges)
            for row in range(int(self.start[a]), int(self.start[b]), BLOCK)
        ]
        table = np.array(pieces, np.int64).reshape(len(pieces), 4)
        object.__setattr__(self, "blocks", np.column_stack([table, self.of(table[:, 0])]))

    def __len__(self) -> int:
        return len(self.key)

    @property
    def count(self) -> NDArray[np.int64]:
        """Sampled firms of each stratum, shape (stratum,)."""
        return np.diff(self.start)

    def of(self, rows: NDArray[np.integer] | slice) -> NDArray[np.intp]:
        """Stratum of each row, shape (row,)."""
        if isinstance(rows, slice):
            rows = np.arange(*rows.indices(int(self.start[-1])))
        return np.searchsorted(self.start, rows, side="right") - 1

    def ids(self, rows: NDArray[np.integer]) -> NDArray[np.uint64]:
        """Permanent ids of the firms in these rows, shape (row,)."""
        stratum = self.of(rows)
        return firm_ids(self.key[stratum], rows - self.start[stratum])


@dataclass(slots=True)
class Firms:
    """The sampled firms, sorted by stratum; every column has shape (firm,), see `SCHEMA` for units."""

    strata: Strata
    employees: NDArray[np.float32]
    intensity: NDArray[np.float32]
    readiness: NDArray[np.float32]
    taste: NDArray[np.float32]
    option: NDArray[np.uint8]
    last_option: NDArray[np.uint8]
    tenure: NDArray[np.uint8]
    taste_quarter: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.option)

    @property
    def id(self) -> NDArray[np.uint64]:
        """Permanent ids, made anew at each call."""
        return self.strata.ids(np.arange(len(self)))

    @property
    def region(self) -> NDArray[np.intp]:
        """Region codes, made anew at each call."""
        return np.repeat(self.strata.region, self.strata.count)

    @property
    def sector(self) -> NDArray[np.intp]:
        """Sector codes, made anew at each call."""
        return np.repeat(self.strata.sector, self.strata.count)

    @property
    def size(self) -> NDArray[np.intp]:
        """Codes of the size class, made anew at each call."""
        return np.repeat(self.strata.size, self.strata.count)

    @property
    def weight(self) -> NDArray[np.float64]:
        """Real firms that each stands for, made anew at each call."""
        return np.repeat(self.strata.weight, self.strata.count)
