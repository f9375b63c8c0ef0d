"""Measure a world once a quarter into labelled arrays."""

from __future__ import annotations

import copy

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from abm.dynamics.use import gains_of_users, tokens_used
from abm.observe.record import Record
from abm.quarters import QUARTER_YEARS
from abm.scenario.tables import Tables
from abm.world.offers import Options
from abm.world.world import World

Floats = NDArray[np.float64]

CELL = ("quarter", "region", "sector", "size", "option")
# Name: (dimensions after quarter, unit, label)
VARIABLES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "firms": (CELL[1:], "firms", "Firms by the option they use"),
    "employment": (CELL[1:], "workers", "Workers in firms by the option used"),
    "tokens": (CELL[1:], "million tokens per quarter", "Tokens used"),
    "spend": (CELL[1:], "USD per quarter", "Paid for use, subsidies included"),
    "surplus": (CELL[1:], "USD per quarter", "Users' surplus over having no AI, without the peer term"),
    "productivity": (
        CELL[1:],
        "USD per quarter",
        "Worth of use above what firms pay for it, entry and upkeep included",
    ),
    "squares": (("region", "measure"), "1", "Sum of squared weighted values, for effective sample sizes"),
    "capability": (("offer",), "ECI points", "Capability of the lab's best model"),
    "served": (("offer",), "ECI points", "Capability of the model in service"),
    "price": (("offer",), "USD per million tokens", "Posted price of the lab's own service"),
    "hosted_price": (("offer",), "USD per million tokens", "Price of open weights at third-party hosts"),
    "published": (("offer",), "share", "Whether anyone may run the weights of a proprietary offer"),
    "lab_revenue": (("lab",), "USD per quarter", "Receipts"),
    "lab_cost": (("lab",), "USD per quarter", "Serving cost"),
    "prices_found": ((), "share", "Whether the labs' best prices could be computed"),
    "trust": (("region", "choice"), "share", "Trust in an option"),
    "people": (("region",), "share of people", "People that use AI"),
    "readiness": (("region",), "share", "Mean readiness, weighted by employment"),
    "paid": (("payer", "payee"), "USD per quarter", "Flow of money"),
}
MEASURES = ("firms", "employment", "tokens", "spend")


