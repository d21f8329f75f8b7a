"""Quiz rounds: every answer counts exactly once, nothing is kept of a pupil, and codes say nothing to who guesses."""

import logging
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote_from_bytes

import pytest
from classes import OURS, Lead, MakeClass, is_counted, rows, soup, words
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import MetaData, select, update

from portal.app import create_app
from portal.classrooms import limits, rounds
from portal.classrooms.models import Attempt, Classroom, Round, Tally, Token
from portal.database.store import Store
from portal.settings import Settings

# Where the quiz on passwords has a question of each kind.
ONE, ALL, STEPS = 1, 3, 5


@pytest.fixture
def lead(classroom: MakeClass) -> Lead:
    """A round whose first question takes answers."""
    return classroom().start().to(1)


def at_once(work: list[Callable[[], object]]) -> list[object]:
    """Let everyone press at the same moment."""
    together = threading.Barrier(len(work))

    def press(one: Callable[[], object]) -> object:
        together.wait(20)
        return one()

    with ThreadPoolExecutor(len(work)) as pupils:
        return list(pupils.map(press, work))


def sender(app: Flask, lead: Lead, token: str, choice: int, question: int = 1) -> Callable[[], bool]:
    """Give what a pupil's device does when its button is pressed."""
    data = {"token": token, "question": str(question), "choice": str(choice)}
    return lambda: is_counted(app.test_client(use_cookies=False).post(lead.address, data=data, headers=OURS))


def test_a_pupil_opens_the_round_by_its_code_and_answers(lead: Lead) -> None:
    school = lead.school
    found = school.get(f"/r/{lead.code.upper()[:3]}-{lead.code[3:]}", Accept_Language="bs")
    assert found.headers["Location"] == lead.address.replace("/en/", "/bs/")
    typed = school.post("/en/rounds/", {"code": f" {lead.code.upper()} "})
    assert (typed.status_code, typed.headers["Location"]) == (303, lead.address)
    assert school.get("/r", Accept_Language="ar").headers["Location"] == "/ar/rounds/"
    page = lead.device()
    assert [box["type"] for box in page.find_all("input", attrs={"name": "choice"})] == ["radio"] * 3
    assert is_counted(lead.answer(0))
    assert lead.counts(1) == {-1: 1, 0: 1}


def test_it_is_answered_in_every_language_of_the_site_not_only_in_those_of_the_class(lead: Lead) -> None:
    links = {link["href"] for link in lead.device().find_all("a", href=True)}
    assert links >= {lead.address.replace("/en/", f"/{code}/") for code in Settings().languages}
    for code in Settings().languages:
        assert lead.school.get(lead.address.replace("/en/", f"/{code}/")).status_code == 200


def test_a_press_that_comes_twice_counts_once_and_looks_the_same(lead: Lead) -> None:
    token = lead.token()
    assert is_counted(lead.answer(0, token=token))
    assert is_counted(lead.answer(0, token=token))
    assert is_counted(lead.answer(1, token=token))
    assert lead.counts(1) == {-1: 1, 0: 1}


def test_one_token_pressed_by_many_at_once_counts_once(app: Flask, lead: Lead) -> None:
    token = lead.token()
    assert all(at_once([sender(app, lead, token, 1)] * 12))
    assert lead.counts(1) == {-1: 1, 1: 1}


def test_thirty_who_press_at_the_same_moment_are_all_counted(app: Flask, lead: Lead) -> None:
    pupils = [sender(app, lead, lead.token(), at % 3) for at in range(30)]
    assert all(at_once(list(pupils)))
    assert lead.counts(1) == {-1: 30, 0: 10, 1: 10, 2: 10}
    assert rows(lead.school.store, Token) == 30


def test_looking_again_keeps_an_answer_counted(lead: Lead) -> None:
    token = lead.token()
    lead.answer(0, token=token)
    again = lead.answer(token=token, wait="yes")
    assert is_counted(again)
    assert lead.counts(1) == {-1: 1, 0: 1}
    lead.step()
    assert lead.answer(token=token, question="1", wait="yes").status_code == 303


