"""The data tables: regions, sectors, sizes, firms, labs, offers, trust and observed history.

Tables are CSV files whose every row carries unit, period, source and grade. A user changes, adds or removes a
row; nothing in the code names a region, sector, lab or offer. Whatever the order of a file's rows, arrays are in the
order of the names, so that sums are added in one order; charts and tables show the order of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.quantities import InputError, Quantity, unknown

Floats = NDArray[np.float64]
DATA = Path(__file__).parent / "data"

_TABLE = "see the row's source in the data table"
REGION_FIGURES = {
    "gdp": Quantity("Gross domestic product", "USD trillion", 0.001, 1000, _TABLE),
    "population": Quantity("Population", "million people", 0.001, 1e5, _TABLE),
    "wage": Quantity("Average compensation", "USD per worker-year", 50, 1e6, _TABLE),
    "readiness_mean": Quantity("Mean readiness of a firm of 50 workers", "log-odds", -8, 8, _TABLE, prior=(-3.0, 1.0)),
    "largest_employer": Quantity("Largest private employer", "employees", 1000, 1e7, _TABLE),
}
SECTOR_FIGURES = {
    "exposure": Quantity("Tasks exposed to language AI", "share of tasks", 0, 1, _TABLE),
    "public_share": Quantity(
        "Organisations whose procurement government decides", "share of organisations", 0, 1, _TABLE
    ),
    "distrust_multiple": Quantity("Cost of distrust over the average sector's", "ratio", 0, 10, _TABLE),
    "innovation_multiple": Quantity("Autonomous attention over the average sector's", "ratio", 0, 10, _TABLE),
}
LAB_FIGURES = {
    "outside_money": Quantity(
        "Money for research from outside when the evidence ends", "USD billion per year", 0.001, 1000, _TABLE
    ),
}
DEPLOYMENT_FIGURES = {
    "operator_weight": Quantity("Share of distrust that is about the operator", "share", 0, 1, _TABLE),
    "price_multiple": Quantity("Unit price over the price at a third-party host", "ratio", 0.01, 100, _TABLE),
}
# Figures without a value in the tables: the history and the labs decide unless a scenario holds them.
OFFER_FIGURES = {
    "capability": Quantity("Capability, held at one value", "ECI points", 50, 400, "the user's choice"),
    "price": Quantity("Posted price, held at one value", "USD per million tokens", 1e-4, 1e4, "the user's choice"),
    "hosted_price": Quantity(
        "Price at third-party hosts, held at one value", "USD per million tokens", 1e-4, 1e4, "the user's choice"
    ),
}
# Tables whose rows are named, by the word for one row.
NAMED = {
    "region": "regions", "sector": "sectors", "size": "size_classes", "lab": "labs", "offer": "offers",
    "deployment": "deployments",
}  # fmt: skip
FIGURES = {
    "regions": REGION_FIGURES, "sectors": SECTOR_FIGURES, "labs": LAB_FIGURES, "deployments": DEPLOYMENT_FIGURES,
    "offers": OFFER_FIGURES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables as arrays, in the order of the names; text columns as tuples.

    Attributes:
        frames: The CSV files as read, by file stem, with their sources.
        offer_opens: Quarter number from which on each offer can be used.
        offer_behind: How far it is behind the best earlier one by then, ECI points; 0 for those there from the first.
        figures: Array per "regions.wage", "sectors.exposure", ..., in the order of the names; those of offers are nan
            unless a scenario holds them.
        firms: Firms per cell, shape (region, sector, size).
        employees: Employees per cell, shape (region, sector, size).
        history: Arrays per quantity (capability, price, hosted_price), shape (quarter, offer), nan where none.
        first_observed: Quarter number of the first row of `history`.
        trust_operator: Prior trust in a vendor of an origin, shape (region, origin).
        trust_origin: Prior trust in a model of an origin, shape (region, origin).
        trust_host: Prior trust in a third-party host, shape (region,).
        sold: Whether a lab sells in a region, shape (region, lab).
    """

    frames: Mapping[str, pd.DataFrame]
    region_names: tuple[str, ...]
    sector_names: tuple[str, ...]
    size_names: tuple[str, ...]
    lab_names: tuple[str, ...]
    offer_names: tuple[str, ...]
    deployment_names: tuple[str, ...]
    size_bounds: tuple[tuple[float, float], ...]
    lab_home: tuple[int, ...]
    offer_lab: tuple[int, ...]
    offer_open: tuple[bool, ...]
    offer_small: tuple[bool, ...]
    offer_opens: tuple[int, ...]
    offer_behind: tuple[float, ...]
    figures: Mapping[str, Floats]
    firms: Floats
    employees: Floats
    history: Mapping[str, Floats]
    first_observed: int
    trust_operator: Floats
    trust_origin: Floats
    trust_host: Floats
    sold: NDArray[np.bool_]

    @property
    def last_observed(self) -> int:
        """Quarter number of the last row of `history`."""
        return self.first_observed + len(self.history["capability"]) - 1

    def with_figures(self, changes: Mapping[str, float]) -> Tables:
        """Tables with single figures replaced, addressed as "regions.china.wage"."""
        from dataclasses import replace

        figures = dict(self.figures)
        for path, value in changes.items():
            table, row, column = split_figure(path, self)
            names = self.names_of(table)
            changed = figures[f"{table}.{column}"].copy()
            changed[names.index(row)] = FIGURES[table][column].check(path, value)
            changed.setflags(write=False)
            figures[f"{table}.{column}"] = changed
        return replace(self, figures=figures)

    def with_firms_of(self, regions: tuple[str, ...]) -> Tables:
        """Tables with the firms of some regions only; none named means all."""
        if not regions:
            return self
        from dataclasses import replace

        kept = np.isin(self.region_names, regions)[:, None, None]
        return replace(self, firms=self.firms * kept, employees=self.employees * kept)

    def listed(self, one: str) -> list[str]:
        """Names of the regions, sectors, sizes, labs, offers or deployments in the order of their file.

        Args:
            one: The word for one of them, such as "region".
        """
        return [str(name) for name in self.frames[NAMED[one]][one]]

    def names_of(self, table: str) -> tuple[str, ...]:
        """Row names of a table of figures."""
        return {
            "regions": self.region_names, "sectors": self.sector_names, "deployments": self.deployment_names,
            "offers": self.offer_names, "labs": self.lab_names,
        }[table]  # fmt: skip


def is_figure(path: str) -> bool:
    """Whether a dotted name addresses a figure of a table rather than a parameter."""
    return path.split(".")[0] in FIGURES


def figure_quantity(path: str) -> Quantity:
    """Declaration of the figure that a path addresses (the path must be valid)."""
    table, _, column = path.split(".")
    return FIGURES[table][column]


def split_figure(path: str, tables: Tables) -> tuple[str, str, str]:
    """Take "regions.china.wage" apart.

    Raises:
        InputError: If table, row or column does not exist.
    """
    parts = path.split(".")
    if len(parts) != 3 or parts[0] not in FIGURES:
        raise InputError(f"{path!r} names no figure; write for example regions.china.wage or sectors.finance.exposure.")
    table, row, column = parts
    if row not in tables.names_of(table):
        raise unknown(table.rstrip("s"), row, tables.names_of(table))
    if column not in FIGURES[table]:
        raise unknown(f"figure of {table}", column, FIGURES[table])
    return table, row, column
