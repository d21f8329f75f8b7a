"""Where somebody is in a quiz, a trail or a story: all of it travels in the request, and none of it is kept.

The past is written as "1,0+2,3": one answer for each question, of one or more numbers. It stands in a hidden field and
not in the address, so that neither the browser's history nor a log knows what a child has answered.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from portal.content.quiz import ORDER, Answer, Question
from portal.content.story import Scene, Story

_PAST = re.compile(r"(?:\d{1,2}(?:\+\d{1,2})*(?:,\d{1,2}(?:\+\d{1,2})*)*)?\Z")

# More steps than any path takes; a loop can't be walked for ever.
_LONGEST_PATH = 60


class LostError(ValueError):
    """The past that came with a request is none that this play can have."""


@dataclass(frozen=True)
class Turn:
    """A question, the answers before it, and the reader's answer to it, or None while it is open.

    `question` is None when all are answered. `is_missing` tells that somebody went on without an answer.
    """

    past: tuple[Answer, ...]
    question: Question | None
    answer: Answer | None = None
    is_missing: bool = False

    @property
    def number(self) -> int:
        """Give the number of the question, from 1."""
        return len(self.past) + 1


def written(past: Sequence[Answer]) -> str:
    """Write answers as they travel in a form."""
    return ",".join("+".join(map(str, answer)) for answer in past)


def read_past(past: str) -> tuple[Answer, ...]:
    """Read answers from a form. Raises LostError where it was tampered with."""
    if not _PAST.match(past):
        raise LostError(past)
    return tuple(tuple(map(int, answer.split("+"))) for answer in past.split(",") if answer)


def turn(questions: Sequence[Question], past: str, sent: Answer | None) -> Turn:
    """Give where somebody is who has answered `past` and now sends an answer, or goes on (None).

    Raises LostError where these are no answers to these questions.
    """
    answers = read_past(past)
    if len(answers) > len(questions) or not all(
        question.accepts(answer) for question, answer in zip(questions, answers, strict=False)
    ):
        raise LostError(past)
    question = questions[len(answers)] if len(answers) < len(questions) else None
    if sent is None or question is None:
        return Turn(answers, question)
    if not question.accepts(sent):
        return Turn(answers, question, is_missing=True)
    return Turn(answers, question, sent)


def read_answer(question: Question, chosen: Sequence[str], places: Mapping[int, str]) -> Answer:
    """Read an answer from a form: the values of chosen options, or for steps the place that each was given.

    What can't be read gives an answer that no question accepts.
    """
    try:
        if question.kind == ORDER:
            return tuple(sorted(places, key=lambda at: int(places[at]))) if _is_order(places, question) else ()
        return tuple(sorted({int(one) for one in chosen}))
    except ValueError:
        return ()


def sent_answer(question: Question, form: MultiDict[str, str]) -> Answer:
    """Read the answer that a form sent: radio buttons share a name, boxes to tick and places of steps have one each."""
    numbers = range(len(question.options))
    chosen = [*form.getlist("choice"), *(str(at) for at in numbers if f"choice-{at}" in form)]
    return read_answer(question, chosen, {at: form.get(f"place-{at}", "") for at in numbers})


def _is_order(places: Mapping[int, str], question: Question) -> bool:
    wanted = {str(place) for place in range(1, len(question.options) + 1)}
    return set(places.values()) == wanted


@dataclass(frozen=True)
class Walk:
    """A path through a story: the scenes before, each with the choice made, the scene now, and the risk taken last."""

    past: tuple[Answer, ...]
    before: tuple[tuple[Scene, int], ...]
    scene: Scene
    risk: int


def walk(story: Story, past: str) -> Walk:
    """Follow choices from the start of a story. Raises LostError where they are none of its choices."""
    answers = read_past(past)
    if len(answers) > _LONGEST_PATH:
        raise LostError(past)
    scene, before, risk = story.scenes[story.start], [], 0
    for answer in answers:
        try:
            (choice,) = answer
            name, risk = scene.after(choice), scene.risk(choice)
        except (ValueError, IndexError) as error:
            raise LostError(past) from error
        before.append((scene, choice))
        scene = story.scenes[name]
    return Walk(answers, tuple(before), scene, risk)
