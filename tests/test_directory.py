"""Keeping the directory right: checks grow old, the commands tell what is to mend, and a site may not start."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from click.testing import Result
from conftest import served
from own_lines import OTHER_NUMBER, SHIPPED, Site, site_in
from test_helplines import LINE
from werkzeug.wrappers import Request, Response

from portal import cli, links
from portal.app import create_app
from portal.helplines import ageing
from portal.helplines.directory import Country, Directory, read_directory
from portal.helplines.report import all_countries, to_mend
from portal.helplines.service import Service
from portal.settings import ROOT, Settings

DAY = date(2026, 1, 31)
CHECKED = replace(LINE, status="verified", last_verified=DAY, verified_by="Ana", verified_how="page")


@pytest.fixture
def site(small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    return site_in(tmp_path, small, monkeypatch)


def is_shown(service: Service, day: date) -> bool:
    return ageing.on(service, day).shows_number


# Checks grow old


def test_a_check_of_a_helpline_counts_six_months_and_thirty_days() -> None:
    assert ageing.due(CHECKED) == date(2026, 7, 31)
    assert not ageing.is_overdue(CHECKED, date(2026, 7, 31))
    assert ageing.is_overdue(CHECKED, date(2026, 8, 1))
    assert is_shown(CHECKED, date(2026, 8, 30))
    assert not is_shown(CHECKED, date(2026, 8, 31))


@pytest.mark.parametrize("kind", ["hotline", "removal", "missing"])
def test_other_lines_grow_old_as_helplines_do(kind: str) -> None:
    assert ageing.last_day(replace(CHECKED, kind=kind)) == date(2026, 8, 30)


def test_a_month_that_is_shorter_ends_a_check_on_its_last_day() -> None:
    assert ageing.due(replace(CHECKED, check_often=True)) == date(2026, 4, 30)
    assert ageing.due(replace(CHECKED, last_verified=date(2026, 8, 31))) == date(2027, 2, 28)


def test_what_is_overdue_keeps_its_address_and_loses_its_number_and_hours() -> None:
    late = ageing.on(replace(CHECKED, hours="always"), date(2027, 1, 1))
    assert (late.status, late.shown_number, late.tel_href, late.withheld) == ("stale", None, None, True)
    assert late.is_shown
    assert not late.is_trusted


@pytest.mark.parametrize("kind", ["emergency", "police"])
@pytest.mark.parametrize("code", ["NO", "SY"])
def test_emergency_and_police_numbers_stay_however_old_their_check_is(kind: str, code: str) -> None:
    service = replace(CHECKED, kind=kind, country=code)
    assert ageing.due(service) == (date(2027, 1, 31) if code == "NO" else date(2026, 4, 30))
    assert ageing.is_overdue(service, date(2030, 1, 1))
    assert is_shown(service, date(2030, 1, 1))


@pytest.mark.parametrize(
    "service", [replace(CHECKED, check_often=True), *(replace(CHECKED, country=code) for code in ageing.CONFLICT_AREAS)]
)
def test_what_changes_quickly_counts_three_months_without_grace(service: Service) -> None:
    assert is_shown(service, date(2026, 4, 30))
    assert not is_shown(service, date(2026, 5, 1))


def test_a_candidate_of_high_evidence_does_not_grow_old() -> None:
    old = replace(LINE, source_date="2001")
    assert is_shown(old, date(2040, 1, 1))
    assert (ageing.due(old), ageing.is_overdue(old, date(2040, 1, 1))) == (None, False)


def test_a_check_on_a_day_to_come_counts_for_nothing() -> None:
    assert is_shown(CHECKED, DAY - timedelta(days=1))
    assert not is_shown(CHECKED, DAY - timedelta(days=2))


def test_shipped_mobile_numbers_are_checked_often() -> None:
    directory = read_directory(SHIPPED)
    marked = {(one.country, one.id) for found in all_countries(directory) for one in found.services if one.check_often}
    assert marked == {("MA", "emc-helpline"), ("MK", "alo-bushavko"), ("TR", "duy")}


def test_a_running_site_withholds_a_number_on_the_day_its_check_ends(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.site._GLANCE", -1)
    site.write(OTHER_NUMBER)
    now = [date(2025, 11, 21)]
    client = create_app(site.settings, lambda: now[0]).test_client()
    assert b"tel:033111222" in client.get("/en/help/ba/").data
    now[0] = date(2026, 6, 19)
    assert b"tel:033111222" in client.get("/en/help/ba/").data
    now[0] = date(2026, 6, 20)
    page = client.get("/en/help/ba/").get_data(as_text=True)
    assert "033 111 222" not in page
    assert "https://www.plavitelefon.ba/" in page
    assert "childhelplineinternational.org" in page


# portal helplines list


def test_the_list_tells_what_is_shown_what_is_withheld_and_why(site: Site) -> None:
    site.write(OTHER_NUMBER)
    rows = site.helplines("list", "ba", "--today", "2025-12-01").stdout.splitlines()
    assert re.fullmatch(r"BA +emergency +emergency +Policija +122 +withheld: medium evidence +never", rows[1])
    assert re.search(r"plavi-telefon .* 033 111 222 +shown +2025-11-20 +2026-05-20$", rows[3])
    late = site.helplines("list", "BA", "--today", "2026-07-01").stdout
    assert re.search(r"033 111 222 +withheld: overdue", late)


def test_the_list_without_a_country_has_every_service(site: Site) -> None:
    ran = site.helplines("list")
    assert (ran.exit_code, len(ran.stdout.splitlines())) == (0, 215)


def test_the_list_refuses_a_country_it_does_not_have(site: Site) -> None:
    ran = site.helplines("list", "XX")
    assert (ran.exit_code, "no country XX" in ran.output) == (2, True)


# portal helplines check


def test_what_nobody_has_checked_in_the_sites_country_is_to_mend(site: Site) -> None:
    ran = site.helplines("check")
    assert ran.exit_code == 1
    assert "BA: unverified: checked by no person: emergency," in ran.stdout
    assert "DE: unverified" not in ran.stdout
    assert "advice: DE: unverified" in ran.stderr
    assert "there is no file own.yaml yet" in ran.stderr


def test_a_directory_that_was_checked_is_sound_until_it_is_overdue(site: Site) -> None:
    site.verify_all()
    assert site.helplines("check").stdout == "the directory is sound\n"
    half_a_year_on = date.today() + timedelta(days=190)
    ran = site.helplines("check", "--today", str(half_a_year_on))
    assert ran.exit_code == 1
    assert "BA plavi-telefon: overdue: checked on" in ran.stdout
    assert "its number is shown until" in ran.stdout
    assert "BA emergency: overdue" not in ran.stdout
    much_later = site.helplines("check", "--today", "2031-01-01").stdout
    assert re.search("BA plavi-telefon: overdue: .* its number is withheld", much_later)
    assert re.search("BA emergency: overdue: .* its number is still shown", much_later)


def test_a_check_on_a_day_to_come_is_told(site: Site) -> None:
    site.write(OTHER_NUMBER)
    assert "BA plavi-telefon: date: " in site.helplines("check", "--today", "2025-01-01").stdout


def conflicts(*services: Service) -> list[str]:
    directory = Directory((Country("NO", services),), Country("ZZ", (LINE,)), ())
    return [str(finding) for finding in to_mend(directory, DAY)]


def test_one_number_under_two_names_in_a_country_is_a_conflict() -> None:
    (told,) = conflicts(LINE, replace(LINE, id="other", name="Andre", number="116-111"))
    assert told == "NO line, other: conflict: both have the number 116 111: Linje and Andre"


def test_one_service_with_two_tasks_is_no_conflict() -> None:
    assert conflicts(LINE, replace(LINE, id="other", name="Linje – kveld")) == []


def test_shipped_numbers_do_not_conflict_though_countries_share_some() -> None:
    assert list(to_mend(read_directory(SHIPPED), date.today())) == []


def test_broken_files_are_to_mend(site: Site) -> None:
    site.verify_all()
    site.ship("kind: emergency", "kind: emergencies")
    ran = site.helplines("check")
    assert ran.exit_code == 1
    assert "content/helplines/ba.yaml:4: kind:" in ran.stdout


# portal helplines check --online


@pytest.fixture
def elsewhere_and_here() -> Iterator[tuple[str, list[Request]]]:
    """A server of three sorts of addresses, and what it was asked."""
    asked: list[Request] = []

    @Request.application
    def answer(request: Request) -> Response:
        asked.append(request)
        if request.path == "/moved":
            port = request.host.rpartition(":")[2]
            return Response(status=302, headers={"Location": f"http://localhost:{port}/fine"})
        if request.path == "/no-head" and request.method == "HEAD":
            return Response(status=405)
        return Response(status=404 if request.path == "/gone" else 200)

    with served(answer) as address:
        yield address, asked


def test_addresses_are_asked_whether_they_answer(elsewhere_and_here: tuple[str, list[Request]]) -> None:
    address, asked = elsewhere_and_here
    found = links.faults(f"{address}/{path}" for path in ("fine", "fine", "gone", "moved", "no-head"))
    assert found == {
        f"{address}/gone": "answers 404 NOT FOUND",
        f"{address}/moved": "leads to another host, localhost",
    }
    assert sum(one.path == "/fine" and one.host.startswith("127.") for one in asked) == 1
    assert {one.headers["User-Agent"] for one in asked} == {"link-check/1.0"}
    assert not [one for one in asked if {"Cookie", "Referer", "From"} & set(one.headers.keys())]


def test_an_address_where_nothing_listens_is_told() -> None:
    assert links.fault_of("http://127.0.0.1:9/").startswith("can't be reached: ")


def test_addresses_are_asked_only_when_the_operator_wants_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def answer(urls: Iterator[str]) -> dict[str, str]:
        asked.extend(urls)
        return {"https://www.plavitelefon.ba/": "answers 404 Not Found"}

    monkeypatch.setattr("portal.directory.faults", answer)
    site.verify_all()
    assert site.helplines("check").exit_code == 0
    assert asked == []
    ran = site.helplines("check", "--online")
    assert ran.exit_code == 1
    assert "BA plavi-telefon: link: https://www.plavitelefon.ba/ answers 404 Not Found" in ran.stdout


# Starting


@pytest.fixture
def start(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Start the site, on a public address unless told otherwise; a server is never begun."""

    def run(*arguments: str, address: str = "https://example.org", **more: str) -> Result:
        monkeypatch.setattr(cli, "serve", lambda *_, **__: 0)
        monkeypatch.setenv("PORTAL_ADDRESS", address)
        for name, value in more.items():
            monkeypatch.setenv(f"PORTAL_{name.upper()}", value)
        return site.run("run", *arguments)

    return run


