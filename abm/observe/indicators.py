"""Indicators: declared, pure functions of the record."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from abm.quantities import InputError, unknown
from abm.scenario.loading import in_order, load_tables
from abm.theory.distribution import herfindahl

CELL = ("region", "sector", "size")
GROUPS = ("offer", "lab")  # of options
WEIGHTS = ("firms", "employment", "tokens", "spend")
POPULATIONS = ("firms_10plus", "firms_all", "employment", "people")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an indicator is asked for.

    Attributes:
        data: The record's arrays.
        by: Dimensions to keep besides the quarter, in the order of `CELL` and `GROUPS`.
        weight: What a share is a share of.
        population: Whose share it is; "" for what is no share of a population.
    """

    data: xr.Dataset
    by: tuple[str, ...]
    weight: str
    population: str

    def values(self, name: str) -> Floats:
        """A variable of the record."""
        return self.data.variables[name].values

    def named(self, name: str) -> list[str]:
        """A coordinate of what is measured, as text: firms with ten workers or more are not micro."""
        names = [str(one) for one in self.values(name)]
        return [one for one in names if one != "micro"] if self.population == "firms_10plus" else names

    def coarse(self, name: str, *kept: str) -> Floats:
        """A variable by cell summed up to the breakdown, to `kept` and to the options, shape (quarter, ..., option)."""
        return self.values(name).sum(axis=_axes(CELL, (*self.by, *kept)))

    def total(self, values: Floats, *kept: str) -> Floats:
        """Such a sum, summed over `kept`, where the breakdown lacks it, and over the options: shape (quarter, ...)."""
        dimensions = [one for one in CELL if one in (*self.by, *kept)]
        axes = _axes(dimensions, self.by)
        group = next((one for one in GROUPS if one in self.by), None)
        if group is None:
            return values.sum(axis=(*axes, -1))
        values, label = values.sum(axis=axes), np.array(self.named(f"option_{group}")[-values.shape[-1] :])
        return np.stack([values[..., label == one].sum(axis=-1) for one in self.named(group)], axis=-1)

    def share(self, part: NDArray[np.bool_], values: Floats, *kept: str) -> Floats:
        """Share of the cells where `part` holds: never above one, whatever the order in which cells were added."""
        inside, outside = self.total(values * part, *kept), self.total(values * ~part, *kept)
        return _ratio(inside, inside + outside)


class Numbers(NamedTuple):
    """An indicator of a record.

    Attributes:
        values: Its values, not to be changed, with a dimension for each of `names`.
        names: Place of each name along each dimension, quarter first.
    """

    values: Floats
    names: dict[str, dict[str, int]]


Formula = Callable[[Asked], Floats]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A declared indicator.

    Attributes:
        label: What it is, in words.
        unit: Its unit.
        formula: Its definition, in words.
        by: Dimensions it can be broken down by.
        function: The definition itself; its values have the order of `Asked.by`.
        of_population: Whether it is a share of a population.
    """

    label: str
    unit: str
    formula: str
    by: tuple[str, ...]
    function: Formula
    of_population: bool = False

    def of(self, data: xr.Dataset, by: tuple[str, ...], weight: str, population: str) -> Numbers:
        """Values over (quarter, *by), and the names along each, in the order in which the tables list them.

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
        if set(GROUPS) <= set(by):
            raise InputError(f"{self.label} can be broken down by offer or by lab, not by both: an offer has one lab.")
        asked = Asked(
            data, tuple(one for one in (*CELL, *GROUPS) if one in by), weight, population if self.of_population else ""
        )
        values, names = self.function(asked), {"quarter": [str(one) for one in asked.values("quarter")]}
        for axis, one in enumerate(asked.by, 1):
            found = asked.named(one)
            names[one] = in_order(one, found)
            values = values.take([found.index(name) for name in names[one]], axis)
        values = values.transpose(0, *(1 + asked.by.index(one) for one in by))
        values.flags.writeable = False  # it is worked out once
        return Numbers(values, {one: {name: k for k, name in enumerate(names[one])} for one in ("quarter", *by)})


def _axes(dimensions: Sequence[str], kept: tuple[str, ...]) -> tuple[int, ...]:
    """Axes of dimensions that are not kept, in an array whose first axis is the quarter."""
    return tuple(axis for axis, one in enumerate(dimensions, 1) if one not in kept)


def _ratio(part: Floats, whole: Floats) -> Floats:
    """A share; nan of nothing."""
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)


def _people(asked: Asked) -> Floats:
    if set(asked.by) - {"region"}:
        raise InputError('people are counted by region; ask for penetration of people with by="region" or none.')
    people = asked.values("people")
    if asked.by:
        return people
    listed = load_tables().region_names
    heads = load_tables().figures["regions.population"][[listed.index(one) for one in asked.named("region")]]
    return np.asarray((people * heads).sum(axis=1) / heads.sum(), float)


def _penetration(asked: Asked) -> Floats:
    if asked.population == "people":
        return _people(asked)
    values = asked.coarse("employment" if asked.population == "employment" else "firms", "size")
    values = values[..., np.isin(asked.values("size"), asked.named("size")), :]
    return asked.share(np.arange(values.shape[-1]) > 0, values, "size")


def _users(values: Floats) -> Floats:
    return values[..., 1:]


