"""A quiz as a table of comma-separated values, for spreadsheets and for tools with an import of their own."""

import csv
import re
from collections.abc import Sequence
from io import StringIO

from portal.exchange.sheet import ORDER, Sheet

# Cells that spreadsheets would run as formulas (OWASP, "CSV injection").
_FORMULA = re.compile(r"[=+\-@\t\r]")

# The columns before and after those of the answers; the answers have one each for their words and their reasons.
COLUMNS = ("question", "situation", "answers", "right", "reasons", "idea", "discuss")


def table(sheet: Sheet, headings: Sequence[str]) -> bytes:
    """Give a quiz as CSV with the given headings, one for each of `COLUMNS`; in UTF-8 with the mark that Excel needs.

    Headings of answers and reasons get a number. Steps are numbered in the right order.
    """
    most = max((len(item.answers) for item in sheet.items), default=0)
    numbered = {
        name: [f"{heading} {at}" for at in range(1, most + 1)] for name, heading in zip(COLUMNS, headings, strict=True)
    }
    file = StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    first = [
        numbered[name] if name in ("answers", "reasons") else [heading]
        for name, heading in zip(COLUMNS, headings, strict=True)
    ]
    writer.writerow(map(_safe, sum(first, [])))
    for item in sheet.items:
        gap = [""] * (most - len(item.answers))
        right = ("," if item.kind != ORDER else "→").join(
            str(at) for at, one in enumerate(item.answers, 1) if one.is_good
        )
        words, reasons = ([getattr(one, name) for one in item.answers] for name in ("text", "reason"))
        writer.writerow(
            map(_safe, [item.text, item.detail, *words, *gap, right, *reasons, *gap, item.idea, item.discuss])
        )
    return file.getvalue().encode("utf-8-sig")


def _safe(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
