"""A served page and the browser that looks at it."""

import os
import shutil

import pytest
from onpage import CHART
from page.served import CHROMIUM, QUIET, served
from page.toy_sweeps import some_stores

from abm.ui import strings
from abm.ui.sweeps.named import name_stores
from abm.ui.sweeps.reading import Readings


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium on this machine; the tests of the page need it")
        pytest.skip("no Chromium on this machine: install it with `apt-get install chromium`")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """Where the page is served, by a process of its own, with some sweeps of which one is damaged."""
    stores = some_stores(tmp_path_factory.mktemp("stores"))
    shutil.copytree(stores[0], damaged := stores[0].with_name("damaged"))
    part = min((damaged / "parts").iterdir())
    part.write_bytes(part.read_bytes()[:-40])
    with served([*stores, damaged]) as url:
        yield url


@pytest.fixture
def wrong(page, address):
    """All that goes wrong while a page is open: errors, files that are missing, other hosts that are asked."""
    wrong = []
    page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
    page.on("console", lambda m: wrong.append(f"console: {m.text}") if m.type == "error" else None)
    page.on("response", lambda r: wrong.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
    local = (address, address.replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(local) else wrong.append(f"asked another host: {r.url}"))
    return wrong


@pytest.fixture
def opened(page, address, wrong):
    """The page with its charts drawn, and all that went wrong while loading it."""
    page.goto(f"{address}/?firms=2000")
    page.wait_for_selector(f"{CHART} canvas", timeout=60_000)
    return page, wrong


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Folders of some stores."""
    return some_stores(tmp_path_factory.mktemp("stores"))


@pytest.fixture
def read(folders):
    """Reads a store by its name."""
    name_stores(folders)
    yield Readings().read
    name_stores([])


@pytest.fixture(params=strings.languages())
def language(request):
    """Each language in turn."""
    strings.LANGUAGE.value = request.param
    yield request.param
    strings.LANGUAGE.value = strings.ENGLISH
