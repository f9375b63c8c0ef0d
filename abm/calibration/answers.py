"""The headline answers of a posterior: adoption in China, open shares and vendors' part of the gains, draw by draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtri

from abm.calibration.check import LEVEL
from abm.calibration.design import each
from abm.calibration.forecast import future_targets
from abm.calibration.kept import Kept
from abm.calibration.moments import FIRMS, measured
from abm.calibration.targets import families
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.observe.record import Record
from abm.rng import uniform
from abm.scenario.scenario import Scenario
from abm.simulation import simulate

Floats = NDArray[np.float64]
SCENARIOS = ("baseline", "ai_plus")
YEARS = (2027, 2030)
GOALS = {2027: 0.7, 2030: 0.9}  # of AI Plus
MEASURED_BY = {  # which family of figures tells how far the model is off, by answer and population or weight
    **{("penetration", one): "survey" for one in POPULATIONS}, ("penetration", "people"): "people",
    ("open_share", "spend"): "enterprise_open", ("open_share", "tokens"): "router_open",
}  # fmt: skip
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


def with_misfit(found: pd.DataFrame, kept: Kept, seed: int = 1) -> pd.DataFrame:
    """Answers as the model and what it misses have them: what figures of a family missed, their future may miss as well.

    Adoption by firms and workers is off by the misfit of surveys, by people of people's, the open share of spend by that of
    enterprises and of tokens by that of routers, in log-odds and by the same normal number in all years and scenarios of a
    draw. No family measures the others; they stay as they are.

    Args:
        found: Answers at the draws.
        kept: The draws.
        seed: Seed of the normal numbers.
    """
    names = list(families())
    off = kept.misfit * ndtri(
        uniform(seed, "misfit of answers", np.arange(kept.misfit.size, dtype=np.uint64), 0)
    ).reshape(kept.misfit.shape)
    keys = pd.MultiIndex.from_frame(found[["answer", "of"]])
    family = keys.map(lambda key: names.index(MEASURED_BY[key]) if key in MEASURED_BY else -1).to_numpy()
    known = family >= 0
    values = found["value"].to_numpy(copy=True)
    rows = found["draw"].to_numpy()[known] - 1
    values[known] = expit(logit(np.clip(values[known], 1e-4, 1 - 1e-4)) + off[rows, family[known]])
    return found.assign(value=values)


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
