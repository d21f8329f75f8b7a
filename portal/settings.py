"""Every setting of a site, with its default; portal.toml and the environment may change them.

A setting `brand` is written `brand = "#0b5563"` in the file that PORTAL_SETTINGS names (default: portal.toml in the
working directory) or PORTAL_BRAND=#0b5563 in the environment, which wins. docs/running.md explains each.
"""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from portal.content.language import SOURCE, language

ROOT = Path(__file__).resolve().parent.parent

# One text for all languages, or one for each: {"en": "Surf Safely", "bs": "Surfaj sigurno"}.
Localised = str | Mapping[str, str]


class SettingsError(Exception):
    """Settings that can't be used; the text names each setting, where it was set, and what is allowed."""


@dataclass(frozen=True)
class Settings:
    """A site's settings, checked. Languages are codes as in addresses ("sr-Latn"), countries as in ISO 3166 ("BA")."""

    # The site's name. The default is translated with the interface; your own is shown as it is, or by language.
    name: Localised = "Surf Safely"
    # Who runs this copy, and their web address. Shown in the footer and on the page "About this site".
    operator: Localised = ""
    operator_url: str = ""
    # A picture file (SVG or PNG, square) to show beside the name instead of the lighthouse.
    logo: str = ""
    # The colour of the header and the main buttons; white text must be readable on it.
    brand: str = "#0b5563"
    # The country whose lines are shown first.
    country: str = "BA"
    # The languages offered, by code; the first is for visitors whose browser asks for none of them.
    languages: tuple[str, ...] = ("en", "fr", "de", "nl", "tr", "ar", "bs")
    # Languages whose translation a native speaker has read. The others say at the foot that nobody has yet.
    reviewed: tuple[str, ...] = ()
    # The SOS reporting line of the operator.
    sos_name: Localised = "sigurnodijete.ba"
    sos_url: str = "https://www.sigurnodijete.ba/"
    # Where the quick exit leads; "{language}" stands for the reader's language. Empty: a blank page of this site.
    leave: Localised = "https://{language}.wikipedia.org/"
    # The site's public address, for links that search engines follow. Unless it is set, `portal run` gives its own.
    address: str = "http://127.0.0.1:5000"
    # The operator's own services: a YAML file that may not exist yet, or a folder of them. Empty: the shipped ones.
    helplines: str = ""
    # "accept": start in public even though nobody has verified a helpline of the default country.
    unverified: str = ""
    # The database of classes: sqlite:////path/to/portal.db, or postgresql://name:password@host/portal.
    database_url: str = field(default_factory=lambda: f"sqlite:///{_data_home() / 'portal.db'}")
    # After how many days in which nobody opens it a class's homepage is removed.
    unused_days: int = 400
    # Hosts that links in a class's lines may lead to, such as www.school.example.
    link_hosts: tuple[str, ...] = ()
    # How many web servers stand in front and pass on readers' addresses (X-Forwarded-For). Only limits use addresses.
    proxies: int = 0
    # Where texts and catalogs are.
    content: Path = field(default=ROOT / "content")
    translations: Path = field(default=ROOT / "translations")

    def __post_init__(self) -> None:
        """Raise SettingsError if any setting can't be used."""
        faults = [f"{name}: {fault}" for name, check in _CHECKS.items() if (fault := check(getattr(self, name)))]
        if faults:
            raise SettingsError("\n".join(faults))

    @property
    def own_helplines(self) -> Path | None:
        """Give the path of the operator's own services, or None where there are none."""
        return Path(self.helplines) if self.helplines else None

    def text(self, name: str, code: str) -> str:
        """Give a localised setting in the language `code`, else in the source language, else whatever there is."""
        value: Localised = getattr(self, name)
        if isinstance(value, str):
            return value
        return value.get(code) or value.get(SOURCE) or next(iter(value.values()), "")


def _data_home() -> Path:
    """Give the folder for what a program keeps for its user (XDG Base Directory Specification)."""
    home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".local" / "share") / "surf-safely"


def settings_file(environ: Mapping[str, str] = os.environ) -> Path:
    """Give the path of the settings file, whether it is there or not."""
    return Path(environ.get("PORTAL_SETTINGS", "portal.toml"))


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings file and the environment. Raises SettingsError with every fault and where it stands."""
    path = settings_file(environ)
    if not path.exists() and "PORTAL_SETTINGS" in environ:
        raise SettingsError(f"PORTAL_SETTINGS: there is no file {path}")
    given = _read_file(path) if path.exists() else {}
    known = {one.name for one in fields(Settings)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise SettingsError(f"{path}: unknown settings {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    set_outside = {name: environ[f"PORTAL_{name.upper()}"] for name in known if f"PORTAL_{name.upper()}" in environ}
    return Settings(**{name: _converted(name, value) for name, value in (given | set_outside).items()})


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _converted(name: str, value: Any) -> Any:
    """Bring a value of the file or the environment to the setting's type; what can't be is left for the checks."""
    if name in ("languages", "reviewed", "link_hosts") and isinstance(value, str | list):
        return tuple(value.replace(",", " ").split() if isinstance(value, str) else value)
    if name in ("unused_days", "proxies") and isinstance(value, str) and value.isdecimal():
        return int(value)
    return Path(value).absolute() if name in ("content", "translations") and isinstance(value, str) else value


def contrast_with_white(colour: str) -> float:
    """Give the contrast ratio of a colour such as "#0b5563" against white, 1 to 21, by WCAG 2.2's formula."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _brand_fault(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        return f"must be a colour such as #0b5563, not {value!r}"
    ratio = contrast_with_white(value)
    return "" if ratio >= 4.5 else f"white text on {value} has a contrast of {ratio:.1f}; readers need at least 4.5"


