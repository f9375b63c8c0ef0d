"""What each study answers, in sentences that are written from its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.special import stdtrit

from abm.figures.palette import LIGHT
from abm.sweep.analysis import Finding
from abm.sweep.analysis.finding import LEVEL, listed

Rows = pd.DataFrame  # rows of a store, without failed runs


@dataclass(frozen=True, slots=True)
class Asked:
    """A method that a study is read by.

    Attributes:
        method: Its name.
        indicator: Column that is explained.
        quarter: When.
        goal: What is to be met, where the method needs it.
    """

    method: str
    indicator: str
    quarter: str
    goal: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a study is answered.

    Attributes:
        asked: The methods it is read by.
        words: Writes the answer, a paragraph each, from the rows and the findings by (method, indicator, quarter).
        picture: Title, figure and table of the answer, where no method draws it.
    """

    asked: tuple[Asked, ...]
    words: Callable[[Rows, Mapping[tuple[str, str, str], Finding]], list[str]]
    picture: Callable[[Rows], tuple[str, Figure, pd.DataFrame]] | None = None


def interval(values: pd.Series) -> tuple[float, float, float]:
    """Mean and its 90% interval by Student's t."""
    found = values.dropna()
    half = stdtrit(len(found) - 1, (1 + LEVEL) / 2) * found.std(ddof=1) / np.sqrt(len(found))
    return float(found.mean()), float(found.mean() - half), float(found.mean() + half)


def points(values: pd.Series) -> str:
    """A change of a share in percentage points with its interval."""
    mean, low, high = (100 * one for one in interval(values))
    return f"{mean:+.1f} points ({low:+.1f} to {high:+.1f})"


def share(value: float) -> str:
    """A share as a percentage."""
    return f"{100 * value:.0f}%"


def billions(values: pd.Series) -> str:
    """USD in billions with its interval."""
    mean, low, high = (1e-9 * one for one in interval(values))
    return f"{mean:+.1f} ({low:+.1f} to {high:+.1f})"


def lasting_push(rows: Rows, found: Mapping[tuple[str, str, str], Finding]) -> list[str]:
    """A subsidy that ended seven years ago."""
    strength, push = "interaction.strength", "push"
    table = rows.set_index([strength, push, "seed", "quarter"])["open_firms"].unstack("quarter")
    strengths, pushes = sorted(rows[strength].unique()), sorted(rows[push].unique())

    def mark(at: float, size: float, quarter: str = "2035Q4") -> pd.Series:
        return table.loc[(at, size), quarter] - table.loc[(at, 0.0), quarter]

    middle, half = 2.0, 0.45
    lasting = [size for size in pushes[1:] if interval(mark(middle, size))[1] > 0]
    told = (
        f"the smallest push on the grid whose mark in 2035 is surely above zero pays {share(lasting[0])} of the bill"
        if lasting
        else "no push on the grid leaves a mark in 2035 that is surely above zero"
    )
    return [
        f"A subsidy that pays {share(half)} of the bill for open models in Europe from 2026Q3 to 2028Q2 moves "
        "their share of the "
        f"firms that use AI by {points(mark(middle, half, '2028Q2'))} while it lasts and still by "
        f"{points(mark(middle, half))} "
        f"seven years after its end, at about the estimated strength of peers ({middle:g}); {told}.",
        f"Without peers the mark of the same push in 2035 is {points(mark(strengths[0], half))}, so that "
        "contracts, practice and "
        f"tastes alone carry it; with the strongest peers ({strengths[-1]:g}) it is "
        f"{points(mark(strengths[-1], half))}. Paired by "
        "seed; 90% intervals over six seeds.",
    ]


def sovereignty(rows: Rows, found: Mapping[tuple[str, str, str], Finding]) -> list[str]:
    """Dependence on foreign vendors and on foreign models."""
    rule, voucher = "data_localisation", "compute_voucher"
    table = rows.set_index([rule, voucher, "seed"])
    most = (rows[rule].max(), rows[voucher].max())

    def change(name: str, at: float, paid: float) -> pd.Series:
        return table.loc[(at, paid), name] - table.loc[(0.0, 0.0), name]

    none = table.loc[(0.0, 0.0)]
    ways = {
        f"A compliance cost of {100 * most[0]:g}% of the wage bill changes": (most[0], 0.0),
        f"A voucher for {share(most[1])} of the cost of compute changes": (0.0, most[1]),
        "Both together change": most,
    }
    said = [
        f"{what} the part of Europe's tokens that foreign vendors serve by {points(change('foreign_operator', *at))}, "
        f"the part that foreign models make by {points(change('foreign_origin', *at))}, firms with AI by "
        f"{points(change('firms_with_ai', *at))}, users' surplus by {billions(change('surplus', *at))} and public outlay by "
        f"{billions(change('public_outlay', *at))} billion USD a quarter."
        for what, at in ways.items()
    ]
    return [
        f"Without either, {share(none['foreign_operator'].mean())} of Europe's tokens in 2030 run at foreign "
        "vendors and "
        f"{share(none['foreign_origin'].mean())} on models of foreign origin, whoever runs them. " + " ".join(said),
        "Dependence on who runs a model and on who made it are two things: what moves the first need not move "
        "the second.",
    ]


