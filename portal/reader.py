"""What every page knows of its reader: their language, and how addresses, dates and texts are said in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from babel.dates import format_date
from flask import Flask, Response, g, make_response, render_template, request
from flask_babel import Babel, Domain, gettext, lazy_gettext
from markupsafe import Markup

from portal.content.document import Document, Rendered
from portal.content.fragment import Fragment
from portal.content.language import SOURCE, Language, language
from portal.site import Site

# The anchors of the help page that links such as (helpline:child) lead to.
_SERVICES = {"emergency": "danger", "child": "talk", "hotline": "report", "police": "report", "removal": "removal"}

# A page's review is due a year after the last one.
_REVIEW_YEARS = 1

_DEFAULT_NAME = lazy_gettext("Surf Safely")

# What readers play and teachers teach, as its kind is called on cards.
_LABELS = {
    "quiz": lazy_gettext("Quiz"),
    "story": lazy_gettext("Chat story"),
    "trail": lazy_gettext("Trail game"),
    # Translators: the plan of a lesson at school.
    "lesson": lazy_gettext("Lesson"),
}


@dataclass(frozen=True)
class Card:
    """A page as another page offers it."""

    slug: str
    title: Fragment
    summary: Fragment
    address: str
    picture: str
    ages: tuple[str, ...]
    label: str


@dataclass(frozen=True)
class Homeroom:
    """The class below whose address a page was opened; `root` is that address, such as "/c/k7m3pc4xw"."""

    code: str
    name: str
    country: str
    languages: tuple[str, ...]
    root: str


def homeroom() -> Homeroom | None:
    """Give the class below whose address this request came, None on the site itself."""
    found: Homeroom | None = g.get("homeroom")
    return found


def site() -> Site:
    """Give the state of the site that this request is answered from."""
    found: Site = g.site
    return found


def reader() -> Language:
    """Give the language this request is answered in."""
    found: Language = g.language
    return found


def href(address: str) -> str:
    """Give an address such as "/help/#talk" in the reader's language."""
    return f"/{reader().code}{address}"


def picture(name: str) -> str:
    """Give the address of a picture of the content, or "" where there is none: no page may break on that."""
    assets = site().assets
    return assets.url(f"pictures/{name}") if f"pictures/{name}" in assets else ""


def render(document: Document, help_at: str = "/help/") -> Rendered:
    """Give a document in the reader's language; its links to services lead to the help page at `help_at`."""
    code, lookup = reader().code, site().catalogs.lookup

    return site().once(
        ("rendered", document.address, help_at, code), lambda: document.render(code, lookup, render_env(help_at))
    )


def render_env(help_at: str = "/help/") -> dict[str, Any]:
    """Give what the rendering of any text needs to know of this request (see `markdown.make_parser`)."""
    return {
        "resolve": partial(_resolve, help_at),
        "help_button": _help_button(help_at),
        "notice_title": _notice_title(),
    }


def card(document: Document) -> Card:
    """Give a document as a card in the reader's language."""
    return site().once(("card", document.address, reader().code), lambda: _card(document))


def _card(document: Document) -> Card:
    lookup = site().catalogs.lookup
    code = reader().code
    title, summary = (
        Fragment(found.text, "" if found.language == code else found.language)
        if code != SOURCE and (found := lookup(code, message))
        else Fragment(message.text, "" if code == SOURCE else SOURCE)
        for message in document.head_messages
    )
    slug = document.head.audience if document.head.kind == "door" else document.slug
    address, label = href(document.address), str(_LABELS.get(document.head.kind, ""))
    return Card(slug, title, summary, address, _picture_of(document), _ages(document), label)


def text(document: Document, help_at: str = "/help/") -> dict[str, Any]:
    """Give what templates show of a document: its texts in the reader's language, and what its head says."""
    rendered = render(document, help_at)
    head = document.head
    shown = language(rendered.language)
    return {
        "title": rendered.title,
        "summary": rendered.summary,
        "opening": rendered.opening,
        "sections": rendered.sections,
        "notice": _notice(rendered),
        "lang": shown.code,
        "dir": shown.dir,
        "slug": document.slug,
        "picture": _picture_of(document),
        "audience": head.audience,
        "ages": _ages(document),
        "reviewed": head.reviewed,
        "due": head.reviewed is not None and _is_due(head.reviewed, site().today),
        "sources": head.sources,
    }


def answer(template: str, *, sensitive: bool = False, **context: Any) -> Response:
    """Render a page that depends on nothing but its address, so that it can be kept finished.

    `sensitive` pages ask the browser to keep no copy: the next person at the same device shall not find them.
    """
    response = make_response(render_template(template, **context))
    response.headers["Cache-Control"] = "no-store" if sensitive else "public, max-age=300"
    if not homeroom():  # a class may be changed and removed, which the state of the site does not show
        response.headers["Portal-Finished"] = "yes"
    return response


def answer_once(template: str, **context: Any) -> Response:
    """Render a page that depends on what a reader sent with the request; neither we nor the browser keep it."""
    response = make_response(render_template(template, **context))
    response.headers["Cache-Control"] = "no-store"
    return response


