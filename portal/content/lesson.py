"""A lesson: one file for three lengths, since a step says how many minutes it takes in each of them.

`<!-- minutes: 20=5 45=8 60=10 -->` stands below a step's heading; in a length that is not named there, the step is left
out. `::: slide` holds what the projector shows, its first line being the title, and `::: cards` a list of cards to cut.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markdown_it.token import Token

from portal.content.document import Document, Lookup, cut_sections
from portal.content.head import PRACTICE
from portal.content.language import SOURCE
from portal.content.parts import Fault, Prose, cut_blocks, words
from portal.content.problem import Problem

# The lengths of a lesson, in minutes.
LENGTHS = (20, 45, 60)

# The sections before and after the steps.
BEFORE, AFTER = ("aim", "prepare"), ("disclosure", "home", "booster")

# Where a teacher reads what to do when a pupil discloses something.
GUIDE = "/teachers/when-a-pupil-tells/"

_MINUTES = "minutes:"
_WELL_WRITTEN = re.compile(r"minutes:(?: [1-9]\d*=[1-9]\d*)+\Z")

# Words that a class can read from its last row.
_MOST_WORDS = 50


@dataclass(frozen=True)
class Slide:
    """What the projector shows at once."""

    line: int
    title: Prose
    body: Prose


@dataclass(frozen=True)
class LessonPart:
    """A section in a language. A step has `minutes` by length; its slides and cards are not in its `body`.

    `minutes_line` is the line of the file that gives the minutes, `faults` are what can't be read.
    """

    id: str
    line: int
    heading: Prose
    body: Prose
    slides: tuple[Slide, ...]
    cards: tuple[Prose, ...]
    minutes: Mapping[int, int]
    minutes_line: int
    faults: tuple[Fault, ...]

    @property
    def is_step(self) -> bool:
        """Tell whether this is a step and no section of the frame."""
        return self.id not in (*BEFORE, *AFTER)


@dataclass(frozen=True)
class Timed:
    """A step at its time: minutes from the lesson's beginning, and the number (from 1) of its first slide."""

    step: LessonPart
    start: int
    end: int
    first_slide: int


@dataclass(frozen=True)
class Lesson:
    """A lesson in a language."""

    parts: tuple[LessonPart, ...]

    @cached_property
    def steps(self) -> list[LessonPart]:
        """Give the steps of all lengths, in their order."""
        return [part for part in self.parts if part.is_step]

    @property
    def before(self) -> list[LessonPart]:
        """Give the sections before the steps: the aim, and what to prepare."""
        return [part for part in self.parts if part.id in BEFORE]

    @property
    def after(self) -> list[LessonPart]:
        """Give the sections after the steps: disclosure, the task for home, the booster."""
        return [part for part in self.parts if part.id in AFTER]

    @property
    def cards(self) -> list[Prose]:
        """Give all cards."""
        return [card for step in self.steps for card in step.cards]

    def plan(self, length: int) -> list[Timed]:
        """Give the steps of one of the `LENGTHS`, each at its time."""
        plan: list[Timed] = []
        clock, slide = 0, 1
        for step in self.steps:
            if length in step.minutes:
                plan.append(Timed(step, clock, clock + step.minutes[length], slide))
                clock += step.minutes[length]
                slide += len(step.slides)
        return plan

    def slides(self, length: int) -> list[Slide]:
        """Give the slides for one of the `LENGTHS`."""
        return [slide for timed in self.plan(length) for slide in timed.step.slides]


def read_lesson(document: Document, reader: str, lookup: Lookup, env: Mapping[str, Any]) -> Lesson:
    """Give a sound lesson as a reader of the language `reader` sees it; `env` as for `make_parser`."""
    _, *sections = cut_sections(document.inline(reader, lookup))
    return Lesson(tuple(_Cutter(document.body_line, env).part(tokens) for tokens in sections))


def lesson_problems(document: Document) -> list[Problem]:
    """Give what keeps a lesson from being taught, with file and line; nothing for other documents."""
    if document.head.kind != "lesson":
        return []
    lesson = read_lesson(document, SOURCE, lambda reader, message: None, {})
    found = sorted(set(_faults(lesson)), key=lambda one: one.line)
    return [Problem(document.path, one.line, one.rule, one.reason) for one in found]


