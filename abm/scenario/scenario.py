"""A scenario: one frozen question, read from and written to TOML."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as _replace
from functools import cached_property
from pathlib import Path
from typing import Any

from abm.quantities import Alternatives, InputError, Quantity, unknown
from abm.quarters import quarter_name, quarter_number, quarter_range
from abm.scenario.entrant import Entrant
from abm.scenario.files import changes_of, read, text_of, written
from abm.scenario.loading import load_tables, tables_with
from abm.scenario.parameters import DECLARATIONS, Parameters
from abm.scenario.plan import Plan
from abm.scenario.policy import Intervention, check_target
from abm.scenario.tables import Tables, figure_quantity, is_figure, split_figure

LIBRARY = Path(__file__).parent / "library"
HISTORIES = ("observed", "endogenous")
DEFAULT_FIRMS = 20_000  # sampled firms of a run, where nothing else is said
SHOCKS = Quantity("Draw of aggregate shocks, 0 for none", "number", 0, 2**31, "the user's choice", integer=True)
WITHDRAWAL_FAMILIES = ("offer", "lab", "origin", "license")


@dataclass(frozen=True)
class Scenario:
    """One frozen question.

    Attributes:
        name: Short name, a valid file stem.
        title: The question in a few words.
        story: One or two sentences for the page and the lessons.
        start: First quarter.
        end: Last quarter.
        history: "observed" takes capability and prices from the evidence as far as it goes, "endogenous" lets
            the labs decide them from the first quarter on.
        parameters: All parameters.
        figures: Changed figures of the tables, (path, value) pairs such as ("regions.china.wage", 20000.0).
        interventions: Dated instruments, decisions and events.
        governments: Plans of governments that adapt; the others do what the interventions say.
        shocks: Number of the draw of aggregate shocks (incidents, growth of capability); 0 for a world without.
        withdrawn: Offers that do not exist in this world, as targets such as "license:open".
        regions: Regions whose firms are simulated; all by default. Labs everywhere then earn in these alone.
        entrants: Labs that open during the run.
    """

    name: str
    title: str = ""
    story: str = ""
    start: str = "2023Q1"
    end: str = "2035Q4"
    history: str = "observed"
    parameters: Parameters = field(default_factory=Parameters)
    figures: tuple[tuple[str, float], ...] = ()
    interventions: tuple[Intervention, ...] = ()
    governments: tuple[Plan, ...] = ()
    shocks: int = 0
    withdrawn: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    entrants: tuple[Entrant, ...] = ()

    def __post_init__(self) -> None:
        """Check everything that can be wrong, so that a scenario that exists can be run."""
        known = load_tables()
        if self.history not in HISTORIES:
            raise unknown("history", self.history, HISTORIES)
        first, last = quarter_number(self.start), quarter_number(self.end)
        if first < known.first_observed:
            raise InputError(
                f"start = {self.start} is before the first quarter with evidence, {quarter_name(known.first_observed)}; "
                f"start then or later."
            )
        if not first <= last <= first + 200:
            raise InputError(f"end = {self.end} must lie between start = {self.start} and {quarter_name(first + 200)}.")
        if first > known.last_observed and self.history == "observed":
            raise InputError(
                f"start = {self.start} lies after the last observed quarter {quarter_name(known.last_observed)}; start then "
                "or earlier."
            )
        for one in self.entrants:
            one.checked(known, self.end)
        if len({one.name for one in self.entrants}) < len(self.entrants):
            raise InputError("two entrants have one name; rename one.")
        base = tables_with(self.entrants)
        figures = []
        for path, value in self.figures:
            split_figure(path, base)
            figures.append((path, figure_quantity(path).check(path, value)))
        object.__setattr__(self, "figures", tuple(sorted(figures)))
        for region in self.regions:
            if region not in base.region_names:
                raise unknown("region", region, base.region_names)
        for target in self.withdrawn:
            check_target(target, WITHDRAWAL_FAMILIES, base)
        checked = tuple(i.checked(base, self.start, self.end) for i in self.interventions)
        object.__setattr__(self, "interventions", checked)
        SHOCKS.check("shocks", self.shocks)
        plans = tuple(plan.checked(base, self.start, self.end) for plan in self.governments)
        if len({plan.region for plan in plans}) < len(plans):
            raise InputError("a government has two plans; give each region one.")

    @cached_property
    def tables(self) -> Tables:
        """The data tables with this scenario's new labs, its changes of single figures and the firms of its regions."""
        return tables_with(self.entrants).with_figures(dict(self.figures)).with_firms_of(self.regions)

    @property
    def quarters(self) -> list[str]:
        """Names of the quarters of the run."""
        return quarter_range(self.start, self.end)

    @cached_property
    def digest(self) -> str:
        """Fingerprint of all that decides the results (twelve hexadecimal digits); name and story do not."""
        content = self.as_dict()
        for cosmetic in ("name", "title", "story"):
            content.pop(cosmetic, None)
        content["parameters"] = dict(self.parameters.items())
        return hashlib.blake2b(json.dumps(content, sort_keys=True).encode(), digest_size=6).hexdigest()

    @staticmethod
    def load(name_or_path: str | Path) -> Scenario:
        """Load a scenario of the library by name, or from a TOML file by path.

        Raises:
            InputError: If there is no such scenario or the file cannot be read.
        """
        path = Path(name_or_path)
        if path.suffix != ".toml":
            known = {found.stem: found for found in LIBRARY.rglob("*.toml")}
            if str(name_or_path) not in known:
                raise unknown("scenario", name_or_path, library(), "Give a name or the path of a TOML file.")
            path = known[str(name_or_path)]
        return Scenario.from_toml(text_of(path, f"scenario file {str(name_or_path)!r}"), name=path.stem)

    @staticmethod
    def from_toml(text: str, name: str = "unnamed") -> Scenario:
        """Build a scenario from TOML text.

        Args:
            text: The TOML document.
            name: Name to use where the document has none.

        Raises:
            InputError: If the text is not TOML or holds something unknown.
        """
        base, changes = read(text, name)
        return (Scenario.load(base) if base else Scenario(name=name)).replace(changes)

    @staticmethod
    def of(plain: Mapping[str, Any], name: str, past: Scenario | None = None) -> Scenario:
        """Build a scenario from the plain values of a TOML document, as when it stands in another file.

        Args:
            plain: The values.
            name: Name to use where they hold none.
            past: What it starts from, unless it names a `base`.

        Raises:
            InputError: If they hold something unknown.
        """
        base, changes = changes_of(plain, name)
        return (Scenario.load(base) if base else past or Scenario(name=name)).replace(changes)

    def to_toml(self) -> str:
        """The scenario as TOML that `from_toml` reads back to an equal scenario."""
        return written(self.as_dict())

    def as_dict(self) -> dict[str, Any]:
        """The scenario as plain values; parameters only where they differ from their defaults."""
        default = Parameters()
        content: dict[str, Any] = {
            "name": self.name, "title": self.title, "story": self.story,
            "start": self.start, "end": self.end, "history": self.history,
        }  # fmt: skip
        if self.withdrawn:
            content["withdrawn"] = list(self.withdrawn)
        if self.regions:
            content["regions"] = list(self.regions)
        changed = {k: v for k, v in self.parameters.items() if v != default.get(k)}
        if changed:
            content["parameters"] = changed
        if self.figures:
            content["figures"] = dict(self.figures)
        if self.shocks:
            content["shocks"] = self.shocks
        if self.interventions:
            content["interventions"] = [i.as_dict() for i in self.interventions]
        if self.entrants:
            content["entrants"] = [one.as_dict() for one in self.entrants]
        if self.governments:
            content["governments"] = [plan.as_dict() for plan in self.governments]
        return content

    def replace(self, changes: Mapping[str, Any] | None = None, /, **fields: Any) -> Scenario:
        """A copy with fields, dotted parameters or figures changed.

        Args:
            changes: Mapping such as {"demand.price_elasticity": 1.3, "regions.china.wage": 2e4, "end": "2030Q4"}.
            **fields: Fields of the scenario by name.

        Raises:
            InputError: If a name is unknown or a value out of range.

        >>> Scenario.load("baseline").replace({"interaction.strength": 0}).parameters.interaction.strength
        0.0
        """
        parameters, figures = self.parameters, dict(self.figures)
        kept: dict[str, Any] = {}
        for name, value in {**dict(changes or {}), **fields}.items():
            if name in Scenario.__dataclass_fields__:
                kept[name] = value
            elif is_figure(name):
                figures[name] = value
            else:
                parameters = parameters.changed(name, value)
        own_figures = kept.pop("figures", tuple(figures.items()))
        return _replace(self, **{"parameters": parameters, "figures": own_figures, **kept})

    def enact(self, *interventions: Intervention) -> Scenario:
        """A copy with interventions added."""
        return self.replace(interventions=(*self.interventions, *interventions))

    def quantity(self, name: str) -> Quantity | Alternatives:
        """Declaration of a parameter or figure by dotted name.

        Raises:
            InputError: If there is none.
        """
        if is_figure(name):
            split_figure(name, self.tables)
            return figure_quantity(name)
        self.parameters.get(name)
        return DECLARATIONS[name]


def library() -> list[str]:
    """Names of the questions that come with the package, the baseline first."""
    names = sorted(path.stem for path in LIBRARY.glob("*.toml"))
    return sorted(names, key=lambda name: name != "baseline")


def limits() -> list[str]:
    """Names of the scenarios that come with the package to simplify the model to a theorem."""
    return sorted(path.stem for path in (LIBRARY / "limits").glob("*.toml"))
