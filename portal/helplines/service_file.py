"""A country's file of services, checked so strictly that nothing in it can be misread."""

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import date, time
from pathlib import Path
from typing import Any

from babel import Locale

from portal.content.library import read_text
from portal.content.problem import ContentError, Problem
from portal.helplines.fields import Fields, Rule, documents
from portal.helplines.service import (
    ALWAYS,
    AUDIENCES,
    CHECKS,
    CONFIDENCES,
    CONTACTS,
    COSTS,
    DAYS,
    KINDS,
    STATUSES,
    Country,
    Opening,
    Service,
)

# The code of services for all countries, which ISO 3166 leaves to its users, and the name of their file.
WORLDWIDE = "ZZ"
WORLDWIDE_FILE = "worldwide.yaml"

KEYS = tuple(one.name for one in fields(Service) if one.name != "country")
CHECKED = ("last_verified", "verified_by", "verified_how")
_OPENING_KEYS = ("days", "from", "to")

_SPAN = rf"(?:{'|'.join(DAYS)})(?:-(?:{'|'.join(DAYS)}))?"


def _pattern(pattern: str, wanted: str) -> Rule:
    return Rule(re.compile(pattern).fullmatch, wanted)


def _one_of(words: Sequence[str]) -> Rule:
    return Rule(words.__contains__, f"one of: {', '.join(words)}")


def _is_date(text: str) -> bool:
    """Tell whether a year, a month or a day in ISO form is in the calendar."""
    try:
        return bool(re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text) and date.fromisoformat(f"{text}-01-01"[:10]))
    except ValueError:
        return False