def test_a_public_site_without_a_checked_helpline_is_refused_and_told_what_to_do(start: Callable[..., Result]) -> None:
    ran = start()
    assert ran.exit_code == 1
    assert "no person has checked a helpline of BA" in ran.stderr
    assert 'portal helplines verify BA plavi-telefon --by "YOUR NAME" --how page' in ran.stderr
    assert 'unverified = "accept"' in ran.stderr


def test_a_checked_emergency_number_is_no_helpline(site: Site, start: Callable[..., Result]) -> None:
    site.helplines("verify", "BA", "emergency", "--by", "Ana", "--how", "page")
    assert start().exit_code == 1


def test_a_checked_helpline_lets_a_public_site_start(site: Site, start: Callable[..., Result]) -> None:
    site.helplines("verify", "BA", "plavi-telefon", "--by", "Ana", "--how", "page")
    ran = start()
    assert (ran.exit_code, "checked a helpline" in ran.stderr) == (0, False)


def test_a_check_that_is_overdue_warns_and_does_not_keep_a_site_down(site: Site, start: Callable[..., Result]) -> None:
    site.helplines("verify", "BA", "plavi-telefon", "--by", "Ana", "--how", "page", "--on", "2020-01-01")
    ran = start()
    assert (ran.exit_code, ran.stderr.count("the check of every helpline of BA is overdue")) == (0, 1)


