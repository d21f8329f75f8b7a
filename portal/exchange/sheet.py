"""A quiz as bare text: what every program that knows quizzes can take, and what we take from them."""

import re
from dataclasses import dataclass

from portal.content.quiz import ALL, ONE, ORDER, Question, Quiz

__all__ = ["ALL", "ONE", "ORDER", "Answer", "Item", "Sheet", "one_line", "sheet_of"]

# All space but that which keeps words together, as before a French question mark.
_SPACE = re.compile(r"[^\S\u00a0\u202f]+")


@dataclass(frozen=True)
class Answer:
    """An option: its words, whether it is good, and what is said about it ("" where nothing is)."""

    text: str
    is_good: bool
    reason: str = ""


@dataclass(frozen=True)
class Item:
    """A question: `kind` is ONE, ALL or ORDER (then the answers stand in the right order), `detail` the situation.

    `idea` and `discuss` may be "".
    """

    text: str
    kind: str
    answers: tuple[Answer, ...]
    detail: str = ""
    idea: str = ""
    discuss: str = ""


@dataclass(frozen=True)
class Sheet:
    """A quiz: its title, the code of its language, and its questions."""

    title: str
    lang: str
    items: tuple[Item, ...]


def one_line(text: str) -> str:
    """Give a text on one line, without space around it and with single spaces in it."""
    return _SPACE.sub(" ", text).strip()


def sheet_of(quiz: Quiz, title: str, lang: str) -> Sheet:
    """Give a quiz as bare text. Risks and links are left out: no program that it goes to knows them."""
    return Sheet(title, lang, tuple(_item(question) for question in quiz.questions))


def _item(question: Question) -> Item:
    is_order = question.kind == ORDER
    return Item(
        text=question.heading.text,
        kind=question.kind,
        answers=tuple(
            Answer(option.label.text, is_order or at in question.good, option.reason.text)
            for at, option in enumerate(question.options)
        ),
        detail=question.body.text,
        idea=question.idea.text,
        discuss=question.discuss.text,
    )
