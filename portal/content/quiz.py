"""A quiz: questions with options, each explained, and an idea behind each question.

How a question is answered follows from how it is written: one `[x]` is to be found (`ONE`), several are all to be
found (`ALL`) unless `<!-- choose: one -->` says that any of them will do, and a numbered list is to be put in order
(`ORDER`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from portal.content.parts import (
    NONE,
    TOGETHER,
    Fault,
    Option,
    Part,
    Prose,
    faults_of_end,
    faults_of_options,
)

ONE, ALL, ORDER = "one", "all", "order"

# What Kahoot's spreadsheet takes: characters of a question and of an answer, and answers a question.
# https://support.kahoot.com: "How to import questions from a spreadsheet".
LONGEST_QUESTION, LONGEST_OPTION, MOST_OPTIONS = 120, 75, 4
_MOST_STEPS = 6

# The numbers (from 0) of the options that somebody chose, in the order in which they stand or were put.
Answer = tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """A question in a language: `options` as written, for `ORDER` in the right order."""

    id: str
    line: int
    kind: str
    heading: Prose
    body: Prose
    options: tuple[Option, ...]
    idea: Prose
    discuss: Prose

    @property
    def good(self) -> frozenset[int]:
        """Give the numbers of the good options."""
        return frozenset(at for at, option in enumerate(self.options) if option.box and option.box.good)

    @property
    def shown(self) -> Answer:
        """Give the order in which options are shown: as written, and steps mixed, always in the same way."""
        numbers = tuple(range(len(self.options)))
        if self.kind != ORDER:
            return numbers
        mixed = tuple(sorted(numbers, key=lambda at: blake2b(f"{self.id} {at}".encode()).digest()))
        return mixed if mixed != numbers else numbers[::-1]

    def accepts(self, answer: Answer) -> bool:
        """Tell whether an answer can be one to this question."""
        within = len(set(answer)) == len(answer) and all(0 <= at < len(self.options) for at in answer)
        size = {ONE: len(answer) == 1, ALL: bool(answer), ORDER: len(answer) == len(self.options)}[self.kind]
        return within and size

    def is_good(self, answer: Answer) -> bool:
        """Tell whether an answer shows that the reader knows the idea."""
        if self.kind == ORDER:
            return answer == tuple(range(len(self.options)))
        return set(answer) == self.good if self.kind == ALL else set(answer) <= self.good

    def risk(self, answer: Answer) -> int:
        """Give the highest risk of the chosen options."""
        return max((box.risk for at in answer if (box := self.options[at].box)), default=NONE)


@dataclass(frozen=True)
class Quiz:
    """A quiz in a language; `together` is one thing to do with a person."""

    questions: tuple[Question, ...]
    together: Part


def read_quiz(parts: Sequence[Part]) -> Quiz:
    """Give the quiz that sound parts make."""
    return Quiz(tuple(question(part) for part in parts[:-1]), parts[-1])


def question(part: Part) -> Question:
    """Give the question that a section asks."""
    several = sum(bool(option.box and option.box.good) for option in part.options) > 1
    return Question(
        id=part.id,
        line=part.line,
        kind=ORDER if part.is_ordered else ALL if several and part.choose != "one" else ONE,
        heading=part.heading,
        body=part.body,
        options=part.options,
        idea=part.aside.get("idea", Prose()),
        discuss=part.aside.get("discuss", Prose()),
    )


def quiz_faults(parts: Sequence[Part]) -> Iterator[Fault]:
    """Give what is wrong with the parts of a quiz."""
    yield from faults_of_end(parts)
    questions = [part for part in parts if part.id != TOGETHER]
    if not questions:
        yield Fault(0, "question", "a quiz needs a question: a heading ## with a list of options below it")
    for part in questions:
        yield from question_faults(part)


def question_faults(part: Part) -> Iterator[Fault]:
    """Give what is wrong with a question."""
    yield from faults_of_options(part, least=2, most=_MOST_STEPS if part.is_ordered else MOST_OPTIONS)
    for option in part.options:
        if option.box and option.box.names:
            yield Fault(option.line, "box", "the box of an answer is [x], [ ], [!] or [!!]")
    if part.options and not part.is_ordered and not question(part).good:
        yield Fault(part.line, "options", "mark at least one good option with [x]")
    idea = part.aside.get("idea")
    if not idea or not idea.links:
        reason = "a question needs a block ::: idea, one sentence and a link to the page that explains it"
        yield Fault(part.line, "idea", reason)
