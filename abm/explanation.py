"""Why a firm chose what it chose, and what would have made it choose otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from abm.dynamics.conditions import Conditions, conditions_of
from abm.dynamics.damages import distrust_scale
from abm.dynamics.decide import decide
from abm.dynamics.reference import (
    Some,
    attentive,
    closed_options,
    option_terms,
    private_choice,
    pulls,
    taste_scale,
)
from abm.dynamics.regulate import regulate
from abm.dynamics.release import release
from abm.model import market_of
from abm.observe.recorder import option_names
from abm.quantities import InputError
from abm.quarters import quarter_number
from abm.scenario.scenario import DEFAULT_FIRMS, Scenario
from abm.theory.mean_field import chosen_options
from abm.world.address import row_of
from abm.world.firms import NO_AI
from abm.world.genesis import Count
from abm.world.network import NOBODY
from abm.world.world import World

Floats = NDArray[np.float64]
Lever = tuple[str, float, float, Callable[[float], float], Callable[[float], Floats]]
DEAREST, CHEAPEST, MOST = 10.0, 0.02, 0.95  # changes tried: price times ten, or to a fiftieth; subsidy of 95%


@dataclass(frozen=True, slots=True)
class Alternative:
    """One option as a firm sees it; money as a share of its wage bill per year, utility in units of taste.

    Attributes:
        option: Offer and deployment, or "none".
        use: What its use is worth above its price.
        entry: Cost of entry (spread over the contract) and upkeep that the firm bears.
        distrust: Cost of distrust, less what the vendor is liable for.
        compliance: Cost of complying with rules.
        value: use less the three costs.
        dollars: value in USD per year.
        peers: Utility from peers' use of the offer.
        taste: The firm's own taste for the offer.
        utility: value over the taste scale, plus peers and taste.
        probability: Chance that a firm like this chooses it, its taste not known.
        closed: Whether a rule keeps the firm from it.
    """

    option: str
    use: float
    entry: float
    distrust: float
    compliance: float
    value: float
    dollars: float
    peers: float
    taste: float
    utility: float
    probability: float
    closed: bool


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest change of one kind that makes another alternative the most likely one.

    Attributes:
        lever: "price", "trust" or "subsidy".
        option: Whose price, trust or subsidy changes.
        before: Price in USD per million tokens, trust or subsidy as a share, now.
        after: The same when the most likely choice changes.
        becomes: What is the most likely choice then.
    """

    lever: str
    option: str
    before: float
    after: float
    becomes: str


class Reason(StrEnum):
    """Why a firm decides in a quarter, or why it does not."""

    EVICTED = "must leave its option"
    ATTENTIVE = "considers AI"
    INATTENTIVE = "does not think of AI this quarter"
    SHAKEN = "reconsiders after an incident at its vendor"
    CONTRACT_ENDS = "its contract ends"
    CONTRACT_RUNS = "its contract runs on; what follows is how it would see a new one"


@dataclass(frozen=True, slots=True)
class Explanation:
    """A firm's choice in a quarter.

    Attributes:
        firm: Its address.
        quarter: The quarter.
        facts: What kind of firm it is.
        used: Option in use before.
        why: Why it decides now, or why it does not, one of `Reason`.
        chosen: Option in use after the quarter.
        likely: The most likely offer, tastes not known.
        peers: Share of its peers that used each offer, or none, last quarter.
        alternatives: All options on sale, no AI last, the best first.
        flips: The smallest changes of price, trust and subsidy that change the most likely offer.
    """

    firm: str
    quarter: str
    facts: dict[str, Any]
    used: str
    why: Reason
    chosen: str
    likely: str
    peers: dict[str, float]
    alternatives: list[Alternative]
    flips: list[Flip]

    def as_dict(self) -> dict[str, Any]:
        """The explanation as plain values."""
        return asdict(self)


