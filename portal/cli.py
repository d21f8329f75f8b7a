"""The command line: `portal run | check | import | messages … | helplines … | upgrade | backup | restore | cleanup`."""

import logging
import os
import sys
from datetime import date

import click

from portal.commands import Commands, settings_or_exit
from portal.content.check import check
from portal.content.language import SOURCE
from portal.database.schema import prepare
from portal.database.store import Store, StoreError
from portal.directory import check_start, directory_of, helplines
from portal.importing import import_command
from portal.keeping import backup, cleanup, restore, upgrade
from portal.messages import compile_all, messages
from portal.serve import serve
from portal.settings import Settings, settings_file


@click.group(cls=Commands)
def main() -> None:
    """Run and look after a safer-internet portal."""
    logging.basicConfig(format="%(levelname)s %(message)s")


@main.command()
@click.option("--host", envvar="HOST", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", envvar="PORT", default=5000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer.")
@click.option("--reload", is_flag=True, help="For editors and developers: show every change at once.")
def run(host: str, port: int, workers: int, reload: bool) -> None:
    """Build what is out of date and serve the portal."""
    settings = settings_or_exit()
    if settings.address == Settings.address:
        os.environ["PORTAL_ADDRESS"] = f"http://{_reached_at(host)}:{port}"
    if not reload:
        check_start(settings, date.today())
    try:
        prepare(Store(settings.database_url))
    except StoreError as error:
        raise click.ClickException(str(error)) from error
    for problem in compile_all(settings.translations):
        click.echo(f"left out: {problem}", err=True)
    # Texts and pictures are noticed while the site runs; these are read at the start alone.
    watch = [*settings.translations.rglob("*.po"), settings_file()]
    name = settings.text("name", SOURCE)
    sys.exit(serve("portal.wsgi:application", host, port, workers=workers, reload=reload, name=name, watch=watch))


def _reached_at(host: str) -> str:
    """Give the name under which a server that listens on `host` is reached from the same machine."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


@main.command("check")
def check_command() -> None:
    """Check all content: heads, links, pictures, lengths of sentences. Name each fault with its line; then exit 1."""
    settings = settings_or_exit()
    problems = check(settings.content, settings.translations, settings.languages)
    problems += directory_of(settings).problems
    for problem in sorted(problems):
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} to mend")
    click.echo("content is sound")


main.add_command(import_command)
main.add_command(messages)
main.add_command(helplines)
for _command in (upgrade, backup, restore, cleanup):
    main.add_command(_command)
