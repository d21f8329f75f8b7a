"""The gate between translators and readers: what a catalog must be, and which of its translations may be shown."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from gettext import c2py
from pathlib import Path

from portal.content.language import Language
from portal.content.markdown import TOKENISER
from portal.content.pofile import Catalog, Entry, read
from portal.content.problem import ContentError, Problem
from portal.content.safety import Fault, faults

_PLURAL_FORMS = re.compile(r"\s*nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*([^;]+?)\s*;?\s*\Z")
_MSGFMT_LINE = re.compile(r".*?:(\d+): (?!warning)(.*)")

# Numbers that show any difference between two plural rules: what they ask of a number is it, or its rest by 10 or 100.
_PROBES = (*range(201), 1000, 1001, 1002, 1_000_000)


@cache
def _plural_rule(forms: str) -> tuple[int, Callable[[int], int]]:
    """Give the number of forms and the rule of a Plural-Forms header. Raises ValueError where it is none."""
    found = _PLURAL_FORMS.match(forms)
    if not found:
        raise ValueError(f"{forms!r} is not of the form nplurals=…; plural=…")
    return int(found.group(1)), c2py(found.group(2))


def number_of_forms(forms: str) -> int:
    """Give how many plural forms a Plural-Forms header such as "nplurals=2; plural=(n != 1)" has."""
    return _plural_rule(forms)[0]


@cache
def _is_same_rule(given: str, wanted: str) -> bool:
    try:
        (count, rule), (wanted_count, wanted_rule) = _plural_rule(given), _plural_rule(wanted)
        return count == wanted_count and all(rule(n) == wanted_rule(n) for n in _PROBES)
    except (ValueError, ZeroDivisionError):
        return False


@cache
def _is_for_one_number(forms: str, form: int) -> bool:
    """Tell whether a plural form is for one number only, which its text may then leave out or write as a word."""
    rule = _plural_rule(forms)[1]
    return sum(rule(n) == form for n in _PROBES) == 1


def header_problems(path: Path, catalog: Catalog, domain: str, language: Language) -> Iterator[Problem]:
    """Give what makes a whole catalog unfit, so that nothing of it may be compiled."""
    if catalog.header is None or not catalog.headers:
        yield Problem(str(path), 1, "header", "the header is missing; a new catalog shows what belongs there")
        return
    line = catalog.header.line
    if catalog.header.fuzzy:
        yield Problem(str(path), line, "header", "remove the mark `fuzzy`; with it nothing of the catalog is used")
    # Where no text has a plural the rule decides nothing; `check_catalog` asks for it all the same.
    if domain == "messages" or any(entry.plural for entry in catalog.entries):
        yield from _plural_problems(path, catalog, language)
    cut = catalog.headers.get("X-Tokeniser", TOKENISER)
    if domain == "content" and cut != TOKENISER:
        yield Problem(str(path), line, "header", f"X-Tokeniser is {cut}, not {TOKENISER}; run `portal messages update`")


def _plural_problems(path: Path, catalog: Catalog, language: Language) -> Iterator[Problem]:
    given = catalog.headers.get("Plural-Forms", "")
    if not _is_same_rule(given, language.plural):
        line = catalog.header.line if catalog.header else 0
        yield Problem(str(path), line, "plural", f"Plural-Forms must be {language.plural!r}, not {given!r}")


def _lesser_header_problems(path: Path, catalog: Catalog, domain: str, language: Language) -> Iterator[Problem]:
    """Give what is wrong with a header, but harms no reader."""
    if catalog.header is None or not catalog.headers:
        return
    line = catalog.header.line
    if domain == "content" and "X-Tokeniser" not in catalog.headers:
        yield Problem(str(path), line, "header", "X-Tokeniser is missing; run `portal messages update`")
    if catalog.headers.get("Language", "").replace("-", "_") != language.folder:
        yield Problem(str(path), line, "header", f"Language must be {language.folder}")
    yield from _plural_problems(path, catalog, language)


def _entry_faults(entry: Entry, domain: str, language: Language) -> Iterator[Fault]:
    if entry.plural is None:
        yield from faults(domain, entry.text, entry.translations[0])
        return
    count = number_of_forms(language.plural)
    if len(entry.translations) != count:
        yield Fault("plural", f"has {len(entry.translations)} forms; {language.name} has {count}", True)
        return
    for form, translation in enumerate(entry.translations):
        may_lose = _is_for_one_number(language.plural, form)
        for fault in faults(domain, entry.plural, translation):
            if not (may_lose and fault.rule == "placeholder-lost"):
                yield Fault(fault.rule, f"msgstr[{form}] {fault.reason}", fault.grave)


def unfit(entry: Entry, domain: str, language: Language) -> Iterator[Fault]:
    """Give why an entry's translation must not be shown; nothing where it may be."""
    return (fault for fault in _entry_faults(entry, domain, language) if fault.grave)


def entry_problems(
    path: Path, entries: Iterable[Entry], domain: str, language: Language, *, grave: bool
) -> Iterator[Problem]:
    """Give the faults of a catalog's translations: those that keep one from readers (`grave`), or the others."""
    for entry in entries:
        if entry.translated:
            for fault in _entry_faults(entry, domain, language):
                if fault.grave == grave:
                    yield Problem(str(path), entry.line, fault.rule, f"the translation {fault.reason}")


def check_catalog(po: Path, domain: str, language: Language) -> list[Problem]:
    """Give what keeps a catalog or a translation from readers, and what msgfmt finds where it is installed."""
    try:
        catalog = read(po)
    except ContentError as error:
        return list(error.problems)
    problems = {
        *header_problems(po, catalog, domain, language),
        *_lesser_header_problems(po, catalog, domain, language),
        *entry_problems(po, catalog.entries, domain, language, grave=True),
    }
    # What msgfmt says again is not repeated.
    lines = {problem.line for problem in problems}
    return sorted(problems | {problem for problem in _msgfmt_problems(po) if problem.line not in lines})


def advise(po: Path, domain: str, language: Language) -> list[Problem]:
    """Give what translators should look at again, though readers see it. Raises ContentError as `read` does."""
    return sorted(entry_problems(po, read(po).entries, domain, language, grave=False))


def _msgfmt_problems(po: Path) -> Iterator[Problem]:
    if not shutil.which("msgfmt"):
        return
    ran = subprocess.run(  # noqa: S603 - the arguments are our own, the file is a path and not an option
        ["msgfmt", "--check", "-o", os.devnull, str(po.absolute())],  # noqa: S607 - gettext is found on the PATH
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "LANGUAGE": ""},
    )
    for line in ran.stderr.decode(errors="replace").splitlines():
        found = _MSGFMT_LINE.match(line)
        if found and ran.returncode:
            yield Problem(str(po), int(found.group(1)), "msgfmt", found.group(2))
