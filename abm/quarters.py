"""Calendar quarters as whole numbers, so that time is counted and compared without dates.

A quarter is the integer `4 * year + (quarter - 1)`; "2023Q1" is its name.
"""

from __future__ import annotations

import re

from abm.quantities import InputError

QUARTER_YEARS = 0.25  # length of a period
_NAME = re.compile(r"(\d{4})[Qq]([1-4])")


def quarter_number(name: str) -> int:
    """The whole number of a quarter's name.

    Args:
        name: For example "2027Q4".

    Raises:
        InputError: If the name is not a year, a Q and a digit from 1 to 4.

    >>> quarter_number("2023Q1")
    8092
    """
    match = _NAME.fullmatch(str(name).strip())
    if match is None:
        raise InputError(f"quarter {name!r} cannot be read; write a year and a quarter, for example 2027Q4.")
    return 4 * int(match[1]) + int(match[2]) - 1


def quarter_name(number: int) -> str:
    """The name of a quarter's whole number.

    >>> quarter_name(8092)
    '2023Q1'
    """
    return f"{number // 4}Q{number % 4 + 1}"


def quarter_range(first: str, last: str) -> list[str]:
    """The names of all quarters from the first to the last, both included.

    >>> quarter_range("2023Q4", "2024Q2")
    ['2023Q4', '2024Q1', '2024Q2']
    """
    return [quarter_name(q) for q in range(quarter_number(first), quarter_number(last) + 1)]
