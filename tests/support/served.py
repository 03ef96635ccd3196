"""A real server over a ledger, in a thread of the test's process, on a free port."""

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import cast

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Table, insert

from everyrun.domain.clock import Clock, to_datetime
from everyrun.domain.identifiers import new_id
from everyrun.domain.roles import Role
from everyrun.server.app import create_app
from everyrun.server.protocol import Protocol
from everyrun.server.settings import ServerSettings
from everyrun.server.state import Server
from everyrun.store.database import Database
from everyrun.store.tables import Token

_START_SECONDS = 30


class Served:
    """A server that answers at ``url``; ``server`` is its state."""

    def __init__(self, app: FastAPI, url: str) -> None:
        self.app = app
        self.server: Server = app.state.server
        self.url = url
        self._clients: list[httpx.Client] = []

    @property
    def database(self) -> Database:
        """The server's ledger."""
        return self.server.database

    @property
    def clock(self) -> Clock:
        """The server's clock."""
        return self.server.clock

    def token(self, role: Role, *, name: str = "test", lives: timedelta | None = None) -> str:
        """A fresh token of this role."""
        token = f"er_{new_id().replace('-', '')}{new_id().replace('-', '')}"
        now = to_datetime(self.clock.now())
        row = {
            "id": new_id(),
            "name": name,
            "role": role.value,
            "token_hash": hashlib.sha256(token.encode()).hexdigest(),
            "created_at": now,
            "expires_at": None if lives is None else now + lives,
        }
        tokens = cast("Table", Token.__table__)
        self.database.transact(lambda connection: connection.execute(insert(tokens), row))
        return token

    def client(self, role: Role | None = None) -> httpx.Client:
        """A client that calls as somebody of this role; None calls as nobody."""
        sent: dict[str, str] = {}
        if role is not None:
            sent["Authorization"] = f"Bearer {self.token(role)}"
        client = httpx.Client(base_url=self.url, headers=sent, timeout=30)
        self._clients.append(client)
        return client

    def close(self) -> None:
        """Close the clients."""
        for client in self._clients:
            client.close()


@contextmanager
def serve(
    database: Database, settings: ServerSettings | None = None, clock: Clock | None = None
) -> Iterator[Served]:
    """Serve a ledger until the block ends; without settings of one's own, nothing is remembered."""
    settings = settings or ServerSettings(remembered_seconds=0)
    app = create_app(Server(database, settings, clock=clock))
    config = uvicorn.Config(
        app,
        http=Protocol,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        proxy_headers=False,
    )
    runner = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = listener.getsockname()[1]
        thread = threading.Thread(target=runner.run, args=([listener],), daemon=True)
        thread.start()
        served = Served(app, f"http://127.0.0.1:{port}")
        _await_start(runner, thread, port)
        try:
            yield served
        finally:
            served.close()
            runner.should_exit = True
            thread.join(_START_SECONDS)


def _await_start(runner: uvicorn.Server, thread: threading.Thread, port: int) -> None:
    """The kernel takes connections from the start; the first answer says that the server does."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=_START_SECONDS) as client:
        client.get("/api/v1/about")
    assert runner.started and thread.is_alive()
