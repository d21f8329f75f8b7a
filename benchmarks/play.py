"""What an answer to a quiz costs the server, in page reads: run `python benchmarks/play.py`."""

import argparse
import sys
from collections.abc import Mapping
from http.client import HTTPConnection
from urllib.parse import urlencode

from tools import free_port, median, portal_command, processor_seconds, running, table

# What is asked for in turn: a page by its query, or what follows on a form that is sent. The second is what the others
# are held against: the same page, made as a reader has it who comes first after a change.
_FINISHED, _ANEW = "the page, kept finished", "the page, made anew"
_ASKED: Mapping[str, tuple[str, Mapping[str, str] | None]] = {
    _FINISHED: ("", None),
    _ANEW: ("?not-kept", None),
    "an answer": ("", {"past": "", "choice": "0", "answer": "yes"}),
    "on to the next question": ("", {"past": "0"}),
}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "gzip"}


def main() -> int:
    """Ask in rounds, all in turn, so that whatever else the machine does hits them alike."""
    options = _options()
    port = free_port()
    with running(portal_command(port), f"http://127.0.0.1:{port}{options.path}") as portal:
        link = HTTPConnection("127.0.0.1", port)
        rounds = [{name: _cost(link, portal, name, options) for name in _ASKED} for _ in range(options.rounds + 1)]
    figures = {name: median(one[name] for one in rounds[1:]) for name in _ASKED}
    rows = [("", "CPU µs", "in pages made anew", "in finished pages")]
    for name, figure in figures.items():
        rows.append((name, f"{figure:,.0f}", f"{figure / figures[_ANEW]:.2f}", f"{figure / figures[_FINISHED]:.1f}"))
    print(table(rows))
    most = max(figures[name] for name, (_, form) in _ASKED.items() if form) / figures[_ANEW]
    if options.at_most and most > options.at_most:
        print(f"\nA step costs more than {options.at_most} pages made anew.", file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", default="/en/quizzes/passwords/", help="the quiz (%(default)s)")
    parser.add_argument("--rounds", type=int, choices=range(1, 51), default=7, metavar="1..50", help="(%(default)s)")
    parser.add_argument("--times", type=int, choices=range(50, 5001), default=400, metavar="50..5000")
    parser.add_argument("--at-most", type=float, default=0.0, help="exit with 1 if a step costs more pages made anew")
    return parser.parse_args()


def _cost(link: HTTPConnection, process: int, name: str, options: argparse.Namespace) -> float:
    """Give the server's processor time for one request, in µs, over as many as the options say."""
    query, form = _ASKED[name]
    before = processor_seconds(process)
    for _ in range(options.times):
        link.request("POST" if form else "GET", options.path + query, urlencode(form) if form else None, _FORM)
        answer = link.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{name}: {options.path} is answered with {answer.status}")
    used = processor_seconds(process) - before
    return used * 1e6 / int(options.times)


if __name__ == "__main__":
    sys.exit(main())
