"""What a person sees and does, in a real browser: nothing that axe finds, a quick exit that hides, pages that fit."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser

# One page of each look; each is opened in English and in Arabic.
PAGES = (
    "/",
    "/kids/",
    "/kids/people-online/",
    "/teens/sharing-pictures/",
    "/parents/guidelines/",
    "/parents/family-agreement/",
    "/teachers/people-online/",
    "/help/",
    "/help/be/",
    "/help/now/",
    "/help/be/now/2/",
    "/help/say/",
    "/traces/",
    "/nowhere/",
)
# Tables and long numbers.
WIDE = ("/help/de/", "/removal/", "/about/")
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "forced": {"viewport": {"width": 1280, "height": 900}, "forced_colors": "active"},
}
AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    # Off by default in axe, though WCAG 2.2 asks for it.
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("code", ["en", "ar"])
def test_axe_finds_nothing_that_matters(browser, live, look, code):
    context = browser.new_context(reduced_motion="reduce", **LOOKS[look])
    page = context.new_page()
    found = []
    for address in PAGES:
        page.goto(f"{live}/{code}{address}")
        for violation in Axe().run(page, options=AXE).response["violations"]:
            # In forced colours the browser paints text in the reader's own; axe measures what the style sheet says.
            if look == "forced" and violation["id"] == "color-contrast":
                continue
            if violation["impact"] in ("serious", "critical"):
                found.append((address, violation["id"], violation["nodes"][0]["html"][:120]))
    context.close()
    assert not found


@pytest.mark.parametrize("code", ["en", "ar", "de"])
def test_pages_fit_a_narrow_screen_and_large_text(browser, live, code):
    wide = []
    for width, zoom in ((320, 1), (640, 2)):
        context = browser.new_context(viewport={"width": width // zoom, "height": 640}, device_scale_factor=zoom)
        page = context.new_page()
        for address in (*PAGES, *WIDE):
            page.goto(f"{live}/{code}{address}")
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append((address, width, zoom))
        context.close()
    assert not wide


def test_text_can_be_enlarged_to_twice_its_size(browser, live):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    for address in PAGES:
        page.goto(f"{live}/de{address}")
        page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), address
    context.close()


@pytest.fixture
def phone(browser):
    """Open pages on a phone; options are those of a browser context."""
    contexts = []

    def open_phone(**options):
        contexts.append(browser.new_context(viewport={"width": 360, "height": 640}, **options))
        return contexts[-1].new_page()

    yield open_phone
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("address", ["/en/teens/sharing-pictures/", "/ar/help/", "/en/kids/"])
def test_the_quick_exit_leads_away_with_and_without_scripts(live, elsewhere, phone, scripts, address):
    page = phone(java_script_enabled=scripts)
    page.goto(live + address)
    page.mouse.wheel(0, 3000)
    exit_link = page.locator("[data-exit]")
    box = exit_link.bounding_box()
    assert 0 <= box["y"] < 600
    assert min(box["width"], box["height"]) >= 44
    exit_link.click()
    page.wait_for_url(elsewhere)


def test_back_does_not_show_the_page_that_was_left(live, elsewhere, phone):
    page = phone()
    page.goto(f"{live}/en/kids/")
    page.goto(f"{live}/en/help/")
    page.locator("[data-exit]").click()
    page.wait_for_url(elsewhere)
    page.go_back()
    assert page.url == f"{live}/en/kids/"


def test_shift_three_times_leaves_and_capital_letters_do_not(live, elsewhere, phone):
    page = phone()
    page.goto(f"{live}/en/help/")
    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift+D"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.url == f"{live}/en/help/"
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url(elsewhere)


def test_the_keyboard_meets_the_way_to_the_content_then_the_exit_then_help(live, elsewhere, phone):
    page = phone()
    page.goto(f"{live}/en/teens/people-online/")
    met = []
    for _ in range(4):
        page.keyboard.press("Tab")
        met.append(page.evaluate("document.activeElement.getAttribute('href')"))
    assert met == ["#content", "/en/leave/", "/en/", "/en/help/"]


def test_nothing_is_stored_and_nothing_is_asked_of_others(browser, live):
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    problems = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    for address in PAGES[:-1]:
        page.goto(f"{live}/fr{address}", wait_until="networkidle")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert context.cookies() == []
    assert [address for address in asked if not address.startswith(live)] == []
    assert problems == []
    context.close()


def test_the_language_menu_works_without_scripts(live, elsewhere, phone):
    page = phone(java_script_enabled=False)
    page.goto(f"{live}/en/kids/people-online/")
    page.locator(".languages summary").click()
    page.get_by_role("link", name="العربية").click()
    assert page.url == f"{live}/ar/kids/people-online/"
    assert page.locator("html").get_attribute("dir") == "rtl"


@pytest.mark.parametrize(
    ("address", "pages"),
    [
        # To hang up: one page. To keep: one sheet, printed on both sides.
        ("/en/parents/family-agreement/", 1),
        ("/ar/parents/family-agreement/", 1),
        ("/en/parents/our-promise/", 1),
        ("/ar/teachers/class-promise/", 1),
        ("/de/teachers/when-a-pupil-tells/", 2),
        ("/en/help/now/2/", 2),
        ("/ar/help/be/now/1/parent/", 2),
    ],
)
def test_what_is_made_to_be_printed_fits_its_paper(browser, live, address, pages):
    context = browser.new_context()
    page = context.new_page()
    page.goto(live + address)
    assert page.pdf(format="A4").count(b"/Type /Page\n") <= pages
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_words_are_chosen_by_keyboard_and_stand_side_by_side(browser, live, scripts):
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{live}/ar/help/say/")
    page.locator('input[name="happened-1"]').focus()
    page.keyboard.press("Space")
    page.locator('input[name="other"][value="nl"]').focus()
    page.keyboard.press("Space")
    page.locator("button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".said-text")
    first, second = (box.bounding_box() for box in page.locator(".said-text").all())
    assert first["y"] == second["y"]
    assert first["x"] > second["x"]
    assert page.url == f"{live}/ar/help/say/"
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
    context.close()


def test_help_and_the_exit_are_whole_at_every_width_in_every_language(browser, live, settings):
    cut = []
    for width in (320, 360, 420, 600, 768):
        context = browser.new_context(viewport={"width": width, "height": 400})
        page = context.new_page()
        for code in settings.languages:
            page.goto(f"{live}/{code}/")
            boxes = [page.locator(one).bounding_box() for one in (".brand", ".help-link", ".leave")]
            ends = sorted((box["x"], box["x"] + box["width"]) for box in boxes)
            apart = all(before[1] <= after[0] + 1 for before, after in zip(ends, ends[1:], strict=False))
            if not apart or ends[0][0] < 0 or ends[-1][1] > width:
                cut.append((width, code, ends))
        context.close()
    assert not cut
