"""Every content document has one address; the kind of the document decides how it looks."""

from flask import Blueprint, Response, abort, g

from portal.content.document import Document
from portal.content.head import PRACTICE
from portal.reader import Card, answer, card, lessons, offered, practice, site, text

bp = Blueprint("pages", __name__)


@bp.get("/", defaults={"address": ""})
@bp.get("/<path:address>/")
def show(address: str) -> Response:
    """Show the document at an address below the language."""
    document = site().library.at(f"/{address}/" if address else "/") or abort(404)
    g.alternates = offered(document)
    g.default_address = f"/{g.alternates[0][0]}{document.address}" if address else "/"
    return _SHOW[document.head.kind](document)


def _page(document: Document) -> Response:
    if document.address == "/":
        lists = filter(None, (site().library.at(f"/{name}/") for kind, name in PRACTICE.items() if practice(kind)))
        return answer("pages/home.html", text=text(document), lists=[card(one) for one in lists])
    return answer("pages/page.html", text=text(document), sensitive=document.head.sensitive)


def _door(document: Document) -> Response:
    g.door = document.head.audience
    cards = [card(article) for article in site().library.articles(document.head.audience)]
    played = [card(one) for one in practice(audience=document.head.audience)]
    return answer(
        "pages/door.html",
        text=text(document),
        cards=cards,
        played=played,
        taught=_taught() if g.door == "teachers" else {},
        sensitive=document.head.sensitive,
    )


def _article(document: Document) -> Response:
    g.door = document.head.audience
    library = site().library
    same = [
        card(other) for other in library.about(document.head.topic) if other.head.audience != document.head.audience
    ]
    more = [card(other) for other in library.articles(document.head.audience) if other is not document]
    played = [card(one) for one in practice(audience=document.head.audience) if one.head.topic == document.head.topic]
    return answer(
        "pages/article.html",
        text=text(document),
        same_topic=same,
        more=more,
        played=played,
        taught=_taught(document.head.topic) if g.door == "teachers" else {},
        sensitive=document.head.sensitive,
    )


def _taught(topic: str = "") -> dict[str, Card | list[Card] | None]:
    """Give the lessons about a topic, or all, as cards, and the page that lists them."""
    listed = site().library.at("/lessons/")
    return {"listed": card(listed) if listed else None, "cards": [card(one) for one in lessons(topic)]}


_SHOW = {"page": _page, "door": _door, "article": _article}
