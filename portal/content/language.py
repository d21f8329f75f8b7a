"""The languages a site can be in: codes, own names, directions, fallbacks and plural rules, mostly from CLDR."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.plural import to_gettext

SOURCE = "en"

# Where a text is missing, readers of the first take it from the second: both are read without effort. Cyrillic
# Serbian has no entry, since Latin words inside Cyrillic text read worse than English that is marked as English.
_FALLBACK = {"hr": "bs", "sr-Latn": "bs"}

# The expressions that Weblate and Poedit use, so that their headers and ours agree. French differs from CLDR, whose
# third form is for millions in compact notation ("1 M de"), which catalogs do not have.
_ONE_OTHER = "nplurals=2; plural=(n != 1)"
_SLAVIC = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2)"
_ARABIC = "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)"
_PLURAL = {
    "ar": _ARABIC,
    "fr": "nplurals=2; plural=(n > 1)",
    **dict.fromkeys(("en", "de", "nl", "tr"), _ONE_OTHER),
    **dict.fromkeys(("bs", "hr", "sr"), _SLAVIC),
}


@dataclass(frozen=True)
class Language:
    """A language as the site uses it.

    `code` is the form of addresses and of the `lang` attribute (sr-Latn), `folder` that of translations/ and of Babel
    (sr_Latn), `name` the language's own name, `dir` "ltr" or "rtl", `fallback` the codes asked in turn for a missing
    text (the source language is not among them), `plural` the value of a catalog's Plural-Forms header.
    """

    code: str
    folder: str
    name: str
    dir: str
    fallback: tuple[str, ...]
    plural: str

    @property
    def locale(self) -> Locale:
        """Give Babel's data about this language. English here is British, and so are its dates and times."""
        return Locale("en", "GB") if self.code == SOURCE else Locale.parse(self.folder)

    def catalog(self, translations: Path, domain: str, kind: str = "po") -> Path:
        """Give the path of this language's catalog of a domain ("messages" or "content") below `translations`."""
        return translations / self.folder / "LC_MESSAGES" / f"{domain}.{kind}"


@cache
def language(code: str) -> Language:
    """Give the language of a code such as "bs" or "sr-Latn". Raises ValueError for a code that CLDR does not know."""
    try:
        locale = Locale.parse(code, sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise ValueError(f"{code!r} is not a language code that CLDR knows, such as 'bs' or 'sr-Latn'") from error
    if str(locale).replace("_", "-") != code:
        raise ValueError(f"{code!r} is not written as CLDR does: {str(locale).replace('_', '-')!r}")
    name = locale.get_display_name(locale) or code
    return Language(
        code=code,
        folder=code.replace("-", "_"),
        name=name[0].upper() + name[1:] if locale.text_direction == "ltr" else name,
        dir=locale.text_direction,
        fallback=(_FALLBACK[code],) if code in _FALLBACK else (),
        plural=_PLURAL.get(locale.language) or to_gettext(locale.plural_form),
    )
