"""Whole classes that press at the same moment, on SQLite and on PostgreSQL: run `python benchmarks/crowd.py`."""

import argparse
import http.client
import multiprocessing
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg
from tools import ROOT, free_port, median, portal_command, running, table

from portal.classrooms import homepages, rounds
from portal.classrooms.models import Round, Tally
from portal.database import schema
from portal.database.store import Store

QUIZ = """---
kind: quiz
title: A crowd
summary: Questions for a benchmark.
audience: kids
ages: [9-11]
topic: privacy
order: 990
reviewed: 2026-11-24
---

Answer with the others.
{questions}
## Together {{#together}}

Talk about it with a grown-up.
"""
QUESTION = """
## Question number {number}? {{#q{number}}}

- [x] One

  It is one.

- [ ] Two

  It is one.

- [ ] Three

  It is one.

::: idea
It is one. [People online](/kids/people-online/#asking)
:::

::: discuss
- Why?
:::
"""
_COUNTED = "Your answer is counted."
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "identity"}
# Threads of each process of the server.
_THREADS = 8
_FORK = multiprocessing.get_context("fork")


@dataclass
class Seen:
    """What the devices of a class have seen: seconds until a page and an answer's page came, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    pressed: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Led:
    """A round of a class: its address below the server's, and what its teacher sends."""

    code: str
    address: str
    key: str


def main() -> int:
    """Let one class answer, then many, on each kind of database; 1 if any answer is missing or counted twice."""
    options = _options()
    sound = True
    printed: list[Sequence[str]] = [
        ("", "answers", "answers/s", "p50 ms", "p99 ms", "open p50 ms", "open p99 ms", "faults", "counted")
    ]
    stored = [("counted without the web server", "answers/s")]
    with tempfile.TemporaryDirectory() as name, _databases(Path(name), options.only) as databases:
        content = _content(Path(name), options.questions)
        for kind, url in databases.items():
            store = Store(url)
            schema.upgrade(store)
            stored.append((f"{kind}, {options.workers} processes", f"{_count_directly(store, options):,.0f}"))
            for classes in (1, options.classes):
                row, is_sound = _run(store, url, content, classes, options)
                printed.append((f"{kind}, {classes} × {options.pupils} pupils", *row))
                sound = sound and is_sound
            store.close()
    print(f"{options.questions} questions, {options.workers} processes that answer\n")
    print(f"{table(printed)}\n\n{table(stored)}")
    return 0 if sound else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    numbers: dict[str, tuple[int, str]] = {
        "--classes": (20, "classes that answer at once"),
        "--pupils": (30, "pupils of a class"),
        "--questions": (10, "questions of the quiz"),
        "--workers": (4, "processes of the server"),
    }
    for name, (usual, words) in numbers.items():
        parser.add_argument(name, type=int, default=usual, help=f"{words} (%(default)s)")
    parser.add_argument("--only", choices=["sqlite", "postgresql"], default="", help="one kind of database")
    return parser.parse_args()


