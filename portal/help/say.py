"""The words to say it: a child chooses sentences, and sees them in their own language and in the adult's."""

from flask import Blueprint, Response, abort, request

from portal.content.document import Document
from portal.content.fragment import Fragment
from portal.content.language import Language, language
from portal.reader import answer, answer_once, reader, site, text

bp = Blueprint("say", __name__)


@bp.get("/help/say/")
def choose() -> Response:
    """Offer the sentences to choose from."""
    document = _document()
    parts = document.choices(reader().code, site().catalogs.lookup)
    return answer("help/say.html", sensitive=True, text=text(document), parts=parts, others=_others())


@bp.post("/help/say/")
def show() -> Response:
    """Show the chosen sentences, side by side in two languages where one was asked for. Nothing of it is kept."""
    document = _document()
    other = request.form.get("other", "")
    codes = [reader().code, *([other] if other in {one.code for one in _others()} else [])]
    said = [(language(code), _chosen(document, code)) for code in codes]
    return answer_once("help/said.html", text=text(document), said=said, chosen=bool(said[0][1]))


def _document() -> Document:
    return site().library.at("/help/say/") or abort(404)


def _others() -> list[Language]:
    return [one for one in site().languages if one.code != reader().code]


def _chosen(document: Document, code: str) -> list[Fragment]:
    """Give the sentences whose numbers were sent, in the order of the page, whatever else was sent."""
    parts = document.choices(code, site().catalogs.lookup)
    return [
        sentence
        for part, sentences in parts.items()
        for number, sentence in enumerate(sentences, 1)
        if f"{part}-{number}" in request.form
    ]
