"""A lesson on paper: a page that needs nothing else, for students to write on or for the teacher."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

import abm
from abm.figures.plot_pictures import plot_svg
from abm.figures.plots import Plot, plot_table
from abm.lessons.declared import Exercise, Roles
from abm.lessons.drawing import drawing_svg
from abm.lessons.lesson import Lesson
from abm.lessons.prediction import worded
from abm.lessons.text import html_of, inline_html_of
from abm.lessons.worked import Worked, worked
from abm.scenario.kinds import KINDS

_CSS = Path(__file__).with_suffix(".css")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"  # nothing is fetched, no script runs
_BEFORE = '<p class="small">Write this before the run: the next sheet tells what happened.</p>'
_ROUNDS = 3
_ROWS = 5  # at most so many places of a long picture at which a student notes numbers


def handout(lesson: Lesson, teacher: bool) -> str:
    """The lesson as one page of HTML to print on A4 or Letter.

    Args:
        lesson: The lesson.
        teacher: Whether it is the teacher's, which begins with the plan of the hour and all answers.

    Raises:
        InputError: If the lesson's runs fail, or its text holds a formula that cannot be read.
    """
    done = worked(lesson)
    sheets = [*(_for_teachers(done) if teacher else ()), _before(done), _after(done)]
    title = f"{lesson.number}. {done.filled(lesson.title)}" + (" (for teachers)" if teacher else "")
    body = "\n".join(f'<section class="sheet">\n{sheet}\n</section>' for sheet in sheets)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_CSS.read_text(encoding='utf-8')}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _before(done: Worked) -> str:
    """What students read and write before the run."""
    lesson = done.lesson
    parts = [
        f'<p class="head"><span>Lesson {lesson.number} · {lesson.minutes} minutes</span>'
        '<span>Name <span class="line"></span></span><span>Date <span class="line"></span></span></p>',
        f"<h1>{_told(done, lesson.title)}</h1>", f'<p class="question">{_told(done, lesson.question)}</p>',
        html_of(done.section("Question")),
        f'<div class="boxed together"><h2>My prediction</h2>{_prediction(done)}{_BEFORE}</div>',
    ]  # fmt: skip
    if lesson.roles:
        parts.append(_ministry(lesson.roles))
    parts += [f"<h2>What to watch</h2>{html_of(done.section('What to watch'))}", _note(done)]
    return "\n".join(parts)


def _after(done: Worked) -> str:
    """What students read after the run, and their exercises."""
    lesson = done.lesson
    parts = ["<h2>What happened</h2>"]
    if lesson.roles:
        told = f"With the levers that the lesson suggests, seen from {lesson.roles.ministries[done.group]}."
        parts.append(f'<p class="small">{escape(told)}</p>')
    parts += map(_figure, done.plots("outcome"))
    parts += ["<h2>Explanation</h2>", html_of(done.section("Explanation")), _theorem(done)]
    parts += [*map(_figure, done.plots("theorem")), _leaves_out(done), "<h2>Exercises</h2>"]
    return "\n".join([*parts, *(_exercise(done, number, one) for number, one in enumerate(lesson.exercises, start=1))])


def _for_teachers(done: Worked) -> Iterator[str]:
    """The plan of the hour, and all answers."""
    lesson, start = done.lesson, 0
    rows = []
    for step in lesson.timing:
        rows.append([f"minute {start}", str(step.minutes), _told(done, step.what)])
        start += step.minutes
    yield "\n".join([
        f'<p class="head"><span>Lesson {lesson.number} · for teachers</span><span>{lesson.minutes} minutes</span></p>',
        f"<h1>{_told(done, lesson.title)}</h1>", f'<p class="question">{_told(done, lesson.question)}</p>',
        html_of(done.section("For teachers")), f"<h2>The hour</h2>{_table(['from', 'minutes', 'what'], rows, 'hour')}",
        _theorem(done), _leaves_out(done), f"<h2>Common mistakes</h2>{html_of(done.section('Common mistakes'))}",
    ])  # fmt: skip
    parts = ["<h2>Answers</h2><h3>Prediction</h3>", f"<p>{_told(done, lesson.prediction.text)}</p>"]
    parts.append(_outcome(done))
    parts += [_answer(done, number, one) for number, one in enumerate(lesson.exercises, start=1)]
    yield "\n".join([*parts, _checked(done)])


def _told(done: Worked, text: str) -> str:
    return inline_html_of(done.filled(text))


def _theorem(done: Worked) -> str:
    lesson = done.lesson
    told = f"<p>{_told(done, lesson.theorem)}</p>"
    return f'<div class="together"><h2>The theorem</h2>{told}<p class="small">{_told(done, lesson.source)}</p></div>'


def _leaves_out(done: Worked) -> str:
    return f'<div class="together"><h2>What the model leaves out</h2><p>{_told(done, done.lesson.leaves_out)}</p></div>'


def _prediction(done: Worked) -> str:
    asked = done.lesson.prediction
    text = f"<p>{_told(done, asked.text)}</p>"
    if asked.kind == "choice":
        return text + _options(done, [option.text for option in asked.options.values()])
    if asked.kind == "curve":
        return f'{text}<figure class="drawing">{drawing_svg(done)}</figure>'
    between = f"({worded(asked.low, asked.unit)} to {worded(asked.high, asked.unit)})"
    first, second = (f'{who} <span class="line"></span>' for who in ("alone:", "after talking with a neighbour:"))
    return f"{text}<p>{first} {second} {escape(between)}</p>"


def _options(done: Worked, texts: Sequence[str]) -> str:
    ticks = (f'<li><span class="tick"></span>{_told(done, text)}</li>' for text in texts)
    return f'<ul class="options">{"".join(ticks)}</ul>'


def _ministry(roles: Roles) -> str:
    """The levers of a role play, and room for what they are set to in each round."""
    rows = []
    for kind in roles.levers:
        level = KINDS[kind].level
        rows.append([f"{escape(level.label)}: {escape(level.unit)}, {level.low:g} to {level.high:g}", *[""] * _ROUNDS])
    heads = ["lever", *(f"round {one}" for one in range(1, _ROUNDS + 1))]
    names = ", ".join(escape(name) for name in roles.ministries.values())
    return (
        f'<div class="together"><h2>My ministry</h2><p>{names}: <span class="line"></span></p>'
        f"<p>Our levers move in {roles.start}.</p>{_table(heads, rows, 'note')}</div>"
    )


def _note(done: Worked) -> str:
    """A table to note down what is seen, at a few places of the first picture that has names or quarters across."""
    plot = next((one for one in done.plots("outcome") if one.places), None)
    if plot is None:
        return _room(6)
    (_, *heads), rows = plot_table(plot)
    step = max(1, -(-(len(rows) - 1) // (_ROWS - 1)))
    shown = rows if plot.names else rows[::-step][::-1]
    empty = [[escape(row[0]), *[""] * len(heads)] for row in shown]
    first = plot.across or ("quarter" if plot.quarters else "")
    return f'<div class="together"><p>{escape(plot.title)}:</p>{_table([first, *heads], empty, "note")}</div>'


def _room(lines: int) -> str:
    return f'<div class="room">{"<div></div>" * lines}</div>'


def _exercise(done: Worked, number: int, exercise: Exercise) -> str:
    head = f"<h3>Exercise {number}</h3><p>{_told(done, exercise.question)}</p>"
    if exercise.options:
        room = _options(done, [option.text for option in exercise.options.values()])
    else:
        room = f'{_room(3)}<p>Answer: <span class="line"></span> {escape(exercise.unit)}</p>'
    hint = f'<p class="small">Hint: {_told(done, exercise.hint)}</p>' if exercise.hint else ""
    return f'<div class="together">{head}{hint}{room}</div>'


def _answer(done: Worked, number: int, exercise: Exercise) -> str:
    answer = done.answer(exercise)
    right = _told(done, exercise.options[answer].text) if exercise.options else escape(worded(answer, exercise.unit))
    within = f"{100 * exercise.within:g} points" if exercise.unit == "%" else worded(exercise.within, exercise.unit)
    told = "" if exercise.options else f" (may be off by {escape(within)})"
    return (
        f'<div class="together"><h3>Exercise {number}</h3><p>{_told(done, exercise.question)}</p>'
        f"<p><strong>{right}</strong>{told}</p><p>{_told(done, exercise.solution)}</p></div>"
    )


def _outcome(done: Worked) -> str:
    """What was to be predicted; for each ministry of a role play."""
    roles = done.lesson.roles
    if roles is None:
        return f"<p><strong>{_outcome_of(done)}</strong></p>"
    told = []
    for region, name in roles.ministries.items():
        levers = roles.suggested.get(region, {}).items()
        moved = ", ".join(f"{KINDS[kind].level.label.lower()} {level:g}" for kind, level in levers) or "no lever"
        told.append(f"<li>{escape(f'{name} ({moved})')}: <strong>{_outcome_of(done.of(region))}</strong></li>")
    return f"<p>With the levers that the lesson suggests:</p><ul>{''.join(told)}</ul>"


def _outcome_of(done: Worked) -> str:
    asked, outcome = done.lesson.prediction, done.outcome()
    if asked.kind == "choice":
        return _told(done, asked.options[outcome].text)
    if asked.kind == "number":
        return escape(worded(float(outcome), asked.unit))
    return escape(f"{worded(float(outcome[-1]), asked.unit)} in {done.lesson.quarters(asked.run)[-1]}")


def _checked(done: Worked) -> str:
    """What the lesson says of its runs, whether it holds in them, and which runs these are."""
    marks = {True: ("✓", "holds"), False: ("✗", "does not hold")}
    held = "".join(
        f'<li><span class="mark" title="{marks[holds][1]}">{marks[holds][0]}</span>{inline_html_of(text)}</li>'
        for text, holds in done.claims()
    )
    lesson = done.lesson
    rows = []
    for name, scenario in done.scenarios.items():
        run = lesson.runs[name]
        seeds = "1" if run.histories == 1 else f"1 to {run.histories}"
        rows.append([escape(one) for one in (name, scenario.title, f"{run.firms:,}", seeds, scenario.digest)])
    runs = _table(["run", "world", "sampled firms", "seeds", "fingerprint"], rows, "small") if rows else ""
    return (
        f'<h2>What the lesson says, checked in its runs</h2><ul class="holds">{held}</ul><div class="together">{runs}'
        f'<p class="small">Worked out by abm {abm.__version__}: abm lesson {escape(lesson.name)}</p></div>'
    )


def _figure(plot: Plot) -> str:
    return f"<figure>{plot_svg(plot)}</figure>"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    """A table; its cells are HTML."""
    top = "".join(f"<th>{escape(head)}</th>" for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table{f' class="{kind}"' if kind else ''}><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
