"""A lab that does not exist yet: whose it is, what it opens with, and when."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from abm.quantities import InputError, Quantity, unknown
from abm.quarters import quarter_name, quarter_number
from abm.scenario.tables import LAB_FIGURES, Tables

LICENSES = ("open", "proprietary")
BEHIND = Quantity("Distance to the frontier when it opens", "ECI points", 0.0, 100.0, "the user's choice")


@dataclass(frozen=True, slots=True)
class Entrant:
    """A new lab with one offer of the same name, at the cost of its kind.

    Attributes:
        name: Its name, in small letters, digits and underscores.
        home: Its region.
        quarter: First quarter in which it sells, after the evidence.
        license: "open" or "proprietary".
        behind: How far its model is behind the frontier in that quarter, ECI points; then its own research decides.
        outside_money: What it has for research besides its profits and grants, USD billion per year.
    """

    name: str
    home: str
    quarter: str
    license: str = "open"
    behind: float = 10.0
    outside_money: float = 1.0

    def checked(self, tables: Tables, last: str) -> Entrant:
        """The same entrant with names, numbers and date checked.

        Args:
            tables: The tables without it.
            last: Last quarter of the run.

        Raises:
            InputError: If one of them cannot be used.
        """
        if not re.fullmatch("[a-z][a-z0-9_]*", self.name):
            raise InputError(f"entrant {self.name!r}: a name has small letters, digits and underscores; rename it.")
        if self.name in (*tables.lab_names, *tables.offer_names):
            raise InputError(f"entrant {self.name!r}: there is a lab or an offer of that name; choose another one.")
        if self.home not in tables.region_names:
            raise unknown("region", self.home, tables.region_names)
        if self.license not in LICENSES:
            raise unknown("license", self.license, LICENSES)
        BEHIND.check(f"behind of entrant {self.name}", self.behind)
        LAB_FIGURES["outside_money"].check(f"outside_money of entrant {self.name}", self.outside_money)
        first = tables.last_observed + 1
        if not first <= quarter_number(self.quarter) <= quarter_number(last):
            raise InputError(
                f"entrant {self.name} opens in {self.quarter}; give a quarter from {quarter_name(first)}, as the evidence "
                f"holds all labs before, to {last}."
            )
        return self

    def label(self) -> str:
        """One line in words."""
        return (
            f"lab {self.name} of {self.home} opens in {self.quarter} with {self.license} weights, {self.behind:g} ECI "
            f"points behind the frontier, {self.outside_money:g} USD billion per year from outside"
        )

    def as_dict(self) -> dict[str, Any]:
        """All fields, for TOML."""
        return asdict(self)
