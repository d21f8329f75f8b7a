"""What an editor and a translator do without touching code: a new text, and a new language."""

from dataclasses import replace
from pathlib import Path

from bs4 import BeautifulSoup
from catalogs import catalog
from click.testing import CliRunner

from portal.app import create_app
from portal.cli import main
from portal.content.pofile import Entry, read, write
from portal.settings import Settings

GAMES = """---
kind: article
title: Games
summary: Playing with others.
audience: kids
ages: [6-8]
topic: games
order: 5
---

Play with people you know.

## Free coins {#coins}

Free coins are a trick.
"""


def portal(settings: Settings, *command: str) -> str:
    environ = {"PORTAL_CONTENT": str(settings.content), "PORTAL_TRANSLATIONS": str(settings.translations)}
    ran = CliRunner().invoke(main, command, env=environ, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def translate(po: Path, translations: dict[str, str]) -> None:
    found = read(po)
    entries = [
        replace(entry, translations=(translations[entry.text],), flags=()) if entry.text in translations else entry
        for entry in found.entries
    ]
    write(po, replace(found, entries=tuple(entries)))


def test_a_text_dropped_into_content_is_extracted_translated_and_shown(small: Settings) -> None:
    (small.content / "kids" / "games.md").write_text(GAMES, "utf-8")
    portal(small, "messages", "extract")
    template = read(small.translations / "content.pot")
    assert {entry.text for entry in template.entries} >= {"Games", "Play with people you know.", "Free coins"}

    portal(small, "messages", "update")
    po = small.translations / "fr" / "LC_MESSAGES" / "content.po"
    french = {
        "Games": "Les jeux",
        "Playing with others.": "Jouer avec d’autres.",
        "Play with people you know.": "Joue avec des personnes que tu connais.",
        "Free coins": "Des pièces gratuites",
        "Free coins are a trick.": "Les pièces gratuites sont un piège.",
    }
    translate(po, french)
    portal(small, "messages", "compile")

    client = create_app(small).test_client()
    door = BeautifulSoup(client.get("/fr/kids/").data, "html.parser")
    assert door.find("a", href="/fr/kids/games/").get_text() == "Les jeux"
    page = BeautifulSoup(client.get("/fr/kids/games/").data, "html.parser")
    assert page.h1.get_text() == "Les jeux"
    assert page.find(id="coins").get_text(" ", strip=True).startswith("Des pièces gratuites Les pièces")
    assert not page.main.find_all(attrs={"lang": True})
    arabic = BeautifulSoup(client.get("/ar/kids/games/").data, "html.parser")
    assert arabic.select_one(".island")["lang"] == "en"
    assert arabic.find("meta", attrs={"name": "robots"})["content"] == "noindex"


def test_a_language_needs_a_folder_and_an_entry_of_settings_and_nothing_else(small: Settings) -> None:
    catalog(small.translations, "hr", Entry("Kids", ("Djeca",), "front:title"))
    catalog(small.translations, "hr", Entry("Help", ("Pomoć!",), "noun"), domain="messages")
    portal(small, "messages", "update")
    portal(small, "messages", "compile")
    client = create_app(replace(small, languages=("en", "bs", "hr"))).test_client()
    assert client.get("/", headers={"Accept-Language": "hr"}).headers["Location"] == "/hr/"
    page = BeautifulSoup(client.get("/hr/kids/").data, "html.parser")
    assert (page.html["lang"], page.html["dir"]) == ("hr", "ltr")
    assert page.h1.get_text() == "Djeca"
    assert page.select_one(".help-link").get_text(strip=True) == "Pomoć!"
    assert page.select_one(".lead")["lang"] == "bs"
    assert "Hrvatski" in [link.get_text() for link in page.select(".languages a")]
