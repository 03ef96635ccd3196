"""``http``: a real server on this machine, asked in every way and answering in every way."""

import asyncio
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from everyrun.domain.payloads import Capturer
from everyrun.domain.payloads.registering import REGISTRY
from everyrun.nodes.base import NodeFailed
from everyrun.nodes.context import NodeSettings
from everyrun.nodes.http import Http
from everyrun.nodes.parameters import build, schema_of
from everyrun.testing.node_contexts import NodeContext, node_context
from tests.support.running_nodes import failure_of, output_of, problem_with
from tests.support.web_server import Asked, Reply, WebServer, web_server

TOKEN = "abcdef-0123456789"


@pytest.fixture
def context(tmp_path: Path) -> NodeContext:
    return node_context(tmp_path, settings=NodeSettings(private_addresses=True))


@pytest.fixture
def server() -> Iterator[WebServer]:
    with web_server(_mirror) as running:
        yield running


@pytest.fixture(autouse=True)
def no_secrets() -> Iterator[None]:
    yield
    REGISTRY.clear()


def _mirror(asked: Asked) -> Reply:
    """Answer with what was asked."""
    seen = {
        "method": asked.method,
        "path": asked.path,
        "headers": asked.headers,
        "body": asked.body.decode(errors="replace"),
    }
    return _json(seen)


def _json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    told = {"Content-Type": "application/json", **(headers or {})}
    return Reply(status, json.dumps(value).encode(), told)


def _always(reply: Reply) -> Callable[[Asked], Reply]:
    return lambda asked: reply


def test_json_comes_back_as_its_value(context: NodeContext, server: WebServer) -> None:
    output = output_of(Http, context, url=f"{server.url}/a?b=1", query={"c": [2, True], "d": None})

    assert 200 == output["status"]
    assert f"{server.url}/a?b=1&c=2&c=true" == output["url"]
    assert ("GET", "/a?b=1&c=2&c=true") == (output["body"]["method"], output["body"]["path"])
    assert "application/json" == output["headers"]["content-type"]
    assert 0 <= output["seconds"] < 20


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_is_sent(context: NodeContext, server: WebServer, method: str) -> None:
    assert method == output_of(Http, context, url=server.url, method=method)["body"]["method"]


def test_a_head_has_no_body(context: NodeContext, server: WebServer) -> None:
    output = output_of(Http, context, url=server.url, method="HEAD")

    assert (200, None) == (output["status"], output["body"])


def test_a_value_is_sent_as_json(context: NodeContext, server: WebServer) -> None:
    value = {"이름": "홍", "rows": [1, None, 2.5]}
    seen = output_of(Http, context, url=server.url, method="POST", json=value)["body"]

    assert value == json.loads(seen["body"])
    assert "application/json" == seen["headers"]["content-type"]


def test_null_can_be_sent_as_json(context: NodeContext, server: WebServer) -> None:
    assert (
        "null" == output_of(Http, context, url=server.url, method="POST", json=None)["body"]["body"]
    )


def test_a_form_is_sent(context: NodeContext, server: WebServer) -> None:
    form = {"a": "가 b", "c": [1, 2], "d": None, "e": True}
    seen = output_of(Http, context, url=server.url, method="POST", form=form)["body"]

    assert "a=%EA%B0%80+b&c=1&c=2&e=true" == seen["body"]
    assert "application/x-www-form-urlencoded" == seen["headers"]["content-type"]


def test_text_is_sent_as_it_is(context: NodeContext, server: WebServer) -> None:
    headers = {
        "content-type": "text/csv",
        "X-Number": 7,
        "Accept": None,
        "X-Name": "값",
    }
    seen = output_of(Http, context, url=server.url, method="PUT", body="가,나", headers=headers)[
        "body"
    ]

    assert "가,나" == seen["body"]
    assert ("text/csv", "7") == (seen["headers"]["content-type"], seen["headers"]["x-number"])
    assert "accept" not in seen["headers"]
    assert "값" == seen["headers"]["x-name"].encode("latin-1").decode()


