"""What pages of the classroom show: choices for forms, cards for homepages, QR codes, names of shares."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import segno
from flask_babel import gettext
from markupsafe import Markup

from portal.classrooms.forms import ALL, CHOSEN
from portal.classrooms.models import Classroom
from portal.classrooms.totals import Share
from portal.content.document import Document
from portal.content.head import AGES, DOORS, PRACTICE
from portal.lines.place import name_of
from portal.lines.words import sort_key
from portal.reader import Card, age_range, card, offered_here, site

# The doors whose articles a class may be shown.
_YOUNG = DOORS[:2]


def choices() -> dict[str, list[tuple[str, Any]]]:
    """Give what can be chosen in the form of a homepage, field by field, in the reader's language."""
    codes = sorted(site().directory.codes, key=lambda code: sort_key(name_of(code)))
    return {
        "languages": [(one.code, one.name) for one in site().languages],
        "age": [(age, age_range(age)) for age in AGES],
        "country": [(code, name_of(code)) for code in codes],
        "show": [(ALL, gettext("Everything for this age")), (CHOSEN, gettext("Only what I choose"))],
        "items": [(document.address, document.address) for group in groups() for document in group],
    }


def groups() -> list[list[Document]]:
    """Give what a homepage can show in the reader's language, as lists of a kind: articles, quizzes, stories, games."""
    library = site().library
    articles = [one for audience in _YOUNG for one in library.articles(audience)]
    played = [[one for one in library.practice(kind) if one.head.audience in _YOUNG] for kind in PRACTICE]
    return [[one for one in group if offered_here(one)] for group in (articles, *played)]


def on_homepage(classroom: Classroom) -> list[Document]:
    """Give what a homepage shows: what was chosen, as far as it is there, else everything for the age of the class."""
    offered = [document for group in groups() for document in group]
    if classroom.items:
        return [one for one in offered if one.address in classroom.items]
    return [one for one in offered if classroom.age in one.head.ages]


def quizzes(age: str) -> list[Document]:
    """Give the quizzes that a round can be made of, those for the class's age first, then the other ones."""
    found = [one for one in site().library.practice("quiz") if offered_here(one)]
    return sorted(found, key=lambda one: age not in one.head.ages)


@lru_cache(maxsize=256)
def qr(address: str) -> Markup:
    """Give the QR code of an address as SVG, dark on light whatever the page's colours are, with room around it."""
    made = segno.make(address, error="m", micro=False)
    drawn = made.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704 - drawn by segno from squares alone


def share_name(share: Share) -> str:
    """Give the words for how many chose an option."""
    names: dict[int, Sequence[str]] = {
        2: (gettext("half or fewer"), gettext("more than half")),
        3: (gettext("few or none"), gettext("about half"), gettext("most or all")),
        4: (gettext("few or none"), gettext("fewer than half"), gettext("more than half"), gettext("most or all")),
        5: (
            gettext("few or none"),
            gettext("fewer than half"),
            gettext("about half"),
            gettext("more than half"),
            gettext("most or all"),
        ),
    }
    return names[share.steps][share.step]


def by_kind(documents: Iterable[Document]) -> list[tuple[str, list[tuple[str, Card]]]]:
    """Give documents in groups by the name of what one does with them, each with its address below the language."""
    titles = {
        "article": gettext("To read"),
        "quiz": gettext("Quizzes"),
        "story": gettext("Chat stories"),
        "trail": gettext("Trail games"),
    }
    listed = list(documents)
    found = [
        (title, [(one.address, card(one)) for one in listed if one.head.kind == kind]) for kind, title in titles.items()
    ]
    return [group for group in found if group[1]]
