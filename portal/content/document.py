"""A markdown file: its head and body, the texts that translators see, and the document it becomes in a language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from markdown_it.token import Token
from markupsafe import Markup

from portal.content.fragment import Fragment, attributes
from portal.content.head import PRACTICE, TRANSLATED, Head, read_head, split
from portal.content.language import SOURCE
from portal.content.markdown import Blocks, bare, read_blocks, read_inline, to_html
from portal.content.message import Message, Translation, fold
from portal.content.walk import Choice, messages_of

# Finds a message's translation for a reader of the language whose code comes first.
Lookup = Callable[[str, Message], Translation | None]

# Below this share of translated texts a page is shown wholly in the source language: a patchwork helps nobody.
ENOUGH = 0.8


@dataclass(frozen=True)
class Section:
    """A part of a document under a second-level heading: safe HTML; `attrs` goes into the heading's tag."""

    id: str
    heading: Markup
    attrs: Markup
    html: Markup


@dataclass(frozen=True)
class Rendered:
    """A document in a reader's language.

    `language` is the code of the language that most of it is in: the reader's, or the source language where too little
    is translated. `share` (0 to 1) tells how much is in the reader's language or one of its fallbacks.
    """

    title: Fragment
    summary: Fragment
    opening: Markup
    sections: tuple[Section, ...]
    language: str
    share: float


@dataclass(frozen=True)
class Document:
    """A content file that is sound. `path` begins with the content folder's name, `slug` is the file's name."""

    path: str
    slug: str
    head: Head
    body: str
    body_line: int

    @property
    def address(self) -> str:
        """Give the document's address below the language, such as "/kids/people-online/"."""
        if self.head.kind == "page":
            return "/" if self.slug == "home" else f"/{self.slug}/"
        if self.head.kind == "door":
            return f"/{self.head.audience}/"
        if self.head.kind in PRACTICE:
            return f"/{PRACTICE[self.head.kind]}/{self.slug}/"
        if self.head.kind == "lesson":
            return f"/lessons/{self.slug}/"
        if self.head.kind in ("aid", "phrases"):
            return f"/help/now/{self.head.order}/" if self.head.kind == "aid" else f"/help/{self.slug}/"
        return f"/{self.head.audience}/{self.slug}/"

    @property
    def is_listed(self) -> bool:
        """Tell whether search engines may lead to it by itself; to first aid, people go on from the help page."""
        return self.head.kind not in ("aid", "phrases")

    @property
    def enough(self) -> float:
        """Give the share of translated texts from which the document is shown in a language.

        What is played or taught is shown whole or not at all: half a question can't be answered.
        """
        return 1.0 if self.head.kind in (*PRACTICE, "lesson") else ENOUGH

    @property
    def picture(self) -> str:
        """Give the name of the picture that stands for this document."""
        return self.head.picture or self.head.topic or (self.head.audience if self.head.kind == "door" else self.slug)

    @cached_property
    def head_messages(self) -> tuple[Message, ...]:
        """Give the messages of the head, in the order of `TRANSLATED`."""
        return tuple(
            Message(fold(getattr(self.head, field)), self.head.at[field], f"front:{field}", f"front:{field}")
            for field in TRANSLATED
        )

    @cached_property
    def blocks(self) -> Blocks:
        """Give the structure of the body."""
        return read_blocks(self.body)

    def messages(self) -> tuple[Message, ...]:
        """Give every text that translators see, in reading order, with its line in the file."""
        body = messages_of(self.blocks.tokens)
        return (*self.head_messages, *(replace(message, line=message.line + self.body_line - 1) for message in body))

    def tokens(self) -> list[Token]:
        """Give the parsed body in the source language, for checks that look at its structure."""
        return read_inline(self.blocks, _Chooser(SOURCE, _nothing, self).body)

    def texts(self, reader: str, lookup: Lookup) -> list[str]:
        """Give title, summary and the bare text of each block, as a reader of the language `reader` sees them."""
        chooser = _Chooser(reader, lookup, self)
        head = [found.text if found else one.text for one, found in zip(self.head_messages, chooser.head, strict=True)]
        tokens = read_inline(self.blocks, chooser.body)
        return head + [bare(token.children) for token in tokens if token.type == "inline"]

    def inline(self, reader: str, lookup: Lookup) -> list[Token]:
        """Give the parsed body with the texts that a reader of `reader` sees; the structure is always the same."""
        return read_inline(self.blocks, _Chooser(reader, lookup, self).body)

    def choices(self, reader: str, lookup: Lookup) -> dict[str, list[Fragment]]:
        """Give the items of each section's list, by the section's anchor, as a reader of `reader` sees them."""
        chooser = _Chooser(reader, lookup, self)
        found: dict[str, list[Fragment]] = {}
        section = ""
        tokens = read_inline(self.blocks, chooser.body)
        for at, token in enumerate(tokens):
            if token.type == "heading_open" and token.tag == "h2":
                section = str(token.attrs["id"])
            elif token.type == "inline" and token.meta["kind"] == "item":
                lang = str(token.meta.get("wrap", tokens[at - 1].attrs).get("lang", ""))
                found.setdefault(section, []).append(Fragment(bare(token.children), lang))
        return found

    def share(self, reader: str, lookup: Lookup) -> float:
        """Give how much of the document (0 to 1) is there in the language `reader` or one of its fallbacks."""
        return _Chooser(reader, lookup, self).share

    def render(self, reader: str, lookup: Lookup, env: Mapping[str, Any]) -> Rendered:
        """Give the document for a reader of `reader`. `env` is explained at `make_parser`."""
        chooser = _Chooser(reader, lookup, self)
        tokens = read_inline(self.blocks, chooser.body)
        title, summary = (
            Fragment(found.text if found else message.text, _foreign(found, chooser.language))
            for message, found in zip(self.head_messages, chooser.head, strict=True)
        )
        opening, *rest = cut_sections(tokens)
        return Rendered(
            title=title,
            summary=summary,
            opening=to_html(opening, env),
            sections=tuple(_section(part, env) for part in rest),
            language=chooser.language,
            share=chooser.share,
        )