def who_gains(rows: Rows, found: Mapping[tuple[str, str, str], Finding]) -> list[str]:
    """Surplus of users against profits of labs."""
    last = rows[rows["quarter"] == "2030Q4"].set_index(["scenario", "draw"])
    part = (last["vendor_profit"] / (last["vendor_profit"] + last["surplus"])).unstack("scenario")
    profit, surplus, held, paid = (
        last[name].unstack("scenario") for name in ("vendor_profit", "surplus", "concentration", "public_outlay")
    )
    others = [name for name in part.columns if name != "baseline"]
    said = [
        f"`{name}`: users {billions(surplus[name] - surplus['baseline'])}, labs' gross profit "
        f"{billions(profit[name] - profit['baseline'])}, treasuries pay {billions(paid[name] - paid['baseline'])}, "
        f"concentration of spending {(held[name] - held['baseline']).mean():+.2f}"
        for name in others
    ]
    mean, low, high = interval(part["baseline"])
    alone = interval(part["no_open_models"])[0]
    return [
        f"In the baseline labs keep {100 * mean:.1f}% ({100 * low:.1f} to {100 * high:.1f}) of what users and "
        "labs gain together in "
        f"2030Q4; in a world without open models {100 * alone:.1f}%. Means over {len(part)} draws from the "
        "posterior, each with "
        "shocks of its own, 90% intervals of the means.",
        "Against the baseline, draw by draw, in billion USD a quarter: " + "; ".join(said) + ".",
    ]


def gains_picture(rows: Rows) -> tuple[str, Figure, pd.DataFrame]:
    """Gains of users and labs by scenario, less the baseline's."""
    last = rows[rows["quarter"] == "2030Q4"].set_index(["scenario", "draw"])
    told = {
        "surplus": ("users' surplus", LIGHT.open, -0.12),
        "vendor_profit": ("labs' gross profit", LIGHT.proprietary, 0.12),
    }
    table = pd.DataFrame([
        (name, words, *(1e-9 * one for one in interval(gains[name] - gains["baseline"])))
        for column, (words, *_) in told.items()
        for gains in [last[column].unstack("scenario")]
        for name in gains.columns.drop("baseline")
    ], columns=["scenario", "who", "billion USD a quarter", "low", "high"])  # fmt: skip
    figure = Figure((8, 3.6), layout="constrained")
    axes = figure.subplots()
    names = sorted(set(table["scenario"]))
    for words, colour, shift in told.values():
        mine = table[table["who"] == words].set_index("scenario").loc[names]
        middle = mine["billion USD a quarter"]
        ends = np.abs(mine[["low", "high"]].to_numpy().T - middle.to_numpy())
        axes.errorbar(middle, np.arange(len(names)) + shift, xerr=ends, fmt="o", color=colour, label=words)
    axes.axvline(0, color=LIGHT.muted, linewidth=0.8)
    axes.set_yticks(np.arange(len(names)), names)
    axes.invert_yaxis()
    axes.set_xlabel(
        "change against the baseline in 2030Q4, billion USD a quarter\n(mean over draws and its 90% interval)"
    )
    axes.legend(frameon=False)
    return "Who gains, by scenario", figure, table


def openness_pace(rows: Rows, found: Mapping[tuple[str, str, str], Finding]) -> list[str]:
    """The lag of open models."""
    last = rows[rows["quarter"] == "2030Q4"]

    def lag(name: str) -> str:
        low, high = last[name].quantile([0.25, 0.75])
        calm, strong = (interval(last.loc[where, "open_lag"]) for where in (last[name] <= low, last[name] >= high))
        return (
            f"{calm[0]:.1f} months ({calm[1]:.1f} to {calm[2]:.1f}) in the quarter of the points with the least "
            "of it and "
            f"{strong[0]:.1f} ({strong[1]:.1f} to {strong[2]:.1f}) in that with the most"
        )

    names = {
        "export_control": "Export controls on China", "funding_cut": "Cuts of open labs' outside money",
        "public_research": "Public research in Europe", "research.commons": "Shared research",
    }  # fmt: skip
    mean, low, high = interval(last["open_lag"])
    return [
        f"Over all points open models are {mean:.1f} months ({low:.1f} to {high:.1f}) behind in 2030Q4. "
        + " ".join(f"{words}: {lag(name)}." for name, words in names.items()),
    ]


