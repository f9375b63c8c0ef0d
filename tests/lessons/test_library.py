"""Every step of every lesson, with what its text says checked in its own runs."""

import math

import numpy as np
import pytest

from abm.figures import LIGHT
from abm.figures.plots import plot_columns, plot_label, plot_option, plot_table
from abm.lessons.lesson import Lesson, library
from abm.lessons.prediction import checked, right, score
from abm.lessons.spread import spread
from abm.lessons.worked import worked

WORDS = {"class": "class", "own": "you", "outcome": "the run", "students": "students"}


@pytest.fixture(params=library(), scope="module")
def work(request):
    return worked(Lesson.load(request.param))


def groups(work):
    return list(work.lesson.roles.ministries) if work.lesson.roles else [""]


def some_predictions(lesson):
    """Predictions that the lesson takes, and one that it does not."""
    asked = lesson.prediction
    match asked.kind:
        case "choice":
            return list(asked.options), "none of these"
        case "number":
            return [asked.low, asked.high, (asked.low + asked.high) / 2], asked.high + 1
        case _:
            quarters = lesson.quarters(asked.run)
            return [[asked.low] * len(quarters), [asked.high] * len(quarters)], [asked.high] * (len(quarters) - 1)


def test_what_the_text_says_holds_in_the_run(work):
    false = [text for text, holds in work.claims() if not holds]
    assert not false


def test_texts_are_filled(work):
    lesson = work.lesson
    texts = [work.section(heading) for heading in lesson.sections]
    texts += [work.filled(text) for one in lesson.exercises for text in (one.question, one.hint, one.solution)]
    for text in texts:
        assert "{{" not in text and "nan" not in text.split()


def test_pictures_have_their_numbers(work):
    for shown in ("outcome", "theorem"):
        plots = work.plots(shown)
        assert plots
        for plot in plots:
            assert any(np.isfinite(curve.y).any() for curve in plot.curves)


def test_the_theorem_is_laid_over_the_simulation(work):
    looks = {curve.look for plot in work.plots("theorem") for curve in plot.curves}
    assert "theorem" in looks and looks & {"simulation", "points", "bars", "compared"}


def test_the_prediction_has_an_outcome_that_could_be_predicted(work):
    asked = work.lesson.prediction
    for group in groups(work):
        outcome = work.of(group).outcome()
        if asked.kind == "choice":
            assert outcome in asked.options
        else:
            values = np.atleast_1d(np.asarray(outcome, float))
            if asked.kind == "curve":  # what is known is not predicted, and may be nothing
                values = values[work.lesson.quarters(asked.run).index(asked.known) + 1 :]
            assert (values >= asked.low - 1e-9).all() and (values <= asked.high + 1e-9).all()


def test_a_perfect_prediction_is_close_and_a_far_one_is_not(work):
    asked, outcome = work.lesson.prediction, work.outcome()
    perfect = (
        outcome if asked.kind == "choice" else [float(x) for x in outcome] if asked.kind == "curve" else float(outcome)
    )
    found = score(work, checked(work.lesson, perfect))
    assert found.close
    assert asked.kind == "choice" or found.error == pytest.approx(0, abs=1e-12)
    values, refused = some_predictions(work.lesson)
    assert not all(score(work, checked(work.lesson, value)).close for value in values)
    with pytest.raises(ValueError):
        checked(work.lesson, refused)


def test_a_class_is_spread_out(work):
    values, _ = some_predictions(work.lesson)
    kept = [checked(work.lesson, value) for value in values]
    for values, more in ((kept, ()), ([], ()), (kept, (kept[0], work))):
        plot = spread(work.lesson, "All", values, WORDS, *more)
        assert len(plot_option(plot, LIGHT)["series"]) >= len(values) * (work.lesson.prediction.kind == "curve")
        assert plot_label(plot) and plot.title
        heads, rows = plot_table(plot)
        assert all(len(row) == len(heads) for row in rows) and plot_columns(plot) is not None


def test_exercises_take_their_answer_and_no_other(work):
    for exercise in work.lesson.exercises:
        answer = work.answer(exercise)
        assert right(work, exercise, answer)
        if exercise.options:
            assert [key for key in exercise.options if right(work, exercise, key)] == [answer]
        else:
            assert math.isfinite(answer)
            for far in (-2, 2):
                assert not right(work, exercise, answer + far * exercise.within)
            assert exercise.within < max(abs(answer), 1e-9), "an answer of nothing would be right"
        assert exercise.hint and exercise.solution


def test_ministries_move_their_own_world():
    lesson = next(one for one in map(Lesson.load, library()) if one.roles)
    still, moved = worked(lesson, {}), worked(lesson, {"india": {"subsidy": 0.5}})
    for group in lesson.roles.ministries:
        before, after = still.of(group).outcome(), moved.of(group).outcome()
        if group == "india":
            assert after > before + 0.02, "half of the bill paid lets more firms adopt"
        assert 0 < after < 1
    with pytest.raises(ValueError, match="ministry"):
        worked(lesson, {"gulf": {"subsidy": 0.5}})
