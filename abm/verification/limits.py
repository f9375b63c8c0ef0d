"""The limits by the name of their scenario."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from abm.quantities import unknown
from abm.scenario.scenario import Scenario
from abm.verification import bass, brock_durlauf, logit, mean_field, urn
from abm.verification.claim import Claim

Comparison = Callable[[Scenario, int, int], Claim]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of the model.

    Attributes:
        compare: Runs the scenario with a number of firms and a seed, and compares it with its theorem.
        firms: Number of firms by default.
    """

    compare: Comparison
    firms: int


LIMITS = {
    "limit_logit": Limit(logit.compare, logit.FIRMS),
    "limit_bass": Limit(bass.compare, bass.FIRMS),
    "limit_brock_durlauf": Limit(brock_durlauf.compare, brock_durlauf.FIRMS),
    "limit_arthur": Limit(urn.arthur, urn.FIRMS),
    "limit_polya": Limit(urn.polya, urn.FIRMS),
    "limit_mean_field": Limit(mean_field.compare, mean_field.LARGEST),
}


def limit(name: str) -> Limit:
    """A limit by the name of its scenario.

    Raises:
        InputError: If there is none.
    """
    if name not in LIMITS:
        raise unknown("limit", name, LIMITS)
    return LIMITS[name]
