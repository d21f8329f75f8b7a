"""GIFT, the text format for questions of Moodle and many others: written, and read from what teachers have.

The format: https://docs.moodle.org/en/GIFT_format. What is kept both ways: questions with their situation, options in
their order, which are good, whether one or all are to be chosen, explanations, and the idea (as general feedback).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from portal.content.problem import Problem
from portal.exchange.moodle import fraction
from portal.exchange.sheet import ALL, ONE, ORDER, Answer, Item, Sheet, one_line

_SPECIAL = re.compile(r"([\\~=#{}:])")
_ESCAPED = re.compile(r"\\([\\~=#{}:n])")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_FORMAT = re.compile(r"\A\s*\[(html|moodle|plain|markdown)\]\s*")
_NAME = re.compile(r"\A\s*::(.*?)::", re.S)
_WEIGHT = re.compile(r"\A%(-?\d+(?:\.\d+)?)%")
_TRUTH = re.compile(r"\A(T|TRUE|F|FALSE)\s*(?:#|\Z)", re.I)

# Characters that no text holds, in place of escaped ones while a question is taken apart; the last is a line break.
_PRIVATE = 0xE000
_KEPT = "\\~=#{}:\n"
_BREAK = chr(_PRIVATE + _KEPT.index("\n"))


class _NotTakenError(ValueError):
    """A question of a sort that we do not have; the reason says which."""


@dataclass(frozen=True)
class Taken:
    """What was read from a file: the quiz, and a problem for each question or part that could not be taken."""

    sheet: Sheet
    problems: tuple[Problem, ...]


def write_gift(sheet: Sheet) -> str:
    """Give a quiz as GIFT."""
    lines = [f"// {one_line(sheet.title)}", ""]
    for number, item in enumerate(sheet.items, 1):
        lines += [_write_item(number, item), ""]
    return "\n".join(lines)


def read_gift(path: str, text: str, title: str, lang: str) -> Taken:
    """Read a GIFT file's text; `path` names it in problems."""
    items: list[Item] = []
    problems: list[Problem] = []
    for line, block in _blocks(text):
        try:
            item, loss = _read_item(block)
        except _NotTakenError as error:
            problems.append(Problem(path, line, "question", f"not taken: {error}"))
            continue
        items.append(item)
        problems += [Problem(path, line, "part", one) for one in loss]
    return Taken(Sheet(title, lang, tuple(items)), tuple(problems))


def _write_item(number: int, item: Item) -> str:
    text = _escape(item.text) + (f"\\n\\n{_escape(item.detail)}" if item.detail else "")
    idea = [f"\t####{_escape(item.idea)}"] if item.idea else []
    return "\n".join([f"::{number:02}:: {text} {{", *(f"\t{one}" for one in _write_answers(item)), *idea, "}"])


def _write_answers(item: Item) -> Iterator[str]:
    for place, answer in enumerate(item.answers, 1):
        words = _escape(answer.text)
        reason = f" #{_escape(answer.reason)}" if answer.reason else ""
        if item.kind == ORDER:
            # Matching questions have no place for feedback, so that the reasons stay with the order in our own files.
            yield f"={words} -> {place}"
        elif item.kind == ALL:
            yield f"~%{fraction(item, answer)}%{words}{reason}"
        else:
            yield f"{'=' if answer.is_good else '~'}{words}{reason}"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", one_line(text))


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Give each question with the line it begins in. Comments, categories and empty lines part them."""
    lines: list[str] = []
    first = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip() and not line.lstrip().startswith("//") and not line.startswith("$CATEGORY"):
            first = first if lines else number
            lines.append(line)
        elif lines and not line.strip():
            yield first, "\n".join(lines)
            lines = []


def _read_item(block: str) -> tuple[Item, list[str]]:
    """Read one question. Gives it with what of it is lost; raises _NotTakenError with the reason."""
    block = _ESCAPED.sub(lambda found: chr(_PRIVATE + _KEPT.index(found[1].replace("n", "\n"))), block)
    block = _NAME.sub("", block)
    text, brace, rest = block.partition("{")
    inner, closing, after = rest.partition("}")
    if not brace:
        raise _NotTakenError("it has no answers in braces")
    if not closing:
        raise _NotTakenError("its closing brace is missing")
    loss = []
    text = _FORMAT.sub("", f"{text.rstrip()} _____ {after.strip()}" if after.strip() else text)
    inner, _, idea = inner.partition("####")
    kind, answers = _read_answers(inner.strip())
    if _TAG.search(text + inner + idea):
        loss.append("HTML is left out, its text is kept")
    head, _, detail = text.partition(_BREAK)
    item = Item(_plain(head), kind, answers, _plain(detail), _plain(idea))
    if not item.text:
        raise _NotTakenError("it has no text")
    return item, loss


def _read_answers(inner: str) -> tuple[str, tuple[Answer, ...]]:
    truth = _TRUTH.match(inner)
    if truth:
        return ONE, _true_or_false(inner, is_true=truth[1].upper().startswith("T"))
    if not inner:
        raise _NotTakenError("an essay has no answers to choose from")
    if inner.startswith("#"):
        raise _NotTakenError("numbers to be entered are no options to choose from")
    parts = re.findall(r"([=~])([^=~]*)", inner)
    if parts and all(mark == "=" and "->" in words for mark, words in parts):
        return ORDER, _order([words for _, words in parts])
    if not any(mark == "~" for mark, _ in parts):
        raise _NotTakenError("an answer to be typed is no option to choose from")
    answers = tuple(_answer(mark, words) for mark, words in parts)
    if not any(answer.is_good for answer in answers):
        raise _NotTakenError("no answer is right")
    return (ONE if any(mark == "=" for mark, _ in parts) else ALL), answers


def _answer(mark: str, words: str) -> Answer:
    words = words.strip()
    weight = _WEIGHT.match(words)
    text, _, reason = (words[weight.end() :] if weight else words).partition("#")
    good = float(weight[1]) > 0 if weight else mark == "="
    return Answer(_plain(_FORMAT.sub("", text)), good, _plain(reason))


def _true_or_false(inner: str, *, is_true: bool) -> tuple[Answer, ...]:
    _, wrong, right = (*inner.split("#"), "", "")[:3]
    said = {True: _plain(right), False: _plain(wrong)}
    return Answer("True", is_true, said[is_true]), Answer("False", not is_true, said[not is_true])


def _order(pairs: list[str]) -> tuple[Answer, ...]:
    """Read a matching question whose right sides are the places of an order."""
    steps = [(_plain(step), _plain(place)) for step, _, place in (pair.partition("->") for pair in pairs)]
    if sorted(place for _, place in steps) != sorted(str(at) for at in range(1, len(steps) + 1)):
        raise _NotTakenError("a matching question is taken only where its right sides are the numbers of an order")
    return tuple(Answer(step, is_good=True) for step, _ in sorted(steps, key=lambda one: int(one[1])))


def _plain(text: str) -> str:
    places = ((one, ord(one) - _PRIVATE) for one in _TAG.sub("", text))
    return one_line("".join(_KEPT[at] if 0 <= at < len(_KEPT) else one for one, at in places))
