"""Translations come from outside: what is refused, what is only remarked upon, and what must pass."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.content.markdown import make_parser
from portal.content.safety import content_faults, interface_faults, is_safe

RTL_OVERRIDE = "\u202e"

# Pieces that markdown, gettext and the rules themselves trip over.
PIECES = [
    "word", "Über", "مرحبا", "ب", " ", "\n", "\\\n", "  \n", "*", "**", "`", "[a](/a)", "![b](picture:b)",
    "[c]{lang=de}", "](", "<b>", "&amp;", "&#48;", "https://example.org/a", "a@b.org", "x.org", "112", "9–11",
    "0900 123", "%", "%%", "%(name)s", "{name}", "\u200f", "\u200b", "\x07", "\u202e", "|", "# ", "- ", "1. ", ":::",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("".join)


def rules(faults):
    return {fault.rule for fault in faults if fault.grave}


def remarks(faults):
    return {fault.rule for fault in faults if not fault.grave}


@pytest.mark.parametrize(
    ("source", "translation", "rule"),
    [
        ("Tell someone.", "[Dis-le](https://evil.example)", "link-added"),
        ("Tell someone.", "[Dis-le](/help/)", "link-added"),
        ("Tell someone.", "<https://evil.example>", "link-added"),
        ("Go to [help](/help/).", "Va à l’[aide](/about/).", "link-added"),
        ("Go to [help](/help/).", "Va à l’[aide](/about/).", "link-lost"),
        ("Go to [help](/help/).", "Va à l’aide.", "link-lost"),
        ("Go to [help](/help/).", "اذهب إلى [المساعدة] (/help/).", "link-lost"),
        ("Go to [help](/help/).", "Va à l’[aide](/help/){.button}.", "attribute"),
        ("Tell someone.", "[Dis-le]{#help}", "attribute"),
        ("A lamp ![lamp](picture:lamp)", "Une lampe ![lampe](picture:other)", "link-added"),
        ("Tell someone.", "![](https://evil.example/a.png)", "link-added"),
        ("Tell someone.", "<script>alert(1)</script>", "html"),
        ("Tell someone.", "Dis-le <b>à</b> quelqu’un.", "html"),
        ("Tell someone.", "＜script＞", "html"),
        ("Tell someone.", "Dis-le &lt;b&gt;", "html"),
        ("Tell someone.", "[a](javascript:alert(1))", "address"),
        ("Tell someone.", "Écris à //evil.example", "address"),
        ("Tell someone.", "Écris à https://evil.example/", "address"),
        ("Tell someone.", "Écris à evil.example", "address"),
        ("Tell someone.", "Écris à t.me/x", "address"),
        ("Tell someone.", "Écris à ｅｖｉｌ．ｃｏｍ", "address"),
        ("Tell someone.", "Écris à e&#118;il&#46;com", "address"),
        ("Tell someone.", "Écris à evil\u200b.com", "address"),
        ("Tell someone.", "Écris à ana@evil.example", "address"),
        ("Tell someone.", "Écris à @ana", "address"),
        ("Tell someone.", "اكتب إلى موقع.شبكة", "address"),
        ("Tell someone.", "Dis-le **\"fort\"**et vite.", "markup"),
        ("Say `yes`.", "Dis `oui.", "markup"),
        ("Tell someone.", "Dis\x07-le", "control"),
        ("Tell someone.", "Dis\u2028-le", "control"),
        ("Tell someone.", "Dis\u2066-le", "control"),
        ("Tell someone.", "Dis\U000e0041-le", "control"),
        ("Tell someone.", "Dis-le à {name}.", "placeholder-added"),
        ("Tell {name}.", "Dis-le.", "placeholder-lost"),
        ("Tell someone.", "…", "empty"),
        ("Tell someone.", "\u200b\u200f", "empty"),
    ],
)  # fmt: skip
def test_content_is_refused(source, translation, rule):
    assert rule in rules(content_faults(source, translation))
    assert not is_safe(source, translation)


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Tell someone.", "Dis-le à quelqu’un."),
        ("Over 50% of children", "Plus de 50 % des enfants"),
        ("See [a](/a) and [b](/b).", "Voir [b](/b) et [a](/a)."),
        ("See [a](/a) and [a](/a).", "Voir [a](/a)."),
        ("Tell someone.", "1. Mai ist frei"),
        ("Tell someone.", "# A | B\n\n> - c"),
        ("Tell someone.", "أخبر\u200f شخصًا\u200e ما\u061c."),
        ("Learn [C++](/c).", "[C++](/c) را یاد بگیر [C++]{dir=ltr}."),
        ("Write to <https://ecpat.org/a>.", "Écris à <https://ecpat.org/a>."),
        ("Visit ecpat.org today.", "Va sur ecpat.org."),
        ("For example on 1 May.", "Zum Beispiel am 1.Mai, z.B. p.ex. d.h. o.Ä."),
        ("Fifty percent", "‎%50"),
        ("Escaped \\*\\*stars\\*\\*", "\\*\\*Sterne\\*\\*"),
    ],
)
def test_content_is_accepted(source, translation):
    assert rules(content_faults(source, translation)) == set()
    assert is_safe(source, translation)


@pytest.mark.parametrize(
    "number",
    [
        "0900 123 456", "0900123456", "0900-123-456", "0900.123.456", "0900/123456", "(0900) 123", "+49 30 123", "112",
        "1 1 2", "1\u00a01\u00a02", "1 – 1 – 2", "1\u200b1\u200b2", "1_1_2", "٠٩٠٠ ١٢٣", "۰۹۰۰", "１１２", "①①②", "¹¹²",
        "1️⃣1️⃣2️⃣", "1ـ1ـ2", "&#49;12", "1**1**2", "१०९", "𝟙𝟙𝟚",
    ],
)  # fmt: skip
def test_a_number_that_could_be_dialled_is_refused_however_it_is_written(number):
    assert "number" in rules(content_faults("Search.", f"Arayın: {number}"))


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("116111", "116 111"),
        ("116 111", "116111"),
        ("Call 112.", "Ruf 1 1 2."),
        ("Call 112.", "اتصل ١١٢."),
        ("From 12 to 14", "12–14 Jahre"),
        ("Ages 6–8 and 9–11", "9–11 und 6–8 Jahre"),
        ("20, 45 or 60 minutes", "20/45/60 Minuten"),
        ("2,500 children", "2 500 enfants, 2.500"),
        ("six to eight", "6–8"),
        ("In 2024", "2024. godine"),
        ("Two steps", "1. und 2. Schritt"),
    ],
)
def test_numbers_of_the_source_may_be_written_as_the_language_writes_them(source, translation):
    assert content_faults(source, translation) == ()


@pytest.mark.parametrize(
    ("source", "translation"),
    [("Ages 9–11", "Alter 911"), ("1 and 2", "112"), ("1 and 2", "1 1 2"), ("116111", "116111 116"), ("9, 11", "911")],
)
def test_digits_of_the_source_do_not_make_another_number(source, translation):
    assert "number" in rules(content_faults(source, translation))


@pytest.mark.parametrize(
    ("source", "translation", "rule"),
    [
        ("Say `yes`.", "Dis oui.", "count"),
        ("Say *yes*.", "Dis oui.", "count"),
        ("One\\\ntwo", "Un deux", "count"),
        ("One two", "Un\ndeux", "newline"),
        ("Go", "Das hier ist eine viel zu lange Übersetzung", "length"),
        ("Go", "Los\u200b", "invisible"),
        ("Visit ecpat.org today.", "Va voir.", "address-lost"),
    ],
)
def test_content_is_remarked_upon_but_shown(source, translation, rule):
    assert rule in remarks(content_faults(source, translation))
    assert is_safe(source, translation)


@pytest.mark.parametrize(
    ("source", "translation", "rule"),
    [
        ("Page %(n)s", "Seite %(m)s", "placeholder-added"),
        ("Page %(n)s", "Seite", "placeholder-lost"),
        ("Page %(n)s", "Seite %(n)d", "placeholder-lost"),
        ("Page %(n)s", "Seite %(n) x", "placeholder-lost"),
        ("Page {n}", "Seite {m}", "placeholder-lost"),
        ("Half of it", "50 % davon", "percent"),
        ("50%% of it", "50 % davon", "percent"),
        ("Help", "<b>Hilfe</b>", "html"),
        ("Help", 'Hilfe" autofocus data-x="', "html"),
        ("Help", "Hilfe &#60;", "html"),
        ("Help", "Hilfe: 0900 123", "number"),
        ("Help", "Hilfe: evil.example", "address"),
        ("Help", f"Hilfe{RTL_OVERRIDE}", "control"),
        ("Help", "--", "empty"),
    ],
)
def test_interface_is_refused(source, translation, rule):
    assert rule in rules(interface_faults(source, translation))
    assert not is_safe(source, translation, "messages")


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        ("Page %(n)s of %(all)s", "%(all)s sayfanın %(n)s. sayfası"),
        ("50%% of it", "%%50’si"),
        ("Help", "Hilfe für „dich“ & l'autre"),
        ('Say "yes"', 'Sag "ja"'),
        ("Stars **", "Sterne **"),
        ("Go back", "Zurück"),
    ],
)
def test_interface_is_accepted(source, translation):
    assert interface_faults(source, translation) == ()


@given(texts)
def test_a_translation_equal_to_its_source_has_no_grave_fault(text):
    assert rules(content_faults(text, text)) == set()
    assert rules(interface_faults(text, text)) == set()


@given(texts, texts, st.integers(0))
def test_no_text_with_a_new_bidi_override_is_accepted(source, translation, at):
    assume(RTL_OVERRIDE not in source)
    at %= len(translation) + 1
    spoilt = translation[:at] + RTL_OVERRIDE + translation[at:]
    assert not is_safe(source, spoilt)
    assert not is_safe(source, spoilt, "messages")


@given(
    st.lists(st.sampled_from("0123456789٣۴５"), min_size=3, max_size=12),
    st.sampled_from(["", " ", "-", ".", "\u00a0", "–", " / "]),
)
def test_no_new_number_is_accepted_however_its_digits_are_grouped(digits, between):
    assert not is_safe("Tell someone.", f"Dis-le: {between.join(digits)}.")


@given(texts)
def test_an_accepted_translation_of_a_plain_sentence_links_to_nothing(translation):
    html = make_parser().renderInline(translation)
    assert not (
        is_safe("Tell someone.", translation) and re.search(r"<(?!/?(em|strong|code|span|br)\b)|href|src", html)
    )


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_the_rules_themselves(source, translation):
    content_faults(source, translation)
    interface_faults(source, translation)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("ab." * 20_000, False),
        ("a" * 40_000, True),
        ("a@" * 20_000, False),
        ("1 " * 20_000, False),
        ("<a" * 20_000, False),
        ("b%(" * 20_000, True),
    ],
)
def test_a_text_made_to_be_slow_is_judged_all_the_same(text, safe):
    # Rules that look at each place from each place would take minutes here.
    assert is_safe("x", text) == safe
