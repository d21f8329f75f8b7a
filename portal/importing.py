"""The command `portal import`: quizzes in GIFT and stories in Twee 3 become markdown files of ours."""

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from portal.commands import settings_or_exit, tell
from portal.content.head import AGES, DOORS, PRACTICE
from portal.content.language import SOURCE
from portal.content.library import read_text
from portal.content.problem import Problem
from portal.exchange.draft import anchor, quiz_draft
from portal.exchange.gift import read_gift
from portal.exchange.twee import read_twee

_GIFT, _TWEE = (".gift", ".txt"), (".twee", ".tw")


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--audience", type=click.Choice(DOORS), required=True, help="For whom it is.")
@click.option("--ages", multiple=True, type=click.Choice(AGES), help="For kids and teens: the ages; may stand twice.")
@click.option("--topic", required=True, help="The topic, a word in small letters, such as games.")
@click.option("--title", help="The title; else the file's own or its name.")
@click.option("--me", help="For a story: the name of the child whose choices the reader makes.")
@click.option("--order", default=500, show_default=True, help="Its place in the list.")
def import_command(
    file: Path, audience: str, ages: Sequence[str], topic: str, title: str | None, me: str | None, order: int
) -> None:
    """Write our markdown from FILE: a quiz in GIFT (.gift, .txt) or a story in Twee 3 (.twee, .tw).

    Says with file and line what could not be taken. Texts are English, as all that is translated; complete the draft
    and run `portal check`.
    """
    settings = settings_or_exit()
    name = title or re.sub(r"[-_]+", " ", file.stem).strip().capitalize()
    common: dict[str, object] = {
        "summary": "",
        "audience": audience,
        **({"ages": list(ages)} if ages else {}),
        "topic": topic,
        "order": order,
        "reviewed": date.today(),
    }
    text = read_text(file, str(file))
    problems: Sequence[Problem]
    if file.suffix.lower() in _GIFT:
        kind = "quiz"
        taken = read_gift(str(file), text, name, SOURCE)
        problems = taken.problems
        draft = quiz_draft(taken.sheet, {"kind": kind, "title": name, **common})
    elif file.suffix.lower() in _TWEE:
        kind = "story"
        story = read_twee(str(file), text)
        problems = story.problems
        draft = story.draft({"kind": kind, "title": title or story.title or name, **common, "me": me or ""})
    else:
        raise click.BadParameter(f"{file.name}: known are {', '.join((*_GIFT, *_TWEE))}")
    target = settings.content / PRACTICE[kind] / f"{anchor(file.stem, (), kind)}.md"
    if target.exists():
        raise click.ClickException(f"{target} is there already; nothing was written")
    target.parent.mkdir(exist_ok=True)
    target.write_text(draft, encoding="utf-8")
    tell(problems)
    click.echo(f"wrote {target}; complete it, then run `portal check`")
