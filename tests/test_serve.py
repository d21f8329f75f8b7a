"""The portal's server: it says when it is ready, shares no port, and stops at any moment."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest

from portal.settings import ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and process groups are those of POSIX")

# A small application that is slow to import and to make, so that a stop can come in the middle of either.
APPLICATION = """
    import os, time

    time.sleep(0.2)

    def application():
        time.sleep(0.2)

        def answer(environ, start_response):
            if environ["PATH_INFO"] == "/slow/":
                time.sleep(1)
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(os.getpid()).encode()]

        return answer
"""
MAIN = """
    import sys

    from portal.serve import serve

    print("starting", flush=True)
    sys.exit(serve("small:application", "127.0.0.1", int(sys.argv[1]), reload="--reload" in sys.argv))
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server(subprocess.Popen[bytes]):
    """A server in a process group of its own, which prints into a file."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.log = folder / f"printed-{time.monotonic_ns()}"
        with self.log.open("wb") as log:
            super().__init__(
                [sys.executable, "main.py", *arguments],
                cwd=folder,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def prints(self, text: str) -> bool:
        """Wait until a text is printed, or no more can be."""
        deadline = time.monotonic() + 10
        while text not in self.log.read_text() and self.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        return text in self.log.read_text()

    def end(self) -> str:
        """Wait for the end, and give what was printed after the first line."""
        self.wait(timeout=10)
        return self.log.read_text().partition("\n")[2]

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str, float]:
        """Stop it; give its exit code, what it has printed, and how many seconds it took."""
        before = time.monotonic()
        self.send_signal(number)
        printed = self.end()
        return self.returncode, printed, time.monotonic() - before


@pytest.fixture
def start(tmp_path: Path, port: int) -> Iterator[Callable[..., Server]]:
    """Start the server, and wait until its first line is there."""
    (tmp_path / "small.py").write_text(textwrap.dedent(APPLICATION))
    (tmp_path / "main.py").write_text(textwrap.dedent(MAIN))
    started = []

    def start(*options: str) -> Server:
        server = Server(tmp_path, str(port), *options)
        started.append(server)
        assert server.prints("starting\n")
        return server

    yield start
    for server in started:
        for process in [*processes(server), server.pid] if server.poll() is None else ():
            os.kill(process, signal.SIGKILL)
        server.wait()


@pytest.fixture
def running(start: Callable[..., Server]) -> Server:
    """A server that answers."""
    server = start()
    assert server.prints("ready")
    return server


def processes(server: Server) -> list[int]:
    """Give the process ids of a server's children."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.pid)], capture_output=True, text=True)
    return [int(pid) for pid in listed.stdout.split()]


def alive(process: int) -> bool:
    """Tell whether a process still runs; one that has ended may wait to be noticed."""
    listed = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True)
    return bool(listed.stdout.strip()) and not listed.stdout.startswith("Z")


def post(port: int, path: str, form: dict[str, str]) -> int:
    """Send a form; give the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status
    finally:
        connection.close()


def get(port: int, path: str = "/") -> str:
    """Give the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def test_it_says_that_it_is_ready_when_it_answers(running, port):
    assert get(port)
    code, printed, _ = running.stop()
    assert (code, printed) == (0, f"Surf Safely is ready at http://127.0.0.1:{port}/\n")


def test_two_processes_answer(running, port):
    assert len(processes(running)) == 2
    assert {int(get(port)) for _ in range(60)} == set(processes(running))


def test_a_taken_port_is_named_with_the_setting(running, start, port):
    second = start()
    assert second.end() == f"Port {port} on 127.0.0.1 is taken. Stop what uses it, or set PORT to another number.\n"
    assert second.returncode == 1


def test_a_host_that_is_not_ours_is_named(start, tmp_path):
    (tmp_path / "main.py").write_text(textwrap.dedent(MAIN).replace("127.0.0.1", "192.0.2.1"))
    server = start()
    printed = server.end()
    assert server.returncode == 1
    assert "192.0.2.1" in printed
    assert "Check HOST and PORT." in printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("whole_group", [False, True])
