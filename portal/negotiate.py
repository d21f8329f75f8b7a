"""Which of the offered languages a visitor reads, from what the browser says."""

from collections.abc import Iterator, Sequence

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

# Names that browsers use for languages which the site may offer under another one, best first. Readers of each of these
# understand the others; Latin script is kept where the browser asks for it.
_ALIASES = {
    "sh": ("sr-Latn", "bs", "hr"),
    "cnr": ("sr-Latn", "bs"),
    "sr": ("sr", "sr-Latn", "bs"),
    "sr-latn": ("sr-Latn", "bs"),
    "sr-cyrl": ("sr", "sr-Latn", "bs"),
    "hr": ("hr", "bs"),
    "bs": ("bs", "hr", "sr-Latn"),
}

# Browsers send less than a hundred characters; what is far longer was made to cost us time.
_LONGEST_HEADER = 1000


def best_language(header: str, offered: Sequence[str]) -> str:
    """Give the code of `offered` that an Accept-Language header asks for most; the first where it asks for none."""
    if len(header) > _LONGEST_HEADER:
        return offered[0]
    by_name = {code.lower(): code for code in offered}
    for tag, quality in parse_accept_header(header, LanguageAccept):
        if quality <= 0:
            continue
        for name in _names(tag):
            if name.lower() in by_name:
                return by_name[name.lower()]
    return offered[0]


def _names(tag: str) -> Iterator[str]:
    """Give what a tag such as "sr-Latn-RS" may be offered as: itself, then shorter forms, each with its aliases."""
    parts = tag.replace("_", "-").lower().split("-")
    for end in range(len(parts), 0, -1):
        name = "-".join(parts[:end])
        yield from _ALIASES.get(name, (name,))
