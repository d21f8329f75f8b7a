"""Quizzes, stories and trails in the reader's language, each made once for a state of the site."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import abort
from markupsafe import Markup

from portal.content.document import Document
from portal.content.head import PRACTICE
from portal.content.parts import HIGH, NONE, Part, parts_of
from portal.content.quiz import Question, Quiz, read_quiz
from portal.content.story import Story, read_story
from portal.content.trail import Trail, read_trail
from portal.lines.place import place_of
from portal.reader import reader, render_env, site

T = TypeVar("T")


def document_at(kinds: str, slug: str) -> Document:
    """Give the document of an address such as "quizzes", "passwords". Ends in 404 where there is none."""
    document = site().library.at(f"/{kinds}/{slug}/")
    return document if document and document.head.kind in PRACTICE else abort(404)


def quiz(document: Document) -> Quiz:
    """Give a quiz in the reader's language."""
    return _once(document, read_quiz)


def story(document: Document) -> Story:
    """Give a story in the reader's language."""
    return _once(document, lambda parts: read_story(parts, document.head.me))


def trail(document: Document) -> Trail:
    """Give a trail in the reader's language."""
    return _once(document, read_trail)


def questions(document: Document) -> tuple[Question, ...]:
    """Give what is asked in a quiz or a trail, step by step."""
    if document.head.kind == "quiz":
        return quiz(document).questions
    found = trail(document)
    return (found.profile, *found.repairs)


def together(document: Document) -> Part:
    """Give the closing section of what is played."""
    read: dict[str, Callable[[Document], Quiz | Story | Trail]] = {"quiz": quiz, "story": story, "trail": trail}
    return read[document.head.kind](document).together


def is_for_young(document: Document) -> bool:
    """Tell whether a document speaks to children or teenagers."""
    return document.head.audience in ("kids", "teens")


def lines_at(risk: int) -> list[Markup]:
    """Give the site's own country's line to talk to, where a choice carried a high risk."""
    return place_of(None).services("talk")[:1] if risk == HIGH else []


def care(risk: int) -> str:
    """Give the word that templates know a risk by."""
    return "high" if risk == HIGH else "some" if risk != NONE else ""


def _once(document: Document, make: Callable[[Sequence[Part]], T]) -> T:
    code = reader().code
    return site().once(
        ("played", document.address, code),
        lambda: make(parts_of(document, code, site().catalogs.lookup, render_env())),
    )
