"""The commands of translation: `portal messages extract | update | compile | check | stats | same-meaning`."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from portal.commands import Commands, settings_or_exit, tell
from portal.content.compiled import compile_catalog, is_compiled
from portal.content.extract import content_template, interface_template, is_current, write_template
from portal.content.language import SOURCE, Language, language
from portal.content.message import fold
from portal.content.po import Stats, same_meaning, stats, update
from portal.content.pofile import Catalog
from portal.content.problem import ContentError, Problem
from portal.content.vetting import advise, check_catalog

DOMAINS = ("messages", "content")

# Where the interface's words stand.
CODE = Path(__file__).parent


def translated_into(translations: Path) -> list[Language]:
    """Give the languages that have a folder of catalogs; of folders with other names `check_all` tells."""
    found = (_target(path.parent.name.replace("_", "-")) for path in sorted(translations.glob("*/LC_MESSAGES")))
    return [one for one in found if one]


def _target(code: str) -> Language | None:
    try:
        return language(code) if code != SOURCE else None
    except ValueError:
        return None


def _strange_folders(translations: Path) -> Iterator[Problem]:
    for path in sorted(translations.glob("*/LC_MESSAGES")):
        if not _target(path.parent.name.replace("_", "-")):
            reason = "the folder is not named after a language to translate into"
            yield Problem(str(path.parent), 0, "language", reason)


def templates(content: Path, code: Path) -> dict[str, Catalog]:
    """Give the templates of both domains from the texts as they are now."""
    return {"messages": interface_template(code), "content": content_template(content)}


def catalogs(translations: Path) -> Iterator[tuple[Language, str, Path]]:
    """Give every catalog there is, with its language and domain."""
    for one in translated_into(translations):
        for domain in DOMAINS:
            path = one.catalog(translations, domain)
            if path.exists():
                yield one, domain, path


def compile_all(translations: Path) -> list[Problem]:
    """Compile the catalogs that have changed. Give a problem for each translation or catalog that is left out."""
    changed = [(domain, po) for _, domain, po in catalogs(translations) if not is_compiled(po, po.with_suffix(".mo"))]
    left_out, refused = _compile(changed)
    return [*refused, *left_out]


def _compile(listed: Iterable[tuple[str, Path]]) -> tuple[list[Problem], list[Problem]]:
    """Compile catalogs, each with its domain. Give the problems of what is left out, and of what is refused whole."""
    left_out: list[Problem] = []
    refused: list[Problem] = []
    for domain, po in listed:
        try:
            left_out += compile_catalog(po, po.with_suffix(".mo"), domain)
        except ContentError as error:
            refused += error.problems
    return left_out, refused


def check_all(translations: Path, content: Path, code: Path) -> list[Problem]:
    """Give everything wrong with the templates and catalogs of a folder."""
    problems = list(_strange_folders(translations))
    for domain, template in templates(content, code).items():
        pot = translations / f"{domain}.pot"
        if not is_current(pot, template):
            problems.append(Problem(str(pot), 0, "template", "the texts have changed; run `portal messages extract`"))
    for one, domain, po in catalogs(translations):
        problems += check_catalog(po, domain, one)
    return problems


def count_all(translations: Path) -> Iterator[tuple[Language, str, Stats]]:
    """Give how far every language has come in each domain, against the templates."""
    for one in translated_into(translations):
        for domain in DOMAINS:
            pot, po = translations / f"{domain}.pot", one.catalog(translations, domain)
            yield one, domain, stats(pot, po, domain, one)


@click.group(cls=Commands)
def messages() -> None:
    """Look after the translations."""


@messages.command("extract")
def extract_command() -> None:
    """Write the templates (.pot) from the texts and the interface."""
    settings = settings_or_exit()
    for domain, template in templates(settings.content, CODE).items():
        write_template(settings.translations / f"{domain}.pot", template)
        click.echo(f"{domain}: {len(template.entries)} texts")


@messages.command("update")
@click.argument("codes", metavar="[LANGUAGE]…", nargs=-1)
def update_command(codes: tuple[str, ...]) -> None:
    """Bring all catalogs up to date with the templates, and begin those of a new LANGUAGE such as it or sr-Latn."""
    translations = settings_or_exit().translations
    asked = {code: _target(code) for code in codes}
    unknown = [code for code, one in asked.items() if one is None]
    if unknown:
        raise click.BadParameter(f"no language to translate into: {', '.join(unknown)}")
    for one in dict.fromkeys([*translated_into(translations), *(one for one in asked.values() if one)]):
        for domain in DOMAINS:
            update(translations / f"{domain}.pot", one.catalog(translations, domain), one)


@messages.command("compile")
def compile_command() -> None:
    """Compile the catalogs, without what is fuzzy or unfit to be shown. Exit 1 where a whole catalog is refused."""
    left_out, refused = _compile((domain, po) for _, domain, po in catalogs(settings_or_exit().translations))
    tell(left_out, "left out: ", err=True)
    if refused:
        raise ContentError(*refused)


@messages.command("check")
def check_command() -> None:
    """Check templates and catalogs. Exit 1 with file, line, rule and reason of each fault; advice goes to stderr."""
    settings = settings_or_exit()
    problems = check_all(settings.translations, settings.content, CODE)
    if problems:
        raise ContentError(*problems)
    for one, domain, po in catalogs(settings.translations):
        tell(advise(po, domain, one), "advice: ", err=True)
    click.echo("translations are sound")


@messages.command("stats")
@click.option("--strict", is_flag=True, help="Exit 1 where a text is not translated.")
def stats_command(strict: bool) -> None:
    """Tell how far each language has come."""
    counted = list(count_all(settings_or_exit().translations))
    click.echo(f"{'language':<10}{'domain':<10}{'texts':>7}{'translated':>12}{'guessed':>9}{'missing':>9}{'share':>8}")
    for one, domain, count in counted:
        # Rounded down: 100 % is said of what is whole.
        share = f"{count.translated * 100 // max(count.total, 1)} %"
        row = f"{count.total:>7}{count.translated:>12}{count.fuzzy:>9}{count.untranslated:>9}{share:>8}"
        click.echo(f"{one.code:<10}{domain:<10}{row}")
    if strict and any(count.share < 1 for _, _, count in counted):
        raise click.ClickException("not everything is translated")


@messages.command("same-meaning")
@click.argument("old")
@click.argument("new")
def same_meaning_command(old: str, new: str) -> None:
    """Keep the translations of the English text OLD for its corrected form NEW, which means the same."""
    kept = same_meaning(fold(old), fold(new), [po for _, _, po in catalogs(settings_or_exit().translations)])
    if not kept:
        raise click.ClickException("no catalog has a translation of the old text that the new one lacks")
    click.echo(f"kept in {kept} catalogs; now run `portal messages extract` and `portal messages update`")
