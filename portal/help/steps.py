"""First aid: what happened, who is reading, and the steps for today; and the route for those who have a question.

None of these pages is for search engines: people find the help page, and go on from there.
"""

from typing import Any

from flask import Blueprint, Response, abort

from portal.content.document import Section
from portal.content.head import FOR_ALL, READERS
from portal.lines.place import Place, place_of
from portal.reader import answer, card, render, site, text

bp = Blueprint("steps", __name__)

# Whom the first answer speaks to; one tap changes it.
_FIRST = "teen"

# How many services of each part stand beside the steps. Somebody frightened needs one that answers, not a list.
_ENOUGH = 3


@bp.get("/help/now/", defaults={"code": None})
@bp.get("/help/<code>/now/")
def choose(code: str | None) -> Response:
    """Ask what happened."""
    place = place_of(code)
    aids = site().library.aids() or abort(404)
    choices = [{"title": card(aid).title, "address": place.href(f"now/{aid.head.order}/")} for aid in aids]
    return answer("help/now.html", sensitive=True, country=place, choices=choices)


@bp.get("/help/now/<int:number>/", defaults={"code": None, "who": None})
@bp.get("/help/now/<int:number>/<who>/", defaults={"code": None})
@bp.get("/help/<code>/now/<int:number>/", defaults={"who": None})
@bp.get("/help/<code>/now/<int:number>/<who>/")
def show(code: str | None, number: int, who: str | None) -> Response:
    """Show the steps for what happened, said to one kind of reader, with the country's lines beside them."""
    place = place_of(code)
    document = next((aid for aid in site().library.aids() if aid.head.order == number), None) or abort(404)
    sections = {section.id: section for section in render(document, place.address).sections}
    readers = [reader for reader in READERS if reader in sections]
    if not readers or (who is not None and who not in readers):
        abort(404)
    chosen = who or (_FIRST if _FIRST in readers else readers[0])
    return answer(
        "help/steps.html",
        sensitive=True,
        country=place,
        text=text(document, place.address),
        steps=sections[chosen],
        readers=[_reader(place, sections[one], number, one == chosen) for one in readers],
        common=[sections[part] for part in FOR_ALL if part in sections],
        lines=[(part, place.services(part)[:_ENOUGH]) for part in document.head.lines],
    )


@bp.get("/help/questions/", defaults={"code": None})
@bp.get("/help/<code>/questions/")
def ask(code: str | None) -> Response:
    """Lead those who have a question to advice and to lines that answer questions, so that hotlines stay free."""
    place = place_of(code)
    return answer("help/questions.html", sensitive=True, country=place, services=place.services("talk"))


def _reader(place: Place, section: Section, number: int, current: bool) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "attrs": section.attrs,
        "address": place.href(f"now/{number}/{section.id}/"),
        "current": current,
    }
