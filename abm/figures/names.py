"""What a chart shows besides a record's numbers: labels, official figures and official targets."""

from __future__ import annotations

from functools import lru_cache

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
    frame = load_tables().frames["observations"]
    rows = frame[
        (frame["region"] == region) & (frame["population"] == population) & (frame["family"] == "survey")
        & frame["sector"].isna() & frame["size"].isna() & ~frame["note"].astype(str).str.startswith("old wording")
        & frame["quarter"].isin(record.quarters)
    ]  # fmt: skip
    return [(str(q), float(v), str(s)) for q, v, s in zip(rows["quarter"], rows["value"], rows["source"], strict=True)]


def targets(record: Record, region: str) -> list[tuple[str, float, str]]:
    """Official targets for a region's adoption within the record's quarters: (quarter, share, source)."""
    frame = load_tables().frames["targets"]
    rows = frame[(frame["region"] == region) & frame["quarter"].isin(record.quarters)]
    return [(str(q), float(v), str(s)) for q, v, s in zip(rows["quarter"], rows["value"], rows["source"], strict=True)]
