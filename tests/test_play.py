"""Quizzes, chat stories and trail games, played as a reader plays them: by plain forms, in every language."""

import logging
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from promises import broken_promises
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.content.document import Document
from portal.content.library import Library, read_library
from portal.content.parts import HIGH, parts_of
from portal.content.quiz import ONE, ORDER, Question, read_quiz
from portal.content.story import Story, read_story
from portal.content.trail import read_trail
from portal.settings import Settings

LIBRARY = read_library(Settings().content)
ASKED = list(LIBRARY.practice("quiz", "trail"))
STORIES = LIBRARY.practice("story")


def parts(document: Document):
    return parts_of(document, "en", lambda code, message: None, {})


def questions(document: Document) -> tuple[Question, ...]:
    if document.head.kind == "quiz":
        return read_quiz(parts(document)).questions
    trail = read_trail(parts(document))
    return (trail.profile, *trail.repairs)


def story(document: Document) -> Story:
    return read_story(parts(document), document.head.me)


def fields(form: Tag) -> dict[str, str]:
    return {tag["name"]: tag.get("value", "") for tag in form.select("input[type=hidden]")}


def chosen(question: Question, *options: int) -> dict[str, object]:
    """Give what a form sends for chosen options: radio buttons share a name, boxes to tick have one each."""
    return {"choice": str(options[0])} if question.kind == ONE else {f"choice-{at}": "yes" for at in options}


def good_answer(question: Question) -> dict[str, object]:
    if question.kind == ORDER:
        return {f"place-{at}": str(at + 1) for at in range(len(question.options))}
    good = sorted(question.good)
    return chosen(question, *(good[:1] if question.kind == ONE else good))


def other_answer(question: Question) -> dict[str, object]:
    """Give the answer that carries the most risk, or an order the other way round."""
    if question.kind == ORDER:
        count = len(question.options)
        return {f"place-{at}": str(count - at) for at in range(count)}
    others = [at for at in range(len(question.options)) if at not in question.good] or [0]
    return chosen(question, max(others, key=lambda at: question.risk((at,))))


