"""Events come in whole or are told, with the place, why not; the server answers on."""

import gzip
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
import zstandard
from sqlalchemy import func, select

from everyrun.domain import events
from everyrun.domain.errors import SinkUnavailable
from everyrun.domain.events import WIRE_VERSION, Batch
from everyrun.domain.roles import Role
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from everyrun.store.tables import ExecutionLog
from everyrun.tracking.http_sink import HttpSink
from tests.support.facts import Facts, a_recorder
from tests.support.served import Served, serve
from tests.support.waiting import wait_until

ADDRESSES = ("/api/events", "/api/v1/events")
JSON = {"Content-Type": "application/json"}
MESSAGEPACK = {"Content-Type": "application/msgpack"}


def batch_of(*told: Any, version: int = WIRE_VERSION) -> Batch:
    return Batch(version=version, recorder=a_recorder(), events=list(told))


def lines_kept(served: Served) -> int:
    with served.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(ExecutionLog)).scalar_one()


@pytest.fixture
def client(served: Served) -> httpx.Client:
    """Somebody who may send events and nothing else."""
    return served.client(Role.INGEST)


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("packed", ["", "gzip", "zstd"])
@pytest.mark.parametrize("kind", ["json", "msgpack"])
def test_a_batch_is_taken_however_it_is_written(
    served: Served, client: httpx.Client, address: str, packed: str, kind: str
) -> None:
    batch = batch_of(*(Facts().line(f"line {number}") for number in range(3)))
    body = msgspec.json.encode(batch) if kind == "json" else events.encode(batch)
    headers = dict(JSON if kind == "json" else MESSAGEPACK)
    if packed:
        headers["Content-Encoding"] = packed
        packer = gzip.compress if packed == "gzip" else zstandard.ZstdCompressor().compress
        body = packer(body)

    answers = [client.post(address, content=body, headers=headers) for _ in range(2)]

    assert [{"accepted": 3}] * 2 == [answer.json() for answer in answers]
    assert 3 == lines_kept(served)


def test_an_ingest_token_reads_nothing(client: httpx.Client) -> None:
    assert 403 == client.get("/api/v1/about").status_code
    assert 403 == client.get("/metrics").status_code


def test_nobody_sends_events_without_a_token(served: Served) -> None:
    answer = served.client().post("/api/events", content=b"", headers=MESSAGEPACK)

    assert 401 == answer.status_code


@pytest.mark.parametrize("kind", ["json", "msgpack"])
def test_an_event_that_cannot_be_read_is_told_with_its_position(
    served: Served, client: httpx.Client, kind: str
) -> None:
    plain = msgspec.to_builtins(batch_of(*(Facts().line() for _ in range(3))))
    plain["events"][2]["at"] = "noon"
    body = msgspec.json.encode(plain) if kind == "json" else msgspec.msgpack.encode(plain)

    answer = client.post(
        "/api/events", content=body, headers=JSON if kind == "json" else MESSAGEPACK
    )

    assert 422 == answer.status_code
    problem = answer.json()
    assert ("EVENT_REJECTED", 2) == (problem["code"], problem["position"])
    assert "$.events[2].at" in problem["reason"]
    assert 0 == lines_kept(served)


@pytest.mark.parametrize(
    ("spoiled", "reason"),
    [
        ({"execution_id": "no id"}, "execution_id is no UUID"),
        ({"workflow": ""}, "workflow must have 1 to 500 characters"),
        ({"at": -1}, "at is no time"),
        ({"data": msgspec.msgpack.Ext(9, b"x")}, "a payload is no JSON"),
    ],
)
def test_an_event_that_the_ledger_refuses_is_told_with_its_position(
    client: httpx.Client, spoiled: dict[str, Any], reason: str
) -> None:
    plain = msgspec.to_builtins(batch_of(Facts().line(), Facts().line(), Facts().line()))
    plain["events"][1] |= spoiled

    answer = client.post("/api/events", content=msgspec.msgpack.encode(plain), headers=MESSAGEPACK)

    assert 422 == answer.status_code
    assert 1 == answer.json()["position"]
    assert reason in answer.json()["reason"]


def test_a_version_that_is_not_understood_is_no_fault_of_the_events(
    client: httpx.Client,
) -> None:
    newer = {"version": 2, "recorder": "somebody", "events": {"all": "other"}}

    answers = [
        client.post("/api/events", content=events.encode(newer), headers=MESSAGEPACK),
        client.post("/api/events", content=msgspec.json.encode(newer), headers=JSON),
        client.post("/api/events", content=events.encode(batch_of(version=2)), headers=MESSAGEPACK),
    ]

    assert [409] * 3 == [answer.status_code for answer in answers]
    assert "WIRE_VERSION_UNKNOWN" == answers[0].json()["code"]


