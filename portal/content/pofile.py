"""Catalogs as files: the PO format of GNU gettext, read strictly and written without losing anything."""

# Babel 2.18 reads and writes PO files too, but not these without harm: it drops headers it doesn't know, turns `#|`
# lines into remarks, can't read `#~|`, forgets that an obsolete entry was fuzzy (msgmerge would then bring a guess back
# as a translation), and marks prose such as "50 % des" as a format string on every read.

import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import dropwhile, takewhile
from pathlib import Path

from portal.content.problem import ContentError, Problem

_KEYWORD = r"(msgctxt|msgid|msgid_plural|msgstr|msgstr\[[0-9]\])[ \t]*"
_STATEMENT = re.compile(rf'(?:{_KEYWORD})?"((?:[^"\\]|\\[\\"abfnrtv])*)"\Z')
_ESCAPE = {"\\" + letter: plain for letter, plain in zip('\\"abfnrtv', '\\"\a\b\f\n\r\t\v', strict=True)}
_ESCAPING = str.maketrans({plain: escaped for escaped, plain in _ESCAPE.items()})
_ESCAPED = re.compile(r"\\.")

# What may come before a keyword in an entry, keyword by keyword.
_BEFORE = {
    "msgctxt": {""},
    "msgid": {"", "msgctxt"},
    "msgid_plural": {"msgid"},
    "msgstr": {"msgid"},
    "msgstr[0]": {"msgid_plural"},
    **{f"msgstr[{n}]": {f"msgstr[{n - 1}]"} for n in range(1, 10)},
}


@dataclass(frozen=True)
class Entry:
    """One message of a catalog.

    `translations` holds one text, or one for each plural form; `context` is None where there is no msgctxt. `comments`
    are whole lines as in the file, without the flags. `line` is that of the first msgstr, 0 for a new entry.
    """

    text: str
    translations: tuple[str, ...] = ("",)
    context: str | None = None
    plural: str | None = None
    flags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()
    obsolete: bool = False
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str | None, str]:
        """Give what tells the entry from all others of its catalog."""
        return self.context, self.text

    @property
    def texts(self) -> tuple[str, ...]:
        """Give the source text, and its plural where it has one."""
        return (self.text,) if self.plural is None else (self.text, self.plural)

    @property
    def fuzzy(self) -> bool:
        """Tell whether the translation is a guess that nobody has confirmed."""
        return "fuzzy" in self.flags

    @property
    def translated(self) -> bool:
        """Tell whether every form has a translation that somebody stands for."""
        return all(self.translations) and not self.fuzzy and not self.obsolete

    @property
    def previous(self) -> str | None:
        """Give the text that a fuzzy translation was made for, where msgmerge has kept it."""
        lines = [line.partition("|")[2].strip() for line in self.comments if _is_previous(line)]
        after = list(dropwhile(lambda line: not line.startswith("msgid "), lines))
        if not after:
            return None
        parts = [after[0].removeprefix("msgid "), *takewhile(lambda line: line.startswith('"'), after[1:])]
        return "".join(_unescape(part.strip()[1:-1]) for part in parts)


@dataclass(frozen=True)
class Catalog:
    """What a PO file holds: its header (None where it has none) and its entries in their order, obsolete ones too."""

    header: Entry | None
    entries: tuple[Entry, ...]

    @cached_property
    def headers(self) -> dict[str, str]:
        """Give the header's fields in their order."""
        lines = self.header.translations[0].split("\n") if self.header else []
        return {name.strip(): value.strip() for name, colon, value in (line.partition(":") for line in lines) if colon}

    @cached_property
    def by_key(self) -> dict[tuple[str | None, str], Entry]:
        """Give the entries by their keys, obsolete ones where no other has the key."""
        return {entry.key: entry for entry in sorted(self.entries, key=lambda entry: not entry.obsolete)}

    def with_headers(self, fields: Mapping[str, str]) -> "Catalog":
        """Give the catalog with these header fields set; the others stay as and where they are."""
        text = "".join(f"{name}: {value}\n" for name, value in {**self.headers, **fields}.items())
        return replace(self, header=replace(self.header or Entry(""), translations=(text,)))


def _is_previous(comment: str) -> bool:
    return comment.startswith(("#|", "#~|"))


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPE[found.group()], text) if "\\" in text else text


