"""Backups: everything that a database keeps, as lines of JSON that any database of the portal can take in.

The file is gzip. Its first line names the form and the version of the tables; then comes a line for each row: the
table's name and the values. It is written from one state of a running database. What only has a meaning for minutes
(one-time tokens, counted attempts) is not in it.
"""

import gzip
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal.database import schema
from portal.database.store import Store, StoreError, reason

_FORM = "portal backup 1"

_FLEETING = ("tokens", "attempts", "alembic_version")

# Digits of a number that every database has room for.
_LONGEST_NUMBER = 9

# Rows that are put in with one statement.
_TOGETHER = 500


class ArchiveError(Exception):
    """A backup that can't be written or taken in; the text names file, line and reason."""


def backup(store: Store, path: Path) -> int:
    """Write a new file with everything that a database keeps; give the number of rows.

    Raises ArchiveError where the file is there already or can't be written, StoreError if the database can't be read.
    """
    part = path.with_name(f"{path.name}.part")
    rows = 0
    version = schema.version(store)
    if version is None:
        raise ArchiveError(f"{store.name} has no tables yet, so there is nothing to back up; run: portal upgrade")
    try:
        if path.exists():
            raise ArchiveError(f"{path} is there already; name a new file")
        part.unlink(missing_ok=True)  # left over from a backup that was cut off; a new file has its own permissions
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as raw, gzip.open(raw, "wt", encoding="utf-8", newline="\n") as out:
            out.write(json.dumps({"form": _FORM, "version": version}) + "\n")
            for rows, line in enumerate(_lines(store), 1):  # noqa: B007 - the last number is the count
                out.write(line)
        part.rename(path)
    except OSError as error:
        raise ArchiveError(f"{path} can't be written: {error.strerror}") from error
    except SQLAlchemyError as error:
        raise StoreError(f"{store.name} can't be read: {reason(error)}") from error
    finally:
        part.unlink(missing_ok=True)
    return rows


def restore(store: Store, path: Path, *, replace: bool = False) -> int:
    """Fill a database from a backup, and bring it up to date; give the number of rows.

    All of it is taken in, or nothing. Raises ArchiveError where the file can't be read or the database is not empty and
    `replace` is false, StoreError where the database can't be used.
    """
    with _opened(path) as lines:
        head = _head(path, next(lines, ""))
        if schema.version(store) is None:
            schema.upgrade(store, to=head)
        elif schema.version(store) != head:
            schema.upgrade(store)
        if schema.version(store) != head:
            raise ArchiveError(
                f"{path} is of version {head} of the tables, and the database of {schema.version(store)}: "
                "restore it into a new database, which is then brought up to date"
            )
        try:
            with store.turn(), store.engine.execution_options(writing=True).begin() as connection:
                rows = _take_in(connection, path, lines, replace)
        except SQLAlchemyError as error:
            raise ArchiveError(f"{path} can't be taken in: {reason(error)}") from error
    schema.upgrade(store)
    store.wipe()
    return rows


def _lines(store: Store) -> Iterator[str]:
    """Give each row as a line, all from one state of the database."""
    level = {} if store.is_embedded else {"isolation_level": "REPEATABLE READ"}
    with store.engine.connect().execution_options(**level) as connection:
        for table in _tables(connection):
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
                yield json.dumps([table.name, dict(row)], default=_packed, ensure_ascii=False) + "\n"


def _tables(connection: Connection) -> list[Table]:
    """Give the tables that are kept, those that others point to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in _FLEETING]


class _opened:
    """The lines of a backup; what is wrong with the file becomes an ArchiveError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Iterator[str]:
        try:
            self._file = gzip.open(self._path, "rt", encoding="utf-8")
        except OSError as error:
            raise ArchiveError(f"{self._path} can't be read: {error.strerror}") from error
        return self._read()

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def _read(self) -> Iterator[str]:
        number = 0
        try:
            for number, line in enumerate(self._file, 1):  # noqa: B007 - told where the file ends too early
                yield line
        except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
            raise ArchiveError(f"{self._path}:{number + 1}: this is no whole backup: {error}") from error


def _head(path: Path, line: str) -> str:
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        head = {}
    if not isinstance(head, dict) or head.get("form") != _FORM or not isinstance(head.get("version"), str):
        raise ArchiveError(f"{path}:1: this is no backup of the portal, or one of a later version of it")
    version = str(head["version"])
    if not schema.is_known(version):
        raise ArchiveError(f"{path}:1: this is a backup of another version of the portal (tables {version!r})")
    return version


def _take_in(connection: Connection, path: Path, lines: Iterator[str], replace: bool) -> int:
    tables = _tables(connection)
    filled = [one.name for one in tables if connection.scalar(select(func.count()).select_from(one))]
    if filled and not replace:
        raise ArchiveError(f"the database holds {', '.join(filled)} already; --replace removes them first")
    for table in reversed(tables):
        connection.execute(table.delete())
    by_name = {table.name: table for table in tables}
    waiting: list[tuple[Table, dict[str, Any]]] = []
    rows = 0
    for rows, (number, line) in enumerate(enumerate(lines, 2), 1):  # noqa: B007 - the last number is the count
        waiting.append(_row(path, number, line, by_name))
        if len(waiting) == _TOGETHER:
            _put(connection, waiting)
    _put(connection, waiting)
    _count_on(connection, tables)
    return rows


def _row(path: Path, number: int, line: str, tables: dict[str, Table]) -> tuple[Table, dict[str, Any]]:
    try:
        name, values = json.loads(line)
        table = tables[name]
        if set(values) != set(table.c.keys()):
            raise ValueError(f"{name} has other columns")
        return table, {column: _unpacked(table, column, value) for column, value in values.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"{path}:{number}: this is no row of a table: {error}") from error


def _put(connection: Connection, waiting: list[tuple[Table, dict[str, Any]]]) -> None:
    while waiting:
        table = waiting[0][0]
        same = [values for other, values in waiting if other is table]
        connection.execute(insert(table), same)
        waiting[:] = [one for one in waiting if one[0] is not table]


def _count_on(connection: Connection, tables: list[Table]) -> None:
    """Let PostgreSQL number new rows after those that were put in with their numbers; SQLite does so anyway."""
    if connection.dialect.name != "postgresql":
        return
    for table in (one for one in tables if list(one.primary_key.columns.keys()) == ["id"]):
        last = connection.scalar(select(func.max(table.c.id)))
        if last:
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": table.name, "last": last}
            )


def _packed(value: object) -> object:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"a {type(value).__name__} has no place in a backup")


def _unpacked(table: Table, column: str, value: Any) -> Any:
    """Give a value of a column. Raises ValueError or TypeError where it can't; SQLite would take anything."""
    wanted = table.c[column].type
    kind = list if isinstance(wanted, JSON) else wanted.python_type
    if value is None and table.c[column].nullable:
        return None
    if kind is bytes:
        return b64decode(value, validate=True)
    if kind is date:
        return date.fromisoformat(value)
    # A truth is a number to Python, and not to PostgreSQL.
    longest = getattr(wanted, "length", None) or _LONGEST_NUMBER
    if type(value) is not kind or (kind is not list and len(str(value)) > longest):
        raise TypeError(f"{column} can't be {str(value)[:40]!r}")
    return value
