"""What a chart shows besides a record's numbers: labels, official figures and official targets."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from abm.observe.record import Record
from abm.scenario.loading import load_tables
from abm.scenario.tables import NAMED


def label_of(table: str, name: str) -> str:
    """The label of a region, sector, size class, lab or offer, as its table has it.

    Args:
        table: "region", "sector", "size", "lab" or "offer".
        name: The name in that table; one without a label is its own label.
    """
    return _labels(table).get(name, name)


@lru_cache
def _labels(table: str) -> dict[str, str]:
    frame = load_tables().frames[NAMED[table]]
    return dict(zip(map(str, frame[table]), map(str, frame["label"]), strict=True))


def observations(record: Record, region: str, population: str = "firms_10plus") -> list[tuple[str, float, str]]:
    """Official survey figures of a region within the record's quarters: (quarter, share, source).

    Args:
        record: The record, for its quarters.
        region: Region name.
        population: Population surveyed.
    """
    quarters = set(record.quarters)
    return [one for one in _observed(region, population) if one[0] in quarters]


@lru_cache
def _observed(region: str, population: str) -> list[tuple[str, float, str]]:
    frame = load_tables().frames["observations"]
    rows = frame[
        (frame["region"] == region) & (frame["population"] == population) & (frame["family"] == "survey")
        & frame["sector"].isna() & frame["size"].isna() & ~frame["note"].astype(str).str.startswith("old wording")
    ]  # fmt: skip
    return _points(rows)


def targets(record: Record, region: str) -> list[tuple[str, float, str]]:
    """Official targets for a region's adoption within the record's quarters: (quarter, share, source)."""
    quarters = set(record.quarters)
    return [one for one in _aimed(region) if one[0] in quarters]


@lru_cache
def _aimed(region: str) -> list[tuple[str, float, str]]:
    frame = load_tables().frames["targets"]
    return _points(frame[frame["region"] == region])


def _points(rows: pd.DataFrame) -> list[tuple[str, float, str]]:
    return [(str(q), float(v), str(s)) for q, v, s in zip(rows["quarter"], rows["value"], rows["source"], strict=True)]
