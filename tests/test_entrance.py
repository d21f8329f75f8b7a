"""Coming in and going out: the language of the first address, the quick exit, what watchers and robots are told."""

from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from portal.app import create_app
from portal.negotiate import best_language
from portal.settings import Settings

SHIPPED = Settings().languages


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CH, de;q=0.9", "fr"),
        ("de;q=0.3, nl;q=0.9", "nl"),
        ("en;q=0,fr", "fr"),
        ("en;q=0", "en"),
        ("*", "en"),
        ("ar-EG", "ar"),
        ("sh", "bs"),
        ("sr-Latn-RS", "bs"),
        ("sr_Latn", "bs"),
        ("hr-HR", "bs"),
        ("cnr", "bs"),
        ("cnr-Latn-ME", "bs"),
        ("xx, yy;q=0.5", "en"),
        (";;;=,,q=1;fr", "en"),
        ("tr;q=banana, nl", "nl"),
        ("fr," * 2000, "en"),
    ],
)
def test_the_first_address_leads_to_the_language_the_browser_asks_for(
    client: FlaskClient, header: str, code: str
) -> None:
    answer = client.get("/", headers={"Accept-Language": header})
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/{code}/"
    assert "Accept-Language" in answer.headers["Vary"]


def test_serbian_in_latin_letters_is_never_led_to_cyrillic() -> None:
    assert best_language("sr-Latn-RS", ["en", "sr", "sr-Latn", "bs"]) == "sr-Latn"
    assert best_language("sr-Latn-RS", ["en", "sr", "bs"]) == "bs"
    assert best_language("sr", ["en", "sr", "sr-Latn", "bs"]) == "sr"
    assert best_language("hr", ["en", "bs", "hr"]) == "hr"


@given(st.text(max_size=300))
def test_any_header_gets_one_of_the_offered_languages(header: str) -> None:
    assert best_language(header, SHIPPED) in SHIPPED


def test_the_quick_exit_leads_to_the_neutral_address_of_the_readers_language(client: FlaskClient) -> None:
    answer = client.get("/tr/leave/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "https://tr.wikipedia.org/"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_without_an_exit_address_the_quick_exit_shows_an_empty_page_that_says_nothing() -> None:
    page = create_app(Settings(leave="")).test_client().get("/fr/leave/")
    soup = BeautifulSoup(page.data, "html.parser")
    assert page.status_code == 200
    assert soup.html["lang"] == "fr"
    assert "Surf" not in soup.get_text()
    assert not soup.select("a")


def test_robots_find_the_sitemap_and_leave_the_exit_alone(client: FlaskClient) -> None:
    text = client.get("/robots.txt").get_data(as_text=True)
    assert "Sitemap: http://127.0.0.1:5000/sitemap.xml" in text
    assert "Disallow: /ar/leave/" in text


def test_the_sitemap_names_every_page_with_its_alternates(client: FlaskClient) -> None:
    root = ElementTree.fromstring(client.get("/sitemap.xml").data)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    entries = {entry.findtext("s:loc", namespaces=names): entry for entry in root.findall("s:url", names)}
    entry = entries["http://127.0.0.1:5000/ar/kids/people-online/"]
    assert {link.get("hreflang") for link in entry.findall("x:link", names)} == {*SHIPPED, "x-default"}


def test_health_is_well_when_nothing_is_left_out(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "problems": []})
