"""The help page of each country, in every language: country and language are two choices."""

from typing import Any

from flask import Blueprint, Response, abort, g, get_template_attribute
from flask_babel import gettext
from markupsafe import Markup

from portal.content.fragment import Fragment
from portal.help import words
from portal.helplines.directory import Service, groups
from portal.reader import answer, href, offered, reader, site, text

bp = Blueprint("help", __name__)


@bp.get("/help/")
def show() -> Response:
    """Show the help of the site's own country."""
    return _help(site().settings.country, "/help/")


@bp.get("/help/<code>/")
def country(code: str) -> Response:
    """Show the help of the country with a code such as "be"."""
    if code != code.lower() or code.upper() not in site().directory.codes:
        abort(404)
    return _help(code.upper(), f"/help/{code}/")


def _help(code: str, address: str) -> Response:
    document = site().library.at("/help/")
    g.alternates = [
        (one, place.removesuffix("/help/") + address) for one, place in (offered(document) if document else [])
    ]
    g.default_address = g.alternates[0][1] if g.alternates else "/"
    directory = site().directory
    services = groups(directory, code)
    return answer(
        "help/help.html",
        sensitive=True,
        text=text(document) if document else _bare_text(),
        country={"code": code, "name": _name(code)},
        groups={part: [_show(service, part) for service in listed] for part, listed in services.items()},
        countries=site().once(("countries", reader().code), _countries),
    )


def _name(code: str) -> str:
    return str(reader().locale.territories.get(code, code))


def _show(service: Service, part: str) -> Markup:
    """Give the entry of a service in a part of the page; many pages show the same ones, so each is rendered once."""

    def make() -> Markup:
        entry = get_template_attribute("help/service.html", "service")
        return Markup(entry(words.say(service, reader().locale), urgent=part == "danger"))  # noqa: S704 - a template's

    return site().once(("service", service.country, service.id, part, reader().code), make)


def _countries() -> list[dict[str, str]]:
    """List the countries by their names in the reader's language, the site's own first."""
    own = site().settings.country
    listed = sorted(site().directory.codes, key=lambda code: (code != own, words.sort_key(_name(code))))
    return [{"code": code, "name": _name(code), "address": href(f"/help/{code.lower()}/")} for code in listed]


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
