"""Lessons in a real browser: slides by keys and by links, on narrow screens, and what axe finds."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from test_browser import AXE

pytestmark = pytest.mark.browser

PAGES = ("lessons/", "lessons/pressure-15/", "lessons/pressure-15/60/", "lessons/people-12/cards/")
SLIDES = "lessons/pressure-15/60/present/"


def shown(page) -> str:
    """Give the name of the slide below the bar."""
    return page.evaluate(
        "[...document.querySelectorAll('.slide')].find(one => one.getBoundingClientRect().bottom > innerHeight / 2).id"
    )


@pytest.mark.parametrize(
    ("code", "onward", "backward"), [("en", "ArrowRight", "ArrowLeft"), ("ar", "ArrowLeft", "ArrowRight")]
)
def test_keys_turn_the_slides_in_the_direction_of_reading(browser, live, code, onward, backward):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(f"{live}/{code}/{SLIDES}")
    seen = []
    for key in (onward, "Space", "PageDown", backward, "Shift+Space", "PageUp", "PageUp"):
        page.keyboard.press(key)
        seen.append(shown(page))
    assert seen == [f"slide-{number}" for number in (2, 3, 4, 3, 2, 1, 1)]
    assert page.locator("header .help-link").is_visible()
    page.close()


def test_without_scripts_links_turn_the_slides_and_each_fills_the_window_below_the_bar(browser, live):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.goto(f"{live}/en/{SLIDES}")
    page.locator("#slide-1 .slide-turn a").last.click()
    page.locator("#slide-2 .slide-turn a").last.click()
    slide, bar = page.locator("#slide-3").bounding_box(), page.locator("header.bar").bounding_box()
    assert abs(slide["y"] - bar["height"]) < 2
    assert abs(slide["height"] + bar["height"] - 720) < 2
    assert page.locator("header .help-link").is_visible()
    context.close()


@pytest.mark.parametrize("code", ["en", "ar"])
def test_lessons_fit_320_pixels(browser, live, code):
    page = browser.new_page(viewport={"width": 320, "height": 640})
    for address in (*PAGES, SLIDES):
        page.goto(f"{live}/{code}/{address}")
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), address
    page.close()


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"viewport": {"width": 360, "height": 740}}])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_axe_finds_nothing_that_matters_in_lessons(browser, live, code, look):
    context = browser.new_context(reduced_motion="reduce", **look)
    page = context.new_page()
    found = []
    for address in (*PAGES, SLIDES):
        page.goto(f"{live}/{code}/{address}")
        for violation in Axe().run(page, options=AXE).response["violations"]:
            if violation["impact"] in ("serious", "critical"):
                found.append((address, violation["id"], violation["nodes"][0]["html"][:160]))
    context.close()
    assert not found
