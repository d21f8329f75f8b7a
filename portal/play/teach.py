"""For teachers: a quiz as a worksheet, as an answer key, and as files for classroom tools."""

from collections.abc import Callable

from flask import Blueprint, Response, make_response
from flask_babel import gettext, pgettext

from portal.content.document import Document
from portal.content.parts import Prose
from portal.exchange.gift import write_gift
from portal.exchange.kahoot import kahoot, left_out
from portal.exchange.moodle import moodle
from portal.exchange.sheet import Sheet, sheet_of
from portal.exchange.table import table
from portal.play import playing
from portal.play.views import KINDS
from portal.reader import answer, card, href, render, site, text

bp = Blueprint("teach", __name__)


def _table(sheet: Sheet) -> bytes:
    headings = (
        gettext("Question"),
        gettext("Situation"),
        gettext("Answer"),
        gettext("Right"),
        gettext("Why"),
        pgettext("noun", "Idea"),
        gettext("To discuss"),
    )
    return table(sheet, headings)


# Each file's name, its media type, and how it is made.
_FILES: dict[str, tuple[str, Callable[[Sheet], bytes]]] = {
    "kahoot.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", kahoot),
    "moodle.xml": ("application/xml; charset=utf-8", moodle),
    "gift.txt": ("text/plain; charset=utf-8", lambda sheet: write_gift(sheet).encode()),
    "table.csv": ("text/csv; charset=utf-8", _table),
}


@bp.get(f"/{KINDS}/<slug>/teach/")
def show(kinds: str, slug: str) -> Response:
    """Offer what teachers can print and download of a quiz, story or trail."""
    document = playing.document_at(kinds, slug)
    sheet = _sheet(document) if document.head.kind == "quiz" else None
    return answer(
        "play/teach.html",
        text=text(document),
        kind=document.head.kind,
        address=document.address,
        left_out=left_out(sheet) if sheet else 0,
        discuss=_prompts(document),
        together=playing.together(document),
    )


@bp.get("/quizzes/<slug>/worksheet/", defaults={"key": False})
@bp.get("/quizzes/<slug>/answers/", defaults={"key": True})
def sheet(slug: str, key: bool) -> Response:
    """Show a quiz on paper: a worksheet, or the answer key with what to discuss."""
    document = playing.document_at("quizzes", slug)
    return answer(
        "play/sheet.html",
        text=text(document),
        address=document.address,
        quiz=playing.quiz(document),
        together=playing.together(document),
        key=key,
        help_address=site().settings.address + href("/help/"),
    )


@bp.get(f"/quizzes/<slug>/<any({','.join(map(repr, _FILES))}):name>")
def download(slug: str, name: str) -> Response:
    """Give a quiz as a file for another program, in the page's language."""
    document = playing.document_at("quizzes", slug)
    mimetype, make = _FILES[name]
    response = make_response(make(_sheet(document)))
    response.headers["Content-Type"] = mimetype
    response.headers["Cache-Control"] = "public, max-age=300"
    stem, _, ending = name.partition(".")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{document.slug}-{stem}-{_language(document)}.{ending}"'
    )
    return response


def _sheet(document: Document) -> Sheet:
    return sheet_of(playing.quiz(document), str(card(document).title), _language(document))


def _language(document: Document) -> str:
    """Give the language that a document is shown in: the reader's, or the source where it is not wholly translated."""
    return render(document).language


def _prompts(document: Document) -> list[Prose]:
    if document.head.kind != "quiz":
        return []
    return [question.discuss for question in playing.quiz(document).questions if question.discuss]