HOSTILE: list[tuple[int, bytes, dict[str, str]]] = [
    (400, b"", MESSAGEPACK),
    (400, b"\xdd\xff\xff\xff\xff", MESSAGEPACK),
    (400, b"\x91" * 50_000 + b"\x90", MESSAGEPACK),
    (400, b'{"version": 1, "recorder":', JSON),
    (400, b'{"version": 1, "events": [NaN]}', JSON),
    (409, b'{"version": 1' + b"0" * 400 + b"}", JSON),
    (400, b'{"version": 1' + b"0" * 4_000_000 + b"}", JSON),
    (400, b'{"version": 1e400}', JSON),
    (422, b'{"events": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", JSON),
    (400, rb'{"version": "\ud800"}', JSON),
    (400, '{"version": 1}'.encode("utf-16"), JSON),
    (415, b"{}", {"Content-Type": "application/json; charset=utf-16"}),
    (415, b"version=1", {"Content-Type": "application/x-www-form-urlencoded"}),
    (400, b"{}", {}),
    (415, b"{}", {**JSON, "Content-Encoding": "br"}),
    (400, b"{}", {**JSON, "Content-Encoding": "gzip"}),
    (400, gzip.compress(b'{"version": 1}')[:-3], {**JSON, "Content-Encoding": "gzip"}),
    (400, gzip.compress(b"{}") + b"more", {**JSON, "Content-Encoding": "gzip"}),
    (413, gzip.compress(b" " * (64 << 20)), {**JSON, "Content-Encoding": "gzip"}),
    (
        413,
        zstandard.ZstdCompressor().compress(b" " * (64 << 20)),
        {**JSON, "Content-Encoding": "zstd"},
    ),
    (413, b" " * (9 << 20), JSON),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_what_means_harm_is_refused_in_words_and_the_server_answers_on(
    client: httpx.Client, number: int
) -> None:
    status, body, headers = HOSTILE[number]

    answer = client.post("/api/events", content=body, headers=headers)

    assert status == answer.status_code, answer.text
    assert "application/problem+json" == answer.headers["content-type"]
    assert answer.json()["detail"]
    fine = client.post("/api/events", content=events.encode(batch_of()), headers=MESSAGEPACK)
    assert {"accepted": 0} == fine.json()


def test_a_body_in_pieces_is_held_to_its_bound_too(client: httpx.Client) -> None:
    answer = client.post("/api/events", content=iter([b" " * (1 << 20)] * 9), headers=JSON)

    assert 413 == answer.status_code


def test_a_batch_past_the_limit_comes_in_in_halves(database: Database) -> None:
    told = [Facts().line(f"{number}") for number in range(100)]
    with serve(database, ServerSettings(batch_limit=30)) as served:
        sink = HttpSink(served.url, token=served.token(Role.INGEST))
        sink.write(a_recorder(), [events.encode(line) for line in told])
        sink.close()

        assert 100 == lines_kept(served)


def test_who_comes_when_all_are_busy_is_told_to_come_again(database: Database) -> None:
    settings = ServerSettings(ingest_at_once=1, ingest_waiting=1)
    body = events.encode(batch_of(Facts().line()))
    go_on = threading.Event()
    statuses: list[int] = []

    def in_two_pieces() -> Iterator[bytes]:
        yield body[:10]
        go_on.wait()
        yield body[10:]

    def post() -> None:
        with served.client(Role.INGEST) as client:
            answer = client.post("/api/events", content=in_two_pieces(), headers=MESSAGEPACK)
        statuses.append(answer.status_code)

    with serve(database, settings) as served:
        senders = [threading.Thread(target=post) for _ in range(2)]
        for sender in senders:
            sender.start()
        wait_until(lambda: served.server.ingest.depth == 1, "two batches are inside")
        sink = HttpSink(served.url, token=served.token(Role.INGEST))
        with pytest.raises(SinkUnavailable, match="429") as busy:
            sink.write(a_recorder(), [events.encode(Facts().line())])
        go_on.set()
        for sender in senders:
            sender.join()
        sink.write(a_recorder(), [events.encode(Facts().line())])
        sink.close()

        assert 1.0 == busy.value.retry_after
        assert [200, 200] == statuses
        assert 2 == lines_kept(served)
