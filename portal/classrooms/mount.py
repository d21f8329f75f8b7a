"""The whole site below a class's address: "/c/k7m3pc4xw/fr/kids/" is "/fr/kids/" with its country and way home.

So pages keep both without a cookie. Texts are rendered as everywhere, with links that know nothing of a class; the very
last step of an answer is to keep its links below the class's address.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Response, request

from portal.classrooms.codes import ALPHABET
from portal.reader import homeroom

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BELOW = re.compile(rf"/c/([{ALPHABET}]+)(?=/|\Z)")
_LINK = re.compile(rb'((?:href|action|data-poll)=")(/[a-z]{2}(?:-[A-Za-z]+)?/)(?!leave/)')

# Where the code of the class stands in a request's environment.
CODE = "portal.classroom"


class Mounted:
    """A WSGI application that also answers below the address of each class."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        found = _BELOW.match(environ["PATH_INFO"])
        if not found:
            return self._app(environ, start_response)
        below = {"SCRIPT_NAME": environ.get("SCRIPT_NAME", "") + found.group(), CODE: found.group(1)}
        return self._app({**environ, **below, "PATH_INFO": environ["PATH_INFO"][found.end() :] or "/"}, start_response)


def class_code() -> str:
    """Give the code of the class below whose address a request came, "" if it came to the site itself."""
    return str(request.environ.get(CODE, ""))


def keep_below(response: Response) -> Response:
    """Let all links of an answer, and where it redirects to, stay below the address of the class.

    Where there is no such class, they lead to the site itself: nobody is kept below an address that leads nowhere.
    """
    if not homeroom():
        return response
    root = request.script_root.encode()
    if response.mimetype == "text/html" and not response.direct_passthrough:
        response.set_data(_LINK.sub(rb"\g<1>" + root + rb"\g<2>", response.get_data()))
    target = response.headers.get("Location", "")
    if target.startswith("/") and not target.startswith(f"{request.script_root}/"):
        response.headers["Location"] = request.script_root + target
    return response