def _languages_fault(value: Any) -> str:
    if not isinstance(value, tuple) or not value:
        return "must name at least one language, such as en fr"
    for code in value:
        try:
            language(code)
        except (ValueError, TypeError) as error:
            return str(error)
    return "" if len(set(value)) == len(value) else "names a language twice"


def _reviewed_fault(value: Any) -> str:
    return _languages_fault(value) if value else ""


def _country_fault(value: Any) -> str:
    return (
        ""
        if isinstance(value, str) and re.fullmatch(r"[A-Z]{2}", value)
        else f"must be two capitals such as BA, not {value!r}"
    )


def _url_fault(value: Any) -> str:
    texts = [value] if isinstance(value, str) else list(value.values()) if isinstance(value, Mapping) else [None]
    bad = [
        text
        for text in texts
        if not isinstance(text, str) or (text and not re.match(r"https?://[^\s/@]+(/\S*)?\Z", text))
    ]
    return f"must be an address that starts with https://, not {bad[0]!r}" if bad else ""


def _text_fault(value: Any) -> str:
    texts = [value] if isinstance(value, str) else list(value.values()) if isinstance(value, Mapping) else [None]
    bad = [text for text in texts if not isinstance(text, str) or len(text) > 120 or not text.isprintable()]
    return f"must be a text of at most 120 characters, or one for each language, not {bad[0]!r}" if bad else ""


def _logo_fault(value: Any) -> str:
    if value == "" or (isinstance(value, str) and Path(value).suffix in (".svg", ".png") and Path(value).is_file()):
        return ""
    return f"must be the path of an SVG or PNG file, not {value!r}"


def _helplines_fault(value: Any) -> str:
    if not isinstance(value, str):
        return f"must be the path of a YAML file or a folder, not {value!r}"
    path = Path(value)
    if not value or path.is_dir() or (path.suffix == ".yaml" and path.parent.is_dir()):
        return ""
    return f"must be a folder, or a file in one whose name ends with .yaml, not {value!r}"


def _unverified_fault(value: Any) -> str:
    return "" if value in ("", "accept") else f'can only be "accept", or stay empty, not {value!r}'


def _database_fault(value: Any) -> str:
    if isinstance(value, str) and re.match(r"(sqlite:////?[^/]|postgresql://)\S*\Z", value):
        return ""
    return "must be an address such as sqlite:////var/lib/portal.db or postgresql://name:password@host/portal"


def _number_fault(least: int, most: int) -> Callable[[Any], str]:
    def fault(value: Any) -> str:
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        return "" if fits else f"must be a whole number from {least} to {most}, not {value!r}"

    return fault


def _hosts_fault(value: Any) -> str:
    if not isinstance(value, tuple):
        return f"must be a list of host names, not {value!r}"
    bad = [one for one in value if not isinstance(one, str) or not re.fullmatch(r"[a-z0-9.-]+(:\d+)?", one)]
    return f"must hold host names in small letters, such as www.school.example, not {bad[0]!r}" if bad else ""


def _folder_fault(value: Any) -> str:
    return "" if isinstance(value, Path) and value.is_dir() else f"there is no folder {value}"


_CHECKS = {
    "name": lambda value: _text_fault(value) or ("" if value else "must not be empty"),
    "operator": _text_fault,
    "operator_url": _url_fault,
    "logo": _logo_fault,
    "brand": _brand_fault,
    "country": _country_fault,
    "languages": _languages_fault,
    "reviewed": _reviewed_fault,
    "sos_name": _text_fault,
    "sos_url": lambda value: _url_fault(value) or ("" if value else "must not be empty: the SOS line is on every page"),
    "leave": _url_fault,
    "address": lambda value: _url_fault(value) or ("" if value else "must not be empty"),
    "helplines": _helplines_fault,
    "unverified": _unverified_fault,
    "database_url": _database_fault,
    "unused_days": _number_fault(30, 3650),
    "link_hosts": _hosts_fault,
    "proxies": _number_fault(0, 9),
    "content": _folder_fault,
    "translations": _folder_fault,
}
