"""What a user has chosen, as code that gives the same numbers."""

from __future__ import annotations

from abm.ui.choices import BASELINE, Question
from abm.ui.pasts import SEED


def in_python(question: Question) -> str:
    """Python that runs the pair on the page and prints the adoption of the chosen region.

    Args:
        question: What is asked.
    """
    if question.own:
        start = f"scenario = abm.Scenario.from_toml({question.own!r})"
    else:
        start = f'scenario = abm.Scenario.load("{question.preset}")'
    acts = [
        f'    abm.Intervention("{one.kind}", {one.level!r}, "{one.start}", "{one.end}", region="{one.region}", '
        f'target="{one.target}"),'
        for one in question.scenario().interventions[len(question.before_levers().interventions) :]
    ]
    enact = ["scenario = scenario.enact(", *acts, ")"] if acts else []
    return "\n".join([
        "import abm", "", start, *enact,
        f'base = abm.simulate(abm.Scenario.load("{BASELINE}"), firms={question.firms}, seed={SEED})',
        f"what_if = abm.simulate(scenario, firms={question.firms}, seed={SEED})",
        f'print(what_if.indicator("penetration", by="region").sel(region="{question.region}"))',
    ])  # fmt: skip
