"""The process that :mod:`tests.support.warm_processes` keeps: all is loaded, commands fork from it.

``python -m tests.support.warm_process SOCKET`` listens there. Who connects sends one document and
three descriptors, and is told the command's process id and how it ended.
"""

import atexit
import gc
import importlib
import json
import locale
import os
import pkgutil
import signal
import socket
import sys
import termios
import threading
import time
from contextlib import suppress
from fcntl import ioctl
from typing import Any

_LARGEST_REQUEST = 1 << 20
_WAITING = 128
_STREAMS = ((0, "r", "surrogateescape"), (1, "w", "surrogateescape"), (2, "w", "backslashreplace"))
_ROOMS = ("everyrun.cli", "everyrun.store", "everyrun.workflows", "everyrun.nodes")


def load() -> None:
    """Import what the commands import; none of it opens, starts or makes anything."""
    for room in _ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    importlib.import_module("sqlalchemy.dialects.sqlite")
    importlib.import_module("psycopg")


def serve(path: str) -> dict[str, Any]:
    """Fork a command for everyone who connects; in each of these processes, answer what to run."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(_WAITING)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        asking, _ = listener.accept()
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            listener.close()
            return _keep(asking)
        asking.close()


def _keep(asking: socket.socket) -> dict[str, Any]:
    """Start one command, and tell when it ends; only within the command this returns."""
    data, descriptors, _, _ = socket.recv_fds(asking, _LARGEST_REQUEST, 3)
    while not data.endswith(b"\n"):
        data += asking.recv(_LARGEST_REQUEST)
    command = os.fork()
    if command == 0:
        asking.close()
        request: dict[str, Any] = json.loads(data)
        _become(request, descriptors)
        return request
    for descriptor in (0, 1, 2, *descriptors):
        os.close(descriptor)
    asking.sendall(b"%d\n" % command)
    _, status = os.waitpid(command, 0)
    asking.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(request: dict[str, Any], descriptors: list[int]) -> None:
    """Make this process what a started one would be: its streams, environment and words."""
    if request["session"]:
        os.setsid()
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    if request["controls"]:
        ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(request["folder"])
    sys.path[0] = request["folder"]
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()
    with suppress(locale.Error):
        locale.setlocale(locale.LC_CTYPE, "")
    sys.stdin, sys.stdout, sys.stderr = (
        open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
        for number, mode, errors in _STREAMS
    )
    from everyrun.cli import __main__ as started

    sys.modules["__main__"] = started  # what processes that it starts look for
    sys.argv = [started.__file__, *request["arguments"]]


def run() -> None:
    """Be the warm process; in those that fork from it, the command."""
    load()
    gc.collect()
    gc.freeze()
    serve(sys.argv[1])
    from everyrun.cli.main import main

    code = main()
    # What Python does at its end, but for taking everything apart that the warm process loaded.
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
