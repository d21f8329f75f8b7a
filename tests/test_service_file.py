"""A country's file of services: what is read, and what is refused with file and line."""

import re
from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.problem import ContentError, Problem
from portal.helplines.directory import read_directory
from portal.helplines.service import Opening, Service
from portal.helplines.service_file import read_country

LINE = """\
country: "NO"
services:
  - id: line
    kind: helpline
    name: "Linje"
    name_lang: "nb"
    number: "116 111"
    dial: "116111"
    contact: [call, chat]
    url: "https://www.line.example/"
    cost: free
    hours: always
    languages: ["no"]
    audience: children
    anonymous: true
    sources:
      - "https://www.line.example/about"
    source_date: "2024-03"
    confidence: high
    status: candidate
    note: "For editors."
"""
WORLDWIDE = 'country: "ZZ"\nservices: []\n'

Refused = Callable[[str, str], list[Problem]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Service]:
    """Read a file for Norway and give its first service."""

    def read_text(text: str) -> Service:
        path = tmp_path / "no.yaml"
        path.write_text(text, "utf-8")
        return read_country(path, "helplines/no.yaml").services[0]

    return read_text


@pytest.fixture
def refused(read: Callable[[str], Service]) -> Refused:
    """Replace a part of a sound file by something else, and give the problems of the result."""

    def refuse(part: str, other: str) -> list[Problem]:
        assert LINE.count(part) == 1
        with pytest.raises(ContentError) as caught:
            read(LINE.replace(part, other))
        return list(caught.value.problems)

    return refuse


def test_a_service_is_read_with_everything_its_file_says(read: Callable[[str], Service]) -> None:
    service = read(LINE)
    assert (service.country, service.id, service.kind) == ("NO", "line", "helpline")
    assert (service.number, service.dial, service.tel_href) == ("116 111", "116111", "tel:116111")
    assert (service.contact, service.languages, service.hours) == (("call", "chat"), ("no",), "always")
    assert (service.cost, service.anonymous, service.audience) == ("free", True, "children")
    assert (service.source_date, service.confidence, service.last_verified) == ("2024-03", "high", None)


def test_hours_are_read_as_days_and_times(read: Callable[[str], Service]) -> None:
    hours = 'hours:\n      - {days: "fri,sat", from: "20:00", to: "02:00"}'
    assert read(LINE.replace("hours: always", hours)).hours == (Opening("fri,sat", time(20), time(2)),)


def test_what_is_left_out_is_unknown(read: Callable[[str], Service]) -> None:
    bare = re.sub(r"    (cost|hours|languages|anonymous|source_date|note): .*\n", "", LINE)
    service = read(bare)
    assert (service.cost, service.hours, service.languages, service.anonymous) == (None, None, (), False)
    assert (service.source_date, service.area, service.note) == (None, None, None)


def test_norway_is_read_as_no_only_when_quoted(refused: Refused) -> None:
    (problem,) = refused('"NO"', "NO")
    assert (problem.path, problem.line, problem.rule) == ("helplines/no.yaml", 1, "country")
    assert "truth value" in problem.reason


def test_norwegian_is_read_as_no_only_when_quoted(refused: Refused) -> None:
    (problem,) = refused('["no"]', "[no]")
    assert (problem.line, problem.rule) == (13, "languages")


def test_a_number_with_letters_is_refused_with_file_and_line(refused: Refused) -> None:
    problems = refused('"116 111"', '"116 111 (free)"')
    assert str(problems[0]).startswith("helplines/no.yaml:7: number: number must be digits")


def test_a_number_with_letters_in_other_scripts_is_refused(refused: Refused) -> None:
    assert refused('"116 111"', '"١١٦ ١١١"')[0].rule == "number"


def test_an_unquoted_number_is_refused(refused: Refused) -> None:
    assert "whole number" in refused('"116 111"', "116111")[0].reason


