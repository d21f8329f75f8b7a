"""Quizzes for other programs and from them: spreadsheet, Moodle, GIFT, table and Twee."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from pygiftparser import parser as gift_parser

from portal.cli import main
from portal.content.document import read_document
from portal.content.library import read_library
from portal.content.parts import parts_of
from portal.content.practice import faults
from portal.content.quiz import read_quiz
from portal.content.story import read_story
from portal.exchange.draft import quiz_draft
from portal.exchange.gift import read_gift, write_gift
from portal.exchange.moodle import moodle
from portal.exchange.sheet import ALL, ONE, ORDER, Answer, Item, Sheet, one_line, sheet_of
from portal.exchange.table import table
from portal.exchange.twee import read_twee
from portal.settings import Settings

LIBRARY = read_library(Settings().content)
QUIZZES = LIBRARY.practice("quiz")

# The head of an imported quiz.
HEAD = {
    "kind": "quiz",
    "title": "T",
    "summary": "S",
    "audience": "kids",
    "ages": ["9-11"],
    "topic": "t",
    "order": 1,
}


def quiz_of(document):
    return read_quiz(parts_of(document, "en", lambda code, message: None, {}))


def sheet(document) -> Sheet:
    return sheet_of(quiz_of(document), document.head.title, "en")


def promised(given_sheet: Sheet) -> Sheet:
    """Give a sheet without what GIFT has no place for: reasons of an order, and questions to discuss."""
    return replace(
        given_sheet,
        items=tuple(
            replace(
                item,
                discuss="",
                answers=tuple(replace(one, reason="") for one in item.answers) if item.kind == ORDER else item.answers,
            )
            for item in given_sheet.items
        ),
    )


@pytest.mark.parametrize("code", Settings().languages)
def test_the_spreadsheet_opens_and_keeps_kahoots_limits(client, code) -> None:
    for document in QUIZZES:
        answer = client.get(f"/{code}{document.address}kahoot.xlsx")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        page = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
        assert str(page["B8"].value).startswith("Question - max 120")
        rows = [row for row in page.iter_rows(min_row=9, values_only=True) if row[1]]
        taken = [item for item in sheet(document).items if item.kind != ORDER]
        assert len(rows) == len(taken) >= 4
        for number, (row, item) in enumerate(zip(rows, taken, strict=True), 1):
            assert row[0] == number
            assert len(row[1]) <= 120
            options = [one for one in row[2:6] if one]
            assert len(options) == len(item.answers)
            assert max(map(len, options)) <= 75
            assert row[6] in (5, 10, 20, 30, 60, 90, 120, 240)
            right = [int(one) for one in str(row[7]).split(",")]
            assert right == [at for at, one in enumerate(item.answers, 1) if one.is_good]


def test_gift_is_read_by_an_independent_parser_as_it_was_meant() -> None:
    for document in QUIZZES:
        written = sheet(document)
        found = gift_parser.parseFile(io.StringIO(write_gift(written)))
        assert len(found) == len(written.items)
        for question, item in zip(found, written.items, strict=True):
            assert question.valid
            assert len(question.answers.answers) == len(item.answers)
            if item.kind != ORDER:
                assert [one.answer.replace("\\", "").strip() for one in question.answers.answers] == [
                    one.text for one in item.answers
                ]
                assert [float(one.fraction) > 0 for one in question.answers.answers] == [
                    one.is_good for one in item.answers
                ]


def test_what_was_exported_to_gift_comes_back_as_it_was() -> None:
    for document in QUIZZES:
        back = read_gift("x.gift", write_gift(sheet(document)), document.head.title, "en")
        assert back.problems == ()
        assert back.sheet == promised(sheet(document))


@pytest.mark.parametrize("code", Settings().languages)
def test_files_in_every_language_are_read_by_other_parsers_with_the_same_right_answers(client, code) -> None:
    for document in QUIZZES:
        files = {name: client.get(f"/{code}{document.address}{name}").data for name in ("gift.txt", "moodle.xml")}
        written = sheet(document)
        gift = gift_parser.parseFile(io.StringIO(files["gift.txt"].decode()))
        _, *asked = ET.fromstring(files["moodle.xml"]).findall("question")
        back = read_gift("x.gift", files["gift.txt"].decode(), document.head.title, code)
        assert back.problems == ()
        assert len(gift) == len(asked) == len(back.sheet.items) == len(written.items)
        for one, question, item, source in zip(gift, asked, back.sheet.items, written.items, strict=True):
            assert one.valid
            assert item.kind == source.kind
            assert [answer.is_good for answer in item.answers] == [answer.is_good for answer in source.answers]
            assert item.text in question.findtext("questiontext/text")
            words = question.findall("subquestion/text" if item.kind == ORDER else "answer/text")
            assert [word.text for word in words] == [answer.text for answer in item.answers]
            if item.kind != ORDER:
                shares = [float(answer.get("fraction")) > 0 for answer in question.findall("answer")]
                assert shares == [float(answer.fraction) > 0 for answer in one.answers.answers]
                assert shares == [answer.is_good for answer in item.answers]


words = st.text(st.characters(exclude_categories=("Cs", "Co", "Cc", "Zl", "Zp")), min_size=1, max_size=30).map(one_line)
texts = words.filter(lambda text: text and "<" not in text and not text.startswith(("[", "%")))


@st.composite
def items(draw):
    kind = draw(st.sampled_from([ONE, ALL, ORDER]))
    good = [True] * 3 if kind == ORDER else draw(st.lists(st.booleans(), min_size=2, max_size=4))
    if kind == ONE and all(good):
        good[-1] = False
    if not any(good):
        good[0] = True
    if kind == ALL and sum(good) == 1:
        kind = ONE
    reasons = st.just("") if kind == ORDER else st.just("") | texts
    answers = tuple(Answer(draw(texts), one, draw(reasons)) for one in good)
    return Item(draw(texts), kind, answers, draw(st.just("") | texts), draw(st.just("") | texts))


@given(st.lists(items(), min_size=1, max_size=4))
def test_any_quiz_survives_gift(listed) -> None:
    whole = Sheet("Title", "en", tuple(listed))
    back = read_gift("x.gift", write_gift(whole), "Title", "en")
    assert back.problems == ()
    assert back.sheet == whole


@given(st.lists(items(), min_size=1, max_size=3))
def test_any_imported_quiz_reads_in_our_markdown_as_it_was_meant(listed) -> None:
    document = read_document("x.md", "x", quiz_draft(Sheet("T", "en", tuple(listed)), HEAD))
    again = sheet_of(read_quiz(parts_of(document, "en", lambda code, message: None, {})), "T", "en")
    assert again.items == tuple(listed)


def test_moodle_xml_has_the_structure_that_moodle_documents() -> None:
    shares = {"100", "50", "33.33333", "25", "0", "-100", "-50", "-33.33333", "-25"}
    for document in QUIZZES:
        root = ET.fromstring(moodle(sheet(document)))
        assert root.tag == "quiz"
        category, *asked = root.findall("question")
        assert category.get("type") == "category"
        assert category.findtext("category/text").startswith("$course$/top/")
        assert len(asked) == len(quiz_of(document).questions)
        for question, item in zip(asked, sheet(document).items, strict=True):
            assert question.get("type") == ("matching" if item.kind == ORDER else "multichoice")
            assert question.findtext("name/text")
            assert item.text in question.findtext("questiontext/text")
            assert question.find("questiontext").get("format") == "plain_text"
            if item.kind == ORDER:
                pairs = question.findall("subquestion")
                assert [pair.findtext("answer/text") for pair in pairs] == [str(at + 1) for at in range(len(pairs))]
                continue
            assert question.findtext("single") == ("false" if item.kind == ALL else "true")
            fractions = [answer.get("fraction") for answer in question.findall("answer")]
            assert set(fractions) <= shares
            positive = sum(float(one) for one in fractions if float(one) > 0)
            assert item.kind != ALL or round(positive, 2) == 100
            assert [answer.findtext("feedback/text") for answer in question.findall("answer")] == [
                one.reason for one in item.answers
            ]


def test_the_table_has_a_row_for_each_question_and_runs_no_formula(client) -> None:
    answer = client.get("/en/quizzes/passwords/table.csv")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Question", "Situation", "Answer 1"]
    assert len(rows) == 1 + len(quiz_of(LIBRARY.at("/quizzes/passwords/")).questions)
    assert len({len(row) for row in rows}) == 1
    evil = Sheet("T", "en", (Item("=1+1", ONE, (Answer("@x", True, "+1"), Answer("-2", False, "ok"))),))
    assert not [cell for cell in table(evil, "abcdefg").decode("utf-8-sig").split(",") if cell.strip().startswith("=")]


def test_downloads_are_in_the_language_of_the_page(client) -> None:
    for name in ("moodle.xml", "gift.txt"):
        english, other = (client.get(f"/{code}/quizzes/passwords/{name}") for code in ("en", "de"))
        assert "-en." in english.headers["Content-Disposition"]
        assert ("-de." in other.headers["Content-Disposition"]) == (english.data != other.data)


GIFT = """// from elsewhere
$CATEGORY: old

