"""A lesson worked out: its worlds run, its measures read from them, and all that it says filled in."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

import abm
from abm.figures.plots import Curve, Plot
from abm.lessons.blanks import fill
from abm.lessons.declared import GROUP, Exercise, Picture
from abm.lessons.formula import evaluate
from abm.lessons.lesson import Lesson
from abm.lessons.measured import of_gains, of_limit, of_run
from abm.quantities import InputError, unknown
from abm.scenario.policy import Intervention

Levers = Mapping[str, Mapping[str, float]]  # by region and kind of instrument
Progress = Callable[[int, int], None]
_KEPT = 24  # worked lessons hold a few series each


@dataclass(frozen=True)
class Worked:
    """A lesson with what its worlds gave.

    Attributes:
        lesson: The lesson.
        measures: Its measures by name; those of a ministry's region by region.
        scenarios: The scenarios that were run, by the name of the run.
        group: Region of the ministry for which it speaks; "" where there are no roles.
    """

    lesson: Lesson
    measures: Mapping[str, Any] = field(repr=False)
    scenarios: Mapping[str, abm.Scenario] = field(repr=False)
    group: str = ""

    def of(self, group: str) -> Worked:
        """The same told to another ministry."""
        return Worked(self.lesson, self.measures, self.scenarios, group) if self.lesson.roles else self

    @cached_property
    def names(self) -> dict[str, Any]:
        """Measures by name, as formulas know them."""
        known: dict[str, Any] = {}
        for name, measure in self.lesson.measures.items():
            if measure.formula:
                known[name] = evaluate(measure.formula, known)
            else:
                value = self.measures[name]
                known[name] = value[self.group] if measure.region == GROUP else value
        return known

    def value(self, formula: str) -> Any:
        """Value of a formula over the measures."""
        return evaluate(formula, self.names)

    def filled(self, text: str) -> str:
        """A text with its blanks filled: {{ formula | format }}.

        Raises:
            InputError: If a blank cannot be filled.
        """
        return fill(text, self.names)

    def section(self, heading: str) -> str:
        """Markdown of a section, filled in."""
        return self.filled(self.lesson.sections[heading])

    def claims(self) -> list[tuple[str, bool]]:
        """What the lesson says of its runs, and whether it holds in them."""
        names = self.names
        return [(self.filled(one.text), bool(evaluate(one.holds, names))) for one in self.lesson.claims]

    def plots(self, shown: str) -> list[Plot]:
        """Pictures of a step: "outcome" or "theorem"."""
        return [self._plot(one) for one in self.lesson.pictures if one.shown == shown]

    def outcome(self) -> Any:
        """What was to be predicted: a number, a series, or the key of the true option."""
        asked = self.lesson.prediction
        return self._true(asked.options) if asked.kind == "choice" else self.value(asked.answer)

    def answer(self, exercise: Exercise) -> Any:
        """Answer to an exercise: a number, or the key of the true option."""
        return self._true(exercise.options) if exercise.options else float(self.value(exercise.answer))

    def _true(self, options: Mapping[str, Any]) -> str:
        true = [key for key, option in options.items() if bool(self.value(option.right))]
        if len(true) != 1:
            told = " and ".join(true) or "none"
            raise InputError(
                f"lesson {self.lesson.name!r}: of the options {', '.join(options)} one must be true, not {told}."
            )
        return true[0]

    def _plot(self, picture: Picture) -> Plot:
        names = self.names

        def series(formula: str) -> Any:
            return np.atleast_1d(np.asarray(evaluate(formula, names), float))

        curves = []
        for one in picture.curves:
            x = series(one.x) if one.x else None
            band = (series(one.low), series(one.high)) if one.low else None
            values = series(one.y)
            for k, y in enumerate(values if one.each else [values]):
                named = one.name if k == 0 else ""
                curves.append(Curve(self.filled(named), y, x if x is None or x.ndim < 2 else x[k], one.look, band))
        bars = names[picture.names] if isinstance(picture.names, str) else picture.names
        levels = [(self.filled(level.name), float(series(level.at)[0])) for level in picture.levels]
        return Plot(
            title=self.filled(picture.title), across=picture.across, up=picture.up, curves=tuple(curves),
            quarters=tuple(self.scenarios[picture.run].quarters) if picture.run else (), share=picture.share,
            log=picture.log, names=tuple(bars), levels=tuple(levels),
        )  # fmt: skip


class _Store:
    """Worked lessons, shared by all who ask; one is worked out at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, str], Worked] = OrderedDict()

    def worked(self, lesson: Lesson, levers: Levers, progress: Progress | None) -> Worked:
        key = (lesson.model_dump_json(), repr(sorted((r, sorted(x.items())) for r, x in levers.items())))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = _work(lesson, levers, progress)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]


_STORE = _Store()


def worked(lesson: Lesson, levers: Levers | None = None, progress: Progress | None = None) -> Worked:
    """Run a lesson's worlds and read its measures; kept, so that a class waits once.

    Args:
        lesson: The lesson.
        levers: What ministries do: levels by region and kind; those that the lesson suggests if not given.
        progress: Called with (runs done, runs in all).

    Raises:
        InputError: If a run or a measure cannot be had.
    """
    moved = levers if levers is not None else lesson.roles.suggested if lesson.roles else {}
    done = _STORE.worked(lesson, moved, progress)
    return done.of(next(iter(lesson.roles.ministries))) if lesson.roles else done


def acts_of(lesson: Lesson, levers: Levers) -> tuple[Intervention, ...]:
    """What the ministries of a role play do, as interventions.

    Args:
        lesson: The lesson.
        levers: Levels by region and kind.

    Raises:
        InputError: If a ministry or lever is not the lesson's, or a level is out of its range.
    """
    roles = lesson.roles
    if roles is None:
        return ()
    acts = []
    for region, levels in sorted(levers.items()):
        if region not in roles.ministries:
            raise unknown("ministry", region, roles.ministries)
        for kind, level in sorted(levels.items()):
            if kind not in roles.levers:
                raise unknown("lever", kind, roles.levers)
            if level:
                acts.append(Intervention(kind, level, roles.start, region=region, target=roles.levers[kind]))
    return tuple(acts)


def _work(lesson: Lesson, levers: Levers, progress: Progress | None) -> Worked:
    scenarios = {name: lesson.scenario(name) for name in lesson.runs}
    if lesson.roles:
        run = lesson.roles.run
        scenarios[run] = scenarios[run].enact(*acts_of(lesson, levers))
    ministries = tuple(lesson.roles.ministries) if lesson.roles else ()
    total, done = len(lesson.runs) + len(lesson.limits), 0
    measures: dict[str, Any] = {name: one.value for name, one in lesson.measures.items() if one.value is not None}

    def keep(found: Mapping[str, Any]) -> None:
        nonlocal done
        measures.update(found)
        done += 1
        if progress:
            progress(done, total)

    for name, one in lesson.runs.items():
        asked = tuple((key, measure) for key, measure in lesson.measures.items() if measure.run == name)
        keep(of_run(scenarios[name], one.firms, one.histories, asked, ministries))
    for name, ruled in lesson.limits.items():
        keep(of_limit(ruled, [(key, measure) for key, measure in lesson.measures.items() if measure.limit == name]))
    for key, measure in lesson.measures.items():
        if measure.between:
            before, after = measure.between
            measures[key] = of_gains(scenarios[before], scenarios[after], measure, lesson.runs[before].firms)
    return Worked(lesson, measures, scenarios)
