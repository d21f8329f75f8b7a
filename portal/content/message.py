"""A text as translators meet it, and the one normal form that makes its key."""

import re
from dataclasses import dataclass, field

# Only these count as space at the ends and around line breaks: str.strip() would also eat U+0085 and U+001C–U+001F.
_BREAK = re.compile(r"(?<!\\)[ \t]*\n[ \t]*")
_HARD_BREAK = re.compile(r"(\\|(?<=\S) {2,})\n[ \t]*")


@dataclass(frozen=True)
class Message:
    """One translatable text of a document.

    `text` is the key in normal form (see `fold`), `context` the gettext msgctxt or "" , `line` the 1-based line of its
    first word in the file, `kind` what it is for translators ("paragraph", "heading", "item", "cell", "front:title" …),
    `notes` the authors' remarks for translators.
    """

    text: str
    line: int
    kind: str
    context: str = ""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Translation:
    """A text found in a catalog, and the code of the language that gave it (a fallback may answer for another)."""

    text: str
    language: str


def fold(raw: str) -> str:
    """Bring a block's raw markdown to its form as a key: soft breaks become one space, hard breaks stay, ends are cut.

    The form is frozen: a change loses every translation of the texts it touches, so it needs a migration and a new
    `markdown.TOKENISER` number.
    """
    parts = []
    end = 0
    for hard in _HARD_BREAK.finditer(raw):
        parts += [_BREAK.sub(" ", raw[end : hard.start()]), hard.group(1), "\n"]
        end = hard.end()
    parts.append(_BREAK.sub(" ", raw[end:]))
    return "".join(parts).strip(" \t\n")
