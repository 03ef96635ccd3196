"""Whoever asks or records over TLS knows whom: a certificate that nobody vouches for is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from everyrun.client import ServerUnreachable
from everyrun.client.transport import Transport
from everyrun.domain.errors import SinkUnavailable
from everyrun.tracking.http_sink import HttpSink
from tests.support.certificates import self_signed
from tests.support.facts import a_recorder
from tests.support.web_server import Asked, Reply, web_server


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server that is not who it says it is."""

    def answer(_asked: Asked) -> Reply:
        return Reply(200, b"{}")

    tls, _file = self_signed(tmp_path)
    with web_server(answer, tls=tls) as server:
        yield f"https://localhost:{server.url.rpartition(':')[2]}"


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
def test_a_client_tells_it_nothing(address: str, scheme: str) -> None:
    transport = Transport(address.replace("https", scheme), token="secret")
    with pytest.raises(ServerUnreachable, match="certificate"):
        transport.get("/api/v1/about", dict)
    transport.close()


def test_what_was_recorded_stays_here(address: str) -> None:
    sink = HttpSink(address, token="secret")
    with pytest.raises(SinkUnavailable, match="certificate"):
        sink.write(a_recorder(), [])
    sink.close()
