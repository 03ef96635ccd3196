"""The ledger in memory does what every sink does, and what tests ask of it."""

import pytest

from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.events import LineLogged, RecorderInfo
from everyrun.testing.memory_sink import MemorySink
from tests.contract.sink_contract import SinkContract


class TestMemorySink(SinkContract):
    @pytest.fixture(autouse=True)
    def _one_ledger(self) -> None:
        self.ledger = MemorySink()

    def make_sink(self) -> MemorySink:
        return self.ledger

    def read_messages(self) -> list[str]:
        lines = [event for event in self.ledger.read() if isinstance(event, LineLogged)]
        return [line.message for line in sorted(lines, key=lambda line: line.id)]

    def read_recorder_ids(self) -> set[str]:
        return set(self.ledger.recorders)

    def test_it_refuses_everything_while_it_fails(
        self, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        self.ledger.fail("gone for lunch")
        with pytest.raises(SinkUnavailable, match="gone for lunch"):
            self.ledger.write(recorder, lines)
        self.ledger.recover()
        self.ledger.write(recorder, lines[:1])

        assert ["line 0"] == self.read_messages()

    def test_it_tells_recorders_apart(self, recorder: RecorderInfo, lines: list[bytes]) -> None:
        self.ledger.write(recorder, lines[:2])

        assert 2 == len(self.ledger.read_from(recorder.id))
        assert [] == self.ledger.read_from("another")
