"""The YAML head of a content file, checked key by key against what its kind may say."""

import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from portal.content.problem import ContentError, Problem

DOORS = ("kids", "teens", "parents", "teachers")
AUDIENCES = (*DOORS, "everyone")
AGES = ("6-8", "9-11", "12-14", "15-18")

# The parts of the help page, each a list of services.
LINES = ("danger", "talk", "report", "removal")

# The readers that a first-aid document speaks to, each in a section with this anchor, and the sections for all of them.
READERS = ("child", "teen", "parent", "teacher", "friend")
FOR_ALL = ("nobody", "report", "tomorrow")

# What readers play, each kind with its address.
PRACTICE = {"quiz": "quizzes", "story": "stories", "trail": "trails"}

# The kinds that are written for one group of readers.
_FOR_ONE = ("article", "door", "lesson", *PRACTICE)

# The fields that translators see. Each is a message of its own with the context "front:<field>".
TRANSLATED = ("title", "summary")

_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_FENCE = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.S | re.M)


@dataclass(frozen=True)
class Source:
    """Where a fact of a page comes from: its title as published, its address, and the language of its title."""

    title: str
    url: str
    lang: str = "en"


@dataclass(frozen=True)
class Head:
    """What a document says of itself. `at` gives the line of each key; absent keys have the defaults below."""

    kind: str
    title: str
    summary: str
    audience: str
    at: Mapping[str, int]
    ages: tuple[str, ...] = ()
    topic: str = ""
    order: int = 0
    reviewed: date | None = None
    sources: tuple[Source, ...] = ()
    required: bool = False
    sensitive: bool = False
    picture: str = ""
    lines: tuple[str, ...] = ()
    me: str = ""


def split(path: str, text: str) -> tuple[str, str]:
    """Cut a file's text into its head (YAML) and its body. Raises ContentError where there is no head."""
    found = _FENCE.match(text)
    if not found:
        raise ContentError(Problem(path, 1, "head", "the file must open with a head between two lines of three dashes"))
    return found.group(1), text[found.end() :]


def read_head(path: str, text: str) -> Head:
    """Read a head. Raises ContentError with every problem in it: file, line, key, and what is allowed."""
    entries = _entries(path, text)
    problems = [Problem(path, line, "head", fault) for line, fault in _faults(entries)]
    if problems:
        raise ContentError(*problems)
    values = {key: value for key, (value, _) in entries.items()}
    return Head(
        kind=values["kind"],
        title=values["title"],
        summary=values["summary"],
        audience=values["audience"],
        at={key: line for key, (_, line) in entries.items()},
        ages=tuple(values.get("ages", ())),
        topic=values.get("topic", ""),
        order=values.get("order", 0),
        reviewed=values.get("reviewed"),
        sources=tuple(Source(**entry) for entry in values.get("sources", ())),
        required=values.get("i18n") == "required",
        sensitive=values.get("sensitive", False),
        picture=values.get("picture", ""),
        lines=tuple(values.get("lines", ())),
        me=values.get("me", ""),
    )


