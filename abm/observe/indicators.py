"""Indicators: declared, pure functions of the record."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from abm.quantities import InputError, unknown
from abm.scenario.loading import in_order, load_tables
from abm.theory.distribution import herfindahl

CELL = ("region", "sector", "size", "option")
WEIGHTS = ("firms", "employment", "tokens", "spend")
POPULATIONS = ("firms_10plus", "firms_all", "employment", "people")

Formula = Callable[[xr.Dataset, tuple[str, ...], str, str], xr.DataArray]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared indicator.

    Attributes:
        label: What it is, in words.
        unit: Its unit.
        formula: Its definition, in words.
        by: Dimensions it can be broken down by.
        function: The definition itself.
    """

    label: str
    unit: str
    formula: str
    by: tuple[str, ...]
    function: Formula

    def of(self, data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
        """Values over (quarter, *by), in the order in which the tables list them.

        Raises:
            InputError: If weight, population or breakdown is unknown.
        """
        if weight not in WEIGHTS:
            raise unknown("weight", weight, WEIGHTS)
        if population not in POPULATIONS:
            raise unknown("population", population, POPULATIONS)
        wrong = [b for b in by if b not in self.by]
        if wrong:
            allowed = ", ".join(self.by) or "nothing"
            raise InputError(f"{self.label} cannot be broken down by {wrong[0]!r}; it can by {allowed}.")
        values = self.function(data, by, weight, population).transpose("quarter", *by)
        values = values.sel({one: in_order(one, map(str, values[one].values)) for one in by})
        return values.assign_attrs(units=self.unit, long_name=self.label)


def _coarse(values: xr.DataArray, kept: tuple[str, ...]) -> xr.DataArray:
    """Sum over the cells, keeping the quarter, the option and `kept`: the one large sum of an indicator."""
    return values.sum([d for d in CELL if d not in (*kept, "option")], skipna=False)


def _total(values: xr.DataArray, by: tuple[str, ...]) -> xr.DataArray:
    """Sum over what is left, keeping the quarter and `by`; "offer" and "lab" group the options."""
    kept = ["quarter", *(b for b in by if b in CELL)]
    if "option" in values.dims:
        for group in ("offer", "lab"):
            if group in by:
                values = _by_group(values, group)
                kept.append(group)
    return values.sum([d for d in values.dims if d not in kept], skipna=False)


def _share_of(part: xr.DataArray, values: xr.DataArray, by: tuple[str, ...]) -> xr.DataArray:
    """Share of the cells where `part` holds: never above one, whatever the order in which cells were added."""
    chosen = part.variable  # without coordinates there is nothing to align
    inside, outside = _total(values * chosen, by), _total(values * ~chosen, by)
    return _ratio(inside, inside + outside)


def _by_group(values: xr.DataArray, group: str) -> xr.DataArray:
    label = values[f"option_{group}"]
    names = list(dict.fromkeys(str(x) for x in label.values if str(x) not in ("", "none")))
    return xr.concat(
        [values.isel(option=np.flatnonzero(label.values == n)).sum("option", skipna=False) for n in names],
        xr.Variable(group, names),
    )


def _ratio(part: xr.DataArray, whole: xr.DataArray) -> xr.DataArray:
    some = whole.variable
    return part / some.where(some > 0)


def _users(values: xr.DataArray) -> xr.DataArray:
    return values.isel(option=slice(1, None))


def _people(data: xr.Dataset, by: tuple[str, ...]) -> xr.DataArray:
    if set(by) - {"region"}:
        raise InputError('people are counted by region; ask for penetration of people with by="region" or none.')
    if by:
        return data["people"]
    figures = load_tables().figures["regions.population"]
    heads = xr.DataArray(figures, {"region": list(load_tables().region_names)}, ("region",))
    return (data["people"] * heads).sum("region") / heads.sum("region")


def _penetration(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    if population == "people":
        return _people(data, by)
    values = _coarse(data["employment" if population == "employment" else "firms"], (*by, "size"))
    if population == "firms_10plus" and "micro" in values["size"]:
        values = values.drop_sel(size="micro")
    return _share_of(values["option"] != "none", values, by)


def _open_share(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    values = _users(_coarse(data[weight], by))
    offer = xr.DataArray(values["option_offer"].values, dims="option")
    published = data["published"].sel(offer=offer).drop_vars("offer") > 0
    return _share_of(values["option_open"].drop_vars(["option"]) | published, values, by)


def _market_share(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    values = _users(_coarse(data[weight], by))
    return _ratio(_total(values, by), _total(values, tuple(b for b in by if b not in ("offer", "lab"))))


def _foreign(layer: str) -> Formula:
    """Dependence in a layer: users of models whose origin, or of services whose operator, is abroad."""

    def share(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
        values = _users(_coarse(data[weight], (*by, "region")))
        place = values[f"option_{layer}"]
        return _share_of((place != values["region"]) & (place != ""), values, by)

    return share


def _vendor_revenue(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    return data["lab_revenue"] if by else data["lab_revenue"].sum("lab")


def _vendor_profit(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    profit = data["lab_revenue"] - data["lab_cost"]
    return profit if by else profit.sum("lab")


def _spending_hhi(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    revenue = data["lab_revenue"]
    fringe = data["paid"].sel(payee=["hosts", "hardware"]).sum(["payer", "payee"])
    share = _ratio(revenue, revenue.sum("lab") + fringe).fillna(0.0)
    return xr.apply_ufunc(herfindahl, share, input_core_dims=[["lab"]])


def _productivity(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    return _total(data["productivity"], by)


def _surplus(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    return _total(data["surplus"], by)


def _outlay(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    names = [str(a) for a in data["payer"].values if str(a).startswith("government:")]
    paid = data["paid"].sel(payer=names).sum("payee").rename(payer="region")
    paid = paid.assign_coords(region=[n.split(":")[1] for n in names])
    return paid if by else paid.sum("region")


def _distance(data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> xr.DataArray:
    """Penetration less the linear path through the region's targets; nan where a region has none."""
    if "region" not in by:
        raise InputError('targets belong to regions; ask for target_distance with by="region".')
    actual = _penetration(data, ("region",), weight, population).transpose("quarter", "region")
    quarters, regions = (data[name].values.tolist() for name in ("quarter", "region"))
    targets = [t for t in json.loads(data.attrs["targets"]) if t["quarter"] in quarters]
    path = np.full(actual.shape, np.nan)
    for r, region in enumerate(regions):
        goals = sorted((quarters.index(t["quarter"]), t["value"]) for t in targets if t["region"] == region)
        if goals:
            when, value = zip(*goals, strict=True)
            path[:, r] = np.interp(np.arange(len(quarters)), when, value, left=np.nan, right=np.nan)
    return actual - path


_CELLS = ("region", "sector", "size")
INDICATORS: dict[str, Indicator] = {
    "penetration": Indicator(
        "Share of the population with AI", "share of the population",
        "members of the population in firms that use AI over all its members", _CELLS, _penetration,
    ),
    "open_share": Indicator(
        "Share of open models in use", "share of AI users' weight",
        "weight of the users of open weights over the weight of all users", _CELLS, _open_share,
    ),
    "market_share": Indicator(
        "Share of an offer or lab in use", "share of AI users' weight",
        "weight of its users over the weight of all users", (*_CELLS, "offer", "lab"), _market_share,
    ),
    "foreign_origin": Indicator(
        "Use of models of foreign origin", "share of AI users' weight",
        "weight of users whose model's lab is abroad over the weight of all users", _CELLS, _foreign("origin"),
    ),
    "foreign_operator": Indicator(
        "Use of services run by foreign vendors", "share of AI users' weight",
        "weight of users whose model is run by a vendor abroad over the weight of all users", _CELLS, _foreign("operator"),
    ),
    "vendor_revenue": Indicator(
        "Labs' revenue", "USD per quarter", "payments for the labs' own services", ("lab",), _vendor_revenue,
    ),
    "vendor_profit": Indicator(
        "Labs' gross profit", "USD per quarter", "revenue less serving cost, research not deducted", ("lab",),
        _vendor_profit,
    ),
    "spending_hhi": Indicator(
        "Concentration of AI spending (HHI)", "index from 0 to 1",
        "sum of squared shares of the labs in all payments for use; hosts and own hardware count as atomistic", (),
        _spending_hhi,
    ),
    "productivity": Indicator(
        "Productivity gain", "USD per quarter", "worth of use above what firms pay, entry and upkeep included", _CELLS,
        _productivity,
    ),
    "surplus": Indicator(
        "Users' surplus", "USD per quarter", "realised gain over having no AI, without the peer term", _CELLS, _surplus,
    ),
    "public_outlay": Indicator(
        "Public outlay", "USD per quarter", "payments of governments", ("region",), _outlay,
    ),
    "target_distance": Indicator(
        "Distance to the target path", "share of the population",
        "penetration less the line through the region's targets, from the first to the last of them", ("region",),
        _distance,
    ),
}  # fmt: skip


def effective_sample(data: xr.Dataset, weight: str = "firms") -> xr.DataArray:
    """Kish's effective number of sampled firms behind a share, over (quarter, region).

    Args:
        data: The record's arrays.
        weight: firms, employment, tokens or spend.
    """
    total = data[weight].sum(["sector", "size", "option"])
    return _ratio(total**2, data["squares"].sel(measure=weight, drop=True))