def test_it_stops_at_any_moment_of_its_start(start, number, whole_group):
    for delay in (0, *(random.uniform(0, 1) for _ in range(4))):
        server = start()
        time.sleep(delay)
        children = processes(server)
        if whole_group:  # as a terminal does on Ctrl-C
            os.killpg(server.pid, number)
        code, printed, seconds = server.stop(number)
        assert code == 0, (delay, printed)
        assert seconds < 3, (delay, printed)
        assert not any(map(alive, children)), (delay, printed)
        assert "Traceback" not in printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_right_after_its_first_answer(start, port, number):
    for _ in range(3):
        server = start()
        assert eventually(port, str.isdigit)
        code, _, seconds = server.stop(number)
        assert code == 0
        assert seconds < 3


def test_a_request_under_way_is_answered_before_it_stops(running, port):
    answers = []
    reader = threading.Thread(target=lambda: answers.append(get(port, "/slow/")))
    reader.start()
    time.sleep(0.3)
    code, _, seconds = running.stop()
    reader.join()
    assert code == 0
    assert answers
    assert seconds < 3


def test_idle_browsers_do_not_hold_it_up(running, port):
    browsers = [http.client.HTTPConnection("127.0.0.1", port, timeout=5) for _ in range(10)]
    for browser in browsers:
        browser.request("GET", "/")
        browser.getresponse().read()
    code, _, seconds = running.stop()
    for browser in browsers:
        browser.close()
    assert code == 0
    assert seconds < 1


def test_a_process_that_dies_is_replaced(running, port):
    lost = processes(running)[0]
    os.kill(lost, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while (lost in processes(running) or len(processes(running)) < 2) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(processes(running)) == 2
    assert get(port)


def test_the_processes_end_with_the_first_one(running):
    children = processes(running)
    running.kill()
    running.wait()
    deadline = time.monotonic() + 5
    while any(map(alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(alive, children))


def test_a_portal_that_cannot_start_says_why_once(start, tmp_path):
    (tmp_path / "small.py").write_text("raise SystemError('no ' + 'content')")
    server = start()
    printed = server.end()
    assert server.returncode == 1
    assert printed.count("no content") == 1
    assert "is ready" not in printed


def test_an_editor_sees_changes_and_what_they_broke(start, port, tmp_path):
    server = start("--reload")
    assert server.prints("ready")
    before = get(port)
    code = tmp_path / "small.py"
    sound = code.read_text()
    code.write_text("oops oops")
    assert eventually(port, lambda page: "terminal says why" in page)
    code.write_text(sound)
    assert eventually(port, lambda page: page.isdigit() and page != before)
    assert server.stop(signal.SIGINT)[0] == 0


def eventually(port: int, wanted: Callable[[str], bool]) -> bool:
    """Ask until the answer is as wanted, for ten seconds at most."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            if wanted(get(port)):
                return True
        time.sleep(0.005)
    return False


def test_the_portal_prints_and_writes_nothing_of_an_answer(tmp_path: Path, port: int) -> None:
    printed = tmp_path / "printed"
    with printed.open("wb") as log:
        command = [sys.executable, "-m", "portal", "run", "--port", str(port), "--workers", "1"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        deadline = time.monotonic() + 60
        while str(port) not in printed.read_text() and server.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        sound = {"past": "", "choice": "0", "choice-0": "yes", "answer": "yes"}
        answers = [post(port, "/en/quizzes/passwords/", form) for form in (sound, {"past": "7,7,7"}, {"past": "<b>"})]
    finally:
        server.terminate()
        server.wait(10)
    assert answers == [200, 400, 400]
    assert [path.name for path in tmp_path.iterdir()] == ["printed"]
    assert not [word for word in ("quizzes", "past", "choice", "7,7,7", "<b>") if word in printed.read_text()]
