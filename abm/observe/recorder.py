"""Measure a world once a quarter into labelled arrays."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from abm.dynamics.conditions import QUARTER_YEARS
from abm.dynamics.use import tokens_per_capacity
from abm.observe.record import Record
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
    "squares": (("region", "measure"), "1", "Sum of squared weighted values, for effective sample sizes"),
    "capability": (("offer",), "ECI points", "Capability"),
    "price": (("offer",), "USD per million tokens", "Posted price of the lab's own service"),
    "hosted_price": (("offer",), "USD per million tokens", "Price of open weights at third-party hosts"),
    "lab_revenue": (("lab",), "USD per quarter", "Receipts"),
    "lab_cost": (("lab",), "USD per quarter", "Serving cost"),
    "trust": (("region", "choice"), "share", "Trust in an option"),
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
        self._rows: dict[str, list[Floats]] = {name: [] for name in VARIABLES}
        self._quarters: list[int] = []
        self._fixed_squares = _fixed_squares(world)

    def measure(self, world: World) -> None:
        """Add the world's present quarter."""
        terms, totals = world.terms, world.totals
        self._quarters.append(world.quarter)
        tokens = _with_none(world.tokens)
        price = np.concatenate([[0.0], terms.option_price])
        # A firm's tokens are its capacity times a factor that its region, sector and option share.
        used = QUARTER_YEARS * _with_none(np.broadcast_to(tokens_per_capacity(world)[:, :, None, :], world.tokens.shape))
        squares = totals.capacity_squared * used**2
        workers = totals.employment.sum(axis=(1, 2, 3))
        for name, row in {
            "firms": totals.firms,
            "employment": totals.employment,
            "tokens": tokens,
            "spend": tokens * price,
            "surplus": totals.surplus / 4,
            "squares": np.stack(
                [*self._fixed_squares, squares.sum(axis=(1, 2, 3)), (squares * price**2).sum(axis=(1, 2, 3))], axis=1
            ),
            "capability": terms.capability,
            "price": terms.list_price,
            "hosted_price": terms.hosted_price,
            "lab_revenue": np.array([lab.revenue for lab in world.labs]),
            "lab_cost": np.array([lab.cost for lab in world.labs]),
            "trust": world.option_trust(),
            "readiness": totals.readiness.sum(axis=(1, 2, 3)) / np.maximum(workers, 1e-300),
            "paid": world.ledger.paid,
        }.items():
            self._rows[name].append(row.copy())

    def record(self, world: World) -> Record:
        """The finished record of a world."""
        from abm.quarters import quarter_name

        tables, options = world.scenario.tables, world.options
        names = option_names(tables, options)
        coords = {
            "quarter": [quarter_name(q) for q in self._quarters],
            "region": list(tables.region_names), "sector": list(tables.sector_names), "size": list(tables.size_names),
            "option": names, "choice": names[1:], "offer": list(tables.offer_names), "lab": list(tables.lab_names),
            "measure": list(MEASURES), "payer": list(world.ledger.accounts), "payee": list(world.ledger.accounts),
        }  # fmt: skip
        data = xr.Dataset(
            {
                name: (("quarter", *dims), np.array(self._rows[name]), {"units": unit, "long_name": label})
                for name, (dims, unit, label) in VARIABLES.items()
            },
            coords=coords,
        )
        is_open = np.concatenate([[False], options.offer_open[options.offer]])
        lab = [tables.lab_names[i] for i in options.offer_lab[options.offer]]
        origin = [tables.region_names[i] for i in options.offer_origin[options.offer]]
        operator = ["" if i < 0 else tables.region_names[i] for i in options.operator]
        offer = [tables.offer_names[j] for j in options.offer]
        data = data.assign_coords(
            option_offer=("option", ["none", *offer]),
            option_lab=("option", ["", *lab]),
            option_origin=("option", ["", *origin]),
            option_operator=("option", ["", *operator]),
            option_open=("option", is_open),
            offer_open=("offer", np.array(tables.offer_open)),
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


def _with_none(values: Floats) -> Floats:
    """Zeros for no AI before the options, along the last axis."""
    return np.concatenate([np.zeros((*values.shape[:-1], 1)), values], axis=-1)


def _fixed_squares(world: World) -> tuple[Floats, Floats]:
    """Sums of squared weights and of squared weighted workers by region, which never change, each of shape (region,)."""
    firms, strata = world.firms, world.firms.strata
    regions = len(world.scenario.tables.region_names)
    squared = np.array(
        [np.square(firms.employees[a:b], dtype=float).sum() for a, b in zip(strata.start[:-1], strata.start[1:], strict=True)]
    )
    return tuple(np.bincount(strata.region, strata.weight**2 * x, regions) for x in (strata.count, squared))  # type: ignore[return-value]


def option_names(tables: Tables, options: Options) -> list[str]:
    """Names of the option codes, "none" first, for example "deepseek hosted"."""
    pairs = zip(options.offer, options.deployment, strict=True)
    return ["none", *(f"{tables.offer_names[j]} {tables.deployment_names[d]}" for j, d in pairs)]