def test_the_risk_can_be_accepted_by_name(start: Callable[..., Result]) -> None:
    assert start(unverified="accept").exit_code == 0
    assert start(unverified="yes").exit_code == 1


def test_a_country_without_a_helpline_is_told_to_add_one(start: Callable[..., Result]) -> None:
    ran = start(country="IS")
    assert ran.exit_code == 1
    assert "Add one to your own file first" in ran.stderr


def test_on_ones_own_machine_it_only_warns_once(start: Callable[..., Result]) -> None:
    ran = start(address=Settings.address)
    assert (ran.exit_code, ran.stderr.count("no person has checked")) == (0, 1)


def test_whoever_writes_texts_is_left_in_peace(start: Callable[..., Result]) -> None:
    ran = start("--reload")
    assert (ran.exit_code, "checked" in ran.stderr) == (0, False)


# Numbers stand in the data alone


def numbers_in(text: str) -> set[str]:
    """Give each row of digits of a text, and each that results from joining neighbours: "116 111" is three numbers.

    Addresses and dates of sources are left out, and ages such as "9–11", which are no number to call.
    """
    found = set()
    bare = re.sub(r"https?://\S+|\b\d{4}-\d\d-\d\d\b", "", text)
    for row in re.findall(r"\d+(?:[ \u00a0\u202f./()‑–-]{1,2}\d+)*", bare):
        parts = ["".join(str(int(digit)) for digit in part) for part in re.findall(r"\d+", row)]
        if not re.fullmatch(r"[1-9]\d?[–-]1?\d", row):
            found |= {"".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, len(parts) + 1)}
    return {one for one in found if len(one) >= 3}


@pytest.fixture(scope="module")
def numbers() -> set[str]:
    services = [one for found in all_countries(read_directory(SHIPPED)) for one in found.services if one.number]
    return {re.sub("[^0-9]", "", one.number or "") for one in services}


def test_numbers_in_texts_are_found_however_they_are_written() -> None:
    assert {"116111", "080050305", "122"} <= numbers_in("116-111, 080 05 03 05 und ١٢٢")
    assert numbers_in("9–11 (2026-11-21)") == set()


@pytest.mark.parametrize(
    "path", sorted((ROOT / "translations").rglob("*.po")), ids=lambda one: str(one.relative_to(ROOT))
)
def test_catalogs_hold_no_number_of_the_directory(path: Path, numbers: set[str]) -> None:
    with path.open("rb") as file:
        catalog = read_po(file)
    forms = [one.string if isinstance(one.string, tuple) else (one.string,) for one in catalog if one.id]
    assert {number for texts in forms for text in texts for number in numbers_in(text)} & numbers == set()


def test_texts_hold_no_number_of_the_directory(numbers: set[str]) -> None:
    found = {
        (path.name, number)
        for path in (ROOT / "content").rglob("*.md")
        for number in numbers_in(path.read_text("utf-8")) & numbers
    }
    assert found == set()
