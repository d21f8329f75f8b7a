"""How long sentences may be for their readers: an alarm for authors and translators, in every language."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from portal.content.language import language


@dataclass(frozen=True)
class Limit:
    """The most words that a page's sentences may have on average, and that a single one may have."""

    mean: int
    longest: int


LIMITS = {
    "kids": Limit(10, 18),
    "teens": Limit(14, 25),
    "everyone": Limit(14, 25),
    "parents": Limit(18, 30),
    "teachers": Limit(18, 30),
}

# Ends of sentences and words are those of the acceptance check (readlevel.py): what passes here must pass there.
_END = re.compile(r"[.!?؟…][\"'»”“’)]*\s+")
_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")

# Labels and lone words say nothing about sentences.
_SHORTEST = 3

_OPENING = "\"'«„“”‘’(‹"

# Abbreviations after which a sentence goes on, whatever follows. Those that may end one ("etc.", "usw.", "itd.") are
# not here: there the next letter tells, a small one goes on.
_SLAVIC = "npr tj tzv br str odn tel нпр тј тзв бр стр одн"
_ABBREVIATIONS = {
    "en": "e.g i.e mr mrs ms dr vs approx",
    "de": "z.b d.h u.a u.u z.t i.d.r bzw bspw ca evtl ggf inkl nr sog vgl dr hr fr",
    "fr": "p.ex c.-à-d env cf mm",
    "nl": "bijv bv d.w.z o.a m.b.t i.p.v m.a.w t.e.m ca evt incl nr dhr mevr",
    "tr": "örn bkz dr sn t.c",
    "ar": "د أ",
    **dict.fromkeys(("bs", "hr", "sr"), _SLAVIC),
}


@cache
def _going_on(code: str) -> re.Pattern[str]:
    """Give what holds full stops that end no sentence in a language: abbreviations, and days before a month's name."""
    locale = language(code).locale
    listed = _ABBREVIATIONS.get(locale.language, "").split()
    abbreviations = "|".join(re.escape(one).replace(r"\.", r"\. ?") for one in listed) or r"(?!)"
    months = "|".join(re.escape(name) for name in locale.months["format"]["wide"].values())
    return re.compile(rf"(?<![^\W_])(?:(?:{abbreviations})\.|\d{{1,2}}\.(?= (?:{months})))", re.I)


def sentences(text: str, code: str) -> list[tuple[int, str]]:
    """Give the sentences of a plain text in the language `code`, each with its number of words.

    A line break ends a sentence. What has fewer than three words is left out.
    """
    found = (
        (len(_WORD.findall(sentence)), sentence)
        for block in text.split("\n")
        for sentence in _cut(" ".join(block.split()), code)
    )
    return [(words, sentence) for words, sentence in found if words >= _SHORTEST]


def _cut(block: str, code: str) -> Iterator[str]:
    going_on = {at for found in _going_on(code).finditer(block) for at in range(*found.span())}
    start = 0
    for end in _END.finditer(block):
        if end.start() in going_on or (end.group()[0] in ".…" and _goes_on(block[end.end() :])):
            continue
        yield block[start : end.end()].rstrip()
        start = end.end()
    yield block[start:]


def _goes_on(rest: str) -> bool:
    return rest.lstrip(_OPENING)[:1].islower()


def too_long(blocks: Iterable[str], audience: str, code: str) -> list[str]:
    """Give what is too long for an audience in the plain texts of a page's blocks, in the language `code`.

    The limits (`LIMITS`) are a promise of every page: words for the age.
    """
    limit = LIMITS[audience]
    found = [sentence for block in blocks for sentence in sentences(block, code)]
    mean = sum(words for words, _ in found) / len(found) if found else 0
    faults = (
        [f"sentences have {mean:.1f} words on average; {audience} need {limit.mean} at most"]
        if mean > limit.mean
        else []
    )
    for words, sentence in sorted(found, key=lambda one: -one[0]):
        if words > limit.longest:
            faults.append(f"a sentence has {words} words, {limit.longest} are the most for {audience}: {sentence!r}")
    return faults
