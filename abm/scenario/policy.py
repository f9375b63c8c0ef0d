"""Interventions: dated instruments of governments, decisions of labs and events of the world.

An intervention is a function of time. In a quarter outside its dates the world is exactly as without it, and at
level zero it changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from abm.quantities import InputError, Quantity, unknown
from abm.quarters import quarter_number
from abm.scenario.tables import Tables

_CHOSEN = "the user's choice"


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of intervention is.

    Attributes:
        level: Declaration of its level.
        actor: Who pulls it: "government", "lab" or "world".
        mechanism: What it does, in one sentence.
        targets: Allowed target families; the first is the default.
    """

    level: Quantity
    actor: str
    mechanism: str
    targets: tuple[str, ...]


KINDS: dict[str, Kind] = {
    "subsidy": Kind(
        Quantity("Adoption subsidy", "share of the AI bill paid by the treasury", 0.0, 0.9, _CHOSEN),
        "government",
        "The treasury pays this share of the price and of the adoption cost of the targeted offers.",
        ("all", "license", "origin", "lab", "offer"),
    ),
    "training": Kind(
        Quantity("Training", "share of the workforce trained per year", 0.0, 0.5, _CHOSEN),
        "government",
        "Public training raises the readiness of every firm of the region; the treasury pays for it.",
        ("all",),
    ),
    "procurement": Kind(
        Quantity("Procurement rule", "share of public organisations bound", 0.0, 1.0, _CHOSEN),
        "government",
        "Public organisations that are bound sign new contracts for the targeted offers only.",
        ("license", "origin", "lab", "offer"),
    ),
    "ban": Kind(
        Quantity("Ban", "share of firms bound", 0.0, 1.0, _CHOSEN),
        "government",
        "Firms that are bound may not use the targeted offers and choose anew at once.",
        ("origin", "license", "lab", "offer", "operator"),
    ),
    "data_localisation": Kind(
        Quantity("Data localisation", "compliance cost as a share of the wage bill", 0.0, 0.05, _CHOSEN),
        "government",
        "Use of a service run by a foreign vendor costs this share of the wage bill; self-hosting is free of it.",
        ("all", "origin"),
    ),
    "export_control": Kind(
        Quantity("Export control", "share of own research lost", 0.0, 1.0, _CHOSEN),
        "government",
        "The labs of the targeted origin lose this share of their own research for want of compute.",
        ("origin", "lab"),
    ),
    "price_change": Kind(
        Quantity("Price change", "relative change of the price", -0.95, 5.0, _CHOSEN),
        "lab",
        "The prices of the labs' own services for the targeted offers change by this fraction; hosts are not affected.",
        ("license", "lab", "offer", "origin", "all"),
    ),
    "incident": Kind(
        Quantity("Incident", "share of trust lost", 0.0, 1.0, _CHOSEN),
        "world",
        "A leak, an outage or a backdoor: this share of the trust in the targeted offers is lost in the first quarter.",
        ("origin", "license", "lab", "offer", "all"),
    ),
}


WORLDWIDE = ("price_change", "export_control")  # the same in every region, whoever imposes them


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
            "offer:deepseek"; "origin:home" means the region's own origin.
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
            allowed = ", ".join(f"{t}:..." for t in kind.targets)
            raise InputError(f"{self.kind} needs a target, for example target=license:open (allowed: {allowed}).")
        check_target(target, kind.targets, tables)
        if self.kind == "price_change" and self.region != "all":
            raise InputError(f"price_change acts on the one world price, not in {self.region!r}; leave the region out.")
        if target.endswith(":home") and self.kind in WORLDWIDE:
            raise InputError(
                f"{self.kind} acts everywhere, so {target} has no meaning; name a region, for example origin:china."
            )
        return Intervention(self.kind, level, self.start, self.end, self.region, target)

    def in_force(self, quarter: int) -> bool:
        """Whether it holds in a quarter (a whole number); an incident holds in its first quarter only."""
        first = quarter_number(self.start)
        if self.kind == "incident":
            return quarter == first
        return first <= quarter and (not self.end or quarter <= quarter_number(self.end))

    def label(self) -> str:
        """One line in words: "subsidy 0.3 in china from 2026Q1 to 2030Q4 on license:open"."""
        dates = f"in {self.start}" if self.kind == "incident" else f"from {self.start}"
        if self.end and self.kind != "incident":
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
        raise unknown("target", target, [f"{t}:..." if t != "all" else "all" for t in families])
    names = {
        "all": [""],
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
