"""The promises that every page keeps, as one check that tests hold each page to."""

import re
from collections import Counter
from urllib.parse import urlsplit

import html5lib
from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from portal.content.language import language

LIGHT = 60 * 1024


def broken_promises(page: TestResponse, code: str, weigh: dict[str, int]) -> list[str]:
    """Give what a page in the language `code` breaks. `weigh` has the compressed size of each asset by its address."""
    html = page.get_data(as_text=True)
    soup = BeautifulSoup(html, "html5lib")
    return [
        *_headers(page),
        *_valid(html),
        *_language(soup, code),
        *_structure(soup),
        *_ways_out(soup, code),
        *_own_origin(soup),
        *_forms_and_pictures(soup),
        *_weight(html, soup, weigh),
    ]


def _headers(page: TestResponse) -> list[str]:
    policy = page.headers.get("Content-Security-Policy", "")
    wanted = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}
    return [
        *(["it sets a cookie"] if "Set-Cookie" in page.headers else []),
        *(
            ["its policy allows inline or foreign things"]
            if "unsafe" in policy or "default-src 'none'" not in policy
            else []
        ),
        *(f"{name} is not {value}" for name, value in wanted.items() if page.headers.get(name) != value),
    ]


def _valid(html: str) -> list[str]:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(html)
    return [f"HTML at line {where[0]}: {kind} {data}" for where, kind, data in parser.errors]


def _language(soup: BeautifulSoup, code: str) -> list[str]:
    found = []
    root = soup.find("html")
    if (root["lang"], root["dir"]) != (code, language(code).dir):
        found.append(f"html says lang={root.get('lang')} dir={root.get('dir')}")
    for island in soup.find_all(attrs={"lang": True}):
        if island["lang"].partition("-")[0] in ("ar",) and island.get("dir") != "rtl":
            found.append(f"an Arabic island lacks dir: {str(island)[:80]}")
    return found


def _structure(soup: BeautifulSoup) -> list[str]:
    found = []
    ids = Counter(tag["id"] for tag in soup.find_all(id=True))
    found += [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]
    if len(soup.find_all("h1")) != 1:
        found.append(f"{len(soup.find_all('h1'))} h1")
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"h[1-6]\Z"))]
    found += [
        f"h{before} is followed by h{after}"
        for before, after in zip(levels, levels[1:], strict=False)
        if after > before + 1
    ]
    title = soup.find("title").get_text().strip()
    if not title or len(title) > 110:
        found.append(f"title {title!r}")
    for tag in soup.find_all(attrs={"aria-describedby": True}):
        found += [f"aria-describedby names {name}" for name in tag["aria-describedby"].split() if name not in ids]
    if len(soup.find_all("main")) != 1:
        found.append("not one main")
    return found


def _ways_out(soup: BeautifulSoup, code: str) -> list[str]:
    header = soup.find("header")
    links = [link["href"] for link in header.find_all("a", href=True)] if header else []
    first = [link["href"] for link in soup.find_all("a", href=True)][:2]
    found = []
    if f"/{code}/help/" not in links:
        found.append("no help link in the header")
    if not soup.find("a", attrs={"data-exit": True, "href": f"/{code}/leave/"}):
        found.append("no quick exit")
    if first != ["#content", f"/{code}/leave/"]:
        found.append(f"the keyboard meets {first} first")
    return found


def _own_origin(soup: BeautifulSoup) -> list[str]:
    loaded = [
        str(tag[name])
        for kind, name in (
            ("script", "src"),
            ("img", "src"),
            ("source", "srcset"),
            ("iframe", "src"),
            ("form", "action"),
        )
        for tag in soup.find_all(kind, attrs={name: True})
    ]
    loaded += [str(tag["href"]) for tag in soup.find_all("link", rel=["stylesheet", "icon", "preload"])]
    found = [f"it loads {address}" for address in loaded if not address.startswith("/") or address.startswith("//")]
    found += ["an inline script" for tag in soup.find_all("script") if not tag.get("src")]
    found += ["an inline style" for _ in [*soup.find_all("style"), *soup.find_all(style=True)]]
    found += [f"a handler {name}" for tag in soup.find_all(True) for name in tag.attrs if name.startswith("on")]
    for link in soup.find_all("a", href=True):
        where = urlsplit(link["href"])
        if where.scheme not in ("", "https", "http", "tel"):
            found.append(f"a link to {link['href']}")
        if where.netloc and "noreferrer" not in (link.get("rel") or []):
            found.append(f"an outside link that tells where it comes from: {link['href']}")
    return found


def _forms_and_pictures(soup: BeautifulSoup) -> list[str]:
    found = [f"a picture without alt: {tag.get('src')}" for tag in soup.find_all("img") if tag.get("alt") is None]
    found += [
        f"a picture without size: {tag.get('src')}"
        for tag in soup.find_all("img")
        if not (tag.get("width") and tag.get("height"))
    ]
    for field in soup.find_all(["input", "select", "textarea"]):
        labelled = (
            field.get("aria-label") or soup.find("label", attrs={"for": field.get("id")}) or field.find_parent("label")
        )
        if field.get("type") not in ("hidden", "submit") and not labelled:
            found.append(f"a field without label: {field.get('name')}")
    found += ["a file can be uploaded" for _ in soup.find_all("input", type="file")]
    found += [f"an empty link to {link['href']}" for link in soup.find_all("a", href=True) if not _says(link)]
    return found


def _says(link: Tag) -> bool:
    return bool(link.get_text().strip() or link.get("aria-label") or link.find("img", alt=re.compile(".")))


def _weight(html: str, soup: BeautifulSoup, weigh: dict[str, int]) -> list[str]:
    import gzip

    eager = {tag["src"] for tag in soup.find_all(["img", "script"], src=True) if tag.get("loading") != "lazy"}
    eager |= {tag["href"] for tag in soup.find_all("link", rel=["stylesheet", "icon"])}
    total = len(gzip.compress(html.encode(), 9)) + sum(weigh.get(address, 0) for address in eager)
    missing = [f"there is nothing at {address}" for address in eager if address not in weigh]
    return missing + ([f"a first view weighs {total} bytes"] if total > LIGHT else [])
