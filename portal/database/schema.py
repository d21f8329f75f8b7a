"""The tables' versions: Alembic's migrations, run by `portal upgrade`, and by themselves on an embedded database."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from portal.database.store import Store, StoreError, reason

_FOLDER = Path(__file__).parent / "migrations"


def newest() -> str:
    """Give the version that this code works with."""
    return str(ScriptDirectory(str(_FOLDER)).get_current_head())


def is_known(version: str) -> bool:
    """Tell whether a version is the newest or one before it."""
    return any(one.revision == version for one in ScriptDirectory(str(_FOLDER)).walk_revisions())


def version(store: Store) -> str | None:
    """Give the version of a database's tables, None where there are none. Raises StoreError if it can't be reached."""
    try:
        with store.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise StoreError(f"{store.name} can't be used: {reason(error)}") from error


def upgrade(store: Store, to: str = "head") -> None:
    """Bring a database's tables to a version, else to the newest. Two that do this at once wait for each other.

    Raises StoreError where the database can't be reached or changed, or is of a newer version than this code.
    """
    try:
        # Statements that change tables end a transaction of their own on neither database: all happens, or nothing.
        with store.turn(), store.engine.execution_options(writing=True).begin() as connection:
            _lock(connection)
            command.upgrade(_config(connection), to)
    except SQLAlchemyError as error:
        raise StoreError(f"{store.name} can't be used: {reason(error)}") from error
    except CommandError as error:
        raise StoreError(f"{store.name} was made by another version of the portal: {error}") from error


def prepare(store: Store) -> None:
    """Make a database ready to serve from: an embedded one is brought up to date, another one must be.

    Raises StoreError where it can't be used, with what to do.
    """
    try:
        if store.is_embedded:
            upgrade(store)
        elif version(store) != newest():
            raise StoreError(f"the tables of {store.name} are not up to date; run: portal upgrade")
    finally:
        store.close()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    """Keep others from upgrading at the same time: SQLite's writers wait anyway, PostgreSQL's for this number."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7318)")
