"""Content files: what a head may say, what a body becomes, and what happens to files that are wrong."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from portal.app import create_app
from portal.content.check import check
from portal.content.document import Document, read_document
from portal.content.library import read_library
from portal.content.message import fold
from portal.content.problem import ContentError
from portal.settings import Settings

HEAD = """---
kind: article
title: Games
summary: Playing with others.
audience: kids
ages: [6-8]
topic: games
order: 5
---
"""


def document(body: str, head: str = HEAD) -> Document:
    return read_document("content/kids/games.md", "games", head + body)


def html(body: str, **env: object) -> str:
    rendered = document(body).render("en", lambda code, message: None, env)
    return rendered.opening + "".join(section.html for section in rendered.sections)


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("kind: article", "kind: artikel", 2, "kind must be one of: aid, article, door, lesson, page, phrases"),
        ("title: Games", "title: " + "x" * 61, 3, "title must be one line of at most 60"),
        ("title: Games", "title: [a, b]", 3, "title must be one line"),
        ("audience: kids", "audience: adults", 5, "audience must be one of: kids"),
        ("audience: kids", "audience: everyone", 5, "stands behind one door"),
        ("ages: [6-8]", "ages: [5-8]", 6, "ages must be a list out of"),
        ("ages: [6-8]\n", "", 1, "ages is missing"),
        ("order: 5", "order: first", 8, "order must be a whole number"),
        ("order: 5", "order: 5\ncolour: red", 9, "unknown key 'colour'"),
        ("order: 5", "order: 5\norder: 6", 9, "stands twice"),
        ("order: 5", "order: 5\nreviewed: 2026-13-01", 1, "not YAML"),
        ("order: 5", "order: 5\nreviewed: soon", 9, "reviewed must be a date"),
        ("order: 5", "order: 5\nsensitive: maybe", 9, "sensitive must be true or false"),
        ("order: 5", "order: 5\nsources:\n  - title: A", 9, "sources must be a list"),
        ("title: Games", "title: 'Games", 3, "not YAML"),
        ("title: Games", "title: !!python/object:os.system x", 1, "not YAML"),
        ("audience: kids", "audience: parents", 1, "sources is missing"),
    ],
)
def test_a_wrong_head_is_refused_with_line_and_reason(old: str, new: str, line: int, reason: str) -> None:
    with pytest.raises(ContentError) as error:
        document("Text.", HEAD.replace(old, new))
    told = [(problem.path, problem.line) for problem in error.value.problems if reason in problem.reason]
    assert told, str(error.value)
    if "YAML" not in reason:
        assert ("content/kids/games.md", line) in told


def test_a_file_without_a_head_is_refused() -> None:
    with pytest.raises(ContentError, match="must open with a head"):
        read_document("a.md", "a", "Just text.")


def test_lines_of_messages_are_those_of_the_file() -> None:
    found = {message.text: message.line for message in document("\nOne.\n\n- Two.\n- Three.\n").messages()}
    assert found == {"Games": 3, "Playing with others.": 4, "One.": 11, "Two.": 13, "Three.": 14}


def test_blocks_have_their_looks_and_a_help_block_ends_with_its_button() -> None:
    page = BeautifulSoup(
        html("::: say\n- Hello.\n:::\n\n::: help\nAsk.\n:::\n\n::: blank\n:::\n", help_button="<b>Go</b>"),
        "html.parser",
    )
    assert page.select_one(".block-say li").get_text() == "Hello."
    assert page.select_one(".block-help").get_text(strip=True) == "Ask.Go"
    assert page.select_one(".block-blank").get_text(strip=True) == ""


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](//evil.example)",
        "[x](https://user@evil.example)",
        "[x](tel:112)",
        "[x](data:text/html,hi)",
        "![x](https://evil.example/p.png)",
        "www.example.org",
    ],
)
def test_what_is_not_allowed_is_shown_as_text(body: str) -> None:
    page = BeautifulSoup(html(body), "html.parser")
    assert not page.find("script")
    assert not [link for link in page.find_all("a") if not link["href"].startswith("/")]
    assert (
        not [picture for picture in page.find_all("img") if picture["src"].startswith("https://evil")] or "![" in body
    )


def test_remarks_for_translators_are_not_shown() -> None:
    assert "dare" not in html("<!-- i18n: dare is a challenge -->\n\nText.")
    assert "note" not in html("<!-- a note\nof two lines -->\n\nText.")


def test_anchors_come_from_the_english_heading() -> None:
    rendered = document("## One thing {#one}\n\nA.\n\n## Another thing\n\nB.").render(
        "en", lambda code, message: None, {}
    )
    assert [(section.id, str(section.heading)) for section in rendered.sections] == [
        ("one", "One thing"),
        ("another-thing", "Another thing"),
    ]


@given(st.text(alphabet=st.sampled_from("ab *_[]()!`\\\n\t \u00a0\u2028<>{}#:-|1."), max_size=80))
def test_any_text_is_read_and_rendered_without_an_error(body: str) -> None:
    read = document(body)
    identity = read.render("fr", lambda code, message: None, {})
    assert identity.language == "en"
    assert all(message.text == fold(message.text) for message in read.messages())


@pytest.fixture
def write(small: Settings) -> Callable[[str, str], Path]:
    """Write a file into a small site's content."""

    def write_file(name: str, text: str) -> Path:
        path = small.content / name
        path.write_text(text, encoding="utf-8")
        return path

    return write_file


