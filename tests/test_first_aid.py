"""Help in three taps: from any page to the steps for what happened, with the country's lines, in every language."""

import re

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from portal.app import create_app
from portal.cli import main
from portal.content.check import check
from portal.content.head import READERS
from portal.content.library import read_library
from portal.helplines.directory import groups, read_directory
from portal.settings import Settings

LANGUAGES = Settings().languages
SITUATIONS = range(1, 10)


def soup_of(page):
    return BeautifulSoup(page.data, "html.parser")


def tap(visit, page, selector):
    """Follow the first link that a selector finds on a page."""
    return soup_of(visit(soup_of(page).select_one(selector)["href"].partition("#")[0]))


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("start", ["/", "/kids/people-online/", "/parents/guidelines/", "/traces/", "/nowhere/"])
def test_three_taps_lead_from_any_page_to_steps_with_the_countrys_lines(visit, code, start):
    page = visit(f"/{code}{start}")
    help_page = tap(visit, page, "header .help-link")
    question = soup_of(visit(help_page.select_one(".routes a[href$='/now/']")["href"]))
    steps = soup_of(visit(question.select_one(".choices a")["href"]))
    assert steps.html["lang"] == code
    assert len(steps.select("#steps .block-do li")) >= 3
    assert steps.select(".aid-lines .call")
    assert {section["id"] for section in steps.select("section.section")} >= {"steps", "nobody", "report", "tomorrow"}


@pytest.mark.parametrize("number", SITUATIONS)
def test_every_situation_answers_every_reader_whom_it_makes_sense_for(visit, number):
    page = soup_of(visit(f"/en/help/now/{number}/"))
    readers = [link["href"].split("/")[-2] for link in page.select(".reader")]
    assert len(readers) >= 4
    assert set(readers) <= set(READERS)
    assert [link.get("aria-current") for link in page.select(".reader")].count("page") == 1
    seen = set()
    for reader in readers:
        answer = soup_of(visit(f"/en/help/now/{number}/{reader}/"))
        seen.add(answer.select_one("#steps").get_text())
        assert answer.h1.get_text() == page.h1.get_text()
    assert len(seen) == len(readers)
    for missing in set(READERS) - set(readers):
        assert visit(f"/en/help/now/{number}/{missing}/").status_code == 404


def test_lines_and_links_are_those_of_the_chosen_country(visit):
    page = soup_of(visit("/ar/help/be/now/1/"))
    assert page.html["dir"] == "rtl"
    assert page.select_one('.aid-lines a[href="tel:102"]')
    assert page.select('#steps a[href="/ar/help/be/#removal"]')
    assert not page.select('main a[href^="/ar/help/#"]')
    assert "sigurnodijete" not in page.main.get_text()
    assert "sigurnodijete" in soup_of(visit("/ar/help/now/1/")).main.get_text()


def test_first_aid_leaves_no_trace_in_titles_addresses_caches_and_search_engines(visit):
    for address in (
        "/en/help/now/",
        "/en/help/now/2/",
        "/en/help/de/now/5/parent/",
        "/en/help/questions/",
        "/en/help/say/",
    ):
        page = visit(address)
        soup = soup_of(page)
        assert page.headers["Cache-Control"] == "no-store"
        assert soup.title.get_text() == "Help · Surf Safely"
        assert soup.find("meta", attrs={"name": "robots", "content": "noindex"})
        assert not soup.find("meta", attrs={"name": "description"})
    assert "now" not in visit("/sitemap.xml").get_data(as_text=True)


def test_questions_lead_to_advice_and_helplines_and_not_to_hotlines(visit):
    page = soup_of(visit("/en/help/de/questions/"))
    assert len(page.select("#read .card")) == 4
    kinds = [kind.get_text() for kind in page.select("#ask .service-kind")]
    assert any("Helpline" in kind for kind in kinds)
    assert not any("Reporting line" in kind for kind in kinds)


@pytest.mark.parametrize(
    ("lang", "asked", "found"),
    [
        ("en", "belg", "/en/help/be/"),
        ("bs", "njema", "/bs/help/de/"),
        ("ar", "بلجيكا", "/ar/help/be/"),
        ("tr", "isviçre", "/tr/help/ch/"),
        ("fr", "Germany", "/fr/help/de/"),
        ("de", "at", "/de/help/at/"),
        ("fr", "emirats", "/fr/help/ae/"),
    ],
)
def test_a_country_is_found_by_its_name_in_the_readers_language_in_english_or_by_its_code(client, lang, asked, found):
    answer = client.get(f"/{lang}/help/find/", query_string={"country": asked})
    assert (answer.status_code, answer.headers.get("Location")) == (302, found)


@pytest.mark.parametrize("asked", ["", "zzzz", "<script>", "م" * 500, "%00"])
def test_a_search_that_finds_nothing_stays_calm(client, asked):
    answer = client.get("/en/help/find/", query_string={"country": asked})
    assert answer.status_code == 200
    assert "<script>" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(("code", "other"), [("ar", "nl"), ("bs", "de"), ("tr", "fr")])