def _open_share(asked: Asked) -> Floats:
    users = _users(asked.coarse(asked.weight))
    offers = asked.named("offer")
    place = [offers.index(one) for one in asked.named("option_offer")[1:]]
    opened = asked.values("option_open")[1:].astype(bool) | (
        asked.values("published")[:, place] > 0
    )  # (quarter, option)
    return asked.share(opened.reshape(len(opened), *[1] * (users.ndim - 2), -1), users)


def _market_share(asked: Asked) -> Floats:
    part = asked.total(_users(asked.coarse(asked.weight)))
    whole = part.sum(axis=-1, keepdims=True) if set(GROUPS) & set(asked.by) else part
    return _ratio(part, np.broadcast_to(whole, part.shape))


def _foreign(layer: str) -> Formula:
    """Dependence in a layer: users of models whose origin, or of services whose operator, is abroad."""

    def share(asked: Asked) -> Floats:
        users = _users(asked.coarse(asked.weight, "region"))
        place, region = asked.values(f"option_{layer}")[1:], asked.values("region")
        abroad = (place != region[:, None]) & (place != "")  # (region, option)
        return asked.share(abroad.reshape(len(region), *[1] * (users.ndim - 3), -1), users, "region")

    return share


def _by_lab(asked: Asked, values: Floats) -> Floats:
    return values if asked.by else np.asarray(values.sum(axis=1), float)


def _vendor_revenue(asked: Asked) -> Floats:
    return _by_lab(asked, asked.values("lab_revenue"))


def _vendor_profit(asked: Asked) -> Floats:
    return _by_lab(asked, asked.values("lab_revenue") - asked.values("lab_cost"))


def _spending_hhi(asked: Asked) -> Floats:
    revenue, payees = asked.values("lab_revenue"), asked.named("payee")
    fringe = asked.values("paid")[:, :, [payees.index(one) for one in ("hosts", "hardware")]].sum(axis=(1, 2))
    spent = revenue.sum(axis=1) + fringe
    return herfindahl(np.nan_to_num(_ratio(revenue, np.broadcast_to(spent[:, None], revenue.shape))))


def _productivity(asked: Asked) -> Floats:
    return asked.total(asked.coarse("productivity"))


def _surplus(asked: Asked) -> Floats:
    return asked.total(asked.coarse("surplus"))


def _outlay(asked: Asked) -> Floats:
    payers = asked.named("payer")
    place = [payers.index(f"government:{region}") for region in asked.named("region")]
    paid = asked.values("paid")[:, place].sum(axis=2)
    return paid if asked.by else np.asarray(paid.sum(axis=1), float)


def _distance(asked: Asked) -> Floats:
    """Penetration less the linear path through the region's targets; nan where a region has none."""
    if "region" not in asked.by:
        raise InputError('targets belong to regions; ask for target_distance with by="region".')
    actual = _penetration(asked)
    quarters = asked.named("quarter")
    targets = [t for t in json.loads(asked.data.attrs["targets"]) if t["quarter"] in quarters]
    path = np.full(actual.shape, np.nan)
    for r, region in enumerate(asked.named("region")):
        goals = sorted((quarters.index(t["quarter"]), t["value"]) for t in targets if t["region"] == region)
        if goals:
            when, value = zip(*goals, strict=True)
            path[:, r] = np.interp(np.arange(len(quarters)), when, value, left=np.nan, right=np.nan)
    return actual - path


INDICATORS: dict[str, Indicator] = {
    "penetration": Indicator(
        "Share of the population with AI", "share of the population",
        "members of the population in firms that use AI over all its members", CELL, _penetration,
        of_population=True,
    ),
    "open_share": Indicator(
        "Share of open models in use", "share of AI users' weight",
        "weight of the users of open weights over the weight of all users", CELL, _open_share,
    ),
    "market_share": Indicator(
        "Share of an offer or lab in use", "share of AI users' weight",
        "weight of its users over the weight of all users", (*CELL, "offer", "lab"), _market_share,
    ),
    "foreign_origin": Indicator(
        "Use of models of foreign origin", "share of AI users' weight",
        "weight of users whose model's lab is abroad over the weight of all users", CELL, _foreign("origin"),
    ),
    "foreign_operator": Indicator(
        "Use of services run by foreign vendors", "share of AI users' weight",
        "weight of users whose model is run by a vendor abroad over the weight of all users", CELL, _foreign("operator"),
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
        "Productivity gain", "USD per quarter", "worth of use above what firms pay, entry and upkeep included", CELL,
        _productivity,
    ),
    "surplus": Indicator(
        "Users' surplus", "USD per quarter", "realised gain over having no AI, without the peer term", CELL, _surplus,
    ),
    "public_outlay": Indicator(
        "Public outlay", "USD per quarter", "payments of governments", ("region",), _outlay,
    ),
    "target_distance": Indicator(
        "Distance to the target path", "share of the population",
        "penetration less the line through the region's targets, from the first to the last of them", ("region",),
        _distance, of_population=True,
    ),
}  # fmt: skip


def effective_sample(data: xr.Dataset, weight: str = "firms") -> xr.DataArray:
    """Kish's effective number of sampled firms behind a share, over (quarter, region).

    Args:
        data: The record's arrays.
        weight: firms, employment, tokens or spend.
    """
    total = data[weight].sum(["sector", "size", "option"])
    squares = data["squares"].sel(measure=weight, drop=True)
    return total**2 / squares.where(squares > 0)
