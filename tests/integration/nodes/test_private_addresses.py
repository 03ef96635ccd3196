"""``http`` connects to no private address, whatever it is called and whoever sends it there."""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from everyrun.nodes.base import BadParameters, NodeFailed
from everyrun.nodes.http import Http
from everyrun.nodes.web.connecting import LookedAtTransport
from everyrun.testing import node_context
from tests.support.certificates import self_signed
from tests.support.running_nodes import failure_of, output_of
from tests.support.web_server import Asked, Reply, WebServer, web_server


def _port(server: WebServer) -> str:
    return server.url.rpartition(":")[2]


def _hello(asked: Asked) -> Reply:
    return Reply(200, b"hello")


def _get(
    url: str, is_allowed: Callable[[str], bool], trusted: ssl.SSLContext | bool = True
) -> httpx.Response:
    async def get() -> httpx.Response:
        inner = httpx.AsyncHTTPTransport(verify=trusted)
        transport = LookedAtTransport(inner, is_allowed)
        async with httpx.AsyncClient(transport=transport, follow_redirects=True) as client:
            return await client.get(url)

    return asyncio.run(get())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1",
        "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]",
        "10.0.0.1", "192.168.0.1", "169.254.169.254", "[fe80::1]", "[fd00:ec2::254]", "224.0.0.1",
        "①②⑦.0.0.1", "127。0。0。1",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_however_it_is_written(host: str, tmp_path: Path) -> None:
    with web_server(_hello) as server:
        url = f"http://{host}:{_port(server)}/"
        with pytest.raises((NodeFailed, BadParameters)) as caught:
            output_of(Http, node_context(tmp_path), url=url)

        assert [] == server.asked
    assert str(caught.value).startswith("url: ")
    if isinstance(caught.value, NodeFailed):  # BadParameters: it is no name at all
        assert "is a private address; EVERYRUN_PRIVATE_ADDRESSES=1 allows" in str(caught.value)


def test_a_name_that_means_a_private_address_is_refused(tmp_path: Path) -> None:
    failure = failure_of(Http, node_context(tmp_path), url="http://localhost:1")

    assert str(failure).startswith("url: localhost (127.0.0.1")


def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    looked_at: list[str] = []

    def look(address: str) -> bool:
        looked_at.append(address)
        return address == "127.0.0.1"

    with web_server(_hello) as server:
        response = _get(f"http://localhost:{_port(server)}/a", look)

        assert "hello" == response.text
        assert f"localhost:{_port(server)}" == server.asked[0].headers["host"]
    assert f"http://localhost:{_port(server)}/a" == str(response.url)
    assert "127.0.0.1" in looked_at


def test_a_redirect_to_a_private_address_is_refused() -> None:
    with web_server(_hello, "127.0.0.2") as inner:
        to_inner = Reply(302, headers={"Location": f"{inner.url}/secret"})
        with web_server(lambda asked: to_inner) as outer:
            with pytest.raises(NodeFailed, match=r"127.0.0.2 is a private address"):
                _get(outer.url, lambda address: address == "127.0.0.1")

            assert 1 == len(outer.asked)
        assert [] == inner.asked


def test_a_redirect_may_be_relative() -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(302, headers={"Location": "b"}) if asked.path == "/a" else _hello(asked)

    with web_server(answer) as server:
        response = _get(f"http://localhost:{_port(server)}/a", lambda address: ":" not in address)

    assert f"http://localhost:{_port(server)}/b" == str(response.url)


def test_a_name_that_nobody_knows_is_an_error_that_names_it() -> None:
    with pytest.raises(httpx.ConnectError, match=r"no-such-name.invalid was not found"):
        _get("http://no-such-name.invalid/", lambda address: True)


def test_certificates_are_checked_by_name(tmp_path: Path) -> None:
    tls, certificate = self_signed(tmp_path)
    trusted = ssl.create_default_context(cafile=certificate)
    with web_server(_hello, tls=tls) as server:
        response = _get(f"https://localhost:{_port(server)}/", lambda address: True, trusted)
        with pytest.raises(httpx.ConnectError, match="certificate"):
            _get(f"https://127.0.0.1:{_port(server)}/", lambda address: True, trusted)

    assert "hello" == response.text
