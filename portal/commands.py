"""What groups of commands share: the settings, and lines of file, line, rule and reason for whatever is wrong."""

from collections.abc import Iterable
from pathlib import Path

import click

from portal.content.problem import ContentError
from portal.settings import Settings, SettingsError, read_settings


class Commands(click.Group):
    """Ends a command with lines of file, line, rule and reason where a file can't be used."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except ContentError as error:
            tell(error.problems)
            raise click.ClickException(f"{len(error.problems)} to mend") from error


def tell(findings: Iterable[object], prefix: str = "", *, err: bool = False) -> None:
    """Print what is wrong line by line, with paths below the working directory."""
    here = f"{Path.cwd()}/"
    for finding in findings:
        click.echo(prefix + str(finding).removeprefix(here), err=err)


def settings_or_exit() -> Settings:
    """Give the settings, or end with what is wrong in them."""
    try:
        return read_settings()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
