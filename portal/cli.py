"""The command line: `portal run`, `portal check`, `portal messages …`."""

import logging
import sys

import click

from portal.content.check import check
from portal.messages import compile_all, messages
from portal.serve import serve
from portal.settings import Settings, SettingsError, read_settings


@click.group()
def main() -> None:
    """Run and look after a safer-internet portal."""
    logging.basicConfig(format="%(levelname)s %(message)s")


def settings_or_exit() -> Settings:
    """Give the settings, or end with what is wrong in them."""
    try:
        return read_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


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
    for problem in compile_all(settings.translations):
        click.echo(f"left out: {problem}", err=True)
    sys.exit(serve("portal.wsgi:application", host, port, workers=workers, reload=reload))


@main.command("check")
def check_command() -> None:
    """Check all content: heads, links, pictures, lengths of sentences. Name each fault with its line; then exit 1."""
    settings = settings_or_exit()
    problems = check(settings.content, settings.translations, settings.languages)
    for problem in sorted(problems):
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} to mend")
    click.echo("content is sound")


main.add_command(messages)
