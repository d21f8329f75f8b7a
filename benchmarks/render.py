"""How much processor time a page takes that is not kept finished: run `python benchmarks/render.py`."""

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

from tools import ROOT, median, table

sys.path.insert(0, str(ROOT))

from flask import Flask

from portal.app import create_app
from portal.settings import Settings, read_settings

# A page asked for with a query is rendered each time and never kept.
QUERY = "not-kept"


def main() -> None:
    """Render every page of every language: once as the first reader has it, then several times more."""
    options = _options()
    settings = read_settings()
    app = create_app(settings)
    addresses = _addresses(app, settings)
    again: dict[tuple[str, str], list[float]] = defaultdict(list)
    first = {address: _milliseconds(app, address) for address in addresses}
    for address in addresses:
        figure = median(_milliseconds(app, address) for _ in range(options.times))
        again[_kind(address, addresses), address.split("/")[1]].append(figure)
    _print(again, settings.languages)
    figures = [figure for group in again.values() for figure in group]
    print(f"\nall {len(figures)} pages: median {median(figures):.2f}, slowest {max(figures):.2f} ms")
    once = first.values()
    print(f"the first time: median {median(once):.2f}, slowest {max(once):.2f} ms, together {sum(once) / 1000:.2f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, choices=range(1, 101), default=5, metavar="1..100", help="(%(default)s)")
    return parser.parse_args()


def _addresses(app: Flask, settings: Settings) -> list[str]:
    """Give every page that the sitemap lists, and the help of every country."""
    sitemap = app.test_client().get("/sitemap.xml").text
    listed = [part.partition("</loc>")[0].removeprefix(settings.address) for part in sitemap.split("<loc>")[1:]]
    countries = sorted(path.stem for path in Path(settings.content, "helplines").glob("??.yaml"))
    return [*listed, *(f"/{code}/help/{country}/" for code in settings.languages for country in countries)]


def _kind(address: str, addresses: list[str]) -> str:
    """Name the kind of a page by its place: what has pages below is a door, what is below one an article."""
    parts = address.strip("/").split("/")
    if len(parts) == 1:
        return "first page"
    if parts[1] == "help":
        return "help" if len(parts) == 2 else "help of a country"
    if len(parts) > 2:
        return "article"
    return "door" if any(other != address and other.startswith(address) for other in addresses) else "page"


def _milliseconds(app: Flask, address: str) -> float:
    client = app.test_client(use_cookies=False)
    before = time.process_time()
    answer = client.get(address, query_string=QUERY)
    used = time.process_time() - before
    if answer.status_code != 200:
        raise RuntimeError(f"{address} is answered with {answer.status}")
    return used * 1000


def _print(figures: dict[tuple[str, str], list[float]], languages: tuple[str, ...]) -> None:
    rows = [("median / max ms", *languages)]
    for kind in dict.fromkeys(kind for kind, _ in figures):
        groups = (figures.get((kind, code)) for code in languages)
        rows.append((kind, *(f"{median(group):.2f} / {max(group):.2f}" if group else "–" for group in groups)))
    print(table(rows))


if __name__ == "__main__":
    main()
