"""What tests share: the site as it ships, its pages rendered once, a browser, and small sites of a test's own."""

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import hypothesis
import psycopg
import pytest
from classes import Class, MakeClass
from cluster import MissingError, cluster
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from portal.app import create_app
from portal.content.head import PRACTICE, READERS
from portal.content.library import read_library
from portal.database import schema
from portal.database.store import Store
from portal.settings import ROOT, Settings

# A busy machine is no fault of the code: timings are measured in benchmarks/.
hypothesis.settings.register_profile("portal", deadline=None)
hypothesis.settings.load_profile("portal")

# The shell is Chromium without windows: Debian has it as a package of its own, and it is three times as fast.
_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, _BROWSERS)), None)


@pytest.fixture(scope="session")
def settings() -> Settings:
    """The settings as they ship."""
    return Settings()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """The site as it ships."""
    return create_app(settings)


@pytest.fixture(scope="session")
def client(app: Flask) -> FlaskClient:
    """A visitor without cookies."""
    return app.test_client(use_cookies=False)


@pytest.fixture(scope="session")
def visit(client: FlaskClient) -> Callable[..., TestResponse]:
    """Open an address; each page is rendered once for all tests."""
    seen: dict[str, TestResponse] = {}

    def open_address(address: str, **headers: str) -> TestResponse:
        if headers:
            return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
        if address not in seen:
            seen[address] = client.get(address)
        return seen[address]

    return open_address


@pytest.fixture(scope="session")
def addresses(app: Flask, client: FlaskClient, settings: Settings) -> list[str]:
    """Every address of every language: the sitemap's, help of every country, first aid, and forms for classes."""
    listed = client.get("/sitemap.xml").get_data(as_text=True)
    pages = [part.split("</loc>")[0].removeprefix(settings.address) for part in listed.split("<loc>")[1:]]
    countries = sorted(path.stem for path in (settings.content / "helplines").glob("??.yaml"))
    aids = [document for document in read_library(settings.content).documents if document.head.kind == "aid"]
    steps = [
        f"now/{aid.head.order}/{section.id}/"
        for aid in aids
        for section in aid.render("en", lambda code, message: None, {}).sections
        if section.id in READERS
    ]
    help_pages = [f"{country}/" for country in countries] + [
        "now/",
        "be/now/",
        "be/now/1/",
        "questions/",
        "say/",
        *steps,
    ]
    return [
        *pages,
        *(f"/{code}/help/{rest}" for code in settings.languages for rest in help_pages),
        *(f"{page}{rest}" for page in pages for rest in _beside(page)),
        *(f"/{code}/{rest}" for code in settings.languages for rest in ("classrooms/new/", "rounds/")),
    ]


def _beside(page: str) -> Iterable[str]:
    """Give the pages that belong to a list of what is played, to a quiz, story or trail, or to a lesson."""
    kinds, *slug = page.strip("/").split("/")[1:] or [""]
    if kinds == "lessons" and slug:
        return ("20/", "45/", "60/", "20/present/", "60/present/", "cards/")
    if kinds not in PRACTICE.values():
        return ()
    if not slug:
        return ("for/9-11/", "for/15-18/") if kinds == "quizzes" else ()
    return ("teach/", "certificate/", *(("worksheet/", "answers/") if kinds == "quizzes" else ()))


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """Settings of a site of the test's own: copies of the shipped folders, in three languages, free to be changed."""
    for name in ("content", "translations"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return replace(
        Settings(), content=tmp_path / "content", translations=tmp_path / "translations", languages=("en", "fr", "ar")
    )


@contextmanager
def served(app: Callable[..., Iterable[bytes]]) -> Iterator[str]:
    """Serve an application on a free port for as long as the block runs; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_QuietHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()


class _QuietHandler(WSGIRequestHandler):
    def log(self, *args: object) -> None:
        """Keep requests out of the log, where they would hide what a failing test has to say."""


@pytest.fixture(scope="session")
def elsewhere() -> Iterator[str]:
    """The address of another site, which the quick exit leads to in browser tests."""
    with served(Response("<!doctype html><title>elsewhere</title><h1>elsewhere</h1>", mimetype="text/html")) as address:
        yield f"{address}/weather"


@pytest.fixture(scope="session")
def live(settings: Settings, elsewhere: str) -> Iterator[str]:
    """The address of the site, served for a browser."""
    with served(create_app(replace(settings, leave=elsewhere))) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium, where the machine has it."""
    if not CHROMIUM:
        message = "no Chromium on this machine: install it with `sudo apt-get install chromium`"
        if os.environ.get("PORTAL_REQUIRE_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*flags, "--disable-sync", "--no-first-run"]
        )
        yield chromium
        chromium.close()


class Databases:
    """Databases of one kind, new and empty or with the tables of this version, each of a test's own."""

    def __init__(self, kind: str, home: str | Path) -> None:
        self.kind, self._home = kind, home
        self._numbers = count(1)
        self._opened: list[Store] = []
        self._again: Store | None = None
        self._model = self.empty()
        schema.upgrade(self._model)
        self._model.close()

    def empty(self) -> Store:
        """Give a database without tables."""
        return self._new("")

    def upgraded(self) -> Store:
        """Give a database with empty tables: a copy, which is faster than making them."""
        return self._new(self._model.name.rpartition("/")[2])

    def emptied(self) -> Store:
        """Give a database with empty tables; PostgreSQL's, slow to make, is the same one again."""
        if self.kind == "sqlite":
            return self.upgraded()
        self._again = self._again or self.upgraded()
        with self._again.writing() as session:
            session.execute(text("TRUNCATE attempts, classrooms, rounds, tallies, tokens RESTART IDENTITY"))
            session.execute(text("UPDATE alembic_version SET version_num = :newest"), {"newest": schema.newest()})
        return self._again

    def _new(self, model: str) -> Store:
        name = f"test{next(self._numbers)}"
        if self.kind == "sqlite":
            if model:
                shutil.copyfile(Path(self._home, model), Path(self._home, f"{name}.db"))
            store = Store(f"sqlite:///{self._home}/{name}.db")
        else:
            with psycopg.connect(f"{self._home}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE {model or 'template0'}".encode())
            store = Store(f"{self._home}/{name}")
        self._opened.append(store)
        return store

    def close(self) -> None:
        for store in self._opened:
            store.close()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[tuple[str, Path]]:
    """A PostgreSQL for the tests alone, where the machine has one: its URL without a database, its data folder."""
    try:
        started = cluster()
        running = started.__enter__()
    except MissingError as error:
        message = f"no PostgreSQL on this machine: {error}"
        if os.environ.get("PORTAL_REQUIRE_POSTGRESQL") == "1":
            pytest.fail(message)
        pytest.skip(message)
    yield running
    started.__exit__(None, None, None)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """New databases, first SQLite's, then PostgreSQL's: what uses them is tested on both."""
    sqlite = request.param == "sqlite"
    made = Databases(
        request.param,
        tmp_path_factory.mktemp("databases") if sqlite else request.getfixturevalue("postgresql")[0],
    )
    yield made
    made.close()


@pytest.fixture
def store(databases: Databases) -> Iterator[Store]:
    """A database of the test's own, up to date and empty."""
    made = databases.emptied()
    yield made
    made.close()


@pytest.fixture
def classroom(app: Flask, store: Store) -> Iterator[MakeClass]:
    """Make a class in a database of the test's own, which the site uses for as long as the test runs."""
    usual = app.extensions["store"]
    app.extensions["store"] = store
    yield lambda **changed: Class(app, store, **changed)
    app.extensions["store"] = usual
