"""Lessons' files: what is refused, and in which words."""

import re

import pytest

from abm.lessons.checks import SECTIONS
from abm.lessons.lesson import LIBRARY, Lesson, library
from abm.quantities import InputError

TEXT = next(LIBRARY.glob("1_*.md")).read_text(encoding="utf-8")


def refused(old, new, says, count=1):
    assert old in TEXT
    with pytest.raises(InputError, match=says):
        Lesson.read(TEXT.replace(old, new, count), "mine")


def test_the_library_holds_eight_lessons_in_their_order():
    lessons = [Lesson.load(name) for name in library()]
    assert [one.number for one in lessons] == list(range(1, 9))
    assert len({one.title for one in lessons}) == 8


@pytest.mark.parametrize("name", library())
def test_a_lesson_names_its_theorem_its_source_and_what_the_model_leaves_out(name):
    lesson = Lesson.load(name)
    for text in (lesson.theorem, lesson.source, lesson.leaves_out, lesson.question):
        assert len(text.split()) >= 4, text
    assert re.search(r"\b(1[789]|20)\d\d\b", lesson.source), "a source has a year"
    assert 20 <= lesson.minutes <= 45
    assert all(lesson.sections[heading] for heading in SECTIONS)
    assert len(lesson.claims) >= 3 and len(lesson.exercises) >= 3
    assert any(one.options for one in lesson.exercises) and any(one.answer for one in lesson.exercises)


def test_a_teachers_own_file_is_read(tmp_path):
    path = tmp_path / "mine.md"
    path.write_text(TEXT.replace('title = "Red bus, blue bus"', 'title = "Mine"').replace("\n", "\r\n"), newline="")
    assert Lesson.load(path).title == "Mine"
    assert Lesson.load(str(path)).name == "mine"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("+++\nnumber", "number", r"\+\+\+"),
        ("number = 1", "number = one", "not valid TOML"),
        ('question = "An', 'qestion = "An', "qestion"),
        ("## Explanation", "## Explaining", "Explanation"),
        ('shown = "theorem"', 'shown = "outcome"', "theorem"),
        ("minutes = 12", "minutes = 60", "20 to 45"),
        ('base = "limit_logit"', 'base = "limit_logic"', "limit_logic"),
        ('like = "before"', 'like = "befor"', "befor"),
        ('"offers.deepseek.price" = 10.0', '"offers.deepsek.price" = 10.0', "deepsek"),
        ('kind = "number"', 'kind = "figure"', "prediction.kind"),
        ("near = 0.08", "near = 0.08\nlow = 2.0", "low must be less"),
        ('answer = "qwen_cheap"', "", "answer"),
        ('theorem = "Nested', 'theory = "Nested', "theory"),
        ('holds = "holds"', 'holds = "().__class__"', "formulas may not"),
        ('answer = "2 ** dissimilarity"', 'answer = "exec(1)"', "exec"),
        ('holds = "holds"', 'holds = "().__class__"', "formulas may not"),
        ('answer = "2 ** dissimilarity"', 'answer = "exec(1)"', "exec"),
        ('question = "An', 'question = "{{qwen_cheap | .0%}} An', "before the run"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_remedy(old, new, says):
    refused(old, new, says)


@pytest.mark.parametrize("typed", ["31%", "12 points", "1.2 times", "3 billion", "14 months", "0.5 percent"])
def test_a_result_that_is_typed_is_refused(typed):
    said = "At a tenth of the price Qwen takes"
    refused(f"{said} {{{{qwen_cheap | .0%}}}}", f"{said} {typed}", "types the result")


def test_years_and_what_is_asked_may_be_typed():
    Lesson.read(TEXT.replace("In plain logit the odds", "Since 2023 in plain logit the odds"), "mine")


def test_unknown_lessons_are_answered_with_the_known_ones():
    with pytest.raises(InputError, match="red_bus"):
        Lesson.load("redbus")
    with pytest.raises(InputError, match="cannot be read"):
        Lesson.load("nowhere.md")
