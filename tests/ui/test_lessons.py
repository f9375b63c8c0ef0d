"""All lessons in the browser, from the prediction to the last exercise."""

import pytest
from onpage import grave

from abm.lessons.lesson import Lesson, library
from abm.lessons.worked import worked
from abm.ui.address import choices_of
from abm.ui.choices import View
from abm.ui.lessons.explore import ways

pytestmark = pytest.mark.browser
CLOSE, LOCK = "Close.", "button.go:has-text('Lock in')"


def predict(page, lesson):
    """Predict what the run will give, as far as the inputs allow."""
    asked, outcome = lesson.prediction, worked(lesson).outcome()
    match asked.kind:
        case "number":
            scale = 100 if asked.unit == "%" else 1
            page.fill(".asked-exact input", f"{scale * outcome:.4g}")
            page.keyboard.press("Tab")
        case "choice":
            page.click(f".asked-option:nth-child({1 + list(asked.options).index(outcome)} of .asked-option)")
        case _:
            draw(page, asked, outcome)


def draw(page, asked, outcome):
    """Draw the curve of the run with the mouse, from the known past to the last quarter."""
    page.wait_for_selector(".asked-canvas svg", timeout=60_000)
    page.locator(".asked-canvas").scroll_into_view_if_needed()
    box = page.evaluate("""() => {
        const place = (which) => document.querySelector(which).getBoundingClientRect();
        const future = place(".asked-future");
        return { left: future.left, right: future.right, top: future.top, bottom: future.bottom };
    }""")
    known = lesson_known(asked)
    ahead = outcome[known + 1 :]
    page.mouse.move(box["left"], _height(box, asked, outcome[known]))
    page.mouse.down()
    for k, value in enumerate(ahead, 1):
        x = box["left"] + (box["right"] - box["left"]) * k / len(ahead)
        page.mouse.move(min(x, box["right"]), _height(box, asked, value))
    page.mouse.move(box["right"] + 3, _height(box, asked, ahead[-1]))
    page.mouse.up()


def lesson_known(asked):
    lesson = next(one for one in map(Lesson.load, library()) if one.prediction == asked)
    return lesson.quarters(asked.run).index(asked.known)


def _height(box, asked, value):
    return box["bottom"] - (box["bottom"] - box["top"]) * (value - asked.low) / (asked.high - asked.low)


def typed(exercise, answer):
    return f"{100 * answer:.6g}" if exercise.unit == "%" else f"{answer:.6g}"


@pytest.mark.parametrize("name", library())
def test_a_lesson_runs_from_the_prediction_to_the_last_exercise(page, address, wrong, name):
    lesson = Lesson.load(name)
    work = worked(lesson)
    page.goto(f"{address}/lesson?name={name}")
    page.wait_for_selector(".predict fieldset, .predict .asked", timeout=60_000)
    assert page.is_disabled(LOCK), "nothing is shown before it is predicted"
    assert page.is_disabled("button.step:has-text('2 Watch')")
    if lesson.roles:
        slider = ".ministry [role=slider]"
        page.wait_for_selector(slider, state="attached")
        work = worked(lesson, {**lesson.roles.suggested, next(iter(lesson.roles.ministries)): {}})
    predict(page, lesson)
    page.wait_for_selector(f"{LOCK}:not([disabled])", timeout=20_000)
    page.click(LOCK)
    page.wait_for_selector(".card-spread canvas", timeout=120_000)
    if not lesson.roles:
        assert page.inner_text(".score").startswith(CLOSE)
    for k, _ in enumerate(work.plots("outcome")):
        page.wait_for_selector(f".card-outcome-{k} canvas")
    held = page.inner_text(".held")
    assert held.count("✓") == sum(holds for _, holds in work.claims())
    page.click("button.go:has-text('3 Why')")
    for k, _ in enumerate(work.plots("theorem")):
        page.wait_for_selector(f".card-theorem-{k} canvas", timeout=30_000)
    text = page.inner_text(".main")
    assert "{{" not in text and "$" not in text.replace("US$", "")
    page.click("button.go:has-text('4 Exercises')")
    page.wait_for_selector(".exercise")
    for k, exercise in enumerate(lesson.exercises):
        card = page.locator(".exercise").nth(k)
        answer = work.answer(exercise)
        if exercise.options:
            keys = list(exercise.options)
            wrong_key = next(key for key in keys if key != answer)
            card.locator(".asked-option").nth(keys.index(wrong_key)).click()
            card.locator(".not").wait_for(timeout=20_000)
            card.locator(".asked-option").nth(keys.index(answer)).click()
        else:
            card.locator("input").fill(typed(exercise, answer + 5 * exercise.within))
            card.locator("button:has-text('Check'):not([disabled])").click()
            card.locator(".not").wait_for(timeout=20_000)
            card.locator("input").fill(typed(exercise, answer))
            card.locator("button:has-text('Check')").click()
        card.locator(".right").wait_for(timeout=20_000)
        card.locator(".solution").wait_for(timeout=20_000)
    assert not wrong


def test_the_list_leads_to_each_lesson_and_back(page, address, wrong):
    page.goto(f"{address}/lesson")
    page.wait_for_selector(".lesson-card", timeout=60_000)
    titles = [Lesson.load(name).title for name in library()]
    assert page.locator(".lesson-card h2").all_inner_texts() == titles
    page.click(".lesson-card >> nth=1")
    page.wait_for_selector(f".steps h2:has-text('{titles[1]}')", timeout=60_000)
    page.click("a:has-text('All lessons')")
    page.wait_for_selector(".lesson-card", timeout=60_000)
    assert not wrong


def test_the_worlds_of_a_lesson_can_be_explored_further():
    for name in library():
        work = worked(Lesson.load(name))
        for title, address in ways(work, View()):
            desk, _, ignored = choices_of(address.partition("?")[2])
            assert not ignored, (title, ignored)
            run = next(one for one in work.scenarios.values() if one.title == title)
            assert desk.question.scenario().interventions == run.interventions
    assert len(ways(worked(Lesson.load("sovereignty")), View())) >= 4


@pytest.mark.parametrize("dark", [0, 1])
def test_a_lesson_can_be_heard_and_fits_every_screen(page, address, wrong, dark):
    page.goto(f"{address}/lesson?name=red_bus&dark={dark}")
    page.wait_for_selector(".asked-exact input", timeout=60_000)
    predict(page, Lesson.load("red_bus"))
    page.wait_for_timeout(500)  # colours fade
    assert grave(page) == []
    page.click(f"{LOCK}:not([disabled])")
    for step, shown in (("2 Watch", ".card-spread canvas"), ("3 Why", ".prose math"), ("4 Exercises", ".exercise")):
        page.click(f"button.step:has-text('{step}')")
        page.wait_for_selector(shown, timeout=60_000, state="attached")
        for width in (1920, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (step, width)
        assert grave(page) == [], step
    assert not wrong
