"""What figures that are not yet published will be, written down so that later data can judge it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from abm.calibration.check import LEVEL, surveyed
from abm.calibration.kept import Kept
from abm.calibration.targets import Target, targets


def future_targets() -> tuple[Target, ...]:
    """The last figure of each series that goes on, one and two years later, without a value, if it is not yet past."""
    last = {one.series: one for one in targets() if one.indicator != "price_fall" and one.shift != "btos_old_wording"}
    evidence = max(one.last for one in targets())
    later = (
        replace(
            one, moment=_later(one.moment, one.last, years), split="forecast", first=_shift(one.first, years),
            last=_shift(one.last, years), value=float("nan"), note="",
        )
        for one in last.values() for years in (1, 2)
    )  # fmt: skip
    return tuple(one for one in later if one.last > evidence)


def _shift(quarter: str, years: int) -> str:
    return f"{int(quarter[:4]) + years}{quarter[4:]}"


def _later(moment: str, last: str, years: int) -> str:
    year = int(last[:4])
    assert str(year) in moment, f"the name of {moment} does not say its year"
    return moment.replace(str(year), str(year + years))


def forecast(found: pd.DataFrame, kept: Kept, day: str) -> pd.DataFrame:
    """90% predictive intervals with the model's misfit, the series' shift and the survey's error.

    Args:
        found: Answers of `abm.calibration.answers` at the draws.
        kept: The draws.
        day: Date of the forecast.

    Returns:
        A row for each figure of `future_targets` whose quarters were not over by that day; low, median and high in the unit
        of the published figure.
    """
    issued = date.fromisoformat(day)
    now = f"{issued.year}Q{(issued.month + 2) // 3}"
    figures = [one for one in future_targets() if one.last >= now]
    drawn = found[found["scenario"] == "baseline"].pivot_table("value", "draw", "answer")
    rows = drawn[[one.moment for one in figures]].to_numpy()
    ends = np.quantile(surveyed(rows, kept, figures), [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2], axis=0).T
    return pd.DataFrame([
        {
            "issued": day, "figure": one.moment, "family": one.family, "indicator": one.indicator, "of": one.reading,
            "region": one.region, "sector": one.sector, "size": one.size, "first": one.first, "last": one.last,
            "follows": one.source, **dict(zip(("low", "median", "high"), one.unscaled(row).tolist(), strict=True)),
        }
        for one, row in zip(figures, ends, strict=True)
    ])  # fmt: skip
