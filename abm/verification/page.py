"""All claims as a page of the documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from abm.quantities import InputError
from abm.verification.claim import Claim
from abm.verification.limits import LIMITS

TEST = "tests/limits/test_limits.py::test_limit_holds"


class Measured(NamedTuple):
    """Numbers that a test has compared: what, how many, the one furthest off, its right value and allowance, the test."""

    claim: str
    numbers: int
    obtained: float
    expected: float
    allowed: float
    test: str


def measured_by_tests(path: Path) -> list[Measured]:
    """Numbers written by `pytest --claims`.

    Raises:
        InputError: If the file cannot be read.
    """
    try:
        return [Measured(*row) for row in json.loads(path.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"--tests {str(path)!r} is no file of claims ({error}); write it with pytest --claims."
        ) from None


def page(claims: Mapping[str, Claim], measured: Sequence[Measured], day: str) -> str:
    """Markdown: a table of claims, each with its figure and its further numbers, then the numbers of tests.

    Args:
        claims: Claims by the name of their limit.
        measured: Numbers that tests of formulas and invariants have obtained.
        day: Date of the runs.
    """
    lines = [
        "# Verification", "",
        "The whole model, simplified by a scenario's parameters only, against the theorem that it must then equal. Written "
        f"on {day} by `make verification`; `abm theory LIMIT` repeats one of them, with other parameters by `--set`. "
        "[Below](#formulas-and-invariants) are the numbers of the tests of the theorems' own functions and of what holds in "
        "every world. [mutation.md](mutation.md) says which changes of the code the tests would not notice.",
        "",
        "The number shown is the one furthest off for what it may be off by.", "",
        "| limit | what | simulated | closed form | error | may be off by | holds |", "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, claim in claims.items():
        i = claim.worst
        numbers = (claim.simulated[i], claim.closed_form[i], claim.error[i], claim.tolerance[i])
        told = " | ".join(f"{x:.5f}" for x in numbers)
        lines.append(f"| [{name}](#{name}) | {claim.labels[i]} | {told} | {'yes' if claim.holds else '**no**'} |")
    for name, claim in claims.items():
        limit = LIMITS[name]
        changed = ", ".join(f"{key} = {value:g}" for key, value in limit.changes.items())
        lines += [
            "", f"## {name}", "",
            f"{claim.theorem} ({claim.reference}).", "",
            f"- Scenario `{limit.scenario}`{f' with {changed}' if changed else ''}, {limit.firms:,} firms, seeds from 1; "
            f"test `{TEST}[{name}]`.",
            f"- {len(claim.labels)} numbers, {claim.unit}; largest error {claim.max_error:.5f}; {claim.error_rate}.",
            *(f"- {what}: {value:.6g}" for what, value in claim.notes.items()),
            "", f"![Simulation on top of the theorem](verification/{name}.png)",
        ]  # fmt: skip
    return "\n".join([*lines, *_of_tests(measured)]) + "\n"


def _of_tests(measured: Sequence[Measured]) -> list[str]:
    """A row for every test: the number furthest off for what it may be off by."""
    lines = [
        "", "## Formulas and invariants", "",
        "Of each test the number furthest off for what it may be off by; where that is 0, all numbers compared are equal to "
        "the last bit.", "",
        "| test | numbers compared | furthest off | obtained | should be | error | may be off by |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for test, group in groupby(measured, key=lambda one: one.test):
        rows = list(group)
        worst = max(rows, key=lambda one: abs(one.obtained - one.expected) / max(one.allowed, 1e-300))
        error = worst.obtained - worst.expected
        many = sum(one.numbers for one in rows)
        numbers = f"{worst.obtained:.6g} | {worst.expected:.6g} | {error:.2g} | {worst.allowed:.2g}"
        lines.append(f"| `{test.removeprefix('tests/')}` | {many:,} | {worst.claim} | {numbers} |")
    return lines
