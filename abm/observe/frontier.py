"""The best proprietary and the best open model over time, and how far open ones are behind."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from abm.observe.record import Record
from abm.quarters import QUARTER_YEARS, quarter_number
from abm.world.offers import Options

Floats = NDArray[np.float64]
MONTHS = 12 * QUARTER_YEARS  # in a quarter


def frontiers(record: Record) -> tuple[Floats, Floats]:
    """Capability of the best proprietary and of the best open model, ECI points, each of shape (quarter,).

    Only models that are out in this world count. A proprietary lab's model whose weights anyone may run counts as both. Nan
    where there is no model of the kind.
    """
    data, out = record.data, _released(record)
    is_open = data["offer_open"].to_numpy()
    runnable = is_open | (data["published"].to_numpy() > 0)
    best = (
        np.where(kind & out, data["capability"].to_numpy(), -np.inf).max(axis=1)
        for kind in (~is_open[None, :], runnable)
    )
    proprietary, opened = (np.where(np.isfinite(one), one, np.nan) for one in best)
    return proprietary, opened


def open_lag(proprietary: Floats, opened: Floats) -> Floats:
    """Months since proprietary models first had the capability that open ones have, by quarter, shape (quarter,).

    Interpolated on the best proprietary model so far. Zero where open models lead; nan where there is no model of one kind,
    or where open ones are not yet where the proprietary ones started.

    Args:
        proprietary: Best proprietary model, ECI points, shape (quarter,).
        opened: Best open model, ECI points, shape (quarter,).

    >>> open_lag(np.array([100.0, 110.0, 120.0]), np.array([90.0, 100.0, 115.0]))
    array([nan, 3. , 1.5])
    """
    months, there = MONTHS * np.arange(len(proprietary)), np.isfinite(proprietary)
    if not there.any():
        return np.full(len(proprietary), np.nan)
    # A frontier that stands still is told apart by a hair, so that its first quarter is the one that is found.
    rising = np.maximum.accumulate(proprietary[there]) + 1e-9 * np.arange(there.sum())
    since = np.maximum(months - np.interp(opened, rising, months[there]), 0.0)
    return np.where(opened >= rising[0], since, np.nan)


def _released(record: Record) -> NDArray[np.bool_]:
    """Offers whose labs have opened and that are not withdrawn, shape (quarter, offer)."""
    scenario = record.scenario
    tables, options = scenario.tables, Options.of(scenario.tables)
    quarters = np.array([quarter_number(name) for name in record.quarters])
    out = quarters[:, None] >= np.array(tables.offer_opens)
    for target in scenario.withdrawn:
        out[:, options.offer[options.targeted(target, tables)]] = False
    return out
