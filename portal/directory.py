"""The commands of the directory: `portal helplines list | check | verify`."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

import click

from portal.commands import Commands, settings_or_exit, tell
from portal.helplines.ageing import due, is_ahead, on
from portal.helplines.directory import Directory, read_directory, read_shipped
from portal.helplines.record import Check, record
from portal.helplines.report import Finding, all_countries, showing, to_mend, unverified
from portal.helplines.service import CHECKS, Country, Service
from portal.helplines.service_file import TEXT
from portal.links import faults
from portal.settings import Settings

# Names longer than this are cut in lists.
_NAME = 40

_NO_FILE = 'Name it in portal.toml first: helplines = "helplines.yaml"'

_TODAY = click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=lambda _context, _option, value: value.date() if value else date.today(),
    help="Tell what holds on another day, such as 2027-01-01.",
)


def directory_of(settings: Settings) -> Directory:
    """Give the shipped directory with the operator's own changes, as it is in the files, whatever the day."""
    return read_directory(settings.content / "helplines", settings.own_helplines)


def check_start(settings: Settings, today: date) -> None:
    """Warn where no person has checked a helpline of the default country, or where its check is overdue.

    Raises ClickException where nobody ever has, the address is public and the operator has not accepted the risk. An
    overdue check is no reason: a site that does not come back after a reboot helps nobody, and withholds the number.
    """
    lines = _lines(directory_of(settings), settings.country)
    checked = [one for one in lines if one.status in ("verified", "stale") and not is_ahead(one, today)]
    if any(on(one, today).status == "verified" for one in checked):
        return
    todo = _todo(settings, (checked or lines)[:1])
    if checked:
        click.echo(f"warning: the check of every helpline of {settings.country} is overdue. {todo}", err=True)
        return
    fault = f"no person has checked a helpline of {settings.country} for children or for everyone. {todo}"
    if settings.address.startswith("https://") and settings.unverified != "accept":
        raise click.ClickException(f'{fault}\nTo start all the same, accept the risk: unverified = "accept"')
    click.echo(f"warning: {fault}", err=True)


def _lines(directory: Directory, code: str) -> list[Service]:
    """Give the helplines of a country that a child may turn to, those for children first."""
    country = directory.country(code)
    listed = [
        one for one in (country.services if country else ()) if one.kind == "helpline" and one.status != "withdrawn"
    ]
    return [one for audience in ("children", "everyone") for one in listed if one.audience == audience]


def _todo(settings: Settings, lines: Sequence[Service]) -> str:
    """Say how a check is recorded, with the first of the lines as the example."""
    name = lines[0].id if lines else "ID"
    command = f'portal helplines verify {settings.country} {name} --by "YOUR NAME" --how page'
    file = "" if settings.helplines else f" {_NO_FILE}"
    add = "" if lines else " Add one to your own file first (docs/running.md)."
    return f"Compare it with the service's own page, then run: {command}{file}{add}"


@click.group(cls=Commands)
def helplines() -> None:
    """Look after the directory of services."""


@helplines.command("list")
@click.argument("codes", metavar="[COUNTRY]…", nargs=-1)
@_TODAY
def list_command(codes: tuple[str, ...], today: date) -> None:
    """List the services of a COUNTRY such as BA, of ZZ (worldwide), or of all: what is shown, and when it is due."""
    directory = directory_of(settings_or_exit())
    countries = [_country(directory, code) for code in codes] or all_countries(directory)
    rows: list[tuple[str, ...]] = [("", "id", "kind", "name", "number", "shown?", "last check", "due")]
    rows += [_row(one, today) for country in countries for one in country.services]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _country(directory: Directory, code: str) -> Country:
    found = next((one for one in all_countries(directory) if one.code == code.upper()), None)
    if found is None:
        raise click.BadParameter(f"the directory has no country {code}; its codes are such as BA, and ZZ for worldwide")
    return found


def _row(one: Service, today: date) -> tuple[str, ...]:
    name = one.name if len(one.name) <= _NAME else f"{one.name[: _NAME - 1]}…"
    last, day = one.last_verified or "never", due(one) or ""
    return (one.country, one.id, one.kind, name, one.number or "", showing(one, today), str(last), str(day))


@helplines.command("check")
@click.option("--online", is_flag=True, help="Ask each service's address, too, whether it answers.")
@_TODAY
def check_command(online: bool, today: date) -> None:
    """Tell what is overdue, conflicting or broken, and what nobody has checked. Exit 1 where something is to mend.

    Of services that nobody has checked, those of your own country are to mend; the others are told on stderr.
    """
    settings = settings_or_exit()
    directory = directory_of(settings)
    findings = [*directory.problems, *directory.disagreements, *to_mend(directory, today)]
    for country in all_countries(directory):
        listed = ", ".join(one.id for one in unverified(country))
        finding = Finding(country.code, "unverified", f"checked by no person: {listed}")
        if listed and country.code == settings.country:
            findings.append(finding)
        elif listed:
            tell([finding], "advice: ", err=True)
    if settings.own_helplines and not settings.own_helplines.exists():
        click.echo(f"advice: there is no file {settings.helplines} yet", err=True)
    if online:
        findings += _online(directory)
    tell(findings)
    if findings:
        raise click.ClickException(f"{len(findings)} to mend")
    click.echo("the directory is sound")


def _online(directory: Directory) -> Iterator[Finding]:
    asked = [one for country in all_countries(directory) for one in country.services if one.status != "withdrawn"]
    found = faults(one.url for one in asked if one.url)
    for one in asked:
        if one.url in found:
            yield Finding(f"{one.country} {one.id}", "link", f"{one.url} {found[one.url]}")


@helplines.command("verify")
@click.argument("code", metavar="COUNTRY")
@click.argument("name", metavar="ID")
@click.option("--by", "who", required=True, help="Who checked it; readers see this name.")
@click.option("--how", type=click.Choice(CHECKS), required=True, help="On its own page, by telephone, or by e-mail.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the check, if not today.")
def verify_command(code: str, name: str, who: str, how: str, day: datetime | None) -> None:
    """Record in your own file that a person has checked service ID of a COUNTRY with its number, and found it right."""
    settings = settings_or_exit()
    if settings.own_helplines is None:
        raise click.ClickException(f"checks are recorded in a file of your own. {_NO_FILE}")
    if not TEXT.test(who):
        raise click.BadParameter("a name is a line of text", param_hint="--by")
    checked = day.date() if day else date.today()
    if checked > date.today():
        raise click.BadParameter("this day is still to come", param_hint="--on")
    service = _country(directory_of(settings), code).service(name)
    if service is None or service.status == "withdrawn":
        raise click.BadParameter(f"{code.upper()} has no service {name}; see `portal helplines list {code.upper()}`")
    shipped, _ = read_shipped(settings.content / "helplines")
    path = record(settings.own_helplines, shipped, service, Check(who, checked, how))
    again = due(replace(service, last_verified=checked))
    tell([f"{path}: {service.name}, {service.number or service.url}: checked, and due again on {again}"])
