"""Picture each view of the page, light, dark and on a phone, into out/screenshots.

`make screenshots`, or `python experiments/page/screenshots.py [--firms N] [--only VIEW]`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from served import CHROMIUM, QUIET, served
from toy_sweeps import some_stores

FOLDER = Path("out/screenshots")
LOOKS = {"light": (1440, False), "dark": (1920, True), "phone": (390, False), "phone-dark": (390, True)}
PLAN = "preset=ai_plus&training=0.1&training.from=2027Q1&training.to=2029Q4"


def as_it_opens(page: Page) -> None:
    """Nothing is done."""


def with_bands(page: Page) -> None:
    """Wait for all draws."""
    page.wait_for_function("() => document.querySelector('.bands')?.innerText.includes('20 (')", timeout=240_000)


def look_inside(page: Page) -> None:
    """The flows, one firm's reasons and the assumptions."""
    page.get_by_role("button", name="Show the flows").click()
    page.wait_for_selector(".card-flows [role=img] canvas", timeout=120_000)
    page.get_by_role("button", name="Why does it choose so?").click()
    page.wait_for_selector(".card-terms [role=img] canvas", timeout=120_000)
    page.get_by_role("button", name="Show the assumptions").click()
    page.wait_for_selector(".assumptions td", timeout=30_000)


def take_apart(page: Page) -> None:
    """The numbers of every chart, the levers' sources, and the goal that can be sought."""
    page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true; })")


VIEWS = {
    "opened": ("", as_it_opens),
    "plan": (f"{PLAN}&quarter=2027Q4", with_bands),
    "compared": (f"{PLAN}&kept=preset%3Dprice_war&kept=preset%3Dopen_first&all_regions=1&map_change=1", as_it_opens),
    "sector": (f"{PLAN}&sector=finance&map_measure=open_share&weight=tokens", as_it_opens),
    "inside": (PLAN, look_inside),
    "apart": ("preset=price_war&region=european_union", take_apart),
    "chinese": (f"{PLAN}&language=zh", as_it_opens),
    "refused": ("preset=nonsense&firms=1&surprise=yes", as_it_opens),
}
SWEEPS = {
    "sweeps": ("", ".sweep a"),
    "sweep-spread": ("store=spread&goal=adoption >= 50%25", ".says h3"),
    "sweep-grid": ("store=grid", ".says h3"),
    "sweep-indices": ("store=indices", ".card-sensitivity canvas"),
    "sweep-screening": ("store=screening&indicator=outlay&language=zh", ".card-sensitivity canvas"),
    "sweep-refused": ("store=nonsense&surprise=yes", ".sweep a"),
}
LESSONS = {"lessons": "", "lesson-number": "red_bus", "lesson-curve": "s_curves", "lesson-roles": "ai_plus"}
LOCK = "button.go:has-text('Lock in')"


def predict(page: Page, kind: str) -> None:
    """Some prediction: half of all, or a line to the right upper corner."""
    if kind != "lesson-curve":
        page.fill(".asked-exact input", "50")
        page.keyboard.press("Tab")
        return
    page.wait_for_selector(".asked-canvas svg", timeout=60_000)
    page.locator(".asked-canvas").scroll_into_view_if_needed()
    box = page.locator(".asked-future").bounding_box()
    assert box is not None
    page.mouse.move(box["x"], box["y"] + 0.8 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] + 2, box["y"] + 0.1 * box["height"], steps=20)
    page.mouse.up()


def lesson(browser: Browser, url: str, kind: str, name: str, width: int, dark: bool, look: str) -> None:
    """The steps of a lesson, or the list of all."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(f"{url}/lesson?name={name}{'&dark=1' if dark else ''}")
    page.wait_for_selector(".predict .asked" if name else ".lesson-card", timeout=120_000)
    if not name:
        taken(page, f"{kind}-{look}")
        return
    predict(page, kind)
    snapped(page, f"{kind}-1-{look}")
    page.click(f"{LOCK}:not([disabled])")
    for number, (step, shown) in enumerate((("2 Watch", ".card-spread canvas"), ("3 Why", ".card-theorem-0 canvas"),
                                            ("4 Exercises", ".exercise")), 2):  # fmt: skip
        page.click(f"button.step:has-text('{step}')")
        page.wait_for_selector(shown, timeout=120_000)
        snapped(page, f"{kind}-{number}-{look}")
    page.close()


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--firms", type=int, default=5_000)
    parser.add_argument("--only", choices=[*VIEWS, *SWEEPS, *LESSONS])
    asked = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("no Chromium on this machine: install it with `make browser`")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as stores,
        served(some_stores(Path(stores))) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for name, (width, dark) in LOOKS.items():
            for view, (search, done) in VIEWS.items():
                if asked.only in (None, view):
                    page = browser.new_page(viewport={"width": width, "height": 900})
                    firms = "" if "firms=" in search else f"&firms={asked.firms}"
                    page.goto(f"{url}/?{search}{firms}{'&dark=1' if dark else ''}")
                    page.wait_for_selector(".card-frontier [role=img] canvas", timeout=120_000)
                    done(page)
                    taken(page, f"{view}-{name}")
            for view, (search, shown) in SWEEPS.items():
                if asked.only in (None, view):
                    page = browser.new_page(viewport={"width": width, "height": 900})
                    page.goto(f"{url}/sweep?{search}{'&dark=1' if dark else ''}")
                    page.wait_for_selector(shown, timeout=120_000)
                    taken(page, f"{view}-{name}")
            for kind, of in LESSONS.items():
                if asked.only in (None, kind):
                    lesson(browser, url, kind, of, width, dark, name)


def snapped(page: Page, name: str) -> None:
    """Take the picture of a page as it is."""
    page.wait_for_timeout(1_500)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    print(path, flush=True)


def taken(page: Page, name: str) -> None:
    """Take the picture of a page, and close it."""
    snapped(page, name)
    page.close()


if __name__ == "__main__":
    main()