@pytest.mark.parametrize(
    ("part", "other", "line", "rule"),
    [
        ('country: "NO"\n', "", 1, "country"),
        ('"NO"', '"UK"', 1, "country"),
        ('"NO"', '"SE"', 1, "country"),
        ("id: line", "id: A Line", 3, "id"),
        ("  - id: line\n    kind", "  - kind", 3, "id"),
        ("kind: helpline", "kind: lifeline", 4, "kind"),
        ("    kind: helpline\n", "", 3, "kind"),
        ('"Linje"', '""', 5, "name"),
        ('"Linje"', '"Lin\\u202eje"', 5, "name"),
        ('dial: "116111"', 'dial: "116 111"', 8, "dial"),
        ('dial: "116111"', 'dial: "116112"', 8, "dial"),
        ('dial: "116111"', 'dial: "+116111"', 8, "dial"),
        ('    dial: "116111"\n', "", 8, "contact"),
        ("[call, chat]", "[chat]", 9, "contact"),
        ("[call, chat]", "[call, fax]", 9, "contact"),
        ("[call, chat]", "[call, call]", 9, "contact"),
        ("[call, chat]", "call", 9, "contact"),
        ('https://www.line.example/"', 'www.line.example"', 10, "url"),
        ('https://www.line.example/"', 'javascript:alert(1)"', 10, "url"),
        ('https://www.line.example/"', 'https://me@line.example/"', 10, "url"),
        ("cost: free", "cost: cheap", 11, "cost"),
        ("hours: always", "hours: office hours", 12, "hours"),
        ("hours: always", 'hours: [{days: weekdays, from: "09:00", to: "10:00"}]', 12, "days"),
        ("hours: always", 'hours: [{days: daily, from: "09:00", to: 22:00}]', 12, "to"),
        ("hours: always", 'hours: [{days: daily, from: "09:00", to: "24:00"}]', 12, "to"),
        ("hours: always", 'hours: [{days: daily, from: "09:00", to: "09:00"}]', 12, "to"),
        ("hours: always", 'hours: [{days: daily, from: "09:00"}]', 12, "to"),
        ("audience: children", "audience: kids", 14, "audience"),
        ("anonymous: true", "anonymous: false", 15, "anonymous"),
        ("anonymous: true", "anonymous: yes", 15, "anonymous"),
        ('    sources:\n      - "https://www.line.example/about"', "    sources: []", 16, "sources"),
        ('"https://www.line.example/about"', '"a leaflet"', 17, "sources"),
        ('"2024-03"', '"2024-13"', 18, "source_date"),
        ('"2024-03"', '"March 2024"', 18, "source_date"),
        ('"2024-03"', "2024-03-01", 18, "source_date"),
        ('"2024-03"', "2024", 18, "source_date"),
        ("confidence: high", "confidence: sure", 19, "confidence"),
        ("status: candidate", "status: fine", 20, "status"),
        ("status: candidate", "status: verified", 3, "last_verified"),
        ("status: candidate", 'status: candidate\n    last_verified: "2026-01-02"', 20, "status"),
        ("status: candidate", 'status: verified\n    last_verified: "2026-02-30"', 21, "last_verified"),
        ("status: candidate", 'status: verified\n    last_verified: "2026-01"', 21, "last_verified"),
        ("note: ", "remark: ", 21, "key"),
        ("cost: free", "cost: free\n    cost: paid", 12, "key"),
        ('    number: "116 111"', '\tnumber: "116 111"', 7, "yaml"),
    ],
)
def test_a_fault_is_refused_with_its_line(refused: Refused, part: str, other: str, line: int, rule: str) -> None:
    assert (line, rule) in [(problem.line, problem.rule) for problem in refused(part, other)]


def test_two_services_with_one_id_are_refused(refused: Refused) -> None:
    entry = LINE.partition("services:\n")[2]
    (problem,) = refused(entry, entry + entry)
    assert (problem.line, problem.rule) == (22, "id")


def test_a_service_that_nobody_can_reach_is_refused(refused: Refused) -> None:
    reach = LINE[LINE.index("    number:") : LINE.index("    cost:")]
    assert [problem.rule for problem in refused(reach, "")] == ["url"]


def test_every_fault_of_a_file_is_told_at_once(refused: Refused) -> None:
    assert len(refused("cost: free\n    hours: always", "cost: cheap\n    hours: late")) == 2


def test_a_check_by_a_person_is_read(read: Callable[[str], Service]) -> None:
    checked = 'verified\n    last_verified: "2026-01-02"\n    verified_by: "Ana"\n    verified_how: page'
    service = read(LINE.replace("candidate", checked))
    assert str(service.last_verified) == "2026-01-02"
    assert (service.verified_by, service.verified_how) == ("Ana", "page")


def test_a_broken_file_is_left_out_and_the_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "helplines"
    folder.mkdir(parents=True)
    (folder / "worldwide.yaml").write_text(WORLDWIDE)
    (folder / "no.yaml").write_text(LINE)
    (folder / "se.yaml").write_text(LINE.replace('"NO"', '"SE"').replace("kind: helpline", "kind: lifeline"))
    directory = read_directory(folder)
    assert directory.codes == ("NO",)
    assert directory.country("SE") is None
    assert [(one.path, one.line) for one in directory.problems] == [("content/helplines/se.yaml", 4)]


def test_missing_worldwide_services_are_a_problem_but_no_end(tmp_path: Path) -> None:
    (tmp_path / "no.yaml").write_text(LINE)
    directory = read_directory(tmp_path)
    assert directory.codes == ("NO",)
    assert directory.worldwide.services == ()
    assert "worldwide.yaml" in directory.problems[0].path


@given(
    st.text() | st.sampled_from(LINE.splitlines()).flatmap(lambda one: st.text().map(lambda x: LINE.replace(one, x)))
)
def test_no_text_makes_reading_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("helplines")
    (folder / "no.yaml").write_text(text, "utf-8")
    assert len(read_directory(folder).codes) <= 1
