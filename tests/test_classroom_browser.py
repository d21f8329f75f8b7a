"""A teacher and a class in a real browser: from the first visit to the printed summary, with scripts and without."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import served
from test_browser import AXE

from portal.app import create_app
from portal.database.schema import prepare
from portal.settings import Settings

pytestmark = pytest.mark.browser

PUPILS = 6
PERSON = "Ms Amra, room 12"


@pytest.fixture(scope="module")
def school(settings: Settings, elsewhere: str, tmp_path_factory) -> Iterator[str]:
    """The address of the site with a database of its own, served for a browser."""
    path: Path = tmp_path_factory.mktemp("school") / "portal.db"
    app = create_app(replace(settings, leave=elsewhere, database_url=f"sqlite:///{path}"))
    prepare(app.extensions["store"])
    with served(app) as address:
        yield address


@contextmanager
def device(browser, scripts: bool, **look):
    """Give a page of a device of its own, which must keep nothing."""
    context = browser.new_context(java_script_enabled=scripts, **{"viewport": {"width": 360, "height": 640}, **look})
    page = context.new_page()
    yield page
    assert context.cookies() == []
    context.close()


def new_class(page, school: str, code: str, name: str) -> str:
    """Make a homepage as a teacher does, from the teachers' page on; gives its private address."""
    page.goto(f"{school}/{code}/teachers/")
    page.locator(f'main a[href="/{code}/classrooms/new/"]').click()
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=age][value='9-11']").check()
    page.locator("select[name=country]").select_option("BE")
    page.locator("input[name=people-0]").fill(PERSON)
    page.locator("main form button[type=submit]").click()
    return page.url


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_teacher_makes_a_homepage_prints_the_card_runs_a_round_and_prints_the_summary(
    browser, school: str, code: str, scripts: bool
) -> None:
    with device(browser, scripts, viewport={"width": 1280, "height": 720}) as teacher:
        private = new_class(teacher, school, code, "Class 6b")
        assert teacher.locator("html").get_attribute("dir") == ("rtl" if code == "ar" else "ltr")
        short = re.search(r"/c/\w+", teacher.content())[0]

        teacher.goto(f"{private}card/")
        assert short in teacher.locator(".class-card-address").inner_text()
        assert teacher.locator(".class-card-qr svg").bounding_box()["width"] > 100
        teacher.emulate_media(media="print")
        assert teacher.locator(".class-card").is_visible()
        assert not teacher.locator(".help-link, h1, .button").first.is_visible()
        teacher.emulate_media(media="screen")

        with device(browser, scripts) as pupil:
            pupil.goto(f"{school}{short}")
            assert pupil.locator("h1").inner_text() == "Class 6b"
            assert PERSON in pupil.locator("main").inner_text()
            pupil.locator("header .help-link").click()
            assert pupil.url.startswith(f"{school}{short}/")
            assert pupil.locator("a[href='tel:116111'], a[href='tel:103']").count()
            pupil.locator(".homeroom a").click()
            assert pupil.locator("h1").inner_text() == "Class 6b"

        teacher.goto(private)
        teacher.locator("select[name=quiz]").select_option("/quizzes/passwords/")
        teacher.locator(".round-new button[type=submit]").click()
        teacher.locator(".round button").first.click()
        typed = teacher.locator(".join-code").inner_text()
        secret = private.rstrip("/").rpartition("/")[2]
        assert secret not in teacher.url
        assert teacher.locator("input[name=key]").input_value() not in teacher.url
        teacher.locator("button[name=step]").click()

        with device(browser, not scripts) as joining:
            joining.goto(f"{school}/r")
            joining.locator("input[name=code]").fill(typed.upper())
            joining.locator("main form button[type=submit]").click()
            joining.locator(".languages summary").click()
            assert joining.locator(".languages-list a").count() == 7
        for number in range(PUPILS):
            with device(browser, scripts) as pupil:
                pupil.goto(f"{school}{short}/{('en', 'ar', 'tr')[number % 3]}/rounds/{typed}/")
                pupil.locator("input[name=choice]").nth(1 if number else 0).check()
                pupil.locator("form.question button").click()
                assert pupil.locator("form.question").count() == 0
                pupil.reload()
                assert pupil.locator("form.question").count() == 0
        if scripts:
            teacher.locator("[data-answers]", has_text=re.compile(str(PUPILS))).wait_for()
        else:
            teacher.locator(".play-buttons .button-quiet").click()
            assert str(PUPILS) in teacher.locator("[data-answers]").inner_text()
        with device(browser, True) as pupil:
            pupil.goto(f"{school}{short}/{code}/rounds/{typed}/")
            teacher.locator("button[name=step]").click()
            assert teacher.locator(".share-bar").count() == 3
            pupil.locator(".said-reason").first.wait_for()
        while teacher.locator("button[name=step]").count():
            teacher.locator("button[name=step]").click()

        teacher.goto(private)
        teacher.locator(f"#round-{typed} a").click()
        assert teacher.locator(".summary-question").count() == 6
        assert str(PUPILS) in teacher.locator(".summary-question").first.inner_text()
        teacher.emulate_media(media="print")
        assert teacher.locator(".share-bar").first.is_visible()
        teacher.emulate_media(media="screen")
        teacher.goto(private)
        teacher.locator(f"#round-{typed} form[action$='/remove/'] button").click()
        assert teacher.locator(f"#round-{typed}").count() == 0


