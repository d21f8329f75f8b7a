"""Quiz rounds: the teacher's board, the pupils' devices, and the summary. Nobody signs in.

What proves that somebody leads a round is sent with each form of the board, so that it never stands in the address,
which a projector shows to everybody.
"""

from typing import Any

from flask import Blueprint, Response, abort, g, jsonify, redirect, request
from flask_babel import ngettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from portal.classrooms import cleaning, codes, rounds, shown
from portal.classrooms.arriving import check_origin, classroom_of, find_round, round_at, store, today
from portal.classrooms.models import Round
from portal.classrooms.rounds import State
from portal.classrooms.totals import FEWEST
from portal.content.document import Document
from portal.content.quiz import Question
from portal.negotiate import best_language
from portal.play.playing import quiz
from portal.play.turns import sent_answer
from portal.reader import answer_once, card, href, lessons, practice, reader, site, text

bp = Blueprint("rounds", __name__)
bp.before_request(check_origin)

# Addresses without a language, to read aloud and for QR codes.
short_bp = Blueprint("round", __name__)


@short_bp.get("/r", defaults={"code": ""})
@short_bp.get("/r/<code>")
def find(code: str) -> AnyResponse:
    """Lead to a round in the language that the browser asks for, or to the page where its code is typed."""
    spoken = best_language(request.headers.get("Accept-Language", ""), [one.code for one in site().languages])
    g.pop("homeroom", None)
    if not code:
        return _elsewhere(f"/{spoken}/rounds/")
    with store().reading() as session:
        return _elsewhere(_address_of(round_at(session, codes.typed(code)), spoken))


@bp.get("/rounds/")
def ask() -> Response:
    """Show the page where a code is typed."""
    g.every_language = True
    return answer_once("classrooms/join.html")


@bp.post("/rounds/")
def join() -> AnyResponse:
    """Lead to the round whose code was typed."""
    code = codes.typed(request.form.get("code", ""))
    with store().reading() as session:
        found = find_round(session, code)
        if found:
            return redirect(_address_of(found, reader().code), 303)
    g.every_language = True
    response = answer_once("classrooms/join.html", fault=True)
    response.status_code = 404
    return response


@bp.get("/rounds/<code>/")
def take_part(code: str) -> Response:
    """Show a round on a pupil's device: wait, answer, read why."""
    with store().reading() as session:
        found = round_at(session, code)
        return _device(found)


@bp.post("/rounds/<code>/")
def answer(code: str) -> AnyResponse:
    """Count a pupil's answer, and show that it is counted; later, lead on from there."""
    with store().reading() as session:
        found = round_at(session, code)
    document, state = _quiz_of(found)
    number, token = request.form.get("question", "", type=str), request.form.get("token", "")
    if not state.is_open or number != str(state.question) or not rounds.is_token(found, state.question, token):
        return redirect(href(f"/rounds/{code}/"), 303)
    if "wait" in request.form:
        return _device(found, counted=token)
    question = quiz(document).questions[state.question - 1]
    given = sent_answer(question, request.form)
    if not question.accepts(given):
        return _device(found, token=token, is_missing=True)
    if rounds.count(store(), found, state.question, rounds.counted(question, given), token):
        return _device(found, counted=token)
    return redirect(href(f"/rounds/{code}/"), 303)


@bp.get("/rounds/<code>/state")
def tell_state(code: str) -> Response:
    """Tell where a round is and how many answers have come in, for pages that look every few seconds."""
    with store().reading() as session:
        found = round_at(session, code)
        state = _quiz_of(found)[1]
        response = jsonify(state=state.mark, answers=_came_in(rounds.answers(session, found, state.question)))
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/rounds/<code>/board/")
def look(code: str) -> Response:
    """Show the board to whoever has the code, without what its teacher can press."""
    with store().reading() as session:
        return _board(session, round_at(session, code), "")


@bp.post("/rounds/<code>/board/")
def lead(code: str) -> AnyResponse:
    """Show the board to its teacher, after the step that was pressed."""
    key = request.form.get("key", "")
    with store().reading() as session:
        if not rounds.leads(round_at(session, code), key):
            abort(404)
    if "step" in request.form:
        with store().writing() as session:
            _step(session, round_at(session, code))
    with store().reading() as session:
        return _board(session, round_at(session, code), key)


@bp.post("/classrooms/<secret>/rounds/")
def start(secret: str) -> AnyResponse:
    """Start a round of a quiz."""
    with store().reading() as session:
        classroom = classroom_of(session, secret)
    address = request.form.get("quiz", "")
    if address not in {document.address for document in shown.quizzes(classroom.age)}:
        abort(404)
    cleaning.clean(store(), today(), site().settings.unused_days)
    code = rounds.start(store(), classroom, secret, address, "by_hands" in request.form, today())
    return redirect(href(f"/classrooms/{secret}/") + f"#round-{code}", 303)


