"""The database of a site: where it is, and the two ways to use it, for reading and for writing."""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # not on this system: SQLite's own way to wait is left
    fcntl = None  # type: ignore[assignment]

from sqlalchemy import Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

# Seconds that a writer waits for the others. SQLite lets one write at a time; each takes about a millisecond.
_PATIENCE = 20
# Milliseconds that taking deleted rows out of the files waits for who reads: others wait for it meanwhile.
_BRIEFLY = 500
# Seconds that a process waits for a server to answer at all.
_REACHED = 10
# Connections a process keeps: one for each request that it works on at a time (see portal.serve).
_CONNECTIONS = 8

_PASSWORD = re.compile(r"//[^/]*@")


class StoreError(Exception):
    """A database that can't be used; the text says which, why, and what to do."""


class Store:
    """A database at a URL such as "sqlite:////var/lib/portal.db" or "postgresql://name:password@host/portal".

    Connections are opened by the process that uses them: a server may fork after this was made. Raises StoreError where
    the URL is none of a database that the portal works with.
    """

    def __init__(self, url: str) -> None:
        try:
            self._url = make_url(url)
        except (ArgumentError, ValueError) as error:
            shown = _PASSWORD.sub("//…@", url)
            raise StoreError(
                f"{shown!r} is no address of a database; write sqlite:////path or postgresql://…"
            ) from error
        kind = self._url.get_backend_name()
        if kind not in ("sqlite", "postgresql"):
            raise StoreError(f"the portal works with sqlite and postgresql, not with {kind}")
        if kind == "postgresql":
            self._url = self._url.set(drivername="postgresql+psycopg")
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._engines: dict[int, Engine] = {}

    @property
    def is_embedded(self) -> bool:
        """Tell whether the database is a file of the portal's own."""
        return self._url.get_backend_name() == "sqlite"

    @property
    def name(self) -> str:
        """Give the URL with the password hidden, for messages."""
        return self._url.render_as_string()

    @property
    def path(self) -> Path | None:
        """Give the file of an embedded database; None for a server's."""
        return Path(self._url.database) if self.is_embedded and self._url.database else None

    @property
    def engine(self) -> Engine:
        """Give this process's engine. Raises StoreError where the folder of an embedded database can't be made."""
        engine = self._engines.get(os.getpid())
        if engine is None:
            with self._lock:
                engine = self._engines.setdefault(os.getpid(), self._engines.get(os.getpid()) or self._open())
        return engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one state of the database and changes nothing."""
        with Session(self.engine) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session whose changes are kept together when the block ends, and none of them if it fails.

        On SQLite it takes its turn at once: a transaction that begins with reading and writes later would be refused.
        """
        engine = self.engine.execution_options(writing=True)
        with self.turn(), Session(engine) as session, session.begin():
            yield session

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until it is this thread's turn to write, if the database is embedded; a thread that has it, has it.

        SQLite lets one write at a time, and lets the others try again and again, whoever is luckier first: of thirty
        that write all the time, some get no turn within any patience. The system's lock on a file beside the database
        lets threads of all processes in by the order in which they came, and opens when its process is killed.
        """
        if not fcntl or not self.path or getattr(self._mine, "turn", False):
            yield
            return
        _ = self.engine  # which makes the folder
        lock = os.open(f"{self.path}-turn", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self._mine.turn = True
            yield
        finally:
            self._mine.turn = False
            os.close(lock)

    def close(self) -> None:
        """Close this process's connections."""
        engine = self._engines.pop(os.getpid(), None)
        if engine:
            engine.dispose()

    def wipe(self) -> None:
        """Take what was deleted out of the files, where the database does not do so by itself.

        SQLite overwrites what is deleted (secure_delete); older copies of pages stand in its log until that is emptied.
        PostgreSQL leaves deleted rows where they were, even when it is told to reuse their place: tables are written
        anew. Both wait for whoever reads, but only a moment, since others wait for them: what could not be done
        because of a backup under way is done the next time.
        """
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if self.is_embedded:
                connection.execute(text(f"PRAGMA busy_timeout = {_BRIEFLY}"))
                with self.turn():
                    connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
                connection.execute(text(f"PRAGMA busy_timeout = {_PATIENCE * 1000}"))
                return
            connection.execute(text(f"SET lock_timeout = {_BRIEFLY}"))
            for table in inspect(connection).get_table_names():
                with suppress(OperationalError):
                    connection.execute(text(f'VACUUM FULL "{table}"'))
            connection.execute(text("RESET lock_timeout"))

    def _open(self) -> Engine:
        # Errors are logged without the values of the statement: no log holds an answer.
        if not self.is_embedded:
            reached = {"connect_timeout": _REACHED}
            return create_engine(
                self._url, pool_size=_CONNECTIONS, pool_pre_ping=True, connect_args=reached, hide_parameters=True
            )
        if not self.path or self.path.name == ":memory:":
            raise StoreError("name a file for the database: sqlite:////path/to/portal.db")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{self.path.parent} can't be made: {error.strerror}") from error
        waiting = {"timeout": _PATIENCE}
        engine = create_engine(self._url, pool_size=_CONNECTIONS, connect_args=waiting, hide_parameters=True)
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin)
        return engine


def _prepare(connection: Any, _record: Any) -> None:
    """Set up an SQLite connection; transactions are begun by `_begin` and not by Python's driver."""
    connection.isolation_level = None
    for line in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {line}")


def _begin(connection: Any) -> None:
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")


def reason(error: SQLAlchemyError | OSError) -> str:
    """Give what a database said, on one line and without the statement."""
    return " ".join(str(getattr(error, "orig", None) or error).split())