@contextmanager
def _databases(folder: Path, only: str) -> Iterator[dict[str, str]]:
    """Give the URL of an empty database of each kind; PostgreSQL is started where the machine has it."""
    found = {"SQLite": f"sqlite:///{folder}/portal.db"} if only != "postgresql" else {}
    if only == "sqlite":
        yield found
        return
    with subprocess.Popen(
        [sys.executable, ROOT / "tests" / "cluster.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        url = server.stdout.readline().strip() if server.stdout else ""
        if url:
            with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE portal")
            found["PostgreSQL"] = f"{url}/portal"
        try:
            yield found
        finally:
            server.communicate()  # it ends with its input


def _content(folder: Path, questions: int) -> Path:
    """Give a copy of the content with a quiz of as many questions as are asked for."""
    content = folder / "content"
    shutil.copytree(ROOT / "content", content)
    asked = "".join(QUESTION.format(number=number) for number in range(1, questions + 1))
    (content / "quizzes" / "crowd.md").write_text(QUIZ.format(questions=asked))
    return content


def _run(store: Store, url: str, content: Path, classes: int, options: argparse.Namespace) -> tuple[list[str], bool]:
    """Let classes answer all questions; give the figures, and whether each answer is there exactly once."""
    led = _begin(store, classes)
    port = free_port()
    os.environ.update(PORTAL_DATABASE_URL=url, PORTAL_CONTENT=str(content))
    command = [*portal_command(port), "--workers", str(options.workers)]
    with running(command, f"http://127.0.0.1:{port}/en/"):
        seen = _in_processes([partial(_teach, port, one, options.pupils, options.questions) for one in led])
    wrong = _miscounted(store, led, options.pupils, options.questions)
    faults = [fault for one in seen for fault in one.faults]
    for fault in [*faults[:5], *wrong[:5]]:
        print(fault, file=sys.stderr)
    answered = sorted(seconds for one in seen for seconds in one.answered)
    opened = sorted(seconds for one in seen for seconds in one.opened)
    rates = [_rate([one.pressed[at] for one in seen], options.pupils) for at in range(options.questions)]
    row = [
        f"{len(answered):,}",
        f"{median(rates):,.0f}",
        *(f"{1000 * _at(times, share):,.0f}" for times in (answered, opened) for share in (0.5, 0.99)),
        f"{len(faults)}",
        "all once" if not wrong else f"{len(wrong)} wrong",
    ]
    return row, not faults and not wrong


def _rate(pressed: Sequence[tuple[float, float]], pupils: int) -> float:
    """Give answers a second from the first press on a question to the last page that says it is counted."""
    return len(pressed) * pupils / (max(end for _, end in pressed) - min(start for start, _ in pressed))


def _at(times: Sequence[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


def _begin(store: Store, classes: int) -> list[Led]:
    """Make classes, each with a round that waits for its first question."""
    wish = homepages.Wish("Crowd", ("en",), "9-11", "BA", (), ())
    made = []
    for _ in range(classes):
        secret = homepages.make(store, wish, date.today())
        with store.reading() as session:
            classroom = homepages.by_secret(session, secret)
        if not classroom:
            raise RuntimeError("a homepage is not there")
        code = rounds.start(store, classroom, secret, "/quizzes/crowd/", False, date.today())
        made.append(Led(code, f"/c/{classroom.code}/en/rounds/{code}/", rounds.key_of(secret, code)))
    store.close()  # processes that part from this one open connections of their own
    return made


def _in_processes(work: Sequence[Callable[[Any], Any]]) -> list[Any]:
    """Do several things in a process each, which begin together as often as they wait for each other."""
    begin, results = _FORK.Barrier(len(work)), _FORK.SimpleQueue()
    started = [_FORK.Process(target=_tell, args=(one, begin, results)) for one in work]
    for process in started:
        process.start()
    done = [results.get() for _ in work]
    for process in started:
        process.join()
    return done


def _tell(work: Callable[[Any], Any], begin: Any, results: Any) -> None:
    results.put(work(begin))


def _teach(port: int, led: Led, pupils: int, questions: int, begin: Any) -> Seen:
    """Lead a class through its round: all open the question, then all press at the same moment."""
    seen = Seen()
    devices = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(pupils)]
    board = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    steps = ["0", *(step for number in range(1, questions + 1) for step in (str(number), f"{number}r"))]
    _ask(board, f"{led.address}board/", {"key": led.key, "step": steps.pop(0)})
    for question in range(1, questions + 1):
        tokens = _at_once([partial(_open, one, led, seen) for one in devices])
        begin.wait(120)
        start = time.perf_counter()
        _at_once(
            [
                partial(_answer, one, led, question, token, at % 3, seen)
                for at, (one, token) in enumerate(zip(devices, tokens, strict=True))
            ]
        )
        seen.pressed.append((start, time.perf_counter()))
        begin.wait(120)
        for _ in range(2):
            _ask(board, f"{led.address}board/", {"key": led.key, "step": steps.pop(0)})
    return seen


def _open(device: http.client.HTTPConnection, led: Led, seen: Seen) -> str:
    before = time.perf_counter()
    page = _ask(device, led.address)
    seen.opened.append(time.perf_counter() - before)
    token = re.search(r'name="token" value="([^"]+)"', page)
    if not token:
        seen.faults.append(f"no form came: {page[:300]}")
    return token[1] if token else ""


def _answer(device: http.client.HTTPConnection, led: Led, question: int, token: str, choice: int, seen: Seen) -> None:
    before = time.perf_counter()
    page = _ask(device, led.address, {"token": token, "question": str(question), "choice": str(choice)})
    seen.answered.append(time.perf_counter() - before)
    if _COUNTED not in page:
        seen.faults.append(f"an answer was not counted: {page[:300]}")


def _ask(connection: http.client.HTTPConnection, path: str, data: dict[str, str] | None = None) -> str:
    for is_last in (False, True):
        try:
            connection.request("POST" if data else "GET", path, urlencode(data) if data else None, _FORM)
            return connection.getresponse().read().decode()
        except (OSError, http.client.HTTPException) as error:
            connection.close()  # a browser, too, opens another one where the server has closed one that was idle
            if is_last or not isinstance(error, http.client.RemoteDisconnected):
                return f"no answer: {error!r}"
    return ""


def _at_once(work: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do several things in a thread each, all from the same moment on."""
    together = threading.Barrier(len(work))
    done: list[Any] = [None] * len(work)

    def press(at: int) -> None:
        together.wait()
        done[at] = work[at]()

    threads = [threading.Thread(target=press, args=(at,)) for at in range(len(work))]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return done


def _miscounted(store: Store, led: Sequence[Led], pupils: int, questions: int) -> list[str]:
    """Give the counters that are not what was pressed."""
    chosen = {-1: pupils, **{option: len(range(option, pupils, 3)) for option in range(3)}}
    wanted = {(question, option): many for question in range(1, questions + 1) for option, many in chosen.items()}
    wrong = []
    with store.reading() as session:
        for one in led:
            listed = session.query(Tally).join(Round, Round.id == Tally.round_id).where(Round.code == one.code)
            found = {(tally.question, tally.option): tally.count for tally in listed}
            wrong += [
                f"{one.code}: question and option {at} have {found.get(at)}, not {many}"
                for at, many in wanted.items()
                if found.get(at, 0) != many
            ]
    return wrong


def _count_directly(store: Store, options: argparse.Namespace) -> float:
    """Give how many answers a second several processes count when no page is made of them."""
    led = _begin(store, options.classes)
    with store.writing() as session:
        for one in session.query(Round):
            one.question = 1
    with store.reading() as session:
        found = list(session.query(Round).where(Round.code.in_([one.code for one in led])))
    store.close()
    many = options.workers * 500 // len(found) * len(found)
    work = [(one, rounds.new_token(one)) for one in found for _ in range(many // len(found))]
    secrets.SystemRandom().shuffle(work)
    parts = [work[at :: options.workers] for at in range(options.workers)]
    spent = _in_processes([partial(_count_part, store, part) for part in parts])
    if sum(counted for _, _, counted in spent) != many:
        raise RuntimeError("not every answer was counted")
    first, last = min(start for start, _, _ in spent), max(end for _, end, _ in spent)
    return float(many / (last - first))


def _count_part(store: Store, part: Sequence[tuple[Round, str]], begin: Any) -> tuple[float, float, int]:
    """Count answers in several threads; give when that began and ended, and how many stand counted."""

    def count(some: Sequence[tuple[Round, str]]) -> int:
        return sum(rounds.count(store, one, 1, (0,), token) for one, token in some)

    begin.wait(60)
    start = time.perf_counter()
    done = _at_once([partial(count, part[thread::_THREADS]) for thread in range(_THREADS)])
    end = time.perf_counter()
    store.close()
    return start, end, sum(one or 0 for one in done)


if __name__ == "__main__":
    sys.exit(main())