class _Chooser:
    """The translations of a document: each message is looked up, then it is decided whether enough was found."""

    def __init__(self, reader: str, lookup: Lookup, document: Document) -> None:
        messages = (*document.head_messages, *messages_of(document.blocks.tokens))
        found = [None if reader == SOURCE else lookup(reader, message) for message in messages]
        self.language = reader
        self.share = 1.0 if reader == SOURCE else sum(one is not None for one in found) / len(found)
        if self.share < document.enough:
            found, self.language = [None] * len(found), SOURCE
        self.head = found[: len(TRANSLATED)]
        self.body = Choice(self.language, found[len(TRANSLATED) :])


def _nothing(reader: str, message: Message) -> None:
    return None


def _foreign(found: Translation | None, page: str) -> str:
    given = found.language if found else SOURCE
    return "" if given == page else given


def cut_sections(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut tokens before each second-level heading at the top level; the first part is what precedes them."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "heading_open" and token.tag == "h2" and token.level == 0:
            parts.append([])
        parts[-1].append(token)
    return parts


def _section(part: Sequence[Token], env: Mapping[str, Any]) -> Section:
    opening, heading = part[0], part[1]
    attrs = {name: value for name, value in opening.attrs.items() if name != "id"}
    return Section(str(opening.attrs["id"]), to_html([heading], env), attributes(attrs), to_html(part[3:], env))


def read_document(path: str, slug: str, text: str) -> Document:
    """Read a content file's text. Raises ContentError with every problem of its head."""
    head, body = split(path, text)
    return Document(path, slug, read_head(path, head), body, text.count("\n", 0, len(text) - len(body)) + 1)
