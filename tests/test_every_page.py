"""Every address in every language keeps the promises of the house."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from promises import broken_promises
from werkzeug.test import TestResponse

from portal.content.library import Library, read_library
from portal.settings import Settings

Visit = Callable[..., TestResponse]


@pytest.fixture(scope="module")
def library(settings: Settings) -> Library:
    return read_library(settings.content)


def in_turn(addresses: list[str], codes: tuple[str, ...]) -> list[str]:
    """Give each address in English and in Arabic, and in one of the other languages, which take turns."""
    below = sorted({address.partition("/")[2].partition("/")[2] for address in addresses})
    others = [code for code in codes if code not in ("en", "ar")]
    turns = {(others[number % len(others)], rest) for number, rest in enumerate(below)}
    return [
        address
        for address in addresses
        if (place := tuple(address.removeprefix("/").split("/", 1)))[0] in ("en", "ar") or place in turns
    ]


def test_every_page_keeps_every_promise(app: Flask, visit: Visit, addresses: list[str], settings: Settings) -> None:
    """Reading a page strictly takes a while, and in another language it differs by its words alone."""
    weigh = {address: len(page.gzip) for address, page in app.wsgi_app._assets().items()}
    broken = {
        address: found
        for address in in_turn(addresses, settings.languages)
        if (found := broken_promises(visit(address), address.split("/")[1], weigh)) or visit(address).status_code != 200
    }
    assert not broken


def test_every_link_leads_to_a_page_and_to_its_anchor(visit: Visit, addresses: list[str]) -> None:
    dead = set()
    anchors: dict[str, set[str]] = {}
    for address in addresses:
        soup = BeautifulSoup(visit(address).data, "html.parser")
        anchors[address] = {tag["id"] for tag in soup.find_all(id=True)}
        for link in soup.find_all("a", href=re.compile(r"^[/#]")):
            where = urlsplit(link["href"])
            target = unquote(where.path) or address
            if "/leave/" in target or target.startswith("/assets/"):
                continue
            if (
                visit(target).status_code != 200
                or where.fragment
                and target in anchors
                and where.fragment not in anchors[target]
            ):
                dead.add((address, link["href"]))
    assert not dead


def test_every_document_is_reached_in_every_language(visit: Visit, library: Library, settings: Settings) -> None:
    for code in settings.languages:
        for document in library.documents:
            page = visit(f"/{code}{document.address}")
            assert page.status_code == 200, (code, document.address)


def test_no_page_says_that_it_is_not_wholly_translated(visit: Visit, addresses: list[str]) -> None:
    """Every language ships complete, so the notice about missing translations shows nowhere."""
    for address in addresses:
        soup = BeautifulSoup(visit(address).data, "html.parser")
        main = soup.find("main")
        code = address.split("/")[1]
        # Titles of sources and the names of languages stay as they are.
        english = main.find_all(attrs={"lang": "en"})
        foreign = [tag for tag in english if not tag.find_parent(class_=["sources", "operator", "field-choices"])]
        assert not soup.select(".notice"), address
        if code != "en" and "/help/" not in address:
            assert not foreign, (address, [str(tag)[:80] for tag in foreign])


def test_alternates_are_the_same_on_every_language_of_a_page(
    visit: Visit, library: Library, settings: Settings
) -> None:
    for document in filter(lambda one: one.is_listed, library.documents):
        seen = set()
        for code in settings.languages:
            soup = BeautifulSoup(visit(f"/{code}{document.address}").data, "html.parser")
            links = {(link["hreflang"], link["href"]) for link in soup.find_all("link", rel="alternate")}
            assert {name for name, _ in links} == {*settings.languages, "x-default"}
            assert soup.find("link", rel="canonical")["href"] == f"{settings.address}/{code}{document.address}"
            seen.add(frozenset(links))
        assert len(seen) == 1


def test_the_language_menu_stays_on_the_same_page_and_names_languages_by_themselves(visit: Visit) -> None:
    soup = BeautifulSoup(visit("/ar/teens/sharing-pictures/").data, "html.parser")
    menu = {
        link["hreflang"]: (link["href"], link.get_text(strip=True), link["dir"]) for link in soup.select(".languages a")
    }
    assert menu["tr"] == ("/tr/teens/sharing-pictures/", "Türkçe", "ltr")
    assert menu["ar"] == ("/ar/teens/sharing-pictures/", "العربية", "rtl")
    assert len(menu) == 7


def test_sensitive_pages_are_not_kept_by_the_browser(visit: Visit, library: Library) -> None:
    for document in library.documents:
        kept = visit(f"/en{document.address}").headers["Cache-Control"]
        assert (kept == "no-store") is document.head.sensitive
    assert visit("/de/help/at/").headers["Cache-Control"] == "no-store"


def test_titles_of_sensitive_pages_are_neutral(library: Library) -> None:
    words = re.compile(r"sex|nude|naked|abus|porn|groom|blackmail|extort", re.I)
    for document in library.documents:
        assert not words.search(document.head.title + document.address), document.path


def test_an_address_without_its_slash_is_led_to_the_page(client) -> None:
    answer = client.get("/en/kids/people-online")
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith("/en/kids/people-online/")


@pytest.mark.parametrize(
    ("address", "accept", "code"),
    [
        ("/fr/nowhere/", "de", "fr"),
        ("/xx/kids/", "ar,en;q=0.5", "ar"),
        ("/nowhere", "", "en"),
        ("/tr/kids/../../etc/passwd/", "", "tr"),
        ("/bs/help/zz/", "", "bs"),
        ("/bs/help/BE/", "", "bs"),
        ("/%00/", "nl", "nl"),
    ],
)
def test_a_lost_reader_is_answered_in_the_best_language_with_the_way_to_help(
    visit: Visit, address, accept, code
) -> None:
    page = visit(address, Accept_Language=accept)
    soup = BeautifulSoup(page.data, "html.parser")
    assert page.status_code == 404
    assert soup.html["lang"] == code
    assert soup.select(f'header a[href="/{code}/help/"]')
    assert len(soup.select(".cards a")) == 4
    assert soup.find("meta", attrs={"name": "robots", "content": "noindex"})
