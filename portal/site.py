"""One consistent state of everything a site shows, and the noticing of changes."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from babel.support import NullTranslations

from portal.assets import Assets
from portal.content.catalog import Catalogs, open_compiled
from portal.content.document import Document
from portal.content.language import SOURCE, Language, language
from portal.content.library import Library, read_library
from portal.content.problem import ContentError, Problem
from portal.helplines.directory import Directory, read_directory
from portal.helplines.own_file import own_paths
from portal.settings import Settings

STATIC = Path(__file__).parent / "static"

# How long a change of a file may go unnoticed, in seconds.
_GLANCE = 1.0

# How many things a state keeps ready.
_MANY = 1500

_log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """What the site is made of at one moment. Never changes; a change of files makes a new one.

    `today` is the day for which it was made: a day later, checks of services may not count any more. `interface` has
    the interface's translations by language code, `problems` all that is left out or missing.
    """

    settings: Settings
    state: str
    today: date
    library: Library
    directory: Directory
    catalogs: Catalogs
    assets: Assets
    languages: tuple[Language, ...]
    interface: Mapping[str, NullTranslations]
    problems: tuple[Problem, ...]
    _made: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give what `make` gives, which must follow from the key and this state of the site alone; it is made once."""
        if key in self._made:
            found: T = self._made[key]
            return found
        made = make()
        # A robot that walks through the help of every country must not fill the memory of a small machine.
        if len(self._made) >= _MANY:
            self._made.clear()
        self._made[key] = made
        return made

    def share(self, document: Document, code: str) -> float:
        """Give how much of a document (0 to 1) is there in a language or its fallbacks."""
        return self.once(("share", document.address, code), lambda: document.share(code, self.catalogs.lookup))

    def offers(self, document: Document, code: str) -> bool:
        """Tell whether enough of a document is translated to offer it in a language."""
        return self.share(document, code) >= document.enough


def _interface(folder: Path, one: Language, problems: list[Problem]) -> NullTranslations:
    """Give the interface's texts in a language, followed by its fallbacks; what is missing is added to `problems`."""
    chain = NullTranslations()
    for code in reversed((one.code, *one.fallback)):
        if code == SOURCE:
            continue
        try:
            catalog = open_compiled(language(code).catalog(folder, "messages", "mo"))
        except ContentError as error:
            problems += error.problems
        else:
            catalog.add_fallback(chain)
            chain = catalog
    return chain


def read_site(settings: Settings, state: str = "", today: date | None = None) -> Site:
    """Read everything a site shows on a day, else today. What is broken is left out and logged once."""
    today = today or date.today()
    languages = tuple(language(code) for code in settings.languages)
    library = read_library(settings.content)
    directory = read_directory(settings.content / "helplines", settings.own_helplines)
    catalogs = Catalogs(settings.translations, [one for one in languages if one.code != SOURCE])
    problems = [*library.problems, *directory.problems, *catalogs.problems]
    site = Site(
        settings=settings,
        state=state or _state(settings, today),
        today=today,
        library=library,
        directory=directory.on(today),
        catalogs=catalogs,
        interface={one.code: _interface(settings.translations, one, problems) for one in languages},
        problems=tuple(problems),
        assets=Assets(
            STATIC, settings.content / "pictures", _colours(settings), Path(settings.logo) if settings.logo else None
        ),
        languages=languages,
    )
    for problem in site.problems:
        _log.warning("left out: %s", problem)
    return site


def _colours(settings: Settings) -> str:
    """Give the operator's colours as the last words of the style sheet."""
    return f":root {{ --brand: {settings.brand}; }}\n"


class Keeper:
    """Holds the present `Site`, and makes a new one when files or the day have changed since it last looked.

    `clock` gives the day; tests set it.
    """

    def __init__(self, settings: Settings, clock: Callable[[], date] = date.today) -> None:
        self._settings = settings
        self._clock = clock
        self._site = read_site(settings, today=clock())
        self._looked = time.monotonic()
        self._lock = threading.Lock()

    @property
    def site(self) -> Site:
        """Give the present state of the site."""
        if time.monotonic() - self._looked > _GLANCE and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._site

    def state(self) -> str:
        """Give a short digest that changes with everything the site shows."""
        return self.site.state

    def _look(self) -> None:
        today = self._clock()
        state = _state(self._settings, today)
        if state != self._site.state:
            self._site = read_site(self._settings, state, today)
        self._looked = time.monotonic()


def _state(settings: Settings, today: date) -> str:
    digest = hashlib.blake2b(f"{settings!r}{today}".encode(), digest_size=8)
    for entry in _watched(settings):
        digest.update(entry.encode())
    return digest.hexdigest()


def _watched(settings: Settings) -> Iterator[str]:
    """Give a line for each file that the site is made of, which changes with it."""
    for path in _files(settings):
        try:
            seen = path.stat()
        except FileNotFoundError:
            continue
        yield f"{path}\0{seen.st_mtime_ns}\0{seen.st_size}\n"


def _files(settings: Settings) -> Iterator[Path]:
    folders: Sequence[tuple[Path, Iterable[str]]] = (
        (settings.content, (".md", ".yaml", ".svg")),
        (settings.translations, (".mo",)),
        (STATIC, (".css", ".js", ".svg", ".ico")),
    )
    for folder, kinds in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.suffix in kinds)
    if settings.own_helplines:
        yield from own_paths(settings.own_helplines)