def test_a_forged_token_counts_nothing(lead: Lead) -> None:
    token = lead.token()
    once, _, signature = token.partition(".")
    forged = ["", token[:-1], f"{token}0", token[::-1], f"x{token}", token.upper(), once + signature, once]
    for spoiled in (*forged, f".{signature}", f"\N{ARABIC-INDIC DIGIT ONE}{token}\0"):
        sent = lead.school.post(lead.address, {"question": "1", "choice": "0", "token": spoiled})
        assert (sent.status_code, sent.headers["Location"]) == (303, lead.address)
    assert lead.counts(1) == {}
    assert is_counted(lead.answer(0, token=token))


def test_a_token_of_another_round_or_an_earlier_question_counts_nothing(lead: Lead) -> None:
    other = lead.school.start().to(1)
    old = lead.token()
    assert not is_counted(lead.answer(0, token=other.token()))
    lead.to(2)
    for question in ("1", "2", "0", "-1", "99", "", "x"):
        assert not is_counted(lead.answer(0, token=old, question=question or " "))
    assert (lead.counts(1), lead.counts(2), other.counts(1)) == ({}, {}, {})


def test_an_empty_answer_is_asked_for_again_with_the_same_token(lead: Lead) -> None:
    token = lead.token()
    for nothing in ([], ["7"], ["0", "1"], ["x"], ["-1"], ["9" * 5000]):
        page = lead.school.post(lead.address, {"token": token, "question": "1", "choice": nothing})
        assert "Nothing is chosen yet." in words(page)
        assert soup(page).find("input", attrs={"name": "token"})["value"] == token
    assert lead.counts(1) == {}
    assert is_counted(lead.answer(0, token=token))


def test_several_options_and_steps_are_counted_by_option_and_by_order(lead: Lead) -> None:
    lead.to(ALL)
    assert is_counted(lead.answer(0, 2))
    assert is_counted(lead.answer(2))
    assert lead.counts(ALL) == {-1: 2, 0: 1, 2: 2}
    lead.to(STEPS)
    places = {"place-0": "1", "place-1": "2", "place-2": "3"}
    assert is_counted(lead.answer(**places))
    assert is_counted(lead.answer(**{**places, "place-0": "2", "place-1": "1"}))
    assert "Each step needs a number of its own." in words(lead.answer(**{**places, "place-0": "2"}))
    assert lead.counts(STEPS) == {-1: 2, 0: 1, 1: 1}


def test_a_step_that_is_pressed_twice_is_one_step(app: Flask, lead: Lead) -> None:
    data = {"key": lead.key, "step": "1"}
    pressed = at_once(
        [lambda: app.test_client().post(f"{lead.address}board/", data=data, headers=OURS).status_code] * 6
    )
    assert pressed == [200] * 6
    assert lead.state() == "1r"
    lead.board(step="1")
    lead.board(step="0")
    assert lead.state() == "1r"
    lead.board(step="1r")
    assert lead.state() == "2"


def test_only_the_teacher_leads_on(lead: Lead) -> None:
    for key in (
        "",
        "0" * 32,
        lead.key[:-1],
        lead.key.upper(),
        lead.code,
        "\ud800é".encode("utf-8", "replace").decode(),
    ):
        refused = lead.school.post(f"{lead.address}board/", {"key": key, "step": "1"})
        assert refused.status_code == 404
    assert lead.state() == "1"
    open_board = lead.school.get(f"{lead.address}board/").get_data(as_text=True)
    assert lead.key not in open_board
    assert lead.school.secret not in open_board
    assert 'name="step"' not in open_board


def test_every_token_is_forgotten_with_its_question(lead: Lead) -> None:
    store = lead.school.store
    for _ in range(3):
        lead.answer(0)
        assert rows(store, Token) == 1
        lead.step()
        assert rows(store, Token) == 0
        lead.step()
        assert rows(store, Token) == 0