CODE = Rule(
    lambda text: re.fullmatch("[A-Z]{2}", text) and text in Locale("en").territories,
    'a country\'s code such as "NO"',
)
TEXT = Rule(lambda text: text.isprintable() and text == text.strip() != "", "a line of text")
ID = _pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "small letters, digits and single dashes")
NUMBER = _pattern(r"\+?[0-9]+([ ./()-]+[0-9]+)*", 'digits, with spaces or dashes between them, such as "116 111"')
_DIAL = _pattern(r"\+?[0-9]+", 'digits, with a + before them or not, such as "116111"')
_URL = _pattern(
    r"https?://([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+\.?(:[0-9]+)?([/?#][^\s\"<>\\]*)?",
    "an address that starts with https:// or http://",
)
_LANGUAGE = _pattern(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", 'a language\'s code such as "bs" or "sr-Latn"')
_TIME = _pattern(r"([01][0-9]|2[0-3]):[0-5][0-9]", 'a time such as "09:00"')
_DAYS = _pattern(rf"daily|{_SPAN}(,{_SPAN})*", 'daily, or days such as mon-fri or "fri,sat"')
_SOURCE_DATE = Rule(_is_date, 'a date such as "2025-12-31", "2025-12" or "2025"')
_DATE = Rule(lambda text: len(text) == 10 and _is_date(text), 'a date such as "2025-12-31"')


def read_country(path: Path, name: str) -> Country:
    """Read a country's services. Raises ContentError with every problem and its line, under the file's `name`."""
    problems: list[Problem] = []
    parts = documents(read_text(path, name), name)
    if len(parts) != 1:
        raise ContentError(Problem(name, 0, "yaml", "the file must hold one country" if parts else "the file is empty"))
    file = Fields(name, parts[0], ("country", "services"), problems)
    code = file.text("country", CODE, needed=True)
    expected = WORLDWIDE_FILE if code == WORLDWIDE else f"{code.lower()}.yaml"
    if code and path.name != expected:
        file.refuse("country", f"the services of {code} belong into a file named {expected}")
    services: dict[str, Service] = {}
    for entry in file.parts("services", KEYS, needed=True):
        service = read_service(entry, code)
        if service.id and services.setdefault(service.id, service) is not service:
            entry.refuse("id", f"another service of this file has the id {service.id!r} already")
    if problems:
        raise ContentError(*problems)
    return Country(code, tuple(services.values()))


def read_service(entry: Fields, country: str) -> Service:
    """Give a service; where its fields have problems, it is for nothing but further checks."""
    service = Service(country=country, **_values(entry, needed=True))
    check_service(entry, service)
    return service


def read_changes(entry: Fields) -> dict[str, Any]:
    """Give those fields of a service that an entry has, by name; an entry may have any of them."""
    return {key: value for key, value in _values(entry, needed=False).items() if key in entry}


def check_service(entry: Fields, service: Service) -> None:
    """Refuse in an entry what does not go together in the service made from it."""
    _check_number(entry, service)
    _check_evidence(entry, service)


def _values(entry: Fields, *, needed: bool) -> dict[str, Any]:
    verified = entry.text("last_verified", _DATE)
    return {
        "id": entry.text("id", ID, needed=needed),
        "kind": entry.text("kind", _one_of(KINDS), needed=needed),
        "name": entry.text("name", TEXT, needed=needed),
        "name_lang": entry.text("name_lang", _LANGUAGE, needed=needed),
        "audience": entry.text("audience", _one_of(AUDIENCES), needed=needed),
        "sources": entry.texts("sources", _URL, needed=needed),
        "confidence": entry.text("confidence", _one_of(CONFIDENCES), needed=needed),
        "status": entry.text("status", _one_of(STATUSES), needed=needed),
        "number": entry.text("number", NUMBER) or None,
        "dial": entry.text("dial", _DIAL) or None,
        "contact": entry.texts("contact", _one_of(CONTACTS)),
        "url": entry.text("url", _URL) or None,
        "cost": entry.text("cost", _one_of(COSTS)) or None,
        "hours": _hours(entry),
        "languages": entry.texts("languages", _LANGUAGE),
        "anonymous": entry.flag("anonymous"),
        "directory": entry.flag("directory"),
        "check_often": entry.flag("check_often"),
        "area": entry.text("area", TEXT) or None,
        "source_date": entry.text("source_date", _SOURCE_DATE) or None,
        "last_verified": date.fromisoformat(verified) if verified else None,
        "verified_by": entry.text("verified_by", TEXT) or None,
        "verified_how": entry.text("verified_how", _one_of(CHECKS)) or None,
        "note": entry.text("note", TEXT) or None,
    }


def _hours(entry: Fields) -> tuple[Opening, ...] | str | None:
    if entry.is_text("hours"):
        return entry.text("hours", Rule(ALWAYS.__eq__, f"{ALWAYS}, or a list of days and times")) or None
    return tuple(_opening(part) for part in entry.parts("hours", _OPENING_KEYS)) or None


def _opening(entry: Fields) -> Opening:
    days = entry.text("days", _DAYS, needed=True)
    start = entry.text("from", _TIME, needed=True)
    end = entry.text("to", _TIME, needed=True)
    if start and start == end:
        entry.refuse("to", f"it opens and closes at {end}; write `hours: {ALWAYS}` for a service that never closes")
    return Opening(days, time.fromisoformat(start or "00:00"), time.fromisoformat(end or "00:00"))


def _check_number(entry: Fields, service: Service) -> None:
    """Check that what is dialled is what is written, and that there is some way to reach the service."""
    if service.dial and re.sub("[^0-9+]", "", service.number or "") != service.dial:
        entry.refuse("dial", f"dial {service.dial!r} has other digits than number {service.number!r}")
    if bool(service.dial) != ("call" in service.contact):
        entry.refuse("contact", "`call` is in contact where there is something to dial, and only there")
    if not service.number and not service.url:
        entry.refuse("url", "a service needs a number or a url")


def _check_evidence(entry: Fields, service: Service) -> None:
    """Check that nothing is trusted without a source, or called verified without who checked it, when and how."""
    if not service.sources and service.confidence != "low":
        entry.refuse("sources", "a source is missing; only a service of low confidence may be without")
    missing = [key for key in CHECKED if getattr(service, key) is None]
    if service.status == "candidate" and len(missing) < len(CHECKED):
        entry.refuse("status", "a candidate has not been checked by anybody; write verified")
    elif service.status in ("verified", "stale") or len(missing) < len(CHECKED):
        for key in missing:
            entry.refuse(key, f"a check by a person needs {', '.join(CHECKED)}")
