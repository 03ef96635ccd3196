"""How a client copes with servers that are away, busy, something else, or unchanged."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest

from everyrun.client import NotAServer, ServerError, ServerUnreachable
from everyrun.client.errors import error_from
from everyrun.client.transport import Transport, part
from everyrun.domain.errors import EventRejected, EveryrunError, NotOnRecord
from everyrun.domain.status import Status
from tests.support.web_server import Asked, Reply, WebServer, web_server

Numbers = dict[str, int]
FINE = Reply(200, b'{"a": 1}')
BUSY = Reply(503, b"{}")


class Scripted:
    """Replies one after another, then FINE."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def __call__(self, asked: Asked) -> Reply:
        return self.replies.pop(0) if self.replies else FINE


@contextmanager
def asking(*replies: Reply, **settings: Any) -> Iterator[tuple[Transport, WebServer, list[float]]]:
    """A transport to a server that replies as told, and the pauses that were made."""
    pauses: list[float] = []
    with web_server(Scripted(*replies)) as server:
        transport = Transport(server.url + "/", pause=pauses.append, **settings)
        try:
            yield transport, server, pauses
        finally:
            transport.close()


def problem(**members: Any) -> Reply:
    headers = {"Content-Type": "application/problem+json"}
    return Reply(int(members["status"]), msgspec.json.encode(members), headers)


def test_a_question_is_asked_again_while_the_server_is_busy() -> None:
    with asking(BUSY, Reply(429, b"", {"Retry-After": "1"}), BUSY) as (transport, server, pauses):
        answer = transport.get("/x", Numbers)

    assert {"a": 1} == answer
    assert 4 == len(server.asked)
    assert 1.0 == pauses[1]
    assert 0 < pauses[0] < pauses[2] < 2


def test_a_question_is_asked_four_times_at_most() -> None:
    with asking(*[BUSY] * 9) as (transport, server, _), pytest.raises(ServerError) as refused:
        transport.get("/x", Numbers)

    assert (503, 4) == (refused.value.status_code, len(server.asked))


def test_a_server_that_asks_for_much_patience_is_not_waited_for() -> None:
    late = problem(status=429, code="TOO_MANY_REQUESTS", detail="slow down")
    late.headers["Retry-After"] = "60"
    with asking(late) as (transport, _, pauses), pytest.raises(EveryrunError) as refused:
        transport.get("/x", Numbers)

    assert ([], 60.0) == (pauses, refused.value.retry_after)


def test_a_change_is_asked_for_once() -> None:
    with asking(BUSY) as (transport, server, _), pytest.raises(ServerError):
        transport.send("POST", "/x", Numbers, {"b": 2})

    assert [b'{"b":2}'] == [asked.body for asked in server.asked]


def test_a_connection_that_breaks_is_made_anew_for_questions() -> None:
    with asking(Reply(200, b'{"a": 1}', breaks_off=3)) as (transport, server, _):
        answer = transport.get("/x", Numbers)

    assert ({"a": 1}, 2) == (answer, len(server.asked))


def test_a_server_that_says_nothing_is_unreachable_in_time() -> None:
    with (
        asking(Reply(hangs=True), timeout=0.2) as (transport, _, _),
        pytest.raises(ServerUnreachable, match="cannot be reached: timed out"),
    ):
        transport.send("POST", "/x", Numbers)


def test_what_has_not_changed_is_kept() -> None:
    tagged = Reply(200, b'{"a": 2}', {"ETag": '"1"'})
    with asking(tagged, Reply(304), FINE) as (transport, server, _):
        answers = [transport.get("/x", Numbers, b=1) for _ in range(3)]
        other = transport.get("/x", Numbers, b=2)

    assert [{"a": 2}, {"a": 2}, {"a": 1}] == answers
    assert {"a": 1} == other
    assert [None, '"1"', '"1"', None] == [
        asked.headers.get("if-none-match") for asked in server.asked
    ]


def test_who_asks_in_which_language_is_said() -> None:
    with asking(token="secret", language="ko") as (transport, server, _):
        transport.get("/x", Numbers)

    headers = server.asked[0].headers
    assert ("Bearer secret", "ko", "application/json") == (
        headers["authorization"],
        headers["accept-language"],
        headers["accept"],
    )
    assert headers["user-agent"].startswith("everyrun/")


def test_parameters_are_written_as_the_api_reads_them() -> None:
    with asking() as (transport, server, _):
        path = f"/{part('a/b 안녕')}"
        transport.get(path, Numbers, with_=3, on=True, status=[Status.FAILED, "lost"], none=None)

    assert "/a%2Fb%20%EC%95%88%EB%85%95?with=3&on=true&status=failed&status=lost" == (
        server.asked[0].path
    )


def test_a_redirect_is_not_followed_with_the_token() -> None:
    with (
        asking(Reply(301, b"", {"Location": "https://other/"}), token="t") as (
            transport,
            server,
            _,
        ),
        pytest.raises(NotAServer, match="sends on to https://other/"),
    ):
        transport.get("/x", Numbers)

    assert 1 == len(server.asked)


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"a": "text"}', b"\xff"])
def test_an_answer_of_something_else_is_told(body: bytes) -> None:
    with asking(Reply(200, body)) as (transport, _, _), pytest.raises(NotAServer, match="answer"):
        transport.get("/x", Numbers)


def test_a_problem_becomes_the_error_that_it_was() -> None:
    known = problem(status=404, code="NOT_ON_RECORD", title="t", detail="nothing here")
    with asking(known) as (transport, _, _), pytest.raises(NotOnRecord, match="nothing here"):
        transport.get("/x", Numbers)


def test_an_error_of_many_words_has_them_again() -> None:
    told = {"code": "EVENT_REJECTED", "detail": "event 3: no", "position": 3, "reason": "no"}
    error = error_from(422, "", "application/problem+json", msgspec.json.encode(told))

    assert isinstance(error, EventRejected)
    assert (3, "no", "event 3: no") == (error.position, error.reason, str(error))


def test_a_problem_of_a_newer_server_is_told_as_it_is() -> None:
    told = {"status": 418, "code": "TEAPOT", "title": "A teapot.", "detail": "short", "spout": 1}
    error = error_from(418, "", "application/problem+json", msgspec.json.encode(told))

    assert isinstance(error, ServerError)
    assert (418, "TEAPOT", "A teapot.", "short", {"spout": 1}) == (
        error.status_code,
        error.code,
        error.title,
        str(error),
        error.members(),
    )


@pytest.mark.parametrize(
    ("content_type", "body", "said"),
    [
        ("text/html", b"<h1>Bad Gateway</h1>", "Bad Gateway"),
        ("text/plain", b"upstream is gone\n", "upstream is gone"),
        ("application/json", b"[1]", "[1]"),
    ],
)
def test_what_stands_between_is_told_by_its_status(
    content_type: str, body: bytes, said: str
) -> None:
    error = error_from(502, "Bad Gateway", content_type, body)

    assert (502, "HTTP_502", said) == (error.status_code, error.code, str(error))


def test_a_password_in_the_address_is_not_told() -> None:
    transport = Transport("http://kim:secret@127.0.0.1:9/a@b", timeout=1)

    with pytest.raises(ServerUnreachable) as refused:
        transport.send("POST", "/x", Numbers)

    assert str(refused.value).startswith("http://127.0.0.1:9/a@b cannot be reached")