def test_answers_that_race_with_the_reveal_are_counted_before_it_or_not_at_all(app: Flask, lead: Lead) -> None:
    for question in (1, 2):
        lead.to(question)
        pupils = [sender(app, lead, lead.token(), 0, question) for _ in range(20)]
        shown: list[int] = []

        def reveal() -> None:
            time.sleep(0.01)
            lead.board(step=str(question))  # noqa: B023 - used up before the next question
            shown.append(lead.counts(question).get(-1, 0))  # noqa: B023

        told = at_once([*pupils, reveal])[:-1]
        assert shown == [sum(map(bool, told))]
        assert lead.counts(question).get(-1, 0) == shown[0]
        assert rows(lead.school.store, Token) == 0


def test_hands_are_counted_without_devices(classroom: MakeClass) -> None:
    lead = classroom().start(by_hands=True).to(1)
    board = soup(lead.board())
    assert [field["name"] for field in board.find_all("input", type="number")] == ["hands-0", "hands-1", "hands-2"]
    device = lead.device()
    assert "We raise hands for this question." in words(device)
    assert not device.find("input", attrs={"name": "choice"})
    lead.step(**{"hands-0": "14", "hands-1": "\N{ARABIC-INDIC DIGIT NINE}", "hands-2": "-3"})
    assert lead.counts(1) == {-1: 23, 0: 14, 1: 9}
    lead.board(step="1", **{"hands-0": "14"})
    assert lead.counts(1) == {-1: 23, 0: 14, 1: 9}
    lead.to(2)
    lead.step(**{"hands-0": "9" * 30, "hands-1": "999", "hands-2": "1e3", "hands-3": "7"})
    assert lead.counts(2) == {-1: rounds.MOST_HANDS, 1: rounds.MOST_HANDS}
    lead.to(STEPS)
    lead.step(**{"hands-0": "6", "hands-1": "5"})
    assert lead.counts(STEPS) == {-1: 11, 0: 6, 1: 5}


def test_a_round_goes_from_the_first_question_to_a_summary(classroom: MakeClass) -> None:
    lead = classroom().start()
    assert lead.state() == "0"
    assert "You are in." in words(lead.device())
    for question in range(1, 7):
        lead.to(question)
        for _ in range(5):
            lead.answer(0, **{f"place-{at}": str(at + 1) for at in range(3)})
    lead.step()
    assert "That was the last question." in words(lead.step())
    assert lead.state() == "end"
    assert "That was the last question." in words(lead.device())
    assert lead.board(step="end").status_code == 200
    summary = words(lead.school.get(f"{lead.school.private}rounds/{lead.code}/"))
    assert summary.count("5 answers") >= 6
    removed = lead.school.post(f"{lead.school.private}rounds/{lead.code}/remove/", {})
    assert removed.status_code == 303
    assert [rows(lead.school.store, kind) for kind in (Round, Tally, Token)] == [0, 0, 0]
    assert lead.school.get(lead.address).status_code == 404


def test_a_round_is_found_only_with_the_private_link_of_its_own_class(classroom: MakeClass) -> None:
    lead, other = classroom().start(), classroom(name="Class 7a")
    assert other.get(f"{other.private}rounds/{lead.code}/").status_code == 404
    assert other.post(f"{other.private}rounds/{lead.code}/remove/", {}).status_code == 404
    assert other.get(f"{other.root}/en/rounds/{lead.code}/").status_code == 404
    assert other.post(f"{other.private}rounds/", {"quiz": "/quizzes/none/"}).status_code == 404
    assert lead.state() == "0"


def test_wrong_shortened_and_expired_codes_look_the_same(lead: Lead) -> None:
    school = lead.school
    expired = school.start()
    with school.store.writing() as session:
        aged = update(Round).where(Round.code == expired.code)
        session.execute(aged.values(started=date.today() - timedelta(days=2)))
    wrong = "3" * 6 if lead.code != "3" * 6 else "4" * 6
    for path in ("", "state", "board/"):
        looks = {
            (page.status_code, page.get_data(), page.headers["Content-Type"], page.headers.get("Cache-Control"))
            for code in (wrong, lead.code[:-1], f"{lead.code}3", lead.code.upper(), expired.code, "%00", "a'b")
            for page in [school.get(f"{school.root}/en/rounds/{code}/{path}")]
        }
        assert len(looks) == 1
        assert next(iter(looks))[0] == 404
    for ask in (lambda code: school.post("/en/rounds/", {"code": code}), lambda code: school.get(f"/r/{code}")):
        assert len({(page.status_code, page.get_data()) for page in map(ask, (wrong, expired.code))}) == 1
    assert school.post(f"{school.root}/en/rounds/{expired.code}/board/", {"key": expired.key}).status_code == 404
    # Its teacher still has the summary.
    assert school.get(f"{school.private}rounds/{expired.code}/").status_code == 200


