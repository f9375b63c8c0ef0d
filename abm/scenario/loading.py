"""Read the data tables from their files, and add what a scenario adds to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from abm.quantities import InputError, Quantity
from abm.quarters import quarter_number
from abm.scenario.entrant import Entrant
from abm.scenario.tables import DATA, FIGURES, NAMED, OFFER_FIGURES, Floats, Tables


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
    return assembled({stem: _read(folder / f"{stem}.csv") for stem in stems})


def in_order(one: str, names: Iterable[str]) -> list[str]:
    """Names of regions, offers, ... in the order of their file; those that it does not hold, as of new labs, last.

    Args:
        one: The word for one of them, such as "offer".
        names: The names.
    """
    listed, given = load_tables().listed(one), list(names)
    return [name for name in listed if name in given] + [name for name in given if name not in listed]


@lru_cache(maxsize=16)
def tables_with(entrants: tuple[Entrant, ...]) -> Tables:
    """The package's tables with labs that open later.

    Until then they have no users; the tables hold for them what offers of their license cost on average.
    """
    tables = load_tables()
    if not entrants:
        return tables
    frames = dict(tables.frames)
    for one in entrants:
        label = {"label": one.name.replace("_", " ")}
        about = {"source": "the user's choice", "grade": "assumed"}
        money = {"quantity": "outside_money", "value": one.outside_money}
        offer = {"offer": one.name, "lab": one.name, "license": one.license, "tier": "flagship", "opens": one.quarter}
        alike = frames["offers"]["offer"][frames["offers"]["license"] == one.license]
        rows = frames["offer_history"]
        mean = rows[rows["offer"].isin(alike)].groupby(["quarter", "quantity"], as_index=False)["value"].agg(_geometric)
        for stem, added in {
            "labs": [{"lab": one.name, "home": one.home, **label, **about}],
            "lab_figures": [{"lab": one.name, **money, **about}],
            "offers": [{**offer, **label, **about}],
            "offer_history": mean.assign(offer=one.name).to_dict("records"),
        }.items():
            frames[stem] = pd.concat([frames[stem], pd.DataFrame(added)], ignore_index=True)
    made = assembled(frames)
    behind = {one.name: one.behind for one in entrants}
    return replace(made, offer_behind=tuple(
        behind.get(name, known) for name, known in zip(made.offer_names, made.offer_behind, strict=True)
    ))  # fmt: skip


def _geometric(values: pd.Series) -> float:
    return float(np.exp(np.log(values).mean()))


def assembled(frames: Mapping[str, pd.DataFrame]) -> Tables:
    """Tables from the content of their files, by file stem.

    Raises:
        InputError: If a needed row is missing.
    """
    named = {one: frames[stem].set_index(one).sort_index() for one, stem in NAMED.items()}
    regions, sectors, sizes, labs, offers, deployments = (
        tuple(str(n) for n in table.index) for table in named.values()
    )
    figures = {
        f"{table}.{column}": _column(frames[f"{one}_figures"], one, names, column, quantity)
        for table, one, names in (
            ("regions", "region", regions), ("sectors", "sector", sectors), ("labs", "lab", labs),
            ("deployments", "deployment", deployments),
        )
        for column, quantity in FIGURES[table].items()
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
    opens = tuple(first if one != one else quarter_number(str(one)) for one in named["offer"]["opens"])
    return Tables(
        frames=frames, region_names=regions, sector_names=sectors, size_names=sizes, lab_names=labs,
        offer_names=offers, deployment_names=deployments,
        size_bounds=tuple(
            (float(low), float(high)) for low, high in zip(classes["min_employees"], upper.fillna(np.inf), strict=True)
        ),
        lab_home=home, offer_lab=tuple(labs.index(x) for x in named["offer"]["lab"]),
        offer_open=tuple(named["offer"]["license"] == "open"),
        offer_small=tuple(named["offer"]["tier"] == "small"),
        offer_opens=opens, offer_behind=_behind(history["capability"], opens, first), figures=figures,
        firms=counts.loc[cells, "firms"].to_numpy(float).reshape(shape),
        employees=counts.loc[cells, "employees"].to_numpy(float).reshape(shape),
        history=history, first_observed=first,
        trust_operator=operator, trust_origin=origin, trust_host=host, sold=sold,
    )  # fmt: skip


def _behind(capability: Floats, opens: tuple[int, ...], first: int) -> tuple[float, ...]:
    """How far each offer was behind the best one before it when it opened, ECI points; 0 for those there from the first."""
    behind = []
    for offer, quarter in enumerate(opens):
        earlier = np.array(opens) < quarter
        row = capability[min(quarter - first, len(capability) - 1)]
        behind.append(float(row[earlier].max() - row[offer]) if earlier.any() else 0.0)
    return tuple(behind)


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
