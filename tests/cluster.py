"""A PostgreSQL of this machine's for as long as tests or benchmarks need one: `python tests/cluster.py` prints its URL.

Its data lies in a temporary folder and is gone afterwards; nothing of another PostgreSQL on the machine is touched.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class MissingError(Exception):
    """There is no PostgreSQL on this machine that could be started; the text says why."""


@contextmanager
def cluster() -> Iterator[tuple[str, Path]]:
    """Start PostgreSQL on a free port of 127.0.0.1, give its URL without a database and its data folder, and end it."""
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="portal-postgresql-"))
    data = home / "data"
    try:
        if not os.geteuid():
            shutil.chown(home, "postgres")
        _run(programs / "initdb", "-D", data, "-U", "portal", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        port = _free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        _run(programs / "pg_ctl", "-D", data, "-l", home / "log", "-o", options, "-w", "start")
        try:
            yield f"postgresql://portal@127.0.0.1:{port}", data
        finally:
            _run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _programs() -> Path:
    """Give the folder of PostgreSQL's programs, the newest where there are several."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name), reverse=True)
    programs = next((one for one in folders if (one / "initdb").exists() and (one / "pg_ctl").exists()), None)
    if programs is None:
        raise MissingError("install it with `sudo apt-get install postgresql`")
    if not os.geteuid():
        try:
            pwd.getpwnam("postgres")
        except KeyError as error:
            raise MissingError("root cannot run it, and there is no user postgres") from error
    return programs


def _run(*command: str | Path) -> None:
    """Run one of PostgreSQL's programs, as root in the name of its own user. Raises MissingError where it fails."""
    whose = () if os.geteuid() else ("runuser", "-u", "postgres", "--")
    with tempfile.TemporaryFile() as printed:
        done = subprocess.run(
            [*whose, *map(str, command)], stdin=subprocess.DEVNULL, stdout=printed, stderr=printed, cwd="/"
        )
        if done.returncode:
            printed.seek(0)
            raise MissingError(f"{command[0]} failed: {printed.read().decode(errors='replace').strip()[-400:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Print the URL, and end PostgreSQL when told to, or when whoever started this is gone."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        with cluster() as (url, _):
            print(url, flush=True)
            sys.stdin.read()
    except MissingError as error:
        sys.exit(f"no PostgreSQL on this machine: {error}")


if __name__ == "__main__":
    main()
