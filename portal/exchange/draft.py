"""Our own markdown, written from what came out of another program: a draft that an editor completes.

What our form asks for and the other program does not know (explanations, ideas, what an ending explains) is not made
up: its place stays empty, and `portal check` names it with its line until somebody has written it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import yaml

from portal.content.parts import TOGETHER
from portal.exchange.sheet import ONE, ORDER, Item, Sheet, one_line

_SLUG = re.compile(r"[^a-z0-9]+")
# What markdown would take for a mark; the backslash before it is no part of the text.
_MARKS = re.compile(r"([\\`*_\[\]<>{}|~&])")
_BLOCK_START = re.compile(r"\A([#+\-=:>]|\d+(?=[.)]))")


def escape(text: str) -> str:
    """Write a text in markdown so that it is read as it is, and on one line."""
    marked = _MARKS.sub(r"\\\1", one_line(text))
    start = _BLOCK_START.match(marked)
    if start and start[1].isdigit():
        return f"{start[1]}\\{marked[start.end() :]}"
    return f"\\{marked}" if start else marked


def anchor(text: str, taken: Sequence[str] = (), kind: str = "question") -> str:
    """Give an anchor made from a text, which none of those `taken` is."""
    name = _SLUG.sub("-", text.lower()).strip("-")[:30].strip("-")
    name = name if re.match(r"[a-z]", name) else f"{kind}-{name}".strip("-")
    number = 2
    found = name
    while found in taken or found == TOGETHER:
        found = f"{name}-{number}"
        number += 1
    return found


def head(values: Mapping[str, object]) -> str:
    """Write a file's head."""
    return f"---\n{yaml.safe_dump(dict(values), sort_keys=False, allow_unicode=True, width=1000)}---\n"


def quiz_draft(sheet: Sheet, values: Mapping[str, object]) -> str:
    """Give a quiz in our markdown under a head of `values`; its last section is left for the editor."""
    blocks = [head(values)]
    taken: list[str] = []
    for item in sheet.items:
        taken.append(anchor(item.text, taken))
        blocks += _question(item, taken[-1])
    return "\n\n".join([*blocks, f"## Do this with somebody {{#{TOGETHER}}}", ""])


def _question(item: Item, name: str) -> Iterator[str]:
    yield f"## {escape(item.text)} {{#{name}}}"
    if item.detail:
        yield escape(item.detail)
    if item.kind == ONE and sum(answer.is_good for answer in item.answers) > 1:
        yield "<!-- choose: one -->"
    for place, answer in enumerate(item.answers, 1):
        mark = f"{place}." if item.kind == ORDER else "- [x]" if answer.is_good else "- [ ]"
        yield f"{mark} {escape(answer.text)}"
        if answer.reason:
            yield f"{'   ' if item.kind == ORDER else '  '}{escape(answer.reason)}"
    for block, text in (("idea", item.idea), ("discuss", item.discuss)):
        if text:
            yield f"::: {block}\n{escape(text)}\n:::"
