"""What is said about a service: in the reader's language, whole, and nothing that is not known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest
from babel import Locale
from flask import Flask
from flask_babel import Babel, force_locale

from portal.content.language import language
from portal.helplines.directory import groups, read_directory
from portal.helplines.service import Opening, Service
from portal.lines import words
from portal.settings import ROOT

ENGLISH = Locale("en", "GB")
LINE = Service(
    id="line",
    country="BA",
    kind="helpline",
    name="Linija – 116 111",
    name_lang="bs",
    audience="children",
    sources=("https://line.example/about",),
    confidence="high",
    status="candidate",
    number="116 111",
    dial="116111",
    contact=("call",),
    url="https://www.line.example/help",
    cost="free",
    hours="always",
    languages=("bs", "cnr"),
    source_date="2025-12-31",
)
WEEK = Opening("mon-fri", time(9), time(22))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request of an English reader; nothing is translated, so that names of days and months show the locale."""
    app = Flask("words")
    Babel(app)
    with app.test_request_context():
        yield


def test_a_template_gets_all_it_prints() -> None:
    said = words.say(LINE, ENGLISH)
    assert (said["name"], said["kind_label"]) == ("Linija – 116 111", "Helpline for children")
    assert (said["number"], said["tel_href"]) == ("116 111", "tel:116111")
    assert (said["host"], said["free"], said["advice"]) == ("line.example", True, None)


def test_nothing_of_a_doubtful_number_is_said() -> None:
    said = words.say(replace(LINE, confidence="medium"), ENGLISH)
    assert not [value for value in said.values() if "116" in str(value)]
    assert (said["name"], said["number"], said["free"], said["hours"]) == ("Linija", None, None, None)
    assert said["advice"] == "We are not sure of this number yet. Please look for it on the website."


def test_a_name_that_is_only_a_doubtful_number_becomes_the_kind_of_service() -> None:
    said = words.say(replace(LINE, kind="missing", name="116 111", confidence="low"), ENGLISH)
    assert (said["name"], said["name_lang"]) == ("Missing children", "")


def test_a_doubtful_emergency_number_leads_to_people_nearby() -> None:
    advice = words.advice(replace(LINE, kind="emergency", confidence="medium"))
    assert advice
    assert advice.endswith("Go to an adult you trust, or to the nearest police station.")


def test_bosnia_never_says_112_in_any_language() -> None:
    directory = read_directory(ROOT / "content" / "helplines")
    for code in ("en", "fr", "de", "nl", "tr", "ar", "bs"):
        for section in groups(directory, "BA").values():
            for service in section:
                assert "112" not in str(words.say(service, language(code).locale))


@pytest.mark.parametrize("code", ["en", "fr", "de", "nl", "tr", "ar", "bs", "hr", "sr-Latn"])
def test_every_shipped_service_can_be_said_in_every_language(code: str) -> None:
    directory = read_directory(ROOT / "content" / "helplines")
    locale = language(code).locale
    for country in (*directory.countries, directory.worldwide):
        for service in country.services:
            assert words.say(service, locale)["name"]
            for spoken in service.languages:
                assert words.languages(replace(service, languages=(spoken,)), locale) != spoken


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "Monday to Friday, 09:00–22:00"),
        ("de", "Montag to Freitag, 09:00–22:00 Uhr"),
        ("bs", "ponedjeljak to petak, 09:00 – 22:00"),
        ("ar", "الاثنين to الجمعة, 9:00 ص – 10:00 م"),
    ],
)
def test_hours_name_days_and_times_as_the_language_does(code: str, text: str) -> None:
    said = words.hours(replace(LINE, hours=(WEEK,)), language(code).locale)
    assert said is not None
    assert " ".join(said.split()) == text


def test_hours_without_a_pause_or_on_every_day_have_their_own_words() -> None:
    assert words.hours(LINE, ENGLISH) == "day and night"
    daily = replace(LINE, hours=(Opening("daily", time(12), time(20)),))
    assert words.hours(daily, ENGLISH) == "every day, 12:00–20:00"


def test_different_days_are_told_apart() -> None:
    days = (Opening("mon,wed,fri", time(9), time(17)), Opening("tue,thu", time(9), time(19)))
    said = words.hours(replace(LINE, hours=days), ENGLISH)
    assert said == "Monday, Wednesday and Friday, 09:00–17:00; Tuesday and Thursday, 09:00–19:00"


def test_unknown_hours_cost_and_languages_are_not_guessed() -> None:
    said = words.say(replace(LINE, hours=None, cost=None, languages=()), ENGLISH)
    assert (said["hours"], said["free"], said["languages"], said["area"]) == (None, None, None, None)


def test_languages_are_a_list_in_words() -> None:
    assert words.languages(LINE, ENGLISH) == "Bosnian and Montenegrin"
    assert words.languages(replace(LINE, languages=("nl", "fr", "en")), Locale("de")) == (
        "Niederländisch, Französisch und Englisch"
    )


def test_a_part_of_a_country_is_named() -> None:
    assert words.area(replace(LINE, area="Sharjah")) == "Only in this area: Sharjah."
    assert words.area(replace(LINE, area="towns")) == "Only in towns."


@pytest.mark.parametrize(
    ("source_date", "code", "sentence"),
    [
        ("2025-12-31", "en", "Source from December 2025. Not yet checked by a person."),
        ("2025-12", "en", "Source from December 2025. Not yet checked by a person."),
        ("2023", "en", "Source from 2023. Not yet checked by a person."),
        (None, "en", "The source has no date. Not yet checked by a person."),
        ("2025-12", "bs", "Source from decembar 2025. Not yet checked by a person."),
    ],
)
def test_evidence_tells_the_date_of_the_source(source_date: str | None, code: str, sentence: str) -> None:
    assert words.evidence(replace(LINE, source_date=source_date), language(code).locale) == sentence


def test_evidence_owns_up_to_having_no_source() -> None:
    bare = replace(LINE, sources=(), confidence="low")
    assert words.evidence(bare, ENGLISH) == "We have no source for this yet. Not yet checked by a person."


@pytest.mark.parametrize(
    ("how", "way"), [("page", "on the service’s own page"), ("phone", "by telephone"), ("email", "by e-mail")]
)
def test_evidence_tells_who_checked_when_and_how(how: str, way: str) -> None:
    checked = replace(LINE, status="verified", last_verified=date(2026, 11, 21), verified_by="Ana", verified_how=how)
    assert words.evidence(checked, ENGLISH) == f"Checked by Ana on 21 November 2026, {way}."


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("en", ["Austria", "Côte", "Croatia", "Zambia"]),
        ("de", ["Niederlande", "Österreich", "Palästina"]),
        ("fr", ["Égypte", "Émirats", "Espagne", "Estonie"]),
        ("bs", ["Crna Gora", "Češka", "Danska", "Norveška", "Njemačka", "Slovenija", "Švedska", "Turska"]),
        ("tr", ["Cezayir", "Çekya", "Hırvatistan", "Irak", "İrlanda", "İsveç", "Ürdün", "Yunanistan"]),
        ("ar", ["الأردن", "البوسنة", "الجزائر"]),
    ],
)
def test_names_are_sorted_by_the_alphabet_of_the_language(code: str, names: list[str]) -> None:
    with force_locale(code):
        shuffled = [*names[1::2], *names[::2]]
        assert sorted(shuffled, key=words.sort_key) == names
