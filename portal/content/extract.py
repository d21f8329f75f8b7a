"""From texts to templates: what authors and developers wrote, as the .pot files that all catalogs follow."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog as BabelCatalog
from babel.messages import Message as BabelMessage
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_from_file

from portal.content.document import read_document
from portal.content.library import markdown_files
from portal.content.markdown import TOKENISER
from portal.content.pofile import Catalog, Entry, read, write
from portal.content.problem import ContentError, Problem

# Those of babel-messages.cfg and babel-content.cfg, which give the same messages to `pybabel extract`.
_INTERFACE = (("**.py", "python"), ("**.html", "jinja2"))
_OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}}
_KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "lazy_npgettext": ((1, "c"), 2, 3),
}
_COMMENT_TAGS = ("Translators:",)

# GNU gettext fills lines of file names up to here, and so do we, lest each tool undo the other's lines.
_WIDTH = 79

_Extracted = tuple[int, str | None, str | tuple[str, str], list[str]]


def extract_markdown(
    fileobj: IO[bytes], keywords: Collection[str], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[_Extracted]:
    """Give the messages of a content file as Babel's extractors do: line, function, text, comments for translators.

    Raises ContentError where the file's head is broken: its messages would silently be lost otherwise.
    """
    path = str(getattr(fileobj, "name", ""))
    text = _decoded(path, fileobj.read())
    for message in read_document(path, Path(path).stem, text).messages():
        comments = [f"kind: {message.kind}", *message.notes]
        if message.context:
            yield message.line, "pgettext", (message.context, message.text), comments
        else:
            yield message.line, None, message.text, comments


def _decoded(path: str, content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ContentError(Problem(path, 0, "file", f"this can't be read as UTF-8 text: {error}")) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def content_template(content: Path) -> Catalog:
    """Give the template of all markdown files below a folder. Raises ContentError with the problems of every file."""
    found = BabelCatalog()
    problems: list[Problem] = []
    for path in markdown_files(content):
        place = f"{content.name}/{path.relative_to(content).as_posix()}"
        try:
            for line, text, comments, context in extract_from_file(f"{__name__}:extract_markdown", path):
                found.add(text, None, [(place, line)], auto_comments=comments, context=context)
        except ContentError as error:
            problems += error.problems
    if problems:
        raise ContentError(*problems)
    # Babel takes prose such as "50 % des" for a format string; nothing in this domain is one.
    return _template(found, lambda message: (), {"X-Tokeniser": TOKENISER})


def interface_template(code: Path) -> Catalog:
    """Give the template of all Python files and Jinja templates below a folder."""
    found = BabelCatalog()
    extracted = extract_from_dir(str(code), _INTERFACE, _OPTIONS, _KEYWORDS, _COMMENT_TAGS)
    for name, line, text, comments, context in extracted:
        place = f"{code.name}/{Path(name).as_posix()}"
        found.add(text, None, [(place, line)], auto_comments=comments, context=context)
    return _template(found, lambda message: sorted(message.flags), {})


def _template(found: BabelCatalog, flags: Callable[[BabelMessage], Iterable[str]], more: Mapping[str, str]) -> Catalog:
    headers = {
        "Project-Id-Version": "surf-safely",
        "Report-Msgid-Bugs-To": "",
        "POT-Creation-Date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M%z"),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        **more,
    }
    entries = tuple(_entry(message, tuple(flags(message))) for message in found if message.id)
    return Catalog(None, entries).with_headers(headers)


def _entry(message: BabelMessage, flags: tuple[str, ...]) -> Entry:
    text, *plural = [message.id] if isinstance(message.id, str) else message.id
    comments = [f"#. {line}" for comment in message.auto_comments for line in comment.splitlines()]
    return Entry(
        text=text,
        translations=("", "") if plural else ("",),
        context=message.context,
        plural=plural[0] if plural else None,
        flags=flags,
        comments=(*comments, *_places(dict.fromkeys(name for name, _ in message.locations))),
    )


def _places(names: Iterable[str]) -> Iterator[str]:
    """Write where a text stands, without line numbers: those would change, and conflict, with every edit."""
    line = "#:"
    for name in sorted(names):
        if line != "#:" and len(line) + 1 + len(name) > _WIDTH:
            yield line
            line = "#:"
        line += f" {name}"
    yield line


def is_current(pot: Path, template: Catalog) -> bool:
    """Tell whether a template file says what `template` says; when it was made does not matter."""
    return pot.exists() and _timeless(read(pot)) == _timeless(template)


def _timeless(catalog: Catalog) -> tuple[dict[str, str], tuple[Entry, ...]]:
    return {**catalog.headers, "POT-Creation-Date": ""}, catalog.entries


def write_template(pot: Path, template: Catalog) -> None:
    """Write a template file, unless it says the same already: then it keeps its date."""
    if not is_current(pot, template):
        write(pot, template)
