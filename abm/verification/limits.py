"""The limits by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from abm.quantities import unknown
from abm.scenario.scenario import Scenario
from abm.verification import bass, brock_durlauf, logit, mean_field, urn
from abm.verification.claim import Claim

Comparison = Callable[[Scenario, int, int], Claim]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the model.

    Attributes:
        scenario: Name of the scenario that simplifies the model to it.
        compare: Runs the scenario with a number of firms and a seed, and compares it with its theorem.
        firms: Number of firms by default.
        changes: What is changed in the scenario.
    """

    scenario: str
    compare: Comparison
    firms: int
    changes: Mapping[str, Any] = field(default_factory=dict)


_BASINS, _FIRMS = brock_durlauf.compare, brock_durlauf.FIRMS
LIMITS = {
    "limit_logit": Limit("limit_logit", logit.compare, logit.FIRMS),
    "limit_bass": Limit("limit_bass", bass.compare, bass.FIRMS),
    "limit_bass_contagious": Limit(
        "limit_bass", bass.compare, bass.FIRMS, {"diffusion.innovation": 0.02, "diffusion.imitation": 0.5}
    ),
    "limit_brock_durlauf": Limit("limit_brock_durlauf", _BASINS, _FIRMS),
    "limit_brock_durlauf_weak": Limit("limit_brock_durlauf", _BASINS, _FIRMS, {"interaction.strength": 1.5}),
    "limit_hysteresis": Limit("limit_brock_durlauf", brock_durlauf.sweep, _FIRMS),
    "limit_arthur": Limit("limit_arthur", urn.arthur, urn.FIRMS),
    "limit_polya": Limit("limit_polya", urn.polya, urn.FIRMS),
    "limit_mean_field": Limit("limit_mean_field", mean_field.compare, mean_field.LARGEST),
}


def limit(name: str) -> Limit:
    """A limit by its name.

    Raises:
        InputError: If there is none.
    """
    if name not in LIMITS:
        raise unknown("limit", name, LIMITS)
    return LIMITS[name]


def verify(name: str) -> Claim:
    """A limit as documented: with its own changes, number of firms and the first seed."""
    one = limit(name)
    return one.compare(Scenario.load(one.scenario).replace(one.changes), one.firms, 1)
