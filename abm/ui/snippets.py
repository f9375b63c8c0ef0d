"""What a user has chosen, as code that gives the same numbers, and as a study that varies it."""

from __future__ import annotations

import json

from abm.scenario.kinds import KINDS
from abm.ui import strings
from abm.ui.choices import BASELINE, Question, View
from abm.ui.naming import label_of, title_of
from abm.ui.pasts import SEED

OWN = "own_scenario.toml"  # the user's own scenario beside a study of it
POINTS = 500
_AROUND = 0.5  # of a lever's level: how far a study goes to both sides


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


def as_study(question: Question, view: View) -> str:
    """A study in TOML that varies the moved levers around their levels, and what is not known.

    Args:
        question: What is asked.
        view: How it is shown: the study keeps the shown indicators in the shown quarter.
    """
    scenario = question.before_levers()
    own = ["", strings.STUDY_OWN.format(file=OWN)] if question.own else []
    asks = strings.STUDY_QUESTION if question.levers else strings.STUDY_DRAWS
    region = question.region
    kept = {
        "adoption": f"penetration({region}, firms_10plus)", "open_models": f"open_share({region}, {view.weight})",
        "concentration": "spending_hhi", "users_surplus": f"surplus({region})",
        "treasury_outlay": f"public_outlay({region})", "lag_of_open_models": "open_lag",
        "foreign_models": f"foreign_origin({region}, {view.weight})",
        "foreign_services": f"foreign_operator({region}, {view.weight})",
    }  # fmt: skip
    return "\n".join([
        *(f"# {line}" if line else "#" for line in [strings.STUDY_SAVE, *own]),
        f"question = {_text(asks.format(scenario=title_of(scenario), region=label_of('region', region)))}",
        f"scenario = {_text(OWN if question.own else question.preset)}",
        f"firms = {question.firms}",
        f'quarters = ["{view.quarter}"]',
        "", "[design]", 'method = "latin_hypercube"', f"points = {POINTS}",
        "", "[factors]", "draw = {}", *(_factor(question, one.kind) for one in question.levers),
        "", "[indicators]", *(f'{name} = "{reading}"' for name, reading in kept.items()),
    ])  # fmt: skip


def study_command() -> str:
    """The commands that run the study and open what it finds."""
    return "abm sweep study.toml --store out/study\nabm app --store out/study"


def _factor(question: Question, kind: str) -> str:
    """A lever as a factor, half its level to both sides as far as that is allowed."""
    lever, declared = question.lever(kind), KINDS[kind]
    ends = sorted(lever.level * part for part in (1 - _AROUND, 1 + _AROUND))
    low, high = max(ends[0], declared.level.low), min(ends[1], declared.level.high)
    if declared.level.integer:
        low, high = declared.level.low, declared.level.high
    parts = [f"low = {low:.6g}", f"high = {high:.6g}", f'target = "{question.target(kind)}"']
    parts += [f'region = "{question.region}"'] if declared.actor == "government" else []
    parts += [f'start = "{question.start(kind)}"']
    parts += [f'end = "{lever.end}"'] if lever.end else []
    return f"{kind} = {{ {', '.join(parts)} }}"


def _text(words: str) -> str:
    """Words as a string of TOML, which escapes as JSON does."""
    return json.dumps(words, ensure_ascii=False)
