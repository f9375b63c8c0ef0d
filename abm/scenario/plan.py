"""A government that adapts: targets, a budget, instruments that it may move, and how much dependence it tolerates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from abm.quantities import InputError, Quantity, unknown
from abm.quarters import quarter_number
from abm.scenario.tables import Tables

# Kinds that a government moves by itself, with the level that full effort means.
REACH = {"subsidy": 0.8, "compute_voucher": 0.8, "training": 0.2}
POPULATIONS = ("firms_10plus", "firms_all", "employment", "people")
_CHOSEN = "the user's choice"
BUDGET = Quantity("Budget for AI", "share of GDP per year", 0.0, 0.05, _CHOSEN)
TOLERANCE = Quantity(
    "Tolerated dependence", "share of AI users' employment on services of foreign vendors", 0.0, 1.0, _CHOSEN
)
AGENCY_BUDGET = Quantity("What agencies may spend on use", "share of the wage bill per year", 0.0, 1.0, _CHOSEN)
COST_WEIGHT = Quantity("Weight of a dollar in public procurement", "ratio", 0.1, 100.0, _CHOSEN)
SOVEREIGNTY = Quantity(
    "What a foreign vendor's service costs in public procurement", "share of the wage bill per year", 0.0, 1.0, _CHOSEN
)
TARGET = Quantity("Target", "share of the population", 0.0, 1.0, _CHOSEN)
GAIN = Quantity("Feedback", "effort per quarter and unit of distance to the target", 0.0, 20.0, _CHOSEN)


_WEIGHTS = (
    ("tolerance", "tolerance", 1.0), ("agency_budget", "agencies' budget", 1.0), ("cost_weight", "weight of cost", 1.0),
    ("sovereignty", "weight of sovereignty", 0.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """What an adaptive government pursues from its first quarter on.

    Attributes:
        region: Its region.
        start: First quarter.
        budget: What it may spend on its own instruments at last quarter's bills, share of GDP per year.
        population: Of whom its targets are shares: firms_10plus, firms_all, employment or people.
        instruments: Kinds that it may move, of those in `REACH`.
        tolerance: Dependence on foreign vendors' services above which it makes their use costly.
        agency_budget: What its agencies may spend on use, share of their wage bill per year; offers whose bill for the work
            of a median organisation passes it are not bought.
        cost_weight: How often it counts a dollar when it chooses for its agencies.
        sovereignty: What a foreign vendor's service costs it besides, share of the wage bill per year.
        targets: Its own targets, (quarter, share of the population) pairs; the official ones of the tables by default.
        gain: How much effort it adds a quarter for each unit of distance to its target path.
        end: Last quarter; "" lasts to the end of the run.
    """

    region: str
    start: str
    budget: float = 0.002
    population: str = "firms_10plus"
    instruments: tuple[str, ...] = ("subsidy", "training")
    tolerance: float = 1.0
    gain: float = 2.0
    agency_budget: float = 1.0
    cost_weight: float = 1.0
    sovereignty: float = 0.0
    targets: tuple[tuple[str, float], ...] = ()
    end: str = ""

    def checked(self, tables: Tables, first: str, last: str) -> Plan:
        """The same plan with names, numbers and dates checked.

        Raises:
            InputError: If one of them cannot be used.
        """
        if self.region not in tables.region_names:
            raise unknown("region", self.region, tables.region_names)
        if self.population not in POPULATIONS:
            raise unknown("population", self.population, POPULATIONS)
        for kind in self.instruments:
            if kind not in REACH:
                raise unknown("instrument of an adaptive government", kind, REACH)
        for quantity, name in (
            (BUDGET, "budget"), (TOLERANCE, "tolerance"), (GAIN, "gain"), (AGENCY_BUDGET, "agency_budget"),
            (COST_WEIGHT, "cost_weight"), (SOVEREIGNTY, "sovereignty"),
        ):  # fmt: skip
            quantity.check(f"{name} of the government of {self.region}", getattr(self, name))
        for quarter, share in self.targets:
            quarter_number(quarter)
            TARGET.check(f"target for {quarter} of the government of {self.region}", share)
        if self.instruments and not any(quarter > quarter_number(self.start) for quarter, _ in self.path(tables)):
            raise InputError(
                f"the government of {self.region} has no target after {self.start} to steer to; give it one, for example "
                f'targets = {{"{last}" = 0.5}}, or no instruments (instruments = []).'
            )
        start, end = quarter_number(self.start), quarter_number(self.end or last)
        if not quarter_number(first) <= start <= end <= quarter_number(last):
            raise InputError(
                f"the plan of {self.region} runs from {self.start} to {self.end or last}; give dates in this order from "
                f"{first} to {last}."
            )
        return self

    def path(self, tables: Tables) -> list[tuple[int, float]]:
        """Its targets in order: (number of the quarter, share) pairs, its own or the official ones of the tables."""
        official = tables.frames["targets"]
        official = official[official["region"] == self.region]
        given = self.targets or zip(official["quarter"], official["value"], strict=True)
        return sorted((quarter_number(str(quarter)), float(share)) for quarter, share in given)

    def in_force(self, quarter: int) -> bool:
        """Whether it holds in a quarter (a whole number)."""
        return quarter_number(self.start) <= quarter and (not self.end or quarter <= quarter_number(self.end))

    def label(self) -> str:
        """One line in words."""
        what = ", ".join(self.instruments) or "no instrument"
        return (
            f"government of {self.region} adapts {what} from {self.start}, budget {100 * self.budget:g}% of GDP, targets as "
            f"shares of {self.population}"
            + "".join(
                f", {words} {getattr(self, name):g}"
                for name, words, neutral in _WEIGHTS
                if getattr(self, name) != neutral
            )
            + "".join(f", {100 * share:g}% by {quarter}" for quarter, share in self.targets)
        )

    def as_dict(self) -> dict[str, Any]:
        """All fields, for TOML."""
        fields = {key: value for key, value in asdict(self).items() if value not in ("", ())}
        if self.targets:
            fields["targets"] = dict(self.targets)
        return fields | {"instruments": list(self.instruments)}
