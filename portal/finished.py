"""Pages that are the same for every reader, compressed once and answered before Flask is entered."""

import gzip
import re
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Lines = tuple[tuple[str, str], ...]

MARK = ("Portal-Finished", "yes")

_MARK_NAME = MARK[0].lower()
_ENCODED = frozenset({"content-length", "content-encoding", "etag", "vary"})
_PERSONAL = frozenset({"set-cookie", "content-encoding", "content-range"})
_READING = frozenset({"GET", "HEAD"})
_QUALITY = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")
_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


@lru_cache(maxsize=64)
def accepts_gzip(header: str) -> bool:
    """Tell whether an Accept-Encoding header ("" if there is none) allows gzip, and does not like identity more."""
    weights = dict(_weight(item) for item in header.lower().split(","))
    gzipped = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return gzipped > 0 and gzipped >= weights.get("identity", 0.0)


def _weight(item: str) -> tuple[str, float]:
    coding, _, weight = (part.strip() for part in item.partition(";"))
    quality = _QUALITY.fullmatch(weight)
    return coding, float(quality[1]) if quality else float(not weight)


def names(header: str, etag: str) -> bool:
    """Tell whether an If-None-Match header names the ETag, by the weak comparison that such headers ask for."""
    return header == etag or header.strip() == "*" or etag in _TAG.findall(header)


@dataclass(frozen=True, slots=True)
class Variant:
    """One encoding of a page: its strong ETag, the header lines of a 200 and those of a 304."""

    etag: str
    headers: Lines
    unchanged: Lines


@dataclass(frozen=True, slots=True)
class Finished:
    """A page as it is sent: its gzip bytes, and the header lines with gzip and without."""

    gzip: bytes
    gzipped: Variant
    plain: Variant

    @property
    def body(self) -> bytes:
        """Give the uncompressed page, which `plain` describes."""
        return gzip.decompress(self.gzip)

    def answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        """Answer a GET or HEAD request in the encoding that it accepts, with 304 if it has the page already."""
        zipped = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
        variant = self.gzipped if zipped else self.plain
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and names(known, variant.etag):
            start_response("304 Not Modified", list(variant.unchanged))
            return []
        start_response("200 OK", list(variant.headers))
        if environ["REQUEST_METHOD"] == "HEAD":
            return []
        return [self.gzip if zipped else self.body]


def finish(body: bytes, headers: Iterable[tuple[str, str]]) -> Finished:
    """Compress a page and make its header lines ready: those given, but for what depends on the encoding."""
    zipped = gzip.compress(body, 9, mtime=0)
    kept = tuple(line for line in headers if line[0].lower() not in _ENCODED)
    return Finished(zipped, _variant(kept, zipped, ("Content-Encoding", "gzip")), _variant(kept, body))


def _variant(kept: Lines, sent: bytes, *encoding: tuple[str, str]) -> Variant:
    etag = f'"{blake2b(sent, digest_size=12).hexdigest()}"'
    validators = (("ETag", etag), ("Vary", "Accept-Encoding"))
    caching = tuple(line for line in kept if line[0].lower() == "cache-control")
    length = ("Content-Length", str(len(sent)))
    return Variant(etag, (*kept, *validators, *encoding, length), (*caching, *validators))


@dataclass(frozen=True, slots=True)
class _Store:
    """What is kept for one state of the site: assets, pages, and the pages' paths from the oldest to the newest."""

    state: str
    pages: dict[str, Finished]
    paths: deque[str] = field(default_factory=deque)


class FinishedPages:
    """A WSGI application in front of another, which answers from memory what that one has marked as finished.

    `app` marks a response with the header `Portal-Finished: yes`, which never leaves the server. It promises that the
    page depends on nothing but its path and `state`: not on Host, cookies, query or the reader's language settings. It
    calls start_response before it returns, as Flask does. `state` gives a short digest of all that pages are made of;
    it is asked on each request, so it must be cheap, and may change only once `app` renders the new pages. `limit` is
    the number of pages kept besides `assets`, the ready answers by path that each new state starts with.

    Only a 200 without cookie, Vary or encoding of its own is kept. A HEAD reaches `app` as a GET.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        state: Callable[[], str],
        limit: int = 1536,
        assets: Callable[[], Mapping[str, Finished]] = dict,
    ) -> None:
        self._app = app
        self._state = state
        self._limit = limit
        self._assets = assets
        self._lock = Lock()
        self._store = _Store(state(), dict(assets()))

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        store = self._present()
        if environ.get("QUERY_STRING") or environ["REQUEST_METHOD"] not in _READING:
            return self._app(environ, _Start(start_response))
        page = store.pages.get(environ["PATH_INFO"])
        if page is None:
            return self._render(store, environ, start_response)
        return page.answer(environ, start_response)

    def finished(self, path: str) -> Finished | None:
        """Give what is kept for a path, for an export that writes the same bytes; None if it was not asked for yet."""
        return self._present().pages.get(path.encode().decode("latin-1"))

    def _present(self) -> _Store:
        """Give the store of the present state, a new one if that has changed; a slow thread may still fill the old."""
        state = self._state()
        store = self._store
        if store.state != state:
            store = self._store = _Store(state, dict(self._assets()))
        return store

    def _render(self, store: _Store, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        start = _Start(start_response, keep=True)
        response = self._app({**environ, "REQUEST_METHOD": "GET"}, start)
        if start.kept is None:
            return response if environ["REQUEST_METHOD"] == "GET" else _closed(response)
        try:
            page = finish(b"".join(response), start.kept)
        finally:
            _closed(response)
        self._keep(store, environ["PATH_INFO"], page)
        return page.answer(environ, start_response)

    def _keep(self, store: _Store, path: str, page: Finished) -> None:
        """Keep a page for the state in which its rendering began, unless the state has changed since."""
        if store.state != self._state():
            return
        with self._lock:
            if path not in store.pages:
                store.paths.append(path)
            store.pages[path] = page
            while len(store.paths) > self._limit:
                del store.pages[store.paths.popleft()]


class _Start:
    """A start_response that takes the mark off, and holds back the head of a page that can be kept."""

    def __init__(self, start_response: "StartResponse", keep: bool = False) -> None:
        self._start_response = start_response
        self._keep = keep
        self.kept: Sequence[tuple[str, str]] | None = None

    def __call__(
        self, status: str, headers: list[tuple[str, str]], exc_info: "OptExcInfo | None" = None, /
    ) -> Callable[[bytes], object]:
        lines = [line for line in headers if line[0].lower() != _MARK_NAME]
        if self._keep and MARK in headers and not exc_info and _is_same_for_all(status, lines):
            self.kept = lines
            return _refuse
        self.kept = None
        return self._start_response(status, lines, exc_info)


def _is_same_for_all(status: str, headers: Sequence[tuple[str, str]]) -> bool:
    fields = [(name.lower(), value.lower()) for name, value in headers]
    return status.startswith("200 ") and not any(
        name in _PERSONAL or (name == "vary" and value != "accept-encoding") for name, value in fields
    )


def _refuse(_data: bytes) -> object:
    raise NotImplementedError("a finished page is returned, not given to start_response's write()")


def _closed(response: Iterable[bytes]) -> list[bytes]:
    """Close a response that is not sent, as WSGI asks, and give the empty body that is."""
    if hasattr(response, "close"):
        response.close()
    return []
