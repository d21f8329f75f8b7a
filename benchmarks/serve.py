"""How fast a finished page is answered, next to nginx serving the same bytes: run `python benchmarks/serve.py`."""

import argparse
import gzip
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import busy_seconds, fetch, free_port, median, memory, portal_command, processor_seconds, running, table

NGINX = """
daemon off;
worker_processes 2;
pid {folder}/pid;
error_log {folder}/errors crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/bodies;
    default_type "text/html; charset=utf-8";
    sendfile on;
    gzip_static on;
    keepalive_requests 10000000;
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""
_TRIES = 4
_QUIET = 15.0  # percent of the processors that other programs may use in a run
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@dataclass(frozen=True)
class Run:
    """What one run of wrk against one server showed.

    Times are in milliseconds, `processor` is the server's in µs a request, `others` the share of the machine's
    processors that neither server nor wrk used, in percent.
    """

    rate: float
    p50: float
    p99: float
    processor: float
    others: float
    faults: int


def main() -> int:
    """Measure in rounds, nginx and the portal in turn, so that whatever else the machine does hits both alike."""
    options = _options()
    missing = [tool for tool in ("nginx", "wrk") if not shutil.which(tool)]
    if missing:
        print(f"Install {' and '.join(missing)} first: apt-get install nginx-light wrk", file=sys.stderr)
        return 2
    ports = free_port(), free_port()
    ours = f"http://127.0.0.1:{ports[0]}{options.path}"
    theirs = f"http://127.0.0.1:{ports[1]}/page.html"
    with tempfile.TemporaryDirectory() as name, running(portal_command(ports[0]), ours) as portal:
        nginx_command = _prepare_nginx(Path(name), ports[1], ours)
        with running(nginx_command, theirs) as nginx:
            sent = fetch(ours, Accept_Encoding="gzip")
            if sent != fetch(theirs, Accept_Encoding="gzip"):
                raise RuntimeError("the two servers do not send the same bytes")
            print(f"{options.path}: {len(gzip.decompress(sent)):,} bytes, {len(sent):,} of them sent with gzip")
            print(f"{options.rounds} rounds of {options.seconds} s, connections: {options.connections}; medians\n")
            servers = {"nginx": (theirs, nginx), "portal": (ours, portal)}
            ratio = _compare(servers, options)
    if ratio < options.at_least:
        print(f"\nThe ratio is below {options.at_least}.", file=sys.stderr)
        return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", default="/en/", help="the page to ask for (%(default)s)")
    parser.add_argument("--rounds", type=int, choices=range(1, 21), default=5, metavar="1..20", help="(%(default)s)")
    parser.add_argument("--seconds", type=int, choices=range(1, 31), default=4, metavar="1..30", help="(%(default)s)")
    parser.add_argument("--connections", type=int, choices=range(1, 513), default=64, metavar="1..512")
    parser.add_argument("--at-least", type=float, default=0.0, help="exit with 1 if the ratio to nginx is lower")
    return parser.parse_args()


def _prepare_nginx(folder: Path, port: int, ours: str) -> list[str]:
    sent = fetch(ours, Accept_Encoding="gzip")
    folder.chmod(0o755)  # nginx reads as another user
    (folder / "page.html.gz").write_bytes(sent)
    (folder / "page.html").write_bytes(gzip.decompress(sent))
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")]


def _compare(servers: dict[str, tuple[str, int]], options: argparse.Namespace) -> float:
    for url, process in servers.values():
        _load(url, process, 1, options.connections)
    rounds = [
        {name: _quiet_load(*server, options.seconds, options.connections) for name, server in servers.items()}
        for _ in range(options.rounds)
    ]
    ratios = {name: median(one[name].rate / one["nginx"].rate for one in rounds) for name in servers}
    rows = [("", "requests/s", "ratio", "p50 ms", "p99 ms", "CPU µs", "memory MiB", "others %", "errors")]
    for name, (_, process) in servers.items():
        runs = [one[name] for one in rounds]
        rows.append(
            (
                name,
                f"{median(run.rate for run in runs):,.0f}",
                f"{ratios[name]:.2f}",
                f"{median(run.p50 for run in runs):.2f}",
                f"{median(run.p99 for run in runs):.2f}",
                f"{median(run.processor for run in runs):.0f}",
                f"{memory(process):.0f}",
                f"{median(run.others for run in runs):.0f}",
                f"{sum(run.faults for run in runs)}",
            )
        )
    print(table(rows))
    return ratios["portal"]


def _quiet_load(url: str, process: int, seconds: int, connections: int) -> Run:
    """Load again while other programs keep the machine busy, a few times at most; give the quietest run."""
    runs: list[Run] = []
    while not runs or (runs[-1].others > _QUIET and len(runs) < _TRIES):
        runs.append(_load(url, process, seconds, connections))
    return min(runs, key=lambda run: run.others)


def _load(url: str, process: int, seconds: int, connections: int) -> Run:
    """Let wrk ask for one address as fast as it is answered."""
    before = _processor_times(process)
    wrk = subprocess.run(
        [
            *("wrk", f"-t{min(2, connections)}", f"-c{connections}", f"-d{seconds}s", "--latency"),
            *("-H", "Accept-Encoding: gzip", url),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    server, ours, all_ = (after - one for after, one in zip(_processor_times(process), before, strict=True))
    requests = int(_found(r"(\d+) requests in", wrk.stdout))
    failed = re.findall(r"(?:connect|read|write|timeout|responses:?) (\d+)", wrk.stdout)
    return Run(
        rate=float(_found(r"Requests/sec:\s+([\d.]+)", wrk.stdout)),
        p50=_milliseconds(50, wrk.stdout),
        p99=_milliseconds(99, wrk.stdout),
        processor=server / requests * 1e6,
        others=max(0.0, all_ - server - ours) / (seconds * (os.cpu_count() or 1)) * 100,
        faults=sum(map(int, failed)),
    )


def _processor_times(process: int) -> tuple[float, float, float]:
    """Give the seconds used by the server, by what this program has run to its end, and by all of the machine."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return processor_seconds(process), ended.ru_utime + ended.ru_stime, busy_seconds()


def _milliseconds(percent: int, printed: str) -> float:
    figure = _found(rf"{percent}%\s+([\d.]+(?:us|ms|s))\s", printed)
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", figure).groups()  # type: ignore[union-attr]
    return float(number) * _UNITS[unit]


def _found(pattern: str, printed: str) -> str:
    match = re.search(pattern, printed)
    if not match:
        raise RuntimeError(f"wrk printed something unexpected:\n{printed}")
    return match[1]


if __name__ == "__main__":
    sys.exit(main())
