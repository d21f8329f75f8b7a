"""How long the portal takes to its first answer, and its memory then: run `python benchmarks/start.py`."""

import argparse
import time

from tools import free_port, median, memory, portal_command, running


def main() -> None:
    """Start and stop the portal several times; the first time builds what is out of date and does not count."""
    options = _options()
    _start(options.path)
    figures = [_start(options.path) for _ in range(options.times)]
    seconds = [figure for figure, _ in figures]
    print(f"{len(seconds)} starts: first 200 after {median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f}),")
    print(f"memory then {median(figure for _, figure in figures):.0f} MiB for all processes")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", default="/en/", help="the page to wait for (%(default)s)")
    parser.add_argument("--times", type=int, choices=range(1, 51), default=5, metavar="1..50", help="(%(default)s)")
    return parser.parse_args()


def _start(path: str) -> tuple[float, float]:
    port = free_port()
    before = time.monotonic()
    with running(portal_command(port), f"http://127.0.0.1:{port}{path}") as portal:
        return time.monotonic() - before, memory(portal)


if __name__ == "__main__":
    main()
