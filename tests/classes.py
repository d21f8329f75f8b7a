"""A class at work through the test client: its homepage, its rounds, the board and the devices."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from portal.classrooms.models import Classroom, Round, Tally
from portal.database.store import Store

# What a teacher fills in, and what a browser says of a form of our own.
FORM = {"name": "Class 6b", "languages": ["en", "bs"], "age": "12-14", "country": "BA", "show": "all"}
OURS = {"Sec-Fetch-Site": "same-origin"}

QUIZ = "/quizzes/passwords/"


class Class:
    """A class with a homepage of its own, which was made through the form."""

    def __init__(self, app: Flask, store: Store, **changed: Any) -> None:
        self.store = store
        self.client = app.test_client(use_cookies=False)
        made = self.post("/en/classrooms/new/", {**FORM, **changed})
        assert made.status_code == 303, made.get_data(as_text=True)
        self.private = made.headers["Location"]
        self.secret = self.private.split("/")[3]
        with store.reading() as session:
            newest = session.scalars(select(Classroom).order_by(Classroom.id.desc())).first()
            assert newest
            self.id, self.code = newest.id, newest.code
        self.root = f"/c/{self.code}"

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(address, headers=_named(headers))

    def post(self, address: str, data: Any, **headers: str) -> TestResponse:
        kind = "application/x-www-form-urlencoded" if isinstance(data, bytes) else None
        return self.client.post(address, data=data, headers=_named(headers) or OURS, content_type=kind)

    def start(self, quiz: str = QUIZ, *, by_hands: bool = False) -> "Lead":
        """Start a round as the teacher does."""
        data = {"quiz": quiz, **({"by_hands": "yes"} if by_hands else {})}
        started = self.post(f"{self.private}rounds/", data)
        assert started.status_code == 303, started.get_data(as_text=True)
        return Lead(self, started.headers["Location"].rpartition("#round-")[2])

    def grow_older(self, days: int) -> None:
        """Let everything that has a day have happened earlier."""
        day = date.today() - timedelta(days=days)
        with self.store.writing() as session:
            session.execute(update(Classroom).where(Classroom.id == self.id).values(used=day))
            session.execute(update(Round).where(Round.classroom_id == self.id).values(started=day))


class Lead:
    """A round, as its teacher and its pupils see it."""

    def __init__(self, school: Class, code: str) -> None:
        self.school, self.code = school, code
        self.address = f"{school.root}/en/rounds/{code}/"
        private = soup(school.get(school.private))
        self.key = private.find(id=f"round-{code}").find("input", attrs={"name": "key"})["value"]

    def board(self, **more: str) -> TestResponse:
        """Show the board to the teacher."""
        return self.school.post(f"{self.address}board/", {"key": self.key, **more})

    def step(self, **more: str) -> BeautifulSoup:
        """Press what leads on from where the round is."""
        button = soup(self.board()).find("button", attrs={"name": "step"})
        return soup(self.board(step=button["value"], **more))

    def to(self, question: int) -> "Lead":
        """Lead on until a question takes answers."""
        while self.state() != str(question):
            self.step()
        return self

    def state(self) -> str:
        found = self.school.get(f"{self.address}state").get_json()["state"]
        return str(found)

    def device(self) -> BeautifulSoup:
        """Open the round on a device."""
        return soup(self.school.get(self.address))

    def token(self) -> str:
        """Open the round on a device, and give the token of its form."""
        return str(self.device().find("input", attrs={"name": "token"})["value"])

    def answer(self, *choice: int, token: str = "", question: str = "", **more: str) -> TestResponse:
        """Send an answer from a device: with a token of its own unless one is given."""
        data = {"token": token or self.token(), "question": question or self.state(), **more}
        return self.school.post(self.address, {**data, "choice": list(map(str, choice))})

    def counts(self, question: int) -> dict[int, int]:
        """Give all counters of a question; -1 is that of its answers."""
        with self.school.store.reading() as session:
            wanted = select(Tally.option, Tally.count).join(Round, Round.id == Tally.round_id)
            rows = session.execute(wanted.where(Round.code == self.code, Tally.question == question))
            return dict(rows.tuples().all())


def is_counted(page: TestResponse) -> bool:
    return page.status_code == 200 and "Your answer is counted." in page.get_data(as_text=True)


def rows(store: Store, model: type[Any]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def soup(page: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(page.get_data(as_text=True), "html.parser")


def words(page: BeautifulSoup | TestResponse, where: str = "main") -> str:
    """Give the words of a part of a page, with single spaces."""
    found = (page if isinstance(page, BeautifulSoup) else soup(page)).find(where)
    return re.sub(r"\s+", " ", found.get_text(" ")).strip() if found else ""


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


MakeClass = Callable[..., Class]
