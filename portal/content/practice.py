"""What readers play: which faults a file of each kind can have."""

from collections.abc import Callable, Iterator, Sequence

from portal.content.document import Document
from portal.content.language import SOURCE
from portal.content.parts import Fault, Part, parts_of
from portal.content.problem import Problem
from portal.content.quiz import quiz_faults
from portal.content.story import story_faults
from portal.content.trail import trail_faults

_FAULTS: dict[str, Callable[[Sequence[Part]], Iterator[Fault]]] = {
    "quiz": quiz_faults,
    "story": story_faults,
    "trail": trail_faults,
}


def faults(document: Document) -> list[Problem]:
    """Give what keeps a quiz, story or trail from being played, with file and line; nothing for other documents."""
    if document.head.kind not in _FAULTS:
        return []
    parts = parts_of(document, SOURCE, lambda reader, message: None, {})
    found = sorted(set(_FAULTS[document.head.kind](parts)), key=lambda one: one.line)
    return [Problem(document.path, one.line, one.rule, one.reason) for one in found]
