"""Working with the page: back and forth, sharing, taking away, looking inside, by keys alone and by ear."""

import csv
import re
import subprocess
import sys
import tomllib

import pytest
from axe_playwright_python.sync_playwright import Axe
from onpage import CHART, SAYS, label, press, slider, wait_for_label, wait_for_other_label

import abm

pytestmark = pytest.mark.browser


def taken(page, click):
    with page.expect_download(timeout=30_000) as waiting:
        click()
    return waiting.value


def test_what_was_done_is_undone_and_done_again(opened):
    page, wrong = opened
    undo, redo = (page.get_by_role("button", name=name, exact=True) for name in ("Undo", "Redo"))
    assert undo.is_disabled() and redo.is_disabled()
    press(page, "Adoption subsidy", 1)
    page.wait_for_function(SAYS, arg="Adoption subsidy 5%", timeout=60_000)
    undo.click()
    page.wait_for_function(SAYS, arg="This is the baseline", timeout=60_000)
    redo.click()
    page.wait_for_function(SAYS, arg="Adoption subsidy 5%", timeout=60_000)
    assert wrong == []


def test_a_link_restores_everything(opened, browser):
    page, _ = opened
    page.get_by_role("button", name="Price war of the proprietary labs").click()
    page.wait_for_function(SAYS, arg="Price change", timeout=60_000)
    page.get_by_role("button", name="Put aside").click()
    press(page, "Training", 2)
    page.wait_for_function(SAYS, arg="Training 10%", timeout=60_000)
    page.get_by_role("button", name="All regions").click()
    wait_for_label(page, "adoption", "Gulf")
    page.wait_for_function("() => window.location.search.includes('all_regions=1')")
    other = browser.new_context().new_page()
    other.goto(page.url)
    other.wait_for_selector(f"{CHART} canvas", timeout=60_000)
    wait_for_label(other, "adoption", "Gulf")
    other.wait_for_function(SAYS, arg="Training 10%", timeout=60_000)
    assert label(other, "adoption").split(":")[0] == label(page, "adoption").split(":")[0]
    assert other.locator(".compared th[scope=col]").all_inner_texts() == ["", "baseline", "put aside 1", "what-if"]
    other.context.close()


def test_three_what_ifs_stand_side_by_side(opened):
    page, _ = opened
    page.evaluate("() => document.querySelectorAll('.card, .tools *').forEach(one => one.here = true)")
    for name in ("Price war of the proprietary labs", "A leak at the proprietary labs", "AI Plus in China"):
        page.get_by_role("button", name=name).click()
        page.wait_for_timeout(300)
        if name != "AI Plus in China":
            page.get_by_role("button", name="Put aside", exact=True).click()
    wait_for_label(page, "open", "put aside 2")
    page.wait_for_function("() => document.querySelectorAll('.compared th[scope=col]').length === 5", timeout=60_000)
    # What was there is the same still: a click on something that is made anew would be lost.
    for name in ("adoption", "gains", "firm", "sentence", "assumptions"):
        assert page.evaluate("name => document.querySelector(`.card-${name}, .card.${name}`).here", name), name
    assert page.get_by_role("button", name="Scenario").evaluate("one => one.here")
    page.get_by_role("button", name=re.compile("put aside 1")).click()
    page.wait_for_function("() => document.querySelectorAll('.compared th[scope=col]').length === 4", timeout=60_000)


def test_data_and_pictures_of_a_chart_can_be_taken(opened, tmp_path):
    page, _ = opened
    card = page.locator(".card-adoption")
    path = tmp_path / "adoption.csv"
    taken(page, lambda: card.get_by_role("button", name=re.compile("^Data as CSV")).click()).save_as(path)
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    spoken = re.search(r"China, what-if ([0-9.]+)%", label(page, "adoption"))[1]
    shown = next(row for row in rows if row["Quarter"] == "2030Q4")["China, what-if"]
    assert f"{100 * float(shown):.1f}" == spoken and len(rows) == 52
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<svg")):
        path = tmp_path / f"adoption.{kind}"
        taken(page, lambda kind=kind: card.get_by_role("button", name=f"Take as {kind.upper()}").click()).save_as(path)
        assert path.read_bytes().startswith(start) and path.stat().st_size > 5_000


def test_the_scenario_goes_out_and_comes_back(opened, tmp_path):
    page, _ = opened
    press(page, "Adoption subsidy", 2)
    page.wait_for_function(SAYS, arg="Adoption subsidy 10%", timeout=60_000)
    path = tmp_path / "mine.toml"
    taken(page, lambda: page.get_by_role("button", name="Scenario as TOML").click()).save_as(path)
    (act,) = tomllib.loads(path.read_text(encoding="utf-8"))["interventions"]
    assert (act["kind"], act["level"]) == ("subsidy", 0.1)
    page.get_by_role("button", name="Reset the levers").click()
    page.wait_for_function(SAYS, arg="This is the baseline", timeout=60_000)
    page.set_input_files(".load input", path)
    page.wait_for_function(SAYS, arg="Adoption subsidy 10%", timeout=60_000)
    assert "own=" in page.url
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("[parameters]\nnonsense = 1\n", encoding="utf-8")
    page.set_input_files(".load input", wrong)
    page.wait_for_selector("[role=alert]")
    assert "wrong.toml cannot be used" in page.inner_text("[role=alert]")


