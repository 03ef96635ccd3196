"""The least that an answer costs: FastAPI, one indexed query, the rows as JSON.

    python -m benchmarks.server_runs.bare PORT

It has no doors and no roles, and knows the tables by heart; ``EVERYRUN_URL`` is the ledger.
"""

import json
import os
import sqlite3
import sys
import threading
from typing import Any

import psycopg
import uvicorn
from fastapi import FastAPI
from psycopg.rows import dict_row
from starlette.responses import Response

from everyrun.domain.identifiers import id_bytes
from everyrun.store.database import normalised_url

_EXECUTION = "SELECT * FROM workflow_executions WHERE id = {}"
_LIST = (
    "SELECT id, workflow_id, kind, status, trigger_type, created_at, started_at, ended_at, "
    "external_id, parent_execution_id, origin_execution_id, batch_id, nodes_total, "
    "nodes_completed, nodes_failed, error_type, error_message, tags "
    "FROM workflow_executions ORDER BY id DESC LIMIT 50"
)
"""As in our list, without payloads."""
_LINES = (
    "SELECT * FROM execution_logs WHERE workflow_execution_id = {} ORDER BY position DESC LIMIT 100"
)


class Ledger:
    """A connection for each thread."""

    def __init__(self, url: str) -> None:
        self._url = normalised_url(url)
        self._embedded = self._url.get_backend_name() == "sqlite"
        self._place = "?" if self._embedded else "%s"
        self._kept = threading.local()

    def ask(self, query: str, *ids: str) -> Response:
        """The rows of a query, as JSON."""
        values = [id_bytes(each) if self._embedded else each for each in ids]
        rows = self._connection().execute(query.format(self._place), values).fetchall()
        found = [dict(row) for row in rows]
        return Response(json.dumps(found, default=_plain), media_type="application/json")

    def _connection(self) -> Any:
        connection = getattr(self._kept, "connection", None)
        if connection is None:
            connection = self._kept.connection = self._open()
        return connection

    def _open(self) -> Any:
        if self._embedded:
            connection = sqlite3.connect(str(self._url.database))
            connection.row_factory = sqlite3.Row
            return connection
        plain = self._url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, row_factory=dict_row, autocommit=True)


def _plain(value: Any) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def create_app(url: str) -> FastAPI:
    """The three questions."""
    app, ledger = FastAPI(), Ledger(url)

    @app.get("/one/{execution}", response_model=None)
    def one(execution: str) -> Response:
        return ledger.ask(_EXECUTION, execution)

    @app.get("/list", response_model=None)
    def newest() -> Response:
        return ledger.ask(_LIST)

    @app.get("/lines/{execution}", response_model=None)
    def lines(execution: str) -> Response:
        return ledger.ask(_LINES, execution)

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(os.environ["EVERYRUN_URL"]),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
    )
