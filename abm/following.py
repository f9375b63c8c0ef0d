"""Firms followed one by one through the baseline and the what-if: which offer each uses in both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.pairing import lived, paired_quarters
from abm.quarters import quarter_number
from abm.scenario.differing import difference
from abm.scenario.loading import in_order
from abm.scenario.scenario import Scenario
from abm.world.world import World

Floats = NDArray[np.float64]
NO_AI, OPEN, PROPRIETARY = "none", "open", "proprietary"


@dataclass(frozen=True, slots=True)
class Flows:
    """Real firms by what they use in the baseline and in the what-if.

    Attributes:
        quarter: When the two worlds are compared.
        sampled: Sampled firms that were followed.
        regions: Names of the regions.
        sectors: Names of the sectors.
        offers: Names of the offers of both worlds, the open ones first, and "none" last.
        kinds: open, proprietary or none, for each of them.
        firms: Real firms, shape (region, sector, offer in the baseline, offer in the what-if).
    """

    quarter: str
    sampled: int
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    offers: tuple[str, ...]
    kinds: tuple[str, ...]
    firms: Floats

    def within(self, region: str, sector: str) -> Floats:
        """Firms of a region and sector, "" for all, shape (offer in the baseline, offer in the what-if)."""
        firms = self.firms[self.regions.index(region)][None] if region else self.firms
        return (firms[:, self.sectors.index(sector)] if sector else firms.sum(axis=1)).sum(axis=0)


def flows_of(
    base: Scenario, what_if: Scenario, quarter: str, firms: int, seed: int, tell: Callable[[int, int], None]
) -> Flows:
    """Follow the same firms with the same luck through two worlds.

    Args:
        base: The baseline.
        what_if: The what-if; it may be the baseline itself.
        quarter: Quarter in which the two worlds are compared.
        firms: Number of sampled firms.
        seed: The seed of both runs.
        tell: Called with (quarters lived, quarters in all); may raise to give up.

    Raises:
        InputError: If the quarter is not in both runs, or they do not have the same firms.
    """
    for pair in _worlds(base, what_if, quarter, firms, seed):
        before = pair[0]
        tell(before.quarter - before.first + 1, quarter_number(quarter) - before.first + 1)
    tables, strata = before.scenario.tables, before.firms.strata
    is_open: dict[str, bool] = {}
    for world in pair:  # a new lab is in one of them alone
        is_open |= zip(world.scenario.tables.offer_names, world.scenario.tables.offer_open, strict=True)
    offers = [*sorted(in_order("offer", is_open), key=lambda name: not is_open[name]), NO_AI]
    used = np.zeros((len(tables.region_names), len(tables.sector_names), len(offers), len(offers)))
    place = (before.firms.region, before.firms.sector, *(_offer_in_use(world, offers) for world in pair))
    np.add.at(used, place, before.firms.weight)
    kinds = tuple(NO_AI if name == NO_AI else OPEN if is_open[name] else PROPRIETARY for name in offers)
    return Flows(quarter, int(strata.start[-1]), tables.region_names, tables.sector_names, tuple(offers), kinds, used)


def _worlds(base: Scenario, what_if: Scenario, quarter: str, firms: int, seed: int) -> Iterator[tuple[World, World]]:
    """Both worlds at the end of each quarter until the last one; a world that has no other one is its own pair."""
    if difference(base, what_if):
        yield from paired_quarters(base, what_if, max(base.start, what_if.start), quarter, firms, seed)
    else:
        world = lived(base, quarter, firms, seed)
        yield world, world


def _offer_in_use(world: World, offers: list[str]) -> NDArray[np.intp]:
    """Place of each firm's offer among the offers, shape (firm,)."""
    names = world.scenario.tables.offer_names
    place = np.array([offers.index(NO_AI), *(offers.index(names[j]) for j in world.options.offer)], np.intp)
    return place[world.firms.option]