def test_the_words_stand_side_by_side_in_two_languages(client, code, other):
    form = {**dict.fromkeys(("begin-1", "happened-3", "happened-5", "ask-1", "ask-2"), "on"), "other": other}
    page = soup_of(client.post(f"/{code}/help/say/", data=form))
    texts = page.select(".said-text")
    assert [text["lang"] for text in texts] == [code, other]
    assert [len(text.select("p")) for text in texts] == [5, 5]
    assert not page.select(".said-text p[lang]")
    assert texts[0]["dir"] == ("rtl" if code == "ar" else "ltr")
    expected = [soup_of(client.get(f"/{one}/help/say/")) for one in (code, other)]
    for text, offered in zip(texts, expected, strict=True):
        chosen = offered.select('input[name="happened-3"]')[0].find_next("span").get_text()
        assert chosen in [paragraph.get_text() for paragraph in text.select("p")]


def test_nothing_of_the_words_is_kept_or_stands_in_the_address(client):
    offered = soup_of(client.get("/en/help/say/"))
    form = offered.find("form", class_="say")
    assert form["method"] == "post"
    assert not form.find_all("input", type=re.compile("text|file|email"))
    answer = client.post("/en/help/say/", data={"begin-1": "on"})
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "Portal-Finished" not in answer.headers
    assert not soup_of(client.get("/en/help/say/")).select("input[type=checkbox][checked]")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"begin-99": "on"},
        {"begin-": "<b>"},
        {"nonsense": "1"},
        {"begin-1": "on", "other": "xx"},
        {"other": "../../etc"},
    ],
)
def test_whatever_else_is_sent_is_left_aside(client, form):
    page = client.post("/en/help/say/", data=form)
    assert page.status_code == 200
    assert len(soup_of(page).select(".said-text")) <= 1


def test_a_form_too_large_for_any_choice_is_refused_calmly(client):
    answer = client.post("/bs/help/say/", data={"begin-1": "x" * 1_000_000})
    assert answer.status_code == 413
    assert soup_of(answer).select_one('header a[href="/bs/help/"]')


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("## Tomorrow {#tomorrow}", "## Tomorrow {#later}", "{#tomorrow}"),
        ("## I am a friend {#friend}", "## I am a stranger {#stranger}", "sections are for"),
        ("::: do\n1. Do not look at the picture or pass it on.", "::: note\n1. Do not look.", "needs steps"),
        ("lines: [talk, removal, report]", "lines: [everything]", "lines must be a list out of"),
    ],
)
def test_first_aid_that_lacks_a_part_is_named(small, old, new, reason):
    path = small.content / "aid" / "picture.md"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert any(reason in problem.reason for problem in check(small.content, small.translations, ("en",)))


def test_a_broken_situation_is_left_out_and_the_others_answer(small):
    (small.content / "aid" / "picture.md").write_text("broken", "utf-8")
    client = create_app(small).test_client()
    assert client.get("/en/help/now/1/").status_code == 404
    assert client.get("/en/help/now/2/").status_code == 200
    assert len(soup_of(client.get("/en/help/now/")).select(".choices a")) == len(SITUATIONS) - 1


def test_the_command_line_tells_what_is_wrong_with_first_aid(small):
    (small.content / "aid" / "picture.md").write_text("broken", "utf-8")
    environ = {"PORTAL_CONTENT": str(small.content), "PORTAL_TRANSLATIONS": str(small.translations)}
    ran = CliRunner().invoke(main, ["check"], env=environ)
    assert ran.exit_code == 1
    assert "content/aid/picture.md:1: head:" in ran.output
    assert read_library(small.content).problems


def test_no_page_of_any_country_shows_a_number_that_the_directory_does_not_hold(visit, settings):
    directory = read_directory(settings.content / "helplines")
    for code in directory.codes:
        trusted = {
            service.tel_href: service.shown_number
            for listed in groups(directory, code).values()
            for service in listed
            if service.tel_href
        }
        withheld = {
            re.sub(r"\D", "", service.number)
            for country in (directory.country(code), directory.worldwide)
            for service in country.services
            if service.withheld
        } - {re.sub(r"\D", "", number) for number in trusted.values()}
        for lang in settings.languages:
            page = soup_of(visit(f"/{lang}/help/{code.lower()}/"))
            assert {link["href"] for link in page.select('main a[href^="tel:"]')} <= set(trusted)
            shown = {re.sub(r"\D", "", number.get_text()) for number in page.select(".number")}
            assert not shown & withheld
            assert all(link.select_one("bdi[dir=ltr]") for link in page.select('a[href^="tel:"]'))
            assert all(entry.select_one(".evidence").get_text(strip=True) for entry in page.select(".service"))
