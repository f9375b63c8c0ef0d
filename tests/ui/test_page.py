"""The page in Chromium."""

import pytest

pytestmark = pytest.mark.browser
CHART = ".card-adoption [role=img]"
SAYS = "words => document.querySelector('.sentence')?.innerText.includes(words)"


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


def press(page, lever, times):
    slider = page.locator(f'.lever [role=slider][aria-label^="{lever}"]')
    slider.wait_for(state="attached")
    slider.focus()
    for _ in range(times):
        page.keyboard.press("ArrowRight")


def label(page, card):
    return page.get_attribute(f".card-{card} [role=img]", "aria-label")


def wait_for_label(page, card, words):
    """Each chart is redrawn by a message of its own, so every one is waited for."""
    chart = f".card-{card} [role=img]"
    says = "([chart, words]) => document.querySelector(chart).getAttribute('aria-label').includes(words)"
    page.wait_for_function(says, arg=[chart, words], timeout=60_000)


def wait_for_other_label(page, card, old):
    chart = f".card-{card} [role=img]"
    changed = "([chart, old]) => document.querySelector(chart).getAttribute('aria-label') !== old"
    page.wait_for_function(changed, arg=[chart, old], timeout=60_000)
    return label(page, card)


def test_loads_without_internet_errors_or_missing_files(opened):
    page, wrong = opened
    assert page.locator("[role=img] canvas").count() == 4
    assert wrong == []


def test_a_lever_moves_the_chart_and_says_what_changed(opened):
    page, wrong = opened
    before = label(page, "adoption")
    assert "baseline" in before and "what-if" in before and "%" in before
    press(page, "Adoption subsidy", 6)
    page.wait_for_function(SAYS, arg="subsidy 0.3 in china", timeout=60_000)
    after = wait_for_other_label(page, "adoption", before)
    kept = [part for part in after.split(";") if "China, baseline" in part]
    assert kept == [part for part in before.split(";") if "China, baseline" in part], "the baseline moved"
    assert page.locator(".slider.moved").count() == 1
    page.get_by_role("button", name="Reset the levers").click()
    page.wait_for_function(SAYS, arg="This is the baseline", timeout=60_000)
    wait_for_label(page, "adoption", before)
    assert wrong == []


def test_every_number_of_a_chart_can_be_read(opened):
    page, _ = opened
    for card in ("adoption", "open", "map", "vendors"):
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
    page.locator(".view .v-select").nth(1).click()
    page.get_by_role("option", name="spend").click()
    for card in ("open", "map", "vendors"):
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
    page.locator(".theme button").click()
    page.wait_for_selector(".v-application.theme--dark")
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('.card')).backgroundColor === 'rgb(30, 36, 48)'"
    )
    assert wrong == []


def test_two_users_do_not_see_each_other(opened, address, browser):
    page, _ = opened
    other = browser.new_context().new_page()
    other.goto(f"{address}/?firms=2000&preset=price_war")
    other.wait_for_function(SAYS, arg="price_change", timeout=60_000)
    assert "price_change" not in page.inner_text(".sentence")
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
