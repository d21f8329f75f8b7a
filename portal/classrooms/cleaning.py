"""What is removed when its time is over: homepages that nobody opens, rounds, and counted attempts."""

from dataclasses import dataclass
from datetime import date

from portal.classrooms import homepages, limits, rounds
from portal.database.store import Store


@dataclass(frozen=True)
class Cleaned:
    """How many homepages and rounds were removed."""

    homepages: int
    rounds: int


def clean(store: Store, today: date, unused_days: int) -> Cleaned:
    """Remove what is due, from the files of the database, too."""
    with store.writing() as session:
        done = Cleaned(
            homepages=homepages.remove_unused(session, today, unused_days), rounds=rounds.remove_old(session, today)
        )
        limits.clear(session)
    if done.homepages or done.rounds:
        store.wipe()
    return done
