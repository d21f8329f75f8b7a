"""A check by a person, written into the operator's own file: every other line of it stays as it is."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yaml.nodes import MappingNode, Node, SequenceNode

from portal.content.library import read_text
from portal.content.problem import ContentError, Problem
from portal.helplines.fields import documents
from portal.helplines.own_file import Own, own_paths, read_own_text
from portal.helplines.service import Country, Service
from portal.helplines.service_file import WORLDWIDE, WORLDWIDE_FILE

_HEADING = "# Our own services. docs/running.md explains what can stand here.\n"


@dataclass(frozen=True)
class Check:
    """Who checked a service, on which day, and how: "page", "phone" or "email"."""

    who: str
    day: date
    how: str


def record(own: Path, shipped: Mapping[str, Country], service: Service, check: Check) -> Path:
    """Write into the operator's file or folder that a service was checked with the number it has now.

    Gives the file, which is made where it is missing. Raises ContentError where it can't be changed without breaking
    it; then nothing is written.
    """
    path = _file(own, service.country)
    name = str(path)
    text = read_text(path, name) if path.exists() else _HEADING
    changed = _with_check(text, name, service, _fields(shipped, service, check))
    _refuse_unless_read(changed, name, shipped, service, check)
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(changed, "utf-8")
    beside.replace(path)
    return path


def _file(own: Path, code: str) -> Path:
    """Give the file that has the country already, else the one that it belongs into."""
    if not own.is_dir():
        return own
    holding = (path for path in own_paths(own) if _block(read_text(path, str(path)), str(path), code))
    return next(holding, own / (WORLDWIDE_FILE if code == WORLDWIDE else f"{code.lower()}.yaml"))


def _fields(shipped: Mapping[str, Country], service: Service, check: Check) -> dict[str, str]:
    """Give the fields to write. The number is among them, so that no update changes what was checked."""
    country = shipped.get(service.country)
    before = country.service(service.id) if country else None
    values = {
        "number": service.number,
        "dial": service.dial,
        "instead_of": before.number if before else None,
        "status": "verified",
        "last_verified": check.day.isoformat(),
        "verified_by": check.who,
        "verified_how": check.how,
    }
    return {key: json.dumps(value, ensure_ascii=False) for key, value in values.items() if value}


def _with_check(text: str, name: str, service: Service, fields: Mapping[str, str]) -> str:
    """Give the text of a file with fields of a service set, in its entry or in a new one."""
    block = _block(text, name, service.country)
    lines = [f"id: {service.id}", *(f"{key}: {value}" for key, value in fields.items())]
    if block is None:
        between = "---\n" if documents(text, name) else ""
        head = f'country: "{service.country}"\nservices:\n'
        return f"{text.rstrip()}\n{between}{head}{_entry(lines, 2)}"
    services = _get(block, "services")
    if not isinstance(services, SequenceNode) or (services.flow_style and services.value):
        raise ContentError(Problem(name, _line(block), "services", "write `services:` with one entry below the other"))
    entry = next((one for one in services.value if _says(one, "id", service.id)), None)
    if entry is not None:
        return _set(text, name, entry, fields)
    if services.flow_style:
        start, end = services.start_mark.index, services.end_mark.index
        return f"{text[:start].rstrip()}\n{_entry(lines, 2).rstrip()}{text[end:]}"
    # Before the first entry, where no comment on an entry is torn from it.
    at = text.index("\n", _key(block, "services").end_mark.index) + 1
    return text[:at] + _entry(lines, services.start_mark.column) + text[at:]


def _set(text: str, name: str, entry: Node, fields: Mapping[str, str]) -> str:
    """Give the text with the values of an entry's keys replaced, and lines for those that it lacks below its id."""
    if not isinstance(entry, MappingNode) or entry.flow_style:
        raise ContentError(Problem(name, _line(entry), "entry", "write this entry with one key on each line"))
    here = _key(entry, "id")
    end = text.find("\n", here.end_mark.index)
    end = len(text) if end < 0 else end
    indent = " " * here.start_mark.column
    missing = "".join(f"\n{indent}{key}: {value}" for key, value in fields.items() if _get(entry, key) is None)
    edits = [(end, end, missing)]
    for key, value in fields.items():
        node = _get(entry, key)
        if node is not None:
            edits.append((node.start_mark.index, node.end_mark.index, value))
    for start, stop, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[stop:]
    return text


def _entry(lines: list[str], indent: int) -> str:
    """Give an entry of a list, one key on each line."""
    return "".join(f"{' ' * indent}{'  ' if place else '- '}{line}\n" for place, line in enumerate(lines))


def _refuse_unless_read(text: str, name: str, shipped: Mapping[str, Country], service: Service, check: Check) -> None:
    """Raise ContentError unless a text, read again, says that the service was checked."""
    own = Own()
    read_own_text(own, text, name, shipped)
    country = own.countries.get(service.country)
    found = country.service(service.id) if country else None
    wanted = ("verified", check.day, check.who, check.how, service.number)
    if not found or wanted != (
        found.status,
        found.last_verified,
        found.verified_by,
        found.verified_how,
        found.number,
    ):
        problem = Problem(name, 0, "verify", f"the check of {service.id} can't be written into this file")
        raise ContentError(problem, *own.problems)


def _block(text: str, name: str, code: str) -> Node | None:
    """Give the document of a text that is about a country; None where there is none."""
    return next((node for node in documents(text, name) if _says(node, "country", code)), None)


def _pairs(node: Node) -> Iterator[tuple[Node, Node]]:
    return iter(node.value if isinstance(node, MappingNode) else ())


def _key(node: Node, name: str) -> Node:
    return next(key for key, _ in _pairs(node) if key.value == name)


def _get(node: Node, name: str) -> Node | None:
    return next((value for key, value in _pairs(node) if key.value == name), None)


def _says(node: Node, name: str, value: str) -> bool:
    found = _get(node, name)
    return found is not None and found.value == value


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
