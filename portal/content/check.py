"""Everything that `portal check` holds content to, beyond what reading a file already refuses."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from markdown_it.token import Token

from portal.content.catalog import Catalogs
from portal.content.document import Document
from portal.content.head import FOR_ALL, READERS
from portal.content.language import SOURCE, language
from portal.content.lesson import read_lesson
from portal.content.library import Library, read_library
from portal.content.parts import parts_of
from portal.content.problem import Problem
from portal.content.quiz import LONGEST_OPTION, LONGEST_QUESTION
from portal.content.reading import too_long

# The kinds of service that a text may link to, each an anchor of the help page.
SERVICES = ("emergency", "child", "hotline", "police", "removal")

_STRAY = (
    (re.compile(r":::"), "a line with ::: does not open or close a known block"),
    (re.compile(r"</?[a-zA-Z][^>]*>"), "HTML is shown as it is written; use markdown"),
    (re.compile(r"\]\[|\]:"), "write links as [text](address), not by reference"),
    (
        re.compile(r"(?<!\w)_[^_\s][^_]*_(?!\w)"),
        "write emphasis with * and not with _, which fails before Turkish and Arabic endings",
    ),
)


def check(content: Path, translations: Path, codes: Sequence[str]) -> list[Problem]:
    """Check a content folder for a site in the languages `codes`. Give every problem in it."""
    library = read_library(content)
    others = [language(code) for code in codes if code != SOURCE]
    catalogs = Catalogs(translations, others)
    problems = [*library.problems, *_ambiguous(library)]
    for document in library.documents:
        problems += _Checker(document, library, content / "pictures").problems()
        problems += _lengths(document, catalogs, codes)
        problems += _incomplete(document, catalogs, codes)
        if document.head.kind == "quiz":
            problems += _beyond_limits(document, catalogs, codes)
        if document.head.kind == "lesson":
            problems += _pupils_lengths(document, catalogs, codes)
    return problems


class _Checker:
    """The checks of one document that look at its structure."""

    def __init__(self, document: Document, library: Library, pictures: Path) -> None:
        self._document = document
        self._library = library
        self._pictures = pictures

    def problems(self) -> list[Problem]:
        named = self._document.head.picture
        found = [*(self._picture(named, self._document.head.at["picture"]) if named else ()), *self._headings()]
        found += self._first_aid() if self._document.head.kind == "aid" else ()
        for token in self._document.tokens():
            line = self._line(token)
            if token.type == "inline":
                found += [
                    self._problem(line, "markup", reason) for rule, reason in _STRAY if rule.search(token.content)
                ]
                for child in token.children or []:
                    found += self._child(child, line)
        return found

    def _line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self._document.body_line

    def _problem(self, line: int, rule: str, reason: str) -> Problem:
        return Problem(self._document.path, line, rule, reason)

    def _child(self, child: Token, line: int) -> Iterator[Problem]:
        if child.type == "link_open":
            yield from self._link(str(child.attrs["href"]), line)
        elif child.type == "image":
            if not child.content.strip():
                yield self._problem(line, "alt", "a picture needs words in [ ] for those who do not see it")
            yield from self._picture(str(child.attrs["src"]).removeprefix("picture:"), line)
        elif child.type == "text" and re.search(r"\]\(|\*\*", child.content):
            yield self._problem(
                line, "markup", f"this link or emphasis is broken or not allowed: {child.content.strip()[:60]!r}"
            )

    def _picture(self, name: str, line: int) -> Iterator[Problem]:
        if not (self._pictures / f"{name}.svg").is_file():
            yield self._problem(
                line, "picture", f"there is no picture {name}.svg in {self._pictures.parent.name}/pictures"
            )

    def _link(self, target: str, line: int) -> Iterator[Problem]:
        kind, _, name = target.partition(":")
        if kind == "helpline" and name not in SERVICES:
            yield self._problem(line, "link", f"{target}: services are {', '.join(SERVICES)}")
        if not target.startswith(("/", "#")):
            return
        address, _, anchor = target.partition("#")
        other = self._library.at(address) if address else self._document
        if other is None:
            yield self._problem(line, "link", f"{target}: there is no page at {address}")
        elif anchor and anchor not in _anchors(other):
            yield self._problem(line, "link", f"{target}: {other.path} has no heading {{#{anchor}}}")

    def _first_aid(self) -> Iterator[Problem]:
        """Hold first aid to its form: sections for readers, each with steps, and the three for all of them."""
        anchors = _anchors(self._document)
        missing = [name for name in FOR_ALL if name not in anchors]
        if missing:
            yield self._problem(0, "aid", f"the sections {', '.join(f'{{#{name}}}' for name in missing)} are missing")
        unknown = sorted(anchors - {*READERS, *FOR_ALL})
        if unknown or not anchors & set(READERS):
            yield self._problem(
                0, "aid", f"sections are for {', '.join(READERS)}, and {', '.join(FOR_ALL)} for all of them"
            )
        steps = sum(token.type == "container_do_open" for token in self._document.blocks.tokens)
        if steps != len(anchors & set(READERS)):
            yield self._problem(0, "aid", "each reader's section needs steps: one block `::: do`")

    def _headings(self) -> Iterator[Problem]:
        seen: set[str] = set()
        last = 1
        for token in self._document.tokens():
            if token.type != "heading_open":
                continue
            level, anchor = int(token.tag[1]), str(token.attrs["id"])
            if level == 1 or level > last + 1:
                yield self._problem(
                    self._line(token), "heading", "sections begin with ##, and levels go down one at a time"
                )
            if level == 2 and anchor in seen:
                yield self._problem(self._line(token), "id", f"{{#{anchor}}} stands twice in this file")
            if level == 2 and f"{{#{anchor}}}" not in self._document.body:
                yield self._problem(
                    self._line(token), "id", f"a section needs an anchor of its own, such as {{#{anchor}}}"
                )
            seen.add(anchor)
            last = level


def _anchors(document: Document) -> set[str]:
    return {str(token.attrs["id"]) for token in document.tokens() if token.type == "heading_open"}


def _lengths(document: Document, catalogs: Catalogs, codes: Sequence[str]) -> Iterator[Problem]:
    """Hold a document to its readers' length of sentences, in every language that shows it in its own words."""
    for code in codes:
        if document.share(code, catalogs.lookup) >= document.enough:
            for reason in too_long(document.texts(code, catalogs.lookup), document.head.audience, code):
                yield Problem(document.path, 0, "reading", f"in {code}: {reason}")


