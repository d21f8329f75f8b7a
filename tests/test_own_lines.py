"""The operator's own file: it wins over the shipped data and survives updates, and checks are written into it."""

from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from own_lines import NEW_LINE, OTHER_NUMBER, SHIPPED, Site, bosnia, line, site_in

from portal.app import create_app
from portal.helplines.directory import Country, groups, read_directory
from portal.helplines.own_file import read_own
from portal.settings import Settings


@pytest.fixture
def site(small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site_in(tmp_path, small, monkeypatch)


# The operator's own file


def test_a_file_that_is_not_there_yet_changes_nothing(site: Site) -> None:
    assert read_directory(SHIPPED, site.own) == read_directory(SHIPPED)


def test_an_own_entry_replaces_a_number_and_keeps_the_rest(site: Site) -> None:
    directory = site.write(OTHER_NUMBER)
    found = line(directory)
    assert directory.problems == directory.disagreements == ()
    assert (found.shown_number, found.tel_href, found.verified_by) == ("033 111 222", "tel:033111222", "Ana")
    assert (found.name, found.url) == ("Plavi telefon", "https://www.plavitelefon.ba/")


def test_an_own_entry_hides_a_service(site: Site) -> None:
    directory = site.write("  - {id: plavi-telefon, hide: true}\n")
    assert directory.problems == ()
    assert bosnia(directory).service("plavi-telefon") is None
    assert len(bosnia(directory).services) == 3


def test_an_own_entry_adds_a_service(site: Site) -> None:
    directory = site.write(NEW_LINE)
    assert directory.problems == ()
    assert "school-line" in [one.id for one in groups(directory, "BA")["talk"]]


def test_a_country_that_is_not_shipped_can_be_added(site: Site) -> None:
    directory = site.write(NEW_LINE, 'country: "IS"\nservices:\n')
    assert "IS" in directory.codes
    assert len(directory.codes) == 50


def test_an_own_order_comes_before_every_other(site: Site) -> None:
    assert [one.id for one in groups(read_directory(SHIPPED), "BA")["talk"]][0] == "plavi-telefon"
    directory = site.write("", 'country: "BA"\norder: [sigurnodijete-support]\nservices: []\n')
    found = [one.id for one in groups(directory, "BA")["talk"]]
    assert found == ["sigurnodijete-support", "plavi-telefon", "child-helpline-international"]


def test_worldwide_services_can_be_hidden_in_the_same_file(site: Site) -> None:
    directory = site.write(OTHER_NUMBER + '---\ncountry: "ZZ"\nservices:\n  - {id: stopncii, hide: true}\n')
    assert line(directory).number == "033 111 222"
    assert "stopncii" not in [one.id for one in groups(directory, "BA")["removal"]]


def test_a_folder_holds_a_file_for_each_country(site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "ba.yaml").write_text(f'country: "BA"\nservices:\n{OTHER_NUMBER}')
    (folder / "worldwide.yaml").write_text('country: "ZZ"\nservices:\n  - {id: stopncii, hide: true}\n')
    directory = read_directory(SHIPPED, folder)
    assert line(directory).number == "033 111 222"
    assert directory.worldwide.service("stopncii") is None


def test_an_own_number_survives_an_update_and_the_disagreement_is_told(site: Site) -> None:
    site.write(OTHER_NUMBER)
    site.ship('number: "080 05 03 05"\n    dial: "080050305"', 'number: "080 99 99 99"\n    dial: "080999999"')
    ran = site.helplines("check")
    assert ran.exit_code == 1
    assert (
        "own.yaml:5: instead_of: this replaces 080 05 03 05, but the shipped number is 080 99 99 99 now" in ran.stdout
    )
    assert line(read_directory(site.settings.content / "helplines", site.own)).shown_number == "033 111 222"
    assert site.helplines("verify", "BA", "plavi-telefon", "--by", "Eva", "--how", "page").exit_code == 0
    assert "instead_of" not in site.helplines("check").stdout


def test_an_own_number_survives_that_the_shipped_one_is_not_called_any_more(site: Site) -> None:
    site.verify_all()
    site.ship(
        '    number: "080 05 03 05"\n    dial: "080050305"\n    contact: [call, chat, email]\n', "    contact: [chat]\n"
    )
    directory = read_directory(site.settings.content / "helplines", site.own)
    assert directory.problems == ()
    assert line(directory).tel_href == "tel:080050305"
    assert len(directory.disagreements) == 1


def test_the_same_number_written_otherwise_is_no_disagreement(site: Site) -> None:
    site.verify_all()
    site.ship('number: "080 05 03 05"', 'number: "080 050-305"')
    assert read_directory(site.settings.content / "helplines", site.own).disagreements == ()


def test_a_service_that_an_update_withdraws_is_told(site: Site) -> None:
    site.verify_all()
    site.ship("confidence: high\n    status: candidate", "confidence: high\n    status: withdrawn")
    assert "own.yaml" in (ran := site.helplines("check")).stdout
    assert "withdrawn this service" in ran.stdout


@pytest.mark.parametrize(
    ("old", "new", "place", "rule"),
    [
        ('"033 111 222"', '"033 111 call"', 4, "number"),
        ('"033 111 222"', "033111222", 4, "number"),
        ('"2025-11-20"', '"2025-13-20"', 7, "last_verified"),
        ("phone", "dream", 9, "verified_how"),
        ("    verified_how: phone\n", "", 3, "verified_how"),
        ("    status: verified\n", "", 3, "status"),
        ('    number: "033 111 222"\n', "", 3, "number"),
        ("id: plavi-telefon", "id: plavi-telefn", 3, "id"),
        ("instead_of:", "insteadof:", 5, "key"),
        ('"033 111 222"', '"033 111 222"\n    dial: "033111223"', 5, "dial"),
        (OTHER_NUMBER, "  - {id: nobody, hide: true}\n", 3, "id"),
        (OTHER_NUMBER, NEW_LINE.replace("school-line", "own-line") + "    hide: true\n", 3, "id"),
        (OTHER_NUMBER, "  - {id: emergency, confidence: high}\n", 3, "last_verified"),
        (OTHER_NUMBER, "  - {id: emergency, status: verified}\n", 3, "last_verified"),
    ],
)
def test_a_broken_entry_is_named_with_file_and_line_and_the_shipped_service_stays(
    site: Site, old: str, new: str, place: int, rule: str
) -> None:
    assert OTHER_NUMBER.count(old) == 1
    directory = site.write(OTHER_NUMBER.replace(old, new) + NEW_LINE)
    assert (str(site.own), place, rule) in [(one.path, one.line, one.rule) for one in directory.problems]
    shipped = read_directory(site.settings.content / "helplines")
    assert line(directory) == line(shipped)
    assert line(directory, "emergency") == line(shipped, "emergency")
    assert bosnia(directory).service("school-line")


@pytest.mark.parametrize("text", ["country: [", "services: []\n", 'country: "UK"\nservices: []\n', "- BA\n", "\x00"])
def test_a_file_that_is_broken_as_a_whole_leaves_the_shipped_data(site: Site, text: str) -> None:
    site.own.write_text(text)
    directory = read_directory(site.settings.content / "helplines", site.own)
    assert {one.path for one in directory.problems} == {str(site.own)}
    assert directory.countries == read_directory(site.settings.content / "helplines").countries


@given(
    st.text() | st.sampled_from(OTHER_NUMBER.splitlines()).flatmap(lambda one: st.text().map(lambda x: _with(one, x)))
)
def test_no_text_makes_reading_fail(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("own") / "own.yaml"
    path.write_text(text, "utf-8")
    assert len(read_own(path, {"BA": Country("BA", ())}).countries) <= 1


def _with(line: str, other: str) -> str:
    return f'country: "BA"\nservices:\n{OTHER_NUMBER}'.replace(line, other)


def test_an_unknown_service_in_an_order_and_a_country_twice_are_told(site: Site) -> None:
    head = 'country: "BA"\norder: [nobody, emergency]\nservices: []\n---\ncountry: "BA"\nservices:\n'
    directory = site.write(OTHER_NUMBER, head)
    assert [(one.line, one.rule) for one in directory.problems] == [(2, "order"), (5, "country")]
    assert bosnia(directory).order == ("emergency",)


def test_a_broken_own_file_shows_in_the_sites_health(site: Site) -> None:
    site.write("  - {id: nobody, hide: true}\n")
    answer = create_app(site.settings).test_client().get("/healthz")
    assert answer.status_code == 503
    assert "own.yaml" in answer.get_data(as_text=True)


# portal helplines verify


def test_bosnias_emergency_number_is_shown_once_somebody_has_checked_it(site: Site) -> None:
    ran = site.helplines("verify", "ba", "emergency", "--by", "Ana Anić", "--how", "phone", "--on", "2025-11-20")
    assert ran.exit_code == 0, ran.output
    assert ran.stdout == "own.yaml: Policija, 122: checked, and due again on 2026-11-20\n"
    client = create_app(site.settings, lambda: date(2025, 11, 21)).test_client()
    page = BeautifulSoup(client.get("/en/help/").data, "html.parser")
    assert page.find("a", href="tel:122")
    assert "Checked by Ana Anić on 20 November 2025, by telephone." in page.get_text()


def test_shipped_data_are_never_written(site: Site) -> None:
    files = {path: path.read_bytes() for path in (site.settings.content / "helplines").iterdir()}
    site.verify_all()
    assert files == {path: path.read_bytes() for path in (site.settings.content / "helplines").iterdir()}


OWN_WITH_COMMENTS = f"""\
# Our lines – الأرقام 😀
country: "BA"
services:  # keep them sorted
  # asked in May
{OTHER_NUMBER.replace('"Ana"', '"Ana"  # by phone')}\
# the end
---
country: "DE"
services:
- id: hilfe-telefon   # not for children
  hide: true
"""


def test_a_check_is_added_and_every_other_line_stays(site: Site) -> None:
    site.own.write_text(OWN_WITH_COMMENTS, "utf-8")
    for code, name in (("BA", "emergency"), ("DE", "emergency"), ("NO", "alarmtelefonen"), ("ZZ", "inhope")):
        ran = site.helplines("verify", code, name, "--by", 'Eva "E."', "--how", "email", "--on", "2025-11-21")
        assert ran.exit_code == 0, ran.output
    lines = site.own.read_text("utf-8").splitlines()
    assert [one for one in OWN_WITH_COMMENTS.splitlines() if one not in lines] == []
    directory = read_directory(SHIPPED, site.own)
    assert directory.problems == ()
    assert line(directory, "emergency").verified_by == 'Eva "E."'
    assert line(directory).number == "033 111 222"
    norway = directory.country("NO")
    assert norway
    assert norway.services[1].status == "verified"


def test_a_second_check_replaces_the_first_one_and_keeps_the_comments(site: Site) -> None:
    site.own.write_text(OWN_WITH_COMMENTS, "utf-8")
    ran = site.helplines("verify", "BA", "plavi-telefon", "--by", "Eva", "--how", "email", "--on", "2025-11-21")
    assert ran.exit_code == 0, ran.output
    text = site.own.read_text("utf-8")
    assert 'verified_by: "Eva"  # by phone\n' in text
    assert text.count("plavi-telefon") == 1
    found = line(read_directory(SHIPPED, site.own))
    assert (found.last_verified, found.verified_how, found.number) == (date(2025, 11, 21), "email", "033 111 222")


def test_a_check_of_an_own_service_stands_in_its_own_entry(site: Site) -> None:
    site.write(NEW_LINE)
    assert site.helplines("verify", "BA", "school-line", "--by", "Eva", "--how", "page").exit_code == 0
    assert line(read_directory(SHIPPED, site.own), "school-line").status == "verified"


def test_in_a_folder_a_check_goes_where_its_country_is(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "ours.yaml").write_text('country: "BA"\nservices: []\n')
    monkeypatch.setenv("PORTAL_HELPLINES", "own")
    for code, name in (("BA", "emergency"), ("DE", "emergency"), ("ZZ", "inhope")):
        assert site.helplines("verify", code, name, "--by", "Eva", "--how", "page").exit_code == 0
    assert sorted(path.name for path in (tmp_path / "own").iterdir()) == ["de.yaml", "ours.yaml", "worldwide.yaml"]
    assert read_directory(SHIPPED, tmp_path / "own").problems == ()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("BA", "nobody", "--by", "Eva", "--how", "page"), "BA has no service nobody"),
        (("XX", "emergency", "--by", "Eva", "--how", "page"), "no country XX"),
        (("BA", "emergency", "--by", " ", "--how", "page"), "a name is a line of text"),
        (("BA", "emergency", "--by", "Eva", "--how", "dream"), "'dream' is not one of"),
        (("BA", "emergency", "--by", "Eva", "--how", "page", "--on", "2999-01-01"), "still to come"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(site: Site, arguments: tuple[str, ...], reason: str) -> None:
    ran = site.helplines("verify", *arguments)
    assert (ran.exit_code, reason in ran.output) == (2, True)
    assert not site.own.exists()


@pytest.mark.parametrize(
    "text",
    [
        "country: [",
        'country: "BA"\nservices:\n  - {id: emergency, url: "https://www.example.org/"}\n',
        'country: "BA"\nservices: [{id: emergency}]\n',
        'country: "BA"\n',
        'country: "BA"\nservices:\n  - id: emergency\n    kind: lifeline\n',
    ],
)
def test_a_file_that_a_check_cannot_be_written_into_is_left_as_it_is(site: Site, text: str) -> None:
    site.own.write_text(text)
    ran = site.helplines("verify", "BA", "emergency", "--by", "Eva", "--how", "page")
    assert ran.exit_code == 1
    assert "own.yaml" in ran.stdout
    assert [path.name for path in site.own.parent.glob("own*")] == ["own.yaml"]
    assert site.own.read_text() == text


def test_checks_need_a_file_of_the_operators_own(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORTAL_HELPLINES")
    ran = site.helplines("verify", "BA", "emergency", "--by", "Eva", "--how", "page")
    assert (ran.exit_code, 'helplines = "helplines.yaml"' in ran.output) == (1, True)