def test_the_code_on_the_page_gives_the_number_on_the_page(opened):
    page, _ = opened
    press(page, "Adoption subsidy", 2)
    page.wait_for_function(SAYS, arg="Adoption subsidy 10%", timeout=60_000)
    page.locator(".python summary").click()
    code = page.inner_text(".python pre") + '\nprint(float(what_if.indicator("penetration", by="region").sel('
    code += 'region="china", quarter="2030Q4")))'
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()[-1]
    assert page.inner_text(".tile-adoption b") == f"{100 * float(said):.1f}%"


def test_flows_one_firm_and_the_assumptions_are_shown(opened):
    page, wrong = opened
    press(page, "Adoption subsidy", 6)
    page.wait_for_function(SAYS, arg="Adoption subsidy 30%", timeout=60_000)
    page.get_by_role("button", name="Show the flows").click()
    page.wait_for_selector(".card-flows [role=img] canvas", timeout=120_000)
    assert "no AI to" in label(page, "flows")
    page.get_by_role("button", name="Why does it choose so?").click()
    page.wait_for_selector(".card-terms [role=img] canvas", timeout=120_000)
    assert "chance" in label(page, "terms")
    before = label(page, "flows")
    press(page, "Adoption subsidy", 1)  # what was asked for once follows the levers
    wait_for_other_label(page, "flows", before)
    page.wait_for_selector(".card-terms [role=img] canvas")
    page.get_by_role("button", name="Show the assumptions").click()
    page.wait_for_selector(".assumptions td", timeout=30_000)
    assert "demand.price_elasticity" in page.inner_text(".assumptions")
    assert wrong == []


def test_a_cell_of_the_map_filters_the_charts(opened):
    page, _ = opened
    page.get_by_label("Sector shown").select_option("Finance and insurance")
    page.wait_for_function(
        "() => document.querySelector('.card-adoption .note').innerText.includes('Finance and insurance')",
        timeout=60_000,
    )
    page.get_by_role("button", name=re.compile("^Show all sectors again|^All sectors")).first.click()
    page.wait_for_function(
        "() => !document.querySelector('.card-adoption .note').innerText.includes('Finance')", timeout=60_000
    )


def test_a_goal_is_sought_and_the_search_can_be_stopped(opened):
    page, _ = opened
    page.locator(".seeking summary").click()
    page.get_by_role("button", name="Seek", exact=True).click()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Seek", exact=True).wait_for()
    page.wait_for_function("() => !document.querySelector('.seeking progress')", timeout=60_000)


def tab_to(page, key, reached):
    """Go on with a key until the element in focus is the wanted one."""
    for _ in range(60):
        page.keyboard.press(key)
        if page.evaluate(f"() => {reached}"):
            return
    pytest.fail(f"not reached by {key}: {reached}")


def test_keys_alone_reach_a_lever_and_undo_it(opened):
    page, _ = opened
    page.locator("body").click(position={"x": 2, "y": 2})
    slider(page, "Adoption subsidy").wait_for(state="attached")
    tab_to(page, "Tab", "document.activeElement.getAttribute('aria-label')?.startsWith('Adoption subsidy')")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(SAYS, arg="Adoption subsidy 5%", timeout=60_000)
    page.keyboard.press("ArrowRight")  # the lever still has the keyboard, whatever has appeared meanwhile
    page.wait_for_function(SAYS, arg="Adoption subsidy 10%", timeout=60_000)
    tab_to(page, "Shift+Tab", "document.activeElement.innerText?.trim() === 'Undo'")
    page.keyboard.press("Enter")
    page.wait_for_function(SAYS, arg="Adoption subsidy 5%", timeout=60_000)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_nothing_serious_keeps_anybody_out(opened, look):
    """The rules of axe-core for WCAG: none is broken seriously."""
    page, _ = opened
    if look == "dark":
        page.get_by_role("button", name="Dark").click()
        page.wait_for_selector(".v-application.theme--dark")
    press(page, "Adoption subsidy", 2)
    page.wait_for_function(SAYS, arg="Adoption subsidy 10%", timeout=60_000)
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    grave = [
        f"{one['id']}: {one['help']}: {[node['html'][:120] for node in one['nodes'][:3]]}"
        for one in found if one["impact"] in ("serious", "critical")
    ]  # fmt: skip
    assert grave == []


def test_an_own_scenario_may_end_early(page, address, tmp_path):
    path = tmp_path / "short.toml"
    path.write_text(abm.Scenario.load("price_war").replace(end="2029Q4").to_toml(), encoding="utf-8")
    page.goto(f"{address}/?firms=2000")
    page.wait_for_selector(f"{CHART} canvas", timeout=60_000)
    page.set_input_files(".load input", path)
    page.wait_for_function(SAYS, arg="Price change", timeout=60_000)
    assert page.locator("[role=alert]").count() == 0
