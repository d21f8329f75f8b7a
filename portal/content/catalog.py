"""Compiled catalogs of the content domain, asked one text at a time, along each language's fallbacks."""

from collections.abc import Sequence
from pathlib import Path

from babel.support import NullTranslations, Translations

from portal.content.language import Language, language
from portal.content.markdown import TOKENISER
from portal.content.message import Message, Translation
from portal.content.problem import ContentError, Problem
from portal.content.safety import is_safe


def open_compiled(path: Path, tokeniser: str | None = None) -> Translations:
    """Open a `.mo` file of our own compilation, which has left out what is fuzzy or unsafe.

    Raises ContentError where it is missing, broken, compiled by others, or not for the cut of texts `tokeniser`.
    """
    try:
        with path.open("rb") as file:
            catalog = Translations(file)
    except (OSError, ValueError, EOFError) as error:
        raise ContentError(Problem(str(path), 0, "catalog", f"this catalog can't be read: {error}")) from error
    if "x-compiled-from" not in catalog.info() or catalog.info().get("x-tokeniser") != tokeniser:
        reason = "this was not compiled by this version of the portal; run `portal messages compile`"
        raise ContentError(Problem(str(path), 0, "catalog", reason))
    return catalog


class _Nothing(NullTranslations):
    """The end of a catalog's chain: it tells a missing text from one that is translated by itself."""

    def gettext(self, message: str) -> str:
        return ""

    def pgettext(self, context: str, message: str) -> str:
        return ""


class Catalogs:
    """The content catalogs of a translations folder.

    Only `.mo` files of our own compilation are read: nothing fuzzy and nothing unsafe is in them. `problems` names the
    catalogs that are missing or were compiled for another cut of the texts; their languages show the source text.
    """

    def __init__(self, folder: Path, languages: Sequence[Language]) -> None:
        self._catalogs: dict[str, Translations] = {}
        self.problems: list[Problem] = []
        chains = {code for one in languages for code in (one.code, *one.fallback)}
        for code in sorted(chains):
            try:
                catalog = open_compiled(language(code).catalog(folder, "content", "mo"), tokeniser=TOKENISER)
            except ContentError as error:
                self.problems += error.problems
            else:
                catalog.add_fallback(_Nothing())
                self._catalogs[code] = catalog

    def lookup(self, reader: str, message: Message) -> Translation | None:
        """Give a message's translation for a reader of `reader`: its own catalog's, else the first fallback's."""
        for code in (reader, *language(reader).fallback):
            catalog = self._catalogs.get(code)
            text = catalog and (
                catalog.pgettext(message.context, message.text) if message.context else catalog.gettext(message.text)
            )
            # The catalogs come from people outside: what compilation refuses is refused here once more.
            if text and is_safe(message.text, text):
                return Translation(str(text), code)
        return None
