"""What a method has found, and how its numbers are put into words."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd

from abm.quantities import InputError

LEVEL = 0.9  # of all intervals
LOW, HIGH = "90% interval low", "90% interval high"
_LIBRARIES = {"SALib": "SALib", "ema_workbench": "EMA workbench", "sklearn": "scikit-learn"}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a method has found out about an indicator.

    Attributes:
        method: Name of the method.
        title: What it is, as a heading.
        indicator: Column of the store that it is about.
        unit: Unit of the indicator.
        quarter: Quarter in which it was read; "" for a function of the user's own.
        says: What was found, in a few sentences.
        table: All numbers, one row for each thing that has some.
    """

    method: str
    title: str
    indicator: str
    unit: str
    quarter: str
    says: str
    table: pd.DataFrame

    @property
    def subject(self) -> str:
        """The indicator and its quarter, as "adoption in 2030Q4"."""
        return f"{self.indicator} in {self.quarter}" if self.quarter else self.indicator


def is_share(unit: str) -> bool:
    """Whether a number of this unit is told as a percentage."""
    return unit.startswith("share")


def amount(value: float, unit: str) -> str:
    """A number in words.

    >>> amount(0.1234, "share of the population"), amount(1234.5, "USD per quarter"), amount(2.0, "1")
    ('12.3%', '1,230 USD per quarter', '2')
    """
    if is_share(unit):
        return f"{100 * value:.3g}%"
    return f"{number(value)} {unit}" if unit not in ("1", "") else number(value)


def change(value: float, unit: str) -> str:
    """A difference of two such numbers in words.

    >>> change(-0.1234, "share of the population")
    '-12.3 percentage points'
    >>> change(0.01, "share of the population")
    '1 percentage point'
    """
    if is_share(unit):
        points = f"{100 * value:.3g}"
        return f"{points} percentage point{'' if points == '1' else 's'}"
    return amount(value, unit)


def number(value: float) -> str:
    """Three digits, thousands kept apart, and millions and more in words.

    >>> number(0.12345), number(123456.0), number(1.5e9)
    ('0.123', '123,000', '1.5 billion')
    """
    size, words = magnitude(value)
    if size > 1:
        return f"{value / size:.3g} {words}"
    if abs(value) >= 1000:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.3g}"


def magnitude(value: float) -> tuple[float, str]:
    """The millions, billions or trillions that a number is best told in; 1 and "" for a smaller one.

    >>> magnitude(-2.5e7)
    (1000000.0, 'million')
    """
    return next(
        (
            (size, words)
            for size, words in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
            if abs(value) >= size
        ),
        (1.0, ""),
    )


def listed(names: Sequence[str]) -> str:
    """Names as "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def library(module: str) -> Any:
    """A module of a library that only the analysis needs.

    Raises:
        InputError: If it is not installed.
    """
    name = _LIBRARIES[module.partition(".")[0]]
    try:
        with quiet():
            return importlib.import_module(module)
    except ImportError as error:
        raise InputError(
            f"this analysis needs {name} ({error}); install it with: pip install 'abm[analysis]'"
        ) from None


@contextmanager
def quiet() -> Iterator[None]:
    """Keep libraries from warning of how they use other libraries; numbers that are odd are checked before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
