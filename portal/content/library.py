"""All documents of a content folder, each read once; a broken file is left out and told, and the rest goes on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from portal.content.document import Document, read_document
from portal.content.head import PRACTICE
from portal.content.lesson import lesson_problems
from portal.content.practice import faults
from portal.content.problem import ContentError, Problem

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Library:
    """The sound documents of a folder in the order of their lists, and the problems of the others."""

    documents: tuple[Document, ...]
    problems: tuple[Problem, ...]

    @cached_property
    def _by_address(self) -> dict[str, Document]:
        return {document.address: document for document in self.documents}

    def at(self, address: str) -> Document | None:
        """Give the document at an address below the language, such as "/kids/people-online/"."""
        return self._by_address.get(address)

    def doors(self) -> list[Document]:
        """Give the doors in their order."""
        return [document for document in self.documents if document.head.kind == "door"]

    def articles(self, audience: str) -> list[Document]:
        """Give the articles behind a door in their order."""
        return [one for one in self.documents if one.head.kind == "article" and one.head.audience == audience]

    def aids(self) -> list[Document]:
        """Give the first-aid documents in their order."""
        return [document for document in self.documents if document.head.kind == "aid"]

    def practice(self, *kinds: str) -> list[Document]:
        """Give what readers play, of all kinds or of those given, in its order."""
        return [one for one in self.documents if one.head.kind in (kinds or PRACTICE)]

    def lessons(self, topic: str = "") -> list[Document]:
        """Give the lessons in their order, all or those about a topic."""
        return [one for one in self.documents if one.head.kind == "lesson" and topic in ("", one.head.topic)]

    def about(self, topic: str) -> list[Document]:
        """Give the articles about a topic, over all doors."""
        return [one for one in self.documents if one.head.kind == "article" and one.head.topic == topic]


def markdown_files(folder: Path) -> Iterator[Path]:
    """Give the markdown files below a folder, sorted; none that start with a dot or underscore, as pybabel does."""
    for path in sorted(folder.rglob("*.md")):
        if not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts):
            yield path


def read_text(path: Path, name: str) -> str:
    """Read a text file, with line ends and a byte order mark made plain. Raises ContentError where it is not UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(Problem(name, 0, "file", f"this can't be read as UTF-8 text: {error}")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_library(folder: Path) -> Library:
    """Read every markdown file below `folder`. Paths in documents and problems start with the folder's own name."""
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path in markdown_files(folder):
        try:
            document = _read(path, f"{folder.name}/{path.relative_to(folder).as_posix()}")
        except ContentError as error:
            problems += error.problems
            continue
        taken = documents.setdefault(document.address, document)
        if taken is not document:
            problems.append(Problem(document.path, 0, "address", f"{document.address} belongs to {taken.path} already"))
    order = sorted(documents.values(), key=lambda one: (one.head.order, one.slug))
    return Library(tuple(order), tuple(problems))


def _read(path: Path, name: str) -> Document:
    if not _SLUG.match(path.stem):
        raise ContentError(Problem(name, 0, "name", "the file's name must be small letters, digits and single dashes"))
    document = read_document(name, path.stem, read_text(path, name))
    problems = [*faults(document), *lesson_problems(document)]
    if problems:
        raise ContentError(*problems)
    return document
