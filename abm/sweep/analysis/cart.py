"""CART: rules that tell where a goal is met, as a tree of yes-or-no questions about one factor at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from abm.quantities import InputError
from abm.sweep.analysis.finding import Finding, library, listed
from abm.sweep.analysis.goals import Goal, no_goal
from abm.sweep.analysis.points import Points
from abm.sweep.analysis.prim import searched
from abm.sweep.analysis.scales import Scale, limits, limits_in_words, names_in_words

TITLE = "Rules that tell whether the goal is met (CART)"
RULE, MASS, DENSITY, COVERAGE = (
    "rule",
    "share of points",
    "share that meets the goal",
    "share of those that meet the goal",
)
LEAST_MASS = 0.05  # share of the points that a rule must hold for, as for PRIM's box
FOLDS, SEED = 10, 1
_EVERYWHERE = "everywhere"


@dataclass(frozen=True, kw_only=True)
class CartFinding(Finding):
    """Rules.

    Attributes:
        goal: The goal in words.
        met: Share of all points that meet the goal.
        right: Share of points that the rules tell rightly, though they were found without them.
        limits: The rules' limits: number of the rule, factor, lowest and highest value, or the names that it allows.
    """

    goal: str
    met: float
    right: float
    limits: pd.DataFrame


@dataclass(frozen=True)
class _Question:
    """A column of the tree: places of a factor, or whether it has one of its names."""

    factor: int
    name: int | None


def cart_refused(points: Points, goal: Goal | None) -> str:
    """Why no rules can be looked for; "" if they can."""
    return no_goal(points, goal)


def cart_rules(points: Points, goal: Goal | None) -> CartFinding:
    """Rules that tell where a goal is met, by a classification tree.

    The points are parted in two by the question about one factor that makes both parts purest by Gini's measure, and so
    on; then branches are pruned by cost and complexity, to the smallest tree whose error in ten-fold cross-validation is
    within a standard error of the least (Breiman, Friedman, Olshen and Stone 1984,
    https://doi.org/10.1201/9781315139470). By scikit-learn's tree itself: the CART of EMA workbench 3.0, a thin layer
    over it, does not prune, settles ties by a generator that cannot be set, and loses the limits of names.

    Args:
        points: Points all over the space.
        goal: The goal, about the indicator of the points.

    Returns:
        A row per rule, the one under which the goal is met most first; shares from 0 to 1.

    Raises:
        InputError: If there is no goal, it is met at nearly all points or none, or the points are not spread.
    """
    if reason := cart_refused(points, goal):
        raise InputError(f"{TITLE}: {reason}.")
    assert goal is not None
    scales, met = searched(points), goal.met(points.means[points.spread])
    questions, columns = _columns(points, scales)
    tree, right = _pruned(columns, met)
    leaf = tree.apply(columns)
    rows: list[dict[str, Any]] = []
    bounds: list[list[dict[str, Any]]] = []
    for node, answers in _leaves(tree.tree_):
        words, own = _told(scales, questions, answers)
        rows.append({
            RULE: words, MASS: (leaf == node).mean(), DENSITY: met[leaf == node].mean(),
            COVERAGE: (met & (leaf == node)).sum() / met.sum(), "points": int((leaf == node).sum()),
        })  # fmt: skip
        bounds.append(own)
    order = np.argsort([-row[DENSITY] for row in rows], kind="stable")
    table = pd.DataFrame([rows[k] for k in order])
    told = [{"rule": number} | one for number, k in enumerate(order) for one in bounds[k]]
    says = f"The goal, {goal.words(points.unit)}, is met at {met.mean():.0%} of {len(met):,} points. "
    if len(table) > 1:
        best, worst = table.iloc[0], table.iloc[-1]
        says += (
            f"With {best[RULE]} it is met at {best[DENSITY]:.0%}, with {worst[RULE]} at {worst[DENSITY]:.0%}; "
            f"in cross-validation the {len(table)} rules are right for {right:.0%} of points that they were not made from."
        )
    else:
        says += "No rule tells where better than to say the same of all points."
    return CartFinding(
        method="cart", title=TITLE, indicator=points.indicator, unit=points.unit, quarter=points.quarter, table=table,
        says=says + points.left_out_of_spread(), goal=goal.words(points.unit),
        met=float(met.mean()), right=right, limits=pd.DataFrame(told, columns=["rule", "factor", "low", "high", "names"]),
    )  # fmt: skip


def _columns(points: Points, scales: dict[int, Scale]) -> tuple[list[_Question], NDArray[np.float64]]:
    """What the tree may ask, and the answers, shape (point, question)."""
    questions, columns = [], []
    for j, scale in scales.items():
        places = scale.places(points.parts[points.spread, j])
        for name in [None] if scale.ordered else range(len(scale.levels)):
            questions.append(_Question(j, name))
            columns.append(places if name is None else (places == name).astype(float))
    return questions, np.stack(columns, axis=1)


def _pruned(columns: NDArray[np.float64], met: NDArray[np.bool_]) -> tuple[Any, float]:
    """The smallest tree within a standard error of the best, and the share that it tells rightly in cross-validation."""
    sklearn_tree, selection = library("sklearn.tree"), library("sklearn.model_selection")

    def grown(price: float) -> Any:
        """A tree in which each leaf must lower the error by a price."""
        least = max(2, round(LEAST_MASS * len(met)))
        return sklearn_tree.DecisionTreeClassifier(min_samples_leaf=least, ccp_alpha=price, random_state=SEED)

    path = np.maximum(grown(0.0).cost_complexity_pruning_path(columns, met).ccp_alphas, 0)
    prices = np.append(np.sqrt(path[:-1] * path[1:]), path[-1])  # each between two prices at which the tree changes
    folds = selection.StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    right = np.array([selection.cross_val_score(grown(price), columns, met, cv=folds) for price in prices])
    mean, error = right.mean(axis=1), right.std(axis=1, ddof=1) / np.sqrt(FOLDS)
    best = int(np.argmax(mean))
    chosen = int(np.flatnonzero(mean >= mean[best] - error[best])[-1])
    return grown(float(prices[chosen])).fit(columns, met), float(mean[chosen])


def _leaves(tree: Any) -> list[tuple[int, list[tuple[int, bool, float]]]]:
    """Leaves of a tree, each with the answers that lead to it: question, whether it is above, the threshold."""
    found, open_nodes = [], [(0, list[tuple[int, bool, float]]())]
    while open_nodes:
        node, answers = open_nodes.pop()
        if tree.children_left[node] == -1:
            found.append((node, answers))
            continue
        for child, above in ((tree.children_left[node], False), (tree.children_right[node], True)):
            open_nodes.append((child, [*answers, (int(tree.feature[node]), above, float(tree.threshold[node]))]))
    return found


def _told(
    scales: dict[int, Scale], questions: list[_Question], answers: list[tuple[int, bool, float]]
) -> tuple[str, list[dict[str, Any]]]:
    """The rule of a leaf in words, and its limits by factor."""
    low: dict[int, float] = {}
    high: dict[int, float] = {}
    names: dict[int, set[int]] = {}
    for question, above, threshold in answers:
        asked = questions[question]
        if asked.name is not None:
            allowed = names.setdefault(asked.factor, set(range(len(scales[asked.factor].levels))))
            allowed &= {asked.name} if above else allowed - {asked.name}
        elif above:
            low[asked.factor] = max(threshold, low.get(asked.factor, threshold))
        else:
            high[asked.factor] = min(threshold, high.get(asked.factor, threshold))
    words: list[str] = []
    rows: list[dict[str, Any]] = []
    for j, scale in scales.items():
        if j in names:
            words.append(names_in_words(scale, names[j]))
            rows.append({"factor": scale.name, "names": [scale.levels[place] for place in sorted(names[j])]})
        elif j in low or j in high:
            words.append(limits_in_words(scale, low.get(j), high.get(j)))
            ends = limits(scale, low.get(j), high.get(j))
            rows.append({"factor": scale.name, "low": ends[0], "high": ends[1]})
    return listed(words) if words else _EVERYWHERE, rows
