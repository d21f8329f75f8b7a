"""What a browser accepts and what it has already, read out of its headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.finished import accepts_gzip, names


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("GZIP", True),
        ("x-gzip", True),
        ("*", True),
        ("br;q=1.0, gzip;q=0.5", True),
        ("gzip ; q=0.5 , identity ; q=0.5", True),
        ("*;q=0, gzip", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("*, gzip;q=0", False),
        ("*;q=0", False),
        ("gzip;q=0.5, identity", False),
        ("gzip;q=oops", False),
        ("gzip;q=1.5", False),
        ("gzipped", False),
    ],
)
def test_gzip_is_sent_to_those_who_accept_it(header, accepted):
    assert accepts_gzip(header) is accepted


CODINGS = st.sampled_from(["gzip", "identity", "br", "deflate", "*"])
WEIGHTS = st.none() | st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
SPACE = st.sampled_from(["", " ", "\t"])


@given(st.dictionaries(CODINGS, WEIGHTS), SPACE, st.booleans())
def test_gzip_is_never_sent_to_those_who_refuse_it(wishes, space, capitals):
    items = [name if weight is None else f"{name}{space};{space}q={weight:.3f}" for name, weight in wishes.items()]
    header = f"{space},{space}".join(items)
    weights = {name: 1 if weight is None else weight for name, weight in wishes.items()}
    gzipped = weights.get("gzip", weights.get("*", 0))
    wanted = gzipped > 0 and gzipped >= weights.get("identity", 0)
    assert accepts_gzip(header.upper() if capitals else header) == wanted


@given(st.text(max_size=60))
def test_any_accept_encoding_is_understood_or_ignored(header):
    if accepts_gzip(header):
        assert "gzip" in header.lower() or "*" in header


TAGS = st.text(st.characters(codec="latin-1", categories=["L", "N", "P"], exclude_characters='"'), max_size=8).map(
    '"{}"'.format
)


@given(st.lists(st.tuples(TAGS, st.booleans())), TAGS, SPACE)
def test_a_page_is_known_when_its_tag_is_in_the_list(listed, etag, space):
    header = f"{space},{space}".join(f"{'W/' if weak else ''}{tag}" for tag, weak in listed)
    assert names(header, etag) == (etag in [tag for tag, _ in listed])


@given(st.text(max_size=60))
def test_any_if_none_match_is_understood_or_ignored(header):
    if names(header, '"0a1b2c"'):
        assert header.strip() == "*" or '"0a1b2c"' in header


@pytest.mark.parametrize("header", ["*", " * ", '"a", "b"', 'W/"b"', '"x,y",W/"b"'])
def test_any_page_is_known_to_a_star_and_to_lists(header):
    assert names(header, '"b"')


@pytest.mark.parametrize("header", ["b", "'b'", '"b', '"bb"', '"*"', "W/b", ""])
def test_what_only_looks_like_a_tag_is_not_one(header):
    assert not names(header, '"b"')
