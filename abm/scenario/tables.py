"""The data tables: regions, sectors, sizes, firms, labs, offers, trust and observed history.

Tables are CSV files whose every row carries unit, period, source and grade. A user changes, adds or removes a
row; nothing in the code names a region, sector, lab or offer. Whatever the order of a file's rows, arrays are in the
order of the names, so that sums are added in one order; charts and tables show the order of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.quantities import InputError, Quantity, unknown
from abm.quarters import quarter_number

Floats = NDArray[np.float64]
DATA = Path(__file__).parent / "data"

_TABLE = "see the row's source in the data table"
REGION_FIGURES = {
    "gdp": Quantity("Gross domestic product", "USD trillion", 0.001, 1000, _TABLE),
    "population": Quantity("Population", "million people", 0.001, 1e5, _TABLE),
    "wage": Quantity("Average compensation", "USD per worker-year", 50, 1e6, _TABLE),
    "readiness_mean": Quantity("Mean readiness of a firm of 50 workers", "log-odds", -8, 8, _TABLE),
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
_NAMED = {
    "region": "regions", "sector": "sectors", "size": "size_classes", "lab": "labs", "offer": "offers",
    "deployment": "deployments",
}  # fmt: skip
_FIGURES = {
    "regions": REGION_FIGURES, "sectors": SECTOR_FIGURES, "labs": LAB_FIGURES, "deployments": DEPLOYMENT_FIGURES,
    "offers": OFFER_FIGURES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables as arrays, in the order of the names; text columns as tuples.

    Attributes:
        frames: The CSV files as read, by file stem, with their sources.
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
            changed[names.index(row)] = _FIGURES[table][column].check(path, value)
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
        return [str(name) for name in self.frames[_NAMED[one]][one]]

    def names_of(self, table: str) -> tuple[str, ...]:
        """Row names of a table of figures."""
        return {
            "regions": self.region_names, "sectors": self.sector_names, "deployments": self.deployment_names,
            "offers": self.offer_names, "labs": self.lab_names,
        }[table]  # fmt: skip


def is_figure(path: str) -> bool:
    """Whether a dotted name addresses a figure of a table rather than a parameter."""
    return path.split(".")[0] in _FIGURES


def figure_quantity(path: str) -> Quantity:
    """Declaration of the figure that a path addresses (the path must be valid)."""
    table, _, column = path.split(".")
    return _FIGURES[table][column]


def split_figure(path: str, tables: Tables) -> tuple[str, str, str]:
    """Take "regions.china.wage" apart.

    Raises:
        InputError: If table, row or column does not exist.
    """
    parts = path.split(".")
    if len(parts) != 3 or parts[0] not in _FIGURES:
        raise InputError(f"{path!r} names no figure; write for example regions.china.wage or sectors.finance.exposure.")
    table, row, column = parts
    if row not in tables.names_of(table):
        raise unknown(table.rstrip("s"), row, tables.names_of(table))
    if column not in _FIGURES[table]:
        raise unknown(f"figure of {table}", column, _FIGURES[table])
    return table, row, column


@lru_cache(maxsize=4)
def load_tables(folder: Path = DATA) -> Tables:
    """Read all tables of a folder.

    Args:
        folder: Folder of CSV files; the package's own by default.

    Raises:
        InputError: If a file or a needed row is missing.
    """
    stems = [
        "sources",
        "regions",
        "region_figures",
        "sectors",
        "sector_figures",
        "size_classes",
        "firm_counts",
        "labs",
        "lab_figures",
        "offers",
        "frontier_history",
        "offer_history",
        "availability",
        "trust",
        "deployments",
        "deployment_figures",
        "targets",
        "observations",
    ]
    frames = {stem: _read(folder / f"{stem}.csv") for stem in stems}
    named = {one: frames[stem].set_index(one).sort_index() for one, stem in _NAMED.items()}
    regions, sectors, sizes, labs, offers, deployments = (
        tuple(str(n) for n in table.index) for table in named.values()
    )
    figures = {
        f"{table}.{column}": _column(frames[f"{one}_figures"], one, names, column, quantity)
        for table, one, names in (
            ("regions", "region", regions), ("sectors", "sector", sectors), ("labs", "lab", labs),
            ("deployments", "deployment", deployments),
        )
        for column, quantity in _FIGURES[table].items()
    } | {f"offers.{column}": np.full(len(offers), np.nan) for column in OFFER_FIGURES}  # fmt: skip
    counts = frames["firm_counts"].set_index(["region", "sector", "size"])
    cells = pd.MultiIndex.from_product([regions, sectors, sizes])
    missing = [cell for cell in cells if cell not in counts.index]
    if missing:
        raise InputError(f"firm_counts.csv lacks the row {', '.join(missing[0])}; add it (firms may be 0).")
    shape = (len(regions), len(sectors), len(sizes))
    history, first = _history(frames["offer_history"], offers)
    operator, origin, host = _trust(frames["trust"], regions)
    home = tuple(regions.index(r) for r in named["lab"]["home"])
    classes = named["size"]
    upper = classes["max_employees"].astype(float) + 1
    sold = np.ones((len(regions), len(labs)), bool)
    for row in frames["availability"].itertuples():
        sold[regions.index(str(row.region)), labs.index(str(row.lab))] = bool(int(str(row.sold)))
    return Tables(
        frames=frames, region_names=regions, sector_names=sectors, size_names=sizes, lab_names=labs,
        offer_names=offers, deployment_names=deployments,
        size_bounds=tuple(
            (float(low), float(high)) for low, high in zip(classes["min_employees"], upper.fillna(np.inf), strict=True)
        ),
        lab_home=home, offer_lab=tuple(labs.index(x) for x in named["offer"]["lab"]),
        offer_open=tuple(named["offer"]["license"] == "open"),
        offer_small=tuple(named["offer"]["tier"] == "small"),
        figures=figures,
        firms=counts.loc[cells, "firms"].to_numpy(float).reshape(shape),
        employees=counts.loc[cells, "employees"].to_numpy(float).reshape(shape),
        history=history, first_observed=first,
        trust_operator=operator, trust_origin=origin, trust_host=host, sold=sold,
    )  # fmt: skip


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise InputError(f"data table {path.name} is missing; restore it from the package.")
    return pd.read_csv(path, keep_default_na=True)


def _column(frame: pd.DataFrame, key: str, names: tuple[str, ...], column: str, quantity: Quantity) -> Floats:
    rows = frame[frame["quantity"] == column].set_index(key)["value"]
    lacking = [name for name in names if name not in rows.index]
    if lacking:
        raise InputError(f"{key}_figures.csv lacks {column} of {lacking[0]}; add the row.")
    values = np.array([quantity.check(f"{column} of {name}", float(rows[name])) for name in names], float)
    values.setflags(write=False)
    return values


def _history(frame: pd.DataFrame, offers: tuple[str, ...]) -> tuple[dict[str, Floats], int]:
    numbers = frame["quarter"].map(quarter_number)
    first, last = int(numbers.min()), int(numbers.max())
    history = {}
    for quantity, rows in frame.groupby("quantity"):
        array = np.full((last - first + 1, len(offers)), np.nan)
        where = rows["offer"].map(offers.index).to_numpy()
        array[numbers[rows.index].to_numpy() - first, where] = rows["value"].to_numpy(float)
        array.setflags(write=False)
        history[str(quantity)] = array
    return history, first


def _trust(frame: pd.DataFrame, regions: tuple[str, ...]) -> tuple[Floats, Floats, Floats]:
    """Trust by region and origin, and in third-party hosts.

    An origin without a row of its own gets the mean of the region's rows, so that a user may add a lab from anywhere.
    """
    values = frame.set_index(["region", "origin", "role"])["value"]
    arrays = []
    for role in ("operator", "origin"):
        array = np.empty((len(regions), len(regions)))
        for r, region in enumerate(regions):
            rows = frame[
                (frame["region"] == region) & (frame["role"] == role) & (frame["origin"] != "third_party_host")
            ].sort_values("origin")["value"]
            for o, origin in enumerate(regions):
                array[r, o] = values.get((region, origin, role), rows.mean())
        arrays.append(array)
    host = np.array([values[(region, "third_party_host", "operator")] for region in regions], float)
    return arrays[0], arrays[1], host