def what_decides(rows: Rows, found: Mapping[tuple[str, str, str], Finding]) -> list[str]:
    """The factors that matter most, by Morris' screening."""
    said = []
    for name, words in (("firms_with_ai", "the share of firms with AI"), ("open_share", "the open share of tokens")):
        table = found["morris", name, "2030Q4"].table
        first = table["factor"].head(4).tolist()
        said.append(f"What moves {words} in 2030Q4 most, over its credible range: {listed(first)}.")
    shared = set(found["morris", "firms_with_ai", "2030Q4"].table["factor"].head(4)) & set(
        found["morris", "open_share", "2030Q4"].table["factor"].head(4)
    )
    said.append(
        f"Of the four that matter most for each, {listed(sorted(shared))} {'is' if len(shared) == 1 else 'are'} "
        "the same."
        if shared
        else "The four that matter most for one are not among those of the other: how far AI spreads and how "
        "much of it is open "
        "are decided by different things."
    )
    return said


def ai_plus_reach(rows: Rows, found: Mapping[tuple[str, str, str], Finding]) -> list[str]:
    """The plan's two goals, by reading."""
    goals = {"2027Q4": 0.7, "2030Q4": 0.9}
    readings = {
        "firms_with_ai": "firms with ten workers or more",
        "workers_with_ai": "workers",
        "people_with_ai": "people",
    }
    levers = ["subsidy", "training", "compute_voucher"]
    ranks = rows[levers].rank(pct=True)
    little, much = (ranks <= 1 / 3).all(axis=1), (ranks >= 1 / 2).all(axis=1)
    said = []
    for quarter, goal in goals.items():
        now = rows["quarter"] == quarter
        parts = [
            f"{share((rows.loc[now, name] >= goal).mean())} of all points by {words} (median "
            f"{100 * rows.loc[now, name].median():.0f}%)"
            for name, words in readings.items()
        ]
        said.append(f"{share(goal)} in {quarter} is met at {listed(parts)}.")
    now = rows["quarter"] == "2030Q4"
    few, many = (rows.loc[now & some, "firms_with_ai"] for some in (little, much))
    said.append(
        f"With all three instruments in the lowest third of their ranges {100 * few.mean():.0f}% of firms have AI "
        "in 2030Q4 "
        f"({len(few)} points), with all in the upper half {100 * many.mean():.0f}% ({len(many)} points)."
    )
    return said


def open_share(rows: Rows, found: Mapping[tuple[str, str, str], Finding]) -> list[str]:
    """What the uncertainty of the open share comes from."""
    said = []
    for quarter in ("2025Q4", "2030Q4"):
        table = found["sobol", "open_tokens", quarter].table
        first, second = table.iloc[0], table.iloc[1]
        now = rows[rows["quarter"] == quarter]
        said.append(
            f"In {quarter} open models carry {100 * now['open_tokens'].mean():.0f}% of tokens on average over the "
            "ranges, "
            f"{100 * now['open_spend'].mean():.0f}% of spending and {100 * now['open_large'].mean():.0f}% of "
            "large firms' spending; "
            f"what decides their part of tokens is first {first['factor']}, then {second['factor']}."
        )
    return said


ANSWERS = {
    "ai_plus_reach": Answer(
        (Asked("prim", "firms_with_ai", "2027Q4", "firms_with_ai >= 0.7"),
         Asked("cart", "firms_with_ai", "2030Q4", "firms_with_ai >= 0.9"),
         Asked("pawn", "firms_with_ai", "2027Q4"), Asked("pawn", "firms_with_ai", "2030Q4")),
        ai_plus_reach,
    ),
    "what_decides": Answer(
        (Asked("morris", "firms_with_ai", "2030Q4"), Asked("morris", "open_share", "2030Q4")), what_decides,
    ),
    "open_share": Answer(
        (Asked("sobol", "open_tokens", "2025Q4"), Asked("sobol", "open_tokens", "2030Q4"),
         Asked("sobol", "open_large", "2025Q4")),
        open_share,
    ),
    "lasting_push": Answer(
        (Asked("tipping", "open_firms", "2035Q4"), Asked("convergence", "open_firms", "2035Q4")), lasting_push,
    ),
    "sovereignty": Answer(
        (Asked("tipping", "foreign_operator", "2030Q4"), Asked("tipping", "surplus", "2030Q4")), sovereignty,
    ),
    "who_gains": Answer((), who_gains, gains_picture),
    "openness_pace": Answer(
        (Asked("pawn", "open_lag", "2030Q4"), Asked("pawn", "open_tokens", "2030Q4")), openness_pace,
    ),
}  # fmt: skip
