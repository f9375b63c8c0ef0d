"""The sweep page in Chromium: what it shows of a store, what it says of one that cannot be read, and the ways to and fro."""

import csv
import re

import pytest
from onpage import grave, label, wait_for_label

pytestmark = pytest.mark.browser
ROWS = [".card-runs tr:nth-child(n + 9)"]  # of the table's rows the first eight are enough
DRAWN = ".card-{} [role=img] canvas"


def shown(page, address, search):
    page.goto(f"{address}/sweep?{search}")
    page.wait_for_selector(DRAWN.format("tipping"), timeout=60_000)
    return page


def test_a_sweep_says_what_matters_and_where_and_shows_its_runs(page, address, wrong):
    shown(page, address, "store=spread")
    page.wait_for_selector(DRAWN.format("sensitivity"), timeout=60_000)
    assert "350 of 400 runs done, 5 of them failed, 50 left" in page.inner_text(".about")
    assert "PAWN" in page.inner_text(".card-sensitivity h2")
    assert label(page, "sensitivity").partition(": median slice")[0].endswith("Adoption subsidy in China")
    assert "Largest: " in label(page, "tipping")
    rows = page.locator(".card-runs tbody tr")
    assert rows.count() == 50 and "RuntimeError: all labs went bankrupt" in rows.first.inner_text()
    assert grave(page, ROWS) == []
    for width in (390, 1440, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = "w => [...document.querySelectorAll('.card')].some(c => c.getBoundingClientRect().right > w)"
        assert not page.evaluate(outside, width)
    page.get_by_role("button", name="Dark").click()
    page.wait_for_selector(".v-application.theme--dark")
    page.wait_for_timeout(500)  # colours fade
    assert grave(page, ROWS) == [] and wrong == []


def test_choices_change_what_is_shown_and_the_address_keeps_them(page, address, wrong, tmp_path):
    shown(page, address, "store=spread")
    page.get_by_label("Explain").select_option("lag")
    page.wait_for_function("() => document.querySelector('.card-sensitivity h2')?.innerText.includes('lag in 2030Q4')")
    page.get_by_label("Bottom to top").select_option("Training in China")
    wait_for_label(page, "tipping", "Training in China")
    page.get_by_label("Ordered by").select_option("outlay")
    page.get_by_role("button", name="Largest first").click()
    page.wait_for_function("() => location.search.includes('falling=1')")
    for part in ("indicator=lag", "up=training", "order=outlay"):
        assert part in page.url
    # Without a mouse, too.
    earlier = page.inner_text(".card-runs tbody")
    page.get_by_label("Numbers of").focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_function("() => document.querySelector('.card-tipping h2').innerText.includes('2027Q4')")
    page.wait_for_function("was => document.querySelector('.card-runs tbody').innerText !== was", arg=earlier)
    before = page.inner_text(".card-runs tbody")
    page.reload()
    page.wait_for_selector(DRAWN.format("tipping"), timeout=60_000)
    assert page.inner_text(".card-runs tbody") == before and "lag in 2027Q4" in page.inner_text(".card-tipping h2")
    for card, name in (("runs", "spread.csv"), ("tipping", "tipping.csv")):
        with page.expect_download() as waiting:
            page.locator(f".card-{card}").get_by_role("button", name=re.compile("^Data as CSV")).click()
        waiting.value.save_as(tmp_path / name)
    rows = list(csv.DictReader((tmp_path / "spread.csv").open(encoding="utf-8")))
    assert len(rows) == 350 and rows[0]["error"].endswith("all labs went bankrupt")
    outlay = [float(row["outlay"]) for row in rows[5:]]
    assert outlay == sorted(outlay, reverse=True) and wrong == []


def test_a_grid_is_a_map_with_the_goals_border(page, address, wrong):
    shown(page, address, "store=grid&goal=adoption %3E= 80%25")
    assert "adoption ≥ 80.0% is met on average" in page.inner_text(".card-tipping .note")
    page.get_by_text("PAWN indices: needs 100 points or more").wait_for()
    page.get_by_role("heading", name="How many seeds adoption in 2030Q4 needs").wait_for()
    page.get_by_label("Language").select_option("中文")
    for part, words in (("h1", "扫描结果"), (".about summary", "变动什么"), (".card-tipping h2", "在哪里高")):
        page.locator(part).filter(has_text=words).wait_for()
    assert wrong == []


def test_what_cannot_be_opened_is_said(page, address):
    for name, words in (("damaged", "is damaged"), ("..%2Fspread", "was opened with this page")):
        page.goto(f"{address}/sweep?store={name}")
        page.get_by_role("alert").filter(has_text=words).wait_for()
        page.get_by_role("link", name="screening").wait_for()


def test_there_are_ways_to_and_fro(page, address, wrong):
    page.goto(f"{address}/?firms=2000&dark=1")
    page.get_by_text("As a sweep").click()
    assert "abm sweep study.toml --store out/study" in page.inner_text(".study")
    page.get_by_role("link", name="Results of sweeps").click()
    page.get_by_role("link", name="grid").click()
    page.wait_for_selector(DRAWN.format("tipping"), timeout=60_000)
    assert page.locator(".v-application.theme--dark").count() == 1
    page.get_by_role("link", name="To the what-if page").click()
    page.wait_for_selector(".story")
    assert page.url == f"{address}/?dark=1" and wrong == []
