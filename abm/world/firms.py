"""Firms as columns: one array per attribute, declared in a schema."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NO_AI = 0  # option code of a firm without AI; options proper count from 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the population: its type, unit, meaning, and the verb that writes it after birth."""

    dtype: str
    unit: str
    meaning: str
    written_by: str


SCHEMA: dict[str, Column] = {
    "id": Column("uint64", "1", "permanent id, a function of stratum and index", "birth"),
    "region": Column("uint8", "code", "home region", "birth"),
    "sector": Column("uint8", "code", "sector", "birth"),
    "size": Column("uint8", "code", "size class by employees", "birth"),
    "employees": Column("float32", "workers", "workers", "birth"),
    "weight": Column("float64", "firms", "real firms that it stands for", "birth"),
    "spend_scale": Column("float32", "USD per worker-year", "spend at the reference price if fully ready", "birth"),
    "readiness": Column("float32", "share", "what its expertise achieves of the full use", "learn"),
    "option": Column("uint8", "code", "offer and deployment in use, 0 for none", "decide"),
    "tenure": Column("uint8", "quarters", "quarters with the present option, counted to 255", "decide"),
    "taste_quarter": Column("uint8", "quarters", "quarters after birth at which its tastes were drawn", "decide"),
    "entry_payment": Column("float32", "USD per year", "annuity of the entry cost under the contract", "decide"),
    "surplus": Column("float32", "USD per year", "gain over having no AI at its last decision", "decide"),
}


@dataclass(slots=True)
class Firms:
    """The sampled firms, sorted by stratum; every array has shape (firm,), see `SCHEMA` for units."""

    id: NDArray[np.uint64]
    region: NDArray[np.uint8]
    sector: NDArray[np.uint8]
    size: NDArray[np.uint8]
    employees: NDArray[np.float32]
    weight: NDArray[np.float64]
    spend_scale: NDArray[np.float32]
    readiness: NDArray[np.float32]
    option: NDArray[np.uint8]
    tenure: NDArray[np.uint8]
    taste_quarter: NDArray[np.uint8]
    entry_payment: NDArray[np.float32]
    surplus: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.id)
