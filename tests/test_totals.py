"""What a class sees of its answers: no total under five, neither shown nor worked out."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product

import pytest
from classes import Lead, MakeClass, words
from hypothesis import given
from hypothesis import strategies as st

from portal.classrooms.totals import FEWEST, Totals, published, scale, step, tells

Counts = tuple[int, ...]

# Options of a question that pupils choose from: one each, or as many as fit (at least one).
ONE, SEVERAL = "one", "several"


def falls(answers: int, options: int, how: str) -> Iterator[Counts]:
    """Give all totals that a question's options can have."""
    if how == SEVERAL:
        yield from (counts for counts in product(range(answers + 1), repeat=options) if sum(counts) >= answers)
        return
    for chosen in product(range(answers + 1), repeat=options - 1):
        if sum(chosen) <= answers:
            yield (*chosen, answers - sum(chosen))


def groups(options: int) -> list[Sequence[int]]:
    """Give all groups of options but that of all: a total of two options can give somebody away, too."""
    return [group for size in range(1, options) for group in combinations(range(options), size)]


def worked_out(answers: int, options: int, ways: Iterable[Counts]) -> list[object]:
    """Give the totals under five that somebody knows for sure who sees what is published and thinks of all `ways`."""
    possible: dict[Totals, dict[Sequence[int], set[int]]] = defaultdict(lambda: defaultdict(set))
    for counts in ways:
        seen = possible[published(answers, counts)]
        for group in groups(options):
            seen[group].add(sum(counts[option] for option in group))
    known = [
        (shown, group, totals)
        for shown, seen in possible.items()
        for group, totals in seen.items()
        if len(totals) == 1 and min(totals) < FEWEST
    ]
    # How many have not chosen an option is a total as well.
    passed = [
        (shown, group, totals)
        for shown, seen in possible.items()
        for group, totals in seen.items()
        if len(group) == 1 and len(totals) == 1 and answers - min(totals) < FEWEST
    ]
    return [*known, *passed]


@pytest.mark.parametrize("options", [2, 3, 4])
def test_no_total_under_five_can_be_worked_out_however_the_answers_fall(options: int) -> None:
    for answers in range(FEWEST, 29):
        assert not worked_out(answers, options, falls(answers, options, ONE)), answers


@pytest.mark.parametrize(("options", "most"), [(2, 28), (3, 20), (4, 10)])
def test_nor_where_each_answer_may_tick_several_options(options: int, most: int) -> None:
    for answers in range(FEWEST, most + 1):
        assert not worked_out(answers, options, falls(answers, options, SEVERAL)), answers


@pytest.mark.parametrize("how", [ONE, SEVERAL])
@pytest.mark.parametrize("options", [2, 3, 4])
def test_nor_in_classes_of_any_size(options: int, how: str) -> None:
    """Steps hold numbers without gaps, so that the least and the most of a total say whether it is known."""
    for answers in (*range(FEWEST, 41), 60, 100, 250):
        steps = scale(answers, options)
        held: dict[int, list[int]] = defaultdict(list)
        for count in range(answers + 1):
            held[step(count, answers, steps)].append(count)
        for shown in product(held.values(), repeat=options) if steps > 1 else ():
            least, most = [one[0] for one in shown], [one[-1] for one in shown]
            if sum(most) < answers or (how == ONE and sum(least) > answers):
                continue
            for group in groups(options):
                rest = [option for option in range(options) if option not in group]
                low = max(sum(least[one] for one in group), answers - sum(most[one] for one in rest))
                high = sum(most[one] for one in group)
                if how == ONE:
                    high = min(high, answers - sum(least[one] for one in rest))
                    assert low <= high
                assert low < high or low >= FEWEST, (answers, steps, shown, group)


@given(st.integers(0, 80), st.integers(2, 4), st.data())
def test_what_is_published_shows_no_count_and_depends_on_the_numbers_alone(
    answers: int, options: int, data: st.DataObject
) -> None:
    counts = data.draw(st.lists(st.integers(0, answers), min_size=options, max_size=options))
    shown = published(answers, counts)
    if answers < FEWEST:
        assert shown == Totals()
        return
    assert shown.answers == answers
    steps = scale(answers, options)
    assert len(shown.shares) == (options if steps > 1 else 0)
    assert {share.steps for share in shown.shares} <= {steps}
    for share, count in zip(shown.shares, counts, strict=False):
        assert 0 <= share.step < steps
        # A larger count never stands on a lower step.
        assert all(
            other.step <= share.step for other, fewer in zip(shown.shares, counts, strict=False) if fewer < count
        )


def test_the_scale_is_the_finest_that_is_safe() -> None:
    for options in (2, 3, 4):
        for answers in range(FEWEST, 20):
            steps = scale(answers, options)
            assert steps == 1 or not tells(answers, options, steps)
            assert all(tells(answers, options, finer) for finer in range(max(steps, 1) + 1, 6))
    assert scale(6, 2) == 1
    assert scale(30, 4) == 5


def test_a_small_group_stays_hidden_on_every_page(classroom: MakeClass) -> None:
    lead = classroom().start().to(1)
    for _ in range(FEWEST - 1):
        lead.answer(0)
    assert "Fewer than 5 answers so far" in words(lead.board())
    lead.step()
    for page in pages(lead):
        assert "There are fewer than 5 answers" in page
        assert "few or none" not in page


def test_it_is_shown_once_and_never_again_differently(classroom: MakeClass) -> None:
    """There is no second view to subtract: answers that come later count nowhere, and all pages say the same."""
    lead = classroom().start().to(1)
    late = [lead.token() for _ in range(3)]
    for choice in (0, 0, 0, 0, 1, 1, 2):
        lead.answer(choice)
    assert "7 answers so far" in words(lead.board())
    assert "half" not in words(lead.board())
    lead.step()
    before = [shares(page) for page in pages(lead)]
    for token in late:
        lead.answer(2, token=token, question="1")
    assert lead.counts(1)[-1] == 7
    assert [shares(page) for page in pages(lead)] == before
    assert len(set(before)) == 1
    lead.step()
    summary = words(lead.school.get(f"{lead.school.private}rounds/{lead.code}/"))
    assert shares(summary) == before[0]
    assert "2. " not in summary.partition("Which password")[2].partition("More to try")[0]


def pages(lead: Lead) -> list[str]:
    """Give what the teacher's board, anybody's board, and the summary say."""
    school = lead.school
    private = words(school.get(f"{school.private}rounds/{lead.code}/"))
    return [words(lead.board()), words(school.get(f"{lead.address}board/")), private]


def shares(page: str) -> tuple[str, ...]:
    """Give the numbers of answers and the names of shares that a page shows, in their order."""
    names = r"\b\d+ answers?\b|few or none|fewer than half|about half|more than half|most or all|half or fewer"
    return tuple(re.findall(names, page.partition("More to try")[0].replace("under 5 answers", "")))
