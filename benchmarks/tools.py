"""What the benchmarks share: servers on free ports, their processor time and memory, and tables."""

import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_PATIENCE = 30.0  # seconds that a server may take to start
_TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def portal_command(port: int) -> list[str]:
    """Give the command that serves this portal."""
    return [sys.executable, "-m", "portal", "run", "--port", str(port)]


@contextmanager
def running(command: Sequence[str], url: str) -> Iterator[int]:
    """Run a server, give its process id once it answers `url` with 200, and end it.

    Raises RuntimeError if it does not answer in time.
    """
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _is_found(url):
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(command)} does not answer {url} with 200")
            time.sleep(0.002)
        yield server.pid
    finally:
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _is_found(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def fetch(url: str, **headers: str) -> bytes:
    """Give the body of an answer as it was sent. Raises OSError if there is none."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return bytes(answer.read())


def processor_seconds(process: int) -> float:
    """Give the processor time that a process and all below it have used."""
    return sum(_ticks(one) for one in _tree(process)) / _TICK


def busy_seconds() -> float:
    """Give the processor time that everything on this machine has used."""
    user, nice, system, _idle, _waiting, *interrupts = Path("/proc/stat").read_text().splitlines()[0].split()[1:9]
    return sum(map(int, (user, nice, system, *interrupts))) / _TICK


def memory(process: int) -> float:
    """Give the memory of a process and all below it in MiB: proportional, so that what they share counts once."""
    return sum(_proportional(one) for one in _tree(process)) / 1024


def _tree(process: int) -> Iterator[int]:
    yield process
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        for child in thread.read_text().split():
            yield from _tree(int(child))


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _proportional(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def median(values: Iterable[float]) -> float:
    """Give the middle one of some figures."""
    return statistics.median(list(values))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Give rows as text in columns, the first to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(_aligned(row, widths)) for row in rows)


def _aligned(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for column, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if column else cell.ljust(width)
