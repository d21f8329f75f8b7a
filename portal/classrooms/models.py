"""What is kept of classes and their quiz rounds: what an adult typed, and counters. Nothing about a pupil."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database.model import Model


class Classroom(Model):
    """The homepage of a class.

    `code` is its public address, `secret` the SHA-256 of the private link, which nobody can give back. `age` is one of
    `portal.content.head.AGES`, `items` holds the addresses below the language that it shows, none for all of that age.
    `used` is the last day on which somebody opened it.
    """

    __tablename__ = "classrooms"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    languages: Mapped[list[str]] = mapped_column(JSON)
    age: Mapped[str] = mapped_column(String(5))
    country: Mapped[str] = mapped_column(String(2))
    items: Mapped[list[str]] = mapped_column(JSON)
    people: Mapped[list[str]] = mapped_column(JSON)
    used: Mapped[date]

    rounds: Mapped[list["Round"]] = relationship(
        back_populates="classroom", cascade="all, delete-orphan", passive_deletes=True, order_by="Round.id.desc()"
    )


class Round(Model):
    """A quiz that a class answers together.

    `quiz` is its address below the language, `question` the number of the one that is shown: 0 before the first, one
    more than there are at the end. `revealed` questions take no more answers. `by_hands` rounds count raised hands.
    `key` is the SHA-256 of what its teacher's page sends, `seal` the key that one-time tokens are signed with.
    """

    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    classroom_id: Mapped[int] = mapped_column(ForeignKey("classrooms.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    quiz: Mapped[str] = mapped_column(String(120))
    by_hands: Mapped[bool]
    question: Mapped[int] = mapped_column(default=0)
    revealed: Mapped[bool] = mapped_column(default=False)
    started: Mapped[date]

    classroom: Mapped[Classroom] = relationship(back_populates="rounds")


class Tally(Model):
    """How often an option of a question was chosen; option -1 counts the answers themselves."""

    __tablename__ = "tallies"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[int] = mapped_column(primary_key=True)
    option: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class Token(Model):
    """The SHA-256 of a one-time token that has been used for the present question; forgotten with the question."""

    __tablename__ = "tokens"

    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class Attempt(Model):
    """How often somebody of a bucket of addresses tried something within a window of time (see `limits`)."""

    __tablename__ = "attempts"

    what: Mapped[str] = mapped_column(String(12), primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    window: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
