"""Catalogs that tests write: sound but for what a test makes wrong."""

from gettext import GNUTranslations

from portal.content.compiled import compile_catalog
from portal.content.language import language
from portal.content.pofile import Catalog, Entry, write


def header(code, domain="content", **fields):
    lines = {
        "Project-Id-Version": "test",
        "PO-Revision-Date": "2026-01-01 12:00+0000",
        "Last-Translator": "Ana",
        "Language-Team": "none",
        "Language": language(code).folder,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": f"{language(code).plural};",
        **({"X-Tokeniser": "1"} if domain == "content" else {}),
        **{name.replace("_", "-"): value for name, value in fields.items()},
    }
    return "".join(f"{name}: {value}\n" for name, value in lines.items())


def catalog(path, code, *entries, domain="content", flags=(), **fields):
    """Write a catalog where gettext looks for it, and give its path."""
    po = path / language(code).folder / "LC_MESSAGES" / f"{domain}.po"
    write(po, Catalog(Entry("", (header(code, domain, **fields),), flags=flags), entries))
    return po


def template(path, *texts, domain="content", date="2026-01-01 10:00+0000"):
    pot = path / f"{domain}.pot"
    head = f"POT-Creation-Date: {date}\nContent-Type: text/plain; charset=UTF-8\n"
    head += "X-Tokeniser: 1\n" if domain == "content" else ""
    entries = [text if isinstance(text, Entry) else Entry(text, comments=("#: content/a.md",)) for text in texts]
    write(pot, Catalog(Entry("", (head,)), tuple(entries)))
    return pot


def compiled(po, domain="content"):
    mo = po.with_suffix(".mo")
    problems = compile_catalog(po, mo, domain)
    with mo.open("rb") as file:
        return GNUTranslations(file), problems