def test_files_are_sent_with_fields(
    context: NodeContext, server: WebServer, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("가나")
    (tmp_path / "b.bin").write_bytes(b"x" * 300_000)
    files = {"one": "a.txt", "two": {"path": "b.bin", "name": "c.png", "type": "image/png"}}
    output_of(Http, context, url=server.url, method="POST", files=files, form={"note": True})
    (asked,) = server.asked

    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="note"\r\n\r\ntrue\r\n' in asked.body
    assert 'filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n가나\r\n'.encode() in asked.body
    assert b'filename="c.png"\r\nContent-Type: image/png\r\n\r\nxxx' in asked.body
    assert 300_000 == asked.body.count(b"x") - asked.body.split(b"xxx")[0].count(b"x")


def test_a_file_that_is_not_there_is_named(context: NodeContext, tmp_path: Path) -> None:
    failure = failure_of(Http, context, url="http://127.0.0.1:1", method="POST", files={"a": "b"})

    assert f"files: there is no file {tmp_path}/b" == str(failure)


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        ({"username": "kim", "password": TOKEN}, "Basic a2ltOmFiY2RlZi0wMTIzNDU2Nzg5"),
        ({"username": "kim"}, "Basic a2ltOg=="),
        ({"bearer": TOKEN}, f"Bearer {TOKEN}"),
    ],
)
def test_one_says_who_asks(
    context: NodeContext, server: WebServer, auth: dict[str, str], header: str
) -> None:
    output_of(Http, context, url=server.url, auth=auth)

    assert header == server.asked[0].headers["authorization"]


def test_secrets_are_nowhere_on_record(context: NodeContext, server: WebServer) -> None:
    cookie = {"Set-Cookie": f"id={TOKEN}", "X-Api-Key": TOKEN, "Location": f"/?token={TOKEN}"}
    server.answer = lambda asked: _json(asked.headers, headers=cookie)
    url = server.url.replace("//", f"//kim:{TOKEN}@")
    headers = {"X-Api-Key": f"k-{TOKEN}-k", "Cookie": f"id={TOKEN}-c"}
    output = output_of(Http, context, url=f"{url}/?token={TOKEN}", headers=headers)
    on_record = str(Capturer().plain(output))

    assert ("***", "***") == (output["headers"]["set-cookie"], output["headers"]["x-api-key"])
    assert f"{server.url}/?token=***" == output["url"]
    assert TOKEN not in str(output["headers"])
    assert TOKEN not in on_record
    assert "a2ltOm" not in on_record


def test_another_status_fails_with_the_answer(context: NodeContext, server: WebServer) -> None:
    server.answer = _always(_json({"error": "later"}, status=503))
    failure = failure_of(Http, context, url=server.url, method="POST")

    assert f"POST {server.url} answered 503 Service Unavailable" == str(failure)
    assert (503, {"error": "later"}) == (failure.output["status"], failure.output["body"])


@pytest.mark.parametrize("expect", [404, "404", "4xx", [200, "4xx"], ["2xx", 404]])
def test_statuses_that_are_a_success_are_told(
    context: NodeContext, server: WebServer, expect: Any
) -> None:
    server.answer = _always(Reply(404))

    assert 404 == output_of(Http, context, url=server.url, expect=expect)["status"]


