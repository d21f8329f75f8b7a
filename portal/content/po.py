"""What happens to catalogs between authors and translators: bringing up to date, counting, keeping translations."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from portal.content.language import Language
from portal.content.pofile import Catalog, Entry, parse, read, write
from portal.content.problem import ContentError, Problem
from portal.content.vetting import number_of_forms, unfit


@dataclass(frozen=True)
class Stats:
    """How far a catalog has come. Guesses (fuzzy) and translations that must not be shown don't count as translated."""

    total: int
    translated: int
    fuzzy: int

    @property
    def untranslated(self) -> int:
        """Give how many texts have neither a translation nor a guess."""
        return self.total - self.translated - self.fuzzy

    @property
    def share(self) -> float:
        """Give how much is translated, from 0 to 1."""
        return self.translated / self.total if self.total else 1.0


def stats(pot: Path, po: Path, domain: str, language: Language) -> Stats:
    """Count a catalog against the present template. Raises ContentError where one of the files is broken."""
    wanted = read(pot).entries
    known = read(po).by_key if po.exists() else {}
    pairs = ((entry, known.get(entry.key)) for entry in wanted)
    found = [one for entry, one in pairs if one and one.texts == entry.texts]
    translated = sum(entry.translated and not any(unfit(entry, domain, language)) for entry in found)
    return Stats(len(wanted), translated, sum(entry.fuzzy and not entry.obsolete for entry in found))


def update(pot: Path, po: Path, language: Language) -> None:
    """Bring a catalog up to date with its template, or begin it. Nothing is written where only the date changed.

    msgmerge also offers the translation of a similar text as a guess (fuzzy, never shown); without it, a changed text
    is simply untranslated. Raises ContentError where one of the files is broken.
    """
    template = read(pot)
    before = read(po) if po.exists() else None
    if before is None:
        merged = _merge(template, Catalog(None, ()), language).with_headers(_new_headers(template, language))
    elif shutil.which("msgmerge"):
        merged = _msgmerge(pot, po)
    else:
        merged = _merge(template, before, language)
    # A catalog that has been brought up to date is keyed by the template's cut of the texts.
    cut = {name: value for name, value in template.headers.items() if name == "X-Tokeniser"}
    if before and merged.entries == before.entries and cut.items() <= before.headers.items():
        return
    dates = {name: value for name, value in template.headers.items() if name == "POT-Creation-Date"}
    write(po, merged.with_headers({**dates, **cut}))


def _new_headers(template: Catalog, language: Language) -> dict[str, str]:
    """Give a new catalog's header, in the order that msgmerge would bring it in."""
    first = ("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date")
    return {
        **{name: value for name, value in template.headers.items() if name in first},
        "PO-Revision-Date": "YEAR-MO-DA HO:MI+ZONE",
        "Last-Translator": "",
        "Language-Team": "",
        "Language": language.folder,
        **{name: value for name, value in template.headers.items() if name not in first},
        "Plural-Forms": f"{language.plural};",
    }


def _msgmerge(pot: Path, po: Path) -> Catalog:
    options = ("--quiet", "--previous", "--no-wrap", "--add-location=file")
    ran = subprocess.run(  # noqa: S603 - the arguments are our own, the files are paths and not options
        ["msgmerge", *options, str(po.absolute()), str(pot.absolute())],  # noqa: S607 - gettext is found on the PATH
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "LANGUAGE": ""},
    )
    if ran.returncode:
        reason = ran.stderr.decode(errors="replace").strip()
        raise ContentError(Problem(str(po), 0, "msgmerge", reason))
    return parse(str(po), ran.stdout)


def _merge(template: Catalog, old: Catalog, language: Language) -> Catalog:
    merged = [_carry_over(entry, old.by_key.get(entry.key), language) for entry in template.entries]
    wanted = {entry.key for entry in template.entries}
    left = [_retire(entry) for entry in old.entries if entry.key not in wanted and any(entry.translations)]
    return Catalog(old.header, (*merged, *left))


def _carry_over(entry: Entry, old: Entry | None, language: Language) -> Entry:
    """Give a template's entry the translation it had; a guess where only its plural has changed."""
    if old is None or (old.plural is None) != (entry.plural is None):
        forms = 1 if entry.plural is None else number_of_forms(language.plural)
        return replace(entry, translations=("",) * forms)
    guess = ("fuzzy",) if old.fuzzy or old.plural != entry.plural else ()
    previous = [line for line in old.comments if line.startswith("#|")]
    comments = (*_remarks(old), *entry.comments, *(previous if guess else ()))
    return replace(entry, translations=old.translations, flags=(*guess, *entry.flags), comments=comments)


def _retire(entry: Entry) -> Entry:
    return replace(entry, obsolete=True, comments=tuple(_remarks(entry)))


def _remarks(entry: Entry) -> list[str]:
    """Give the translators' own comments."""
    return [line for line in entry.comments if not line.startswith(("#.", "#:", "#|", "#~"))]


def same_meaning(old: str, new: str, catalogs: Iterable[Path]) -> int:
    """Keep the translations of a text whose English was corrected without a change of meaning. Give how many were kept.

    `old` and `new` are texts as translators see them. It works before the catalogs are updated and after: then the
    translation stands as a guess at the new text, or obsolete at the old one. A translation that the new text already
    has is left as it is. Raises ContentError where a catalog is broken.
    """
    kept = 0
    for path in catalogs:
        catalog = read(path)
        entries = tuple(_retitled(catalog.entries, old, new))
        if entries != catalog.entries:
            write(path, replace(catalog, entries=entries))
            kept += 1
    return kept


def _retitled(entries: tuple[Entry, ...], old: str, new: str) -> Iterator[Entry]:
    givers = {entry.context: entry for entry in entries if entry.text == old and any(entry.translations)}
    takers = {entry.context: entry for entry in entries if entry.text == new and not entry.obsolete}
    for entry in entries:
        if takers.get(entry.context) is entry and not entry.translated:
            yield _kept(entry, givers.get(entry.context), old)
        elif givers.get(entry.context) is not entry:
            yield entry
        elif entry.context not in takers:
            yield replace(entry, text=new)
        elif takers[entry.context].translated:
            yield entry


def _kept(taker: Entry, giver: Entry | None, old: str) -> Entry:
    """Give the entry of the new text the old one's translation, or confirm the guess that msgmerge made from it."""
    if giver is None and taker.previous != old:
        return taker
    source = giver or taker
    flags = tuple(flag for flag in taker.flags if flag != "fuzzy")
    if giver and giver.fuzzy:
        flags = ("fuzzy", *flags)
    comments = tuple(line for line in taker.comments if not line.startswith("#|"))
    return replace(taker, translations=source.translations, flags=flags, comments=comments)
