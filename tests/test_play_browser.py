"""Quizzes, stories and trails in a real browser: by keyboard alone, with scripts and without, on narrow screens."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_browser import AXE

pytestmark = pytest.mark.browser

PLAYED = ("quizzes/first-steps", "quizzes/surprises-and-secrets", "stories/game-friend", "trails/mina")
MOST_STEPS = 40


def choose(page) -> bool:
    """Answer what is open and go on, by keyboard alone. Gives whether there was anything left to do."""
    if page.locator("form.question").count():
        for place, select in enumerate(page.locator("form.question select").all(), 1):
            select.focus()
            page.keyboard.type(str(place))
        if page.locator("form.question input[name=choice]").count():
            page.locator("form.question input[name=choice]").last.focus()
            page.keyboard.press("Space")
        page.locator("form.question button").focus()
    elif page.locator(".choice-button").count():
        page.locator(".choice-button").last.focus()
    elif page.locator("form.play-buttons button").count() and not page.locator(".together").count():
        page.locator("form.play-buttons button").first.focus()
    else:
        return False
    page.locator("[data-step]").evaluate("step => step.setAttribute('data-old', '')")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-step]:not([data-old])")
    return True


def fits(page) -> bool:
    return not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_all_kinds_are_played_to_their_end_by_keyboard_at_320_pixels(browser, live, code, scripts):
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=True)
    asked = []
    if not scripts:
        context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    page.on("request", lambda request: asked.append(request))
    for played in PLAYED:
        page.goto(f"{live}/{code}/{played}/")
        for _ in range(MOST_STEPS):
            assert fits(page), (played, page.locator("#step-title").inner_text())
            if not choose(page):
                break
        assert page.locator(".together").count() == 1, played
        assert page.url.split("#")[0] == f"{live}/{code}/{played}/"
        assert page.locator("html").get_attribute("dir") == ("rtl" if code == "ar" else "ltr")
        assert page.locator("[data-exit]").bounding_box()["y"] >= 0
    loads = [one for one in asked if one.method == "POST" and one.is_navigation_request()]
    assert bool(loads) != scripts
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 740}}])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_axe_finds_nothing_that_matters_at_any_step(browser, live, code, look):
    context = browser.new_context(reduced_motion="reduce", **look)
    page = context.new_page()
    found = []

    def look_at(where):
        for violation in Axe().run(page, options=AXE).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((where, violation["id"], violation["nodes"][0]["html"][:160]))

    for played in PLAYED:
        page.goto(f"{live}/{code}/{played}/")
        look_at((played, 0))
        for step in range(1, 5):
            if not choose(page):
                break
            look_at((played, step))
    for address in ("quizzes/", "quizzes/first-steps/teach/", "quizzes/passwords/answers/", "trails/mina/certificate/"):
        page.goto(f"{live}/{code}/{address}")
        look_at(address)
    context.close()
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
