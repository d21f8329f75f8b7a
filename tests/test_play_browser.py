"""Quizzes, stories and trails in a real browser: by keyboard alone, with scripts and without, on narrow screens."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_browser import AXE
from test_play import LIBRARY, other_answer, played

from portal.content.head import DOORS
from portal.settings import Settings

pytestmark = pytest.mark.browser

PLAYED = ("quizzes/first-steps", "quizzes/surprises-and-secrets", "stories/game-friend", "trails/mina")
EVERYTHING = [one.address for one in LIBRARY.practice()]
MOST_STEPS = 40
MOST_TABS = 30

# Where the keyboard is: on the first option of those to choose from, on the next select, on the button that goes on.
FIRST_OPTION = "form.question input:is([type=radio], [type=checkbox])"
SEND = "form.question button"
GO_ON = ".choice-button, form.play-buttons button"


def tab_to(page, *wanted: str) -> None:
    """Press Tab until what has the focus is one of those `wanted`."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", ", ".join(wanted)):
            return
    raise AssertionError(f"the keyboard does not reach {wanted}")


def skip_to_content(page) -> None:
    """Take the link that passes over the head of the page."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def choose(page) -> bool:
    """Answer what is open and go on, by keyboard alone. Gives whether there was anything left to do."""
    if page.locator("form.question").count():
        for place in range(1, page.locator("form.question select").count() + 1):
            tab_to(page, "form.question select")
            page.keyboard.press(str(place))
        if page.locator(FIRST_OPTION).count():
            tab_to(page, FIRST_OPTION)
            page.keyboard.press("Space")
        tab_to(page, SEND)
    elif page.locator(".together").count():
        return False
    else:
        tab_to(page, GO_ON)
    page.locator("[data-step]").evaluate("step => step.setAttribute('data-old', '')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-step]:not([data-old])")
    return True


def go_on(page) -> bool:
    """Choose the last of what is open and go on, however. Gives whether there was anything left to do."""
    for place, select in enumerate(page.locator("form.question select").all(), 1):
        select.select_option(str(place))
    if page.locator(FIRST_OPTION).count():
        page.locator(FIRST_OPTION).last.check()
    button = page.locator(f"{SEND}, .choice-button").last
    if page.locator(".together").count():
        return False
    page.locator("[data-step]").evaluate("step => step.setAttribute('data-old', '')")
    (button if button.count() else page.locator(GO_ON).first).click()
    page.wait_for_selector("[data-step]:not([data-old])")
    return True


def fits(page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.fixture(scope="module", params=[True, False], ids=["scripts", "no scripts"])
def narrow(request, browser):
    """A page of 320 pixels, what it has asked for, and whether scripts reach it."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    if not request.param:
        context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request))
    yield page, asked, request.param
    context.close()


