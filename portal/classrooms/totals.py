"""What a class may see of its answers: how many there are, and for each option a step of a coarse scale.

No total under `FEWEST` is shown, and none can be worked out. What is published of a question is the number of answers
and a step for each option; the scale is the finest for which, however the answers may have fallen, no total under
`FEWEST` follows from that. It depends on the numbers of answers and options alone, so that it tells nothing itself.
Each question is published once, when it takes no more answers, so there is no second view to subtract.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

FEWEST = 5

_FINEST, _COARSEST = 5, 2  # steps

# From here on the finest scale is safe for up to four options (a test tries all ways); trying takes too long.
_ENOUGH = 28


@dataclass(frozen=True)
class Share:
    """How many chose an option: step `step` (from 0) of a scale with `steps` steps."""

    step: int
    steps: int

    @property
    def is_low(self) -> bool:
        """Tell whether few or none chose it."""
        return self.step == 0

    @property
    def is_high(self) -> bool:
        """Tell whether most or all chose it."""
        return self.step == self.steps - 1


@dataclass(frozen=True)
class Totals:
    """What is shown of a question's answers: how many there are, and a share for each option.

    Under `FEWEST` answers, `answers` is 0. There are no shares where any would tell too much.
    """

    answers: int = 0
    shares: tuple[Share, ...] = ()


def published(answers: int, chosen: Sequence[int]) -> Totals:
    """Give what may be shown of `answers` answers, of which `chosen` fell on each option."""
    if answers < FEWEST:
        return Totals()
    steps = scale(answers, len(chosen))
    if steps == 1:
        return Totals(answers)
    return Totals(answers, tuple(Share(step(count, answers, steps), steps) for count in chosen))


def step(count: int, answers: int, steps: int) -> int:
    """Give the step that `count` of `answers` stands on; all steps hold as many counts as whole numbers allow."""
    return min(steps * count // (answers + 1), steps - 1)


@lru_cache(maxsize=256)
def scale(answers: int, options: int) -> int:
    """Give how many steps may be told apart for a number of answers (at least `FEWEST`) and of options (2 to 4).

    It is 1 where not even two may be: six answers to two options would be three each if both were half.
    """
    if answers >= _ENOUGH:
        return _FINEST
    finest_first = range(_FINEST, _COARSEST - 1, -1)
    return next((steps for steps in finest_first if not tells(answers, options, steps)), 1)


def tells(answers: int, options: int, steps: int) -> bool:
    """Tell whether some way in which answers may have fallen gives away a total under `FEWEST` on a scale."""
    possible: dict[tuple[int, ...], list[set[int]]] = defaultdict(lambda: [set() for _ in range(options)])
    for counts in _ways(answers, options):
        seen = possible[tuple(step(count, answers, steps) for count in counts)]
        for option, count in enumerate(counts):
            seen[option].add(count)
    return any(len(counts) == 1 and min(counts) < FEWEST for seen in possible.values() for counts in seen)


def _ways(answers: int, options: int) -> Iterator[tuple[int, ...]]:
    """Give all ways in which answers can fall on options, one each."""
    if options == 1:
        yield (answers,)
        return
    for first in range(answers + 1):
        for rest in _ways(answers - first, options - 1):
            yield (first, *rest)
