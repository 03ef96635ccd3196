"""What every sink does, whatever it writes to.

A suite of a sink inherits :class:`SinkContract` and says how its sink is made and how what it took
is read back.
"""

import threading
from abc import ABC, abstractmethod

import pytest

from everyrun.domain.errors import EventRejected
from everyrun.domain.events import LineLogged, RecorderDropped, RecorderGone, RecorderInfo, encode
from everyrun.domain.identifiers import new_id
from everyrun.domain.ports import Sink

AT = 1_790_000_000_000_000
UNREADABLE = b"\x93 this is no event"


class SinkContract(ABC):
    """The behaviour that :class:`everyrun.domain.ports.Sink` promises."""

    @abstractmethod
    def make_sink(self) -> Sink:
        """A sink onto a ledger; a second one made in the same test writes to the same ledger."""

    @abstractmethod
    def read_messages(self) -> list[str]:
        """The messages of all log lines that the ledger holds, in the order of their ids."""

    @abstractmethod
    def read_recorder_ids(self) -> set[str]:
        """The ids of all recorders that the ledger knows."""

    @pytest.fixture
    def sink(self) -> Sink:
        """The sink under test."""
        return self.make_sink()

    @pytest.fixture
    def recorder(self) -> RecorderInfo:
        """Who records."""
        return RecorderInfo(id=new_id(), host="here", pid=7, started_at=AT, program="nightly.py")

    @pytest.fixture
    def execution_id(self) -> str:
        """The execution whose lines are written."""
        return new_id()

    @pytest.fixture
    def lines(self, execution_id: str) -> list[bytes]:
        """Five encoded lines, ``line 0`` to ``line 4``."""
        return [
            encode(
                LineLogged(
                    execution_id=execution_id,
                    workflow="nightly",
                    at=AT + number,
                    id=new_id(),
                    message=f"line {number}",
                )
            )
            for number in range(5)
        ]

    def test_what_was_written_is_in_the_ledger(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        sink.write(recorder, lines[:2])
        sink.write(recorder, lines[2:])
        sink.close()

        assert [f"line {number}" for number in range(5)] == self.read_messages()

    def test_a_resent_batch_counts_once(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        sink.write(recorder, lines)
        sink.write(recorder, lines)
        sink.close()

        assert [f"line {number}" for number in range(5)] == self.read_messages()

    def test_batches_that_overlap_count_once(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        sink.write(recorder, lines[:4])
        sink.write(recorder, lines[2:])
        sink.close()

        assert [f"line {number}" for number in range(5)] == self.read_messages()

    def test_an_event_twice_in_one_batch_counts_once(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        sink.write(recorder, [lines[0], lines[0]])
        sink.close()

        assert ["line 0"] == self.read_messages()

    def test_another_recorder_may_resend_what_one_left_behind(
        self, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        one, other = self.make_sink(), self.make_sink()
        one.write(recorder, lines[:3])
        other.write(recorder, lines)
        one.close()
        other.close()

        assert [f"line {number}" for number in range(5)] == self.read_messages()

    def test_a_batch_with_an_unreadable_event_is_rejected_as_a_whole(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        with pytest.raises(EventRejected) as rejection:
            sink.write(recorder, [lines[0], lines[1], UNREADABLE, lines[2]])
        sink.close()

        assert 2 == rejection.value.position
        assert [] == self.read_messages()

    def test_the_rest_of_a_rejected_batch_can_be_written(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        with pytest.raises(EventRejected):
            sink.write(recorder, [lines[0], UNREADABLE, lines[1]])
        sink.write(recorder, [lines[0], lines[1]])
        sink.close()

        assert ["line 0", "line 1"] == self.read_messages()

    def test_an_empty_batch_is_a_sign_of_life(self, sink: Sink, recorder: RecorderInfo) -> None:
        sink.write(recorder, [])
        sink.close()

        assert {recorder.id} == self.read_recorder_ids()
        assert [] == self.read_messages()

    def test_what_a_recorder_says_of_itself_is_taken(
        self, sink: Sink, recorder: RecorderInfo
    ) -> None:
        words = [RecorderDropped(at=AT, count=3), RecorderGone(at=AT, reason="killed")]
        sink.write(recorder, [encode(each) for each in words])
        sink.close()

        assert {recorder.id} == self.read_recorder_ids()

    def test_a_closed_sink_opens_again_when_it_is_written_to(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        sink.write(recorder, lines[:1])
        sink.close()
        sink.close()
        sink.write(recorder, lines[1:2])
        sink.close()

        assert ["line 0", "line 1"] == self.read_messages()

    def test_a_sink_writes_from_another_thread_than_the_one_that_made_it(
        self, sink: Sink, recorder: RecorderInfo, lines: list[bytes]
    ) -> None:
        thread = threading.Thread(target=sink.write, args=(recorder, lines[:1]))
        thread.start()
        thread.join()
        sink.write(recorder, lines[1:2])
        sink.close()

        assert ["line 0", "line 1"] == self.read_messages()
