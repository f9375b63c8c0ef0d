"""Interventions: dated instruments of governments, decisions of labs and events of the world.

An intervention is a function of time. In a quarter outside its dates the world is exactly as without it, and at
level zero it changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from abm.quantities import InputError, unknown
from abm.quarters import quarter_number
from abm.scenario.kinds import KINDS
from abm.scenario.tables import Tables

ALONE = ("all", "cheapest")  # targets without a name


@dataclass(frozen=True, slots=True)
class Intervention:
    """One dated intervention.

    Attributes:
        kind: Name of the kind, a key of `KINDS`.
        level: How much, in the unit of the kind.
        start: First quarter in force, for example "2026Q1".
        end: Last quarter in force; "" lasts to the end of the run.
        region: Where it holds; "all" for every region.
        target: What it aims at: "all", "license:open", "origin:china", "operator:china", "lab:openai",
            "offer:deepseek", "cheapest"; "origin:home" means the region's own origin.
    """

    kind: str
    level: float
    start: str
    end: str = ""
    region: str = "all"
    target: str = ""

    def checked(self, tables: Tables, first: str, last: str) -> Intervention:
        """The same intervention with names, level and dates checked and the default target filled in.

        Args:
            tables: Tables whose regions, labs and offers it may name.
            first: First quarter of the run.
            last: Last quarter of the run.

        Raises:
            InputError: For an unknown kind, region or target, a level out of range or dates outside the run.
        """
        if self.kind not in KINDS:
            raise unknown("intervention", self.kind, KINDS)
        kind = KINDS[self.kind]
        level = float(kind.level.check(f"level of {self.kind}", self.level))
        if self.region != "all" and self.region not in tables.region_names:
            raise unknown("region", self.region, [*tables.region_names, "all"])
        start = quarter_number(self.start)
        end = quarter_number(self.end) if self.end else quarter_number(last)
        if start < quarter_number(first):
            raise InputError(
                f"{self.kind} starts in {self.start}, before the run's first quarter {first}; start it in {first} or later."
            )
        if start > quarter_number(last):
            raise InputError(
                f"{self.kind} starts in {self.start}, after the run's last quarter {last}; start it earlier."
            )
        if end < start:
            raise InputError(
                f"{self.kind} ends in {self.end}, before it starts in {self.start}; end it in {self.start} or later."
            )
        target = self.target or ("all" if kind.targets[0] == "all" else "")
        if not target:
            allowed = ", ".join(t if t in ALONE else f"{t}:..." for t in kind.targets)
            raise InputError(f"{self.kind} needs a target, for example target=license:open (allowed: {allowed}).")
        check_target(target, kind.targets, tables)
        if self.kind == "price_change" and self.region != "all":
            raise InputError(f"price_change acts on the one world price, not in {self.region!r}; leave the region out.")
        if target.endswith(":home") and kind.worldwide:
            raise InputError(
                f"{self.kind} acts everywhere, so {target} has no meaning; name a region, for example origin:china."
            )
        return Intervention(self.kind, level, self.start, self.end, self.region, target)

    def in_force(self, quarter: int) -> bool:
        """Whether it holds in a quarter (a whole number); some kinds hold in their first quarter only."""
        first = quarter_number(self.start)
        if KINDS[self.kind].once:
            return quarter == first
        return first <= quarter and (not self.end or quarter <= quarter_number(self.end))

    def starts(self, quarter: int) -> bool:
        """Whether a quarter (a whole number) is its first."""
        return quarter == quarter_number(self.start)

    def label(self) -> str:
        """One line in words: "subsidy 0.3 in china from 2026Q1 to 2030Q4 on license:open"."""
        once = KINDS[self.kind].once
        dates = f"in {self.start}" if once else f"from {self.start}"
        if self.end and not once:
            dates += f" to {self.end}"
        aim = "" if self.target in ("", "all") else f" on {self.target}"
        where = "in all regions" if self.region == "all" else f"in {self.region}"
        return f"{self.kind} {self.level:g}{aim} {where} {dates}"

    def as_dict(self) -> dict[str, Any]:
        """The fields that differ from their defaults, for TOML."""
        return {key: value for key, value in asdict(self).items() if value != ""}


def check_target(target: str, families: tuple[str, ...], tables: Tables) -> None:
    """Check a target such as "origin:china" against the families allowed and the names that exist.

    Raises:
        InputError: If the family is not allowed or the name unknown.
    """
    family, _, name = target.partition(":")
    if family not in families:
        raise unknown("target", target, [t if t in ALONE else f"{t}:..." for t in families])
    names = {
        "all": [""],
        "cheapest": [""],
        "license": ["open", "proprietary"],
        "origin": [*tables.region_names, "home"],
        "operator": [*tables.region_names, "home"],
        "lab": tables.lab_names,
        "offer": tables.offer_names,
    }[family]
    if name not in names:
        raise unknown(family, name, names)


def parse_intervention(text: str) -> Intervention:
    """Read "subsidy:region=china,level=0.3,start=2026Q1,target=license:open" as the command line gives it.

    Raises:
        InputError: If a part cannot be read.
    """
    kind, _, rest = text.partition(":")
    values: dict[str, Any] = {}
    for part in filter(None, rest.split(",")):
        key, equals, value = part.partition("=")
        if not equals or key.strip() not in ("level", "start", "end", "region", "target"):
            raise InputError(
                f"cannot read {part!r} in {text!r}; write KIND:region=NAME,level=NUMBER,start=QUARTER[,end=QUARTER]"
                "[,target=FAMILY:NAME]."
            )
        values[key.strip()] = value.strip()
    missing = [key for key in ("level", "start") if key not in values]
    if missing:
        raise InputError(f"{text!r} lacks {' and '.join(missing)}; add for example level=0.3,start=2026Q1.")
    try:
        values["level"] = float(values["level"])
    except ValueError:
        raise InputError(f"level {values['level']!r} in {text!r} is not a number.") from None
    return Intervention(kind.strip(), **values)
