"""Shipping to a server: every answer that it may give, and none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from everyrun.domain.errors import EventRejected, SinkUnavailable
from everyrun.domain.events import RecorderInfo, encode
from everyrun.testing.memory_sink import MemorySink
from everyrun.tracking.http_sink import HttpSink
from everyrun.tracking.recorder import Recorder
from everyrun.tracking.settings import Settings
from tests.support.lines import line, numbers
from tests.support.loopback_server import Answer, LoopbackServer, loopback_server

RECORDER = RecorderInfo(id="01890000-0000-7000-8000-00000000000a", host="h", pid=1, started_at=0)
EVENTS = [encode(line(number)) for number in range(10)]


@pytest.fixture
def server(sink: MemorySink) -> Iterator[LoopbackServer]:
    with loopback_server(sink) as server:
        yield server


@pytest.fixture
def http_sink(server: LoopbackServer) -> Iterator[HttpSink]:
    http_sink = HttpSink(f"{server.url}/", token="s3cret")
    yield http_sink
    http_sink.close()


def test_a_batch_is_posted_as_messagepack_with_the_token(
    http_sink: HttpSink, server: LoopbackServer
) -> None:
    http_sink.write(RECORDER, EVENTS[:1])

    (request,) = server.requests
    assert ("/api/events", EVENTS[:1]) == (request.path, request.events)
    assert "application/msgpack" == request.headers["content-type"]
    assert "Bearer s3cret" == request.headers["authorization"]
    assert "content-encoding" not in request.headers


def test_a_large_batch_is_compressed(http_sink: HttpSink, server: LoopbackServer) -> None:
    http_sink.write(RECORDER, EVENTS)

    (request,) = server.requests
    assert EVENTS == request.events
    assert "gzip" == request.headers["content-encoding"]
    assert request.size < sum(map(len, EVENTS))


def test_without_a_token_none_is_sent(server: LoopbackServer) -> None:
    http_sink = HttpSink(server.url)
    http_sink.write(RECORDER, [])
    http_sink.close()

    assert "authorization" not in server.requests[0].headers


@pytest.mark.parametrize("status", [301, 404, 408, 409, 426, 429, 500, 502, 503, 504])
def test_an_answer_that_is_not_about_the_events_is_worth_another_try(
    http_sink: HttpSink, server: LoopbackServer, status: int
) -> None:
    server.answers = [Answer(status)]
    with pytest.raises(SinkUnavailable, match=f"{server.url}/api/events answered {status}"):
        http_sink.write(RECORDER, EVENTS)
    http_sink.write(RECORDER, EVENTS)

    assert 2 == len(server.requests)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_said_in_a_sentence(
    http_sink: HttpSink, server: LoopbackServer, status: int
) -> None:
    server.answers = [Answer(status)]
    with pytest.raises(SinkUnavailable, match=r"does not accept the token \(EVERYRUN_TOKEN\)"):
        http_sink.write(RECORDER, EVENTS)


def test_a_missing_token_is_said_in_a_sentence(server: LoopbackServer) -> None:
    server.answers = [Answer(401)]
    http_sink = HttpSink(server.url)
    with pytest.raises(SinkUnavailable, match="asks for a token: set EVERYRUN_TOKEN"):
        http_sink.write(RECORDER, EVENTS)
    http_sink.close()


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_may_ask_to_be_left_alone(
    http_sink: HttpSink, server: LoopbackServer, status: int
) -> None:
    server.answers = [Answer(status, headers=(("Retry-After", "7"),))]
    with pytest.raises(SinkUnavailable) as refusal:
        http_sink.write(RECORDER, EVENTS)

    assert 7.0 == refusal.value.retry_after


def test_a_server_may_name_the_moment_until_which_to_leave_it_alone(
    http_sink: HttpSink, server: LoopbackServer
) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(minutes=2), usegmt=True)
    server.answers = [Answer(503, headers=(("Retry-After", moment),))]
    with pytest.raises(SinkUnavailable) as refusal:
        http_sink.write(RECORDER, EVENTS)

    assert refusal.value.retry_after is not None
    assert 100 < refusal.value.retry_after <= 120


@pytest.mark.parametrize("nonsense", ["soon", "-1", ""])
def test_nonsense_about_when_to_come_back_is_ignored(
    http_sink: HttpSink, server: LoopbackServer, nonsense: str
) -> None:
    server.answers = [Answer(503, headers=(("Retry-After", nonsense),))]
    with pytest.raises(SinkUnavailable) as refusal:
        http_sink.write(RECORDER, EVENTS)

    assert refusal.value.retry_after is None


def test_a_server_that_hangs_up_is_worth_another_try(
    http_sink: HttpSink, server: LoopbackServer, sink: MemorySink
) -> None:
    server.answers = [None]
    with pytest.raises(SinkUnavailable, match="cannot be reached"):
        http_sink.write(RECORDER, EVENTS)
    http_sink.write(RECORDER, EVENTS)

    assert list(range(10)) == numbers(sink.read())


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    http_sink = HttpSink("http://ada:s3cret@127.0.0.1:1")
    with pytest.raises(SinkUnavailable, match=r"ada@127\.0\.0\.1:1/api/events cannot") as refusal:
        http_sink.write(RECORDER, EVENTS)
    http_sink.close()

    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("most", [1, 3, 9])
def test_a_batch_that_is_too_large_is_sent_in_parts(
    http_sink: HttpSink, server: LoopbackServer, sink: MemorySink, most: int
) -> None:
    server.most_events = most
    http_sink.write(RECORDER, EVENTS)

    assert list(range(10)) == numbers(sink.read())


def test_one_event_that_is_too_large_is_rejected(
    http_sink: HttpSink, server: LoopbackServer
) -> None:
    server.most_events = 0
    with pytest.raises(EventRejected, match="413") as rejection:
        http_sink.write(RECORDER, EVENTS)

    assert 0 == rejection.value.position


def test_a_rejected_event_is_named_by_its_position(http_sink: HttpSink) -> None:
    with pytest.raises(EventRejected) as rejection:
        http_sink.write(RECORDER, [*EVENTS[:7], b"\x01", *EVENTS[7:]])

    assert 7 == rejection.value.position


def test_a_rejected_event_is_named_by_its_position_in_the_whole_batch(
    http_sink: HttpSink, server: LoopbackServer
) -> None:
    server.most_events = 4
    with pytest.raises(EventRejected) as rejection:
        http_sink.write(RECORDER, [*EVENTS[:7], b"\x01", *EVENTS[7:]])

    assert 7 == rejection.value.position


def test_a_server_that_does_not_name_the_bad_event_is_searched(
    http_sink: HttpSink, server: LoopbackServer
) -> None:
    server.answers = [Answer(400), Answer(200), Answer(400), Answer(400, b"what?")]
    with pytest.raises(EventRejected, match="400") as rejection:
        http_sink.write(RECORDER, EVENTS[:4])

    assert 2 == rejection.value.position


def test_a_sign_of_life_is_never_rejected(http_sink: HttpSink, server: LoopbackServer) -> None:
    server.answers = [Answer(422, b'{"position": 0, "reason": "odd"}')]
    with pytest.raises(SinkUnavailable):
        http_sink.write(RECORDER, [])


def test_a_recorder_ships_to_a_server_through_its_url(
    server: LoopbackServer, sink: MemorySink, own_home: Path
) -> None:
    server.answers = [Answer(401), Answer(500)]
    recorder = Recorder(Settings(home=own_home, url=server.url, flush_interval=0.001))
    for number in range(1_200):
        recorder.record(line(number))

    assert recorder.close(20) is True
    assert list(range(1_200)) == numbers(sink.read())
    assert recorder.info.id not in sink.recorders
