"""Codes that are read aloud and typed, and secrets that are neither."""

import re
import secrets
from hashlib import sha256

# Nothing that looks like something else on a projector (0 o, 1 i l, 2 z, 5 s, 8 b, 9 g q, u v), and no vowels, so that
# no code is a word. Small letters, as keyboards write them.
ALPHABET = "34679cdfhjkmnprtwxy"

# 19^9, more than 10^11: beside the limit on wrong codes, no homepage is found by trying. 19^6, 47 million, for a round:
# it is open for a day, and its pages hold nothing about anybody.
_HOMEPAGE, _ROUND = 9, 6
# 19^30, 127 bits.
_SECRET = 30

_CODE = re.compile(rf"[{ALPHABET}]{{{_ROUND},{_HOMEPAGE}}}\Z")
_SECRET_FORM = re.compile(rf"[{ALPHABET}]{{{_SECRET}}}\Z")

# What people type for what is not in a code at all.
_HEARD = str.maketrans("", "", " -·.")


def homepage_code() -> str:
    """Give a new code for a homepage."""
    return _draw(_HOMEPAGE)


def round_code() -> str:
    """Give a new code for a round."""
    return _draw(_ROUND)


def new_secret() -> str:
    """Give a new private link's secret part."""
    return _draw(_SECRET)


def typed(code: str) -> str:
    """Give a code as somebody typed it without spaces, dashes and capitals."""
    return code.strip()[:40].translate(_HEARD).lower()


def is_code(text: str) -> bool:
    """Tell whether a text has the form of a code."""
    return bool(_CODE.match(text))


def is_secret(text: str) -> bool:
    """Tell whether a text has the form of a private link's secret part: a shortened one is none."""
    return bool(_SECRET_FORM.match(text))


def digest(secret: str) -> bytes:
    """Give what is kept of a secret. It is drawn from 127 bits at random, so that a plain hash is enough."""
    return sha256(secret.encode()).digest()


def _draw(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
