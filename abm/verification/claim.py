"""A claim: what a simplified run of the model gave, what a theorem says, and how far apart they may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from abm.dynamics.conditions import Conditions
from abm.dynamics.interaction import offer_of_codes
from abm.dynamics.reference import Some, option_values, taste_scale
from abm.model import Market
from abm.quantities import InputError
from abm.scenario.scenario import Scenario
from abm.theory.distribution import effective_sample_size
from abm.world.world import World

Floats = NDArray[np.float64]
SIGMAS = 4.0  # of a right model one number in 16,000 is further off than so many standard errors
_ALPHA = 6.334e-5
CERTAIN = 30.0  # units of taste: of a million firms none prefers no AI to so much


@dataclass(frozen=True, slots=True)
class Picture:
    """Simulation on top of a theorem.

    Attributes:
        across: What x is.
        up: What y is.
        x: Where the numbers are drawn, shape (point,).
        simulated: What the model gave, shape (point,).
        closed_form: What the theorem says, shape (point,).
        band: How far apart they may be, shape (point,); nan where nothing is claimed.
        log: Whether both axes are logarithmic.
        levels: Further values of the theorem, drawn as level lines, by their names.
        curve: A further curve: its name, x and y, these of shape (point,).
        limits: Lowest and highest y.
        names: What each point is, for points that are not on a line.
    """

    across: str
    up: str
    x: Floats
    simulated: Floats
    closed_form: Floats
    band: Floats
    log: bool = False
    levels: Mapping[str, float] = field(default_factory=dict)
    curve: tuple[str, Floats, Floats] | None = None
    limits: tuple[float, float] | None = None
    names: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """Simulated against closed form.

    Attributes:
        theorem: What is claimed, in words.
        reference: Where it is published.
        unit: Unit of the numbers.
        labels: What each number is.
        simulated: What the model gave, shape (label,).
        closed_form: What the theorem says, shape (label,).
        tolerance: How far apart they may be, shape (label,).
        error_rate: How often a right model would be further off, in words.
        picture: What to draw.
        notes: Further numbers, by what they are.
    """

    theorem: str
    reference: str
    unit: str
    labels: list[str]
    simulated: Floats
    closed_form: Floats
    tolerance: Floats
    error_rate: str
    picture: Picture
    notes: dict[str, float] = field(default_factory=dict)

    @property
    def error(self) -> Floats:
        """Simulated less closed form, shape (label,)."""
        return self.simulated - self.closed_form

    @property
    def max_error(self) -> float:
        """Largest distance."""
        return float(np.abs(self.error).max())

    @property
    def worst(self) -> int:
        """Place of the number that is furthest off for what it may be off by."""
        return int(np.argmax(np.abs(self.error) / np.maximum(self.tolerance, 1e-300)))

    @property
    def holds(self) -> bool:
        """Whether every number is within its tolerance."""
        return bool((np.abs(self.error) <= self.tolerance).all())

    def as_dict(self) -> dict[str, Any]:
        """The claim as plain values; the tolerance is the one of the number that is furthest off for what it may be."""
        worst = self.worst
        return {
            "theorem": self.theorem,
            "reference": self.reference,
            "unit": self.unit,
            "labels": self.labels,
            "simulated": self.simulated.tolist(),
            "closed_form": self.closed_form.tolist(),
            "max_error": self.max_error,
            "tolerance": float(self.tolerance[worst]),
            "tolerances": self.tolerance.tolist(),
            "error_rate": self.error_rate,
            "holds": self.holds,
            "notes": self.notes,
        }


def claim(
    simulated: ArrayLike, closed_form: ArrayLike, tolerance: ArrayLike, across: str = "quarter of the run",
    picture: Picture | None = None, **about: Any,
) -> Claim:  # fmt: skip
    """A claim about numbers of any array type; one closed form or tolerance may stand for all. Drawn in their order."""
    values = np.atleast_1d(np.asarray(simulated, float))
    expected, allowed = (np.broadcast_to(np.asarray(x, float), values.shape).copy() for x in (closed_form, tolerance))
    drawn = picture or Picture(across, about["unit"], np.arange(1.0, len(values) + 1), values, expected, allowed)
    return Claim(simulated=values, closed_form=expected, tolerance=allowed, picture=drawn, **about)


def error_rate(numbers: int) -> str:
    """How often a right model would be further off than its standard errors allow, in words."""
    for_all = min(1.0, numbers * _ALPHA)
    return f"{SIGMAS:g} standard errors each: 1 in 16,000 per number, at most {for_all:.2g} for all {numbers}"


def require(scenario: Scenario, theorem: str, conditions: Mapping[str, Any]) -> None:
    """Refuse a scenario to which a theorem does not apply.

    Args:
        scenario: The scenario.
        theorem: Its name, for the message.
        conditions: For each parameter the value that it must have, or the lowest and highest one as a tuple.

    Raises:
        InputError: If a parameter has another value.
    """
    for name, needed in conditions.items():
        value = scenario.parameters.get(name)
        low, high = needed if isinstance(needed, tuple) else (needed, needed)
        if not low <= value <= high:
            told = f"from {low:g} to {high:g}" if isinstance(needed, tuple) else f"{needed}"
            raise InputError(
                f"{name} = {value} lies outside the theorem of {theorem}, which needs {told}; leave it, or see what the "
                f"model does with abm run {scenario.name}."
            )


def agree(values: ArrayLike, what: str, theorem: str, within: float = 1e-9) -> None:
    """Refuse a world whose firms differ in what the theorem takes for all.

    Raises:
        InputError: If the values differ.
    """
    spread = float(np.ptp(np.asarray(values, float)))
    if not spread <= within:
        raise InputError(f"{theorem} needs firms that agree on {what}; here they differ by {spread:g}.")


def effective_firms(market: Market) -> float:
    """Kish's effective number of the sampled firms."""
    strata = market.world.firms.strata
    return effective_sample_size(np.repeat(strata.weight, strata.count))


def private_utilities(world: World, c: Conditions, some: Some) -> tuple[Floats, Floats]:
    """What options are worth to firms without tastes and others' pull.

    Returns:
        Utilities, -inf where not sold, shape (row, option), and the taste scale over the wage bill, shape (row,).
    """
    scale = taste_scale(world, c, some)
    value = np.where(c.available[some.region], option_values(world, c, some), -np.inf)
    return value / scale[:, None], scale


def shares_of_offers(market: Market) -> Floats:
    """Weighted share of all firms that use each offer, none last, shape (offer + 1,)."""
    codes = market.world.totals.firms.sum(axis=(0, 1, 2))
    share = np.bincount(offer_of_codes(market.world), codes, len(market.world.options.offer_lab) + 1)
    return share / share.sum()
