"""The sink for a server does what every sink does."""

from collections.abc import Iterator

import pytest

from everyrun.domain.events import LineLogged
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.http_sink import HttpSink
from tests.contract.sink_contract import SinkContract
from tests.support.loopback_server import loopback_server


class TestHttpSink(SinkContract):
    @pytest.fixture(autouse=True)
    def _one_ledger(self) -> Iterator[None]:
        self.ledger = MemorySink()
        with loopback_server(self.ledger) as server:
            self.url = server.url
            yield

    def make_sink(self) -> HttpSink:
        return HttpSink(self.url)

    def read_messages(self) -> list[str]:
        lines = [event for event in self.ledger.read() if isinstance(event, LineLogged)]
        return [line.message for line in sorted(lines, key=lambda line: line.id)]

    def read_recorder_ids(self) -> set[str]:
        return set(self.ledger.recorders)
