"""The one walk over a document's texts: what it hands to translators and what it replaces at render time can't differ.

It runs between block and inline parsing. By then the structure is fixed, so that no translation can make or break a
heading, list, cell or quote; and inline parsing runs on the translated text only.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from portal.content.language import SOURCE, language
from portal.content.message import Message, Translation, fold

_HEADING_ID = re.compile(r"[ \t]+\{#([A-Za-z][\w-]*)\}[ \t]*\Z")
_TASK = re.compile(r"\[[ xX]\][ \t]+")
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


# Asked once a parse with the messages of the body, in reading order.
Choose = Callable[[Sequence[Message]], Choice]


@dataclass
class _Text:
    """An inline token, the token that opens its block, and the message it holds (None where translation is off)."""

    inline: Token
    opening: Token
    marker: str
    message: Message | None


def translate(state: StateCore) -> None:
    """Core rule before `inline`: collect the messages, ask `env["choose"]`, put the chosen texts in their places."""
    texts = list(_texts(state.tokens))
    choose: Choose | None = state.env.get("choose")
    messages = [text.message for text in texts if text.message]
    choice = choose(messages) if choose else Choice(SOURCE, [None] * len(messages))
    chosen = iter(choice.translations)
    for text in texts:
        found = next(chosen) if text.message else None
        if text.message:
            text.inline.content = text.marker + (found.text if found else text.message.text)
        _claim(text, found.language if found else SOURCE, choice.language)


def mark(state: StateCore) -> None:
    """Core rule after `inline`: wrap texts in another language whose block prints no tag (items of tight lists)."""
    for token in state.tokens:
        attrs = token.meta.get("wrap")
        if attrs:
            token.children = [
                Token("span_open", "span", 1, attrs=attrs),
                *(token.children or []),
                Token("span_close", "span", -1),
            ]


def _texts(tokens: Sequence[Token]) -> Iterator[_Text]:
    remarks = _Remarks()
    kinds = ["paragraph"]
    for at, token in enumerate(tokens):
        if token.type == "comment":
            remarks.read(token.content)
        elif token.type == "inline":
            yield _text(token, tokens[at - 1], kinds[-1], remarks)
        elif token.nesting == 1 and (token.type in _KINDS or token.type.startswith("container_")):
            kinds.append(_KINDS.get(token.type) or token.type.removeprefix("container_").removesuffix("_open"))
        elif token.nesting == -1 and (token.type[:-5] + "open" in _KINDS or token.type.startswith("container_")):
            kinds.pop()


def _text(inline: Token, opening: Token, kind: str, remarks: "_Remarks") -> _Text:
    if opening.type == "heading_open":
        _name_heading(inline, opening)
    marker = _TASK.match(inline.content) if kind == "item" else None
    text = fold(inline.content[marker.end() :] if marker else inline.content)
    line = (inline.map[0] if inline.map else 0) + 1
    # An empty text is never looked up: gettext answers "" with the catalog's header.
    context, notes = remarks.take()
    message = Message(text, line, kind, context, notes) if text and not remarks.off else None
    return _Text(inline, opening, marker.group() if marker else "", message)


def _name_heading(inline: Token, opening: Token) -> None:
    """Give a heading its anchor: `{#id}` as written, else from the English text, never from a translation."""
    written = _HEADING_ID.search(inline.content)
    if written:
        inline.content = inline.content[: written.start()]
    opening.attrSet(
        "id", written.group(1) if written else _SLUG.sub("-", inline.content.lower()).strip("-") or "section"
    )


def _claim(text: _Text, given: str, page: str) -> None:
    """Say which language a text is in where it is not the page's."""
    if given == page:
        return
    attrs = {"lang": given, "dir": language(given).dir}
    if text.opening.hidden:
        text.inline.meta["wrap"] = attrs
    else:
        text.opening.attrs.update(attrs)


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
