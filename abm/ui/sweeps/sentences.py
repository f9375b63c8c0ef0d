"""What methods have found, in a sentence or two of the page's language; their own words are English, and longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from abm.sweep.analysis import (
    CartFinding,
    ConvergenceFinding,
    Finding,
    PrimFinding,
    TippingFinding,
    cart,
    morris,
    pawn,
    sobol,
)
from abm.sweep.analysis import convergence as seeds
from abm.sweep.analysis.finding import HIGH, LOW, is_share
from abm.sweep.factors import Factor
from abm.sweep.study import Study
from abm.ui import strings
from abm.ui.sweeps.naming import amount, factor_labels, goal_in_words, unit_in_words, value_of
from abm.ui.words import points, whole_percent


def sentence(finding: Finding, study: Study) -> str:
    """The gist of a finding.

    Args:
        finding: What a method has found.
        study: The study.
    """
    return _SAYS[finding.method](finding, study)


def _sobol(finding: Finding, study: Study) -> str:
    first = finding.table.iloc[0]
    return strings.SWEEP_SAYS["sobol"].format(
        factor=factor_labels(study)[first["factor"]], indicator=finding.indicator, alone=whole_percent(first[sobol.FIRST]),
        total=whole_percent(first[sobol.TOTAL]), low=whole_percent(first[f"{sobol.TOTAL}, {LOW}"]),
        high=whole_percent(first[f"{sobol.TOTAL}, {HIGH}"]),
    )  # fmt: skip


def _morris(finding: Finding, study: Study) -> str:
    first = finding.table.iloc[0]
    return strings.SWEEP_SAYS["morris"].format(
        factor=factor_labels(study)[first["factor"]], indicator=finding.indicator,
        change=_change(first[morris.ABSOLUTE], finding.unit), low=_change(first[f"{morris.ABSOLUTE}, {LOW}"], finding.unit),
        high=_change(first[f"{morris.ABSOLUTE}, {HIGH}"], finding.unit),
    )  # fmt: skip


def _pawn(finding: Any, study: Study) -> str:
    real = finding.table[finding.table["factor"] != pawn.DUMMY]
    tells = real[(real[pawn.MEDIAN] > finding.noise) | (real[pawn.MOST] > finding.noise_of_largest)]
    if tells.empty:
        return strings.SWEEP_SAYS["pawn_none"].format(indicator=finding.indicator)
    first = tells.iloc[0]
    return strings.SWEEP_SAYS["pawn"].format(
        factor=factor_labels(study)[first["factor"]], indicator=finding.indicator, median=f"{first[pawn.MEDIAN]:.2f}",
        most=f"{first[pawn.MOST]:.2f}",
    )  # fmt: skip


def _tipping(finding: TippingFinding, study: Study) -> str:
    met, of = int(finding.goal.met(finding.means).sum()), finding.means.size
    told = strings.SWEEP_SAYS["tipping"].format(goal=goal_in_words(finding.goal, finding.unit), met=met, of=of)
    if (step := finding.steepest) is None:
        return told
    (i, j), (k, m) = step.start, step.end
    moved, start, end = (finding.across, i, k) if j == m else (finding.up, j, m)
    still, at = (finding.up, j) if j == m else (finding.across, i)
    labels = factor_labels(study)
    return told + strings.SWEEP_SAYS["step"].format(
        factor=labels[moved.name], start=value_of(moved.factor, moved.levels[start]),
        end=value_of(moved.factor, moved.levels[end]), other=labels[still.name],
        at=value_of(still.factor, still.levels[at]), indicator=finding.indicator, change=_change(step.change, finding.unit),
        times=f"{step.sharpness:.1f}",
    )  # fmt: skip


def _convergence(finding: ConvergenceFinding, study: Study) -> str:
    half = finding.table.groupby("point")[seeds.HALF_WIDTH].last()
    return strings.SWEEP_SAYS["convergence"].format(
        seeds=finding.seeds, indicator=finding.indicator, typical=_change(half[seeds.TYPICAL], finding.unit),
        worst=_change(half[seeds.WORST], finding.unit), precision=_change(finding.precision, finding.unit),
        needed=f"{finding.needed[seeds.TYPICAL]:,}", most=f"{finding.needed[seeds.WORST]:,}",
    )  # fmt: skip


def _prim(finding: PrimFinding, study: Study) -> str:
    factors, labels = {one.name: one for one in study.factors}, factor_labels(study)
    rows = [row for _, row in finding.table.iterrows() if row["limits"]]
    inside = [f"{labels[row['factor']]} {_limits(factors[row['factor']], row, finding)}" for row in rows]
    told = strings.SWEEP_SAYS["goal"].format(met=whole_percent(finding.met))
    if not inside:
        return told + strings.SWEEP_SAYS["prim_none"]
    return told + strings.SWEEP_SAYS["prim"].format(
        density=whole_percent(finding.density), limits=strings.SEMICOLON.join(inside), mass=whole_percent(finding.mass),
        coverage=whole_percent(finding.coverage),
    )  # fmt: skip


def _limits(factor: Factor, row: Any, finding: PrimFinding) -> str:
    if factor.name in finding.names:
        allowed = zip(factor.values, finding.names[factor.name], strict=True)
        return strings.LIST_COMMA.join(value_of(factor, value) for value, inside in allowed if inside)
    return strings.ASSUMPTION_RANGE.format(low=value_of(factor, row["low"]), high=value_of(factor, row["high"]))


def _cart(finding: CartFinding, study: Study) -> str:
    factors, labels = {one.name: one for one in study.factors}, factor_labels(study)
    told = strings.SWEEP_SAYS["goal"].format(met=whole_percent(finding.met))
    if len(finding.table) < 2:
        return told + strings.SWEEP_SAYS["cart_none"]

    def rule(number_of_rule: int) -> str:
        own = finding.limits[finding.limits["rule"] == number_of_rule]
        return strings.SEMICOLON.join(
            f"{labels[one['factor']]} {_ruled(factors[one['factor']], one)}" for _, one in own.iterrows()
        )

    last = len(finding.table) - 1
    best, worst = (whole_percent(finding.table[cart.DENSITY].iloc[k]) for k in (0, last))
    return told + strings.SWEEP_SAYS["cart"].format(
        best=best, most=rule(0), worst=worst, least=rule(last), right=whole_percent(finding.right)
    )


def _ruled(factor: Factor, row: pd.Series) -> str:
    if isinstance(row["names"], list):
        return strings.LIST_COMMA.join(value_of(factor, value) for value in row["names"])
    return strings.ASSUMPTION_RANGE.format(low=value_of(factor, row["low"]), high=value_of(factor, row["high"]))


def _change(value: float, unit: str) -> str:
    """The size of a difference of an indicator, with its unit."""
    return points(value) if is_share(unit) else f"{amount(abs(value), unit)} {unit_in_words(unit)}".strip()


_SAYS: dict[str, Callable[[Any, Study], str]] = {
    "sobol": _sobol, "morris": _morris, "pawn": _pawn, "tipping": _tipping, "convergence": _convergence, "prim": _prim,
    "cart": _cart,
}  # fmt: skip
