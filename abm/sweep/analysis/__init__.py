"""Reading a study: a table, a figure and a few sentences by each method that its design allows.

Example:
    >>> from abm.sweep.analysis import analyse, possible  # doctest: +SKIP
    >>> possible(study, rows, "adoption")  # doctest: +SKIP
    >>> print(analyse("sobol", study, rows, "adoption").says)  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from abm.quantities import unknown
from abm.sweep.analysis.cart import CartFinding, cart_refused, cart_rules
from abm.sweep.analysis.convergence import ConvergenceFinding, convergence_refused, seeds_needed
from abm.sweep.analysis.finding import Finding
from abm.sweep.analysis.goals import Goal, goal_of
from abm.sweep.analysis.morris import morris_effects, morris_refused
from abm.sweep.analysis.pawn import PawnFinding, pawn_indices, pawn_refused
from abm.sweep.analysis.points import Points, points_of
from abm.sweep.analysis.prim import PrimFinding, prim_box, prim_refused
from abm.sweep.analysis.sobol import SobolFinding, sobol_indices, sobol_refused
from abm.sweep.analysis.tipping import TippingFinding, tipping_map, tipping_refused
from abm.sweep.study import Study


@dataclass(frozen=True, slots=True)
class Method:
    """A method.

    Attributes:
        refused: Why points cannot be read by it, "" if they can.
        find: What it finds.
        of_goal: Whether it reads the indicator that the goal is about, whatever else is asked for.
    """

    refused: Callable[[Points, Goal | None], str]
    find: Callable[[Points, Goal | None], Finding]
    of_goal: bool = False


METHODS: dict[str, Method] = {
    "sobol": Method(lambda points, _: sobol_refused(points), lambda points, _: sobol_indices(points)),
    "morris": Method(lambda points, _: morris_refused(points), lambda points, _: morris_effects(points)),
    "pawn": Method(lambda points, _: pawn_refused(points), lambda points, _: pawn_indices(points)),
    "prim": Method(prim_refused, prim_box, of_goal=True),
    "cart": Method(cart_refused, cart_rules, of_goal=True),
    "tipping": Method(lambda points, _: tipping_refused(points), tipping_map),
    "convergence": Method(lambda points, _: convergence_refused(points), lambda points, _: seeds_needed(points)),
}


def possible(
    study: Study, data: pd.DataFrame, indicator: str = "", quarter: str = "", goal: str = ""
) -> dict[str, str]:
    """Which methods a study's design and runs allow.

    Args:
        study: The study.
        data: The rows of its store.
        indicator: Column to explain; the study's first by default.
        quarter: Quarter to read; the study's last by default.
        goal: Such as "adoption >= 0.7"; "" for none.

    Returns:
        For each method, why it cannot be used and what would have to be changed; "" if it can.

    Raises:
        InputError: If the indicator, quarter or goal is not of the study, or no run is there.
    """
    return {
        name: method.refused(*_asked(method, study, data, indicator, quarter, goal)) for name, method in METHODS.items()
    }


def analyse(
    method: str, study: Study, data: pd.DataFrame, indicator: str = "", quarter: str = "", goal: str = ""
) -> Finding:
    """Read a study by a method.

    Args:
        method: One of METHODS.
        study: The study.
        data: The rows of its store.
        indicator: Column to explain; the study's first by default. PRIM and CART read the goal's.
        quarter: Quarter to read; the study's last by default.
        goal: Such as "adoption >= 0.7". PRIM and CART need one; a map takes one about its indicator.

    Raises:
        InputError: If the method cannot be used, a library is missing, or something is unknown.
    """
    if method not in METHODS:
        raise unknown("method of analysis", method, METHODS)
    chosen = METHODS[method]
    return chosen.find(*_asked(chosen, study, data, indicator, quarter, goal))


def _asked(
    method: Method, study: Study, data: pd.DataFrame, indicator: str, quarter: str, goal: str
) -> tuple[Points, Goal | None]:
    """What a method is given: the points, and the goal if it is about their indicator."""
    wanted = goal_of(goal, study.indicators) if goal else None
    if wanted and method.of_goal:
        indicator = wanted.indicator
    points = points_of(study, data, indicator, quarter)
    return points, wanted if wanted and wanted.indicator == points.indicator else None


__all__ = [
    "METHODS",
    "CartFinding",
    "ConvergenceFinding",
    "Finding",
    "Goal",
    "Method",
    "PawnFinding",
    "Points",
    "PrimFinding",
    "SobolFinding",
    "TippingFinding",
    "analyse",
    "cart_rules",
    "goal_of",
    "morris_effects",
    "pawn_indices",
    "points_of",
    "possible",
    "prim_box",
    "seeds_needed",
    "sobol_indices",
    "tipping_map",
]
