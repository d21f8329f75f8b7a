"""What is wrong with a file, said so that the person who wrote it can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: `path` as the editor knows it, `line` (from 1; 0: the whole file), broken `rule`, and the reason."""

    path: str
    line: int
    rule: str
    reason: str

    def __str__(self) -> str:
        """Give `path:line: rule: reason`, the form that editors and CI logs make clickable."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        return f"{where}: {self.rule}: {self.reason}"


class ContentError(Exception):
    """A file that can't be used, with every problem found in it."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
