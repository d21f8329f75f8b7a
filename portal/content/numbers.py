"""Telephone numbers under any disguise: digits of any script, grouped in any way."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

# Digits with at most three characters between them that are no letters: "0900 123", "09-00/123", "1️⃣1️⃣2️⃣".
_RUN = re.compile(r"[0-9](?:(?:[^\w]|_){0,3}[0-9])*")
_GROUP = re.compile(r"[0-9]+")

# A number as an author writes it, in groups or not. Neither a range nor a list is one: "9–11" does not make 911.
_NUMBER = re.compile(r"[0-9]+(?:[ .,'’/-][0-9]+)*")

# The shortest digits that could be dialled.
_DIALLED = 3

# The stroke that stretches Arabic words can stand between digits too.
_TATWEEL = "\u0640"


def new_numbers(source: str, translation: str) -> list[str]:
    """Give the numbers of three or more digits in a translation that don't come from its source.

    Digits of the source may be grouped anew ("116111" as "116 111", "12 to 14" as "12–14"), but neither repeated nor
    joined to a number that a reader of the source doesn't see.
    """
    runs = [run for run in _RUN.findall(_plain(translation)) if len(_digits(run)) >= _DIALLED]
    if not runs:
        return []
    source = _plain(source)
    supply = Counter(_digits(source))
    numbers = set(_numbers(source))
    return [run for run in runs if Counter(_digits(run)) - supply or not _is_made_of(_GROUP.findall(run), numbers)]


def _numbers(source: str) -> Iterator[str]:
    """Give what each number of the source, and each part of its groups, looks like in one piece."""
    for number in _NUMBER.findall(source):
        groups = _GROUP.findall(number)
        yield from ("".join(groups[start:end]) for end in range(1, len(groups) + 1) for start in range(end))


def _is_made_of(groups: Sequence[str], numbers: set[str]) -> bool:
    """Tell whether groups of digits, read one after the other, are numbers out of a set."""
    ends = {0}
    for end in range(1, len(groups) + 1):
        if any("".join(groups[start:end]) in numbers for start in ends):
            ends.add(end)
    return len(groups) in ends


def _digits(text: str) -> str:
    return "".join(_GROUP.findall(text))


def _plain(text: str) -> str:
    """Write all digits in ASCII, and leave out what has no width."""
    return text if text.isascii() else "".join(map(_ascii, unicodedata.normalize("NFKC", text)))


@cache
def _ascii(character: str) -> str:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return "" if character == _TATWEEL or unicodedata.category(character) == "Cf" else character
