"""Addresses of services, asked whether they still answer; only when an operator asks for it, never by the site."""

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.parse import urlsplit

# Says what asks, and neither who nor for which site.
_AGENT = "link-check/1.0"
_TIMEOUT = 10
_AT_ONCE = 8


def faults(urls: Iterable[str]) -> dict[str, str]:
    """Give those addresses at which something is wrong, each with what it is."""
    asked = list(dict.fromkeys(urls))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return {url: fault for url, fault in zip(asked, pool.map(fault_of, asked), strict=True) if fault}


def fault_of(url: str) -> str:
    """Give what is wrong at an http address; "" where it answers at the host that it names."""
    try:
        return _elsewhere(url, _final(url))
    except urllib.error.HTTPError as error:
        error.close()
        return f"answers {error.code} {error.reason}"
    except urllib.error.URLError as error:
        is_certificate = isinstance(error.reason, ssl.SSLCertVerificationError)
        return f"its certificate is refused: {error.reason}" if is_certificate else f"can't be reached: {error.reason}"
    except (OSError, HTTPException, ValueError) as error:
        return f"can't be reached: {error or type(error).__name__}"


def _final(url: str) -> str:
    """Give the address that is reached in the end. Raises what urllib does where nothing answers well."""
    try:
        return _ask(url, "HEAD")
    except urllib.error.HTTPError as error:
        # Many servers answer HEAD wrongly.
        error.close()
        return _ask(url, "GET")


def _ask(url: str, method: str) -> str:
    request = urllib.request.Request(url, method=method, headers={"User-Agent": _AGENT})  # noqa: S310 - http by _opener
    with _opener().open(request, timeout=_TIMEOUT) as answer:
        return str(answer.geturl())


def _opener() -> urllib.request.OpenerDirector:
    """Give what follows redirects to http and https alone: no files, no ftp, no cookies."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPRedirectHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _elsewhere(url: str, final: str) -> str:
    asked, reached = _host(url), _host(final)
    return "" if asked == reached else f"leads to another host, {reached}"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
