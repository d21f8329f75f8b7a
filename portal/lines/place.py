"""The country that a help page is for, in its address or the site's own, and the services there."""

from dataclasses import dataclass

from flask import abort, get_template_attribute
from markupsafe import Markup

from portal.content.document import Document
from portal.helplines.directory import Service, groups
from portal.lines import words
from portal.reader import homeroom, href, offered, reader, site


@dataclass(frozen=True)
class Place:
    """A country by its code, such as "BA", and the address of its help page below the language."""

    code: str
    address: str

    @property
    def is_own(self) -> bool:
        """Tell whether it is the site's own country, where the operator's reporting line answers."""
        return self.code == site().settings.country

    @property
    def name(self) -> str:
        """Give the country's name in the reader's language."""
        return name_of(self.code)

    def href(self, rest: str = "") -> str:
        """Give the address of a page of this country's help, such as "now/", in the reader's language."""
        return href(self.address + rest)

    def services(self, part: str) -> list[Markup]:
        """Give the entries of the services that a part of the help page lists."""
        return [_entry(service, part) for service in groups(site().directory, self.code)[part]]

    def offered(self, document: Document) -> list[tuple[str, str]]:
        """Give the languages that offer the help page's text, each with the address of this country's page."""
        return [(code, f"/{code}{self.address}") for code, _ in offered(document)]


def place_of(code: str | None) -> Place:
    """Give the country of an address ("be"), or for None that of the class whose page it is, else the site's own.

    Ends in 404 where there is no such country.
    """
    if code is None:
        chosen = homeroom()
        return Place(chosen.country if chosen else site().settings.country, "/help/")
    if code != code.lower() or code.upper() not in site().directory.codes:
        abort(404)
    return Place(code.upper(), f"/help/{code}/")


def name_of(code: str) -> str:
    """Give a country's name in the reader's language."""
    return str(reader().locale.territories.get(code, code))


def _entry(service: Service, part: str) -> Markup:
    """Render the entry of a service; many pages show the same ones, so each is rendered once."""

    def make() -> Markup:
        entry = get_template_attribute("lines/service.html", "service")
        return Markup(entry(words.say(service, reader().locale), urgent=part == "danger"))  # noqa: S704 - a template's

    return site().once(("service", service.country, service.id, part, reader().code), make)
