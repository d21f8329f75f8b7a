"""Compiled catalogs of the content domain, asked one text at a time, along each language's fallbacks."""

from collections.abc import Sequence
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from portal.content.language import Language, language
from portal.content.markdown import TOKENISER
from portal.content.message import Message, Translation
from portal.content.problem import Problem
from portal.content.safety import is_safe


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
        self._catalogs: dict[str, GNUTranslations] = {}
        self.problems: list[Problem] = []
        chains = {code for one in languages for code in (one.code, *one.fallback)}
        for code in sorted(chains):
            self._load(language(code).catalog(folder, "content", "mo"), code)

    def _load(self, path: Path, code: str) -> None:
        try:
            with path.open("rb") as file:
                catalog = GNUTranslations(file)
        except (OSError, ValueError, EOFError) as error:
            self.problems.append(Problem(str(path), 0, "catalog", f"no catalog for {code}: {error}"))
            return
        if catalog.info().get("x-tokeniser") != TOKENISER:
            self.problems.append(
                Problem(str(path), 0, "catalog", "compiled by another version; run `portal messages compile`")
            )
            return
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
                return Translation(text, code)
        return None
