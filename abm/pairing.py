"""Who was moved by a policy: firms that use something else in the what-if than in its baseline, with the same luck."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from abm.model import Market, market_of
from abm.observe.recorder import option_names
from abm.quantities import InputError
from abm.quarters import quarter_number
from abm.scenario.differing import difference
from abm.scenario.scenario import DEFAULT_FIRMS, Scenario
from abm.world.genesis import Count
from abm.world.world import World

GROUPS = ("region", "sector", "size")


def flips(base: Scenario, variant: Scenario, quarter: str, firms: Count = DEFAULT_FIRMS, seed: int = 1) -> pd.DataFrame:
    """Firms that a what-if has moved from one offer to another, firm by firm.

    Args:
        base: The baseline.
        variant: The what-if; both must have the same firms.
        quarter: Quarter in which the two worlds are compared.
        firms: Size of the sample.
        seed: The seed of both runs.

    Returns:
        A row for each region, sector, size, offer before and offer after ("none" for no AI): real firms that have moved,
        their workers, and how many sampled firms stand for them. The most workers first.

    Raises:
        InputError: If the scenarios are equal, the quarter is not in both runs, or they do not have the same firms.
    """
    before, after = paired_worlds(base, variant, quarter, firms, seed)
    names = [_offers(world) for world in (before, after)]
    moved = np.flatnonzero(names[0] != names[1])
    tables, strata = before.scenario.tables, before.firms.strata
    stratum = strata.of(moved)
    weight = strata.weight[stratum]
    frame = pd.DataFrame({
        "region": np.array(tables.region_names)[strata.region[stratum]],
        "sector": np.array(tables.sector_names)[strata.sector[stratum]],
        "size": np.array(tables.size_names)[strata.size[stratum]],
        "from": names[0][moved], "to": names[1][moved],
        "firms": weight, "workers": weight * before.firms.employees[moved], "sampled": np.ones(len(moved), int),
    })  # fmt: skip
    summed = frame.groupby([*GROUPS, "from", "to"], as_index=False).sum()
    return summed.sort_values(["workers", *GROUPS], ascending=[False, True, True, True], ignore_index=True)


def paired_quarters(
    base: Scenario, variant: Scenario, first: str, last: str, firms: Count, seed: int
) -> Iterator[tuple[World, World]]:
    """Two worlds of the same firms and luck at the end of each quarter from the first to the last.

    Raises:
        InputError: As `paired_worlds`.
    """
    for scenario in (base, variant):
        _check_quarter(scenario, last)
    before, after = (_market_until(scenario, first, firms, seed) for scenario in (base, variant))
    _check_pair(base, variant, before.world, after.world)
    for quarter in range(quarter_number(first), quarter_number(last) + 1):
        for market in (before, after):
            market.live_until(quarter)
        yield before.world, after.world


def paired_worlds(base: Scenario, variant: Scenario, quarter: str, firms: Count, seed: int) -> tuple[World, World]:
    """Two worlds of the same firms and luck at the end of a quarter.

    Raises:
        InputError: If the scenarios are equal, the quarter is not in both runs, or they do not have the same firms.
    """
    before, after = (lived(scenario, quarter, firms, seed) for scenario in (base, variant))
    _check_pair(base, variant, before, after)
    return before, after


def lived(scenario: Scenario, quarter: str, firms: Count, seed: int) -> World:
    """The world of a scenario at the end of a quarter.

    Raises:
        InputError: If the quarter is not in the run.
    """
    return _market_until(scenario, quarter, firms, seed).world


def _market_until(scenario: Scenario, quarter: str, firms: Count, seed: int) -> Market:
    _check_quarter(scenario, quarter)
    market = market_of(scenario, firms, seed)
    market.live_until(quarter_number(quarter))
    return market


def _check_quarter(scenario: Scenario, quarter: str) -> None:
    if quarter not in scenario.quarters:
        raise InputError(
            f"quarter {quarter!r} is not in {scenario.name}; choose one from {scenario.start} to {scenario.end}."
        )


def _check_pair(base: Scenario, variant: Scenario, before: World, after: World) -> None:
    if not difference(base, variant):
        raise InputError(f"{base.name} and {variant.name} are the same scenario; change something in one of them.")
    if not np.array_equal(before.firms.id, after.firms.id):
        raise InputError(
            f"{variant.name} has other firms than {base.name}; compare worlds with the same tables of firms."
        )


def _offers(world: World) -> np.ndarray:
    """Name of the offer that each firm uses, shape (firm,)."""
    names = np.array([name.split(" ")[0] for name in option_names(world.scenario.tables, world.options)])
    return names[world.firms.option]
