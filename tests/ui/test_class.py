"""The class in the browser: thirty phones, a role play, and a server that is killed in between."""

import pytest
from onclass import ClassServer, Phone
from onpage import grave

from abm.lessons.lesson import Lesson
from abm.lessons.worked import worked

LESSON = "ai_plus"
MINISTRIES = list(Lesson.load(LESSON).roles.ministries)
pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path):
    server = ClassServer(LESSON, tmp_path / "class.sqlite").start()
    yield server
    server.stop()


def phone_page(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server.url}/class")
    page.wait_for_selector(".join input", timeout=60_000)
    return page


def come_in(page, name, ministry):
    page.fill(".join input", name)
    page.select_option(".join select", ministry)
    page.click(".join button")


def predict(page, percent):
    page.wait_for_selector(".asked-exact input", timeout=30_000)
    page.fill(".asked-exact input", str(percent))
    page.keyboard.press("Tab")


def says(page, words):
    said = "words => document.querySelector('.courier')?.innerText.includes(words)"
    page.wait_for_function(said, arg=words, timeout=30_000)


def press(teacher, words):
    button = f"button.go:has-text('{words}'):not([disabled])"
    teacher.wait_for_selector(button, timeout=60_000)
    teacher.click(button)


def reads(page, words, where=".lesson"):
    said = "([where, words]) => document.querySelector(where)?.innerText.includes(words)"
    page.wait_for_function(said, arg=[where, words], timeout=60_000)


def test_thirty_phones_play_ministries_and_a_killed_server_loses_nothing(browser, server):
    teacher = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    teacher.goto(f"{server.url}/teacher?key={server.key}")
    teacher.wait_for_selector(".door svg", timeout=60_000)
    pages = [phone_page(browser, server) for _ in range(2)]
    come_in(pages[0], "Ada", "china")
    come_in(pages[1], "Bo", "india")
    clients = [
        Phone(
            server,
            f"student {k}",
            MINISTRIES[k % 4],
            (30 + k) / 100,
            [("training", round(0.01 * k, 2))],
            pause=0.05 * k,
        )
        for k in range(28)
    ]
    for client in clients[:14]:
        client.start()
    for page in pages:
        page.wait_for_selector(".wait", timeout=30_000)
    press(teacher, "Open the round")
    teacher.click("text=Show predictions")
    predict(pages[0], 71)
    says(pages[0], "saved")
    reads(teacher, "Ada", ".people")
    assert grave(teacher) == [] and grave(pages[0]) == []

    # The server dies in the middle; what is done meanwhile waits on the phones.
    server.kill()
    for client in clients[14:]:
        client.start()
    assert sum(client.is_alive() for client in clients) >= 10
    says(pages[1], "No connection")
    pages[1].tap(".asked-exact input")  # nothing lies over the page that would take the tap
    predict(pages[1], 23)
    server.start()
    for client in clients:
        client.join(timeout=90)
        assert not client.is_alive()
    assert sum(client.tries > 3 for client in clients) >= 10, "some had to send again"
    says(pages[1], "saved")

    # The class goes on where it was: everybody's prediction is there, each as it was made.
    reads(teacher, "30 of 30 have predicted", ".controls")
    assert "71%" not in teacher.inner_text(".people"), "a page that is loaded anew is covered"
    teacher.click("text=Show predictions")
    reads(teacher, "71%", ".people")
    reads(teacher, "23%", ".people")
    assert not [client.refused for client in clients if client.refused]
    assert {path for client in clients for path, _ in client.taken} == {"join", "move", "predict"}
    for client in clients:
        status, state = server.ask(f"state?token={client.token}")
        assert status == 200 and state["prediction"] == client.value and state["name"] == client.name_

    press(teacher, "Close predictions")
    late = server.ask("predict", {"token": clients[0].token, "round": 1, "value": 0.5})
    assert late[0] == 409
    press(teacher, "Reveal the outcome")
    _, state = server.ask(f"state?token={clients[0].token}")
    levers = {region: {} for region in MINISTRIES}
    for client in clients:
        levers[client.group] = server.ask(f"state?token={client.token}")[1]["levers"]
    outcome = worked(Lesson.load(LESSON), levers).of("india").outcome()
    reads(pages[1], f"23% predicted, {100 * outcome:.0f}% in the run")
    assert "key=" not in teacher.url, "the class sees the teacher's address"
    pages[1].wait_for_selector(".card-spread canvas", timeout=60_000)
    reads(teacher, f"{100 * outcome:.0f}%", ".ministries")
    for page in (teacher, pages[1]):
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]

    # The next round begins with the levers of the last, and asks everybody anew.
    press(teacher, "Next round")
    reads(teacher, "0 of 30 have predicted", ".controls")
    assert server.ask(f"state?token={clients[0].token}")[1]["levers"] == levers[clients[0].group]
    predict(pages[0], 80)
    reads(teacher, "1 of 30 have predicted", ".controls")


