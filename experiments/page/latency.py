"""How long a lever takes to reach the charts, in Chromium.

`make latency`, or `python experiments/page/latency.py [--presses N] [--firms N] [--pause SECONDS]`.

A lever is moved by a key, as a hand would, N times; each time counts from the key to the frame after the last of the
charts below shows the new world; the headline numbers come with the first of them. After each the hand pauses, as one that
looks at the charts, while the bands stream in, which the next move cuts off. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time

import numpy as np
from playwright.sync_api import Page, sync_playwright
from served import CHROMIUM, QUIET, served

LEVERS = ("Adoption subsidy", "Price change", "Breakthrough")
CARDS = ("adoption", "open", "map", "vendors")
# Resolves with the milliseconds from the next key to the frame in which all of the cards show the new world.
MEASURE = """cards => new Promise((done, fail) => {
  const of = () => cards.map(c => document.querySelector(`.card-${c} [role=img]`).dataset.drawn);
  const before = of();
  let pressed = null;
  document.addEventListener("keydown", () => { pressed = performance.now(); }, { once: true, capture: true });
  const late = setTimeout(() => fail(`not all changed in 20 s: ${of().map((x, i) => x !== before[i])}`), 20000);
  const look = () => {
    const now = of();
    if (pressed !== null && now.every((text, i) => text !== before[i]))
      requestAnimationFrame(() => requestAnimationFrame(() => { clearTimeout(late); done(performance.now() - pressed); }));
    else requestAnimationFrame(look);
  };
  look();
})"""


def latencies(page: Page, presses: int, pause: float) -> list[float]:
    """Milliseconds of each press; levers take turns, so that each comes from another world."""
    found: list[float] = []
    for press in range(presses + len(LEVERS)):
        lever = LEVERS[press % len(LEVERS)]
        slider = page.locator(f'.lever [role=slider][aria-label^="{lever}"]')
        slider.focus()
        page.evaluate("measure => { window.measured = eval(measure)(" + json.dumps(CARDS) + "); }", MEASURE)
        page.keyboard.press("ArrowRight")
        took = float(page.evaluate("() => window.measured"))
        if press >= len(LEVERS):  # the first move of each lever warms up
            found.append(took)
        time.sleep(pause)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=32)
    parser.add_argument("--firms", type=int, default=20_000)
    parser.add_argument("--pause", type=float, default=0.5)
    asked = parser.parse_args()
    if CHROMIUM is None:
        sys.exit("no Chromium on this machine: install it with `make browser`")
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/?firms={asked.firms}")
        page.wait_for_selector(".card-vendors [role=img] canvas", timeout=120_000)
        took = latencies(page, asked.presses, asked.pause)
        print(json.dumps({
            "median_ms": round(float(np.median(took)), 1), "p95_ms": round(float(np.quantile(took, 0.95)), 1),
            "least_ms": round(min(took), 1), "most_ms": round(max(took), 1), "presses": len(took),
            "firms": asked.firms, "pause_s": asked.pause,
            "browser": browser.version, "python": platform.python_version(),
        }))  # fmt: skip


if __name__ == "__main__":
    main()
