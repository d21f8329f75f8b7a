"""Serving the portal: to readers from several processes, to editors from one that starts anew with each change."""

import errno
import gc
import importlib
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, cast

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from werkzeug.serving import is_running_from_reloader, run_simple

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# Requests that one process works on at a time. Finished pages need one thread; the others may wait for the database.
_THREADS = 8
# Seconds that requests under way have to end in when the portal stops.
_GRACE = 2
_STOPS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_REASONS = {
    errno.EADDRINUSE: "Port {port} on {host} is taken. Stop what uses it, or set PORT to another number.",
    errno.EACCES: "Port {port} on {host} is for administrators. Set PORT to a number above 1023.",
}


def serve(
    target: str,
    host: str,
    port: int,
    workers: int = 2,
    reload: bool = False,
    name: str = "Surf Safely",
    watch: Iterable[Path] = (),
) -> int:
    """Serve what the factory `target` ("portal.wsgi:application") makes until it is told to stop; give the exit code.

    `name` and the address are printed as soon as readers are answered. Nothing is logged about requests, because it
    would keep addresses of readers. SIGINT, SIGTERM and SIGHUP stop all processes within three seconds, with code 0.

    Each of the `workers` is a process; one for each processor core is best. The application is made before they part,
    so that they share its memory: the factory must neither start threads nor leave connections open.

    `reload` is for editors and developers: one process, which starts anew when code, a template or a file of `watch`
    changes, and says what is broken until it is mended.
    """
    _on_stop(_end_now)
    if reload and is_running_from_reloader():
        address = host
    else:
        try:
            address = _usable_address(host, port)
        except OSError as error:
            print(_why_not(error, host, port), file=sys.stderr)
            return 1
    ready = partial(_say_when_ready, address, port, name)
    if reload:
        _serve_editors(target, address, port, ready, watch)
        return 0
    return _serve_readers(target, address, port, workers, ready)


def _serve_readers(target: str, address: str, port: int, workers: int, ready: Callable[[], None]) -> int:
    _application(target)
    gc.collect()
    gc.freeze()  # else the first collection in each process would copy the memory that they share
    server = Granian(
        target,
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_GRACE,
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Granian's processes inherit this and keep it until they have loaded the application. With Granian's own
        # handler here, a stop that reached them before that was lost, and the portal waited for them for ever.
        if os.getpid() != main:
            os._exit(0)
        server.interrupt_signal = True
        server.main_loop_interrupt.set()

    def wait_for_workers() -> None:
        while len(server.wrks) < workers:  # a fork must find no thread at work
            time.sleep(0.01)
        ready()

    main = os.getpid()
    server.on_startup(partial(_on_stop, stop))
    server.on_startup(threading.Thread(target=wait_for_workers, daemon=True).start)
    with suppress(SystemExit):  # its code is 1 also when a stop has reached Granian's processes before the first one
        server.serve(target_loader=partial(_application_of_worker, target), wrap_loader=False)
    return 0 if server.interrupt_signal else 1


def _serve_editors(target: str, address: str, port: int, ready: Callable[[], None], watch: Iterable[Path]) -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its log names readers' addresses
    application = _application_or_excuse(target, ready) if is_running_from_reloader() else _excuse
    templates = (path for path in Path(__file__).parent.rglob("*") if path.suffix in (".html", ".txt", ".xml"))
    files = [str(path) for path in (*templates, *watch)]
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.default_int_handler)  # by which Werkzeug ends its second process
        run_simple(
            address, port, application, use_reloader=True, extra_files=files, reloader_type="stat", threaded=True
        )


@cache
def _application(target: str) -> "WSGIApplication":
    module, _, factory = target.partition(":")
    return cast("WSGIApplication", getattr(importlib.import_module(module), factory)())


def _application_of_worker(target: str) -> "WSGIApplication":
    """Give the application to a process of Granian's, and make sure that the process ends with the first one."""
    if hasattr(os, "setpgrp"):
        os.setpgrp()  # a Ctrl-C is for the first process, which then stops the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.setswitchinterval(0.001)  # a page being rendered shall not hold up finished ones for Python's usual 5 ms
    return _application(target)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def _application_or_excuse(target: str, ready: Callable[[], None]) -> "WSGIApplication":
    try:
        application = _application(target)
    except Exception:  # whatever an editor's change broke
        traceback.print_exc()
        return _excuse
    threading.Thread(target=ready, daemon=True).start()
    return application


def _excuse(_environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
    start_response("500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")])
    return [b"The portal cannot start. The terminal says why; once that is mended, load this page again.\n"]


def _on_stop(handler: Callable[[int, FrameType | None], Any]) -> None:
    for number in _STOPS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores SIGHUP
            signal.signal(number, handler)


def _end_now(_number: int, _frame: FrameType | None) -> None:
    os._exit(0)  # nothing is served yet, and a SystemExit could get lost in whatever is being imported


def _usable_address(host: str, port: int) -> str:
    """Give the numeric address of a host. Raises OSError if it can't be listened on.

    Granian would share a taken port, so that readers would now and then be answered by what already listens there.
    """
    family, _, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(where)
    return str(where[0])


def _why_not(error: OSError, host: str, port: int) -> str:
    reason = _REASONS.get(error.errno or 0, "Port {port} on {host} cannot be used: {error}. Check HOST and PORT.")
    return reason.format(host=host, port=port, error=error.strerror)


def _say_when_ready(address: str, port: int, name: str) -> None:
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104
    while not _answers(reachable, port):
        time.sleep(0.02)
    print(f"{name} is ready at http://{f'[{reachable}]' if ':' in reachable else reachable}:{port}/", flush=True)


def _answers(address: str, port: int) -> bool:
    try:
        with socket.create_connection((address, port), timeout=5) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(5) == b"HTTP/"
    except OSError:
        return False
