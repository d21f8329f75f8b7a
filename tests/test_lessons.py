"""Lessons: one file makes plans in three lengths, slides and cards, and what is wrong in it is told with its line."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from test_practice_files import EXAMPLES, drop
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.content.check import check
from portal.content.document import Document
from portal.content.lesson import LENGTHS, Lesson, read_lesson
from portal.content.library import Library, read_library
from portal.content.message import Translation
from portal.settings import ROOT, Settings

Visit = Callable[..., TestResponse]
LIBRARY = read_library(Settings().content)
EXAMPLE = EXAMPLES["lesson"]

# Each mistake: what is replaced, by what, the words in whose line it is told, the rule, words of the reason.
MISTAKES = [
    ("20=5 45=5 60=5", "20=5 45=4 60=5", "45=4", "minutes", "45 minutes sum up to 44"),
    ("20=10 45=20 60=22", "20=10 45=20 60=23", "60=5", "minutes", "60 minutes sum up to 61"),
    ("<!-- minutes: 45=15 60=25 -->\n", "", "{#play}", "minutes", "how long it takes"),
    ("minutes: 45=15 60=25", "minutes: 45=15 90=25", "90=25", "minutes", "write it as"),
    ("minutes: 45=15 60=25", "minutes: 45=15 45=25", "45=25", "minutes", "write it as"),
    ("minutes: 45=15 60=25", "minutes: 45=15, 60=25", "45=15,", "minutes", "write it as"),
    ("minutes: 45=15 60=25", "minutes: 45=0 60=25", "45=0", "minutes", "write it as"),
    ("{#booster}", "{#more}", "", "section", "{#booster} is missing"),
    ("{#booster}", "{#more}", "{#more}", "minutes", "without are only {#aim}"),
    ("{#home}\n", "{#home}\n\n<!-- minutes: 60=5 -->\n", "60=5 -->", "minutes", "{#home} is no step"),
    ("- Tell an adult.\n", "", "{#aim}", "aim", "not 1"),
    ("Sort the cards again.", "", "{#booster}", "section", "nothing in {#booster}"),
    ("Show once more where help is.\n", "", "{#close}", "step", "what the teacher does"),
    ("(/teachers/when-a-pupil-tells/)", "(/teachers/)", "{#disclosure}", "link", "when-a-pupil-tells"),
    ("(/stories/game-friend/)", "(/kids/people-online/)", "", "link", "quiz, story or trail"),
    ("::: slide\nBefore we go\n\n", "::: slide\n- ", "- Name something", "slide", "its title"),
    ("makes you smile.", f"makes you {'very ' * 50}happy.", "Before we go", "slide", "50 words"),
    ("::: cards\n- They ask", "::: cards\nThey ask", "They ask", "cards", "one list"),
    ("audience: teachers", "audience: parents", "audience:", "head", "for teachers"),
    ("ages: [9-11]\n", "", "---", "head", "ages is missing"),
]


@pytest.fixture(scope="module")
def library(settings: Settings) -> Library:
    return read_library(settings.content)


def english(document: Document) -> Lesson:
    return read_lesson(document, "en", lambda reader, message: None, {})


def soup_of(page: TestResponse) -> BeautifulSoup:
    assert page.status_code == 200
    return BeautifulSoup(page.data, "html.parser")


@pytest.mark.parametrize(("was", "becomes", "where", "rule", "words"), MISTAKES)
def test_a_mistake_is_told_with_its_line_and_the_lesson_is_left_out(
    tmp_path: Path, was: str, becomes: str, where: str, rule: str, words: str
) -> None:
    broken = EXAMPLE.replace(was, becomes, 1)
    assert broken != EXAMPLE
    lines = [number for number, text in enumerate(broken.splitlines(), 1) if where in text] if where else [0]
    shutil.copytree(ROOT / "content", tmp_path / "content")
    (tmp_path / "content" / "lessons" / "dropped.md").write_text(broken, "utf-8")
    library = read_library(tmp_path / "content")
    assert {one.path for one in library.problems} == {"content/lessons/dropped.md"}
    told = [one for one in library.problems if one.rule == rule and words in one.reason]
    assert told, "\n".join(map(str, library.problems))
    assert any(abs(told[0].line - line) <= 1 for line in lines), told
    assert library.at("/lessons/dropped/") is None
    assert len(library.lessons()) == len(LIBRARY.lessons())


@pytest.mark.parametrize("document", LIBRARY.lessons(), ids=lambda one: one.slug)
@pytest.mark.parametrize("length", LENGTHS)
def test_the_clock_of_each_length_runs_without_gaps_to_its_end(document: Document, length: int) -> None:
    plan = english(document).plan(length)
    assert plan[0].start == 0
    assert plan[-1].end == length
    assert all(before.end == after.start for before, after in zip(plan, plan[1:], strict=False))


@pytest.mark.parametrize("document", LIBRARY.lessons(), ids=lambda one: one.slug)
@pytest.mark.parametrize("length", LENGTHS)
def test_every_length_shows_help_at_its_start_and_its_end_and_the_right_to_pass(
    document: Document, length: int
) -> None:
    plan = english(document).plan(length)
    first, last = plan[0].step, plan[-1].step
    assert (first.id, last.id) == ("start", "close")
    for step in (first, last):
        assert "Help is here" in [slide.title.text for slide in step.slides]
    assert "Everyone may pass." in first.slides[0].body.text


def test_the_plan_shows_every_step_at_its_time_and_leads_to_its_slides(visit: Visit) -> None:
    soup = soup_of(visit("/en/lessons/people-9/45/"))
    clocks = [tag.get_text() for tag in soup.select(".plan-clock")]
    assert clocks[0] == "0–5"
    assert clocks[-1] == "40–45"
    slides = soup_of(visit("/en/lessons/people-9/45/present/"))
    titles = {f"#{tag['id']}": tag.h2.get_text() for tag in slides.select(".slide") if tag.h2}
    for link in soup.select(".plan-slide-title a"):
        assert titles[re.sub(r".*(?=#)", "", link["href"])] == link.get_text().strip()
    assert len(soup.select(".plan-slide")) == len(titles)


def test_a_step_without_minutes_for_a_length_is_left_out_of_it(visit: Visit) -> None:
    short, long = (soup_of(visit(f"/en/lessons/people-9/{length}/")) for length in (20, 60))
    assert not short.select("#step-play")
    assert long.select("#step-play a[href='/en/stories/secret-friend/']")


def test_slides_lead_on_and_back_by_links_and_end_at_the_plan(visit: Visit) -> None:
    soup = soup_of(visit("/en/lessons/pressure-15/20/present/"))
    slides = soup.select(".slide")
    assert [slide["id"] for slide in slides] == [f"slide-{number + 1}" for number in range(len(slides))]
    steps = [[link["href"] for link in slide.select(".slide-turn a")] for slide in slides]
    assert steps[1] == ["#slide-1", "#slide-3"]
    assert steps[0][0] == steps[-1][1] == "/en/lessons/pressure-15/20/"
    assert soup.select('header a[href="/en/help/"]')


def test_cards_of_all_steps_stand_on_one_page_with_the_way_to_the_class_promise(visit: Visit, library: Library) -> None:
    soup = soup_of(visit("/en/lessons/people-12/cards/"))
    document = library.at("/lessons/people-12/")
    assert document
    assert len(soup.select(".cut-card")) == len(english(document).cards)
    assert soup.select("a[href='/en/teachers/class-promise/']")


def test_lessons_are_offered_on_their_list_on_the_door_and_below_articles_of_their_topic(visit: Visit) -> None:
    for address, topics in (
        ("/en/lessons/", ("people", "pictures", "camera", "pressure")),
        ("/en/teachers/", ("people", "pictures", "camera", "pressure")),
        ("/en/teachers/people-online/", ("people",)),
    ):
        offered = {link["href"] for link in soup_of(visit(address)).select(".card a")}
        for document in LIBRARY.lessons():
            assert (f"/en{document.address}" in offered) is (document.head.topic in topics), (address, document.slug)
    assert not soup_of(visit("/en/kids/people-online/")).select(".card a[href^='/en/lessons/']")


def test_a_lesson_that_is_not_wholly_translated_is_offered_in_no_list_and_shown_in_english(small: Settings) -> None:
    drop(small, "lesson", EXAMPLE)
    client = create_app(small).test_client()
    assert "/ar/lessons/dropped/" not in client.get("/ar/lessons/").get_data(as_text=True)
    assert "/ar/lessons/dropped/" not in client.get("/sitemap.xml").get_data(as_text=True)
    for rest in ("", "20/", "45/", "60/", "20/present/", "cards/"):
        soup = soup_of(client.get(f"/ar/lessons/dropped/{rest}"))
        assert soup.select_one("main [lang=en][dir=ltr]"), rest


def test_there_is_no_length_but_the_three_and_no_lesson_but_those_in_the_folder(visit: Visit) -> None:
    for address in ("people-9/30/", "people-9/45/cards/", "nothing/", "nothing/45/present/"):
        assert visit(f"/en/lessons/{address}").status_code == 404, address


def test_slides_and_cards_are_held_to_the_length_of_sentences_of_the_pupils(small: Settings) -> None:
    long = "They want you to keep a secret that nobody at home or at school or anywhere else may ever hear of."
    drop(small, "lesson", EXAMPLE.replace("They want you to keep a secret.", long))
    told = [str(one) for one in check(small.content, small.translations, ["en"])]
    assert "on slides and cards a sentence has 21 words, 18 are the most for kids" in " ".join(told)
    assert {one.split(":")[0] for one in told} == {"content/lessons/dropped.md"}


def test_no_lesson_uses_words_that_blame_or_frighten() -> None:
    words = re.compile(r"\b(predator|stranger|victim|confess|naive|pedo|revenge)|should have|why did you", re.I)
    for document in LIBRARY.lessons():
        assert not words.search(document.body), document.slug


@pytest.mark.parametrize(
    "odd", ["::: slide", "<!-- minutes: 20=1 -->", "## More {#more}", "- [x] a\n- b", "1. one", "<b>"]
)
def test_no_translation_changes_the_minutes_the_slides_or_the_cards(odd: str) -> None:
    def bones(lesson: Lesson) -> list[object]:
        return [
            (one.id, dict(one.minutes), len(one.slides), len(one.cards), one.is_step, bool(one.body))
            for one in lesson.parts
        ]

    for document in LIBRARY.lessons():
        strange = read_lesson(document, "fr", lambda reader, message: Translation(odd, "fr"), {})
        assert bones(strange) == bones(english(document)), document.slug
