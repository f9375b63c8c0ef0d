"""Markets that have lived until policy can act, so that a moved lever costs the years after it alone."""

from __future__ import annotations

import threading
from collections import OrderedDict

import abm
from abm.model import Market, market_of
from abm.quarters import quarter_name, quarter_number
from abm.scenario.differing import first_difference
from abm.scenario.loading import load_tables

SEED = 1


def first_open_quarter() -> str:
    """The first quarter after the evidence: where policy can still act."""
    return quarter_name(load_tables().last_observed + 1)


class Pasts:
    """Pasts by scenario and number of firms, shared by all users. Locked; the longest unused leave first.

    Args:
        kept: How many are kept.
    """

    def __init__(self, kept: int) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._markets: OrderedDict[tuple[str, int], Market] = OrderedDict()

    def of(self, scenario: abm.Scenario, base: abm.Scenario, firms: int) -> Market:
        """A market from which a scenario can go on: the base's until policy can act, or one at birth if they differ before.

        Args:
            scenario: The question.
            base: What it was before levers were moved.
            firms: Number of sampled firms.
        """
        if first_difference(base, scenario) < first_open_quarter() or base.entrants != scenario.entrants:
            return market_of(scenario, firms, SEED)
        key = (base.digest, firms)
        with self._lock:
            if key in self._markets:
                self._markets.move_to_end(key)
                return self._markets[key]
        market = market_of(base, firms, SEED)
        market.live_until(quarter_number(first_open_quarter()) - 1)
        with self._lock:
            self._markets[key] = market
            while len(self._markets) > self._kept:
                self._markets.popitem(last=False)
        return market
