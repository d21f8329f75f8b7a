"""The directory of services: whose number a reader may see, in which order, and what is shipped."""

import re
from dataclasses import replace

import pytest

from portal.helplines.directory import Directory, groups, read_directory
from portal.helplines.service import Service
from portal.settings import ROOT

LINE = Service(
    id="line",
    country="NO",
    kind="helpline",
    name="Linje",
    name_lang="nb",
    audience="children",
    sources=("https://www.line.example/about",),
    confidence="high",
    status="candidate",
    number="116 111",
    dial="116111",
    contact=("call",),
    url="https://www.line.example/",
)

# Numbers that are out of service, or never were in it, but are still printed (research of November 2026).
DEAD = {
    "BA": {"112"},
    "CZ": {"800155555"},
    "FR": {"0800200000", "0800200200"},
    "GB": {"0500700700"},
    "MK": {"080012222"},
    "PS": {"121"},
    "RS": {"0800123456"},
}


@pytest.fixture(scope="module")
def shipped() -> Directory:
    return read_directory(ROOT / "content" / "helplines")


def all_services(directory: Directory) -> list[Service]:
    return [one for country in (*directory.countries, directory.worldwide) for one in country.services]


def find(directory: Directory, code: str, name: str) -> Service:
    country = directory.country(code)
    assert country
    return next(one for one in country.services if one.id == name)


def shown(directory: Directory, code: str) -> list[Service]:
    return [one for section in groups(directory, code).values() for one in section]


# What is shown


def test_a_number_of_high_evidence_is_shown() -> None:
    assert (LINE.shown_number, LINE.tel_href, LINE.withheld) == ("116 111", "tel:116111", False)


@pytest.mark.parametrize("confidence", ["medium", "low"])
def test_doubtful_numbers_are_withheld_but_the_address_stays(confidence: str) -> None:
    doubtful = replace(LINE, confidence=confidence)
    assert (doubtful.shown_number, doubtful.tel_href, doubtful.withheld) == (None, None, True)
    assert doubtful.is_shown
    assert doubtful.url == LINE.url


def test_a_doubtful_number_without_an_address_is_no_help() -> None:
    doubtful = replace(LINE, confidence="medium", url=None)
    assert not doubtful.is_shown
    assert replace(doubtful, kind="emergency").is_shown


def test_an_address_needs_no_number_and_no_high_evidence() -> None:
    assert replace(LINE, confidence="low", number=None, dial=None, contact=()).is_shown


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("Linje – 116111", "Linje"),
        ("116 111 – Linje", "Linje"),
        ("116 111", ""),
        ("Linje 1161110", "Linje 1161110"),
    ],
)
def test_a_doubtful_number_is_withheld_from_the_name_too(name: str, left: str) -> None:
    assert replace(LINE, name=name, confidence="low").shown_name == left
    assert replace(LINE, name=name).shown_name == name


def test_a_number_that_a_person_verified_is_shown_whatever_its_evidence() -> None:
    assert replace(LINE, status="verified", confidence="low").shows_number


@pytest.mark.parametrize("status", ["stale", "withdrawn"])
def test_a_number_that_is_stale_or_withdrawn_is_not_shown(status: str) -> None:
    service = replace(LINE, status=status)
    assert not service.shows_number
    assert service.is_shown == (status == "stale")


def test_a_number_for_messages_is_not_dialled(shipped: Directory) -> None:
    service = find(shipped, "TR", "duy")
    assert service.shown_number == "0530 918 11 17"
    assert service.tel_href is None


def test_the_sections_come_in_the_order_of_the_page(shipped: Directory) -> None:
    for code in (*shipped.codes, "XX"):
        assert list(groups(shipped, code)) == ["danger", "talk", "report", "removal"]


def test_children_come_before_everyone_and_parents_and_missing_children_last(shipped: Directory) -> None:
    talk = [one.id for one in groups(shipped, "DE")["talk"]]
    assert talk == [
        "nummer-gegen-kummer",
        "hilfe-telefon",
        "nummer-gegen-kummer-parents",
        "missing-children",
        "child-helpline-international",
    ]


def test_report_remove_comes_first_in_britain_and_adults_only_last(shipped: Directory) -> None:
    removal = groups(shipped, "GB")["removal"]
    assert [one.id for one in removal] == ["report-remove", "take-it-down", "stopncii"]
    assert removal[-1].audience == "adults"


def test_hotlines_come_before_the_police(shipped: Directory) -> None:
    kinds = [one.kind for one in groups(shipped, "HR")["report"] if one.country == "HR"]
    assert kinds == ["hotline", "police"]


def test_a_doubtful_police_number_is_no_help_in_danger(shipped: Directory) -> None:
    assert [one.id for one in groups(shipped, "LB")["danger"]] == ["emergency"]


