"""What the directory says about a service, in the reader's language."""

import unicodedata
from datetime import date
from functools import reduce
from urllib.parse import urlsplit

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from flask_babel import get_locale, gettext, pgettext

from portal.content.language import SOURCE
from portal.helplines.service import DAYS, TOWNS, Opening, Service


def _(text: str, **values: object) -> str:
    return str(gettext(text, **values))


def say(service: Service, locale: Locale) -> dict[str, object]:
    """Give everything that a template prints of a service; a number that must not be shown is not in it."""
    return {
        "name": service.shown_name or kind_label(service),
        "name_lang": service.name_lang if service.shown_name else "",
        "name_dir": Locale.parse(service.name_lang, sep="-").text_direction,
        "kind_label": kind_label(service),
        "audience_label": audience_label(service),
        "number": service.shown_number,
        "tel_href": service.tel_href,
        "advice": advice(service),
        "url": service.url,
        "host": host(service),
        "free": is_free(service),
        "area": area(service),
        "hours": hours(service, locale),
        "languages": languages(service, locale),
        "anonymous": service.anonymous or None,
        "evidence": evidence(service, locale),
    }


def kind_label(service: Service) -> str:
    """Give what sort of service it is."""
    if service.directory:
        # Translators: a website that lists help for children, or places to report to, in all countries.
        return (
            _("Finds helplines in many countries")
            if service.kind == "helpline"
            else _("Finds reporting lines in many countries")
        )
    if service.kind == "helpline" and service.audience == "children":
        # Translators: a telephone line or chat where children talk to somebody who listens. Not a line for reports.
        return _("Helpline for children")
    labels: dict[str, str] = {
        # Translators: the number to call in immediate danger, such as the number of the police.
        "emergency": _("Emergency number"),
        # Translators: a telephone line or chat where people talk to somebody who listens. Not a line for reports.
        "helpline": pgettext("kind of service", "Helpline"),
        # Translators: a place that takes reports of illegal pictures and pages ("hotline"). Not a line for talking.
        "hotline": _("Reporting line"),
        "police": pgettext("kind of service", "Police"),
        # Translators: a service that gets pictures of a person taken off the internet.
        "removal": _("Picture removal"),
        # Translators: a line for people who miss a child, and for children who have run away.
        "missing": _("Missing children"),
    }
    return labels[service.kind]


def audience_label(service: Service) -> str | None:
    """Give whom it is for; None where its kind says so already."""
    if service.kind == "helpline" and service.audience == "children" and not service.directory:
        return None
    labels = {
        "children": _("For children and young people"),
        "everyone": _("For everyone"),
        "parents": _("For parents"),
        "adults": _("Only for adults"),
    }
    return labels[service.audience]


def advice(service: Service) -> str | None:
    """Give what to do instead of calling a number that is withheld; None where none is."""
    if not service.withheld:
        return None
    if service.kind == "emergency":
        return _("We are not sure of this number yet. Go to an adult you trust, or to the nearest police station.")
    return _("We are not sure of this number yet. Please look for it on the website.")


def host(service: Service) -> str | None:
    """Give the short form of its address that is read out or printed, such as "awel.be"."""
    name = (urlsplit(service.url or "").hostname or "").removeprefix("www.")
    # One service has not changed its address since the field dropped the word; children need not read it.
    return name if name and "porn" not in name else None


def is_free(service: Service) -> bool | None:
    """Tell whether a call is free; None where that is not known, or where no number is shown to say it of."""
    return service.cost == "free" if service.cost and service.shows_number else None


def area(service: Service) -> str | None:
    """Give the part of the country that it is limited to; None where it is there for all of it."""
    if service.area == TOWNS:
        return _("Only in towns.")
    # Translators: %(area)s is the name of a region or a city, in English.
    return _("Only in this area: %(area)s.", area=service.area) if service.area else None


def hours(service: Service, locale: Locale) -> str | None:
    """Give when it is open; None where that is not known or as doubtful as its number.

    When unsure, never say that it is always open: a line that does not answer disappoints those who dared.
    """
    if not service.hours or not service.is_trusted:
        return None
    if isinstance(service.hours, str):
        # Translators: when a service is open that never closes.
        return _("day and night")
    lines = [_opening(opening, locale) for opening in service.hours]
    # Translators: joins two opening hours, such as "Monday to Friday, 08:00–20:00" and "Saturday, 09:00–17:00".
    return reduce(lambda first, second: _("%(first)s; %(second)s", first=first, second=second), lines)