class _Cutter:
    """Cuts a section's tokens; lines count from the file's first."""

    def __init__(self, first_line: int, env: Mapping[str, Any]) -> None:
        self._first_line = first_line
        self._env = env
        self._body: list[Token] = []
        self._slides: list[Slide] = []
        self._cards: list[Prose] = []
        self._minutes: dict[int, int] = {}
        self._minutes_line = 0
        self._faults: list[Fault] = []

    def part(self, tokens: Sequence[Token]) -> LessonPart:
        for block in cut_blocks(tokens[3:]):
            self._take(block)
        return LessonPart(
            id=str(tokens[0].attrs["id"]),
            line=self._line(tokens[0]),
            heading=words(tokens[0], tokens[1], self._env),
            body=Prose(tuple(self._body), self._env),
            slides=tuple(self._slides),
            cards=tuple(self._cards),
            minutes=self._minutes,
            minutes_line=self._minutes_line,
            faults=tuple(self._faults),
        )

    def _take(self, block: list[Token]) -> None:
        first = block[0]
        if first.type == "comment" and first.content.startswith(_MINUTES):
            self._read_minutes(first)
        elif first.type == "container_slide_open":
            self._read_slide(block)
        elif first.type == "container_cards_open":
            self._read_cards(block)
        else:
            self._body += block

    def _read_minutes(self, comment: Token) -> None:
        pairs = [pair.partition("=") for pair in comment.content.removeprefix(_MINUTES).split()]
        known = {str(length) for length in LENGTHS}
        named = [length for length, _, _ in pairs]
        if self._minutes_line:
            self._fault(comment, "minutes", "a step says once how long it takes")
        elif not _WELL_WRITTEN.match(comment.content) or len({*named} & known) < len(named):
            self._fault(comment, "minutes", "write it as <!-- minutes: 20=5 45=8 60=10 -->, each length at most once")
        else:
            self._minutes = {int(length): int(minutes) for length, _, minutes in pairs}
        self._minutes_line = self._line(comment)

    def _read_slide(self, block: list[Token]) -> None:
        title, *rest = cut_blocks(block[1:-1]) or [[]]
        if not title or title[0].type != "paragraph_open":
            self._fault(block[0], "slide", "a slide begins with its title, a line of its own")
            return
        body = Prose(tuple(token for one in rest for token in one), self._env)
        slide = Slide(self._line(block[0]), words(title[0], title[1], self._env), body)
        if len(f"{slide.title.text} {slide.body.text}".split()) > _MOST_WORDS:
            self._fault(block[0], "slide", f"a slide has at most {_MOST_WORDS} words")
        self._slides.append(slide)

    def _read_cards(self, block: list[Token]) -> None:
        blocks = cut_blocks(block[1:-1])
        if [one[0].type for one in blocks] != ["bullet_list_open"]:
            self._fault(block[0], "cards", "cards are one list, an item for each card")
            return
        self._cards += [Prose(tuple(item[1:-1]), self._env) for item in cut_blocks(blocks[0][1:-1])]

    def _line(self, token: Token) -> int:
        return (token.map[0] if token.map else 0) + self._first_line

    def _fault(self, token: Token, rule: str, reason: str) -> None:
        self._faults.append(Fault(self._line(token), rule, reason))


def _faults(lesson: Lesson) -> Iterator[Fault]:
    yield from _order_faults(lesson.parts)
    for part in lesson.parts:
        yield from part.faults
        yield from _step_faults(part) if part.is_step else _frame_faults(part)
    for length in LENGTHS:
        yield from _length_faults(lesson, length)
    if not lesson.cards:
        yield Fault(0, "cards", "a lesson has cards to print: a block ::: cards in one of its steps")
    played = tuple(f"/{address}/" for address in PRACTICE.values())
    if not any(target.startswith(played) for part in lesson.parts for target in _targets(part)):
        yield Fault(0, "link", "a lesson links to the quiz, story or trail game that belongs to it")


def _order_faults(parts: Sequence[LessonPart]) -> Iterator[Fault]:
    ids = [part.id for part in parts]
    missing = [name for name in (*BEFORE, *AFTER) if name not in ids]
    for name in missing:
        yield Fault(0, "section", f"the section {{#{name}}} is missing")
    if missing:
        return
    wanted = [*BEFORE, *(part.id for part in parts if part.is_step), *AFTER]
    for part, name in zip(parts, wanted, strict=False):
        if part.id != name:
            yield Fault(part.line, "section", f"{{#{name}}} must stand here: first the aim, last the booster")
            return


def _step_faults(part: LessonPart) -> Iterator[Fault]:
    if not part.minutes_line:
        frame = ", ".join(f"{{#{name}}}" for name in (*BEFORE, *AFTER))
        reason = f"a step says how long it takes, as in <!-- minutes: 20=5 45=8 60=10 -->; without are only {frame}"
        yield Fault(part.line, "minutes", reason)
    if not part.body:
        yield Fault(part.line, "step", "say here what the teacher does")


def _frame_faults(part: LessonPart) -> Iterator[Fault]:
    if part.minutes_line:
        yield Fault(part.minutes_line, "minutes", f"{{#{part.id}}} is no step, so it takes no minutes")
    if part.slides or part.cards:
        yield Fault(part.line, "step", "slides and cards belong to a step")
    if not part.body:
        yield Fault(part.line, "section", f"there is nothing in {{#{part.id}}}")
    skills = sum(token.type == "list_item_open" for token in part.body.tokens)
    if part.id == "aim" and skills not in (2, 3):
        yield Fault(part.line, "aim", f"list two or three skills, not {skills}")
    if part.id == "disclosure" and not any(target.startswith(GUIDE) for target in _targets(part)):
        yield Fault(part.line, "link", f"{{#disclosure}} links to {GUIDE}")


def _length_faults(lesson: Lesson, length: int) -> Iterator[Fault]:
    plan = lesson.plan(length)
    total = plan[-1].end if plan else 0
    if total != length:
        line = plan[-1].step.minutes_line if plan else 0
        yield Fault(line, "minutes", f"the steps of the lesson of {length} minutes sum up to {total}")
    if not lesson.slides(length):
        yield Fault(0, "slide", f"there is no slide in the lesson of {length} minutes: a block ::: slide")


def _targets(part: LessonPart) -> list[str]:
    return [str(link.attrs["href"]) for link in part.body.links]