def practice(*kinds: str, audience: str = "") -> list[Document]:
    """Give what readers can play in their language, of all kinds or of those given, for all or for one audience."""
    found = (one for one in site().library.practice(*kinds) if audience in ("", one.head.audience))
    return [one for one in found if offered_here(one)]


def offered_here(document: Document) -> bool:
    """Tell whether enough of a document is there in the reader's language to offer it."""
    return site().offers(document, reader().code)


def lessons(topic: str = "") -> list[Document]:
    """Give the lessons that are there in the reader's language, all or those about a topic."""
    return [one for one in site().library.lessons(topic) if site().offers(one, reader().code)]


def offered(document: Document) -> list[tuple[str, str]]:
    """Give the languages in which a document is offered, each with the address there."""
    here = site()
    return [(one.code, f"/{one.code}{document.address}") for one in here.languages if here.offers(document, one.code)]


def _picture_of(document: Document) -> str:
    """Give the name of the picture for a document: its own, else that of its door."""
    return next((name for name in (document.picture, document.head.audience) if picture(name)), "")


def _ages(document: Document) -> tuple[str, ...]:
    return tuple(map(age_range, document.head.ages))


def age_range(age: str) -> str:
    """Give ages such as "9-11" as they are printed: with a dash, and word joiners so that no line ends at it."""
    return age.replace("-", "\u2060–\u2060")


def _is_due(reviewed: date, today: date) -> bool:
    return (today.year - reviewed.year, today.month, today.day) >= (_REVIEW_YEARS, reviewed.month, reviewed.day)


def _notice(rendered: Rendered) -> str | None:
    if rendered.share == 1:
        return None
    return "partial" if rendered.language == reader().code else "source"


def _resolve(help_at: str, target: str) -> str:
    kind, _, name = target.partition(":")
    if kind == "helpline":
        return href(f"{help_at}#{_SERVICES.get(name, 'talk')}")
    if kind == "picture":
        return picture(name)
    return href(target) if target.startswith("/") else target


def _help_button(help_at: str) -> Markup:
    return Markup('<p><a class="button button-help" href="{}">{}</a></p>').format(href(help_at), gettext("Get help"))


def _notice_title() -> Markup:
    # Translators: above a list of what one can learn from a story, such as "Kit asked for a secret."
    return Markup('<p class="block-title">{}</p>').format(gettext("What to notice here"))


class _SiteDomain(Domain):
    """The interface's texts out of the site's present state, so that they follow its fallbacks and changes."""

    def get_translations(self) -> Any:
        return site().interface[reader().code] if "site" in g and "language" in g else super().get_translations()


def _locale() -> str:
    return reader().folder if g and "language" in g else SOURCE


def init_reader(app: Flask) -> None:
    """Teach an app's templates what every page knows."""
    babel = Babel(app, locale_selector=_locale)
    babel.domain_instance = _SiteDomain(domain="messages")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.context_processor(_context)


def menu() -> list[Language]:
    """Give the languages that this request's pages can be switched to: those of its class if it has one, else all."""
    chosen = homeroom()
    every = list(site().languages)
    if not chosen or "every_language" in g:
        return every
    return [one for one in every if one.code in chosen.languages] or every


def _choices() -> Iterator[dict[str, object]]:
    for one in menu():
        yield {
            "code": one.code,
            "name": one.name,
            "dir": one.dir,
            "href": f"/{one.code}{_rest()}",
            "current": one.code == reader().code,
            "review": _review(one.code),
        }


def _review(code: str) -> str:
    """Give the state of a language's texts: "source", "reviewed" by a native speaker, or "open"."""
    if code == SOURCE:
        return "source"
    return "reviewed" if code in site().settings.reviewed else "open"


def _rest() -> str:
    """Give what follows the language in the present address; the first page where the address is none of ours."""
    if "lost" in g:
        return "/"
    _, _, rest = request.path.removeprefix("/").partition("/")
    return f"/{rest}"


def _context() -> dict[str, Any]:
    here = site()
    settings = here.settings
    code = reader().code
    chosen = homeroom()
    alternates = [] if chosen else [(one, settings.address + address) for one, address in g.get("alternates", ())]
    if alternates:
        alternates.append(("x-default", settings.address + g.default_address))
    return {
        "site": {
            "name": str(_DEFAULT_NAME) if settings.name == "Surf Safely" else settings.text("name", code),
            "operator": settings.text("operator", code),
            "operator_url": settings.operator_url,
            "logo": here.assets.url("logo") if settings.logo else picture("logo"),
        },
        "sos": {"name": settings.text("sos_name", code), "url": settings.sos_url},
        "language": reader(),
        "languages": list(_choices()),
        "href": href,
        "asset": here.assets.url,
        "picture": picture,
        "alternates": alternates,
        "canonical": settings.address + request.path if alternates else "",
        "indexable": any(one == code for one, _ in alternates),
        "doors": [card(document) for document in here.library.doors()],
        "door": g.get("door"),
        "homeroom": chosen,
        "leave": href("/leave/"),
        "native": _review(code) != "open",
        "format_date": lambda day: format_date(day, "long", reader().locale),
        "language_name": lambda other: language(other).locale.get_language_name(reader().folder),
    }
