"""Quiz rounds: a class answers question by question; only counters are kept, and each answer counts exactly once."""

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.classrooms import codes
from portal.classrooms.models import Classroom, Round, Tally, Token
from portal.classrooms.totals import Totals, published
from portal.content.quiz import ORDER, Answer, Question
from portal.database.store import Store

# A round is deleted at the latest after so many days.
KEPT = 14
# A code lets pupils in on the day it was given and on the next one, for classes around midnight in Greenwich.
_OPEN = 1
# More raised hands than any class has.
MOST_HANDS = 60

# The counter of a question's answers, beside those of its options.
_ANSWERS = -1
_TRIES = 5


@dataclass(frozen=True)
class State:
    """Where a round is: `question` is 0 before the first one, `total` + 1 at the end."""

    question: int
    revealed: bool
    total: int

    @property
    def is_waiting(self) -> bool:
        """Tell whether it has not begun."""
        return self.question == 0

    @property
    def is_over(self) -> bool:
        """Tell whether all questions are done."""
        return self.question > self.total

    @property
    def is_open(self) -> bool:
        """Tell whether a question takes answers."""
        return not (self.is_waiting or self.is_over or self.revealed)

    @property
    def mark(self) -> str:
        """Give a short text that differs for each state, by which a page notices that it is out of date."""
        return f"{self.question}{'r' if self.revealed else ''}" if not self.is_over else "end"

    @property
    def after(self) -> "State":
        """Give what comes next: a question's answers are shown, then the next question."""
        if self.is_open:
            return State(self.question, True, self.total)
        return State(min(self.question + 1, self.total + 1), False, self.total)


def key_of(secret: str, code: str) -> str:
    """Give what proves that somebody may lead a round: it follows from the private link, and does not give it away."""
    return hmac.digest(secret.encode(), f"round {code}".encode(), "sha256").hex()[:32]


def start(store: Store, classroom: Classroom, secret: str, quiz: str, by_hands: bool, today: date) -> str:
    """Start a round of a quiz and give its code."""
    for _ in range(_TRIES):
        code = codes.round_code()
        row = Round(
            classroom_id=classroom.id,
            code=code,
            key=codes.digest(key_of(secret, code)),
            seal=secrets.token_bytes(32),
            quiz=quiz,
            by_hands=by_hands,
            started=today,
        )
        try:
            with store.writing() as session:
                session.add(row)
        except IntegrityError:
            continue
        return code
    raise RuntimeError("no free code was found for a round")


def by_code(session: Session, code: str, today: date) -> Round | None:
    """Give the round that a code belongs to; the code of one that is no longer open is as good as none."""
    if not codes.is_code(code):
        return None
    found = session.scalar(select(Round).where(Round.code == code))
    return found if found and is_open(found, today) else None


def is_open(round_: Round, today: date) -> bool:
    """Tell whether a round's code still lets anybody in."""
    return round_.started >= today - timedelta(days=_OPEN)


def leads(round_: Round, key: str) -> bool:
    """Tell whether a key is that of a round's teacher."""
    return hmac.compare_digest(round_.key, codes.digest(key))


def state_of(round_: Round, total: int) -> State:
    """Give where a round of `total` questions is."""
    return State(round_.question, round_.revealed, total)


def move(session: Session, round_: Round, seen: State, to: State) -> bool:
    """Bring a round from the state that its teacher has seen to another one; tell whether it was still there.

    A press that comes twice does nothing the second time.
    """
    here = (Round.id == round_.id, Round.question == seen.question, Round.revealed == seen.revealed)
    moved = session.execute(update(Round).where(*here).values(question=to.question, revealed=to.revealed))
    if moved.rowcount:  # type: ignore[attr-defined]
        session.execute(delete(Token).where(Token.round_id == round_.id))
    session.expire(round_)
    return bool(moved.rowcount)  # type: ignore[attr-defined]


def new_token(round_: Round) -> str:
    """Give a one-time token for the present question: random, and signed so that nobody else can make one."""
    once = secrets.token_urlsafe(12)
    return f"{once}.{_signature(round_.seal, round_.question, once)}"