def test_levers_of_a_ministry_are_seen_by_the_teacher_and_by_its_other_members(browser, server):
    teacher = browser.new_context().new_page()
    teacher.goto(f"{server.url}/teacher?key={server.key}")
    pages = [phone_page(browser, server) for _ in range(2)]
    for page, name in zip(pages, ("Ada", "Bo"), strict=True):
        come_in(page, name, "india")
        page.wait_for_selector(".wait", timeout=30_000)
    press(teacher, "Open the round")
    slider = ".ministry [role=slider][aria-label^='Adoption subsidy']"
    pages[0].wait_for_selector(slider, state="attached", timeout=30_000)
    pages[0].focus(slider)
    for _ in range(3):
        pages[0].keyboard.press("ArrowRight")
    moved = "where => Number(document.querySelector(where)?.getAttribute('aria-valuenow')) > 0"
    pages[1].wait_for_function(moved, arg=slider, timeout=30_000)
    reads(teacher, "Adoption subsidy", ".ministries")
    reads(teacher, "Ada", ".ministries")
    # What the other one does counts as well, also for who has moved the same lever before.
    pages[1].focus(slider)
    for _ in range(2):
        pages[1].keyboard.press("ArrowRight")
    standing = pages[1].get_attribute(slider, "aria-valuenow")
    follows = "([where, level]) => document.querySelector(where)?.getAttribute('aria-valuenow') === level"
    pages[0].wait_for_function(follows, arg=[slider, standing], timeout=30_000)
    reads(teacher, "Bo", ".ministries")


@pytest.mark.parametrize("name", ["s_curves", "tipping"])
def test_a_curve_or_a_choice_is_predicted_in_class(browser, tmp_path, name):
    server = ClassServer(name, tmp_path / "class.sqlite").start()
    try:
        teacher = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        teacher.goto(f"{server.url}/teacher?key={server.key}")
        page = phone_page(browser, server)
        page.fill(".join input", "Ada")
        page.dblclick(".join button")
        press(teacher, "Open the round")
        if name == "tipping":
            page.tap(".asked-option >> nth=1")
        else:
            page.wait_for_selector(".asked-canvas svg", timeout=60_000)
            page.locator(".asked-handle").last.focus()
            page.keyboard.press("PageUp")
        says(page, "saved")
        teacher.click("text=Show predictions")
        reads(teacher, "1 of 1 have predicted", ".controls")
        teacher.wait_for_selector(".card-live canvas", timeout=60_000)
        press(teacher, "Close predictions")
        press(teacher, "Reveal the outcome")
        page.wait_for_selector(".card-spread canvas", timeout=60_000)
        teacher.wait_for_selector(".card-theorem-0 canvas", timeout=60_000)
        page.goto(f"{server.url}/lesson?name={name}")
        reads(page, "This server holds a class", "body")
    finally:
        server.stop()


def test_nobody_is_teacher_without_the_key(page, server):
    for search in ("", "?key=wrong"):
        page.goto(f"{server.url}/teacher{search}")
        page.wait_for_selector(".problem", timeout=60_000)
        assert page.query_selector(".controls") is None
