"""What differs between two scenarios, and from when on."""

from __future__ import annotations

from typing import Any

from abm.scenario.scenario import Scenario


def _in_words(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _actions(scenario: Scenario) -> tuple[Any, ...]:
    """Whatever of a scenario has a label of its own."""
    return (*scenario.entrants, *scenario.governments, *scenario.interventions)


def difference(base: Scenario, variant: Scenario) -> list[str]:
    """What differs between two scenarios, one line each, in words; name, title and story are left out.

    >>> difference(Scenario.load("baseline"), Scenario.load("baseline").replace({"end": "2030Q4"}))
    ['end: 2035Q4 -> 2030Q4']
    """
    lines = []
    for name in ("start", "end", "history"):
        if getattr(base, name) != getattr(variant, name):
            lines.append(f"{name}: {getattr(base, name)} -> {getattr(variant, name)}")
    if base.regions != variant.regions:
        lines.append(f"regions: {' -> '.join(', '.join(s.regions) or 'all' for s in (base, variant))}")
    for name, value in base.parameters.items():
        other = variant.parameters.get(name)
        if other != value:
            lines.append(f"{name}: {_in_words(value)} -> {_in_words(other)}")
    mine, theirs = dict(base.figures), dict(variant.figures)
    for path in sorted(mine.keys() | theirs.keys()):
        if mine.get(path) != theirs.get(path):
            before, after = (f"{d[path]:g}" if path in d else "table value" for d in (mine, theirs))
            lines.append(f"{path}: {before} -> {after}")
    lines += [f"without {x}" for x in variant.withdrawn if x not in base.withdrawn]
    lines += [f"again with {x}" for x in base.withdrawn if x not in variant.withdrawn]
    if base.shocks != variant.shocks:
        lines.append(f"aggregate shocks: draw {base.shocks or 'none'} -> {variant.shocks or 'none'}")
    here, there = _actions(base), _actions(variant)
    lines += [f"added: {one.label()}" for one in there if one not in here]
    lines += [f"removed: {one.label()}" for one in here if one not in there]
    return lines


def first_difference(base: Scenario, variant: Scenario) -> str:
    """The quarter from which on two scenarios differ.

    That of the first act, plan or new lab that only one of them has; their start if they differ in anything else; their last
    quarter if in nothing.
    """
    bare = (one.replace(interventions=(), governments=(), entrants=()) for one in (base, variant))
    if difference(*bare):
        return base.start
    starts = {act.start for act in set(base.interventions) ^ set(variant.interventions)}
    starts |= {one.quarter for one in set(base.entrants) ^ set(variant.entrants)}
    starts |= {plan.start for plan in set(base.governments) ^ set(variant.governments)}
    return max(base.start, min(starts, default=base.end))
