"""What every request of the classroom needs: the database, the class it came for, and whether its form is ours."""

from datetime import date

from flask import abort, current_app, g, request
from sqlalchemy.orm import Session

from portal.classrooms import homepages, limits
from portal.classrooms.models import Classroom, Round
from portal.classrooms.mount import class_code
from portal.classrooms.origin import FOREIGN, origin_of
from portal.classrooms.rounds import by_code as round_by_code
from portal.database.store import Store
from portal.reader import Homeroom, site


def store() -> Store:
    """Give the site's database."""
    found: Store = current_app.extensions["store"]
    return found


def today() -> date:
    """Give the day of the present state of the site."""
    return site().today


def enter_homeroom() -> None:
    """Find the class below whose address a request came. Ends in 404 where there is none, after many in 429."""
    code = class_code()
    if not code:
        return
    with store().reading() as session:
        _refuse_guesses(session)
        found = homepages.by_code(session, code)
    if not found:
        _note_guess()
        abort(404)
    g.classroom = found
    g.homeroom = Homeroom(
        code=found.code, name=found.name, country=found.country, languages=tuple(found.languages), root=f"/c/{code}"
    )


def classroom_of(session: Session, secret: str) -> Classroom:
    """Give the homepage of a private link. Ends in 404 where there is none; a shortened link is none."""
    return homepages.by_secret(session, secret) or abort(404)


def round_at(session: Session, code: str) -> Round:
    """Give the round at a code. A wrong code and one whose time is over end in the same 404."""
    return find_round(session, code) or abort(404)


def find_round(session: Session, code: str) -> Round | None:
    """Give the round at a code; None, and a counted guess, where the code is wrong or its time is over."""
    _refuse_guesses(session)
    found = round_by_code(session, code, today())
    if found and g.get("classroom", found.classroom).id == found.classroom_id:
        return found
    session.rollback()
    _note_guess()
    return None


def _note_guess() -> None:
    with store().writing() as session:
        limits.note(session, limits.WRONG_CODES, address())


def check_origin() -> None:
    """End in 403 where a form was sent from a page that is not ours."""
    if request.method == "POST" and origin_of(request, site().settings.address) == FOREIGN:
        abort(403)


def address() -> str:
    """Give the network address that limits are counted for; it is never kept."""
    return request.remote_addr or ""


def _refuse_guesses(session: Session) -> None:
    if limits.is_reached(session, limits.WRONG_CODES, address()):
        abort(429)
