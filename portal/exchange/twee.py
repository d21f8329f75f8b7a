"""Twee 3, the text form of stories written in Twine: read into our own markdown.

The format: https://github.com/iftechfoundation/twine-specs, "Twee 3 Specification". Taken are passages, their links,
and lines of chat (`Kit: Hello`, the name of at most two words). A passage with the tag `risk` or `high-risk` makes
every choice that leads to it one of that risk. Macros, scripts, styles, pictures and HTML are left out, and told.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.content.parts import TOGETHER
from portal.content.problem import Problem
from portal.exchange.draft import anchor, escape, head

_HEADER = re.compile(
    r"::\s*(?P<name>(?:\\.|[^\[{\\])*?)\s*(?:\[(?P<tags>(?:\\.|[^\]\\])*)\])?\s*(?P<data>\{.*\})?\s*\Z"
)
_LINK = re.compile(r"\[\[(.+?)\]\]")
_LOST = (
    (re.compile(r"<<.*?>>", re.S), "a macro"),
    (re.compile(r"\((?:[a-z][\w-]*):[^()]*\)(?:\[[^\[\]]*\])?", re.I), "a macro"),
    (re.compile(r"<!--.*?-->", re.S), "a comment"),
    (re.compile(r"\[img\[.*?\]\]", re.S | re.I), "a picture"),
    (re.compile(r"</?[a-zA-Z][^>]*>"), "HTML"),
)
_CHAT = re.compile(r"\A(?:''|\*\*|//)?([^\W\d_][\w’'-]*(?: [^\W\d_][\w’'-]*)?):(?:''|\*\*|//)?\s+(\S.*)\Z")
_EMPHASIS = re.compile(r"''|\*\*|//")
_SPECIAL = ("StoryTitle", "StoryData")
_NO_TEXT = frozenset({"script", "stylesheet", "Twine.private"})
_RISKS = {"risk": " !", "high-risk": " !!"}


@dataclass(frozen=True)
class _Passage:
    name: str
    line: int
    tags: frozenset[str]
    text: str


@dataclass(frozen=True)
class TakenStory:
    """What was read: the story's `title` ("" if it has none), our markdown below the head, and what was not taken."""

    title: str
    body: str
    problems: tuple[Problem, ...]

    def draft(self, values: Mapping[str, object]) -> str:
        """Give the file with a head of `values`."""
        return f"{head(values)}\n{self.body}"


def read_twee(path: str, text: str) -> TakenStory:
    """Read a Twee 3 file's text; `path` names it in problems."""
    return _Reader(path, text).taken()


class _Reader:
    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._problems: list[Problem] = []
        passages = list(_passages(text))
        self._special = {one.name: one.text.strip() for one in passages if one.name in _SPECIAL}
        self._passages = [one for one in passages if one.name not in _SPECIAL and not self._is_code(one)]
        self._anchors: dict[str, str] = {}
        for one in self._passages:
            if one.name in self._anchors:
                self._tell(one.line, "passage", f"a second passage {one.name!r} is left out")
            else:
                self._anchors[one.name] = anchor(one.name, tuple(self._anchors.values()), "scene")
        self._risks = {one.name: next((_RISKS[tag] for tag in _RISKS if tag in one.tags), "") for one in self._passages}

    def taken(self) -> TakenStory:
        start = self._start()
        seen: set[str] = set()
        blocks: list[str] = []
        for one in sorted(self._passages, key=lambda one: one.name != start):
            if one.name not in seen:
                seen.add(one.name)
                blocks += self._scene(one)
        if not self._passages:
            self._tell(0, "passage", "there is no passage: each begins with a line such as :: Start")
        body = "\n\n".join([*blocks, f"## Do this with somebody {{#{TOGETHER}}}", ""])
        return TakenStory(self._special.get("StoryTitle", ""), body, tuple(self._problems))

    def _is_code(self, one: _Passage) -> bool:
        if one.tags & _NO_TEXT or one.name.startswith("Story") and one.name != "Story":
            self._tell(one.line, "passage", f"{one.name!r} is no scene and is left out")
            return True
        return False

    def _start(self) -> str:
        """Give the name of the passage that the story begins with."""
        try:
            named = json.loads(self._special.get("StoryData", "{}")).get("start", "")
        except (ValueError, AttributeError):
            self._tell(0, "passage", "StoryData is no JSON and is left out")
            named = ""
        names = [one.name for one in self._passages]
        return next((name for name in (str(named), "Start", *names) if name in names), "")

    def _scene(self, one: _Passage) -> Iterator[str]:
        yield f"## {escape(one.name)} {{#{self._anchors[one.name]}}}"
        text = one.text
        for rule, what in _LOST:
            if rule.search(text):
                self._tell(one.line, "part", f"{what} in {one.name!r} is left out")
                text = rule.sub("", text)
        links = list(_LINK.findall(text))
        yield from _paragraphs(_LINK.sub("", text))
        choices = [choice for link in links if (choice := self._choice(link, one))]
        if choices:
            yield "\n".join(choices)
        else:
            self._tell(
                one.line, "ending", f"{one.name!r} is an ending: write what to notice there, in a block ::: notice"
            )

    def _choice(self, link: str, one: _Passage) -> str:
        label, target = _label_and_target(link)
        if target not in self._anchors:
            self._tell(
                one.line, "link", f"{one.name!r} leads to {target!r}, which is no passage; the choice is left out"
            )
            return ""
        return f"- [#{self._anchors[target]}{self._risks[target]}] {escape(label)}"

    def _tell(self, line: int, rule: str, reason: str) -> None:
        self._problems.append(Problem(self._path, line, rule, reason))


def _passages(text: str) -> Iterator[_Passage]:
    lines = text.splitlines()
    starts = [at for at, line in enumerate(lines) if line.startswith("::")]
    for at, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        found = _HEADER.match(lines[at])
        name = re.sub(r"\\(.)", r"\1", found["name"]) if found else lines[at].removeprefix("::").strip()
        tags = frozenset((found["tags"] or "").split()) if found else frozenset[str]()
        yield _Passage(name.strip(), at + 1, tags, "\n".join(lines[at + 1 : end]))


def _label_and_target(link: str) -> tuple[str, str]:
    """Read a link: `label->target`, `target<-label`, `label|target`, or a name that is both."""
    for sign, label_at in (("->", 0), ("<-", 1), ("|", 0)):
        if sign in link:
            sides = link.rsplit(sign, 1) if sign == "->" else link.split(sign, 1)
            return sides[label_at].strip(), sides[1 - label_at].strip()
    return link.strip(), link.strip()


def _paragraphs(text: str) -> Iterator[str]:
    """Give paragraphs, and runs of chat as blocks."""
    chat: list[str] = []
    for line in (one.strip() for one in text.splitlines()):
        said = _CHAT.match(line)
        if said:
            chat.append(f"- **{escape(said[1])}:** {escape(_EMPHASIS.sub('', said[2]))}")
        elif line:
            if chat:
                yield _block(chat)
                chat = []
            yield escape(_EMPHASIS.sub("", line))
    if chat:
        yield _block(chat)


def _block(chat: list[str]) -> str:
    return "\n".join(["::: chat", *chat, ":::"])
