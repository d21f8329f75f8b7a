"""The help page of each country, in every language: country and language are two choices."""

from typing import Any

from babel import Locale
from flask import Blueprint, Response, g, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal.content.fragment import Fragment
from portal.content.head import LINES
from portal.lines import words
from portal.lines.place import name_of, place_of
from portal.reader import answer, answer_once, href, reader, site, text

bp = Blueprint("help", __name__)

_ENGLISH = Locale("en").territories


@bp.get("/help/", defaults={"code": None})
@bp.get("/help/<code>/")
def show(code: str | None) -> Response:
    """Show what helps in a country: in danger, to talk, to report, to get a picture removed."""
    place = place_of(code)
    document = site().library.at("/help/")
    if document:
        g.alternates = place.offered(document)
        g.default_address = g.alternates[0][1]
    return answer(
        "help/help.html",
        sensitive=True,
        text=text(document, place.address) if document else _bare_text(),
        country=place,
        groups={part: place.services(part) for part in LINES},
        countries=site().once(("countries", reader().code), _countries),
    )


@bp.get("/help/find/")
def find() -> AnyResponse:
    """Lead to the country that a reader writes, or show those that it may be."""
    wanted = words.sort_key(request.args.get("country", "").strip())[:60]
    listed = site().once(("countries", reader().code), _countries)
    found = [one for one in listed if wanted and any(key.startswith(wanted) for key in _keys(one))]
    if len(found) == 1:
        return redirect(found[0]["address"])
    return answer_once("help/find.html", country=place_of(None), countries=found, asked=bool(wanted))


def _keys(country: dict[str, str]) -> list[str]:
    """Give what a reader may write for a country: its name in their language, each word of it, in English, its code."""
    names = (country["name"], *country["name"].split(), _ENGLISH.get(country["code"], ""), country["code"])
    return [words.sort_key(name) for name in names]


def _countries() -> list[dict[str, str]]:
    """List the countries by their names in the reader's language, the site's own first."""
    own = site().settings.country
    listed = sorted(site().directory.codes, key=lambda code: (code != own, words.sort_key(name_of(code))))
    return [{"code": code, "name": name_of(code), "address": href(f"/help/{code.lower()}/")} for code in listed]


def _bare_text() -> dict[str, Any]:
    """Stand in for the help page's text when its file is broken: the lines themselves must stay reachable."""
    parts = {
        "danger": gettext("In danger right now?"),
        "talk": gettext("Talk to someone"),
        "report": gettext("Report something"),
        "removal": gettext("Get a picture removed"),
        "countries": gettext("Another country"),
    }
    return {
        "title": Fragment(gettext("Help")),
        "summary": Fragment(""),
        "opening": "",
        "sections": [{"id": name, "heading": heading, "attrs": "", "html": ""} for name, heading in parts.items()],
        "slug": "help",
        "picture": "help",
    }