@pytest.mark.parametrize(
    ("content_type", "body", "response", "expected"),
    [
        ("application/json", b'{"a": 1}', "auto", {"a": 1}),
        ("application/problem+json; charset=utf-8", b"[]", "auto", []),
        ("application/json", b"", "auto", None),
        ("text/plain; charset=euc-kr", "가".encode("euc-kr"), "auto", "가"),
        ("text/html; charset=nonsense", "가".encode(), "auto", "가"),
        ("application/xml", b"<a/>", "auto", "<a/>"),
        ("image/png", b"\x89PNG", "auto", b"\x89PNG"),
        ("", b"plain", "auto", "plain"),
        ("", b"\xff\xfe", "auto", b"\xff\xfe"),
        ("text/plain", b"[1]", "json", [1]),
        ("application/json", b"[1]", "text", "[1]"),
        ("text/plain", b"a", "bytes", b"a"),
    ],
)
def test_a_body_is_what_it_is_said_to_be(
    context: NodeContext,
    server: WebServer,
    content_type: str,
    body: bytes,
    response: str,
    expected: Any,
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    server.answer = _always(Reply(200, body, headers))

    assert expected == output_of(Http, context, url=server.url, response=response)["body"]


def test_a_compressed_body_is_unpacked(context: NodeContext, server: WebServer) -> None:
    packed = gzip.compress("가나다".encode())
    headers = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
    server.answer = _always(Reply(200, packed, headers))

    assert "가나다" == output_of(Http, context, url=server.url)["body"]


def test_json_that_is_none_is_an_error(context: NodeContext, server: WebServer) -> None:
    server.answer = _always(Reply(200, b"<html>", {"Content-Type": "application/json"}))
    failure = failure_of(Http, context, url=server.url)

    assert str(failure).startswith("response: it is no JSON: Expecting value")
    assert (200, "<html>") == (failure.output["status"], failure.output["body"])


def test_a_body_that_is_too_large_is_an_error(context: NodeContext, server: WebServer) -> None:
    server.answer = _always(Reply(200, b"x" * 2_000_000))
    failure = failure_of(Http, context, url=server.url, max_bytes=1_000_000)

    assert "max_bytes: the body is larger than 1,000,000 bytes: 2,000,000 bytes" == str(failure)


def test_a_small_body_that_unpacks_too_large_is_an_error(
    context: NodeContext, server: WebServer
) -> None:
    packed = gzip.compress(bytes(5_000_000))
    server.answer = _always(Reply(200, packed, {"Content-Encoding": "gzip"}))
    failure = failure_of(Http, context, url=server.url, max_bytes=1_000_000)

    assert "max_bytes: the body is larger than 1,000,000 bytes: more" == str(failure)


def test_a_body_is_saved_to_a_file(context: NodeContext, server: WebServer, tmp_path: Path) -> None:
    body = bytes(range(256)) * 20_000
    server.answer = _always(Reply(200, body))
    output = output_of(Http, context, url=server.url, save_to="a.bin")

    assert (str(tmp_path / "a.bin"), len(body)) == (output["path"], output["bytes"])
    assert "body" not in output
    assert body == (tmp_path / "a.bin").read_bytes()
    assert context.reached[-1].total == len(body)


@pytest.mark.parametrize(
    ("reply", "parameters", "error"),
    [
        (Reply(200, b"x" * 1000, breaks_off=500), {}, httpx.RemoteProtocolError),
        (Reply(200, b"x" * 1000), {"max_bytes": 500}, NodeFailed),
        (Reply(500, b"error page"), {}, NodeFailed),
    ],
)
def test_a_file_is_saved_whole_or_not_at_all(
    context: NodeContext,
    server: WebServer,
    tmp_path: Path,
    reply: Reply,
    parameters: dict[str, Any],
    error: type[Exception],
) -> None:
    (tmp_path / "a.bin").write_text("before")
    server.answer = _always(reply)
    with pytest.raises(error):
        output_of(Http, context, url=server.url, save_to="a.bin", **parameters)

    assert "before" == (tmp_path / "a.bin").read_text()
    assert ["a.bin"] == [
        path.name for path in tmp_path.iterdir() if path.suffix in (".bin", ".tmp")
    ]


def test_redirects_are_followed_unless_told_otherwise(
    context: NodeContext, server: WebServer
) -> None:
    server.answer = lambda asked: (
        Reply(302, headers={"Location": "/b"}) if asked.path == "/a" else _json(asked.path)
    )
    followed = output_of(Http, context, url=f"{server.url}/a")
    stayed = output_of(Http, context, url=f"{server.url}/a", follow_redirects=False, expect=302)

    assert ("/b", f"{server.url}/b") == (followed["body"], followed["url"])
    assert (302, "/b") == (stayed["status"], stayed["headers"]["location"])


def test_redirects_without_end_are_an_error(context: NodeContext, server: WebServer) -> None:
    server.answer = _always(Reply(302, headers={"Location": "/"}))
    with pytest.raises(httpx.TooManyRedirects, match=f"GET {server.url}/?: "):
        output_of(Http, context, url=server.url)


def test_secrets_do_not_follow_a_redirect_to_another_server(
    context: NodeContext, server: WebServer
) -> None:
    with web_server(lambda asked: Reply(307, headers={"Location": server.url})) as first:
        headers = {"X-Api-Key": TOKEN, "Accept": "text/x"}
        auth = {"bearer": TOKEN}
        output_of(Http, context, url=first.url, headers=headers, auth=auth)

    assert {"x-api-key", "authorization", "accept"} <= set(first.asked[0].headers)
    assert "text/x" == server.asked[0].headers["accept"]
    assert not {"x-api-key", "authorization"} & set(server.asked[0].headers)


def test_a_server_that_is_not_there_is_named(context: NodeContext) -> None:
    with pytest.raises(httpx.ConnectError, match=r"^GET http://127.0.0.1:1: "):
        output_of(Http, context, url="http://127.0.0.1:1")


def test_a_server_that_says_nothing_is_given_up(context: NodeContext, server: WebServer) -> None:
    server.answer = _always(Reply(hangs=True))
    with pytest.raises(httpx.ReadTimeout, match=f"GET {server.url}: nothing came for 0.1 s"):
        output_of(Http, context, url=server.url, timeout="100ms")


def test_a_request_that_is_stopped_ends_at_once(context: NodeContext, tmp_path: Path) -> None:
    async def ask_and_stop() -> None:
        loop = asyncio.get_running_loop()
        asked = asyncio.Event()

        def answer(_: Asked) -> Reply:
            loop.call_soon_threadsafe(asked.set)
            return Reply(hangs=True)

        with web_server(answer) as server:
            node = build(Http, {"url": server.url, "save_to": "a.bin"})
            task = asyncio.ensure_future(node.run(context))
            await asked.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(ask_and_stop())

    assert [] == list(tmp_path.glob("*.*"))


def test_what_changes_nothing_may_be_repeated() -> None:
    repeatable = {
        method: Http(url="http://a.example", method=method).repeatable()
        for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
    }

    assert {"GET", "HEAD", "OPTIONS"} == {name for name, may in repeatable.items() if may}


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "parameter 'url' is missing"),
        ({"url": "a.example/b"}, "parameter 'url' must begin with https:// or http://"),
        ({"url": "ftp://a.example"}, "parameter 'url' must begin with https:// or http://"),
        ({"url": "http://"}, "parameter 'url' must begin with https:// or http://"),
        ({"url": "http://a.example:x"}, "parameter 'url' is no URL: Port could not be cast"),
        ({"method": "FETCH"}, "parameter 'method' cannot be 'FETCH'; there are: DELETE, GET"),
        ({"json": 1, "body": "a"}, "parameter 'body' and 'json' exclude each other"),
        ({"files": {"a": "b"}, "json": 1}, "parameter 'json' and 'files' exclude each other"),
        ({"headers": {"a b": "c"}}, "parameter 'headers' has 'a b', which cannot be a header's"),
        ({"headers": {"a": "b\r\nc: d"}}, "parameter 'headers' has a line end in the value of a"),
        ({"headers": {"a": []}}, "parameter 'headers', in [...], must be"),
        ({"auth": {}}, "parameter 'auth' is {username, password} or {bearer}"),
        ({"auth": {"username": "a", "bearer": "b"}}, "parameter 'auth' is {username, password}"),
        ({"auth": {"token": "b"}}, "parameter 'auth'"),
        ({"timeout": "soon"}, "parameter 'timeout': 'soon' is no span of time"),
        ({"expect": "ok"}, "parameter 'expect' has 'ok': write 200, or 2xx"),
        ({"expect": [200, 999]}, "parameter 'expect' has 999: write 200, or 2xx"),
        ({"response": "xml"}, "parameter 'response' cannot be 'xml'; there are: auto, bytes"),
        ({"max_bytes": 0}, "parameter 'max_bytes' must be"),
        ({"verify": 3}, "parameter 'verify' must be true or false or text"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, Any], sentence: str) -> None:
    given = parameters if not parameters else {"url": "https://a.example", **parameters}

    assert sentence in problem_with(Http, given)


def test_templates_are_not_judged() -> None:
    parameters = {"url": "{{ a }}/b", "expect": "{{ c }}", "auth": {"bearer": "{{ d }}"}}

    assert [] == Http.problems_of(parameters)


def test_every_parameter_is_described() -> None:
    schema = schema_of(Http)
    described = [schema, *schema["$defs"].values()]

    assert [] == [
        name
        for part in described
        for name, said in part["properties"].items()
        if "description" not in said
    ]
