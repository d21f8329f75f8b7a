"""Moodle XML: questions for the question bank of Moodle and of whatever else reads its format.

Elements and their order follow https://docs.moodle.org/en/Moodle_XML_format. Questions about an order become matching
questions, step to number, since the ordering type is not in every Moodle.
"""

import re
from xml.etree import ElementTree as ET

from portal.exchange.sheet import ALL, ORDER, Answer, Item, Sheet

# What XML 1.0 can't hold, and no question needs.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def moodle(sheet: Sheet) -> bytes:
    """Give a quiz as Moodle XML, in a category of its own."""
    root = ET.Element("quiz")
    category = ET.SubElement(root, "question", type="category")
    # Moodle reads a slash in the name as a subcategory unless it is doubled.
    _text(ET.SubElement(category, "category"), f"$course$/top/{sheet.title.replace('/', '//')}")
    for number, item in enumerate(sheet.items, 1):
        _question(root, item, f"{number:02} {item.text}")
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _question(root: ET.Element, item: Item, name: str) -> None:
    is_order = item.kind == ORDER
    question = ET.SubElement(root, "question", type="matching" if is_order else "multichoice")
    _text(ET.SubElement(question, "name"), name)
    _text(_plain(question, "questiontext"), "\n".join(filter(None, (item.text, item.detail))))
    _text(_plain(question, "generalfeedback"), item.idea)
    for tag, value in (("defaultgrade", "1"), ("penalty", "0"), ("hidden", "0")):
        ET.SubElement(question, tag).text = value
    if not is_order:
        ET.SubElement(question, "single").text = "false" if item.kind == ALL else "true"
    ET.SubElement(question, "shuffleanswers").text = "true"
    if is_order:
        for place, step in enumerate(item.answers, 1):
            pair = _plain(question, "subquestion")
            _text(pair, step.text)
            _text(ET.SubElement(pair, "answer"), str(place))
        return
    ET.SubElement(question, "answernumbering").text = "abc"
    for answer in item.answers:
        element = _plain(question, "answer")
        element.set("fraction", fraction(item, answer))
        _text(element, answer.text)
        _text(_plain(element, "feedback"), answer.reason)


def fraction(item: Item, answer: Answer) -> str:
    """Give what share of a point, in percent, an answer brings; only shares that Moodle knows (100, 50, 33.33333 …)."""
    if item.kind != ALL:
        return "100" if answer.is_good else "0"
    alike = sum(one.is_good == answer.is_good for one in item.answers)
    share = f"{100 / alike:.5f}".rstrip("0").rstrip(".")
    return share if answer.is_good else f"-{share}"


def _plain(parent: ET.Element, tag: str) -> ET.Element:
    return ET.SubElement(parent, tag, format="plain_text")


def _text(parent: ET.Element, text: str) -> None:
    ET.SubElement(parent, "text").text = _CONTROL.sub("", text)