def test_a_new_file_appears_on_its_door_without_a_restart(small: Settings, write: Callable[[str, str], Path]) -> None:
    client = create_app(small).test_client()
    assert client.get("/en/kids/games/").status_code == 404
    assert "/en/kids/games/" not in client.get("/en/kids/").get_data(as_text=True)
    write("kids/games.md", HEAD + "We play.\n")
    _let_a_second_pass(client)
    assert "/en/kids/games/" in client.get("/en/kids/").get_data(as_text=True)
    assert "We play." in client.get("/en/kids/games/").get_data(as_text=True)


def _let_a_second_pass(client: object) -> None:
    keeper = client.application.wsgi_app._state.__self__  # type: ignore[attr-defined]
    keeper._looked -= 10


def test_a_broken_file_is_left_out_and_told_once_and_the_rest_goes_on(small, write, caplog) -> None:
    write("kids/people-online.md", "---\nkind: article\n---\nText")
    write("kids/bad name.md", HEAD)
    with caplog.at_level(logging.WARNING):
        client = create_app(small).test_client()
        assert client.get("/en/kids/").status_code == 200
        assert client.get("/en/kids/people-online/").status_code == 404
        assert client.get("/en/kids/sharing-pictures/").status_code == 200
    told = [record.getMessage() for record in caplog.records if "people-online.md" in record.getMessage()]
    assert len(told) == len(set(told)) > 0
    health = client.get("/healthz")
    assert health.status_code == 503
    assert any("content/kids/bad name.md" in problem for problem in health.json["problems"])


def test_help_is_there_even_if_its_text_is_broken(small: Settings, write: Callable[[str, str], Path]) -> None:
    write("pages/help.md", "broken")
    client = create_app(small).test_client()
    page = client.get("/en/help/be/")
    assert page.status_code == 200
    assert "tel:112" in page.get_data(as_text=True)


def test_a_file_that_is_not_utf8_is_named(small: Settings) -> None:
    (small.content / "kids" / "latin.md").write_bytes(HEAD.encode() + b"caf\xe9")
    assert any(
        problem.path.endswith("latin.md") and "UTF-8" in problem.reason
        for problem in read_library(small.content).problems
    )


def test_two_files_cannot_have_one_address(small: Settings, write: Callable[[str, str], Path]) -> None:
    write("kids/second.md", (small.content / "kids" / "index.md").read_text("utf-8"))
    assert any("belongs to" in problem.reason for problem in read_library(small.content).problems)


@pytest.mark.parametrize(
    ("body", "rule", "line"),
    [
        ("[x](/kids/nowhere/)", "link", 10),
        ("Text.\n\n[x](/kids/people-online/#nowhere)", "link", 12),
        ("[x](helpline:pizza)", "link", 10),
        ("[x](javascript:x)", "markup", 10),
        ("![](picture:kids)", "alt", 10),
        ("![x](picture:nowhere)", "picture", 10),
        ("# Top", "heading", 10),
        ("## No anchor of its own", "id", 10),
        ("## A {#a}\n\nx\n\n## B {#a}", "id", 14),
        ("::: unknown\nx\n:::", "markup", 10),
        ("a <b>bold</b> word", "markup", 10),
        ("_emphasis_ with the wrong mark", "markup", 10),
        ("This sentence has far more words than a child of six or seven years can read in one go today.", "reading", 0),
    ],
)
def test_check_names_file_line_and_rule(small: Settings, write: Callable[[str, str], Path], body, rule, line) -> None:
    write("kids/games.md", HEAD + body + "\n")
    problems = check(small.content, small.translations, ("en",))
    assert {(problem.path, problem.line) for problem in problems if problem.rule == rule} == {
        ("content/kids/games.md", line)
    }


def test_what_ships_is_sound(settings: Settings) -> None:
    assert check(settings.content, settings.translations, settings.languages) == []


def test_hidden_folders_are_left_out(small: Settings) -> None:
    (small.content / "_drafts").mkdir()
    (small.content / "_drafts" / "broken.md").write_text("broken")
    assert read_library(small.content).problems == ()
