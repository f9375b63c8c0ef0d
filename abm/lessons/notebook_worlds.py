"""Scenarios, runs, limits and gains of a lesson in lines of Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from abm.lessons.as_python import literal, spread_out
from abm.lessons.declared import GROUP, Measure, Roles
from abm.lessons.lesson import Lesson
from abm.observe.recorder import VARIABLES
from abm.scenario.files import changes_of
from abm.scenario.policy import Intervention
from abm.scenario.scenario import Scenario
from abm.verification.limits import limit

_DEFAULT = Measure()


def scenario_python(lesson: Lesson) -> Iterator[str]:
    """The scenario of each run, those first that others start from; then what ministries do."""
    for run in _in_order(lesson):
        one = lesson.runs[run]
        base, changes = _changes(one.scenario, run)
        past = f"abm.Scenario.load({literal(base)})" if base else f"scenarios[{literal(one.like)}]"
        if not base and not one.like:
            past = f"abm.Scenario({literal(run)})"
        acts = changes.get("interventions", ())
        adds = acts and not (lesson.scenario(one.like).interventions if one.like else _past_acts(base))
        told = spread_out({key: value for key, value in changes.items() if key != "interventions" or not adds})
        enacted = "".join(f"    {literal(act)},\n" for act in acts) if adds else ""
        made = f"{past}.replace({told})" + (f".enact(\n{enacted})" if enacted else "")
        yield f"scenarios[{literal(run)}] = {made}"
    if lesson.roles:
        yield _levers(lesson.roles, lesson.scenario(lesson.roles.run).interventions)


def run_python(lesson: Lesson, run: str) -> str:
    """A run, or its histories, and what is measured in it."""
    one, place = lesson.runs[run], literal(run)
    measured = {name: measure for name, measure in lesson.measures.items() if measure.run == run}
    lines = [
        f"{name} = scenarios[{place}].parameters.get({literal(measure.parameter)})"
        for name, measure in measured.items() if measure.parameter
    ]  # fmt: skip
    read = {name: measure for name, measure in measured.items() if not measure.parameter}
    if one.histories == 1:
        lines.append(f"runs[{place}] = abm.simulate(scenarios[{place}], firms={one.firms:_}, seed=1)")
        lines += [f"{name} = {_reading(f'runs[{place}]', measure)}" for name, measure in read.items()]
        return "\n".join(lines)
    lines.append("measured = {" + ", ".join(f"{literal(name)}: []" for name in read) + "}")
    lines.append(f"for seed in range(1, {one.histories + 1}):  # one history at a time: a record is large")
    lines.append(f"    record = abm.simulate(scenarios[{place}], firms={one.firms:_}, seed=seed)")
    lines += [f"    measured[{literal(name)}].append({_reading('record', measure)})" for name, measure in read.items()]
    lines += [f"{name} = np.array(measured[{literal(name)}])" for name in read]
    return "\n".join(lines)


def limit_python(lesson: Lesson, name: str) -> str:
    """A limit of the model against its theorem, and what is read from the two."""
    ruled, place = lesson.limits[name], literal(name)
    known = limit(ruled.limit)
    base, changes = _changes(ruled.scenario, name)
    told = spread_out({"name": name, **({} if base else known.changes), **changes})
    lines = [
        f"limits[{place}] = LIMITS[{literal(ruled.limit)}].compare(",
        f"    abm.Scenario.load({literal(base or known.scenario)}).replace({told}),".replace("\n", "\n    "),
        f"    firms={ruled.firms or known.firms:_}, seed=1{f', runs={ruled.runs:_}' if ruled.runs else ''},",
        ")",
    ]
    lines += [
        f"{measure} = {_part(f'limits[{place}]', one.part)}"
        for measure, one in lesson.measures.items() if one.limit == name
    ]  # fmt: skip
    return "\n".join(lines)


def between_python(lesson: Lesson) -> Iterator[str]:
    """Who gains between two runs, a pair at a time."""
    pairs: dict[tuple[tuple[str, str], str], list[tuple[str, str]]] = {}
    for name, one in lesson.measures.items():
        if one.between:
            pairs.setdefault((one.between, one.quarter), []).append((name, one.part))
    for ((before, after), quarter), parts in pairs.items():
        ends = f"scenarios[{literal(before)}], scenarios[{literal(after)}]"
        lines = [f"gained = abm.gains({ends}, {literal(quarter)}, firms={lesson.runs[before].firms:_})"]
        yield "\n".join([*lines, *(f"{name} = gained.{part}" for name, part in parts)])


def _changes(plain: Mapping[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    """What a scenario starts from, and what it changes: its own fields first."""
    base, changes = changes_of(plain, name)
    own = ["name", *(key for key in changes if key in Scenario.__dataclass_fields__ and key != "name")]
    return base, {key: changes[key] for key in [*own, *(key for key in changes if key not in own)]}


def _in_order(lesson: Lesson) -> list[str]:
    """Runs, each after the one that it starts from."""
    order: list[str] = []
    for run in lesson.runs:
        chain = [run]
        while like := lesson.runs[chain[-1]].like:
            chain.append(like)
        order += [one for one in reversed(chain) if one not in order]
    return order


def _past_acts(base: str) -> tuple[Any, ...]:
    return Scenario.load(base).interventions if base else ()


def _levers(roles: Roles, others: tuple[Intervention, ...]) -> str:
    place, suggested = literal(roles.run), spread_out(roles.suggested)
    return (
        f"# What the ministries do from {roles.start} on: move a level, and run this and the cells below again.\n"
        f"levers = {suggested}\naims = {literal(roles.levers)}\n"
        f"ministry = {literal(next(iter(roles.ministries)))}  # the one for which the lesson speaks: "
        f"{', '.join(roles.ministries)}\n"
        f"scenarios[{place}] = scenarios[{place}].replace(interventions={literal(others)}).enact(*(\n"
        f"    abm.Intervention(kind, level, {literal(roles.start)}, region=region, target=aims[kind])\n"
        "    for region, levels in sorted(levers.items()) for kind, level in sorted(levels.items()) if level\n))"
    )


def _reading(record: str, measure: Measure) -> str:
    place = {
        one: "ministry" if (one, name) == ("region", GROUP) else literal(name) for one, name in measure.place.items()
    }
    quarter = literal(measure.quarter) if measure.quarter else ""
    if measure.frontier:
        both = f"frontiers({record})"
        path = f"open_lag(*{both})" if measure.frontier == "lag" else f"{both}[{int(measure.frontier == 'open')}]"
        return f"float({path}[{record}.quarters.index({quarter})])" if quarter else path
    if measure.variable:
        path = f"{record}.data[{literal(measure.variable)}]"
        path += f".sel({_arguments(place)})" if place else ""
        if others := [one for one in VARIABLES[measure.variable][0] if one not in place]:
            path += f".sum({literal(others)})"
        return f"float({path}.sel(quarter={quarter}))" if quarter else f"{path}.to_numpy().astype(float)"
    how = {
        one: literal(getattr(measure, one)) for one in ("weight", "population")
        if getattr(measure, one) != getattr(_DEFAULT, one)
    }  # fmt: skip
    where = {**how, **place, **({"quarter": quarter} if quarter else {})}
    path = f"{record}.at({', '.join([literal(measure.indicator), *filter(None, [_arguments(where)])])})"
    return f"float({path})" if quarter else path


def _arguments(named: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in named.items())


def _part(one: str, part: str) -> str:
    if part == "names":
        return f'[name.replace("_", " ") for name in {one}.picture.names]'
    if part in ("simulated", "closed_form", "band", "x"):
        return f"{one}.picture.{part}"
    return f"{one}.{part}" if part in ("max_error", "holds") else f"{one}.notes[{literal(part)}]"
