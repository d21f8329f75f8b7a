"""A homepage for a class: made without an account, and changed by its private link."""

from typing import Any

from flask import Blueprint, Response, abort, g, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from portal.classrooms import cleaning, homepages, limits, rounds, shown
from portal.classrooms.arriving import address, check_origin, classroom_of, store, today
from portal.classrooms.forms import HomepageForm, as_filled, form_of
from portal.classrooms.models import Classroom
from portal.classrooms.origin import UNKNOWN, form_token, is_form_token, origin_of
from portal.classrooms.plain import pieces
from portal.content.head import AGES
from portal.lines.place import place_of
from portal.reader import answer_once, card, href, offered_here, reader, site

bp = Blueprint("classrooms", __name__)
bp.before_request(check_origin)


@bp.get("/classrooms/new/")
def new() -> Response:
    """Show the form for a homepage."""
    first = {"languages": [reader().code], "age": AGES[2], "country": site().settings.country}
    return _form("classrooms/new.html", form_of(None, first))


@bp.post("/classrooms/new/")
def make() -> AnyResponse:
    """Make a homepage, and lead to its private page, the only one that knows its private link."""
    form = _sent()
    if not form.validate():
        return _form("classrooms/new.html", form)
    if origin_of(request, site().settings.address) == UNKNOWN and not is_form_token(request.form.get("token", "")):
        return _form("classrooms/new.html", form, again=True)
    with store().writing() as session:
        if limits.is_reached(session, limits.HOMEPAGES, address()):
            abort(429)
        limits.note(session, limits.HOMEPAGES, address())
    secret = homepages.make(store(), form.wish, today())
    cleaning.clean(store(), today(), site().settings.unused_days)
    return redirect(href(f"/classrooms/{secret}/"), 303)


@bp.get("/classrooms/<secret>/")
def show(secret: str) -> Response:
    """Show a homepage's private page: its address, its card, its rounds, and how to change and remove it."""
    with store().reading() as session:
        classroom = classroom_of(session, secret)
        listed = [_round(one, secret) for one in classroom.rounds]
    return answer_once(
        "classrooms/show.html",
        **_addresses(classroom, secret),
        rounds=listed,
        quizzes=[(one.address, card(one)) for one in shown.quizzes(classroom.age)],
        removed_on=homepages.removed_on(classroom, site().settings.unused_days),
        kept=rounds.KEPT,
    )


@bp.get("/classrooms/<secret>/card/")
def show_card(secret: str) -> Response:
    """Show the card to print: the class, its address and a QR code."""
    with store().reading() as session:
        classroom = classroom_of(session, secret)
    return answer_once("classrooms/card.html", **_addresses(classroom, secret))


@bp.get("/classrooms/<secret>/change/")
def edit(secret: str) -> Response:
    """Show the form of a homepage as it is."""
    with store().reading() as session:
        classroom = classroom_of(session, secret)
    return _form("classrooms/edit.html", form_of(None, as_filled(classroom)), secret=secret)


@bp.post("/classrooms/<secret>/change/")
def change(secret: str) -> AnyResponse:
    """Change a homepage."""
    form = _sent()
    with store().reading() as session:
        classroom_of(session, secret)
    if not form.validate():
        return _form("classrooms/edit.html", form, secret=secret)
    with store().writing() as session:
        homepages.change(session, classroom_of(session, secret), form.wish)
    return redirect(href(f"/classrooms/{secret}/"), 303)


@bp.get("/classrooms/<secret>/remove/")
def ask_to_remove(secret: str) -> Response:
    """Ask whether a homepage shall be removed."""
    with store().reading() as session:
        classroom = classroom_of(session, secret)
    return answer_once("classrooms/remove.html", **_addresses(classroom, secret))


@bp.post("/classrooms/<secret>/remove/")
def remove(secret: str) -> Response:
    """Remove a homepage with its rounds, from the database's file, too."""
    with store().writing() as session:
        homepages.remove(session, classroom_of(session, secret))
    store().wipe()
    return answer_once("classrooms/removed.html")


def show_homepage() -> Response | None:
    """Show the homepage of the class below whose address the first page was asked for; None for all other requests."""
    if "homeroom" not in g or request.endpoint != "pages.show" or request.view_args != {"address": ""}:
        return None
    classroom: Classroom = g.classroom
    homepages.note_use(store(), classroom, today())
    return answer_once(
        "classrooms/homepage.html",
        classroom=classroom,
        people=[pieces(line, site().settings.link_hosts) for line in classroom.people],
        lines=place_of(None).services("talk")[:1],
        danger=place_of(None).services("danger")[:1],
        country=place_of(None),
        groups=shown.by_kind(shown.on_homepage(classroom)),
        kind="kids" if classroom.age in AGES[:2] else "teens",
    )


def _sent() -> HomepageForm:
    form = form_of(request.form, {})
    form.offer(shown.choices(), site().settings.link_hosts)
    return form


def _form(template: str, form: HomepageForm, again: bool = False, **context: Any) -> Response:
    form.offer(shown.choices(), site().settings.link_hosts)
    response = answer_once(
        template,
        form=form,
        groups=shown.by_kind(one for group in shown.groups() for one in group),
        languages_of_site=site().languages,
        token=form_token(),
        again=again,
        unused_days=site().settings.unused_days,
        **context,
    )
    response.status_code = 422 if form.errors or again else 200
    return response


def _addresses(classroom: Classroom, secret: str) -> dict[str, Any]:
    """Give what templates show of a homepage to its teacher."""
    public = f"{site().settings.address}/c/{classroom.code}"
    return {
        "classroom": classroom,
        "secret": secret,
        "public": public,
        "private": site().settings.address + href(f"/classrooms/{secret}/"),
        "qr": shown.qr(public),
        "country_name": place_of(classroom.country.lower()).name,
    }


def _round(one: Any, secret: str) -> dict[str, Any]:
    document = site().library.at(one.quiz)
    return {
        "code": one.code,
        "title": card(document).title if document and offered_here(document) else gettext("Quiz"),
        "started": one.started,
        "by_hands": one.by_hands,
        "key": rounds.key_of(secret, one.code),
        "is_open": rounds.is_open(one, today()),
    }
