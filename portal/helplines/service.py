"""One service of the directory, and what of it a reader may be shown."""

import re
from dataclasses import dataclass
from datetime import date, time

KINDS = ("emergency", "helpline", "hotline", "police", "removal", "missing")
CONTACTS = ("call", "sms", "whatsapp", "chat", "form", "email")
COSTS = ("free", "paid")
CONFIDENCES = ("high", "medium", "low")
STATUSES = ("candidate", "verified", "stale", "withdrawn")
CHECKS = ("page", "phone", "email")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# In the order in which lists of the help page show them. "adults" are services that refuse anybody under 18.
AUDIENCES = ("children", "everyone", "parents", "adults")

# The hours of a service that never closes.
ALWAYS = "always"

# The area of a number that works in towns only; every other area is a place's name.
TOWNS = "towns"


@dataclass(frozen=True)
class Opening:
    """The days and times, in the service's country, at which it is open.

    `days` is "daily", or days and ranges of days joined by commas: "mon-fri", "fri,sat". An `end` before `start` is
    one on the next day.
    """

    days: str
    start: time
    end: time


@dataclass(frozen=True)
class Service:
    """A service as its file describes it. What is None or empty is not known.

    `number` is as people write it in its country, `dial` what a telephone dials (None where nobody answers calls);
    show neither directly, but `shown_number` and `tel_href`. `source_date` is a year, a month or a day in ISO form: the
    date of what the source says, never of a check. `last_verified`, `verified_by` and `verified_how` tell of the last
    check by a person. `area` limits the service to a part of its country. A `directory` helps nobody itself but knows
    who does in each country. `check_often` marks what can change within weeks: a mobile number, a project's line.
    `note` is for editors, not for readers.
    """

    id: str
    country: str
    kind: str
    name: str
    name_lang: str
    audience: str
    sources: tuple[str, ...]
    confidence: str
    status: str
    number: str | None = None
    dial: str | None = None
    contact: tuple[str, ...] = ()
    url: str | None = None
    cost: str | None = None
    hours: tuple[Opening, ...] | str | None = None
    languages: tuple[str, ...] = ()
    anonymous: bool = False
    directory: bool = False
    check_often: bool = False
    area: str | None = None
    source_date: str | None = None
    last_verified: date | None = None
    verified_by: str | None = None
    verified_how: str | None = None
    note: str | None = None

    @property
    def is_trusted(self) -> bool:
        """Tell whether its number and hours may be shown: its evidence is high, or a person has verified it.

        The rule stands in docs/running.md. A check does not last: `portal.helplines.ageing.on` makes what is long
        overdue stale.
        """
        return self.status == "verified" or (self.status == "candidate" and self.confidence == "high")

    @property
    def shows_number(self) -> bool:
        """Tell whether it has a number that may be shown."""
        return self.number is not None and self.is_trusted

    @property
    def withheld(self) -> bool:
        """Tell whether it has a number that is too doubtful to be shown."""
        return self.number is not None and not self.is_trusted

    @property
    def is_shown(self) -> bool:
        """Tell whether the help page mentions it: it offers a number or an address, or is there for emergencies.

        The latter is named even without its number, since that is where the page says whom to turn to instead.
        """
        if self.status == "withdrawn":
            return False
        return self.shows_number or self.url is not None or self.kind == "emergency"

    @property
    def shown_number(self) -> str | None:
        """Give the number as written in its country, or None where it must not be shown."""
        return self.number if self.shows_number else None

    @property
    def tel_href(self) -> str | None:
        """Give the address that dials its number, or None where there is nothing to dial or it must not be shown."""
        return f"tel:{self.dial}" if self.dial and self.shows_number else None

    @property
    def shown_name(self) -> str:
        """Give its name, without a number that is withheld ("Missing People – 116 000"); what is left may be empty."""
        if not self.number or not self.withheld:
            return self.name
        digits = r"[\s./()-]*".join(re.findall("[0-9]", self.number))
        return re.sub(rf"(?<![0-9]){digits}(?![0-9])", "", self.name).strip(" –-")


@dataclass(frozen=True)
class Country:
    """The services of a country in the order of its file.

    `code` is as in ISO 3166 ("BA"), or "ZZ" for services of all countries. `order` has the ids of those that the
    operator wants to come first, in this order.
    """

    code: str
    services: tuple[Service, ...]
    order: tuple[str, ...] = ()

    def service(self, name: str) -> Service | None:
        """Give a service by its id; None where the country does not have it."""
        return next((one for one in self.services if one.id == name), None)
