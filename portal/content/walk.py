"""The one walk over a document's texts: what it hands to translators and what it replaces at render time can't differ.

It stands between block and inline parsing. By then the structure is fixed, so that no translation can make or break a
heading, list, cell or quote; and inline parsing runs on the translated text only.
"""

import re
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from portal.content.language import SOURCE, language
from portal.content.message import Message, Translation, fold

_HEADING_ID = re.compile(r"[ \t]+\{#([A-Za-z][\w-]*)\}[ \t]*\Z")
# What stands before an item that readers choose (see practice.py): it steers a score or a path, so that it is cut off
# before translators see the text, and put back as it was written.
_BOX = re.compile(r"\[(?: |[xX]|!{1,2}|#[a-z][a-z0-9-]*(?: #[a-z][a-z0-9-]*)*(?: !{1,2})?)\][ \t]+")
_SLUG = re.compile(r"[^a-z0-9]+")
_KINDS = {
    "heading_open": "heading",
    "list_item_open": "item",
    "td_open": "cell",
    "th_open": "cell",
    "blockquote_open": "quote",
}


@dataclass(frozen=True)
class Choice:
    """What a page shows: the code of its `language`, and for each message its translation, or None for the source."""

    language: str
    translations: Sequence[Translation | None]


def find(state: StateCore) -> None:
    """Core rule after `block`: name the headings, and note on each inline token the message it holds."""
    remarks = _Remarks()
    kinds = ["paragraph"]
    for at, token in enumerate(state.tokens):
        if token.type == "comment":
            remarks.read(token.content)
        elif token.type == "inline":
            _note(token, state.tokens[at - 1], kinds[-1], remarks)
        elif token.nesting == 1 and (token.type in _KINDS or token.type.startswith("container_")):
            kinds.append(_KINDS.get(token.type) or token.type.removeprefix("container_").removesuffix("_open"))
        elif token.nesting == -1 and (token.type[:-5] + "open" in _KINDS or token.type.startswith("container_")):
            kinds.pop()


def messages_of(tokens: Sequence[Token]) -> list[Message]:
    """Give the messages that `find` noted, in reading order."""
    return [token.meta["message"] for token in tokens if token.type == "inline" and token.meta["message"]]


def translated(tokens: Sequence[Token], choice: Choice) -> list[Token]:
    """Give the tokens with the chosen texts in their places; `choice` has one translation for each of `messages_of`."""
    fresh = list(tokens)
    chosen = iter(choice.translations)
    for at, token in enumerate(tokens):
        if token.type != "inline":
            continue
        message = token.meta["message"]
        found = next(chosen) if message else None
        fresh[at - 1], fresh[at] = opening, inline = _copy(tokens[at - 1]), _copy(token)
        if message:
            inline.content = found.text if found else message.text
        _claim(inline, opening, found.language if found else SOURCE, choice.language)
    return fresh


def mark(state: StateCore) -> None:
    """Core rule after `inline`: wrap texts in another language whose block prints no tag, and put boxes back."""
    for token in state.tokens:
        attrs = token.meta.get("wrap")
        if attrs:
            token.children = [
                Token("span_open", "span", 1, attrs=attrs),
                *(token.children or []),
                Token("span_close", "span", -1),
            ]
        if token.meta.get("box"):
            token.children = [Token("box", "", 0, content=token.meta["box"]), *(token.children or [])]


def _note(inline: Token, opening: Token, kind: str, remarks: "_Remarks") -> None:
    if opening.type == "heading_open":
        _name_heading(inline, opening)
    box = _BOX.match(inline.content) if kind == "item" else None
    text = fold(inline.content[box.end() :] if box else inline.content)
    line = (inline.map[0] if inline.map else 0) + 1
    context, notes = remarks.take()
    # An empty text is never looked up: gettext answers "" with the catalog's header.
    inline.meta["message"] = (
        Message(text, line, "option" if box else kind, context, notes) if text and not remarks.off else None
    )
    inline.meta["box"] = box.group() if box else ""
    inline.meta["kind"] = kind


def _copy(token: Token) -> Token:
    """Copy a token so far that its text, what is read from it, its attributes and notes may change."""
    twin = copy(token)
    twin.attrs, twin.meta = dict(token.attrs), dict(token.meta)
    twin.children = [] if token.type == "inline" else None
    return twin


def _name_heading(inline: Token, opening: Token) -> None:
    """Give a heading its anchor: `{#id}` as written, else from the English text, never from a translation."""
    written = _HEADING_ID.search(inline.content)
    if written:
        inline.content = inline.content[: written.start()]
    opening.attrSet(
        "id", written.group(1) if written else _SLUG.sub("-", inline.content.lower()).strip("-") or "section"
    )


def _claim(inline: Token, opening: Token, given: str, page: str) -> None:
    """Say which language a text is in where it is not the page's."""
    if given == page:
        return
    attrs = {"lang": given, "dir": language(given).dir}
    if opening.hidden:
        inline.meta["wrap"] = attrs
    else:
        opening.attrs.update(attrs)


class _Remarks:
    """The authors' comments: `i18n: note`, `i18n: ctx=word` for the next block, `i18n:off` and `i18n:on`."""

    def __init__(self) -> None:
        self.off = False
        self.context = ""
        self.notes: list[str] = []

    def read(self, comment: str) -> None:
        if not comment.startswith("i18n:"):
            return
        remark = comment.removeprefix("i18n:").strip()
        if remark in ("on", "off"):
            self.off = remark == "off"
        elif remark.startswith("ctx="):
            self.context = remark.removeprefix("ctx=").strip()
        else:
            self.notes.append(" ".join(remark.split()))

    def take(self) -> tuple[str, tuple[str, ...]]:
        taken = self.context, tuple(self.notes)
        self.context, self.notes = "", []
        return taken