::Q1:: What is a good password? {
  =%100%Three silly words#Hard to guess.
  ~The dog's name#Easy to guess.
}

A nickname is enough. {T#Think of the school.#Right, nobody can look it up.}

Write about your week. {}

How many? {#3:1}

Who said it? {=Plato}

<b>Tick</b> all {~%50%a ~%50%b ~%-100%c}

Order {=first -> 1 =second -> 2}

Match {=cat -> meow =dog -> woof}

Broken {=a ~b
"""


def test_gift_of_others_is_taken_as_far_as_we_have_it_and_the_rest_is_told_with_its_line() -> None:
    taken = read_gift("x.gift", GIFT, "T", "en")
    assert [(item.text, item.kind) for item in taken.sheet.items] == [
        ("What is a good password?", ONE),
        ("A nickname is enough.", ONE),
        ("Tick all", ALL),
        ("Order", ORDER),
    ]
    assert taken.sheet.items[1].answers == (
        Answer("True", True, "Right, nobody can look it up."),
        Answer("False", False, "Think of the school."),
    )
    assert {problem.line for problem in taken.problems} == {11, 13, 15, 17, 21, 23}


def test_what_was_imported_from_gift_goes_out_and_comes_back_as_it_was() -> None:
    taken = read_gift("x.gift", GIFT, "T", "en").sheet
    ours = read_document("x.md", "x", quiz_draft(taken, HEAD))
    out = write_gift(sheet_of(read_quiz(parts_of(ours, "en", lambda code, message: None, {})), "T", "en"))
    back = read_gift("x.gift", out, "T", "en")
    assert back.problems == ()
    assert back.sheet == taken


TWEE = """:: StoryTitle
A new player

:: StoryData
{"ifid": "D674C58C-DEFA-4F70-B7A2-27742230C0FC", "start": "Beginning"}

:: Style [stylesheet]
body { color: red }

:: Beginning {"position":"100,100"}
Kit: Your tower is great.
Nour: Thanks.
They play. <<set $x to 1>>
[[Nour asks his cousin->Cousin]]
[[Photo<-Nour sends a photo]]
[[Nowhere]]

:: Photo [high-risk]
Nour feels *strange*.
[[Cousin]]

:: Cousin
They tell Nour's mum.
"""


def test_a_story_from_twine_becomes_scenes_choices_and_chat_and_the_rest_is_told() -> None:
    story = read_twee("x.twee", TWEE)
    assert story.title == "A new player"
    assert "- [#cousin] Nour asks his cousin" in story.body
    assert "- [#photo !!] Nour sends a photo" in story.body
    assert "::: chat\n- **Kit:** Your tower is great.\n- **Nour:** Thanks.\n:::" in story.body
    assert story.body.startswith("## Beginning {#beginning}")
    told = {(problem.line, problem.rule) for problem in story.problems}
    assert told == {(7, "passage"), (10, "part"), (10, "link"), (22, "ending")}


def test_a_story_from_twine_keeps_its_scenes_paths_and_risks_in_our_form() -> None:
    draft = read_twee("x.twee", TWEE).draft({**HEAD, "kind": "story", "me": "Nour"})
    tale = read_story(parts_of(read_document("x.md", "x", draft), "en", lambda code, message: None, {}), "Nour")
    assert tale.start == "beginning"
    assert {
        name: [(scene.after(at), scene.risk(at)) for at in range(len(scene.choices))]
        for name, scene in tale.scenes.items()
    } == {"beginning": [("cousin", 0), ("photo", 2)], "photo": [("cousin", 0)], "cousin": []}
    assert ['class="mine"' in line for line in re.findall("<li.*?>", tale.scenes["beginning"].body.html)] == [
        False,
        True,
    ]


def test_import_writes_a_draft_tells_what_is_missing_and_overwrites_nothing(
    small: Settings, tmp_path, monkeypatch
) -> None:
    for name, value in (("CONTENT", small.content), ("TRANSLATIONS", small.translations)):
        monkeypatch.setenv(f"PORTAL_{name}", str(value))
    gift, twee, other = (tmp_path / name for name in ("my-questions.gift", "story.twee", "deck.pptx"))
    gift.write_text(GIFT, "utf-8")
    twee.write_text(TWEE, "utf-8")
    other.write_bytes(b"\xff\xfe")
    common = ["--audience", "kids", "--ages", "9-11", "--topic", "games"]
    ran = CliRunner().invoke(main, ["import", str(gift), *common])
    assert ran.exit_code == 0, ran.output
    assert "my-questions.gift:11: question: not taken" in ran.output
    draft = small.content / "quizzes" / "my-questions.md"
    assert "- [x] Three silly words" in draft.read_text("utf-8")
    problems = faults(read_document("x.md", "x", draft.read_text("utf-8").replace("summary: ''", "summary: s")))
    assert {problem.rule for problem in problems} == {"idea", "reason", "end"}
    assert all(problem.line for problem in problems)
    assert CliRunner().invoke(main, ["import", str(gift), *common]).exit_code == 1
    ran = CliRunner().invoke(main, ["import", str(twee), *common, "--me", "Nour"])
    assert ran.exit_code == 0, ran.output
    assert Path(small.content / "stories" / "story.md").exists()
    assert CliRunner().invoke(main, ["import", str(other), *common]).exit_code != 0
