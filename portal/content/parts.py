"""The parts of what readers play: headings, prose, and options with the boxes before them, the same in every language.

A box stands in the markdown before an option and never reaches translators:

- `[x]` a good choice, `[ ]` another one, `[!]` one that carries some risk, `[!!]` one that carries a high risk;
- `[#scene]` a choice that leads to a scene, `[#piece #piece]` what it is about, both perhaps with ` !` or ` !!`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from markdown_it.token import Token
from markupsafe import Markup

from portal.content.document import Document, Lookup, cut_sections
from portal.content.markdown import bare, to_html

# Risks of a choice.
NONE, SOME, HIGH = 0, 1, 2

# The section that ends each play: one thing to do with a person. Knowledge alone changed no behaviour in trials
# (Be Internet Awesome, 1,072 pupils), talking to somebody does.
TOGETHER = "together"

# Blocks that are not shown where they stand.
_ASIDE = ("idea", "discuss")

_CHOOSE = "choose:"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a part: the `line` of the file (from 1), the broken `rule`, and the reason."""

    line: int
    rule: str
    reason: str


@dataclass(frozen=True)
class Prose:
    """Some of a document's text. In a template it prints as safe HTML; `text` is the same without marks."""

    tokens: tuple[Token, ...] = ()
    env: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def html(self) -> Markup:
        """Give the text as HTML."""
        return to_html(self.tokens, self.env)

    @property
    def text(self) -> str:
        """Give the bare text, blocks joined by a space."""
        return " ".join(self.texts)

    @property
    def texts(self) -> list[str]:
        """Give the bare text of each block."""
        return [bare(token.children) for token in self.tokens if token.type == "inline"]

    @property
    def links(self) -> list[Token]:
        """Give the links in it."""
        inline = (child for token in self.tokens for child in token.children or ())
        return [child for child in inline if child.type == "link_open"]

    def __html__(self) -> str:
        """Give the text as HTML, for templates."""
        return self.html

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.tokens)


@dataclass(frozen=True)
class Box:
    """What stands in the brackets before an option: whether it is good, its risk, and the names it holds."""

    good: bool = False
    risk: int = NONE
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """Something to choose: its box (None where there is none), its words, and what is said about it afterwards."""

    line: int
    box: Box | None
    label: Prose
    reason: Prose


@dataclass(frozen=True)
class Part:
    """A section: `body` is its prose, `options` the list in it, in an order that matters if `is_ordered`.

    `aside` has the blocks that are shown elsewhere ("idea", "discuss"), `shown` the names of those that stay in the
    body, `choose` what a line `<!-- choose: one -->` asks for, `faults` what can't be read; tokens count their lines
    from `first_line`.
    """

    id: str
    line: int
    heading: Prose
    body: Prose
    options: tuple[Option, ...]
    is_ordered: bool
    aside: Mapping[str, Prose]
    shown: frozenset[str]
    choose: str
    faults: tuple[Fault, ...]
    first_line: int

    def line_of(self, token: Token) -> int:
        """Give the line of the file that a token of this section begins in."""
        return (token.map[0] if token.map else 0) + self.first_line


def parts_of(document: Document, reader: str, lookup: Lookup, env: Mapping[str, Any]) -> list[Part]:
    """Give the sections of a document as a reader of the language `reader` sees them; `env` as for `make_parser`."""
    _, *sections = cut_sections(document.inline(reader, lookup))
    return [_Cutter(document.body_line, env).part(tokens) for tokens in sections]


def cut_blocks(tokens: Sequence[Token]) -> list[list[Token]]:
    """Cut tokens into the blocks that stand side by side."""
    blocks: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            blocks.append([])
        blocks[-1].append(token)
        depth += token.nesting
    return blocks


def words(opening: Token, inline: Token, env: Mapping[str, Any]) -> Prose:
    """Give an inline text without its box, in a tag of its own where it is in another language."""
    plain = copy(inline)
    plain.children = [child for child in inline.children or () if child.type != "box"]
    lang = {name: value for name, value in opening.attrs.items() if name in ("lang", "dir")}
    if not lang:
        return Prose((plain,), env)
    return Prose((Token("span_open", "span", 1, attrs=lang), plain, Token("span_close", "span", -1)), env)


def read_box(written: str) -> Box | None:
    """Read a box as it is written, such as "[x] " or "[#scene !] "; None for ""."""
    inner = written.strip().removeprefix("[").removesuffix("]")
    if not written:
        return None
    names = tuple(word.removeprefix("#") for word in inner.split() if word.startswith("#"))
    return Box(good=inner in ("x", "X"), risk=inner.count("!"), names=names)


