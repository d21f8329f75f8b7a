"""Kahoot's spreadsheet for importing questions.

The layout is that of Kahoot's own template: headings in row 8, questions from row 9, columns A to H. Limits are in
portal/content/quiz.py, and `portal check` holds every language to them.
"""

from io import BytesIO

from xlsxwriter import Workbook

from portal.content.quiz import LONGEST_QUESTION, MOST_OPTIONS
from portal.exchange.sheet import ORDER, Item, Sheet

_HEADINGS = (
    "Question - max 120 characters",
    *(f"Answer {number} - max 75 characters" for number in range(1, MOST_OPTIONS + 1)),
    "Time limit (sec) – 5, 10, 20, 30, 60, 90, 120, or 240 secs",
    "Correct answer(s) - choose at least one",
)
_HEADING_ROW = 7
# Seconds. Kahoot wants a limit, and this is the longest it knows: nobody should have to hurry.
_TIME = 240


def kahoot(sheet: Sheet) -> bytes:
    """Give a quiz as Kahoot's spreadsheet. Questions about an order are left out: the import does not know them."""
    file = BytesIO()
    # Text stays text: an answer that begins with "=" is no formula, and an address no link.
    book = Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet("Sheet1")
    bold = book.add_format({"bold": True, "text_wrap": True})
    page.set_column("B:F", 36)
    page.write_string("B2", sheet.title, bold)
    page.write_row(_HEADING_ROW, 1, _HEADINGS, bold)
    for number, item in enumerate(_taken(sheet), 1):
        page.write_row(_HEADING_ROW + number, 0, _row(number, item))
    book.close()
    return file.getvalue()


def left_out(sheet: Sheet) -> int:
    """Give how many questions the spreadsheet can't hold."""
    return len(sheet.items) - len(_taken(sheet))


def _taken(sheet: Sheet) -> list[Item]:
    return [item for item in sheet.items if item.kind != ORDER]


def _row(number: int, item: Item) -> list[int | str]:
    whole = f"{item.text} {item.detail}".strip()
    answers = [answer.text for answer in item.answers]
    right = ",".join(str(at) for at, answer in enumerate(item.answers, 1) if answer.is_good)
    return [
        number,
        whole if len(whole) <= LONGEST_QUESTION else item.text,
        *answers,
        *[""] * (MOST_OPTIONS - len(answers)),
        _TIME,
        right,
    ]