def explain(scenario: Scenario, firm: str, quarter: str, firms: Count = DEFAULT_FIRMS, seed: int = 1) -> Explanation:
    """Say why a firm chose what it chose in a quarter.

    Args:
        scenario: The question.
        firm: Its address, region.sector.size.CLASS.NUMBER with the class of use intensity and the number in it from 0,
            for example "china.finance.large.0.3": the same firm in every sample that holds it.
        quarter: A quarter of the run.
        firms: Size of the sample.
        seed: The run's seed.

    Raises:
        InputError: If there is no such firm or quarter.
    """
    if quarter not in scenario.quarters:
        raise InputError(f"quarter {quarter!r} is not in the run; choose one from {scenario.start} to {scenario.end}.")
    market = market_of(scenario, firms, seed)
    world = market.world
    row = row_of(world, firm)
    market.live_until(quarter_number(quarter) - 1)
    world.quarter += 1
    regulate(world)
    release(world)
    c, columns = conditions_of(world), ("option", "tenure", "taste_quarter")
    before = [getattr(world.firms, name)[row] for name in columns]
    decide(world)
    after = int(world.firms.option[row])
    # As it was when it chose; its readiness has grown before that.
    for name, value in zip(columns, before, strict=True):
        getattr(world.firms, name)[row] = value
    return _View(world, c, row).explained(firm, quarter, after)