def test_a_code_lets_in_on_its_day_and_the_next_one_and_a_round_stays_for_fourteen_days(lead: Lead) -> None:
    school = lead.school
    school.grow_older(1)
    assert school.get(lead.address).status_code == 200
    school.grow_older(2)
    assert school.get(lead.address).status_code == 404
    school.grow_older(13)
    school.start()
    assert rows(school.store, Round) == 2
    school.grow_older(14)
    school.start()
    assert rows(school.store, Round) == 1


class Clock:
    """The time that limits go by, which stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(limits, "time", made)
    return made


def test_many_wrong_codes_close_the_door_for_that_network_alone_and_for_a_while(
    app: Flask, lead: Lead, clock: Clock
) -> None:
    guesser = app.test_client(use_cookies=False)
    here, away = {"REMOTE_ADDR": "203.0.113.9"}, {"REMOTE_ADDR": "198.51.100.7"}
    wrong = ["/en/rounds/333333/", "/c/333333333/en/", "/r/444444", "/en/rounds/444444/state"]
    for at in range(limits.WRONG_CODES.most):
        assert guesser.get(wrong[at % 4], environ_base=here).status_code == 404, at
    for address in (*wrong, lead.address, f"/r/{lead.code}", f"{lead.school.root}/en/", f"{lead.address}state"):
        refused = guesser.get(address, environ_base=here)
        assert refused.status_code == 429, address
        assert "Please wait a few minutes" in words(refused)
    assert guesser.get("/en/kids/", environ_base=here).status_code == 200
    assert guesser.get(lead.address, environ_base=away).status_code == 200
    clock.now += limits.WRONG_CODES.seconds
    assert guesser.get(lead.address, environ_base=here).status_code == 200
    assert guesser.get(wrong[0], environ_base=here).status_code == 404


def test_right_codes_are_no_guesses(lead: Lead, clock: Clock) -> None:
    for _ in range(5):
        lead.device()
    lead.answer(0)
    assert rows(lead.school.store, Attempt) == 1  # the homepage that was made


def test_the_address_behind_proxies_is_counted_and_none_is_kept(
    app: Flask, lead: Lead, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind = create_app(replace(Settings(), proxies=1))
    behind.extensions["store"] = lead.school.store
    proxy = {"REMOTE_ADDR": "10.0.0.1"}
    client = behind.test_client()

    def ask(said: str) -> int:
        return client.get("/en/rounds/333333/", environ_base=proxy, headers={"X-Forwarded-For": said}).status_code

    monkeypatch.setattr(limits, "WRONG_CODES", replace(limits.WRONG_CODES, most=3))
    assert [ask("198.51.100.1") for _ in range(4)] == [404, 404, 404, 429]
    # What a reader adds before the proxy's own word counts nothing.
    assert ask("192.0.2.77, 198.51.100.1") == 429
    assert ask("198.51.100.2") == 404
    # Without a proxy, what a request says of itself is not believed.
    client = app.test_client()
    assert [ask(f"198.51.100.{at}") for at in range(20, 24)] == [404, 404, 404, 429]
    assert not re.findall(r"198\.51|192\.0\.2|10\.0\.0\.1", everything(lead.school.store))


def everything(store: Store) -> str:
    """Give all that a database holds, table by table."""
    found = MetaData()
    with store.reading() as session:
        found.reflect(session.connection())
        tables = {name: session.execute(select(table)).all() for name, table in found.tables.items()}
    return "\n".join(f"{name}: {row!r}" for name, listed in tables.items() for row in listed)


def test_after_a_round_the_database_and_the_log_hold_counters_alone(
    app: Flask, classroom: MakeClass, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    pupil = app.test_client()
    agent, address = "Mozilla/5.0 (Pupil; Tablet 7)", "203.0.113.77"
    lead = classroom().start()
    tokens = []
    for question in (1, 2):
        lead.to(question)
        for choice in (0, 1, 0, 1, 0, 2):
            token = lead.token()
            tokens.append(token)
            sent = pupil.post(
                lead.address,
                data={"token": token, "question": str(question), "choice": str(choice), "name": "Amina Testname"},
                headers={**OURS, "User-Agent": agent, "Accept-Language": "bs-BA-x-pupil", "Cookie": "who=amina"},
                environ_base={"REMOTE_ADDR": address},
            )
            assert is_counted(sent)
            assert "Set-Cookie" not in sent.headers
    lead.step()
    with lead.school.store.reading() as session:
        kept = session.execute(select(Tally.question, Tally.option, Tally.count).order_by(Tally.question, Tally.option))
        assert kept.all() == [
            (question, option, many) for question in (1, 2) for option, many in ((-1, 6), (0, 3), (1, 2), (2, 1))
        ]
        assert {type(value) for row in session.execute(select(Tally.__table__)) for value in row} == {int}
    assert [rows(lead.school.store, kind) for kind in (Classroom, Round, Tally, Token)] == [1, 1, 8, 0]
    told = everything(lead.school.store) + caplog.text
    traces = [
        *tokens,
        *(token.partition(".")[0] for token in tokens),
        agent,
        address,
        "Amina",
        "amina",
        "bs-BA-x-pupil",
    ]
    assert [trace for trace in traces if trace in told] == []
    assert "127.0.0.1" not in told
    assert set(re.findall(r"^(\w+): ", told, re.M)) <= {
        "alembic_version",
        "attempts",
        "classrooms",
        "rounds",
        "tallies",
    }


HOSTILE = st.text(st.characters(codec="utf-8") | st.sampled_from("\0\u202e\u2066\ud800<>&\"'\\%;٣😀"), max_size=60)


@pytest.fixture
def open_round(lead: Lead) -> Lead:
    return lead


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.fixed_dictionaries(dict.fromkeys(("token", "question", "choice", "place-0", "wait"), HOSTILE)))
def test_whatever_a_device_sends_nothing_breaks_and_nothing_is_counted(open_round: Lead, data: dict[str, str]) -> None:
    sent = open_round.school.post(open_round.address, _encoded(data))
    assert sent.status_code == 303
    right = {**data, "token": open_round.token(), "question": "1"}
    del right["wait"]
    assert open_round.school.post(open_round.address, _encoded(right)).status_code == 200
    assert sum(open_round.counts(1).values()) % 2 == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(code=HOSTILE, key=HOSTILE, step=HOSTILE)
def test_whatever_is_typed_as_code_key_or_step_nothing_breaks(
    open_round: Lead, clock: Clock, code: str, key: str, step: str
) -> None:
    school = open_round.school
    clock.now += limits.WRONG_CODES.seconds
    assert school.post("/en/rounds/", _encoded({"code": code})).status_code in (404, 422)
    assert school.post(f"{open_round.address}board/", _encoded({"key": key, "step": step})).status_code == 404
    assert (
        school.post(f"{open_round.address}board/", _encoded({"key": open_round.key, "step": step})).status_code == 200
    )
    assert school.post(f"{school.private}rounds/", _encoded({"quiz": code})).status_code == 404


def test_what_is_far_too_long_is_refused(lead: Lead) -> None:
    long = "x" * 1_000_000
    for address in (lead.address, f"{lead.address}board/", "/en/rounds/", f"{lead.school.private}rounds/"):
        refused = lead.school.post(address, {"token": long, "code": long, "key": long, "quiz": long})
        assert refused.status_code == 413
    assert lead.school.get(f"/en/rounds/{'3' * 5000}/").status_code == 404


def _encoded(data: dict[str, str]) -> bytes:
    """Write a form as a hostile program may: with bytes that are no text."""
    pairs = ((name, quote_from_bytes(value.encode("utf-8", "surrogatepass"))) for name, value in data.items())
    return "&".join(f"{name}={value}" for name, value in pairs).encode()
