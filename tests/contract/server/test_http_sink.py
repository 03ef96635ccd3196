"""The sink for a server keeps its promises against a real one, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from everyrun.domain.roles import Role
from everyrun.store.tables import ExecutionLog, Recorder
from everyrun.tracking.http_sink import HttpSink
from tests.contract.sink_contract import SinkContract
from tests.support.served import Served


class TestHttpSinkOfAServer(SinkContract):
    @pytest.fixture(autouse=True)
    def _one_server(self, served: Served) -> Iterator[None]:
        self.served = served
        self.sinks: list[HttpSink] = []
        yield
        for sink in self.sinks:
            sink.close()

    def make_sink(self) -> HttpSink:
        sink = HttpSink(self.served.url, token=self.served.token(Role.INGEST))
        self.sinks.append(sink)
        return sink

    def read_messages(self) -> list[str]:
        with self.served.database.reading() as connection:
            return list(connection.scalars(select(ExecutionLog.message).order_by(ExecutionLog.id)))

    def read_recorder_ids(self) -> set[str]:
        with self.served.database.reading() as connection:
            return set(connection.scalars(select(Recorder.id)))
