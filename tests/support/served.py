"""A real server over a ledger, in a thread of the test's process, on a free port."""

import asyncio
import hashlib
import socket
import ssl
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

_PATIENCE_SECONDS = 60
_LOOK_SECONDS = 0.001
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of servers without TLS: reading whom to trust takes them 30 ms."""


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
        client = httpx.Client(base_url=self.url, headers=sent, timeout=30, verify=NO_TLS)
        self._clients.append(client)
        return client

    def close(self) -> None:
        """Close the clients."""
        for client in self._clients:
            client.close()


class _Prompt(uvicorn.Server):
    """As uvicorn's own, which looks ten times a second whether it shall end, and whether it has."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._begun = threading.Event()
        self._ending = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve to the end."""
        try:
            super().run(sockets)
        finally:
            self._begun.set()

    async def main_loop(self) -> None:
        """Serve until somebody says that it is enough."""
        self._loop = asyncio.get_running_loop()
        await self.on_tick(0)
        self._begun.set()
        await self._ending.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End as soon as everyone who asked is answered."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 # theirs
            await asyncio.sleep(_LOOK_SECONDS)
        await self.lifespan.shutdown()

    def await_start(self) -> None:
        """Wait until it answers."""
        assert self._begun.wait(_PATIENCE_SECONDS)
        assert self.started

    def end(self) -> None:
        """Have it end, from another thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._ending.set)


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
    runner = _Prompt(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = listener.getsockname()[1]
        thread = threading.Thread(target=runner.run, args=([listener],), daemon=True)
        thread.start()
        runner.await_start()
        served = Served(app, f"http://127.0.0.1:{port}")
        try:
            yield served
        finally:
            served.close()
            runner.end()
            thread.join(_PATIENCE_SECONDS)
