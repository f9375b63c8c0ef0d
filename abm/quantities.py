"""A quantity is declared once; checks, sliders, sweeps, priors and tables all read the declaration."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class InputError(ValueError):
    """Something the user wrote cannot be used: the message says what, its value, the range and the remedy."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A declared number: what it is called, its unit, the range that makes sense and where it comes from.

    Attributes:
        label: Name in words, as a chart or slider prints it.
        unit: Unit in words ("share", "USD per year"); "1" for a pure number.
        low: Smallest allowed value (inclusive).
        high: Largest allowed value (inclusive).
        source: Where the default and the range come from; "provisional" marks a value awaiting calibration.
        integer: Whether only whole numbers make sense.
        prior: Range of credible values from which calibration starts, None for what it does not estimate.
    """

    label: str
    unit: str
    low: float
    high: float
    source: str
    integer: bool = False
    prior: tuple[float, float] | None = None

    def at(self, part: float) -> float:
        """The value at a part of the prior range: even on the logarithmic scale if its ends are positive and far apart.

        Args:
            part: From 0, the lower end, to 1.

        >>> Quantity("Cost", "USD", 0.0, 1e6, "", prior=(10.0, 1000.0)).at(0.5)
        100.0
        """
        assert self.prior is not None, f"{self.label} has no prior"
        low, high = self.prior
        if low > 0 and high > 3 * low:
            return low * (high / low) ** part
        return low + (high - low) * part

    def check(self, name: str, value: Any) -> float | int:
        """Return the value as a number of the declared kind.

        Args:
            name: Dotted name, for the message.
            value: What the user gave.

        Raises:
            InputError: If the value is no number or lies outside the range.
        """
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise InputError(f"{name} = {value!r} is not a number; give {self.range_in_words()} ({self.unit}).")
        if not math.isfinite(value) or not self.low <= value <= self.high:
            raise InputError(
                f"{name} = {value:g} is out of range: {self.label} goes from {self.low:g} to {self.high:g} "
                f"({self.unit}); choose a value in that range."
            )
        if self.integer:
            if value != int(value):
                raise InputError(f"{name} = {value:g} must be a whole number ({self.unit}).")
            return int(value)
        return float(value)

    def range_in_words(self) -> str:
        """The allowed range as "a number from 0 to 1"."""
        return f"a number from {self.low:g} to {self.high:g}"


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A declared choice among named alternatives.

    Attributes:
        label: Name in words.
        values: The alternatives; one that ends in ":" is followed by a path.
        source: Where the default comes from.
    """

    label: str
    values: tuple[str, ...]
    source: str
    unit: str = "name"

    def check(self, name: str, value: Any) -> str:
        """Return the value if it is one of the alternatives.

        Raises:
            InputError: If it is not.
        """
        if isinstance(value, str) and any(
            value == known or (known.endswith(":") and value.startswith(known) and value != known)
            for known in self.values
        ):
            return value
        raise unknown(name, value, self.values)

    def range_in_words(self) -> str:
        """The alternatives as "a, b or c"."""
        return f"one of {', '.join(self.values)}"


def unknown(what: str, name: object, allowed: Iterable[str], remedy: str = "") -> InputError:
    """Build the error for a name that does not exist, with the nearest names as the remedy.

    Args:
        what: Kind of thing ("scenario", "region").
        name: The name given.
        allowed: The names that exist.
        remedy: A closing sentence; by default the nearest name is suggested.
    """
    names = sorted(allowed)
    near = difflib.get_close_matches(str(name), names, n=3, cutoff=0.5)
    hint = remedy or (f"Did you mean {' or '.join(near)}?" if near else "")
    shown = ", ".join(names) if len(names) <= 20 else f"{', '.join(names[:6])}, ... ({len(names)} in all)"
    return InputError(f"unknown {what} {str(name)!r}; known: {shown}. {hint}".rstrip())
