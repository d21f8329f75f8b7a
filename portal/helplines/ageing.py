"""How long a check by a person counts, and what becomes of a service whose check is overdue."""

import calendar
from dataclasses import replace
from datetime import date, timedelta

from portal.helplines.service import Country, Service

# Kinds whose number stays when its check is overdue: wrongly withheld, it costs more than wrongly shown.
KEPT = ("emergency", "police")

# Countries at war, or where war cuts networks and moves services within weeks: Palestine (Gaza), Syria, Iraq, and
# Lebanon, whose regional lines are run by relief projects.
CONFLICT_AREAS = frozenset({"PS", "SY", "IQ", "LB"})

# Months from a check to the next one.
_OFTEN = 3
_MONTHS = {"emergency": 12, "police": 12, "helpline": 6, "hotline": 6, "removal": 6, "missing": 6}

# How long the number of a helpline outlasts its check; one that is checked often has no grace.
_GRACE = timedelta(days=30)

# The server's day may be one behind the day at the place of whoever recorded the check. Later dates are mistakes.
_AHEAD = timedelta(days=1)


def is_often(service: Service) -> bool:
    """Tell whether a service is checked every three months: its entry says so, or its country is a conflict area."""
    return service.check_often or service.country in CONFLICT_AREAS


def due(service: Service) -> date | None:
    """Give the day up to which its last check counts; None where no person has checked it."""
    if service.last_verified is None:
        return None
    return _later(service.last_verified, _OFTEN if is_often(service) else _MONTHS[service.kind])


def last_day(service: Service) -> date | None:
    """Give the last day on which its number is shown; None where it does not end with a check."""
    day = due(service)
    if day is None or service.kind in KEPT:
        return None
    return day if is_often(service) else day + _GRACE


def is_overdue(service: Service, today: date) -> bool:
    """Tell whether its check is due again, or its file says so; that of a service which nobody has checked is not."""
    day = due(service)
    return service.status == "stale" or (service.status == "verified" and day is not None and today > day)


def is_ahead(service: Service, today: date) -> bool:
    """Tell whether its check is dated on a day that is still to come, and so is no check."""
    return service.last_verified is not None and service.last_verified > today + _AHEAD


def on(service: Service, today: date) -> Service:
    """Give a service as it counts on a day: stale, and so without its number, where its check does not hold."""
    end = last_day(service)
    is_late = end is not None and today > end
    if service.status == "verified" and (is_late or is_ahead(service, today)):
        return replace(service, status="stale")
    return service


def country_on(country: Country, today: date) -> Country:
    """Give a country with its services as they count on a day."""
    return replace(country, services=tuple(on(service, today) for service in country.services))


def _later(day: date, months: int) -> date:
    """Give the same day some months later, or the last one of a month that is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
