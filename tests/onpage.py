"""What tests of the page do and wait for."""

from axe_playwright_python.sync_playwright import Axe

CHART = ".card-adoption [role=img]"
SAYS = "words => document.querySelector('.sentence')?.innerText.includes(words)"


def grave(page, leaving_out=()):
    """Rules of axe-core for WCAG that are broken seriously.

    Args:
        page: The page.
        leaving_out: Selectors of what is not looked at.
    """
    found = Axe().run(page, context={"exclude": [[one] for one in leaving_out]} if leaving_out else None)
    return [
        f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found.response["violations"] if one["impact"] in ("serious", "critical")
    ]  # fmt: skip


def slider(page, lever):
    return page.locator(f'.lever [role=slider][aria-label^="{lever}"]')


def press(page, lever, times):
    """Move a lever by keys, one at a time: each is a release."""
    at = slider(page, lever)
    at.wait_for(state="attached")
    at.focus()
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