class Recorder:
    """Collects the quarters of one run.

    Args:
        world: The world at birth.
    """

    def __init__(self, world: World) -> None:
        self._rows: dict[str, Floats] = {}  # made at the first measurement, with room for all quarters
        self._measured = 0
        self._quarters = world.last - world.first + 1
        self._options = len(world.options.offer) + 1
        self._fixed_squares = _fixed_squares(world)

    def copied(self) -> Recorder:
        """A recorder with the same quarters that goes on by itself."""
        other = copy.copy(self)
        other._rows = {}
        for name, rows in self._rows.items():
            other._rows[name] = np.empty_like(rows)
            other._rows[name][: self._measured] = rows[: self._measured]
        return other

    def measure(self, world: World) -> None:
        """Add the world's present quarter."""
        assert world.rules is not None
        terms, totals = world.terms, world.totals
        surplus, productivity = gains_of_users(world)
        price = terms.option_price
        # A firm's tokens are its capacity times a factor that its region, sector and option share.
        used = QUARTER_YEARS * tokens_used(world)
        squares = totals.users("capacity_squared").sum(axis=2) * used**2
        workers = totals.employment.sum(axis=(1, 2, 3))
        for name, row in {
            "firms": totals.firms,
            "employment": totals.employment,
            "tokens": world.tokens,
            "spend": world.tokens * price[:, None, None, :],
            "surplus": surplus,
            "productivity": productivity,
            "squares": np.stack(
                [*self._fixed_squares, squares.sum(axis=(1, 2)), (squares * price[:, None, :] ** 2).sum(axis=(1, 2))],
                axis=1,
            ),
            "capability": terms.capability,
            "served": terms.served,
            "price": terms.list_price,
            "hosted_price": terms.hosted_price,
            "published": world.rules.published.astype(float),
            "lab_revenue": np.array([lab.revenue for lab in world.labs]),
            "lab_cost": np.array([lab.cost for lab in world.labs]),
            "prices_found": np.array(float(terms.prices_found)),
            "trust": world.option_trust(),
            "people": world.people,
            "readiness": totals.readiness.sum(axis=(1, 2, 3)) / np.maximum(workers, 1e-300),
            "paid": world.ledger.paid,
        }.items():
            self._write(name, row)
        self._measured += 1

    def _write(self, name: str, row: Floats) -> None:
        """Write a row of the quarter; without AI nobody uses or spends, so that option needs no number."""
        shape = VARIABLES[name][0]
        used_only = shape == CELL[1:] and row.shape[-1] < self._options
        if name not in self._rows:
            width = (*row.shape[:-1], self._options) if used_only else row.shape
            self._rows[name] = np.empty((self._quarters, *width))
        here = self._rows[name][self._measured, ...]
        if used_only:
            here[..., 0] = 0.0
            here = here[..., 1:]
        here[...] = row

    def record(self, world: World) -> Record:
        """The finished record of a world."""
        from abm.quarters import quarter_name

        tables, options = world.scenario.tables, world.options
        names = option_names(tables, options)
        lab = [tables.lab_names[i] for i in options.offer_lab[options.offer]]
        origin = [tables.region_names[i] for i in options.offer_origin[options.offer]]
        operator = ["" if i < 0 else tables.region_names[i] for i in options.operator]
        offer = [tables.offer_names[j] for j in options.offer]
        coords = {
            "quarter": [quarter_name(world.first + k) for k in range(self._measured)],
            "region": list(tables.region_names), "sector": list(tables.sector_names), "size": list(tables.size_names),
            "option": names, "choice": names[1:], "offer": list(tables.offer_names), "lab": list(tables.lab_names),
            "measure": list(MEASURES), "payer": list(world.ledger.accounts), "payee": list(world.ledger.accounts),
            "option_offer": ("option", ["none", *offer]), "option_lab": ("option", ["", *lab]),
            "option_origin": ("option", ["", *origin]), "option_operator": ("option", ["", *operator]),
            "option_open": ("option", np.concatenate([[False], options.open])),
            "offer_open": ("offer", np.array(tables.offer_open)),
        }  # fmt: skip
        data = xr.Dataset(
            {
                name: (("quarter", *dims), self._rows[name][: self._measured], {"units": unit, "long_name": label})
                for name, (dims, unit, label) in VARIABLES.items()
            },
            coords=coords,
        )
        targets = tables.frames["targets"]
        data.attrs = {
            "scenario": world.scenario.name,
            "title": world.scenario.title,
            "toml": world.scenario.to_toml(),
            "digest": world.scenario.digest,
            "seed": world.seed,
            "sampled_firms": len(world.firms),
            "targets": targets[["target", "region", "quarter", "value"]].to_json(orient="records"),
        }
        return Record(data)


def _fixed_squares(world: World) -> tuple[Floats, Floats]:
    """Sums of squared weights and of squared weighted workers by region, which never change, each of shape (region,)."""
    strata, employees = world.firms.strata, world.firms.employees
    regions = len(world.scenario.tables.region_names)
    workers = np.zeros(regions)
    for start, stop, region, _, first in strata.blocks.tolist():
        last = np.searchsorted(strata.start, stop)
        begins = np.maximum(strata.start[first:last], start) - start
        squares = np.add.reduceat(np.square(employees[start:stop], dtype=float), begins)
        workers[region] += strata.weight[first:last] ** 2 @ squares
    return np.bincount(strata.region, strata.weight**2 * strata.count, regions), workers


def option_names(tables: Tables, options: Options) -> list[str]:
    """Names of the option codes, "none" first, for example "deepseek hosted"."""
    pairs = zip(options.offer, options.deployment, strict=True)
    return ["none", *(f"{tables.offer_names[j]} {tables.deployment_names[d]}" for j, d in pairs)]
