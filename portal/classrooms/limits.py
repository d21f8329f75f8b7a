"""Limits on what somebody may try in a while, kept in the database and without any address.

Addresses are mixed with the day and with a key that is drawn when the portal starts and never written anywhere, and of
the result 16 bits are kept: thousands of addresses share each bucket.
"""

import hmac
import secrets
import time
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.classrooms.models import Attempt

_KEY = secrets.token_bytes(32)
_DAY = 86_400


@dataclass(frozen=True)
class Limit:
    """At most `most` of something within a window of `seconds` from one bucket of addresses."""

    what: str
    most: int
    seconds: int


# A whole class behind one address may mistype its code three times each.
WRONG_CODES = Limit("code", 120, 600)
# A staff training makes a homepage each, at the same time and from the same school.
HOMEPAGES = Limit("homepage", 60, 3600)


def is_reached(session: Session, limit: Limit, address: str) -> bool:
    """Tell whether somebody at an address has reached a limit."""
    now = int(time.time())
    found = session.scalar(
        select(Attempt.count).where(
            Attempt.what == limit.what,
            Attempt.bucket == _bucket(address, now),
            Attempt.window == now // limit.seconds,
        )
    )
    return (found or 0) >= limit.most


def note(session: Session, limit: Limit, address: str) -> None:
    """Count one more attempt, and forget those whose time is over."""
    now = int(time.time())
    window = now // limit.seconds
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"what": limit.what, "bucket": _bucket(address, now), "window": window, "count": 1}
    statement = insert(Attempt).values(row)
    more = {"count": Attempt.count + 1}
    session.execute(statement.on_conflict_do_update(index_elements=["what", "bucket", "window"], set_=more))
    session.execute(delete(Attempt).where(Attempt.what == limit.what, Attempt.window < window))


def clear(session: Session) -> None:
    """Forget all attempts whose time is over."""
    now = int(time.time())
    for limit in (WRONG_CODES, HOMEPAGES):
        session.execute(delete(Attempt).where(Attempt.what == limit.what, Attempt.window < now // limit.seconds))


def _bucket(address: str, now: int) -> int:
    """Give one of 65,536 buckets; which addresses share one changes each day and with each start."""
    mixed = hmac.digest(_KEY, f"{now // _DAY} {address}".encode(), "sha256")
    return int.from_bytes(mixed[:2])
