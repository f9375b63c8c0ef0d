"""The page in Chromium."""

import pytest

from abm.ui.app import choices_of
from abm.ui.choices import Choices, targets_of

pytestmark = pytest.mark.browser
CHART = ".card-adoption [role=img]"


@pytest.fixture
def opened(page, address):
    """The page with its charts drawn, and all that went wrong while loading it."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
    page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("response", lambda r: wrong.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    local = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(local) else wrong.append(f"asked another host: {r.url}"))
    page.goto(f"{address}/?firms=2000")
    page.wait_for_selector(f"{CHART} canvas", timeout=60_000)
    return page, wrong


def test_loads_without_internet_errors_or_missing_files(opened):
    _, wrong = opened
    assert wrong == []


def test_a_lever_moves_the_chart_and_says_what_changed(opened):
    page, _ = opened
    before = page.get_attribute(CHART, "aria-label")
    assert "baseline" in before and "what-if" in before and "%" in before
    slider = page.locator('.lever [role=slider][aria-label^="Adoption subsidy"]')
    slider.wait_for(state="attached")
    slider.focus()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "([chart, old]) => document.querySelector(chart).getAttribute('aria-label') !== old",
        arg=[CHART, before],
        timeout=60_000,
    )
    page.wait_for_function(
        "() => document.querySelector('.sentence').innerText.includes('subsidy 0.3')", timeout=60_000
    )
    after = page.get_attribute(CHART, "aria-label")
    baseline = [part for part in before.split(";") if "China, baseline" in part]
    assert baseline == [part for part in after.split(";") if "China, baseline" in part], "the baseline moved"


def test_a_preset_changes_the_story(opened):
    page, _ = opened
    page.get_by_role("button", name="A world without open models").click()
    page.wait_for_function(
        "() => document.querySelector('.sentence').innerText.includes('without license:open')", timeout=60_000
    )


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_no_sideways_scroll(opened, width):
    page, _ = opened
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_users_do_not_see_each_other(opened, address, browser):
    page, _ = opened
    other = browser.new_context().new_page()
    other.goto(f"{address}/?firms=2000&preset=price_war")
    other.wait_for_function(
        "() => document.querySelector('.sentence')?.innerText.includes('price_change')", timeout=60_000
    )
    assert "price_change" not in page.inner_text(".sentence")
    other.context.close()


def test_address_is_checked_and_what_is_ignored_is_said():
    choices, ignored = choices_of("?preset=open_first&region=india&firms=3000")
    assert (choices.preset, choices.region, choices.firms, ignored) == ("open_first", "india", 3000, "")
    choices, ignored = choices_of("?preset=nonsense&firms=999999999")
    assert choices == Choices(firms=20_000)
    assert "nonsense" in ignored and "999999999" in ignored


def test_levers_make_interventions():
    scenario = Choices(levels=(("ban", 1.0), ("subsidy", 0.3)), region="india").scenario()
    assert [i.label() for i in scenario.interventions] == [
        f"ban 1 on {targets_of('ban')[0]} in india from 2026Q3", "subsidy 0.3 in india from 2026Q3"
    ]  # fmt: skip