@pytest.mark.parametrize(
    ("code", "look"),
    [("en", {}), ("ar", {"color_scheme": "dark"}), ("ar", {"viewport": {"width": 320, "height": 640}})],
    ids=["en", "ar dark", "ar narrow"],
)
def test_axe_finds_nothing_that_matters_and_all_fits_on_pages_of_the_classroom(
    browser, school: str, code, look
) -> None:
    found = []
    with device(browser, True, reduced_motion="reduce", **look) as page:

        def look_at(where: str) -> None:
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append((where, "wider than the screen"))
            for violation in Axe().run(page, options=AXE).response["violations"]:
                if violation["impact"] in ("serious", "critical"):
                    found.append((where, violation["id"], violation["nodes"][0]["html"][:160]))

        page.goto(f"{school}/{code}/classrooms/new/")
        look_at("new")
        page.locator("main form button[type=submit]").click()
        look_at("new with faults")
        private = new_class(page, school, code, "A" * 60)
        look_at("private")
        short = re.search(r"/c/\w+", page.content())[0]
        for address in ("card/", "change/", "remove/"):
            page.goto(f"{private}{address}")
            look_at(address)
        page.goto(f"{school}{short}")
        look_at("homepage")
        page.goto(private)
        page.locator(".round-new button[type=submit]").click()
        typed = re.search(r"#round-(\w+)", page.url)[1]
        page.locator(".round button").first.click()
        look_at("board before the first question")
        page.locator("button[name=step]").click()
        look_at("board with a question")
        page.locator("button[name=step]").click()
        look_at("board with answers")
        for address in (f"{short}/{code}/rounds/{typed}/", f"/{code}/rounds/"):
            page.goto(f"{school}{address}")
            look_at(address)
        page.goto(f"{private}rounds/{typed}/")
        look_at("summary")
    assert not found


def test_faults_are_said_at_their_fields_and_nothing_typed_is_lost(browser, school: str) -> None:
    with device(browser, False) as page:
        page.goto(f"{school}/tr/classrooms/new/")
        page.locator("input[name=name]").fill("6b")
        page.locator("input[name=people-1]").fill("see http://somewhere.example/")
        page.locator("main form button[type=submit]").click()
        field = page.locator("input[name=people-1]")
        assert field.input_value() == "see http://somewhere.example/"
        fault = page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}")
        assert fault.is_visible()
        assert field.get_attribute("aria-invalid") == "true"
        assert page.locator("input[name=name]").input_value() == "6b"


def test_raised_hands_need_no_device(browser, school: str) -> None:
    with device(browser, False, viewport={"width": 1280, "height": 720}) as teacher:
        private = new_class(teacher, school, "en", "Class 6c")
        teacher.locator("select[name=quiz]").select_option("/quizzes/passwords/")
        teacher.locator("input[name=by_hands]").check()
        teacher.locator(".round-new button[type=submit]").click()
        teacher.locator(".round button").first.click()
        assert teacher.locator(".join-code").count() == 0
        teacher.locator("button[name=step]").click()
        for number, hands in enumerate(("2", "21", "1")):
            teacher.locator(f"input[name=hands-{number}]").fill(hands)
        teacher.locator("button[name=step]").click()
        assert "24" in teacher.locator(".came-in").inner_text()
        assert teacher.locator(".share-name").all_inner_texts() == ["few or none", "most or all", "few or none"]
        assert private