class _View:
    """What a firm sees in the quarter in which it may decide."""

    def __init__(self, world: World, c: Conditions, row: int) -> None:
        self.world, self.c, self.row = world, c, row
        self.some = Some.of(world, np.array([row]))
        self.region, self.sector = int(self.some.region[0]), int(self.some.sector[0])
        self.names = option_names(world.scenario.tables, world.options)
        rules = world.rules
        assert rules is not None
        self.closed, _ = closed_options(world, c, self.some)
        self.private = private_choice(world, c, self.some, self.closed)
        self.pull = np.broadcast_to(pulls(world, c, self.some), (1, len(c.nest)))[0]
        self.use, self.entry, drag = (terms[0] for terms in option_terms(world, c, self.some))
        self.compliance = rules.compliance[self.region]
        self.distrust = drag - self.compliance
        self.scale = float(taste_scale(world, c, self.some)[0])

    def probabilities(self, use: Floats, entry: Floats, distrust: Floats) -> Floats:
        """Chances of no AI and of all options, shape (option + 1,)."""
        value = use - entry - distrust - self.compliance
        utility = np.where(self.closed[0], -np.inf, value / self.scale)
        return chosen_options(utility[None, :], self.pull, self.c.offer, self.c.nest, self.c.dissimilarity)[0]

    def likely(self, chances: Floats) -> int:
        """The most likely offer, one past the last for no AI."""
        offers = np.bincount(self.c.offer_of, chances)
        return int(offers.argmax())

    def explained(self, firm: str, quarter: str, chosen: int) -> Explanation:
        """The explanation of the firm's choice."""
        world, tables = self.world, self.world.scenario.tables
        firms, wage = world.firms, tables.figures["regions.wage"][self.region]
        wage_bill = float(wage * firms.employees[self.row])
        chances = self.probabilities(self.use, self.entry, self.distrust)
        offers = [*tables.offer_names, "none"]
        facts = {
            "region": tables.region_names[self.region], "sector": tables.sector_names[self.sector],
            "size": tables.size_names[int(self.some.size[0])], "workers": float(firms.employees[self.row]),
            "stands for firms": float(self.some.weight[0]), "wage bill, USD per year": wage_bill,
            "readiness": float(firms.readiness[self.row]), "use intensity over the median": float(firms.intensity[self.row]),
            "taste scale, share of the wage bill": self.scale,
        }  # fmt: skip
        return Explanation(
            firm, quarter, facts, self.names[firms.option[self.row]], self._why(), self.names[chosen],
            offers[self.likely(chances)], self._peers(offers), self._alternatives(chances, wage_bill), self._flips(offers),
        )  # fmt: skip

    def _why(self) -> Reason:
        world, c, option = self.world, self.c, int(self.world.firms.option[self.row])
        _, evicted = closed_options(world, c, self.some)
        draw = float(self.some.draw(c.attention)[0])
        if evicted[0]:
            return Reason.EVICTED
        if option == NO_AI:
            return Reason.ATTENTIVE if attentive(world, c, self.some)[0] else Reason.INATTENTIVE
        if draw < c.shaken[self.region, option]:
            return Reason.SHAKEN
        return Reason.CONTRACT_ENDS if c.contract_ends[world.firms.tenure[self.row] + 1] else Reason.CONTRACT_RUNS

    def _peers(self, offers: list[str]) -> dict[str, float]:
        world, c = self.world, self.c
        if world.scenario.parameters.interaction.network == "everyone":
            firms = world.firms
            used = np.bincount(c.offer_of[firms.last_option], firms.weight, len(offers))
        else:
            peers = world.network.of(self.some.rows)[0]
            known = peers[peers != NOBODY]
            used = np.bincount(c.offer_of[world.firms.last_option[known]], np.ones(len(known)), len(offers))
        share = used / max(used.sum(), 1e-300)
        return {offer: float(x) for offer, x in zip(offers, share, strict=True) if x > 0}

    def _alternatives(self, chances: Floats, wage_bill: float) -> list[Alternative]:
        c, private = self.c, self.private
        found = []
        for o in np.flatnonzero(c.available[self.region]):
            j = c.offer[o]
            value = float(self.use[o] - self.entry[o] - self.distrust[o] - self.compliance[o])
            taste, peers = float(private.shocks[0, j]), float(self.pull[j])
            found.append(Alternative(
                self.names[o + 1], float(self.use[o]), float(self.entry[o]), float(self.distrust[o]),
                float(self.compliance[o]), value, value * wage_bill, peers, taste, value / self.scale + peers + taste,
                float(chances[o + 1]), bool(self.closed[0, o]),
            ))  # fmt: skip
        none = float(private.none[0])
        found.append(Alternative("none", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, none, none, float(chances[0]), False))
        return sorted(found, key=lambda one: (one.closed, -one.utility))

    def _flips(self, offers: list[str]) -> list[Flip]:
        """For price, trust and subsidy the smallest change of one option that changes the most likely offer."""
        best: dict[str, tuple[float, Flip]] = {}
        top = self.likely(self.probabilities(self.use, self.entry, self.distrust))
        for o in np.flatnonzero(self.c.available[self.region] & ~self.closed[0]):
            for lever, before, reach, size, changed in self._levers(int(o), int(self.c.offer[o]) == top):
                if self.likely(changed(reach)) == top:
                    continue
                low, high = before, reach
                for _ in range(60):
                    middle = (low + high) / 2
                    low, high = (middle, high) if self.likely(changed(middle)) == top else (low, middle)
                flip = Flip(lever, self.names[o + 1], before, high, offers[self.likely(changed(high))])
                if lever not in best or size(high) < best[lever][0]:
                    best[lever] = (size(high), flip)
        return [flip for _, flip in best.values()]

    def _levers(self, o: int, is_top: bool) -> list[Lever]:
        """What can change of an option: lever, now, how far, size of a change, and the chances under it.

        The most likely offer gets worse, others get better.
        """
        world, r = self.world, self.region
        assert world.rules is not None
        elasticity = world.scenario.parameters.demand.price_elasticity
        price, trust = float(world.terms.option_price[r, o]), float(world.option_trust()[r, o])
        subsidy, entry_subsidy = float(world.rules.subsidy[r, o]), float(world.rules.entry_subsidy[r, o])
        weight = float(distrust_scale(world)[self.sector])

        def at_price(p: float) -> Floats:
            return self._with(o, self.use[o] * (p / price) ** (1 - elasticity), self.entry[o], self.distrust[o])

        def at_trust(t: float) -> Floats:
            return self._with(o, self.use[o], self.entry[o], self.distrust[o] + weight * (trust - t))

        def at_subsidy(s: float) -> Floats:
            left = (1 - s) / (1 - subsidy)
            entry = self.entry[o] * max(1 - s, 0.0) / (1 - entry_subsidy) if s > entry_subsidy else self.entry[o]
            return self._with(o, self.use[o] * left ** (1 - elasticity), entry, self.distrust[o])

        levers: list[Lever] = [
            ("price", price, price * (DEAREST if is_top else CHEAPEST), lambda p: abs(np.log(p / price)), at_price),
            ("trust", trust, 0.0 if is_top else 1.0, lambda t: abs(t - trust), at_trust),
        ]
        if not is_top and subsidy < MOST:
            levers.append(("subsidy", subsidy, MOST, lambda s: s - subsidy, at_subsidy))
        return levers

    def _with(self, o: int, use: float, entry: float, distrust: float) -> Floats:
        """Chances with one option's terms changed."""
        changed = [terms.copy() for terms in (self.use, self.entry, self.distrust)]
        for terms, value in zip(changed, (use, entry, distrust), strict=True):
            terms[o] = value
        return self.probabilities(*changed)
