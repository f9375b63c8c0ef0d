"""All claims as a page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping

from abm.verification.claim import Claim
from abm.verification.limits import LIMITS

TEST = "tests/limits/test_limits.py::test_limit_holds"


def page(claims: Mapping[str, Claim], day: str) -> str:
    """Markdown: a table of claims, then each with its figure and its further numbers.

    Args:
        claims: Claims by the name of their limit.
        day: Date of the runs.
    """
    lines = [
        "# Verification", "",
        "The whole model, simplified by a scenario's parameters only, against the theorem that it must then equal. Written "
        f"on {day} by `abm verify --write docs`; `abm theory LIMIT` repeats one of them, with other parameters by `--set`. "
        "The theorems' own functions are tested in `tests/theory` against quadrature, exact Markov chains and draws.",
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
            f"- Scenario `{limit.scenario}`{f' with {changed}' if changed else ''}, {limit.firms:,} firms, seed 1; "
            f"test `{TEST}[{name}]`.",
            f"- {len(claim.labels)} numbers, {claim.unit}; largest error {claim.max_error:.5f}; {claim.error_rate}.",
            *(f"- {what}: {value:.6g}" for what, value in claim.notes.items()),
            "", f"![Simulation on top of the theorem](verification/{name}.png)",
        ]  # fmt: skip
    return "\n".join(lines) + "\n"
