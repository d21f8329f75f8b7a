"""Text that knows its language, for places where one language stands inside another."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from portal.content.language import language


@dataclass(frozen=True)
class Fragment:
    """A plain text, with the code of its language where that is not the page's (else "").

    Printing it in a template gives the escaped text; `attrs` goes into the tag around it.
    """

    text: str
    lang: str = ""

    def __str__(self) -> str:
        """Give the bare text, for places that can't carry a language: titles, attributes."""
        return self.text

    def __html__(self) -> str:
        """Give the text with markup characters escaped."""
        return str(escape(self.text))

    @property
    def attrs(self) -> Markup:
        """Give ` lang="…" dir="…"`, or nothing where the text is in the page's language."""
        return attributes({"lang": self.lang, "dir": language(self.lang).dir}) if self.lang else Markup()


def attributes(values: Mapping[str, object]) -> Markup:
    """Write HTML attributes, each with a space before it."""
    return Markup().join(Markup(' {}="{}"').format(name, value) for name, value in values.items())
