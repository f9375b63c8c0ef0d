"""Seek the cheapest mix of instruments that reaches a target with a probability, or say that none does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import NonlinearConstraint, differential_evolution

from abm.model import market_of
from abm.observe.indicators import POPULATIONS, WEIGHTS
from abm.observe.record import Record
from abm.quantities import InputError, unknown
from abm.quarters import quarter_name, quarter_number
from abm.scenario.kinds import KINDS
from abm.scenario.policy import Intervention
from abm.scenario.scenario import Scenario
from abm.simulation import continued, drawn

Floats = NDArray[np.float64]
SEEKABLE = ("penetration", "open_share", "foreign_origin", "foreign_operator")
_FORM = re.compile(r"^\s*(\w+)\s*\(([^()]*)\)\s*(>=|<=)\s*([0-9.]+)\s*(%?)\s*$")
_EXAMPLE = '"penetration(China, firms, 2027Q4) >= 0.70"'
# Government instruments that may aim at everything and that do more the higher their level.
LEVERS = tuple(
    name for name, kind in KINDS.items()
    if kind.actor == "government" and "all" in kind.targets and name != "price_cap"
)  # fmt: skip
_NEAR = 0.01  # of a lever's range: nearer than that to its end it is said to be there
FIRMS, DRAWS, SEED = 2_000, 10, 1
GENERATIONS, HALVINGS = 6, 6
TRIES = 150  # about as many mixes are tried


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached.

    Attributes:
        indicator: One of `SEEKABLE`.
        region: Region name, or "" for the world.
        reading: Population of penetration, or weight of a share.
        quarter: When.
        at_least: Whether it is to be at least, rather than at most, the value.
        value: The share.
    """

    indicator: str
    region: str
    reading: str
    quarter: str
    at_least: bool
    value: float

    @staticmethod
    def parse(text: str, scenario: Scenario) -> Target:
        """Read a target such as "penetration(China, firms, 2027Q4) >= 0.70".

        Raises:
            InputError: If it cannot be read, or names what is not there.
        """
        match = _FORM.match(text)
        words = [word.strip() for word in match[2].split(",")] if match else []
        if not match or len(words) != 3:
            raise InputError(f"cannot read the target {text!r}; write for example {_EXAMPLE}.")
        indicator, value = match[1], float(match[4]) / (100 if match[5] else 1)
        if indicator not in SEEKABLE:
            raise unknown("indicator to seek", indicator, SEEKABLE)
        place, reading, quarter = words
        names = {name.replace("_", " "): name for name in scenario.tables.region_names} | {"world": ""}
        region = names.get(place.lower().replace("_", " "))
        if region is None:
            raise unknown("region", place, [*scenario.tables.region_names, "world"])
        allowed = POPULATIONS if indicator == "penetration" else WEIGHTS
        reading = "firms_10plus" if indicator == "penetration" and reading == "firms" else reading
        if reading not in allowed:
            raise unknown("population" if indicator == "penetration" else "weight", reading, allowed)
        if quarter not in scenario.quarters:
            raise InputError(f"quarter {quarter!r} of the target is not in the run; choose one to {scenario.end}.")
        if not 0 <= value <= 1:
            raise InputError(f"the target's value {value:g} is no share; give a number from 0 to 1, or a percentage.")
        return Target(indicator, region, reading, quarter, match[3] == ">=", value)

    def reached(self, record: Record) -> float:
        """The indicator's value in a run."""
        how = {"population" if self.indicator == "penetration" else "weight": self.reading}
        values = record.indicator(self.indicator, by="region" if self.region else None, **how).sel(quarter=self.quarter)
        return float(values.sel(region=self.region) if self.region else values)

    def __str__(self) -> str:
        where, sign = self.region or "world", ">=" if self.at_least else "<="
        return f"{self.indicator}({where}, {self.reading}, {self.quarter}) {sign} {self.value:g}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found.

    Attributes:
        target: The target in words.
        reachable: Whether something within the ranges reaches it.
        levels: Level of each lever.
        outlay: Public outlay from the start of the levers to the target's quarter, mean over the draws, USD.
        probability: Share of the draws in which the target is met.
        value: Mean of the indicator over the draws.
        binding: Which limits bind: the target, and levers at an end of their range.
        tried: Number of mixes tried.
        draws: Number of draws from the posterior, each with incidents and breakthroughs of its own.
    """

    target: str
    reachable: bool
    levels: dict[str, float]
    outlay: float
    probability: float
    value: float
    binding: list[str]
    tried: int
    draws: int

    def as_dict(self) -> dict[str, Any]:
        """The answer as plain values."""
        return asdict(self)


def seek(
    scenario: Scenario, target: str, levers: tuple[str, ...], probability: float = 0.9, start: str = "",
    firms: int = FIRMS, draws: int = DRAWS, progress: Callable[[int, int], None] | None = None,
) -> Answer:  # fmt: skip
    """Find the levels of some instruments that reach a target at the least public outlay.

    Runs share their luck, firm by firm and shock by shock, and their past until the levers start, so that mixes differ by
    what they do alone. As samples of firms make small steps, the search is one that needs no slopes (differential
    evolution: Storn and Price 1997, the target as a constraint); then the levers of the best mix, and each lever alone, are
    lowered as far as the target allows. Probability is over draws from the posterior, each with aggregate shocks of its own.

    Args:
        scenario: The question, to which the levers are added.
        target: For example "penetration(China, firms, 2027Q4) >= 0.70".
        levers: Kinds of government instruments, aimed at everything, in the target's region.
        probability: Share of the draws in which the target is to be met.
        start: First quarter of the levers; the one after the evidence by default.
        firms: Size of the sample.
        draws: Draws from the posterior and of aggregate shocks.
        progress: Called with (mixes tried, most that are tried).

    Raises:
        InputError: If something cannot be used.
    """
    goal = Target.parse(target, scenario)
    for lever in levers:
        if lever not in LEVERS:
            raise unknown("lever", lever, LEVERS)
    if not levers or not 0 < probability <= 1 or draws < 1:
        raise InputError("give at least one lever, a probability above 0 and at most 1, and at least one draw.")
    begin = start or quarter_name(scenario.tables.last_observed + 1)
    search = _Search(scenario, goal, levers, probability, begin, firms, draws, progress)
    full = np.ones(len(levers))
    differential_evolution(
        search.cost, [(0.0, 1.0)] * len(levers), constraints=NonlinearConstraint(search.slack, 0.0, np.inf), x0=full,
        popsize=max(2, 16 // len(levers)), maxiter=GENERATIONS, polish=False, rng=1,
    )  # fmt: skip
    reachable = search.best() is not None
    if reachable:
        search.trim()
    return search.answer(search.nearest(), reachable)


class _Search:
    """Mixes tried, levels as parts of each lever's range; what is known is not run again."""

    def __init__(
        self, scenario: Scenario, goal: Target, levers: tuple[str, ...], probability: float, begin: str, firms: int,
        draws: int, progress: Callable[[int, int], None] | None,
    ) -> None:  # fmt: skip
        self.scenario, self.goal, self.levers, self.probability = scenario, goal, levers, probability
        self.begin, self.firms, self.draws, self.progress = begin, firms, draws, progress
        self.known: dict[tuple[float, ...], tuple[float, float, float, float]] = {}
        self.pasts = [market_of(one, firms, SEED) for one in drawn(scenario.replace(end=goal.quarter), draws)]
        for past in self.pasts:
            past.live_until(min(quarter_number(begin), past.world.last) - 1)

    def cost(self, parts: Floats) -> float:
        """Outlay in units of that at full levels."""
        full = self._run(np.ones(len(self.levers)))[0]
        return self._run(parts)[0] / max(full, 1.0)

    def slack(self, parts: Floats) -> float:
        """By how much the target is met in all but the share of draws that may miss it."""
        return self._run(parts)[1]

    def best(self) -> Floats | None:
        """The cheapest mix tried that meets the target, of equally cheap ones that with the lowest levels."""
        met = {x: (cost, sum(x)) for x, (cost, slack, *_) in self.known.items() if slack >= 0}
        return np.array(min(met, key=lambda x: met[x])) if met else None

    def nearest(self) -> Floats:
        """The best mix, or if none meets the target the one that comes nearest to it."""
        best = self.best()
        return np.array(max(self.known, key=lambda x: self.known[x][1])) if best is None else best

    def trim(self) -> None:
        """Lower the levers of the best mix, and of each lever alone: which of the mixes met is best is told in the end."""
        for mix in (self.nearest(), *np.eye(len(self.levers))):
            if self.slack(mix) >= 0:
                self._lower(mix)

    def _lower(self, mix: Floats) -> None:
        """Lower each lever of a mix by halving, as long as the target is met."""
        for lever in range(len(self.levers)):
            low, high = 0.0, float(mix[lever])
            for _ in range(HALVINGS if high else 0):
                tried = mix.copy()
                tried[lever] = (low + high) / 2
                low, high = (low, tried[lever]) if self.slack(tried) >= 0 else (tried[lever], high)
            mix = np.where(np.arange(len(mix)) == lever, high, mix)

    def answer(self, parts: Floats, reachable: bool) -> Answer:
        """What to tell of a mix."""
        outlay, _, chance, value = self._run(parts)
        binding = [f"{lever} at its most" for lever, part in zip(self.levers, parts, strict=True) if part > 1 - _NEAR]
        binding += [f"{lever} at none" for lever, part in zip(self.levers, parts, strict=True) if part < _NEAR]
        if reachable and (np.asarray(parts) > _NEAR).any():  # or the levers would have been lowered further
            binding.insert(0, "the target")
        return Answer(
            str(self.goal), reachable, self._levels(parts), outlay, chance, value, binding, len(self.known), self.draws
        )

    def _levels(self, parts: Floats) -> dict[str, float]:
        return {lever: float(part) * KINDS[lever].level.high for lever, part in zip(self.levers, parts, strict=True)}

    def _run(self, parts: Floats) -> tuple[float, float, float, float]:
        """Mean outlay, slack of the target, share of draws that meet it, and mean of the indicator."""
        key = tuple(float(x) for x in np.clip(parts, 0.0, 1.0).round(6))
        if key not in self.known:
            region = self.goal.region or "all"
            levels = {kind: level for kind, level in self._levels(np.array(key)).items() if level > 0}
            acts = [Intervention(kind, level, self.begin, region=region) for kind, level in levels.items()]
            outlays, values = [], []
            for past in self.pasts:
                record = continued(past, past.world.scenario.enact(*acts))
                paid = record.indicator("public_outlay", by="region")
                paid = paid.sel(region=self.goal.region) if self.goal.region else paid.sum("region")
                outlays.append(float(paid.sel(quarter=slice(self.begin, None)).sum()))
                values.append(self.goal.reached(record))
            sign = 1 if self.goal.at_least else -1
            beyond = np.sort(sign * (np.array(values) - self.goal.value))
            may_miss = int(np.floor((1 - self.probability) * self.draws + 1e-9))
            slack, chance = float(beyond[may_miss]), float((beyond >= 0).mean())
            self.known[key] = (float(np.mean(outlays)), slack, chance, float(np.mean(values)))
            if self.progress:
                self.progress(min(len(self.known), TRIES), TRIES)
        return self.known[key]