def languages(service: Service, locale: Locale) -> str | None:
    """Give the languages it answers in, as a list in words; None where they are not known."""
    names = [_language(code, locale) for code in service.languages]
    return format_list(names, locale=locale) if names else None


def evidence(service: Service, locale: Locale) -> str:
    """Give what its entry rests on: who checked it, when and how, or else the date of its source."""
    sentence = _checked(service, locale) if service.last_verified else _unchecked(service, locale)
    # Where a date ends with a full stop of its own, as in Bosnian ("2025."), it is the sentence's as well.
    return sentence.replace("..", ".")


def sort_key(name: str) -> str:
    """Give the key that sorts names by the reader's alphabet. Accents count only where they make another letter."""
    locale = get_locale()
    code = locale.language if locale else SOURCE
    text = name.translate(_DOTLESS).lower() if code == "tr" else name.casefold()
    for letter, place in _PLACES.get(code, {}).items():
        text = text.replace(letter, place)
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def _after(*rows: str) -> dict[str, str]:
    """Give sort keys of letters that an alphabet counts as its own: each row is a letter and those that follow it."""
    return {letter: row[0] + "\uffff" * place for row in rows for place, letter in enumerate(row.split()) if place}


_DOTLESS = {ord("I"): "ı", ord("İ"): "i"}
_SLAVIC = _after("c č ć", "d dž đ", "l lj", "n nj", "s š", "z ž", "д ђ", "и ј", "л љ", "н њ", "т ћ", "ч џ")
_PLACES = {"bs": _SLAVIC, "hr": _SLAVIC, "sr": _SLAVIC, "tr": _after("c ç", "g ğ", "h ı", "o ö", "s ş", "u ü")}


def _opening(opening: Opening, locale: Locale) -> str:
    skeleton = "hm" if "h" in locale.time_formats["short"].pattern else "Hm"
    times = format_interval(opening.start, opening.end, skeleton, locale=locale)
    if opening.days == "daily":
        return _("every day, %(times)s", times=times)
    days = format_list([_span(span, locale) for span in opening.days.split(",")], locale=locale)
    # Translators: %(days)s is such as "Monday to Friday", %(times)s is such as "09:00–22:00".
    return _("%(days)s, %(times)s", days=days, times=times)


def _span(span: str, locale: Locale) -> str:
    names = [locale.days["stand-alone"]["wide"][DAYS.index(day)] for day in span.split("-")]
    if len(names) == 1:
        return str(names[0])
    # Translators: from one day of the week to another. The names stay as they are: where your grammar would change
    # them, write only a dash between them.
    return _("%(first)s to %(last)s", first=names[0], last=names[1])


def _language(code: str, locale: Locale) -> str:
    if code == "cnr":
        # Translators: the language of Montenegro. Write it as inside a sentence. (CLDR has no name for it.)
        return _("Montenegrin")
    return str(locale.languages.get(code.replace("-", "_"), code))


def _unchecked(service: Service, locale: Locale) -> str:
    if not service.sources:
        return _("We have no source for this yet. Not yet checked by a person.")
    if not service.source_date:
        return _("The source has no date. Not yet checked by a person.")
    # Translators: %(date)s is a month and a year ("December 2025") or a year. The name of the month stays as it is.
    return _("Source from %(date)s. Not yet checked by a person.", date=_month(service.source_date, locale))


def _month(iso: str, locale: Locale) -> str:
    """Say a date as exactly as it helps a reader: its month and year, or its year where no more is known."""
    if len(iso) == len("2025"):
        return iso
    return format_skeleton("yMMMM", date.fromisoformat(f"{iso}-01"[:10]), locale=locale)


def _checked(service: Service, locale: Locale) -> str:
    names = {"who": service.verified_by, "date": format_date(service.last_verified, "long", locale=locale)}
    sentences = {
        "page": _("Checked by %(who)s on %(date)s, on the service’s own page.", **names),
        "phone": _("Checked by %(who)s on %(date)s, by telephone.", **names),
        "email": _("Checked by %(who)s on %(date)s, by e-mail.", **names),
    }
    return sentences[str(service.verified_how)]
