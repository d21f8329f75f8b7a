"""The one markdown parser: extraction and rendering must cut a text alike, so both take it from here."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.container import container_plugin

from portal.content import walk

# Raised whenever the parser cuts texts differently, so that catalogs compiled for another cut are refused.
TOKENISER = "1"

# `::: name` … `:::`. Each has its look in static/css/parts.css and its line in docs/writing.md.
BLOCKS = ("note", "say", "do", "help", "blank", "chat", "notice", "idea", "discuss", "slide", "cards")

_LINK = re.compile(
    r"(#[a-z0-9-]*|/(?!/)[a-z0-9/#-]*|helpline:[a-z]+|picture:[a-z0-9-]+|https://[a-z0-9.-]+(/\S*)?)\Z", re.I
)


@cache
def make_parser() -> MarkdownIt:
    """Give the configured parser, whole.

    CommonMark with tables, the blocks of `BLOCKS`, attributes on links, code and spans (id, class, lang, dir only) and
    comments for translators. Without raw HTML, bare links and smart quotes: each would let a translation change more
    than words.

    What rendering needs travels in its `env`: "resolve", a function from a link's target as written to its address,
    "help_button", the HTML that closes a help block, and "notice_title", the HTML that opens a notice.
    """
    return _configured()


@dataclass(frozen=True)
class Blocks:
    """The structure of a text, before its inline marks are read: tokens with their messages, and link definitions."""

    tokens: tuple[Token, ...]
    references: Mapping[str, Any]


def read_blocks(text: str) -> Blocks:
    """Read a text's structure and messages. It is the same in every language, so it is read once."""
    env: dict[str, Any] = {}
    tokens = _stage("normalize", "block", "find").parse(text, env)
    return Blocks(tuple(tokens), env.get("references", {}))


def read_inline(blocks: Blocks, choice: walk.Choice) -> list[Token]:
    """Put the chosen texts into the structure and read the marks in them."""
    md = _stage("inline", "mark", "text_join")
    state = StateCore("", md, {"references": blocks.references})
    state.tokens = walk.translated(blocks.tokens, choice)
    md.core.process(state)
    return state.tokens


def to_html(tokens: Sequence[Token], env: Mapping[str, Any]) -> Markup:
    """Give parsed tokens as safe HTML. `env` is explained at `make_parser`."""
    md = make_parser()
    return Markup(md.renderer.render(tokens, md.options, dict(env)))  # noqa: S704 - the parser escapes; raw HTML is off


def bare(children: Sequence[Token] | None) -> str:
    """Give the text of an inline token's children without its marks."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content
        for child in children or ()
        if child.type != "box"
    )


def _configured() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("table")
    md.use(attrs_plugin, spans=True, allowed=["id", "class", "lang", "dir"])
    for name in BLOCKS:
        md.use(container_plugin, name, render=_render_block)
    md.block.ruler.before("fence", "comment", _comment, {"alt": ["paragraph", "blockquote", "list"]})
    md.core.ruler.before("inline", "find", walk.find)
    md.core.ruler.after("inline", "mark", walk.mark)
    md.validateLink = _is_allowed  # type: ignore[method-assign]
    md.add_render_rule("comment", _render_nothing)
    md.add_render_rule("box", _render_box)
    md.add_render_rule("link_open", _render_link)
    md.add_render_rule("image", _render_image)
    md.add_render_rule("table_open", _render_table)
    md.add_render_rule("table_close", _render_table)
    return md


@cache
def _stage(*rules: str) -> MarkdownIt:
    """Give the parser with some of its steps, which are the core rules."""
    md = _configured()
    md.core.ruler.enableOnly(rules)
    return md


def _is_allowed(url: str) -> bool:
    """Allow pages of this site, anchors, services by kind, own pictures, and https without a user name."""
    return bool(_LINK.match(url))


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a block that opens with `<!--` out of the text, up to the line that closes it."""
    if state.is_code_block(start) or not state.getLines(start, start + 1, state.blkIndent, False).startswith("<!--"):
        return False
    last = next((n for n in range(start, end) if "-->" in state.getLines(n, n + 1, 0, False)), None)
    if last is None:
        return False
    if not silent:
        token = state.push("comment", "", 0)
        token.content = (
            state.getLines(start, last + 1, state.blkIndent, False)
            .strip()
            .removeprefix("<!--")
            .removesuffix("-->")
            .strip()
        )
        token.map = [start, last + 1]
        state.line = last + 1
    return True


def _render_nothing(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return ""


def _render_box(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return escapeHtml(tokens[at].content)


def _render_block(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[at]
    name = token.type.removeprefix("container_").removesuffix("_open").removesuffix("_close")
    if token.nesting == 1:
        return f'<div class="block block-{name}">\n{env.get("notice_title", "") if name == "notice" else ""}'
    return f"{env.get('help_button', '')}</div>\n" if name == "help" else "</div>\n"


def _resolved(token: Token, attribute: str, env: MutableMapping[str, Any]) -> str:
    target = str(token.attrGet(attribute) or "")
    resolve = env.get("resolve")
    return resolve(target) if resolve else target


def _render_link(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    token = tokens[at].copy()
    if str(token.attrGet("href")).startswith("https://"):
        token.attrSet("rel", "noreferrer")
        token.attrJoin("class", "outside")
    token.attrSet("href", _resolved(tokens[at], "href", env))
    return self.renderToken([token], 0, options, env)


def _render_image(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    """Show a picture of the content; of any other, only its words: nothing is loaded from elsewhere."""
    token = tokens[at].copy()
    words = self.renderInlineAsText(token.children, options, env)
    if not str(token.attrGet("src")).startswith("picture:"):
        return escapeHtml(words)
    token.attrSet("src", _resolved(token, "src", env))
    token.attrSet("alt", words)
    token.attrs.update(width="320", height="240", loading="lazy")
    return self.renderToken([token], 0, options, env)


def _render_table(
    self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    """Let a wide table scroll in a frame of its own, which the keyboard can reach, instead of widening the page."""
    return '<div class="scroll" tabindex="0">\n<table>\n' if tokens[at].nesting == 1 else "</table>\n</div>\n"
