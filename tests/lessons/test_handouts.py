"""Hand-outs: one page that needs nothing else, on which students find the question and only the teacher the answers."""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from page.served import CHROMIUM, QUIET

import abm
from abm.lessons.handout import handout
from abm.lessons.lesson import Lesson, library
from abm.lessons.text import inline_html_of
from abm.lessons.worked import worked

DOCS = Path(__file__).parents[2] / "docs/lessons"
EVERYTHING = Path(__file__).parent / "everything.md"
NAMES = pytest.mark.parametrize("name", [*library(), str(EVERYTHING)], ids=lambda name: Path(name).stem)


class Page(HTMLParser):
    """Elements, attributes and words of a page."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.open, self.text = [], [], [], ""
        self.feed(html)
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if "style" not in self.open:
            self.text += data


def sheets(html):
    return html.split('<section class="sheet">')[1:]


@NAMES
def test_a_handout_needs_nothing_else(name):
    for teacher in (False, True):
        page = Page(handout(Lesson.load(name), teacher))
        assert not {"script", "link", "img", "iframe", "object"} & set(page.elements)
        for key, value in page.attributes:
            assert not key.startswith("on")
            if key in ("src", "href", "xlink:href"):
                assert value.startswith("#") or (key == "href" and value.startswith("https://")), value
        assert "{{" not in page.text and "$" not in page.text


@pytest.mark.parametrize("name", library())
def test_the_written_handouts_say_what_those_of_today_say(name):
    for teacher, file in ((False, f"{name}.html"), (True, f"{name}_teacher.html")):
        written = Page((DOCS / file).read_text(encoding="utf-8"))
        assert written.text == Page(handout(Lesson.load(name), teacher)).text, "run: make lessons"


@NAMES
def test_students_find_the_question_first_and_no_answers(name):
    done = worked(Lesson.load(name))
    lesson, html = done.lesson, handout(done.lesson, teacher=False)
    before, after = sheets(html)
    for said in (lesson.title, lesson.question, lesson.prediction.text):
        assert inline_html_of(done.filled(said)) in before
    for text, _ in done.claims():
        assert inline_html_of(text) not in html
    assert done.lesson.prediction.kind == "curve" or "<svg" not in before
    assert after.count("<svg") == len(lesson.pictures)
    for said in (lesson.theorem, lesson.source, lesson.leaves_out, *(one.question for one in lesson.exercises)):
        assert inline_html_of(done.filled(said)) in after
    for exercise in lesson.exercises:
        assert inline_html_of(done.filled(exercise.solution)) not in html
    assert "or teachers" not in html and html.count('class="room"') >= sum(not one.options for one in lesson.exercises)


@NAMES
def test_teachers_find_the_hour_and_the_answers(name):
    done = worked(Lesson.load(name))
    lesson, html = done.lesson, handout(done.lesson, teacher=True)
    hour, answers, before, after = sheets(html)
    assert [before, after] == sheets(handout(lesson, teacher=False))
    for said in (*(step.what for step in lesson.timing), lesson.theorem, lesson.source, lesson.leaves_out):
        assert inline_html_of(done.filled(said)) in hour
    assert f"{lesson.minutes} minutes" in hour and "Common mistakes" in hour
    for exercise in lesson.exercises:
        assert inline_html_of(done.filled(exercise.solution)) in answers
    for text, holds in done.claims():
        assert inline_html_of(text) in answers and holds
    assert f"abm {abm.__version__}" in answers
    for scenario in done.scenarios.values():
        assert scenario.digest in answers


def test_a_curve_is_drawn_into_axes_that_show_its_past():
    lesson = Lesson.load(EVERYTHING)
    before, _ = sheets(handout(lesson, teacher=False))
    (points,) = re.findall(r'<polyline points="([^"]+)"', before)
    assert len(points.split()) == lesson.quarters("plan").index("2023Q4") + 1
    path = worked(lesson).outcome()
    heights = [float(point.split(",")[1]) for point in points.split()]
    assert (heights[0] > heights[-1]) == (path[0] < path[3])
    assert "Ministry of China, Commission" in before and "share of the AI bill paid by the treasury" in before


def test_a_choice_is_ticked():
    lesson = Lesson.load("tipping")
    before, _ = sheets(handout(lesson, teacher=False))
    assert lesson.prediction.kind == "choice" and before.count('class="tick"') == len(lesson.prediction.options)


def test_a_teachers_own_lesson_brings_no_script():
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    text = EVERYTHING.read_text(encoding="utf-8").replace("<b>not</b>", attack)
    text = re.sub(
        r'^((?:title|question|theorem|source|leaves_out|what|text|solution|hint) = ")', rf"\1{attack}", text, flags=re.M
    )
    text = text.replace('name = "mean"', f'name = "{attack}"').replace("Ministry of China", attack)
    text = text.replace('["before", "after"]', f'["{attack}", "after"]').replace(
        'across = "quarter"', f'across = "{attack}"'
    )
    html = handout(Lesson.read(text, f"own {attack}"), teacher=True)
    page = Page(html)
    assert not {"script", "img"} & set(page.elements)
    assert page.text.count("<script>alert(1)</script>") > 20


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine; the tests of the page need it")
        pytest.skip("no Chromium on this machine: install it with `apt-get install chromium`")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


# CSS pixels between the margins of A4 and Letter.
@pytest.mark.browser
@pytest.mark.parametrize("paper", ["A4", "Letter"])
@NAMES
def test_a_handout_can_be_printed(page, name, paper, tmp_path):
    wide = {"A4": 665, "Letter": 687}[paper]
    wrong = []
    page.on("console", lambda message: wrong.append(message.text))
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith("file:") else None)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": wide, "height": 900})
    for teacher in (False, True):
        file = tmp_path / f"{teacher}.html"
        file.write_text(handout(Lesson.load(name), teacher), encoding="utf-8")
        page.goto(file.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        outside = f"one => !one.closest('svg') && one.getBoundingClientRect().right > {wide} + 1"
        found = f"[...document.querySelectorAll('main *')].filter({outside}).map(one => one.outerHTML)"
        assert page.evaluate(found) == []
        flat = "[...document.querySelectorAll('math')].filter(one => one.getBoundingClientRect().height < 5).length"
        assert page.evaluate(flat) == 0
        pages = page.pdf(format=paper).count(b"/Type /Page\n")
        assert 2 <= pages <= (14 if teacher else 9)
    assert wrong == []
