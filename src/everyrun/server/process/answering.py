"""Answering HTTP in a thread, until told to end."""

import gc
import socket
from threading import Event, Thread

import uvicorn
from starlette.types import ASGIApp

from everyrun.server.protocol import Protocol

_KEEP_ALIVE_SECONDS = 75
"""Longer than recorders are silent, so that their connections last."""
_LOOK_SECONDS = 0.02


class Answering:
    """Answers what comes in at a listening socket, which is its own from then on."""

    def __init__(self, app: ASGIApp, listener: socket.socket, *, drain_seconds: float) -> None:
        config = uvicorn.Config(
            app,
            loop="uvloop",
            http=Protocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,  # which proxies are believed is our own setting
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=max(1, round(drain_seconds)),
        )
        self._listener = listener
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._run, name="http", daemon=True)
        self._waiting = Event()
        self._error: BaseException | None = None

    @property
    def is_running(self) -> bool:
        """Whether its thread has not ended."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Answer from now on; returns once it does. Raises what keeps it from that."""
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            self._waiting.wait(_LOOK_SECONDS)
        self.raise_error()
        # What was made to start is there to stay. Looking through it for garbage, now and then,
        # would hold up every request for a tenth of a second.
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Take no new connection; what is being answered is answered to its end."""
        self._server.should_exit = True

    def hurry(self) -> None:
        """Drop what is being answered."""
        self._server.force_exit = True

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end."""
        self._thread.join(timeout)

    def raise_error(self) -> None:
        """Raise what ended it, unless it was told to end."""
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._server.run([self._listener])
        except BaseException as error:  # noqa: BLE001 - raised again by whoever looks after it
            self._error = error
