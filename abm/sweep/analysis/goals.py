"""Goals such as "adoption >= 0.7"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from abm.quantities import InputError, unknown
from abm.sweep.analysis.finding import amount
from abm.sweep.analysis.points import Points

FEWEST_MET = 10  # points that meet a goal, and points that do not
_FORM = re.compile(r"^\s*(.+?)\s*(>=|<=|>|<)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)\s*(%?)\s*$")
_WORDS = {">=": "at least", "<=": "at most", ">": "above", "<": "below"}


@dataclass(frozen=True, slots=True)
class Goal:
    """What an indicator is to reach.

    Attributes:
        indicator: Column of the indicator.
        sign: One of >=, <=, > and <.
        level: The level.
    """

    indicator: str
    sign: str
    level: float

    def met(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each value meets it."""
        signs = {">=": np.greater_equal, "<=": np.less_equal, ">": np.greater, "<": np.less}
        return np.asarray(signs[self.sign](values, self.level))

    def words(self, unit: str) -> str:
        """As "adoption of at least 70%"."""
        return f"{self.indicator} {_WORDS[self.sign]} {amount(self.level, unit)}"


def goal_of(text: str, indicators: Iterable[str]) -> Goal:
    """Read a goal.

    Args:
        text: Such as "adoption >= 0.7" or "adoption >= 70%".
        indicators: Names that it may be about.

    Raises:
        InputError: If it cannot be read.

    >>> goal_of("open < 50%", ["open"])
    Goal(indicator='open', sign='<', level=0.5)
    """
    match = _FORM.match(text)
    try:
        level = float(match[3]) if match else np.nan
    except ValueError:
        level = np.nan
    if not match or np.isnan(level):
        raise InputError(f'cannot read the goal {text!r}; write an indicator, a sign and a number: "adoption >= 0.7".')
    if match[1] not in indicators:
        raise unknown("indicator in the goal", match[1], indicators)
    return Goal(match[1], match[2], level / 100 if match[4] else level)


def no_goal(points: Points, goal: Goal | None) -> str:
    """Why it cannot be looked for where a goal is met; "" if it can."""
    if goal is None:
        return 'needs a goal, such as "adoption >= 0.7"'
    assert goal.indicator == points.indicator, "a goal is about the indicator that was read"
    if reason := points.not_spread():
        return reason
    means = points.means[points.spread]
    met = int(goal.met(means).sum())
    if FEWEST_MET <= met <= len(means) - FEWEST_MET:
        return ""
    low, high = np.quantile(means, [0.25, 0.75])
    return (
        f"needs {FEWEST_MET} points or more that meet the goal, and as many that do not; {met:,} of {len(means):,} points "
        f"meet {goal.words(points.unit)}: choose a level from {amount(low, points.unit)} to {amount(high, points.unit)}, "
        "between which half of the points lie"
    )
