"""Names from the data tables and the declarations, in the language of the page's user."""

from __future__ import annotations

import abm
from abm import figures
from abm.following import NO_AI, OPEN
from abm.scenario.kinds import KINDS
from abm.scenario.policy import Intervention
from abm.scenario.tables import NAMED
from abm.ui import strings
from abm.ui.words import whole_percent


def label_of(table: str, name: str) -> str:
    """The label of a region, sector, size class, lab, offer or deployment."""
    return strings.named(table, name, figures.label_of(table, name))


def lever_label(kind: str) -> str:
    """What a kind of intervention is called."""
    return strings.named("kind_label", kind, KINDS[kind].level.label)


def mechanism_of(kind: str) -> str:
    """What a kind of intervention does."""
    return strings.named("kind_mechanism", kind, KINDS[kind].mechanism)


def unit_of(unit: str) -> str:
    """A unit as it is declared."""
    return strings.named("unit", unit, unit)


def parameter_label(name: str, english: str) -> str:
    """What a parameter is, by its dotted name."""
    return strings.named("parameter", name, english)


def figure_label(name: str, english: str) -> str:
    """What a figure of the tables is, by its dotted name: of what row."""
    table, row, _ = name.split(".")
    one = next(one for one, many in NAMED.items() if many == table)
    return strings.ASSUMPTION_OF.format(label=english, row=label_of(one, row))


def title_of(scenario: abm.Scenario) -> str:
    """A scenario's title."""
    return strings.named("scenario_title", scenario.name, scenario.title or scenario.name)


def story_of(scenario: abm.Scenario) -> str:
    """A scenario's story."""
    return strings.named("scenario_story", scenario.name, scenario.story)


def act_in_words(act: Intervention) -> str:
    """What is done, how much, where, at what and when."""
    words = [lever_label(act.kind), level_in_words(act.kind, act.level), *aim_in_words(act)]
    if KINDS[act.kind].once:
        words.append(strings.ACT_ONCE.format(quarter=act.start))
    else:
        words.append((strings.ACT_UNTIL if act.end else strings.ACT_FROM).format(start=act.start, end=act.end))
    return " ".join(words)


def aim_in_words(act: Intervention) -> list[str]:
    """At what something is aimed, and where."""
    words = []
    if act.target not in ("", "all"):
        words.append(strings.ACT_ON.format(target=strings.TARGET_NAMES.get(act.target, act.target)))
    where = strings.ACT_IN.format(region=label_of("region", act.region)) if act.region != "all" else strings.ACT_ALL
    return [*words, where]


def level_in_words(kind: str, level: float) -> str:
    """A lever's level: most are shares."""
    is_share = KINDS[kind].level.unit.startswith(("share", "relative", "compliance"))
    return whole_percent(level) if is_share and abs(100 * level - round(100 * level)) < 1e-9 else f"{level:g}"


def differences(base: abm.Scenario, variant: abm.Scenario) -> list[str]:
    """What differs between two scenarios, acts in the user's language and the rest as `abm.difference` has it."""
    bare = (one.replace(interventions=()) for one in (base, variant))
    lines = abm.difference(*bare)
    lines += [act_in_words(act) for act in variant.interventions if act not in base.interventions]
    gone = (act for act in base.interventions if act not in variant.interventions)
    return lines + [strings.ACT_GONE.format(act=act_in_words(act)) for act in gone]


def offer_in_words(name: str, kind: str) -> str:
    """An offer with its licence, or no AI."""
    if kind == NO_AI:
        return strings.WITHOUT_AI
    licence = strings.OPEN_KEY if kind == OPEN else strings.PROPRIETARY_KEY
    return strings.OFFER.format(label=label_of("offer", name), licence=licence)
