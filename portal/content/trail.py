"""A trail game: a profile with pieces, what they tell together, and how each piece that tells too much is repaired."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.content.parts import NONE, TOGETHER, Fault, Option, Part, Prose, faults_of_end, faults_of_options
from portal.content.quiz import ALL, Answer, Question, question, question_faults

PROFILE, COMBINE = "profile", "combine"
_MOST_PIECES = 12


@dataclass(frozen=True)
class Profile(Question):
    """The first step: find the pieces that tell too much. They are what `good` counts; none of it is a risk."""

    @property
    def good(self) -> frozenset[int]:
        """Give the numbers of the pieces that tell too much."""
        return frozenset(at for at, piece in enumerate(self.options) if piece.box and piece.box.risk)

    def risk(self, answer: Answer) -> int:
        """Give no risk: to find a piece is safe."""
        return NONE


@dataclass(frozen=True)
class Trail:
    """A trail in a language. `combine` says what pieces tell together, `repairs` has a question for each such piece."""

    profile: Profile
    combine: Part
    repairs: tuple[Question, ...]
    together: Part


def read_trail(parts: Sequence[Part]) -> Trail:
    """Give the trail that sound parts make."""
    by_id = {part.id: part for part in parts}
    first = by_id[PROFILE]
    profile = Profile(first.id, first.line, ALL, first.heading, first.body, first.options, Prose(), Prose())
    named = [piece.box.names[0] for piece in first.options if piece.box and piece.box.risk]
    return Trail(profile, by_id[COMBINE], tuple(question(by_id[name]) for name in named), parts[-1])


def trail_faults(parts: Sequence[Part]) -> Iterator[Fault]:
    """Give what is wrong with the parts of a trail."""
    yield from faults_of_end(parts)
    by_id = {part.id: part for part in parts}
    if PROFILE not in by_id or COMBINE not in by_id:
        yield Fault(0, "trail", f"the sections {{#{PROFILE}}} and {{#{COMBINE}}} must both be there")
        return
    profile, combine = by_id[PROFILE], by_id[COMBINE]
    yield from faults_of_options(profile, least=2, most=_MOST_PIECES)
    yield from combine.faults
    yield from _piece_faults(profile)
    telling = {name for piece in profile.options if piece.box and piece.box.risk for name in piece.box.names}
    for option in combine.options:
        yield from _combination_faults(option, telling)
    if not combine.options:
        yield Fault(combine.line, "trail", "list here what pieces tell together, such as - [#badge #time] …")
    yield from _repair_faults(parts, telling, profile)


def _piece_faults(profile: Part) -> Iterator[Fault]:
    seen: set[str] = set()
    for piece in profile.options:
        if not piece.box:
            continue  # told already
        if len(piece.box.names) != 1 or piece.box.names[0] in seen | {PROFILE, COMBINE, TOGETHER}:
            yield Fault(piece.line, "box", "the box of a piece holds a name of its own, such as [#badge !] or [#cat]")
        seen |= set(piece.box.names)
    risks = {bool(piece.box and piece.box.risk) for piece in profile.options}
    if profile.options and risks != {True, False}:
        yield Fault(profile.line, "trail", "some pieces must tell too much, as in [#badge !], and some not")


def _combination_faults(option: Option, telling: set[str]) -> Iterator[Fault]:
    names = option.box.names if option.box else ()
    if len(names) < 2 or not set(names) <= telling:
        yield Fault(
            option.line, "box", "a combination names at least two pieces that tell too much, as in [#badge #time]"
        )


def _repair_faults(parts: Sequence[Part], telling: set[str], profile: Part) -> Iterator[Fault]:
    asked = {part.id: part for part in parts if part.id not in (PROFILE, COMBINE, TOGETHER)}
    for name in sorted(telling - asked.keys()):
        yield Fault(profile.line, "trail", f"the section {{#{name}}} is missing: how this piece can be repaired")
    for name, part in asked.items():
        if name not in telling:
            yield Fault(part.line, "trail", f"there is no piece [#{name} !] in the profile")
        yield from question_faults(part)
