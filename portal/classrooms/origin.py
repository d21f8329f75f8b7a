"""Whether a form came from a page of this site, found out without a cookie.

Browsers say so themselves in Sec-Fetch-Site. Where they send none (over plain http, and old ones), Origin must be ours;
it reads "null" there, since our pages send no referrer, and then the form must carry what only our pages can give out:
a private link, a round's key, a one-time token, or the token below.
"""

import secrets
from urllib.parse import urlsplit

from flask import Request
from itsdangerous import BadSignature, URLSafeTimedSerializer

# Known to all processes of a server, which part after it is drawn, and to nobody else.
_TOKENS = URLSafeTimedSerializer(secrets.token_bytes(32), salt="form")
# Seconds in which a form is filled in.
_PATIENCE = 12 * 3600

OURS, FOREIGN, UNKNOWN = "ours", "foreign", "unknown"


def origin_of(request: Request, address: str) -> str:
    """Tell whether a request is `OURS`, `FOREIGN`, or doesn't say (`UNKNOWN`). `address` is the site's public one."""
    said = request.headers.get("Sec-Fetch-Site")
    if said:
        # "none" is the reader's own doing, such as loading a page again.
        return OURS if said in ("same-origin", "none") else FOREIGN
    origin = request.headers.get("Origin", "null")
    if origin == "null":
        return UNKNOWN
    return OURS if urlsplit(origin).netloc in (request.host, urlsplit(address).netloc) else FOREIGN


def form_token() -> str:
    """Give a token for a form that anybody may fill in."""
    return _TOKENS.dumps(secrets.token_urlsafe(6))


def is_form_token(token: str) -> bool:
    """Tell whether a token was given out by this server in the last hours."""
    try:
        _TOKENS.loads(token, max_age=_PATIENCE)
    except BadSignature:
        return False
    return True
