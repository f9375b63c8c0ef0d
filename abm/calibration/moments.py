"""What the model says about each target."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from abm.calibration.targets import Target, targets
from abm.observe.record import Record
from abm.quarters import quarter_name
from abm.scenario.scenario import Scenario
from abm.simulation import simulate

Floats = NDArray[np.float64]

FIRMS, LAB_FIRMS = 20_000, 3_000  # sampled firms where firms are counted, and where only labs matter
HISTORIES = ("observed", "endogenous")
_WITHIN = ("sector", "size", "option")
OF_LABS = ("frontier", "price", "price_fall")  # what labs that decide for themselves make


def moments(changes: Mapping[str, float], seed: int) -> Floats:
    """Every target's quantity in the model at some parameters, on the scale of the target's error, shape (target,).

    Adoption, use and spending are those of a world with the observed models and prices, capability and prices those of
    labs which decide for themselves from 2023 on.

    Args:
        changes: Parameters and figures by dotted name.
        seed: Seed of both runs.
    """
    base = to_evidence(Scenario.load("baseline").replace(changes))
    sizes = {"observed": FIRMS, "endogenous": LAB_FIRMS}
    records = {name: simulate(base.replace(history=name), sizes[name], seed, threads=1) for name in HISTORIES}
    return np.array([float(one.scaled(measured(one, records))) for one in targets()])


def to_evidence(scenario: Scenario) -> Scenario:
    """The scenario, ended where the evidence ends."""
    return scenario.replace(end=quarter_name(scenario.tables.last_observed))


def measured(target: Target, records: Mapping[str, Record]) -> float:
    """A target's quantity in the records of the two histories, in the target's unit."""
    record = records["endogenous" if target.indicator in OF_LABS else "observed"]
    quarters = [q for q in record.quarters if target.first <= q <= target.last]
    data = record.data.sel(quarter=quarters)
    if target.indicator == "frontier":
        mine = data["offer_open"].values == (target.reading == "open")
        return float(data["capability"].isel(offer=mine).max("offer").mean())
    if target.indicator == "price":
        prices = data["price"].sel(offer=target.reading.split("+"))
        return float(np.exp(np.log(prices).mean()))
    if target.indicator == "price_fall":
        able = data["served"] >= float(target.reading)
        least = data["price"].fillna(np.inf).clip(max=data["hosted_price"].fillna(np.inf)).where(able).min("offer")
        return float(least[0] / least[-1])
    if target.indicator == "relative_use":
        per_worker = data["tokens"].sum(_WITHIN) / data["employment"].sum(_WITHIN)
        return float((per_worker.sel(region=target.region) / per_worker.sel(region=target.reading)).mean())
    if target.indicator == "people":
        return float(data["people"].sel(region=target.region).mean())
    if target.indicator == "spend":
        return 4 * float(data["spend"].sum(["region", "sector", "size", "option"]).mean())
    weight = {"penetration": "employment" if target.reading == "employment" else "firms"}.get(
        target.indicator, target.reading
    )
    cells = _cells(data[weight], target)
    by_option = cells.sum([d for d in ("region", "sector", "size") if d in cells.dims])
    users = by_option.isel(option=slice(1, None))
    if target.indicator == "penetration":
        return float((users.sum("option") / by_option.sum("option")).mean())
    counted = users["option_origin"] == "china"
    if target.indicator == "open_share":  # weights that a proprietary lab publishes in the run are open from then on
        published = data["published"].sel(offer=users["option_offer"]).drop_vars("offer")
        counted = users["option_open"] | (published > 0)
    return float((users.where(counted, 0.0).sum("option") / users.sum("option")).mean())


def _cells(values: xr.DataArray, target: Target) -> xr.DataArray:
    """The cells of the target's population."""
    if target.region != "world":
        values = values.sel(region=target.region.split("+"))
    if target.sector:
        values = values.sel(sector=target.sector.split("+"))
    if target.size:
        return values.sel(size=target.size.split("+"))
    return values.drop_sel(size="micro") if target.reading == "firms_10plus" else values