def soup_of(page: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(page.data, "html.parser")


def play(client: FlaskClient, address: str, document: Document, answer) -> Iterator[TestResponse]:
    """Give every page of a quiz or trail for somebody who always answers like `answer`."""
    page = client.get(address)
    yield page
    for question in questions(document):
        form = soup_of(page).select_one("form.question")
        page = client.post(address, data={**fields(form), **answer(question), "answer": "yes"})
        yield page
        on = soup_of(page).select_one("form.play-buttons button")
        page = client.post(address, data={on["name"]: on["value"]})
        yield page


def paths(tale: Story) -> Iterator[tuple[int, ...]]:
    """Give a path to every scene, each the shortest."""
    waiting = [(tale.start, ())]
    seen = set()
    while waiting:
        name, path = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        yield path
        scene = tale.scenes[name]
        waiting += [(scene.after(at), (*path, at)) for at in range(len(scene.choices))]


@cache
def played(client: FlaskClient, code: str, address: str, answer) -> tuple[TestResponse, ...]:
    """Give every page of a play in a language, rendered once for all tests: of a story every scene."""
    document, whole = LIBRARY.at(address), f"/{code}{address}"
    if document.head.kind != "story":
        return tuple(play(client, whole, document, answer))
    pasts = (",".join(map(str, path)) for path in paths(story(document)))
    return tuple(client.post(whole, data={"past": past}) if past else client.get(whole) for past in pasts)


def looked_at(document: Document) -> str:
    """Give the language in which every step is held to every promise, beside Arabic: for each play another one."""
    codes = Settings().languages
    return codes[LIBRARY.practice().index(document) % len(codes)]


@pytest.fixture(scope="module")
def weigh(app: Flask) -> dict[str, int]:
    return {address: len(page.gzip) for address, page in app.wsgi_app._assets().items()}


@pytest.mark.parametrize("document", ASKED, ids=lambda one: one.slug)
@pytest.mark.parametrize("answer", [good_answer, other_answer])
def test_everything_asked_plays_to_its_end_in_every_language(client, weigh, document, answer) -> None:
    for code in Settings().languages:
        pages = played(client, code, document.address, answer)
        assert {page.status_code for page in pages} == {200}
        assert not soup_of(pages[0]).select(".notice, .island[lang]"), f"not wholly translated into {code}"
        assert soup_of(pages[-1]).select_one(".together"), code
        assert not soup_of(pages[-1]).select("form.question")
        if code == (looked_at(document) if answer is good_answer else "ar"):
            assert not [found for page in pages if (found := broken_promises(page, code, weigh))]


@pytest.mark.parametrize("document", STORIES, ids=lambda one: one.slug)
def test_every_scene_of_every_story_is_reached_in_every_language(client, weigh, document) -> None:
    for code in Settings().languages:
        pages = played(client, code, document.address, None)
        assert len(pages) == len(story(document).scenes)
        assert {page.status_code for page in pages} == {200}
        soups = [soup_of(page) for page in pages]
        assert not soups[0].select(".notice, .island[lang]"), f"not wholly translated into {code}"
        endings = [soup for soup in soups if soup.select(".together")]
        assert endings == [soup for soup in soups if not soup.select(".choice-button")]
        assert len(endings) >= 3
        if code in ("ar", looked_at(document)):
            assert not [found for page in pages if (found := broken_promises(page, code, weigh))]


@pytest.mark.parametrize("document", ASKED, ids=lambda one: one.slug)
def test_good_answers_make_ideas_that_are_known_and_others_to_look_at_again(client, document) -> None:
    for answer, shown, hidden in ((good_answer, "know", "again"), (other_answer, "again", "know")):
        count = soup_of(played(client, "en", document.address, answer)[-1]).select_one(".count").get_text()
        assert shown in count
        assert hidden not in count
        assert "%" not in count


def test_every_answer_is_explained_the_good_ones_too(client) -> None:
    for document in ASKED:
        for answer in (good_answer, other_answer):
            for page in played(client, "en", document.address, answer)[1::2]:
                for option in soup_of(page).select(".said-option"):
                    assert len(option.select_one(".said-reason").get_text().split()) > 3


def test_a_choice_of_high_risk_shows_calm_words_and_the_line_of_the_country(client) -> None:
    seen = 0
    for document in LIBRARY.practice("quiz"):
        address = f"/en{document.address}"
        past = ""
        for question in questions(document):
            for at in range(len(question.options)) if question.kind != ORDER else ():
                answer = {"past": past, **chosen(question, at), "answer": "yes"}
                page = soup_of(client.post(address, data=answer))
                risky = question.risk((at,)) == HIGH
                assert bool(page.select_one(".care .service")) == risky, (document.slug, question.id, at)
                seen += risky
            answer = {"past": past, **good_answer(question), "answer": "yes"}
            past = soup_of(client.post(address, data=answer)).select_one("form.play-buttons button")["value"]
    assert seen >= 10


def test_who_goes_on_without_an_answer_is_told_so_and_nothing_is_lost(client) -> None:
    page = client.post("/en/quizzes/first-steps/", data={"past": "", "place-0": "1", "place-1": "1", "answer": "yes"})
    assert "Each step needs a number of its own." in page.get_data(as_text=True)
    page = client.post("/en/quizzes/first-steps/", data={"past": "0+1+2+3+4", "answer": "yes"})
    assert "Nothing is chosen yet." in page.get_data(as_text=True)
    assert soup_of(page).select_one("input[name=past]")["value"] == "0+1+2+3+4"


@pytest.mark.parametrize(
    "past", ["9", "0,0,0,0,0,0,0,0,0", "x", "0++1", "-1", "0" * 200, "\u0661", "0,", "1.5", "%00", "<b>"]
)
def test_a_past_that_cannot_be_is_refused_on_a_page_that_leads_on(client, past) -> None:
    for address in ("/en/quizzes/passwords/", "/en/trails/mina/", "/en/stories/game-friend/"):
        page = client.post(address, data={"past": past})
        assert page.status_code in (200, 400), (address, past)
        assert soup_of(page).select_one("a[href='/en/help/']")
    assert client.post("/en/stories/game-friend/", data={"past": "", "choice": "7"}).status_code == 400


def test_no_answer_is_kept_in_a_cookie_a_cache_a_log_or_an_address(app, caplog) -> None:
    client = app.test_client()
    with caplog.at_level(logging.DEBUG):
        for document in LIBRARY.practice():
            address = f"/en{document.address}"
            first = soup_of(client.get(address)).select_one("form[data-play]")
            data = {**fields(first), "choice": "0", "choice-0": "yes", "place-0": "1", "answer": "yes"}
            page = client.post(address, data=data)
            assert page.headers["Cache-Control"] == "no-store"
            assert "Set-Cookie" not in page.headers
            assert "Portal-Finished" not in page.headers
            soup = soup_of(page)
            assert {form.get("method") for form in soup.select("form")} <= {"post"}
            assert not [tag for tag in soup.select("[href*='?'], [action*='?']") if "://" not in str(tag)]
    assert not [record for record in caplog.records if "choice" in record.getMessage()]
    assert not app.test_client()._cookies


def test_a_story_can_be_taken_back_step_by_step(client) -> None:
    address = "/en/stories/game-friend/"
    page = soup_of(client.post(address, data={"past": "0", "choice": "1"}))
    assert page.select_one("#step-title").get_text() == "The photo"
    back = page.select_one("form.play-buttons button")
    assert (
        soup_of(client.post(address, data={"past": back["value"]})).select_one("#step-title").get_text()
        == "Only the game"
    )


def test_chats_name_every_speaker_in_words_and_mark_what_the_readers_child_says(client) -> None:
    page = soup_of(client.get("/en/stories/game-friend/"))
    lines = page.select(".block-chat ol > li")
    assert [line.select_one("strong").get_text() for line in lines] == ["Kit:", "Nour:", "Kit:"]
    assert [line["class"] for line in lines] == [["theirs"], ["mine"], ["theirs"]]


def test_lists_can_be_filtered_by_age_and_reader(client) -> None:
    def titles(address: str) -> set[str]:
        return {link.get_text() for link in soup_of(client.get(address)).select("main .card-title a")}

    everything = titles("/en/quizzes/")
    assert len(everything) == 14
    by_reader = {
        who: titles(f"/en/quizzes/for/{who}/") for who in ("6-8", "9-11", "12-14", "15-18", "parents", "teachers")
    }
    assert {who: len(found) for who, found in by_reader.items()} == {
        "6-8": 2,
        "9-11": 3,
        "12-14": 3,
        "15-18": 2,
        "parents": 2,
        "teachers": 2,
    }
    assert set().union(*by_reader.values()) == everything
    assert client.get("/en/quizzes/for/everyone/").status_code == 404


def test_what_can_be_played_is_offered_behind_its_door_and_beside_articles_of_its_topic(client) -> None:
    door = soup_of(client.get("/en/teens/"))
    assert door.select(".played a[href='/en/quizzes/online-friends/']")
    article = soup_of(client.get("/en/teens/people-online/"))
    assert article.select(".played a[href='/en/quizzes/online-friends/']")
    assert not article.select(".played a[href='/en/quizzes/group-chat/']")
    home = soup_of(client.get("/en/"))
    assert {f"/en/{kinds}/" for kinds in ("quizzes", "stories", "trails")} <= {
        link["href"] for link in home.select("a")
    }


def test_what_is_not_wholly_translated_is_offered_in_no_list_and_shown_whole_in_english(small: Settings) -> None:
    source = Path(small.content / "quizzes" / "passwords.md")
    source.write_text(source.read_text("utf-8").replace("A password is a key.", "A password is like a key."), "utf-8")
    client = create_app(small).test_client()
    assert "/fr/quizzes/passwords/" not in client.get("/fr/quizzes/").get_data(as_text=True)
    assert "/en/quizzes/passwords/" in client.get("/en/quizzes/").get_data(as_text=True)
    page = soup_of(client.get("/fr/quizzes/passwords/"))
    assert page.select_one(".notice")
    assert page.select_one(".island[lang=en] form.question")


def test_certificates_leave_the_name_for_handwriting_and_tell_no_result(client) -> None:
    for document in LIBRARY.practice():
        page = soup_of(client.get(f"/en{document.address}certificate/"))
        certificate = page.select_one(".certificate")
        assert certificate.select(".certificate-line")
        assert not certificate.select("input, textarea")
        assert not re.search(r"\d", certificate.get_text())


def test_worksheets_ask_and_answer_keys_answer(client) -> None:
    for document in LIBRARY.practice("quiz"):
        asked, key = (soup_of(client.get(f"/en{document.address}{name}/")) for name in ("worksheet", "answers"))
        assert len(asked.select(".sheet-question")) == len(key.select(".sheet-question")) == len(questions(document))
        assert not asked.select(".sheet-reason, .sheet-discuss")
        assert all(not box.get_text().strip() for box in asked.select(".sheet-box"))
        assert len(key.select(".sheet-reason")) == sum(len(question.options) for question in questions(document))
        assert len(key.select(".sheet-discuss")) == len(questions(document))


def test_there_are_enough_of_each_for_every_age() -> None:
    library: Library = LIBRARY
    assert {len(questions(one)) for one in library.practice("quiz")} <= set(range(6, 11))
    assert len(library.practice("story")) >= 4
    assert {one.head.audience for one in library.practice("trail")} == {"kids", "teens"}
    topics = {one.head.topic for one in library.practice()}
    assert {"people", "pictures", "camera", "pressure", "fakes", "bullying", "privacy", "games"} <= topics
