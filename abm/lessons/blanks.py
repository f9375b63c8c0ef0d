"""Blanks in a lesson's texts: {{ formula | format }}, filled with what the model or a source says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from abm.lessons.formula import evaluate
from abm.quantities import InputError

BLANK = re.compile(r"\{\{(.+?)\|(.+?)\}\}")


def fill(text: str, names: Mapping[str, Any]) -> str:
    """A text with its blanks filled.

    Args:
        text: The text; the format is one of Python's, such as ".0%".
        names: Values of the names in the formulas.

    Raises:
        InputError: If a blank cannot be filled.

    >>> fill("from {{before | .0%}} to {{before + 0.1 | .1%}}", {"before": 0.3})
    'from 30% to 40.0%'
    """

    def filled(blank: re.Match[str]) -> str:
        value, form = evaluate(blank[1], names), blank[2].strip()
        try:
            return format(value if isinstance(value, str) else float(value), form).replace("-", "−")
        except (TypeError, ValueError) as error:
            raise InputError(f"the blank {blank[0]} cannot be filled: {error}.") from None

    return BLANK.sub(filled, text)
