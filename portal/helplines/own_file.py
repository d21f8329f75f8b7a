"""The operator's own file: shipped services changed, hidden, added to and put in another order, the data untouched."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from portal.content.library import read_text
from portal.content.problem import ContentError, Problem
from portal.helplines.fields import Fields, documents
from portal.helplines.service import Country, Service
from portal.helplines.service_file import (
    CHECKED,
    CODE,
    ID,
    KEYS,
    NUMBER,
    check_service,
    read_changes,
    read_service,
)

_BLOCK_KEYS = ("country", "order", "services")
_OWN_KEYS = (*KEYS, "hide", "instead_of")

# What an entry changes in a shipped service only together with a check of its own: else an update of the shipped
# number would be trusted for the sake of an older check, or a number that nobody has checked would be.
_NEEDS_CHECK = frozenset(("number", "dial", "confidence", *CHECKED))
_CHECK_FIELDS = f"status: verified, {', '.join(CHECKED)}"


@dataclass
class Own:
    """What comes of the operator's files.

    `countries` has those that they change, by code. An entry in `problems` is left out, and the shipped service
    stays; one in `disagreements` counts, but the shipped number has changed since it was written.
    """

    countries: dict[str, Country] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    disagreements: list[Problem] = field(default_factory=list)


def own_paths(path: Path) -> list[Path]:
    """Give the operator's file, or the YAML files in the operator's folder; none where none is there yet."""
    if path.is_dir():
        return sorted(path.glob("*.yaml"))
    return [path] if path.exists() else []


def read_own(path: Path, shipped: Mapping[str, Country]) -> Own:
    """Read the operator's file or folder against the shipped countries. What is broken is told; nothing is raised."""
    own = Own()
    for one in own_paths(path):
        try:
            read_own_text(own, read_text(one, str(one)), str(one), shipped)
        except ContentError as error:
            own.problems += error.problems
    return own


def read_own_text(own: Own, text: str, name: str, shipped: Mapping[str, Country]) -> None:
    """Add to `own` what the text of one file says, each document of it about one country.

    Raises ContentError under the file's `name` where the text is not YAML.
    """
    for node in documents(text, name):
        block = Fields(name, node, _BLOCK_KEYS, own.problems)
        code = block.text("country", CODE, needed=True)
        if code in own.countries:
            block.refuse("country", f"{code} stands in your own files already; a country has one block")
        elif code:
            country = _country(block, shipped.get(code, Country(code, ())), own)
            if country.services or code in shipped:
                own.countries[code] = country


def _country(block: Fields, shipped: Country, own: Own) -> Country:
    services = {one.id: one for one in shipped.services}
    seen: set[str] = set()
    told = len(own.problems)
    for entry in block.parts("services", _OWN_KEYS, needed=True):
        name = entry.text("id", ID, needed=True)
        if name in seen:
            entry.refuse("id", f"another entry of {shipped.code} has the id {name!r} already")
        seen.add(name)
        before = shipped.service(name)
        service = _service(entry, shipped.code, before)
        if len(own.problems) == told:
            own.disagreements += _disagreements(entry, before, service)
            _put(services, name, service)
        told = len(own.problems)
    return Country(shipped.code, tuple(services.values()), _order(block, services))


def _put(services: dict[str, Service], name: str, service: Service | None) -> None:
    if service:
        services[name] = service
    else:
        del services[name]


def _service(entry: Fields, code: str, before: Service | None) -> Service | None:
    """Give what an entry makes of the shipped service with its id, or a new one; None where it hides it."""
    if before is None:
        if "kind" in entry and "hide" not in entry:
            return read_service(entry, code)
        entry.refuse("id", f"the shipped data have no such service of {code}, and one of your own needs a kind")
        return None
    if entry.flag("hide"):
        return None
    changes = read_changes(entry)
    _check_changes(entry, before, changes)
    service = replace(before, **_dialled(changes, before))
    check_service(entry, service)
    return service


def _check_changes(entry: Fields, before: Service, changes: Mapping[str, Any]) -> None:
    """Check that a number and the check of it come together."""
    if not _NEEDS_CHECK.isdisjoint(changes) or changes.get("status") == "verified":
        for key in (key for key in CHECKED if key not in changes):
            entry.refuse(key, f"{key} is missing: a number of your own, or your word for one, needs {_CHECK_FIELDS}")
        if before.number and "number" not in changes:
            entry.refuse("number", "number is missing: write the one that was checked, since an update may change it")


def _dialled(changes: dict[str, Any], before: Service) -> dict[str, Any]:
    """Give changes of which those of a number say also whether it is called, whatever an update says of the shipped."""
    number = changes.get("number")
    if not number:
        return changes
    dial = changes.get("dial") or (_digits(number) if before.dial else None)
    others = tuple(way for way in before.contact if way != "call")
    return {"contact": ("call", *others) if dial else others, **changes, "dial": dial}


def _disagreements(entry: Fields, before: Service | None, service: Service | None) -> Iterator[Problem]:
    """Give what the shipped data say against a sound entry: they have another number now, or none, or gave it up."""
    if before is None or service is None:
        return
    replaced = entry.text("instead_of", NUMBER) or None
    known = {_digits(service.number), _digits(replaced)}
    if "number" in entry and _digits(before.number) not in known:
        reason = f"this replaces {replaced or 'no number'}, but the shipped number is {before.number or 'none'} now"
        yield entry.problem("instead_of", f"{reason}; find out which is right, and run `portal helplines verify`")
    if before.status == "withdrawn" != service.status:
        yield entry.problem("status", "the shipped data have withdrawn this service; find out whether it still helps")


def _digits(number: str | None) -> str:
    return re.sub("[^0-9+]", "", number or "")


def _order(block: Fields, services: Mapping[str, Service]) -> tuple[str, ...]:
    order = block.texts("order", ID)
    unknown = [name for name in order if name and name not in services]
    if unknown:
        block.refuse("order", f"no service has the id {', '.join(unknown)}")
    return tuple(name for name in order if name in services)