class _Cutter:
    """Cuts a section's tokens; lines count from the file's first."""

    def __init__(self, first_line: int, env: Mapping[str, Any]) -> None:
        self._first_line = first_line
        self._env = env
        self._body: list[Token] = []
        self._aside: dict[str, Prose] = {}
        self._shown: set[str] = set()
        self._options: tuple[Option, ...] = ()
        self._is_ordered = False
        self._choose = ""
        self._faults: list[Fault] = []

    def part(self, tokens: Sequence[Token]) -> Part:
        opening, heading = tokens[0], tokens[1]
        is_end = opening.attrs["id"] == TOGETHER
        for block in cut_blocks(tokens[3:]):
            self._take(block, is_end=is_end)
        return Part(
            id=str(opening.attrs["id"]),
            line=self._line(opening),
            heading=words(opening, heading, self._env),
            body=self._prose(self._body),
            options=self._options,
            is_ordered=self._is_ordered,
            aside=self._aside,
            shown=frozenset(self._shown),
            choose=self._choose,
            faults=tuple(self._faults),
            first_line=self._first_line,
        )

    def _take(self, block: list[Token], *, is_end: bool) -> None:
        kind = block[0].type
        name = kind.removeprefix("container_").removesuffix("_open")
        if kind == "comment" and block[0].content.startswith(_CHOOSE):
            self._choose = block[0].content.removeprefix(_CHOOSE).strip()
            if self._choose != "one":
                self._fault(block[0], "options", "a line about choosing can only say: <!-- choose: one -->")
        elif name in _ASIDE:
            self._aside[name] = self._prose(block[1:-1])
        elif not is_end and (kind == "ordered_list_open" or kind == "bullet_list_open" and _has_boxes(block)):
            self._read_options(block)
        else:
            self._shown.add(name)
            self._body += block

    def _read_options(self, block: list[Token]) -> None:
        if self._options:
            self._fault(block[0], "options", "a section has one list to choose from")
        self._is_ordered = block[0].type == "ordered_list_open"
        self._options = tuple(self._option(item) for item in cut_blocks(block[1:-1]))

    def _option(self, item: list[Token]) -> Option:
        label, *reason = cut_blocks(item[1:-1]) or [[]]
        if not label or label[0].type != "paragraph_open":
            self._fault(item[0], "options", "an option begins with its words")
            return Option(self._line(item[0]), None, Prose(), Prose())
        box = read_box(label[1].meta["box"])
        if not self._is_ordered and box is None:
            self._fault(item[0], "box", "an option begins with a box, such as [x], [ ], [!], [!!] or [#scene]")
        if self._is_ordered and box:
            self._fault(item[0], "box", "steps in a numbered list have no boxes; their order is the answer")
        more = [token for block in reason for token in block]
        return Option(self._line(item[0]), box, words(label[0], label[1], self._env), self._prose(more))

    def _prose(self, tokens: Sequence[Token]) -> Prose:
        return Prose(tuple(tokens), self._env)

    def _line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self._first_line

    def _fault(self, token: Token, rule: str, reason: str) -> None:
        self._faults.append(Fault(self._line(token), rule, reason))


def _has_boxes(block: Sequence[Token]) -> bool:
    """Tell whether a list is one to choose from: an item has a box, or begins like one that is not well written."""
    return any(_first_words(item) for item in cut_blocks(block[1:-1]))


def _first_words(item: Sequence[Token]) -> bool:
    inline = next((token for token in item if token.type == "inline"), None)
    return bool(inline and (inline.meta["box"] or re.match(r"\[[^\]]{0,9}\]\s", inline.content)))


def faults_of_options(part: Part, *, least: int, most: int) -> Iterator[Fault]:
    """Give what is wrong with a section's list as a list: its length, and options that nothing is said about."""
    yield from part.faults
    if not least <= len(part.options) <= most:
        yield Fault(
            part.line, "options", f"there must be {least} to {most} options in this section, not {len(part.options)}"
        )
    for option in part.options:
        if not option.reason:
            reason = "say below the option what happens then and why: after an empty line, indented by two spaces"
            yield Fault(option.line, "reason", reason)


def faults_of_end(parts: Sequence[Part]) -> Iterator[Fault]:
    """Give what is wrong with the section that closes a play."""
    if not parts or parts[-1].id != TOGETHER:
        line = parts[-1].line if parts else 0
        yield Fault(line, "end", f"the last section must be {{#{TOGETHER}}}: one thing to do with a person")
    elif not parts[-1].body:
        yield Fault(parts[-1].line, "end", "say here one thing to do with a person")
    for part in parts[:-1]:
        if part.id == TOGETHER:
            yield Fault(part.line, "end", f"{{#{TOGETHER}}} must be the last section")
