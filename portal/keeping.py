"""The commands for what a site keeps: `portal upgrade | backup | restore | cleanup`."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click

from portal.classrooms.cleaning import clean
from portal.commands import settings_or_exit
from portal.database import archive, schema
from portal.database.store import Store, StoreError


@click.command()
def upgrade() -> None:
    """Bring the tables of the database up to date."""
    with _store() as (store, _):
        schema.upgrade(store)
        click.echo(f"{store.name} is up to date (version {schema.version(store)})")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write everything that the database keeps into FILE, while the site runs. A file that is there is not replaced."""
    with _store() as (store, _):
        click.echo(f"{archive.backup(store, file)} rows are in {file}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Remove what the database holds now.")
def restore(file: Path, replace: bool) -> None:
    """Fill the database with what FILE holds: an empty one, or with --replace any."""
    with _store() as (store, _):
        click.echo(f"{archive.restore(store, file, replace=replace)} rows are back in {store.name}")


@click.command()
def cleanup() -> None:
    """Remove what is due: homepages that nobody opens, rounds after 14 days, counted attempts."""
    with _store() as (store, unused_days):
        schema.prepare(store)
        done = clean(store, date.today(), unused_days)
        store.wipe()  # also of what was changed, and of what could not be done at once
        click.echo(f"removed: {done.homepages} homepages, {done.rounds} rounds")


@contextmanager
def _store() -> Iterator[tuple[Store, int]]:
    """Give the site's database and the days after which homepages go; end with the reason where it can't be used."""
    settings = settings_or_exit()
    try:
        store = Store(settings.database_url)
        try:
            yield store, settings.unused_days
        finally:
            store.close()
    except (StoreError, archive.ArchiveError) as error:
        raise click.ClickException(str(error)) from error
