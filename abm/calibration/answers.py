"""The headline answers of a posterior: adoption in China, open shares and vendors' part of the gains, draw by draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.calibration.check import LEVEL
from abm.calibration.design import each
from abm.calibration.forecast import future_targets
from abm.calibration.kept import Kept
from abm.calibration.moments import FIRMS, measured
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.observe.record import Record
from abm.scenario.scenario import Scenario
from abm.simulation import simulate

Floats = NDArray[np.float64]
SCENARIOS = ("baseline", "ai_plus")
YEARS = (2027, 2030)
GOALS = {2027: 0.7, 2030: 0.9}  # of AI Plus
KEYS = ["scenario", "answer", "region", "of", "quarter"]


def answers(kept: Kept, workers: int, progress: Callable[[int, int], None]) -> pd.DataFrame:
    """Live through the years to 2030 at each draw, with incidents and breakthroughs by chance.

    Args:
        kept: Draws from a posterior.
        workers: Processes.
        progress: Called with (draws done, draws in all).

    Returns:
        A row for each draw, scenario, answer (penetration, open_share, vendors_part or a future figure), region, population
        or weight, and quarter; `value` on the answer's own scale, or on that of the target's error for a future figure.
    """
    found = each(_answers_of, list(enumerate(kept.changes, 1)), workers, progress)
    return pd.DataFrame([row for rows in found for row in rows])


def ends(found: pd.DataFrame) -> dict[tuple[str, ...], tuple[float, float, float]]:
    """Lower end of the 90% interval, median and upper end of each answer, by `KEYS`."""
    levels = ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)
    told = {}
    for key, values in found.groupby(KEYS, sort=False)["value"]:
        low, median, high = (float(x) for x in np.quantile(values, levels))
        told[tuple(map(str, key))] = (low, median, high)
    return told


def _answers_of(job: tuple[int, dict[str, float]]) -> list[dict[str, Any]]:
    draw, changes = job
    rows = []
    for name in SCENARIOS:
        scenario = Scenario.load(name).replace({**changes, "end": f"{max(YEARS)}Q4", "shocks": draw})
        record = simulate(scenario, FIRMS, draw, threads=1)
        told = _told(record)
        if name == "baseline":
            told += _future(record)
        rows += [dict(zip(["draw", *KEYS, "value"], (draw, name, *row), strict=True)) for row in told]
    return rows


def _told(record: Record) -> list[tuple[str, str, str, str, float]]:
    """Rows of answer, region, population or weight, quarter and value."""
    rows = []
    for population in POPULATIONS:
        path = record.indicator("penetration", by="region", population=population).sel(region="china")
        rows += [("penetration", "china", population, q, float(path.sel(quarter=q))) for q in record.quarters]
    for quarter in (f"{year}Q4" for year in YEARS):
        for weight in WEIGHTS:
            local = record.indicator("open_share", by="region", weight=weight).sel(quarter=quarter)
            for region, value in local.to_series().to_dict().items():
                rows.append(("open_share", str(region), weight, quarter, float(value)))
            world = record.indicator("open_share", weight=weight).sel(quarter=quarter)
            rows.append(("open_share", "world", weight, quarter, float(world)))
        profit, surplus = (float(record.indicator(what).sel(quarter=quarter)) for what in ("vendor_profit", "surplus"))
        rows.append(("vendors_part", "world", "gains", quarter, profit / (profit + surplus)))
    return rows


def _future(record: Record) -> list[tuple[str, str, str, str, float]]:
    """Figures later than the evidence, on the scale of their errors."""
    records = {"observed": record, "endogenous": record}
    rows = []
    for one in future_targets():
        rows.append((one.moment, one.region, one.reading, one.last, float(one.scaled(measured(one, records)))))
    return rows
