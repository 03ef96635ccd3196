"""One further process of a server: it answers, and leaves all else to the first one.

    python -m everyrun.server.process.worker LISTENER PIPE

Both are file descriptors that it was given. It ends in order when the pipe does.
"""

import logging
import os
import signal
import socket
import sys
from typing import NoReturn

from everyrun.server.app import create_app
from everyrun.server.process.answering import Answering
from everyrun.server.settings import ServerSettings
from everyrun.server.state import Server
from everyrun.store.database import open_database
from everyrun.tracking.settings import Settings


def work(listener: socket.socket, pipe: int) -> None:
    """Answer until the pipe ends."""
    settings = ServerSettings.from_environment()
    database = open_database(Settings.from_environment().url)
    server = Server(database, settings)
    answering = Answering(create_app(server), listener, drain_seconds=settings.drain_seconds)
    answering.start()
    try:
        os.read(pipe, 1)
    except KeyboardInterrupt:
        pass
    finally:
        server.is_ending = True
        answering.stop()
        answering.join()
        database.close()
    answering.raise_error()


def _end(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def main() -> None:
    """Work with what the first process gave."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the first process to hear
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    listening, pipe = map(int, sys.argv[1:3])
    work(socket.socket(fileno=listening), pipe)


if __name__ == "__main__":
    main()
