"""The first address, the quick exit, and what search engines and watchers ask for."""

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from portal.negotiate import best_language
from portal.reader import menu, offered, reader, site

# Addresses without a language.
bp = Blueprint("entrance", __name__)
# Addresses below a language.
leave_bp = Blueprint("leave", __name__)


@bp.get("/")
def enter() -> AnyResponse:
    """Send a visitor to the first page in the language their browser asks for."""
    codes = [one.code for one in menu()]
    response = redirect(f"/{best_language(request.headers.get('Accept-Language', ''), codes)}/")
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response


@leave_bp.get("/leave/")
def leave() -> AnyResponse:
    """Lead away from the site at once, to the operator's neutral address or to an empty page."""
    target = site().settings.text("leave", reader().code).replace("{language}", reader().code.split("-")[0])
    response = redirect(target) if target else make_response(render_template("entrance/left.html"))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/healthz")
def health() -> tuple[Response, int]:
    """Tell whether the site is whole: 200, or 503 with everything that is left out or missing."""
    here = site()
    problems = [str(problem) for problem in here.problems]
    required = [one for one in here.library.documents if one.head.required]
    problems += [
        f"{document.path}: i18n: not wholly translated into {one.code}, though required"
        for document in required
        for one in here.languages
        if here.share(document, one.code) < 1
    ]
    response = jsonify(status="broken" if problems else "ok", problems=problems)
    response.headers["Cache-Control"] = "no-store"
    return response, 503 if problems else 200


@bp.get("/robots.txt")
def robots() -> Response:
    """Tell robots what to leave alone and where the list of pages is."""
    lines = ["User-agent: *", *(f"Disallow: /{one.code}/leave/" for one in site().languages)]
    return _plain("\n".join([*lines, f"Sitemap: {site().settings.address}/sitemap.xml", ""]), "text/plain")


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """List every page in every language that offers it, each with its alternates."""
    pages = [(document.address, offered(document)) for document in site().library.documents if document.is_listed]
    return _plain(render_template("entrance/sitemap.xml", pages=pages, base=site().settings.address), "application/xml")


def _plain(body: str, kind: str) -> Response:
    response = make_response(body)
    response.mimetype = kind
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def language_of_request() -> None:
    """Choose the language for an address that leads nowhere: its first part if that is one, else the browser's."""
    codes = {one.code: one for one in site().languages}
    first = request.path.removeprefix("/").partition("/")[0]
    g.language = codes.get(first) or codes[best_language(request.headers.get("Accept-Language", ""), list(codes))]
