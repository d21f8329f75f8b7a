"""Ready lessons: their list, and what a teacher reads, shows and prints of one."""

from typing import Any

from flask import Blueprint, Response, abort, g

from portal.content.document import Document
from portal.content.lesson import LENGTHS, Lesson, read_lesson
from portal.reader import answer, card, lessons, offered, reader, render_env, site, text

bp = Blueprint("lessons", __name__)

# A page to print and hang up, where the site has it.
_PROMISE = "/teachers/class-promise/"

_LENGTH = f"<any({','.join(map(repr, map(str, LENGTHS)))}):length>"


@bp.get("/lessons/")
def listed() -> Response:
    """List all lessons."""
    document = site().library.at("/lessons/") or abort(404)
    _offer(document)
    return answer("lessons/listed.html", text=text(document), cards=[card(one) for one in lessons()])


@bp.get("/lessons/<slug>/")
def overview(slug: str) -> Response:
    """Show what a lesson is about, how it is built in each length, and what belongs to it."""
    document = _document_at(slug)
    _offer(document)
    lesson = _lesson(document)
    return answer("lessons/overview.html", **_common(document), steps=lesson.steps)


@bp.get(f"/lessons/<slug>/{_LENGTH}/")
def plan(slug: str, length: str) -> Response:
    """Show everything that a teacher needs for a lesson of one length, on one page to print."""
    document = _document_at(slug)
    lesson = _lesson(document)
    return answer("lessons/plan.html", **_common(document), length=int(length), plan=lesson.plan(int(length)))


@bp.get(f"/lessons/<slug>/{_LENGTH}/present/")
def present(slug: str, length: str) -> Response:
    """Show what the projector shows, slide by slide."""
    document = _document_at(slug)
    slides = _lesson(document).slides(int(length))
    return answer("lessons/present.html", **_common(document), length=int(length), slides=slides)


@bp.get("/lessons/<slug>/cards/")
def cards(slug: str) -> Response:
    """Show the cards of a lesson, to print and cut."""
    document = _document_at(slug)
    promise = site().library.at(_PROMISE)
    return answer(
        "lessons/cards.html",
        **_common(document),
        steps=[step for step in _lesson(document).steps if step.cards],
        promise=card(promise) if promise else None,
    )


def _document_at(slug: str) -> Document:
    document = site().library.at(f"/lessons/{slug}/")
    return document if document and document.head.kind == "lesson" else abort(404)


def _offer(document: Document) -> None:
    g.alternates = offered(document)
    g.default_address = f"/{g.alternates[0][0]}{document.address}"


def _common(document: Document) -> dict[str, Any]:
    g.door = document.head.audience
    listed = site().library.at("/lessons/")
    lesson = _lesson(document)
    return {
        "text": text(document),
        "address": document.address,
        "parent": card(listed) if listed else None,
        "lengths": LENGTHS,
        "before": lesson.before,
        "after": lesson.after,
        "sensitive": document.head.sensitive,
    }


def _lesson(document: Document) -> Lesson:
    code = reader().code
    return site().once(
        ("lesson", document.address, code),
        lambda: read_lesson(document, code, site().catalogs.lookup, render_env()),
    )
