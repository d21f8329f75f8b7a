"""What of the directory needs a person: overdue checks, services never checked, numbers under two names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from portal.helplines.ageing import due, is_ahead, is_overdue, last_day, on
from portal.helplines.directory import Directory
from portal.helplines.service import Country, Service


@dataclass(frozen=True)
class Finding:
    """Something to mend about a service, or about all of a country together."""

    where: str
    rule: str
    reason: str

    def __str__(self) -> str:
        """Give `where: rule: reason`, as problems of files are told."""
        return f"{self.where}: {self.rule}: {self.reason}"


def all_countries(directory: Directory) -> tuple[Country, ...]:
    """Give all countries, and the worldwide services as the last one."""
    return (*directory.countries, directory.worldwide)


def to_mend(directory: Directory, today: date) -> Iterator[Finding]:
    """Give every overdue or impossible check, and every number that stands under two names in one country."""
    for country in all_countries(directory):
        for service in country.services:
            yield from _overdue(service, today)
        yield from _conflicts(country)


def unverified(country: Country) -> list[Service]:
    """Give the services that no person has checked."""
    return [one for one in country.services if one.status == "candidate"]


def showing(service: Service, today: date) -> str:
    """Tell whether readers see a service's number on a day, and else why not."""
    if service.status == "withdrawn":
        return "hidden: withdrawn"
    if service.number is None:
        return "no number"
    if service.status == "candidate":
        return "shown" if service.is_trusted else f"withheld: {service.confidence} evidence"
    if is_ahead(service, today):
        return "withheld: date to come"
    return "withheld: overdue" if on(service, today).status == "stale" else "shown"


def _overdue(service: Service, today: date) -> Iterator[Finding]:
    where = f"{service.country} {service.id}"
    if is_ahead(service, today):
        yield Finding(
            where, "date", f"checked on {service.last_verified}, which is still to come; this counts for nothing"
        )
    if is_overdue(service, today):
        reason = f"checked on {service.last_verified} by {service.verified_by}, due on {due(service)}"
        yield Finding(where, "overdue", f"{reason}; {_consequence(service, today)}")


def _consequence(service: Service, today: date) -> str:
    """Tell what an overdue check means for readers."""
    if on(service, today).status == "stale":
        return "its number is withheld" if service.number else "its hours are withheld"
    end = last_day(service)
    return f"its number is shown until {end}" if end else "its number is still shown"


def _conflicts(country: Country) -> Iterator[Finding]:
    """Give numbers that two services of one country have, unless one's name is a part of the other's.

    What a number means in another country is no conflict: 147 is a children's line in two, 110 the police or a line.
    """
    listed = [one for one in country.services if one.number and one.status != "withdrawn"]
    for first, second in combinations(listed, 2):
        same = re.sub("[^0-9]", "", first.number or "") == re.sub("[^0-9]", "", second.number or "")
        if same and first.name not in second.name and second.name not in first.name:
            where = f"{country.code} {first.id}, {second.id}"
            yield Finding(where, "conflict", f"both have the number {first.number}: {first.name} and {second.name}")