@pytest.mark.parametrize(("number", "address"), list(enumerate(EVERYTHING)), ids=EVERYTHING)
def test_everything_is_played_to_its_end_by_keyboard_at_320_pixels(narrow, live, number, address):
    """Half of them in Arabic with scripts and in another language without, the others the other way round."""
    page, asked, scripts = narrow
    others = [code for code in Settings().languages if code != "ar"]
    code = "ar" if number % 2 == scripts else others[number // 2 % len(others)]
    here = f"{live}/{code}{address}"
    asked.clear()
    page.goto(here)
    skip_to_content(page)
    for _ in range(MOST_STEPS):
        assert fits(page), page.locator("#step-title").inner_text()
        if not choose(page):
            break
    assert page.locator(".together").count() == 1
    assert page.locator("html").get_attribute("dir") == ("rtl" if code == "ar" else "ltr")
    assert page.locator("[data-exit]").bounding_box()["y"] >= 0
    sent = [one for one in asked if one.method == "POST"]
    assert {one.is_navigation_request() for one in sent} == {not scripts}
    assert {one.url.split("#")[0] for one in (*sent, page)} == {here}
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.context.cookies() == []


@pytest.mark.parametrize("code", Settings().languages)
def test_every_step_of_everything_fits_320_pixels_in_every_language(browser, live, client, code):
    """All steps of a door's plays stand below each other on one page; that is much faster than playing them."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = context.new_page()
    wide = []
    for door in DOORS:
        plays = [one for one in LIBRARY.practice() if one.head.audience == door]
        page.goto(f"{live}/{code}{plays[0].address}")
        steps = [one for play in plays for one in played(client, code, play.address, other_answer)]
        mains = [re.search(r"<main[^>]*>(.*)</main>", step.text, re.S)[1] for step in steps]
        page.evaluate("mains => document.querySelector('main').innerHTML = mains.join('')", mains)
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert page.locator("[data-step]").count() == len(steps) > 10
        wide += page.locator("[data-step]").evaluate_all(
            "all => all.filter(one => one.scrollWidth > one.clientWidth || one.getBoundingClientRect().width > 320)"
            ".map(one => one.querySelector('#step-title').textContent)"
        )
        wide += [] if fits(page) else [door]
    context.close()
    assert not wide


# What a step can show; axe looks at each combination of these once in each look.
PARTS = (".question", ".feedback", ".feedback-good", ".care", ".care-some", ".choice-button", ".block-chat", ".before")
PARTS = (*PARTS, ".block-help", ".combine", "select", "[type=checkbox]", ".together", ".ideas-known", ".block-notice")


def faults(page, where) -> list[tuple[object, str, str]]:
    """Give what axe finds on a page with all of it unfolded, and matters."""
    page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
    return [
        (where, one["id"], one["nodes"][0]["html"][:160])
        for one in Axe().run(page, options=AXE).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 740}}])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_axe_finds_nothing_that_matters_at_any_step(browser, live, code, look):
    context = browser.new_context(reduced_motion="reduce", **look)
    page = context.new_page()
    found = []
    seen = set()
    for name in PLAYED:
        page.goto(f"{live}/{code}/{name}/")
        for step in range(MOST_STEPS):
            shown = frozenset(
                page.evaluate("parts => parts.filter(one => document.querySelector('main ' + one))", PARTS)
            )
            found += faults(page, (name, step)) if shown not in seen else ()
            seen.add(shown)
            if not go_on(page):
                break
    for address in ("quizzes/", "quizzes/first-steps/teach/", "quizzes/passwords/answers/", "trails/mina/certificate/"):
        page.goto(f"{live}/{code}/{address}")
        found += faults(page, address)
    context.close()
    assert set().union(*seen) >= {".question", ".feedback", ".care", ".choice-button", ".combine", ".together"}
    assert not found


def test_with_a_script_the_step_is_shown_and_announced_without_a_reload(browser, live):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live}/en/quizzes/kind-words/")
    page.evaluate("window.stays = true")
    page.locator("label.option").first.click()
    page.locator("form.question button").click()
    page.wait_for_selector(".feedback")
    assert page.evaluate("window.stays")
    assert page.evaluate("document.activeElement.id") == "step"
    assert page.locator("[role=status].feedback").count() == 1
    assert page.locator("[data-exit]").is_visible()
    context.close()


def test_when_the_network_fails_the_browser_shows_it_and_nothing_is_pretended(browser, live):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{live}/en/quizzes/kind-words/")
    context.route(
        "**/quizzes/**", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
    )
    page.locator("label.option").first.click()
    page.locator("form.question button").click()
    page.wait_for_selector(".feedback")
    context.close()


@pytest.mark.parametrize(
    ("address", "pages"),
    [
        ("/en/quizzes/passwords/certificate/", 1),
        ("/ar/trails/tarik/certificate/", 1),
        ("/de/quizzes/first-steps/worksheet/", 3),
    ],
)
def test_certificates_and_worksheets_fit_their_paper(browser, live, address, pages):
    context = browser.new_context()
    page = context.new_page()
    page.goto(live + address)
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= pages
    context.close()
