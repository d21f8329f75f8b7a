"""A YAML mapping taken apart value by value, so that every fault is told with its line."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from portal.content.problem import ContentError, Problem

# The parser written in C is twelve times as fast, and not on every system.
_Loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_TAG = "tag:yaml.org,2002:"

# What YAML takes an unquoted value for, by the end of its tag.
_READINGS = {
    "bool": "a truth value",
    "int": "a whole number",
    "float": "a number",
    "timestamp": "a date",
    "null": "nothing",
}


def documents(text: str, name: str) -> list[Node]:
    """Give the documents of a YAML text, which lines of `---` divide. Raises ContentError under the file's `name`."""
    try:
        return list(yaml.compose_all(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ContentError(Problem(name, line, "yaml", f"this is not YAML: {error.problem}")) from error
    except yaml.YAMLError as error:
        raise ContentError(Problem(name, 0, "yaml", f"this is not YAML: {error}")) from error


@dataclass(frozen=True)
class Rule:
    """What a text must be: a test that it passes, and the same in words for the person who has to mend it."""

    test: Callable[[str], object]
    wanted: str


class Fields:
    """The values of one mapping.

    Each method gives a value, or an empty one after adding what is wrong with it to `problems`.
    """

    def __init__(self, path: str, node: Node, known: Collection[str], problems: list[Problem]) -> None:
        self._path = path
        self._line = node.start_mark.line + 1
        self._values: dict[str, Node] = {}
        self._problems = problems
        if isinstance(node, MappingNode):
            for key, value in node.value:
                self._take(key, value, known)
        else:
            self._add(self._line, "entry", "this must be a block of `key: value` lines")

    def _take(self, key: Node, value: Node, known: Collection[str]) -> None:
        line = key.start_mark.line + 1
        if key.value not in known:
            self._add(line, "key", f"unknown key {key.value!r}; known are: {', '.join(known)}")
        elif key.value in self._values:
            self._add(line, "key", f"{key.value} stands twice in the same block")
        else:
            self._values[key.value] = value

    def _add(self, line: int, rule: str, reason: str) -> None:
        self._problems.append(Problem(self._path, line, rule, reason))

    def __contains__(self, key: object) -> bool:
        """Tell whether the mapping has a key, whatever its value."""
        return key in self._values

    def refuse(self, key: str, reason: str) -> None:
        """Add a problem at a key's value, or at the mapping's first line where the key is absent."""
        self._problems.append(self.problem(key, reason))

    def problem(self, key: str, reason: str) -> Problem:
        """Give a problem at a key's value, or at the mapping's first line where the key is absent."""
        node = self._values.get(key)
        return Problem(self._path, node.start_mark.line + 1 if node else self._line, key, reason)

    def text(self, key: str, rule: Rule, *, needed: bool = False) -> str:
        """Give a text that keeps a rule; "" where it is absent."""
        if key in self._values:
            return self._text(key, self._values[key], rule)
        if needed:
            self.refuse(key, f"{key} is missing")
        return ""

    def texts(self, key: str, rule: Rule, *, needed: bool = False) -> tuple[str, ...]:
        """Give a list of different texts that each keep a rule; () where it is absent."""
        found = tuple(self._text(key, node, rule) for node in self._list(key, needed=needed))
        if len(set(found)) != len(found):
            self.refuse(key, f"{key} names something twice")
        return found

    def flag(self, key: str) -> bool:
        """Give whether a key says `true`; its only other form is to be absent, since `false` would claim to know."""
        node = self._values.get(key)
        if node is not None and (node.tag, node.value) != (f"{_TAG}bool", "true"):
            self.refuse(key, f"{key} can only be: true; leave it out where it is not known")
        return node is not None

    def parts(self, key: str, known: Collection[str], *, needed: bool = False) -> Iterator["Fields"]:
        """Give the mappings of a list, one by one; nothing where it is absent."""
        for node in self._list(key, needed=needed):
            yield Fields(self._path, node, known, self._problems)

    def is_text(self, key: str) -> bool:
        """Tell whether a key holds a single value, and not a list."""
        return isinstance(self._values.get(key), ScalarNode)

    def _list(self, key: str, *, needed: bool) -> list[Node]:
        node = self._values.get(key)
        if isinstance(node, SequenceNode):
            return list(node.value)
        if node is not None:
            self.refuse(key, f"{key} must be a list")
        elif needed:
            self.refuse(key, f"{key} is missing")
        return []

    def _text(self, key: str, node: Node, rule: Rule) -> str:
        line = node.start_mark.line + 1
        if not isinstance(node, ScalarNode):
            self._add(line, key, f"{key} must be one text, not a list or a block")
        elif node.tag != f"{_TAG}str":
            reading = _READINGS.get(node.tag.removeprefix(_TAG), "something else")
            self._add(line, key, f"{key} must be text in quotes: YAML takes {node.value!r} without them for {reading}")
        elif not rule.test(node.value):
            self._add(line, key, f"{key} must be {rule.wanted}, not {node.value!r}")
        else:
            return str(node.value)
        return ""
