"""Plain text that an adult types for a class: one short line, without marks that could disturb or deceive."""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

# Marks that turn the direction of what follows or can't be seen. Joiners stay: Arabic, Persian and emoji need them.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\uffff]"
)
# What joins and varies letters, and is nothing by itself.
_JOINERS = " \u200c\u200d\ufe0e\ufe0f"
# Control characters, and what is no character at all.
_NOT_TEXT = ("Cc", "Cn", "Co", "Cs")
# More marks on one letter than any language writes.
_PILE = re.compile(r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{4,}")
_LINK = re.compile(r"(?:\b[a-z][a-z0-9+.-]{1,15}:(?://|\S*[/@?=])|\bwww\.|\bjavascript:|\bdata:)\S*", re.I)


def tidy(text: str | None) -> str:
    """Give a line as it is kept, or shown again where it is refused.

    It has composed letters, single spaces and none at the ends, and nothing of what `has_hidden_marks` finds but piles.
    """
    seen = "".join(letter for letter in _HIDDEN.sub("", text or "") if not _is_no_text(letter))
    line = " ".join(unicodedata.normalize("NFC", seen).split())
    return line if line.strip(_JOINERS) else ""


def has_hidden_marks(text: str) -> bool:
    """Tell whether a text has characters that can't be seen, that turn its direction, or that pile up."""
    return bool(_HIDDEN.search(text) or _PILE.search(text) or any(map(_is_no_text, text)))


def _is_no_text(letter: str) -> bool:
    return unicodedata.category(letter) in _NOT_TEXT and letter not in "\t\r\n"


def links(text: str) -> list[str]:
    """Give whatever in a text is a link or looks like one."""
    return [found.group().rstrip(".,;:!?)") for found in _LINK.finditer(text)]


def leads_to(link: str, hosts: Collection[str]) -> bool:
    """Tell whether a link is one over http(s) to one of the hosts, with nothing before its name."""
    try:
        where = urlsplit(link)
        return where.scheme in ("http", "https") and where.netloc.lower() in hosts
    except ValueError:
        return False


def pieces(text: str, hosts: Collection[str]) -> list[tuple[str, str]]:
    """Cut a text at its links to `hosts`: each piece with its address, or "" where it is none."""
    found, at = [], 0
    for link in filter(lambda one: leads_to(one, hosts), links(text)):
        start = text.index(link, at)
        found += [(text[at:start], ""), (link, link)]
        at = start + len(link)
    return [piece for piece in (*found, (text[at:], "")) if piece[0]]
