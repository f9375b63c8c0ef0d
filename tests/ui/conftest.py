"""A served page and the browser that looks at it."""

import os

import pytest
from onpage import CHART
from page.served import CHROMIUM, QUIET, served


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine; the tests of the page need it")
        pytest.skip("no Chromium on this machine: install it with `apt-get install chromium`")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def address():
    """Where the page is served, by a process of its own."""
    with served() as url:
        yield url


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