def _entries(path: str, text: str) -> dict[str, tuple[Any, int]]:
    """Give each key's value and line. The opening fence is line 1, so YAML's line 0 is the file's line 2."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ContentError(Problem(path, 1, "head", "the head must hold `key: value` lines"))
        return _mapping(path, loader, node)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise ContentError(Problem(path, line, "head", f"this is not YAML: {error.problem}")) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ContentError(Problem(path, 1, "head", f"this is not YAML: {error}")) from error


def _mapping(path: str, loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, tuple[Any, int]]:
    entries: dict[str, tuple[Any, int]] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 2
        if not isinstance(key, Hashable) or key in entries:
            raise ContentError(Problem(path, line, "head", f"the key {key!r} stands twice or is no word"))
        entries[str(key)] = loader.construct_object(value_node, deep=True), line
    return entries


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\n" not in value


def _is_sources(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict)
        and {"title", "url"} <= set(entry) <= {"title", "url", "lang"}
        and _is_text(entry["title"])
        and str(entry["url"]).startswith(("https://", "http://"))
        for entry in value
    )


_ALWAYS = ("kind", "title", "summary", "audience")
KINDS: dict[str, tuple[str, ...]] = {
    "aid": (*_ALWAYS, "order", "reviewed", "lines"),
    "article": (*_ALWAYS, "topic", "order"),
    "door": (*_ALWAYS, "order"),
    "lesson": (*_ALWAYS, "topic", "order", "ages", "reviewed", "sources"),
    "page": (*_ALWAYS, "reviewed"),
    "phrases": (*_ALWAYS, "reviewed"),
    "quiz": (*_ALWAYS, "topic", "order"),
    "story": (*_ALWAYS, "topic", "order", "me"),
    "trail": (*_ALWAYS, "topic", "order"),
}

_Rule = tuple[Callable[[Any], bool], str]
_RULES: dict[str, _Rule] = {
    "kind": (lambda value: value in KINDS, f"must be one of: {', '.join(sorted(KINDS))}"),
    "title": (lambda value: _is_text(value) and len(value) <= 60, "must be one line of at most 60 characters"),
    "summary": (lambda value: _is_text(value) and len(value) <= 200, "must be one line of at most 200 characters"),
    "audience": (lambda value: value in AUDIENCES, f"must be one of: {', '.join(AUDIENCES)}"),
    "ages": (
        lambda value: isinstance(value, list) and bool(value) and all(age in AGES for age in value),
        f"must be a list out of: {', '.join(AGES)}",
    ),
    "topic": (lambda value: isinstance(value, str) and bool(_NAME.match(value)), "must be a word in small letters"),
    "order": (lambda value: isinstance(value, int) and not isinstance(value, bool), "must be a whole number"),
    "reviewed": (lambda value: type(value) is date, "must be a date such as 2026-11-21"),
    "sources": (_is_sources, "must be a list of entries with a title, a url (https://…) and perhaps a lang"),
    "i18n": (lambda value: value == "required", "can only be: required"),
    "sensitive": (lambda value: isinstance(value, bool), "must be true or false"),
    "lines": (
        lambda value: isinstance(value, list) and bool(value) and all(one in LINES for one in value),
        "must be a list out of: danger, talk, report, removal",
    ),
    "me": (lambda value: _is_text(value) and len(value) <= 30, "must be the name of the child whose choices one makes"),
    "picture": (
        lambda value: isinstance(value, str) and bool(_NAME.match(value)),
        "must be the name of a picture without .svg",
    ),
}


def _faults(entries: Mapping[str, tuple[Any, int]]) -> list[tuple[int, str]]:
    faults = []
    for key, (value, line) in entries.items():
        if key not in _RULES:
            faults.append((line, f"unknown key {key!r}; known are: {', '.join(_RULES)}"))
        elif not _RULES[key][0](value):
            faults.append((line, f"{key} {_RULES[key][1]}, not {value!r}"))
    return faults or [*_missing(entries), *_mismatches(entries)]


def _missing(entries: Mapping[str, tuple[Any, int]]) -> list[tuple[int, str]]:
    kind = entries["kind"][0] if "kind" in entries else "article"
    needed = [*KINDS[kind]]
    audience = entries["audience"][0] if "audience" in entries else ""
    written_for_one = kind == "article" or kind in PRACTICE
    if written_for_one and audience in ("kids", "teens"):
        needed.append("ages")
    if written_for_one and audience in ("parents", "teachers"):
        needed += ["reviewed", "sources"]
    return [
        (1, f"{key} is missing; {kind} for {audience or 'its readers'} needs it")
        for key in needed
        if key not in entries
    ]


def _mismatches(entries: Mapping[str, tuple[Any, int]]) -> list[tuple[int, str]]:
    kind, audience = (entries[key][0] if key in entries else "" for key in ("kind", "audience"))
    if kind in _FOR_ONE and audience == "everyone":
        return [(entries["audience"][1], f"this stands behind one door: audience must be one of {', '.join(DOORS)}")]
    if kind == "lesson" and audience != "teachers":
        return [(entries["audience"][1], "a lesson is for teachers; its pupils stand under ages")]
    if "sources" in entries and kind in _FOR_ONE and not entries["sources"][0]:
        return [(entries["sources"][1], "sources must hold at least one entry")]
    return []
