"""Published figures on the page of the calibration: what lies inside, who does better, and what the model gets wrong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from abm.calibration.check import Prediction, mean_width
from abm.calibration.puzzles import MOST
from abm.calibration.report import Report
from abm.calibration.rivals import rivals
from abm.calibration.targets import FIT, HELD_OUT, Target, targets

NONE = "-"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Lines of a table in Markdown."""
    return ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]


def published_figures(found: Report) -> list[str]:
    """Every figure with its predictive interval under the posterior from the fit figures."""
    lines = ["## Published figures", "", "![Figures and intervals](calibration/figures.png)"]
    for split, title in ((FIT, "Fit"), (HELD_OUT, "Held out")):
        mine = [one for one in found.predictions["fit"] if one.split == split]
        rows = [
            (one.moment, one.family, *(_number(x) for x in (one.value, one.low, one.median, one.high)),
             "yes" if one.inside else "**no**")
            for one in mine
        ]  # fmt: skip
        widths = ", ".join(f"{width:.2f} {unit}" for unit, width in mean_width(mine, split).items())
        lines += [
            "", f"### {title}", "",
            f"Posterior `fit`; {sum(one.inside for one in mine)} of {len(mine)} inside. Mean width of the intervals: "
            f"{widths}.", "",
            *table(("figure", "family", "published", "low", "median", "high", "inside"), rows),
        ]  # fmt: skip
    return lines


def against_rivals(found: Report) -> list[str]:
    """Errors of the model and of two simple forecasters on the held-out figures."""
    told = {one.moment: one for one in found.predictions["fit"]}
    rows, errors = [], dict[str, list[list[float]]]()
    own, borrowed = list[list[float]](), list[list[float]]()
    for one in rivals():
        target, model = one.target, told[one.target.moment].median
        at = float(target.scaled(target.value))
        error = [abs(x - at) for x in (float(target.scaled(model)), one.no_change, one.logistic)]
        errors.setdefault(target.family, []).append(error)
        (own if one.own_slope else borrowed).append(error)
        guesses = [_number(float(target.unscaled(x))) for x in (one.no_change, one.logistic)]
        if not one.own_slope:
            guesses[1] += "*"
        if not np.isfinite(one.logistic):
            guesses[1] = NONE
        rows.append((target.moment, _number(target.value), _number(model), *guesses, *(_error(x) for x in error)))
    groups = {
        **errors, "all with a slope of their own": own, 
        "all with a borrowed slope": [e for e in borrowed if np.isfinite(e[2])],
        "all": own + borrowed,
    }  # fmt: skip
    means = [(name, str(len(many)), *(_error(x) for x in np.mean(many, axis=0))) for name, many in groups.items()]
    three = ("of model", "of no change", "of logistic")
    return [
        "## Against forecasters without a model", "",
        "Held-out figures whose series has a figure in the fit. Errors are distances in log-odds (logarithms for money): "
        "the median of `fit`, the last figure of the series, and a logistic curve through its figures (with the mean slope "
        "of its family where it has one figure only, marked *; none where its family has no slope). The model, unlike the "
        "others, knows which models came out in 2025 and 2026 and what they cost.", "",
        *table(("figure", "published", "model", "no change", "logistic", *(f"error {x}" for x in three)), rows), "",
        *table(("family", "figures", *(f"mean error {x}" for x in three)), means),
    ]  # fmt: skip


def regions(found: Report) -> list[str]:
    """What all other figures say about a region."""
    rows = []
    for name, many in found.without_region.items():
        error = np.mean([abs(_distance(one)) for one in many])
        width = np.mean([one.width for one in many])
        rows.append((name, f"{sum(one.inside for one in many)} of {len(many)}", f"{width:.2f}", f"{error:.2f}"))
    return [
        "## One region left out at a time", "",
        "Posteriors from all figures but those that speak about a region, alone, with others (OECD, large firms, routers) "
        "or against it (use per worker), and what they say about these, in log-odds or logarithms.",
        "", *table(("region", "inside their 90% intervals", "mean width", "mean error of the median"), rows),
    ]  # fmt: skip


def puzzles(found: Report) -> list[str]:
    """The numbers that the five puzzles turn on."""
    rows = [
        (str(one.puzzle), one.what, *(f"{x:.2f}" for x in (one.published, one.low, one.median, one.high)), one.verdict)
        for one in found.puzzles
    ]
    lived = found.lived
    gains = {name: float(np.median(gain)) for name, gain in lived.gains.items()}
    ranked = " > ".join(f"{name} {gain:.1f}" for name, gain in sorted(gains.items(), key=lambda pair: -pair[1]))
    low, median, high = np.quantile(lived.openness, [0.05, 0.5, 0.95])
    return [
        "## The five puzzles", "",
        "Posterior `all`, without survey error. Reproduced: the interval holds the published number, and the median is "
        "between half and twice it; possible, not typical: the interval holds it, the median is farther off.", "",
        *table(("puzzle", "number", "published", "low", "median", "high", "reproduced"), rows), "",
        f"What is said without a number counts as reproduced where it is so in {100 * MOST:.0f}% of the draws:", "",
        *table(
            ("puzzle", "statement", "so in", "reproduced"),
            [(str(one.puzzle), one.what, f"{100 * one.part:.0f}% of the draws", one.verdict) for one in lived.statements()],
        ), "",
        "Puzzle 3: firms name expertise before privacy and legal doubts, and cost last. Were entry costs, distrust or "
        "vendors' prices half as high from 2023 on, so many more of every hundred EU firms would use AI in 2025: "
        f"{ranked} (medians). Puzzle 5: the open share of tokens in low-income countries less that in the US is "
        f"{median:.0f} points ({low:.0f} to {high:.0f}).",
    ]  # fmt: skip


def misses(found: Report) -> list[str]:
    """What lies outside, the farthest first, and the puzzles that are not reproduced."""
    lines = ["## What the model gets wrong", ""]
    for name, told in found.predictions.items():
        outside = sorted((one for one in told if not one.inside), key=lambda one: -abs(_distance(one)) / one.width)
        lines += [f"Outside the intervals of `{name}`, the farthest first:", ""]
        for one in outside:
            lines.append(
                f"- {one.moment} ({one.split}): published {_number(one.value)}, model {_number(one.median)} "
                f"({_number(one.low)} to {_number(one.high)}), {'too low' if _distance(one) > 0 else 'too high'}"
            )
        lines.append("")
    lines += ["Of the puzzles:", ""]
    lines += [
        f"- {one.puzzle}: {one.what}: {one.median:.2f} instead of {one.published:.2f} ({one.verdict})"
        for one in found.puzzles if one.verdict != "yes"
    ]  # fmt: skip
    lines += [
        f"- {one.puzzle}: {one.what}: in {100 * one.part:.0f}% of the draws ({one.verdict})"
        for one in found.lived.statements() if one.verdict != "yes"
    ]  # fmt: skip
    return lines


def _distance(one: Prediction) -> float:
    """Published figure less the model's median, on the scale of its error."""
    target = _by_name()[one.moment]
    return float(target.scaled(one.value) - target.scaled(one.median))


def _by_name() -> dict[str, Target]:
    return {one.moment: one for one in targets()}


def _error(x: float) -> str:
    return f"{x:.2f}" if np.isfinite(x) else NONE


def _number(x: float) -> str:
    return f"{x / 1e9:.3g} bn" if abs(x) >= 1e6 else f"{x:.3g}"
