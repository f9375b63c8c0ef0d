"""How much each factor matters, as marks with their intervals."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from abm import figures
from abm.figures.palette import region_colour
from abm.figures.sweep_options import Measure, sensitivity_option
from abm.sweep.analysis import Finding, PawnFinding, morris, pawn, sobol
from abm.sweep.analysis.finding import HIGH, LOW
from abm.sweep.study import Study
from abm.ui import strings
from abm.ui.cards.shown import Shown
from abm.ui.sweeps.naming import drawn_in, factor_labels, subject_of
from abm.ui.sweeps.sentences import sentence
from abm.ui.words import number, table

_ROW, _REST = 40, 100  # pixels: height of a factor, and of all else
# Columns of the findings: value, lower end, upper end; a standard deviation is drawn without interval.
_COLUMNS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "sobol": tuple((one, f"{one}, {LOW}", f"{one}, {HIGH}") for one in (sobol.FIRST, sobol.TOTAL)),
    "morris": (
        (morris.ABSOLUTE, f"{morris.ABSOLUTE}, {LOW}", f"{morris.ABSOLUTE}, {HIGH}"),
        (morris.SPREAD, morris.SPREAD, morris.SPREAD),
    ),
    "pawn": ((pawn.MEDIAN, pawn.LEAST, pawn.MOST),),
}
_SYMBOLS = ("circle", "diamond")


def sensitivity_shown(finding: Finding, study: Study, palette: figures.Palette) -> Shown:
    """The sensitivities of an indicator.

    Args:
        finding: By Sobol's, Morris' or the PAWN method.
        study: The study.
        palette: The colours.
    """
    method, data = finding.method, finding.table
    labels = factor_labels(study) | {pawn.DUMMY: strings.SWEEP_DUMMY}
    times, unit = {"sobol": (100.0, "%"), "morris": drawn_in(finding.unit, True)}.get(method, (1.0, ""))
    names = strings.SWEEP_MEASURES[method]
    words = {"sobol": lambda value: f"{value:.0f}%"}.get(method, lambda value: _digits(value, unit))
    measures, told = [], {}
    for k, (column, low, high) in enumerate(_COLUMNS[method]):
        at, least, most = (times * data[end].to_numpy(float) for end in (column, low, high))
        told[names[k]] = [_interval(words, *one) for one in zip(at, least, most, strict=True)]
        said = [f"{labels[row]}: {names[k]} {one}" for row, one in zip(data["factor"], told[names[k]], strict=True)]
        measures.append(Measure(names[k], _SYMBOLS[k], region_colour(palette, 1 - k), at, least, most, said))
    rows = [labels[row] for row in data["factor"]]
    across = strings.SWEEP_ACROSS[method].format(unit=unit).removesuffix(", ")
    note = f"{sentence(finding, study)} {strings.SWEEP_MEASURE_NOTES[method]}"
    if isinstance(finding, PawnFinding):
        note += " " + strings.SWEEP_NOISE.format(noise=f"{finding.noise:.2f}", most=f"{finding.noise_of_largest:.2f}")
    title = strings.SWEEP_METHODS[method].format(subject=subject_of(study, finding.indicator, finding.quarter))
    cells = [[row, *(one[k] for one in told.values())] for k, row in enumerate(rows)]
    spoken = [f"{row}: {strings.LIST_COMMA.join(map(' '.join, zip(told, own, strict=True)))}" for row, *own in cells]
    return Shown(
        title=title, note=note,
        option=sensitivity_option(rows, measures, across, palette),
        label=f"{title}. {across}. {strings.SEMICOLON.join(spoken)}.",
        numbers=table([strings.SWEEP_FACTOR, *names], cells),
        columns=_csv(data), height=f"{_REST + _ROW * len(rows)}px",
    )  # fmt: skip


def _csv(data: pd.DataFrame) -> dict[str, list[object]]:
    return {str(name): data[name].tolist() for name in data.columns}


def _interval(words: Callable[[float], str], value: float, low: float, high: float) -> str:
    """A value with its interval, if it has one."""
    if not np.isfinite(low + high) or low == high:
        return words(value)
    return strings.SWEEP_INTERVAL.format(value=words(value), low=words(low), high=words(high))


def _digits(value: float, unit: str) -> str:
    """Three digits; a percentage with its sign."""
    return f"{number(float(f'{value:.3g}'))}{'%' if unit == '%' else ''}"
