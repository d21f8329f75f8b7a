"""How long the work with catalogs takes: prints one line for each step.

Usage: python benchmarks/messages.py [MESSAGES] [FILES]. Goals: an update of 5,000 messages of which 5 %
have changed, and an extraction of 500 files, each under 10 seconds.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

from portal.content.compiled import compile_catalog
from portal.content.extract import content_template, write_template
from portal.content.language import language
from portal.content.po import stats, update
from portal.content.pofile import read, write
from portal.content.safety import content_faults
from portal.content.vetting import check_catalog

_HEAD = (
    "---\nkind: page\ntitle: Page {0}\nsummary: What page {0} is.\naudience: everyone\nreviewed: 2026-01-01\n---\n\n"
)
_WORDS = ("ask", "tell", "help", "friend", "grown-up", "photo", "game", "chat", "secret", "camera", "school", "phone")
_LANGUAGE = language("fr")


def _sentence(random: Random) -> str:
    words = [random.choice(_WORDS) for _ in range(random.randint(6, 16))]
    words[2] = f"[{words[2]}](/help/)" if random.random() < 0.1 else words[2]
    words[4] = f"*{words[4]}*" if random.random() < 0.1 else words[4]
    return " ".join(words).capitalize() + "."


def _write_files(content: Path, messages: int, files: int, random: Random) -> list[Path]:
    folder = content / "pages"
    folder.mkdir(parents=True)
    paths = [folder / f"page-{number}.md" for number in range(files)]
    for number, path in enumerate(paths):
        body = "\n\n".join(_sentence(random) for _ in range(messages // files - 2))
        path.write_text(_HEAD.format(number) + body + "\n", "utf-8")
    return paths


def _change(paths: list[Path], random: Random) -> None:
    """Put one word more into every twentieth sentence."""
    for path in paths:
        head, fence, body = path.read_text("utf-8").rpartition("---\n")
        changed = (f"Now {line}" if line and random.random() < 0.05 else line for line in body.split("\n"))
        path.write_text(head + fence + "\n".join(changed), "utf-8")


def _translate(po: Path) -> None:
    """Fill a catalog with translations of the same shape as their texts."""
    catalog = read(po)
    entries = (replace(entry, translations=(entry.text.replace("photo", "image"),)) for entry in catalog.entries)
    write(po, replace(catalog, entries=tuple(entries)))


def _timed(what: str, step: Callable[[], str]) -> None:
    start = time.perf_counter()
    result = step()
    print(f"{what:<34}{time.perf_counter() - start:>8.2f} s   {result}")


def _run(folder: Path, messages: int, files: int) -> None:
    random = Random(1)
    content, pot, po = folder / "content", folder / "content.pot", folder / "fr" / "LC_MESSAGES" / "content.po"
    paths = _write_files(content, messages, files, random)

    def extract() -> str:
        template = content_template(content)
        write_template(pot, template)
        return f"{len(template.entries)} texts of {files} files"

    def bring_up_to_date() -> str:
        update(pot, po, _LANGUAGE)
        return "with msgmerge" if shutil.which("msgmerge") else "without msgmerge"

    def compile_() -> str:
        problems = compile_catalog(po, po.with_suffix(".mo"), "content")
        return f"{po.with_suffix('.mo').stat().st_size // 1024} KiB, {len(problems)} left out"

    def judge() -> str:
        entries = read(po).entries
        start = time.perf_counter()
        for entry in entries:
            content_faults(entry.text, entry.translations[0])
        return f"{(time.perf_counter() - start) / len(entries) * 1000:.2f} ms a translation"

    _timed("extract", extract)
    _timed("begin a catalog", bring_up_to_date)
    _translate(po)
    _timed("compile", compile_)
    _timed("check", lambda: f"{len(check_catalog(po, 'content', _LANGUAGE))} problems")
    _timed("judge each translation", judge)
    _change(paths, random)
    _timed("extract after 5 % have changed", extract)
    _timed("update after 5 % have changed", bring_up_to_date)
    _timed("statistics", lambda: str(stats(pot, po, "content", _LANGUAGE)))


def main() -> None:
    """Run every step on made-up texts in a temporary folder."""
    numbers = [int(argument) for argument in sys.argv[1:]]
    messages, files = (*numbers, *(5000, 500)[len(numbers) :])
    with tempfile.TemporaryDirectory() as folder:
        _run(Path(folder), messages, files)


if __name__ == "__main__":
    main()
