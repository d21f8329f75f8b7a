"""Catalogs as the site reads them: compiled, and rid of everything that readers must not see."""

import struct
from collections.abc import Iterable
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path

from portal.content.language import Language
from portal.content.language import language as language_of
from portal.content.markdown import TOKENISER
from portal.content.pofile import Catalog, Entry, parse, write_atomically
from portal.content.problem import ContentError, Problem
from portal.content.safety import RULES
from portal.content.vetting import entry_problems, header_problems

# The length of an MO file's head: seven numbers of four bytes.
_HEAD = 28


def compile_catalog(po: Path, mo: Path, domain: str) -> list[Problem]:
    """Compile a catalog for readers, without what is fuzzy, empty or unfit. Give a problem for each unfit translation.

    `po` lies where gettext looks for it: below a folder with the language's name. Raises ContentError, and leaves an
    earlier `mo` alone, where the file is broken, its header is missing or fuzzy, or it was made for other plurals or
    another cut of the texts.
    """
    language = _language(po)
    content = po.read_bytes()
    catalog = parse(str(po), content)
    refused = list(header_problems(po, catalog, domain, language))
    if refused:
        raise ContentError(*refused)
    problems = list(entry_problems(po, catalog.entries, domain, language, grave=True))
    unfit_lines = {problem.line for problem in problems}
    fit = [entry for entry in catalog.entries if entry.translated and entry.line not in unfit_lines]
    write_atomically(mo, _machine_object(_compiled_header(catalog, content, domain, language), fit))
    return problems


def is_compiled(po: Path, mo: Path) -> bool:
    """Tell whether `mo` was compiled from the present `po` under the present rules."""
    return mo.exists() and _stamp(po.read_bytes(), _language(po)).encode() in mo.read_bytes()


def _language(po: Path) -> Language:
    folder = po.absolute().parent.parent.name
    try:
        return language_of(folder.replace("_", "-"))
    except ValueError as error:
        raise ContentError(Problem(str(po), 0, "language", f"{folder} is no language")) from error


def _stamp(content: bytes, language: Language) -> str:
    rules = "\0".join((RULES, TOKENISER, language.plural, ""))
    return blake2b(rules.encode() + content, digest_size=12).hexdigest()


def _compiled_header(catalog: Catalog, content: bytes, domain: str, language: Language) -> str:
    fields = {
        **catalog.headers,
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": f"{language.plural};",
        "X-Compiled-From": _stamp(content, language),
    }
    if domain == "content":
        fields["X-Tokeniser"] = TOKENISER
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _machine_object(header: str, entries: Iterable[Entry]) -> bytes:
    """Write the MO format as the GNU gettext manual (10.3) describes it.

    Babel's writer would take two minutes for 50,000 entries.
    """
    texts = {"": header, **{_compiled_key(entry): "\0".join(entry.translations) for entry in entries}}
    pairs = sorted((key.encode(), text.encode()) for key, text in texts.items())
    strings = [key for key, _ in pairs] + [text for _, text in pairs]
    tables_end = _HEAD + 8 * len(strings)
    starts = accumulate((len(one) + 1 for one in strings), initial=tables_end)
    table = [number for one, start in zip(strings, starts, strict=False) for number in (len(one), start)]
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), _HEAD, _HEAD + 8 * len(pairs), 0, tables_end)
    return head + struct.pack(f"<{len(table)}I", *table) + b"".join(one + b"\0" for one in strings)


def _compiled_key(entry: Entry) -> str:
    return ("" if entry.context is None else f"{entry.context}\x04") + "\0".join(entry.texts)
