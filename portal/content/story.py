"""A chat story: scenes, choices that lead from one to the next, and endings that explain what to notice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace

from markdown_it.token import Token

from portal.content.parts import NONE, TOGETHER, Fault, Option, Part, Prose, faults_of_end

# Who says a line of chat, in the source language: `**Kit:** …`.
_SPEAKER = re.compile(r"\*\*([^*]+?):\*\*")


@dataclass(frozen=True)
class Scene:
    """A scene in a language: its prose with what is chatted, and the choices; without choices it is an ending."""

    id: str
    heading: Prose
    body: Prose
    choices: tuple[Option, ...]

    @property
    def is_ending(self) -> bool:
        """Tell whether the story ends here."""
        return not self.choices

    def after(self, choice: int) -> str:
        """Give the name of the scene that a choice (from 0) leads to. Raises IndexError where there is none."""
        box = self.choices[choice].box
        if choice < 0 or box is None:
            raise IndexError(choice)
        return box.names[0]

    def risk(self, choice: int) -> int:
        """Give the risk of a choice."""
        box = self.choices[choice].box
        return box.risk if box else NONE


@dataclass(frozen=True)
class Story:
    """A story in a language; `together` is one thing to do with a person."""

    start: str
    scenes: Mapping[str, Scene]
    together: Part


def read_story(parts: Sequence[Part], me: str) -> Story:
    """Give the story that sound parts make; `me` is the name of the child whose choices the reader makes."""
    scenes = {
        part.id: Scene(part.id, part.heading, replace(part.body, tokens=_chatted(part.body, me)), part.options)
        for part in parts[:-1]
    }
    return Story(parts[0].id, scenes, parts[-1])


def story_faults(parts: Sequence[Part]) -> Iterator[Fault]:
    """Give what is wrong with the parts of a story."""
    yield from faults_of_end(parts)
    scenes = {part.id: part for part in reversed(parts) if part.id != TOGETHER}
    if not scenes:
        yield Fault(0, "scene", "a story needs a scene: a heading ## with an anchor such as {#start}")
        return
    listed = [part for part in parts if part.id != TOGETHER]
    for part in listed:
        yield from part.faults
        yield from _scene_faults(part, scenes)
        if scenes[part.id] is not part:
            yield Fault(part.line, "scene", f"{{#{part.id}}} is another scene already")
    yield from _path_faults(listed, scenes)


def _scene_faults(part: Part, scenes: Mapping[str, Part]) -> Iterator[Fault]:
    if part.is_ordered:
        yield Fault(part.line, "options", "choices are a list with - and not with numbers")
    if not part.options and "notice" not in part.shown:
        reason = "a scene without choices is an ending, and an ending explains: it needs a block ::: notice"
        yield Fault(part.line, "ending", reason)
    for option in part.options:
        yield from _choice_faults(option, scenes)
    for line in _chat_lines(part.body.tokens):
        if not _SPEAKER.match(line.meta["message"].text):
            yield Fault(part.line_of(line), "chat", "each line of a chat begins with its speaker, such as **Kit:**")


def _choice_faults(option: Option, scenes: Mapping[str, Part]) -> Iterator[Fault]:
    if not option.box:
        return  # told already
    if len(option.box.names) != 1:
        yield Fault(option.line, "box", "the box of a choice holds the scene it leads to, such as [#start]")
        return
    target = scenes.get(option.box.names[0])
    if target is None:
        yield Fault(option.line, "scene", f"there is no scene {{#{option.box.names[0]}}}")
    elif option.box.risk:
        if "help" not in target.shown:
            reason = f"this choice carries a risk, so {{#{target.id}}} needs a block ::: help"
            yield Fault(option.line, "help", reason)
        if target.options and all(one.box and one.box.risk for one in target.options):
            yield Fault(option.line, "way back", f"{{#{target.id}}} needs a choice without risk: a way back")


def _path_faults(listed: Sequence[Part], scenes: Mapping[str, Part]) -> Iterator[Fault]:
    """Find scenes that no path leads to, and those from which no path leads to an ending."""
    after = {
        name: {one for option in part.options if option.box for one in option.box.names}
        for name, part in scenes.items()
    }
    reached = _spread({listed[0].id}, after)
    before = {name: {one for one, targets in after.items() if name in targets} for name in scenes}
    ending = _spread({name for name, part in scenes.items() if not part.options}, before)
    for part in listed:
        if part.id not in reached:
            yield Fault(part.line, "scene", f"no choice leads to {{#{part.id}}}")
        elif part.id not in ending:
            yield Fault(part.line, "dead end", f"no path leads from {{#{part.id}}} to an ending")


def _spread(start: set[str], steps: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += steps.get(name, ())
    return found


def _chat_lines(tokens: Sequence[Token]) -> Iterator[Token]:
    """Give the texts of what is chatted."""
    inside = False
    for token in tokens:
        if token.type.startswith("container_chat"):
            inside = token.nesting == 1
        elif inside and token.type == "inline" and token.meta["message"]:
            yield token


def _chatted(body: Prose, me: str) -> tuple[Token, ...]:
    """Make the lists of chats ordered ones, and mark what the reader's child says by the name in the source text."""
    lines = {id(token) for token in _chat_lines(body.tokens)}
    tokens = [copy(token) for token in body.tokens]
    item = chat = None
    for token, was in zip(tokens, body.tokens, strict=True):
        if token.type.startswith("container_chat"):
            chat = token if token.nesting == 1 else None
        elif chat and token.type in ("bullet_list_open", "bullet_list_close"):
            token.tag = "ol"
        elif token.type == "list_item_open":
            token.attrs = dict(token.attrs)
            item = token
        elif id(was) in lines and item and (said := _SPEAKER.match(token.meta["message"].text)):
            item.attrSet("class", "mine" if said[1] == me else "theirs")
    return tuple(tokens)