def is_token(round_: Round, question: int, token: str) -> bool:
    """Tell whether a token was given out for a question of a round."""
    once, _, signature = token.partition(".")
    return hmac.compare_digest(signature.encode(), _signature(round_.seal, question, once).encode())


def count(store: Store, round_: Round, question: int, options: Sequence[int], token: str) -> bool:
    """Count an answer: once for each token, and only while the question is open. Tell whether it stands counted.

    `options` are the counters that grow besides that of the answers (see `counted`). When this returns, the answer is
    in the database; whatever ends the process afterwards does not lose it.
    """
    if not is_token(round_, question, token):
        return False
    with store.writing() as session:
        connection = session.connection()
        # The teacher's next step waits for answers under way, and they for it: none is counted after it.
        if connection.execute(_PRESENT, {"id": round_.id}).first() != (question, False):
            return False
        spent = {"round_id": round_.id, "digest": codes.digest(token)}
        # Asked of the row itself: what the drivers say of how many rows there were differs.
        if connection.execute(_SPEND, spent).first():
            _add(connection, round_.id, question, dict.fromkeys((_ANSWERS, *options), 1))
        return True


def add_hands(session: Session, round_: Round, hands: Sequence[int]) -> None:
    """Count raised hands for the options of the present question."""
    counts = {_ANSWERS: sum(hands), **dict(enumerate(hands))}
    _add(session.connection(), round_.id, round_.question, {option: many for option, many in counts.items() if many})


def counted(question: Question, answer: Answer) -> tuple[int, ...]:
    """Give the counters that an answer adds to: its options, or for an order 0 if it is right and 1 if not."""
    if question.kind == ORDER:
        return (0 if question.is_good(answer) else 1,)
    return answer


def counters(question: Question) -> int:
    """Give how many counters a question has besides that of its answers."""
    return 2 if question.kind == ORDER else len(question.options)


def answers(session: Session, round_: Round, question: int) -> int:
    """Give how many answers a question has."""
    return session.scalar(_tallies(round_, question).where(Tally.option == _ANSWERS)) or 0


def totals(session: Session, round_: Round, question: int, options: int) -> Totals:
    """Give what may be shown of the answers to a question that takes no more."""
    rows = session.execute(
        select(Tally.option, Tally.count).where(Tally.round_id == round_.id, Tally.question == question)
    )
    found = dict(rows.tuples().all())
    return published(found.get(_ANSWERS, 0), [found.get(option, 0) for option in range(options)])


def remove_old(session: Session, today: date) -> int:
    """Remove the rounds whose time is over; give how many there were."""
    gone = session.scalars(select(Round.id).where(Round.started <= today - timedelta(days=KEPT))).all()
    if gone:
        session.execute(delete(Round).where(Round.id.in_(gone)))
    return len(gone)


def _tallies(round_: Round, question: int) -> Any:
    return select(Tally.count).where(Tally.round_id == round_.id, Tally.question == question)


def _signature(seal: bytes, question: int, once: str) -> str:
    return hmac.digest(seal, f"{question} {once}".encode(), "sha256").hex()[:32]


# What counting says to the database, the same words for both kinds: SQLAlchemy would put ON CONFLICT into words anew
# for each answer, which costs more than the answer itself.
_PRESENT = select(Round.question, Round.revealed).where(Round.id == bindparam("id")).with_for_update(read=True)
_SPEND = text(
    "INSERT INTO tokens (round_id, digest) VALUES (:round_id, :digest) ON CONFLICT DO NOTHING RETURNING round_id"
)
_GROW = text(
    "INSERT INTO tallies (round_id, question, option, count) VALUES (:round_id, :question, :option, :count) "
    "ON CONFLICT (round_id, question, option) DO UPDATE SET count = tallies.count + excluded.count"
)


def _add(connection: Connection, round_id: int, question: int, counts: dict[int, int]) -> None:
    """Let counters grow, in the order of their numbers, so that two who add to the same ones never block each other."""
    rows = [
        {"round_id": round_id, "question": question, "option": option, "count": many}
        for option, many in sorted(counts.items())
    ]
    if rows:
        connection.execute(_GROW, rows)