def test_a_country_without_a_file_gets_the_worldwide_services(shipped: Directory) -> None:
    found = groups(shipped, "XX")
    assert [one.id for one in found["talk"]] == ["child-helpline-international"]
    assert found["report"][0].id == "inhope"
    assert found["removal"][0].id == "take-it-down"


def test_worldwide_services_follow_in_every_country(shipped: Directory) -> None:
    for code in shipped.codes:
        found = groups(shipped, code)
        assert found["talk"][-1].id == "child-helpline-international"
        assert {"inhope", "icmec-directory"} <= {one.id for one in found["report"]}
        assert {"take-it-down"} <= {one.id for one in found["removal"]}


def test_a_number_of_one_continent_is_no_fallback_elsewhere(shipped: Directory) -> None:
    for code in (*shipped.codes, "XX"):
        assert not [one for one in shown(shipped, code) if one.country == "ZZ" and one.number]


def test_a_service_that_its_country_lists_is_not_repeated(shipped: Directory) -> None:
    assert [one.country for one in shown(shipped, "US") if one.name == "NCMEC CyberTipline"] == ["US"]


# What is shipped


def test_every_shipped_file_is_valid(shipped: Directory) -> None:
    assert shipped.problems == ()


def test_all_services_of_the_research_are_there(shipped: Directory) -> None:
    assert len(shipped.codes) == 49
    assert len(all_services(shipped)) == 214


def test_every_dial_string_consists_of_digits(shipped: Directory) -> None:
    for service in all_services(shipped):
        assert service.dial is None or re.fullmatch(r"\+?[0-9]{2,15}", service.dial)


def test_every_country_names_its_emergency_service_first(shipped: Directory) -> None:
    for code in shipped.codes:
        assert groups(shipped, code)["danger"][0].kind == "emergency"


def test_nothing_is_shipped_as_verified_before_a_person_has_checked_it(shipped: Directory) -> None:
    assert {one.status for one in all_services(shipped)} == {"candidate"}


def test_doubtful_numbers_are_nowhere_on_the_page_of_their_country(shipped: Directory) -> None:
    for code in shipped.codes:
        country = shipped.country(code)
        assert country
        visible = [re.sub(r"[\s.-]", "", f"{one.shown_name} {one.tel_href}") for one in shown(shipped, code)]
        for doubtful in (one.dial for one in country.services if one.withheld and one.dial):
            assert not [text for text in visible if re.search(rf"(?<![0-9]){doubtful}(?![0-9])", text)]


def test_bosnia_never_shows_112(shipped: Directory) -> None:
    for service in shown(shipped, "BA"):
        assert "112" not in f"{service.shown_name} {service.shown_number} {service.tel_href}"
    emergency = find(shipped, "BA", "emergency")
    assert (emergency.number, emergency.withheld) == ("122", True)


def test_dead_numbers_never_come_back(shipped: Directory) -> None:
    for code, numbers in DEAD.items():
        country = shipped.country(code)
        assert country
        assert not {re.sub("[^0-9]", "", one.number or "") for one in country.services} & numbers


@pytest.mark.parametrize(
    ("code", "name", "number", "confidence"),
    [
        ("BA", "plavi-telefon", "080 05 03 05", "high"),
        ("BA", "sigurnodijete-support", None, "low"),
        ("MK", "alo-bushavko", "070 390 632", "medium"),
        ("PS", "sawa", "164", "low"),
        ("RS", "emergency", "192", "medium"),
        ("IQ", "emergency", "911", "high"),
        ("FR", "online-violence-line", "3018", "high"),
    ],
)
def test_conflicts_about_numbers_are_settled(
    shipped: Directory, code: str, name: str, number: str | None, confidence: str
) -> None:
    service = find(shipped, code, name)
    assert (service.number, service.confidence) == (number, confidence)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("TN", "green-line"), ("TN", "child-protection-delegates"), ("MA", "emc-helpline"), ("GB", "childline")),
        *(("NL", "veilig-thuis"), ("LB", "family-violence-line"), ("AU", "crime-stoppers")),
    ],
)
def test_hours_that_are_unsure_are_left_open(shipped: Directory, code: str, name: str) -> None:
    assert find(shipped, code, name).hours is None


def test_numbers_of_a_region_are_not_shown_as_national(shipped: Directory) -> None:
    assert find(shipped, "AE", "sharjah-child-protection").area == "Sharjah"
    assert find(shipped, "IQ", "child-helpline-kurdistan").area == "Kurdistan Region"
    assert find(shipped, "MA", "emergency").area == "towns"
    country = shipped.country("LB")
    assert country
    assert all(one.area for one in country.services if one.kind == "helpline")


def test_an_uncertain_promise_of_anonymity_is_not_made(shipped: Directory) -> None:
    assert not find(shipped, "SK", "viac-ako-nick").anonymous
