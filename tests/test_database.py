"""What a site keeps: made, brought up to date, backed up and restored, on SQLite and on PostgreSQL alike."""

import gzip
import json
import os
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from classes import MakeClass, rows
from click.testing import CliRunner, Result
from conftest import Databases
from flask import Flask
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.exc import IntegrityError

from portal.classrooms import homepages, limits, rounds
from portal.classrooms.models import Attempt, Classroom, Round, Tally, Token
from portal.cli import main
from portal.database import archive, schema
from portal.database.archive import ArchiveError, backup, restore
from portal.database.model import Model
from portal.database.store import Store, StoreError
from portal.settings import ROOT
from portal.wsgi import application

TABLES = {"alembic_version", "attempts", "classrooms", "rounds", "tallies", "tokens"}
WISH = homepages.Wish("Class 6b", ("en", "ar"), "12-14", "BA", ("/quizzes/passwords/",), ("Ms Hadžić 😀", "السيدة"))


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run a command of the portal on a database."""

    def run(store: Store | str, *arguments: str | Path) -> Result:
        monkeypatch.setenv("PORTAL_DATABASE_URL", store if isinstance(store, str) else address(store))
        return CliRunner().invoke(main, list(map(str, arguments)))

    return run


def address(store: Store) -> str:
    return store.name.replace("postgresql+psycopg", "postgresql")


def tables(store: Store) -> set[str]:
    return set(inspect(store.engine).get_table_names())


def fill(store: Store, classes: int = 3) -> None:
    """Make classes with rounds, answers and counted attempts."""
    day = date(2026, 11, 28)
    for _ in range(classes):
        secret = homepages.make(store, WISH, day)
        with store.reading() as session:
            school = homepages.by_secret(session, secret)
        assert school
        for by_hands in (False, True):
            code = rounds.start(store, school, secret, "/quizzes/passwords/", by_hands, day)
        with store.writing() as session:
            played = rounds.by_code(session, code, day)
            assert played
            assert rounds.move(session, played, rounds.State(0, False, 6), rounds.State(1, False, 6))
            rounds.add_hands(session, played, [7, 0, 5])
        with store.reading() as session:
            played = rounds.by_code(session, code, day)
            assert played
            token = rounds.new_token(played)
        assert rounds.count(store, played, 1, (0,), token)
        with store.writing() as session:
            limits.note(session, limits.WRONG_CODES, "203.0.113.1")


def held(store: Store, *without: str) -> dict[str, list[Any]]:
    """Give all rows of all tables."""
    found = MetaData()
    with store.engine.connect() as connection:
        found.reflect(connection)
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in found.sorted_tables
            if table.name not in without
        }


# --- Tables and their versions -----------------------------------------------------------------------------------


def test_upgrade_makes_the_tables_and_may_be_run_again(databases: Databases, portal: Callable[..., Result]) -> None:
    store = databases.empty()
    for _ in range(2):
        done = portal(store, "upgrade")
        assert (done.exit_code, done.output) == (0, f"{store.name} is up to date (version {schema.newest()})\n")
        assert tables(store) == TABLES
    fill(store)
    before = held(store)
    assert portal(store, "upgrade").exit_code == 0
    assert held(store) == before


def test_models_and_migrations_agree(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Model.metadata) == []


def test_two_upgrades_at_once_wait_for_each_other(databases: Databases) -> None:
    store = databases.empty()
    environ = {**os.environ, "PORTAL_DATABASE_URL": address(store), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "portal", "upgrade"]
    both = [subprocess.Popen(command, env=environ, stdout=-1, stderr=-1, text=True) for _ in range(2)]
    ended = [(one.communicate(timeout=60), one.returncode) for one in both]
    assert [code for _, code in ended] == [0, 0], ended
    assert tables(store) == TABLES


def newer(store: Store) -> None:
    with store.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_a_database_of_a_newer_portal_is_left_alone(store: Store, portal: Callable[..., Result]) -> None:
    fill(store, 1)
    newer(store)
    before = held(store)
    for command in (["upgrade"], ["cleanup"], ["run", "--port", "1"]):
        refused = portal(store, *command)
        assert refused.exit_code == 1, refused.output
        last = refused.output.strip().splitlines()[-1]
        assert store.name in last
        assert "another version of the portal" in last or "not up to date" in last
    assert held(store) == before


def test_the_embedded_database_is_brought_up_to_date_by_itself_another_one_must_be(databases: Databases) -> None:
    store = databases.empty()
    if store.is_embedded:
        schema.prepare(store)
        assert tables(store) == TABLES
        return
    with pytest.raises(StoreError, match="not up to date; run: portal upgrade"):
        schema.prepare(store)
    assert tables(store) == set()
    schema.upgrade(store)
    schema.prepare(store)


def test_the_server_does_not_start_on_a_database_that_is_not_up_to_date(
    databases: Databases, portal: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = databases.empty()
    monkeypatch.setenv("PORTAL_DATABASE_URL", address(store))
    if store.is_embedded:
        app = application()
        assert app.test_client().get("/en/rounds/333333/").status_code == 404
        assert tables(store) == TABLES
        app.extensions["store"].close()
        return
    with pytest.raises(StoreError, match="run: portal upgrade"):
        application()
    refused = portal(store, "run", "--port", "1")
    assert refused.exit_code == 1
    assert "run: portal upgrade" in refused.output


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "is no address of a database"),
        ("", "is no address of a database"),
        ("postgresql://name:secret@host:port/portal", "is no address of a database"),
        ("mysql://host/portal", "works with sqlite and postgresql, not with mysql"),
        ("oracle://host/portal", "works with sqlite and postgresql"),
    ],
)
def test_a_wrong_address_is_named_without_its_password(url: str, reason: str) -> None:
    with pytest.raises(StoreError, match=reason) as refused:
        Store(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_none_to_keep_anything_in(url: str) -> None:
    with pytest.raises(StoreError, match="name a file"):
        schema.prepare(Store(url))


def test_a_wrong_address_in_the_settings_is_told_before_anything_starts(portal: Callable[..., Result]) -> None:
    for url in ("mysql://host/portal", "portal.db", "sqlite://", "postgresql://h:x/p"):
        refused = portal(url, "upgrade")
        assert refused.exit_code == 1, url
        assert "Traceback" not in refused.output
        assert refused.exception is None or isinstance(refused.exception, SystemExit)


def test_a_server_that_is_not_there_is_named_without_its_password(portal: Callable[..., Result]) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"postgresql://portal:secret@127.0.0.1:{nobody.getsockname()[1]}/portal"
        for command in (["upgrade"], ["cleanup"], ["run", "--port", "1"], ["backup", "/nowhere/file"]):
            refused = portal(url, *command)
            assert refused.exit_code == 1
            assert "can't be used" in refused.output
            assert "127.0.0.1" in refused.output
            assert "secret" not in refused.output
            assert refused.output.count("\n") <= 3


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, portal: Callable[..., Result]) -> None:
    (tmp_path / "file").write_text("no folder")
    refused = portal(f"sqlite:///{tmp_path}/file/below/portal.db", "upgrade")
    assert refused.exit_code == 1
    assert f"{tmp_path}/file/below can't be made" in refused.output


def test_a_file_that_is_no_database_is_named(tmp_path: Path, portal: Callable[..., Result]) -> None:
    (tmp_path / "portal.db").write_text("This is a letter and no database, of some length. " * 40)
    refused = portal(f"sqlite:///{tmp_path}/portal.db", "upgrade")
    assert refused.exit_code == 1
    assert f"{tmp_path}/portal.db can't be used: file is not a database" in refused.output


def test_the_folder_of_a_new_database_is_for_its_owner_alone(tmp_path: Path) -> None:
    schema.prepare(Store(f"sqlite:///{tmp_path}/new/portal.db"))
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_an_error_of_the_database_says_nothing_of_what_was_written(store: Store) -> None:
    day = date(2026, 11, 28)
    row = {
        "code": "x",
        "secret": b"1",
        "languages": [],
        "age": "",
        "country": "",
        "items": [],
        "people": [],
        "used": day,
    }

    def write() -> None:
        with store.writing() as session:
            session.add_all(Classroom(name="Amina", **row) for _ in range(2))

    with pytest.raises(IntegrityError) as refused:
        write()
    assert "Amina" not in str(refused.value)


# --- Backup and restore ------------------------------------------------------------------------------------------


@pytest.fixture
def saved(store: Store, tmp_path: Path) -> Path:
    """A backup of a database with three classes."""
    fill(store)
    backup(store, tmp_path / "backup")
    return tmp_path / "backup"


def lines(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode().splitlines(keepends=True)


def rewritten(path: Path, *changed: str) -> Path:
    """Write a backup with other lines."""
    path.with_name("other").write_bytes(gzip.compress("".join(changed).encode()))
    return path.with_name("other")


def test_a_backup_is_restored_into_a_new_database(
    store: Store, databases: Databases, portal: Callable[..., Result], tmp_path: Path
) -> None:
    fill(store)
    count = len([row for name, kept in held(store, *archive._FLEETING).items() for row in kept])
    done = portal(store, "backup", tmp_path / "backup")
    assert (done.exit_code, done.output) == (0, f"{count} rows are in {tmp_path}/backup\n")
    other = databases.empty()
    done = portal(other, "restore", tmp_path / "backup")
    assert (done.exit_code, done.output) == (0, f"{count} rows are back in {other.name}\n")
    assert held(other, "tokens", "attempts") == held(store, "tokens", "attempts")
    fill(other, 1)  # new rows get numbers of their own
    assert rows(other, Classroom) == 4


def test_a_backup_goes_from_one_kind_of_database_to_the_other_and_back(
    saved: Path, store: Store, databases: Databases, tmp_path: Path
) -> None:
    if databases.kind != "postgresql":
        pytest.skip("from PostgreSQL to SQLite and back; the way there is the same")
    for number in range(2):
        embedded, server = Store(f"sqlite:///{tmp_path}/{number}.db"), databases.empty()
        restore(embedded, saved)
        backup(embedded, tmp_path / f"embedded{number}")
        restore(server, tmp_path / f"embedded{number}")
        assert held(server, "tokens", "attempts") == held(store, "tokens", "attempts")
        assert lines(tmp_path / f"embedded{number}") == lines(saved)
        embedded.close()


def test_a_backup_holds_no_tokens_and_no_attempts_and_is_for_its_owner_alone(saved: Path, store: Store) -> None:
    assert rows(store, Token) == rows(store, Attempt) + 2 == 3
    assert {json.loads(line)[0] for line in lines(saved)[1:]} == {"classrooms", "rounds", "tallies"}
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    assert [path.name for path in saved.parent.iterdir() if path.name.startswith("backup")] == ["backup"]


def test_what_a_cut_off_backup_left_does_not_make_the_next_one_readable_for_all(store: Store, tmp_path: Path) -> None:
    (tmp_path / "backup.part").write_text("left")
    (tmp_path / "backup.part").chmod(0o644)
    backup(store, tmp_path / "backup")
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_replaced(saved: Path, store: Store, portal: Callable[..., Result]) -> None:
    before = saved.read_bytes()
    refused = portal(store, "backup", saved)
    assert (refused.exit_code, refused.output) == (1, f"Error: {saved} is there already; name a new file\n")
    assert saved.read_bytes() == before
    missing = saved.parent / "none" / "backup"
    refused = portal(store, "backup", missing)
    assert (refused.exit_code, refused.output) == (1, f"Error: {missing} can't be written: No such file or directory\n")


def test_a_database_without_tables_has_nothing_to_back_up(
    databases: Databases, portal: Callable[..., Result], tmp_path: Path
) -> None:
    refused = portal(databases.empty(), "backup", tmp_path / "backup")
    assert refused.exit_code == 1
    assert "no tables yet" in refused.output
    assert not (tmp_path / "backup").exists()


def test_a_filled_database_is_replaced_only_when_asked(
    saved: Path, databases: Databases, portal: Callable[..., Result]
) -> None:
    other = databases.upgraded()
    fill(other, 1)
    before = held(other)
    refused = portal(other, "restore", saved)
    assert refused.exit_code == 1
    assert "the database holds classrooms, rounds, tallies already; --replace removes them first" in refused.output
    assert held(other) == before
    assert portal(other, "restore", "--replace", saved).exit_code == 0
    assert rows(other, Classroom) == 3
    assert rows(other, Token) == 0


def damaged(name: str, path: Path) -> tuple[Path, int]:
    """Give a backup that is damaged in some way, and the line that is to be named."""
    whole = lines(path)
    head, first = json.loads(whole[0]), json.loads(whole[1])
    name_, values = first

    def with_(**changed: Any) -> str:
        return json.dumps([name_, {**values, **changed}]) + "\n"

    packed = path.read_bytes()
    other = path.with_name("other")
    if name == "cut off":
        other.write_bytes(packed[: len(packed) // 2])
        return other, 0
    if name == "a letter":
        other.write_bytes(b"Dear Sir or Madam")
        return other, 1
    if name == "nothing":
        other.write_bytes(b"")
        return other, 1
    if name == "a flipped bit":
        other.write_bytes(packed[:200] + bytes([packed[200] ^ 0x55]) + packed[201:])
        return other, 0
    if name == "no text":
        other.write_bytes(gzip.compress(b"\xff\xfe\x00"))
        return other, 1
    changed = {
        "another zip": (["{}\n"], 1),
        "a list": (["[1]\n"], 1),
        "too deep": (["[" * 100_000 + "\n"], 1),
        "a newer form": ([json.dumps({**head, "form": "portal backup 2"}) + "\n", *whole[1:]], 1),
        "newer tables": ([json.dumps({**head, "version": "9999"}) + "\n", *whole[1:]], 1),
        "half a line": ([*whole[:3], whole[3][:40] + "\n"], 4),
        "no row": ([*whole[:2], "7\n"], 3),
        "too deep a row": ([*whole[:2], "[" * 100_000 + "\n"], 3),
        "another table": ([*whole[:2], '["tokens", {}]\n'], 3),
        "a table of the database's own": ([*whole[:2], '["alembic_version", {"version_num": "1"}]\n'], 3),
        "a column more": ([whole[0], with_(more=1)], 2),
        "a column less": ([whole[0], json.dumps([name_, {"id": 1}]) + "\n"], 2),
        "no number": ([whole[0], with_(id="one")], 2),
        "a large number": ([whole[0], with_(id=10**30)], 2),
        "a truth for a number": ([whole[0], with_(id=True)], 2),
        "a number for a text": ([whole[0], with_(name=7)], 2),
        "a long text": ([whole[0], with_(name="x" * 61)], 2),
        "no day": ([whole[0], with_(used="yesterday")], 2),
        "no bytes": ([whole[0], with_(secret="%")], 2),
        "no list": ([whole[0], with_(people=None)], 2),
        "nothing in it": ([whole[0], with_(name=None)], 2),
        "twice the same": ([*whole, whole[-1]], 0),
        "a row without its class": ([whole[0], *(line for line in whole if line.startswith('["rounds"'))], 0),
    }[name]
    return rewritten(path, *changed[0]), changed[1]


DAMAGES = [
    "cut off", "a letter", "nothing", "a flipped bit", "no text", "another zip", "a list", "too deep", "a newer form",
    "newer tables", "half a line", "no row", "too deep a row", "another table", "a table of the database's own",
    "a column more", "a column less", "no number", "a large number", "a truth for a number", "a number for a text",
    "a long text", "no day", "no bytes", "no list", "nothing in it", "twice the same", "a row without its class",
]  # fmt: skip


def test_a_damaged_file_changes_nothing_and_is_named_with_its_line(
    saved: Path, store: Store, databases: Databases, portal: Callable[..., Result]
) -> None:
    before = held(store)
    for name in DAMAGES:
        path, line = damaged(name, saved)
        with pytest.raises(ArchiveError) as refused:
            restore(store, path, replace=True)
        assert str(refused.value).startswith(f"{path}:{line}: " if line else str(path)), (name, str(refused.value))
        assert "\n" not in str(refused.value), name
    assert held(store) == before
    new = databases.empty()
    for name in ("cut off", "newer tables", "twice the same"):
        with pytest.raises(ArchiveError):
            restore(new, damaged(name, saved)[0])
        assert not any(held(new, "alembic_version").values()), name
    refused_ = portal(store, "restore", "--replace", saved.with_name("other"))
    assert refused_.exit_code == 1
    assert str(saved.with_name("other")) in refused_.output


def test_a_backup_of_a_running_site_is_one_state_of_it(store: Store, databases: Databases, tmp_path: Path) -> None:
    """Each answer grows two counters at once: in a backup they are equal, and so are those of all rounds together."""
    day, secret = date(2026, 11, 28), homepages.make(store, WISH, date(2026, 11, 28))
    with store.reading() as session:
        school = homepages.by_secret(session, secret)
    assert school
    codes = [rounds.start(store, school, secret, "/quizzes/passwords/", False, day) for _ in range(4)]
    with store.writing() as session:
        session.execute(text("UPDATE rounds SET question = 1"))
    stop = threading.Event()

    def answer(code: str) -> None:
        while not stop.is_set():
            with store.reading() as session:
                played = rounds.by_code(session, code, day)
                assert played
            rounds.count(store, played, 1, (0,), rounds.new_token(played))

    pupils = [threading.Thread(target=answer, args=(code,)) for code in codes]
    for one in pupils:
        one.start()
    try:
        for number in range(5):
            time.sleep(0.05)
            backup(store, tmp_path / f"backup{number}")
    finally:
        stop.set()
        for one in pupils:
            one.join()
    for number in range(5):
        other = databases.upgraded()
        restore(other, tmp_path / f"backup{number}")
        with other.reading() as session:
            counts = {(one.round_id, one.option): one.count for one in session.scalars(select(Tally))}
        assert {(one, -1): counts.get((one, 0), 0) for one, option in counts if option == 0} == {
            key: many for key, many in counts.items() if key[1] == -1
        }
    assert counts


# --- What is removed ---------------------------------------------------------------------------------------------


@contextmanager
def another_connection(store: Store) -> Iterator[None]:
    """Hold a connection open that has read, as each process of a server does."""
    other = Store(address(store))
    with other.reading() as session:
        session.execute(select(Classroom)).all()
    yield
    other.close()


def on_disk(store: Store, postgresql: Path | None) -> bytes:
    """Give all bytes of a database's files."""
    if store.is_embedded:
        assert store.path
        return b"".join(path.read_bytes() for path in sorted(store.path.parent.glob(f"{store.path.name}*")))
    assert postgresql
    with psycopg.connect(address(store), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (number,) = (
            connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or ()
        )
    return b"".join(path.read_bytes() for path in sorted((postgresql / "base" / str(number)).iterdir()))


@pytest.fixture
def server_files(databases: Databases, request: pytest.FixtureRequest) -> Path | None:
    return None if databases.kind == "sqlite" else request.getfixturevalue("postgresql")[1]


def test_what_was_removed_is_in_no_file_of_the_database_any_more(
    app: Flask, classroom: MakeClass, store: Store, server_files: Path | None
) -> None:
    """Also while other processes hold connections, and where a neighbour's row stays on the same page."""
    staying = classroom(name="Stays-with-us")
    gone = classroom(name="Gone-for-good", **{"people-0": "Mister-Vanished"})
    lead = gone.start()
    traces = [b"Gone-for-good", b"Mister-Vanished", gone.code.encode(), lead.code.encode()]
    with another_connection(store):
        before = on_disk(store, server_files)
        assert [trace for trace in traces if trace not in before] == []
        assert gone.post(f"{gone.private}remove/", {}).status_code == 200
        after = on_disk(store, server_files)
    assert [trace for trace in traces if trace in after] == []
    assert b"Stays-with-us" in after
    assert staying.get(f"{staying.root}/en/").status_code == 200


def test_what_was_changed_and_rounds_that_were_deleted_are_gone_from_the_files_too(
    classroom: MakeClass, store: Store, server_files: Path | None
) -> None:
    school = classroom(**{"people-0": "Mister-Vanished"})
    lead = school.start().to(1)
    lead.answer(0)
    assert school.post(f"{school.private}rounds/{lead.code}/remove/", {}).status_code == 303
    assert lead.code.encode() not in on_disk(store, server_files)


def test_cleanup_removes_what_is_due_from_the_files_too(
    classroom: MakeClass, store: Store, server_files: Path | None, portal: Callable[..., Result]
) -> None:
    old, used = classroom(name="Gone-for-good"), classroom(name="Stays-with-us")
    old_round, lead = used.start(), used.start()
    old.grow_older(400)
    with store.writing() as session:
        session.execute(text("UPDATE rounds SET started = '2026-01-01' WHERE code = :code"), {"code": old_round.code})
        limits.note(session, limits.WRONG_CODES, "203.0.113.1")
        session.execute(text('UPDATE attempts SET "window" = 1'))
    done = portal(store, "cleanup")
    assert (done.exit_code, done.output) == (0, "removed: 1 homepages, 1 rounds\n")
    files = on_disk(store, server_files)
    assert [one for one in (b"Gone-for-good", old.code.encode(), old_round.code.encode()) if one in files] == []
    assert [rows(store, kind) for kind in (Classroom, Round, Attempt)] == [1, 1, 0]
    assert lead.state() == "0"
    assert portal(store, "cleanup").output == "removed: 0 homepages, 0 rounds\n"


def test_removing_does_not_wait_for_a_long_reader(classroom: MakeClass, store: Store, databases: Databases) -> None:
    """A backup may read for a while: whoever removes a class meanwhile is answered, and what is left goes later."""
    school, other = classroom(name="Gone-for-good"), classroom()
    with store.engine.connect() as reader:
        reader.execute(select(Classroom)).all()
        began = time.monotonic()
        assert school.post(f"{school.private}remove/", {}).status_code == 200
        assert time.monotonic() - began < 8
        assert other.get(f"{other.root}/en/").status_code == 200
    assert school.get(school.private).status_code == 404
