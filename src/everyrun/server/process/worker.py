"""One further process of a server: it answers, and leaves all else to the first one.

    python -m everyrun.server.process.worker LISTENER PIPE

Both are file descriptors that it was given. It ends in order when the pipe does, and at once when
it does not answer yet.
"""

import logging
import os
import signal
import socket
import sys
from threading import Event, Thread

_LOOK_SECONDS = 1.0


class Ending:
    """Knows when to end: when the first process lets go of the pipe, or dies, or by SIGTERM."""

    def __init__(self, pipe: int) -> None:
        self.asked = Event()
        self.answers = False
        self._pipe = pipe
        Thread(target=self._await_end_of_pipe, name="pipe", daemon=True).start()
        signal.signal(signal.SIGTERM, lambda *_: self._ask())

    def _await_end_of_pipe(self) -> None:
        os.read(self._pipe, 1)
        self._ask()

    def _ask(self) -> None:
        self.asked.set()
        if not self.answers:
            os._exit(0)


def work(listener: socket.socket, ending: Ending) -> None:
    """Answer until it is time to end."""
    from everyrun.server.app import create_app
    from everyrun.server.process.answering import Answering
    from everyrun.server.settings import ServerSettings
    from everyrun.server.state import Server
    from everyrun.store.database import open_database
    from everyrun.tracking.settings import Settings

    settings = ServerSettings.from_environment()
    database = open_database(Settings.from_environment().url, kept_connections=settings.connections)
    server = Server(database, settings)
    answering = Answering(create_app(server), listener, drain_seconds=settings.drain_seconds)
    answering.start()
    ending.answers = True
    while answering.is_running and not ending.asked.wait(_LOOK_SECONDS):
        pass
    server.is_ending = True
    answering.stop()
    answering.join()
    database.close()
    answering.raise_error()


def main() -> None:
    """Work with what the first process gave."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for the first process to hear
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    listening, pipe = map(int, sys.argv[1:3])
    work(socket.socket(fileno=listening), Ending(pipe))


if __name__ == "__main__":
    main()
