"""Quizzes, chat stories and trail games: their lists, and playing them page by page with plain forms."""

from typing import Any

from flask import Blueprint, Response, abort, g, request
from werkzeug.datastructures import MultiDict

from portal.content.document import Document
from portal.content.head import AGES, DOORS, PRACTICE
from portal.play import playing
from portal.play.turns import LostError, Turn, sent_answer, turn, walk, written
from portal.reader import answer, answer_once, card, offered, practice, site, text

bp = Blueprint("play", __name__)

# How much else is offered beside what one plays.
_MORE = 4

KINDS = f"<any({','.join(PRACTICE.values())}):kinds>"

# The readers that a list can be filtered for: ages of the young, and adults by their door.
_READERS = (*AGES, *DOORS[2:])


@bp.get(f"/{KINDS}/", defaults={"who": None})
@bp.get(f"/{KINDS}/for/<any({','.join(map(repr, _READERS))}):who>/")
def listed(kinds: str, who: str | None) -> Response:
    """List all quizzes, stories or trails, or those for one group of readers."""
    document = site().library.at(f"/{kinds}/") or abort(404)
    if who is None:
        _offer(document)
    kind = next(one for one, address in PRACTICE.items() if address == kinds)
    found = [one for one in practice(kind) if who is None or _is_for(one, who)]
    return answer(
        "play/listed.html",
        text=text(document),
        cards=[card(one) for one in found],
        address=document.address,
        readers=[one for one in _READERS if any(_is_for(document, one) for document in practice(kind))],
        who=who,
    )


@bp.get(f"/{KINDS}/<slug>/")
def start(kinds: str, slug: str) -> Response:
    """Show how a quiz, story or trail begins."""
    document = playing.document_at(kinds, slug)
    _offer(document)
    return answer(_template(document), sensitive=document.head.sensitive, **_at(document, MultiDict()), is_start=True)


@bp.post(f"/{KINDS}/<slug>/")
def go_on(kinds: str, slug: str) -> Response:
    """Show what follows on a choice. Everything about it came with the request, and nothing of it stays."""
    document = playing.document_at(kinds, slug)
    try:
        return answer_once(_template(document), **_at(document, request.form))
    except LostError:
        abort(400)


@bp.get(f"/{KINDS}/<slug>/certificate/")
def certificate(kinds: str, slug: str) -> Response:
    """Show a sheet to print, with the name left blank for handwriting."""
    document = playing.document_at(kinds, slug)
    return answer("play/certificate.html", **_common(document))


def _offer(document: Document) -> None:
    g.alternates = offered(document)
    g.default_address = f"/{g.alternates[0][0]}{document.address}"


def _is_for(document: Document, who: str) -> bool:
    return who in (*document.head.ages, document.head.audience)


def _template(document: Document) -> str:
    return "play/story.html" if document.head.kind == "story" else "play/quiz.html"


def _common(document: Document) -> dict[str, Any]:
    g.door = document.head.audience
    others = [one for one in practice(audience=g.door) if one is not document]
    others.sort(key=lambda one: not set(one.head.ages) & set(document.head.ages))
    return {
        "text": text(document),
        "kind": document.head.kind,
        "address": document.address,
        "label": card(document).label,
        "young": playing.is_for_young(document),
        "together": playing.together(document),
        "more": [card(one) for one in others[:_MORE]],
    }


def _at(document: Document, form: MultiDict[str, str]) -> dict[str, Any]:
    read = _scene if document.head.kind == "story" else _question
    return {**_common(document), **read(document, form)}


def _scene(document: Document, form: MultiDict[str, str]) -> dict[str, Any]:
    """Give the scene that a path leads to, one choice further or one back."""
    past, choice = form.get("past", ""), form.get("choice", "")
    found = walk(playing.story(document), f"{past},{choice}" if past and choice else past or choice)
    return {
        "scene": found.scene,
        "before": found.before,
        "past": written(found.past),
        "earlier": written(found.past[:-1]),
        "care": playing.care(found.risk),
        "lines": playing.lines_at(found.risk),
    }


def _question(document: Document, form: MultiDict[str, str]) -> dict[str, Any]:
    """Give the question that is open, what is said about an answer, or the end."""
    questions = playing.questions(document)
    here = turn(questions, form.get("past", ""), None)
    if here.question and "answer" in form:
        here = turn(questions, form.get("past", ""), sent_answer(here.question, form))
    risk = here.question.risk(here.answer) if here.question and here.answer else 0
    return {
        "turn": here,
        "total": len(questions),
        "past": written(here.past),
        "next": written((*here.past, here.answer)) if here.answer else "",
        "care": playing.care(risk),
        "lines": playing.lines_at(risk),
        "trail": playing.trail(document) if document.head.kind == "trail" else None,
        **(_end(document, here) if here.question is None else {}),
    }


def _end(document: Document, here: Turn) -> dict[str, Any]:
    """Give the ideas that somebody knows and those to look at again; the last answer to a question counts."""
    answered = [
        (question, given)
        for question, given in zip(playing.questions(document), here.past, strict=True)
        if question.idea
    ]
    return {
        "known": [question.idea for question, given in answered if question.is_good(given)],
        "again": [question.idea for question, given in answered if not question.is_good(given)],
        "answered": answered,
    }
