"""The page in Chromium: levers, charts, looks and strangers."""

import pytest
from onpage import CHART, SAYS, label, press, slider, wait_for_label, wait_for_other_label

pytestmark = pytest.mark.browser
CARDS = ("adoption", "open", "plan", "gains", "map", "vendors", "dependence", "frontier")


def test_loads_without_internet_errors_or_missing_files(opened):
    page, wrong = opened
    page.wait_for_function(f"() => document.querySelectorAll('[role=img] canvas').length === {len(CARDS)}")
    assert wrong == []


def test_a_lever_moves_every_chart_and_says_what_changed(opened):
    page, wrong = opened
    before = {card: label(page, card) for card in CARDS}
    assert all(word in before["adoption"] for word in ("baseline", "what-if", "%"))
    press(page, "Adoption subsidy", 6)
    page.wait_for_function(SAYS, arg="Adoption subsidy 30% in China from 2026Q3", timeout=60_000)
    for card in CARDS:
        if card != "frontier":  # a subsidy in one region need not move it
            wait_for_other_label(page, card, before[card])
    after = label(page, "adoption")
    kept = [part for part in after.split(";") if "China, baseline" in part]
    assert kept == [part for part in before["adoption"].split(";") if "China, baseline" in part], "the baseline moved"
    assert page.locator(".slider.moved").count() == 1
    page.get_by_role("button", name="Reset Adoption subsidy").click()
    page.wait_for_function(SAYS, arg="This is the baseline", timeout=60_000)
    assert wrong == []


def test_the_page_says_whether_what_is_not_known_is_shown(opened):
    page, _ = opened
    page.wait_for_function(SAYS, arg="Bands and ranges hold", timeout=120_000)
    press(page, "Training", 1)
    page.wait_for_function(SAYS, arg="is not shown yet", timeout=60_000)


def test_a_lever_can_be_dated(opened):
    page, _ = opened
    press(page, "Adoption subsidy", 4)
    page.get_by_label("Adoption subsidy, first quarter").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SAYS, arg="from 2026Q4", timeout=60_000)


def test_every_number_of_a_chart_can_be_read(opened):
    page, _ = opened
    for card in CARDS:
        page.locator(f".card-{card} summary").click()
        assert page.locator(f".card-{card} td").first.is_visible()


def test_vendors_have_the_licence_of_the_table(opened):
    from abm.scenario.loading import load_tables

    page, _ = opened
    offers, told = load_tables().frames["offers"], label(page, "vendors")
    shown = {row.label: row.license for row in offers.itertuples() if row.label in told}
    assert len(shown) >= 4 and set(shown.values()) == {"open", "proprietary"}
    for name, licence in shown.items():
        assert f"{name} ({licence})" in told


def test_a_new_lab_is_among_the_vendors(page, address):
    page.goto(f"{address}/?firms=2000&preset=european_champion&region=european_union")
    page.wait_for_selector(f"{CHART} canvas", timeout=60_000)
    wait_for_label(page, "vendors", "champion (open): baseline 0.0%")
    assert "champion (open): baseline 0.0%, what-if 0.0%" not in label(page, "vendors")


def test_switches_and_weights_change_what_is_shown(opened):
    page, wrong = opened
    page.get_by_role("button", name="All regions").click()
    wait_for_label(page, "adoption", "European Union, what-if")
    page.get_by_role("button", name="Change", exact=True).click()
    wait_for_label(page, "map", "percentage points")
    page.get_by_role("button", name="Open share", exact=True).click()
    page.get_by_label("Open share of").select_option("spend")
    for card in ("open", "map", "vendors", "dependence"):
        wait_for_label(page, card, "of what is paid for use")
    assert wrong == []


def test_a_preset_changes_the_story(opened):
    page, _ = opened
    page.get_by_role("button", name="A world without open models").click()
    page.wait_for_function(SAYS, arg="without license:open", timeout=60_000)
    assert "never released" in page.inner_text(".story")


@pytest.mark.parametrize("width", [390, 1440, 1920])
def test_no_sideways_scroll(opened, width):
    page, _ = opened
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(400)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        "width => [...document.querySelectorAll('.card')].filter(c => c.getBoundingClientRect().right > width).length",
        width,
    )
    assert outside == 0


def test_dark_redraws_the_charts(opened):
    page, wrong = opened
    page.get_by_role("button", name="Dark").click()
    page.wait_for_selector(".v-application.theme--dark")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.card')).backgroundColor === 'rgb(30, 36, 48)'"
    )
    assert wrong == []


def test_the_page_speaks_another_language(opened):
    page, wrong = opened
    page.get_by_label("Language").select_option("中文")
    page.wait_for_function("() => document.querySelector('h1').innerText === '开放还是封闭？'", timeout=60_000)
    wait_for_label(page, "adoption", "中国")
    assert slider(page, "采用补贴").count() == 1 and wrong == []


def test_two_users_do_not_see_each_other(opened, address, browser):
    page, _ = opened
    other = browser.new_context().new_page()
    other.goto(f"{address}/?firms=2000&preset=price_war&language=zh")
    other.wait_for_function(SAYS, arg="价格变动", timeout=60_000)
    assert "Price change" not in page.inner_text(".sentence") and page.inner_text("h1") == "Open or closed?"
    other.context.close()


def test_what_the_address_asks_for_in_vain_is_said(page, address):
    page.goto(f"{address}/?firms=1&preset=nonsense")
    alert = page.locator("[role=alert]")
    alert.wait_for()
    assert "nonsense" in alert.inner_text() and "1000" in alert.inner_text()


def test_another_sites_websocket_is_refused(page, address):
    page.route("http://elsewhere.test/", lambda route: route.fulfill(body="<p>another site</p>"))
    page.goto("http://elsewhere.test/")
    opened = page.evaluate(
        """url => new Promise(done => { const s = new WebSocket(url);
        s.onopen = () => done(true); s.onclose = () => done(false); })""",
        address.replace("http", "ws") + "/jupyter/api/kernels/some-kernel/channels",
    )
    assert opened is False