@bp.get("/classrooms/<secret>/rounds/<code>/")
def summarise(secret: str, code: str) -> Response:
    """Show what a round came to: totals alone, and what to teach next."""
    with store().reading() as session:
        found = _own_round(session, secret, code)
        document, state = _quiz_of(found)
        questions = quiz(document).questions
        done = state.question - (0 if state.revealed or state.is_over else 1)
        results = [
            _result(session, found, number, questions[number - 1]) for number in range(1, min(done, state.total) + 1)
        ]
    return answer_once(
        "classrooms/summary.html",
        secret=secret,
        round=found,
        title=card(document).title,
        answered=results,
        again=[result["question"].idea for result in results if result["again"]],
        practised=_to_practise(document),
        together=quiz(document).together,
        fewest=FEWEST,
        kept=rounds.KEPT,
    )


@bp.post("/classrooms/<secret>/rounds/<code>/remove/")
def remove(secret: str, code: str) -> AnyResponse:
    """Remove a round with everything that was counted in it, from the database's file, too."""
    with store().writing() as session:
        session.delete(_own_round(session, secret, code))
    store().wipe()
    return redirect(href(f"/classrooms/{secret}/"), 303)


def _own_round(session: Session, secret: str, code: str) -> Round:
    classroom = classroom_of(session, secret)
    return next((one for one in classroom.rounds if one.code == code), None) or abort(404)


def _elsewhere(address: str) -> AnyResponse:
    response = redirect(address)
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    return response


def _address_of(found: Round, language: str) -> str:
    """Give the address of a round below its class's own, so that help is that of the class's country."""
    return f"/c/{found.classroom.code}/{language}/rounds/{found.code}/"


def _quiz_of(found: Round) -> tuple[Document, State]:
    """Give a round's quiz and where it is. Ends in 404 where the quiz is not there any more."""
    g.every_language = True
    document = site().library.at(found.quiz) or abort(404)
    return document, rounds.state_of(found, len(quiz(document).questions))


def _device(found: Round, *, counted: str = "", token: str = "", is_missing: bool = False) -> Response:
    document, state = _quiz_of(found)
    questions = quiz(document).questions
    return answer_once(
        "classrooms/device.html",
        text=text(document),
        code=found.code,
        by_hands=found.by_hands,
        state=state,
        question=questions[state.question - 1] if not (state.is_waiting or state.is_over) else None,
        counted=counted,
        token=token or (rounds.new_token(found) if state.is_open and not counted else ""),
        is_missing=is_missing,
        together=quiz(document).together,
    )


def _board(session: Session, found: Round, key: str) -> Response:
    document, state = _quiz_of(found)
    questions = quiz(document).questions
    question = questions[state.question - 1] if not (state.is_waiting or state.is_over) else None
    address = site().settings.address
    return answer_once(
        "classrooms/board.html",
        text=text(document),
        code=found.code,
        key=key,
        by_hands=found.by_hands,
        state=state,
        question=question,
        came_in=_came_in(rounds.answers(session, found, state.question)),
        result=_result(session, found, state.question, question) if question and state.revealed else None,
        join_at=f"{address.partition('://')[2]}/r",
        qr=shown.qr(f"{address}/r/{found.code}") if state.is_waiting or state.is_open else "",
        together=quiz(document).together,
        most_hands=rounds.MOST_HANDS,
        fewest=FEWEST,
    )


def _step(session: Session, found: Round) -> None:
    """Bring a round one step on, if it still is where its teacher has seen it; raised hands are counted on the way."""
    state = _quiz_of(found)[1]
    if request.form["step"] != state.mark:
        return
    if not rounds.move(session, found, state, state.after):
        return
    if found.by_hands and state.is_open:
        question = quiz(_quiz_of(found)[0]).questions[state.question - 1]
        hands = [_hands(request.form.get(f"hands-{at}", "")) for at in range(rounds.counters(question))]
        rounds.add_hands(session, found, hands)


def _hands(typed: str) -> int:
    return min(int(typed), rounds.MOST_HANDS) if typed.isdecimal() and len(typed) < 4 else 0


def _came_in(answers: int) -> str:
    """Say how many answers have come in, as long as there are enough to say it."""
    if answers < FEWEST:
        few = ngettext("Fewer than %(num)d answer so far", "Fewer than %(num)d answers so far", FEWEST)
        return str(few)
    return str(ngettext("%(num)d answer so far", "%(num)d answers so far", answers))


def _result(session: Session, found: Round, number: int, question: Question) -> dict[str, Any]:
    """Give what is shown of the answers to a question: for each counter its share, and whether to practise again."""
    totals = rounds.totals(session, found, number, rounds.counters(question))
    good = {0} if question.kind == "order" else question.good
    low = [share for at, share in enumerate(totals.shares) if at in good and not share.is_high]
    high = [share for at, share in enumerate(totals.shares) if at not in good and not share.is_low]
    missed = any(not share.is_low for share in high) or (question.kind == "all" and bool(low))
    return {
        "number": number,
        "question": question,
        "answers": totals.answers,
        "shares": [{"share": share, "name": shown.share_name(share)} for share in totals.shares],
        "again": missed,
    }


def _to_practise(document: Document) -> list[Any]:
    """Give lessons about the topic of a quiz, and other things to play about it for the same readers."""
    head = document.head
    played = [one for one in practice(audience=head.audience) if one is not document]
    return [card(one) for one in (*lessons(), *played) if one.head.topic == head.topic][:6]