def _pupils_lengths(document: Document, catalogs: Catalogs, codes: Sequence[str]) -> Iterator[Problem]:
    """Hold the slides and cards of a lesson to its pupils' length of sentences, in every language that shows it."""
    audience = "kids" if set(document.head.ages) & {"6-8", "9-11"} else "teens"
    for code in codes:
        if document.share(code, catalogs.lookup) < document.enough:
            continue
        lesson = read_lesson(document, code, catalogs.lookup, {})
        slides = [slide for step in lesson.steps for slide in step.slides]
        shown = [*(prose for slide in slides for prose in (slide.title, slide.body)), *lesson.cards]
        for reason in too_long([text for prose in shown for text in prose.texts], audience, code):
            yield Problem(document.path, 0, "reading", f"in {code}: on slides and cards {reason}")


def _beyond_limits(document: Document, catalogs: Catalogs, codes: Sequence[str]) -> Iterator[Problem]:
    """Hold a quiz to what the programs take that it is exported to, in every language that shows it."""
    for code in codes:
        if document.share(code, catalogs.lookup) < document.enough:
            continue
        for part in parts_of(document, code, catalogs.lookup, {}):
            limits = [(part.line, part.heading.text, LONGEST_QUESTION)] if part.options else []
            limits += [(option.line, option.label.text, LONGEST_OPTION) for option in part.options]
            for line, text, most in limits:
                if len(text) > most:
                    reason = f"in {code}: {len(text)} characters, {most} are the most that Kahoot takes: {text!r}"
                    yield Problem(document.path, line, "length", reason)


def _incomplete(document: Document, catalogs: Catalogs, codes: Sequence[str]) -> Iterator[Problem]:
    for code in codes:
        if document.head.required and document.share(code, catalogs.lookup) < 1:
            yield Problem(
                document.path,
                document.head.at["i18n"],
                "i18n",
                f"must be wholly translated before {code} is offered",
            )


def _ambiguous(library: Library) -> Iterator[Problem]:
    """Find one or two words that stand in different roles, where translators need to be told which is meant."""
    places: dict[tuple[str, str], dict[str, tuple[str, int]]] = defaultdict(dict)
    for document in library.documents:
        for message in document.messages():
            if len(message.text.split()) <= 2 and not message.text.isnumeric():
                places[message.context, message.text].setdefault(message.kind, (document.path, message.line))
    for (_, text), kinds in places.items():
        if len(kinds) > 1:
            path, line = list(kinds.values())[-1]
            reason = f"{text!r} is both {' and '.join(kinds)}; tell translators with <!-- i18n: ctx=… -->"
            yield Problem(path, line, "context", reason)
