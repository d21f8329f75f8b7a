"""Sentences are counted as the acceptance check counts them, and abbreviations neither break nor hide one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.content.reading import LIMITS, sentences, too_long


def words(count):
    return " ".join(["word"] * count)


@pytest.mark.parametrize(
    ("code", "text", "lengths"),
    [
        ("en", "Tell a grown-up. It is not your fault! Who can help you?", [3, 5, 4]),
        ("en", "“Can you help me?” she asks them.", [4, 3]),
        ("en", "See e.g. Amina or Mr. Khan for this.", [9]),
        ("en", "Wait for it … then tell somebody.", [6]),
        ("en", "You’re not alone, don’t worry.", [5]),
        ("en", "One two three\nfour five six", [3, 3]),
        ("en", "Stop now. Tell. And then you rest.", [4]),
        ("de", "Frag z. B. Amina oder z.B. Ben.", [8]),
        ("de", "Am 1. Mai gehen wir bzw. ihr weg.", [7]),
        ("de", "Das ist Plan B. Danach gehst du.", [4, 3]),
        ("de", "Es gibt Spiele, Chats usw. Danach gehst du.", [5, 3]),
        ("fr", "Tu peux, p. ex. Amina, tout dire.", [7]),
        ("fr", "Tu peux, c.-à-d. Amina peut, tout dire.", [8]),
        ("nl", "Je kunt bijv. Amina bellen, enz. en meer.", [8]),
        ("tr", "Sorabilirsin, örn. Amina sana yardım eder.", [6]),
        ("bs", "Reci nekome, npr. Amini ili tati.", [6]),
        ("bs", "Od 1. marta 2026. godine je tako.", [5]),
        ("hr", "To su igre, poruke itd. Onda odmori malo.", [5, 3]),
        ("sr", "Реци неком, нпр. Амини или тати.", [6]),
        ("sr-Latn", "Reci nekom, npr. Amini ili tati.", [6]),
        ("ar", "ماذا أفعل الآن؟ قل ذلك لشخص كبير.", [3, 4]),
    ],
)
def test_sentences_end_where_readers_pause(code, text, lengths):
    assert [count for count, _ in sentences(text, code)] == lengths


def test_an_abbreviation_does_not_hide_a_long_sentence():
    long = f"{words(10)} z. B. {words(10)}."
    assert "22 words" in too_long([long, words(3) + ".", words(3) + "."], "kids", "de")[-1]


@pytest.mark.parametrize("audience", LIMITS)
def test_the_longest_sentence_of_an_audience_is_allowed_and_one_word_more_is_quoted(audience):
    longest = LIMITS[audience].longest
    short = [f"{words(3)}."] * 10
    assert too_long([f"{words(longest)}.", *short], audience, "en") == []
    (fault,) = too_long([f"{words(longest + 1)}.", *short], audience, "en")
    assert str(longest) in fault
    assert words(longest + 1) in fault


@pytest.mark.parametrize("audience", LIMITS)
def test_the_mean_of_an_audience_is_allowed_and_more_is_told(audience):
    mean = LIMITS[audience].mean
    assert too_long([f"{words(mean)}."] * 4, audience, "en") == []
    (fault,) = too_long([*[f"{words(mean)}."] * 4, f"{words(mean + 2)}."], audience, "en")
    assert "on average" in fault


def test_a_page_without_sentences_is_not_too_long():
    assert too_long(["Two words", ""], "kids", "en") == []


def _longest_by_the_acceptance_check(text):
    counts = [
        len(re.findall(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", sentence))
        for para in re.split(r"\n+", text)
        for sentence in re.split(r"(?<=[.!?؟…])[\"'»”“)]*\s+", re.sub(r"\s+", " ", para).strip())
    ]
    return max((count for count in counts if count >= 3), default=0)


@given(
    st.lists(st.sampled_from(["word", "Word", "z. B.", "npr.", "etc.", ". ", "! ", "؟ ", "… ", "”", "\n", " "])).map(
        "".join
    )
)
def test_what_passes_here_passes_the_acceptance_check(text):
    longest = max((count for count, _ in sentences(text, "de")), default=0)
    assert longest >= _longest_by_the_acceptance_check(text)
