"""The inputs of a prediction in Chromium: by mouse, finger and keys, they tell what was meant and nothing else."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from page import toy_inputs
from page.served import served

pytestmark = pytest.mark.browser
KNOWN, LAST, PAST = toy_inputs.KNOWN, len(toy_inputs.QUARTERS) - 1, toy_inputs.PAST
HEAR = "window.heard = []; window.addEventListener('abm-told', (event) => window.heard.push(event.detail.value))"


@pytest.fixture(scope="module")
def address():
    """Where the page of the inputs is served, instead of the what-if page."""
    with served(toy=Path(toy_inputs.__file__)) as url:
        yield url


@pytest.fixture
def opened(page, address, wrong):
    """Opens the page; in the end nothing has gone wrong on it."""

    def at(search=""):
        page.add_init_script(HEAR)
        page.goto(f"{address}/?{search}")
        page.wait_for_selector(".asked-curve svg")
        page.wait_for_function("() => document.querySelector('.asked-curve svg').clientWidth !== 640")
        return page

    yield at
    assert wrong == []


def told(page, name):
    return json.loads(page.inner_text(".toy-told"))[name]


def wait_for(page, name, value):
    has = "([name, value]) => JSON.stringify(JSON.parse(document.querySelector('.toy-told').innerText)[name]) === value"
    page.wait_for_function(has, arg=[name, json.dumps(value, separators=(",", ":"))], timeout=5_000)


def drawn(page, number=1):
    """The curve that was told, when it is the so manieth."""
    page.wait_for_function("number => window.heard.filter(Array.isArray).length === number", arg=number, timeout=5_000)
    curve = page.evaluate("() => window.heard.filter(Array.isArray).at(-1)")
    wait_for(page, "curve", curve)
    return curve


class Canvas:
    """Where a quarter and a share are on the page, and the share of a pixel."""

    def __init__(self, page):
        page.locator(".asked-curve").scroll_into_view_if_needed()
        box, future = (page.locator(f".asked-curve {part}").bounding_box() for part in ("svg", ".asked-future"))
        self.right, self.top, self.height = future["x"] + future["width"], future["y"], future["height"]
        self.quarter = future["width"] / (LAST - KNOWN)
        self.pixel, self.left = 1 / self.height, box["x"]

    def at(self, place, share):
        return self.right - (LAST - place) * self.quarter, self.top + (1 - share) * self.height


def draw(page, points, canvas=None):
    canvas = canvas or Canvas(page)
    page.mouse.move(*canvas.at(*points[0]))
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*canvas.at(*point), steps=3)
    page.mouse.up()
    return canvas


def near(curve, points, canvas):
    """Whether the curve runs through the points and straight between them, within a pixel."""
    places = np.arange(points[0][0], points[-1][0] + 1)
    meant = np.interp(places, *zip(*points, strict=True))
    return np.abs(np.array(curve, float)[places] - meant).max() <= canvas.pixel


def test_a_number_is_slid_by_keys(opened):
    page = opened()
    slider = page.locator("input[type=range]")
    assert slider.get_attribute("aria-valuetext") == "no answer yet" and page.locator(".untouched").count() == 1
    slider.focus()
    page.keyboard.press("ArrowRight")
    wait_for(page, "number", 0.51)
    page.keyboard.press("End")
    wait_for(page, "number", 1)
    assert page.input_value(".asked-exact input") == "100" and page.locator(".untouched").count() == 0
    assert page.evaluate("window.heard") == [0.51, 1]


def test_a_slider_that_is_pressed_where_it_stands_is_an_answer(opened):
    page = opened()
    page.locator("input[type=range]").click()
    wait_for(page, "number", 0.5)


def test_a_number_is_typed_exactly(opened):
    page = opened()
    field = page.locator(".asked-exact input")
    field.fill("31,25")
    field.press("Enter")
    wait_for(page, "number", 0.3125)
    field.fill("150")
    field.press("Tab")
    assert page.inner_text(".asked-refused") == "This takes a number from 0% to 100%."
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("12")
    field.press("Tab")
    wait_for(page, "number", 0.12)
    assert page.inner_text(".asked-refused") == "" and page.evaluate("window.heard") == [0.3125, 0.12]


def test_an_option_is_picked_by_keys_and_by_a_click(opened):
    page = opened()
    first = page.locator(".asked-option input").first
    first.focus()
    page.keyboard.press("Space")
    wait_for(page, "pick", "all")
    page.keyboard.press("ArrowDown")
    wait_for(page, "pick", "public")
    page.locator(".asked-option").nth(2).click()
    wait_for(page, "pick", "none")
    assert page.locator(".asked-option.chosen").inner_text().endswith("your choice")
    assert page.evaluate("window.heard") == ["all", "public", "none"]


def test_a_curve_goes_where_the_mouse_went(opened):
    page = opened()
    points = [(KNOWN + 1, 0.3), (20, 0.5), (27, 0.45), (38, 0.8), (LAST, 0.9)]
    canvas = draw(page, points)
    curve = drawn(page)
    assert curve[: KNOWN + 1] == [None] * (KNOWN + 1) and len(curve) == LAST + 1
    assert near(curve, points, canvas)
    draw(page, [(34, 0.2), (24, 0.3)], canvas)
    again = drawn(page, 2)
    assert near(again, [(24, 0.3), (34, 0.2)], canvas)
    assert again[:24] == curve[:24] and again[35:] == curve[35:]


def test_a_curve_begins_where_the_past_ends_and_counts_when_it_reaches_the_end(opened):
    page = opened()
    hint = page.locator(".asked-curve [role=status]")
    assert hint.inner_text().startswith("Draw from where the line ends")
    canvas = draw(page, [(24, 0.5), (30, 0.6)])
    assert hint.inner_text() == "Draw to the end, 2034Q4." and page.evaluate("window.heard") == []
    draw(page, [(36, 0.8), (LAST + 0.6, 0.7)], canvas)
    curve = drawn(page)
    assert near(
        [*PAST[:KNOWN], PAST[KNOWN], *curve[KNOWN + 1 :]],
        [(KNOWN, PAST[KNOWN]), (24, 0.5), (30, 0.6), (36, 0.8)],
        canvas,
    )
    page.get_by_role("button", name="Clear the curve").click()
    assert "the curve that you had finished counts" in hint.inner_text()
    assert page.locator(".asked-drawn").get_attribute("d").count("L") == 0 and told(page, "curve") == curve


def test_a_stroke_that_starts_in_the_past_starts_where_it_ends(opened):
    page = opened()
    canvas = draw(page, [(4, 0.9), (KNOWN + 10, 0.4), (LAST - 0.4, 0.4)])
    curve = drawn(page)
    assert PAST[KNOWN] < curve[KNOWN + 1] < 0.3 and near(curve, [(KNOWN + 10, 0.4), (LAST, 0.4)], canvas)


def test_a_curve_is_drawn_by_keys(opened):
    page = opened()
    handles = page.locator(".asked-curve [role=slider]")
    assert [handles.nth(i).get_attribute("aria-label") for i in (0, 1, -1)] == ["2026Q4", "2027Q4", "2034Q4"]
    handles.first.focus()
    assert handles.first.get_attribute("aria-valuetext") == "not drawn yet"
    for key in ("PageUp", "ArrowUp", "ArrowRight", "PageUp", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("window.heard") == []
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "2027Q4"
    handles.last.focus()
    page.keyboard.press("Home")
    curve = drawn(page)
    first, second = PAST[KNOWN] + 0.11, PAST[KNOWN] + 0.2
    assert curve[15] == pytest.approx(first, abs=1e-4) and curve[14] == pytest.approx(
        (PAST[KNOWN] + first) / 2, abs=1e-4
    )
    assert curve[19] == pytest.approx(second, abs=1e-4) and curve[17] == pytest.approx((first + second) / 2, abs=1e-4)
    assert curve[LAST] == 0 and curve[33] == pytest.approx(second / 2, abs=1e-4)
    handles.nth(2).focus()
    page.keyboard.press("End")
    raised = drawn(page, 2)
    assert raised[23] == 1 and raised[25] == pytest.approx((1 + curve[27]) / 2, abs=1e-3) and raised[27:] == curve[27:]
    assert handles.nth(2).get_attribute("aria-valuenow") == "100"
    assert handles.nth(2).get_attribute("aria-valuetext") == "100.0%"


def test_a_finger_draws_on_a_phone_and_does_not_scroll(browser, address):
    context = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)
    page, wrong = context.new_page(), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.add_init_script(HEAR)
    page.goto(f"{address}/?dark")
    page.wait_for_selector(".asked-curve svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".asked-option").nth(1).tap()
    wait_for(page, "pick", "public")
    canvas, finger = Canvas(page), context.new_cdp_session(page)
    points = [(KNOWN + 1, 0.2), (22, 0.9), (33, 0.3), (LAST - 1, 0.6)]
    before = page.evaluate("scrollY")

    def touch(kind, *at):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]})

    touch("touchStart", canvas.at(*points[0]))
    for point in points[1:]:
        touch("touchMove", canvas.at(*point))
    touch("touchEnd")
    curve = drawn(page)
    assert near(curve, points[:-1], canvas) and abs(curve[LAST] - 0.6) < 0.02
    assert page.evaluate("scrollY") == before and wrong == []
    context.close()


def test_what_is_fixed_shows_the_servers_value_and_takes_nothing(opened):
    page = opened()
    page.locator(".asked-exact input").fill("40")
    page.keyboard.press("Enter")
    canvas = draw(page, [(KNOWN + 1, 0.2), (LAST, 0.7)])
    path = page.locator(".asked-drawn").get_attribute("d") if drawn(page) else ""
    page.get_by_role("button", name="fix").click()
    page.wait_for_selector(".asked-curve.fixed")
    assert page.locator(".asked-curve.fixed .asked-drawn").get_attribute("d") == path
    label = page.locator(".asked-curve [role=img]").get_attribute("aria-label")
    assert label.startswith("How does adoption go on?, firms that use AI: 2026Q4 ") and re.search(
        r"2034Q4 (69\.\d|70\.\d)%$", label
    )
    draw(page, [(KNOWN + 5, 0.9), (LAST, 0.9)], canvas)
    for part in ("input[type=range]", ".asked-exact input", ".asked-option input >> nth=0"):
        assert page.locator(part).is_disabled()
    assert len(page.evaluate("window.heard")) == 2 and page.locator(".asked-curve [role=slider]").count() == 0


def test_a_server_that_does_not_answer_takes_nothing_back(opened):
    page = opened("silent")
    page.locator(".asked-exact input").fill("40")
    page.keyboard.press("Enter")
    page.locator(".asked-option").nth(1).click()
    draw(page, [(KNOWN + 1, 0.2), (LAST, 0.7)])
    drawn(page)
    page.wait_for_timeout(300)
    assert page.input_value(".asked-exact input") == "40" and page.locator(".asked-option.chosen").count() == 1
    assert page.locator(".asked-drawn").get_attribute("d").count("L") == LAST - KNOWN


@pytest.mark.parametrize("search", ["", "dark"])
def test_whoever_cannot_see_or_point_can_predict(opened, search):
    page = opened(search)
    draw(page, [(KNOWN + 1, 0.2), (30, 0.7)])
    page.locator(".asked-option").nth(1).click()
    page.wait_for_timeout(300)
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}}
    broken = Axe().run(page, ".page", rules).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in broken] == []
