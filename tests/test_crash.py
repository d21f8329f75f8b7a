"""A process or the whole server is killed in the middle of a round: no answer that was counted is lost."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from portal.classrooms import homepages, rounds
from portal.classrooms.models import Round, Tally, Token
from portal.database.store import Store
from portal.settings import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and process groups are those of POSIX")

PUPILS = 12


class Portal:
    """The real server with two processes, in a process group of its own."""

    def __init__(self, store: Store, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._environ = {
            **os.environ,
            "PORTAL_DATABASE_URL": store.name.replace("postgresql+psycopg", "postgresql"),
            "PYTHONPATH": str(ROOT),
        }
        self._log = log
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "portal", "run", "--port", str(self.port), "--workers", "2"]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, env=self._environ, cwd=self._log.parent, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + 30
        while True:
            with suppress(OSError, http.client.HTTPException):
                if self.ask("GET", "/healthz")[0] == 200:
                    return
            assert self.process.poll() is None, self._log.read_text()
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def workers(self) -> list[int]:
        listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in listed.stdout.split()]

    def kill_one(self) -> None:
        os.kill(self.workers()[0], signal.SIGKILL)

    def kill(self) -> None:
        """Kill everything at once, as when the power of a machine is cut."""
        for process in [self.process.pid, *self.workers()]:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()

    def ask(self, method: str, path: str, **data: str) -> tuple[int, str]:
        """Send a request, as a browser that sends no referrer does over plain http."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if data else {}
            connection.request(method, path, urlencode(data) if data else None, kind)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


@pytest.fixture
def served(store: Store, tmp_path: Path) -> Iterator[Portal]:
    """The server, on the test's database."""
    portal = Portal(store, tmp_path / "log")
    yield portal
    portal.kill()


class Pupils:
    """A dozen devices that answer as fast as they can, each time with a new token, and remember what was counted."""

    def __init__(self, portal: Portal, address: str) -> None:
        self._portal, self._address = portal, address
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.counted: Counter[tuple[int, int]] = Counter()
        self.unsure = 0
        self.refused: list[int] = []
        self._threads = [threading.Thread(target=self._answer, args=(number,)) for number in range(PUPILS)]
        for one in self._threads:
            one.start()

    def _answer(self, number: int) -> None:
        while not self._stop.is_set():
            sent = False
            try:
                _, page = self._portal.ask("GET", self._address)
                token = re.search(r'name="token" value="([^"]+)"', page)
                question = re.search(r'name="question" value="(\d+)"', page)
                if not token or not question:
                    time.sleep(0.01)
                    continue
                data = {"token": token[1], "question": question[1], "choice": str(number % 2)}
                sent = True
                status, page = self._portal.ask("POST", self._address, **data)
            except (OSError, http.client.HTTPException):
                with self._lock:
                    self.unsure += sent  # it may be counted, though nobody could say so
                time.sleep(0.02)
                continue
            with self._lock:
                if "Your answer is counted." in page:
                    self.counted[int(question[1]), number % 2] += 1
                elif status >= 400:
                    self.refused.append(status)

    def many(self) -> int:
        with self._lock:
            return self.counted.total()

    def go_on(self, more: int) -> None:
        """Wait until some more answers are counted."""
        wanted, deadline = self.many() + more, time.monotonic() + 30
        while self.many() < wanted:
            assert time.monotonic() < deadline, "the round does not go on"
            time.sleep(0.01)

    def stop(self) -> None:
        self._stop.set()
        for one in self._threads:
            one.join()


def test_every_answer_that_was_counted_is_there_after_a_crash_and_the_round_goes_on(
    store: Store, served: Portal
) -> None:
    code, lead = begin(store)
    with store.reading() as session:
        root = f"/c/{session.scalars(select(Round)).one().classroom.code}"
    address = f"{root}/en/rounds/{code}/"
    lead(served, address, "0")
    pupils = Pupils(served, address)
    try:
        pupils.go_on(30)
        served.kill_one()
        pupils.go_on(30)
        lead(served, address, "1")
        lead(served, address, "1r")
        pupils.go_on(30)
        served.kill()
        served.start()
        pupils.go_on(30)
    finally:
        pupils.stop()
    assert pupils.refused == []
    with store.reading() as session:
        found = {(one.question, one.option): one.count for one in session.scalars(select(Tally))}
        tokens = len(session.scalars(select(Token)).all())
    by_question: Counter[int] = Counter()
    for (question, option), many in pupils.counted.items():
        assert found[question, option] >= many
        by_question[question] += many
    in_database = {question: many for (question, option), many in found.items() if option == -1}
    for question, many in in_database.items():
        assert many == sum(found.get((question, option), 0) for option in range(3))
        assert many >= by_question[question]
    assert sum(in_database.values()) <= pupils.many() + pupils.unsure
    assert pupils.unsure <= 2 * PUPILS
    assert tokens == in_database[2]
    assert "Show the answers" in lead(served, address, "")
    assert "To discuss" in lead(served, address, "2")


def begin(store: Store) -> tuple[str, Callable[[Portal, str, str], str]]:
    """Start a round, and give its code and what its teacher presses."""
    wish = homepages.Wish("Class 6b", ("en",), "9-11", "BA", (), ())
    secret = homepages.make(store, wish, date.today())
    with store.reading() as session:
        school = homepages.by_secret(session, secret)
    assert school
    code = rounds.start(store, school, secret, "/quizzes/passwords/", False, date.today())
    store.close()
    key = rounds.key_of(secret, code)

    def lead(portal: Portal, address: str, step: str) -> str:
        status, page = portal.ask("POST", f"{address}board/", key=key, step=step)
        assert status == 200
        return page

    return code, lead
