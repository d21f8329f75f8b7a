"""The directory of services: its countries, and in which order a help page lists whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from portal.content.problem import ContentError, Problem
from portal.helplines.ageing import country_on
from portal.helplines.own_file import Own, read_own
from portal.helplines.service import AUDIENCES, Country, Service
from portal.helplines.service_file import WORLDWIDE, WORLDWIDE_FILE, read_country

__all__ = ["Country", "Directory", "Service", "groups", "read_directory"]

# The sections of the help page with the kinds that each lists, in the order of the list.
_SECTIONS = {
    "danger": ("emergency", "police"),
    "talk": ("helpline", "missing"),
    "report": ("hotline", "police"),
    "removal": ("removal",),
}


@dataclass(frozen=True)
class Directory:
    """Every country whose file is sound, sorted by code, the worldwide services, and what is wrong in other files.

    `disagreements` tells where the shipped data have changed beneath the operator's own.
    """

    countries: tuple[Country, ...]
    worldwide: Country
    problems: tuple[Problem, ...]
    disagreements: tuple[Problem, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Give the codes of all countries, such as "BA"."""
        return tuple(country.code for country in self.countries)

    def country(self, code: str) -> Country | None:
        """Give a country by its code, such as "BA"; None where the directory does not have it."""
        return next((country for country in self.countries if country.code == code), None)

    def on(self, today: date) -> "Directory":
        """Give the directory as it counts on a day: services whose check is long overdue are stale."""
        countries = tuple(country_on(country, today) for country in self.countries)
        return replace(self, countries=countries, worldwide=country_on(self.worldwide, today))


def read_directory(folder: Path, own: Path | None = None) -> Directory:
    """Read `<code>.yaml` of each country and worldwide.yaml, and over them the operator's `own` file or folder.

    What is broken is left out and told; nothing is raised. Only `on` a day may it be shown to readers.
    """
    shipped, problems = read_shipped(folder)
    changed = read_own(own, shipped) if own else Own()
    found = shipped | changed.countries
    worldwide = found.pop(WORLDWIDE, Country(WORLDWIDE, ()))
    countries = tuple(found[code] for code in sorted(found))
    return Directory(countries, worldwide, (*problems, *changed.problems), tuple(changed.disagreements))


def read_shipped(folder: Path) -> tuple[dict[str, Country], list[Problem]]:
    """Read the shipped files alone. Give the sound countries by code, "ZZ" with the rest, and what is broken."""
    found: dict[str, Country] = {}
    problems: list[Problem] = []
    prefix = f"{folder.parent.name}/{folder.name}"
    for path in sorted({*folder.glob("*.yaml"), folder / WORLDWIDE_FILE}):
        try:
            country = read_country(path, f"{prefix}/{path.name}")
        except ContentError as error:
            problems += error.problems
        else:
            found[country.code] = country
    return found, problems


def groups(directory: Directory, code: str) -> dict[str, list[Service]]:
    """Give what the help page of a country shows, by section in the page's order: danger, talk, report, removal.

    Within a section those that the operator's order names come first. The others keep the order of kinds in
    `_SECTIONS`, and lines for children come before those for everyone, for parents and for adults only. Worldwide
    services follow; they are all there is for a country without a file.
    """
    country = directory.country(code)
    home = [service for service in country.services if service.is_shown] if country else []
    away = [service for service in directory.worldwide.services if _is_fallback(service, home)]
    own, worldwide = country.order if country else (), directory.worldwide.order
    return {section: [*_listed(section, home, own), *_listed(section, away, worldwide)] for section in _SECTIONS}


def _is_fallback(service: Service, home: Iterable[Service]) -> bool:
    """Tell whether a worldwide service helps in a country that has the services `home`.

    One with an area, such as 116 000 in Europe, is listed by the countries where it works: elsewhere nobody answers.
    """
    return service.is_shown and service.area is None and all(service.name != other.name for other in home)


def _listed(section: str, services: Iterable[Service], first: Sequence[str]) -> list[Service]:
    kinds = _SECTIONS[section]
    listed = [one for one in services if one.kind in kinds and (section != "danger" or _is_for_danger(one))]
    rank = {name: place for place, name in enumerate(first)}
    return sorted(
        listed, key=lambda one: (rank.get(one.id, len(rank)), kinds.index(one.kind), AUDIENCES.index(one.audience))
    )


def _is_for_danger(service: Service) -> bool:
    """Tell whether somebody in danger finds an answer there: not in a form, nor at a police number that is withheld."""
    return service.kind == "emergency" or service.tel_href is not None