class _Reader:
    """Builds entries line by line, and notes every line that is not PO."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._fields: dict[str, list[str]] = {}
        self._comments: list[str] = []
        self._last = ""
        self._obsolete = False
        self._line = 0
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []

    def take(self, number: int, line: str) -> None:
        """Read one line."""
        obsolete = line.startswith("#~") and not line.startswith("#~|")
        if line.startswith("#") and not obsolete:
            self.finish(number)
            self._comments.append(line)
        elif line:
            self._statement(number, line[2:].strip() if obsolete else line, obsolete)

    def _statement(self, number: int, line: str, obsolete: bool) -> None:
        found = _STATEMENT.match(line)
        if not found:
            self._fault(number, "a keyword such as msgid, and a text between double quotes, is expected")
            return
        keyword, text = found.groups()
        if keyword in ("msgctxt", "msgid") and self._last.startswith("msgstr"):
            self.finish(number)
        if keyword:
            self._open(number, keyword, obsolete)
        elif not self._last:
            self._fault(number, "a text stands here without a keyword such as msgstr")
            return
        self._fields[self._last].append(_unescape(text))

    def _open(self, number: int, keyword: str, obsolete: bool) -> None:
        if self._last not in _BEFORE[keyword]:
            self._fault(number, f"{keyword} can't follow {self._last or 'the end of an entry'}")
        if keyword in ("msgstr", "msgstr[0]"):
            self._line = number
        self._last = keyword
        self._obsolete = obsolete
        self._fields[keyword] = []

    def finish(self, number: int) -> None:
        """End the entry that has been read so far."""
        if not self._last:
            return
        fields = {name: "".join(parts) for name, parts in self._fields.items()}
        translations = tuple(text for name, text in fields.items() if name.startswith("msgstr"))
        if not translations:
            self._fault(number, "the entry before this line has no msgstr")
        flags = [flag.strip() for line in self._comments if line.startswith("#,") for flag in line[2:].split(",")]
        self.entries.append(
            Entry(
                text=fields.get("msgid", ""),
                translations=translations,
                context=fields.get("msgctxt"),
                plural=fields.get("msgid_plural"),
                flags=tuple(flag for flag in flags if flag),
                comments=tuple(line for line in self._comments if not line.startswith("#,")),
                obsolete=self._obsolete,
                line=self._line,
            )
        )
        self._fields, self._comments, self._last = {}, [], ""

    def _fault(self, number: int, reason: str) -> None:
        self.problems.append(Problem(self._path, number, "syntax", reason))


def read(path: Path) -> Catalog:
    """Read a PO or POT file. Raises ContentError where there is none, and as `parse` does."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ContentError(Problem(str(path), 0, "file", f"this can't be read: {error.strerror}")) from error
    return parse(str(path), content)


def parse(path: str, content: bytes) -> Catalog:
    """Read a PO file's content. Raises ContentError with every line that is not PO, not UTF-8, or stands twice."""
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        broken = content.count(b"\n", 0, error.start) + 1
        raise ContentError(
            Problem(path, broken, "file", "this is not UTF-8; save the file in that encoding")
        ) from error
    reader = _Reader(path)
    for number, line in enumerate(lines, 1):
        reader.take(number, line.strip(" \t\r"))
    reader.finish(len(lines))
    problems = [*reader.problems, *_duplicates(path, reader.entries)]
    if problems:
        raise ContentError(*problems)
    is_header = [entry.key == (None, "") and not entry.obsolete for entry in reader.entries]
    header = next((entry for entry, is_it in zip(reader.entries, is_header, strict=True) if is_it), None)
    return Catalog(header, tuple(entry for entry, is_it in zip(reader.entries, is_header, strict=True) if not is_it))


def _duplicates(path: str, entries: Iterable[Entry]) -> Iterator[Problem]:
    lines: dict[tuple[str | None, str], int] = {}
    for entry in entries:
        if not entry.obsolete and lines.setdefault(entry.key, entry.line) != entry.line:
            yield Problem(path, entry.line, "duplicate", f"{entry.text!r} stands at line {lines[entry.key]} already")


def write(path: Path, catalog: Catalog) -> None:
    """Write a PO or POT file as `msgmerge --no-wrap` does, so that whoever writes it changes only what has changed."""
    entries = [entry for entry in (catalog.header, *catalog.entries) if entry]
    entries.sort(key=lambda entry: entry.obsolete)
    write_atomically(path, "\n".join("".join(_lines(entry)) for entry in entries).encode())


def _lines(entry: Entry) -> Iterator[str]:
    prefix = "#~ " if entry.obsolete else ""
    yield from (f"{comment}\n" for comment in entry.comments if not _is_previous(comment))
    if entry.flags:
        yield f"#, {', '.join(entry.flags)}\n"
    yield from (f"{comment}\n" for comment in entry.comments if _is_previous(comment))
    if entry.context is not None:
        yield from _statement("msgctxt", entry.context, prefix)
    yield from _statement("msgid", entry.text, prefix)
    if entry.plural is not None:
        yield from _statement("msgid_plural", entry.plural, prefix)
    for number, text in enumerate(entry.translations):
        yield from _statement("msgstr" if entry.plural is None else f"msgstr[{number}]", text, prefix)


def _statement(keyword: str, text: str, prefix: str) -> Iterator[str]:
    parts = re.findall(r"[^\n]*\n|[^\n]+", text)
    if len(parts) < 2:
        yield f'{prefix}{keyword} "{text.translate(_ESCAPING)}"\n'
        return
    yield f'{prefix}{keyword} ""\n'
    yield from (f'{prefix}"{part.translate(_ESCAPING)}"\n' for part in parts)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old or the new content, never a part.

    A file that has this content already is left alone, with its date.
    """
    if path.exists() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
