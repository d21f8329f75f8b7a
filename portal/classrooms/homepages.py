"""Homepages of classes: made, found, changed and removed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from portal.classrooms import codes
from portal.classrooms.models import Classroom
from portal.database.store import Store

# How often a new code is drawn when another class has the same one: it never happens, but must not break a page.
_TRIES = 5


@dataclass(frozen=True)
class Wish:
    """What a teacher wants on a homepage, checked (see `portal.classrooms.forms`)."""

    name: str
    languages: tuple[str, ...]
    age: str
    country: str
    items: tuple[str, ...]
    people: tuple[str, ...]


def make(store: Store, wish: Wish, today: date) -> str:
    """Make a homepage and give the secret part of its private link, which is not kept."""
    secret = codes.new_secret()
    for _ in range(_TRIES):
        row = Classroom(code=codes.homepage_code(), secret=codes.digest(secret), used=today, **_columns(wish))
        try:
            with store.writing() as session:
                session.add(row)
        except IntegrityError:
            continue
        return secret
    raise RuntimeError("no free code was found for a homepage")


def change(session: Session, classroom: Classroom, wish: Wish) -> None:
    """Let a homepage show something else. If it is removed at the same moment, nothing happens."""
    session.execute(update(Classroom).where(Classroom.id == classroom.id).values(_columns(wish)))


def by_secret(session: Session, secret: str) -> Classroom | None:
    """Give the homepage that a private link's secret part belongs to, with its rounds."""
    if not codes.is_secret(secret):
        return None
    wanted = select(Classroom).where(Classroom.secret == codes.digest(secret))
    return session.scalar(wanted.options(selectinload(Classroom.rounds)))


def by_code(session: Session, code: str) -> Classroom | None:
    """Give the homepage at a public code."""
    return session.scalar(select(Classroom).where(Classroom.code == code)) if codes.is_code(code) else None


def note_use(store: Store, classroom: Classroom, today: date) -> None:
    """Remember that a homepage was used today: the day, once a day, and nothing of who it was."""
    if classroom.used >= today:
        return
    with store.writing() as session:
        session.execute(update(Classroom).where(Classroom.id == classroom.id).values(used=today))


def removed_on(classroom: Classroom, days: int) -> date:
    """Give the day on which a homepage is removed if nobody opens it until then."""
    return classroom.used + timedelta(days=days)


def remove(session: Session, classroom: Classroom) -> None:
    """Remove a homepage with all its rounds. If it is removed twice at the same moment, it is gone."""
    session.execute(delete(Classroom).where(Classroom.id == classroom.id))


def remove_unused(session: Session, today: date, days: int) -> int:
    """Remove the homepages that nobody has opened for a number of days; give how many there were."""
    gone = session.scalars(select(Classroom.id).where(Classroom.used <= today - timedelta(days=days))).all()
    if gone:
        session.execute(delete(Classroom).where(Classroom.id.in_(gone)))
    return len(gone)


def _columns(wish: Wish) -> dict[str, str | Sequence[str]]:
    lists = {name: list(getattr(wish, name)) for name in ("languages", "items", "people")}
    return {"name": wish.name, "age": wish.age, "country": wish.country, **lists}
