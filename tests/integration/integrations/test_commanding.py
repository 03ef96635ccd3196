"""Brokers that do not answer: silent, absent, or no brokers at all."""

import socket
import time
from collections.abc import Iterator

import pytest

from everyrun.domain.brokers import BrokerUnreachable
from everyrun.domain.views.celery import PingRequest
from everyrun.integrations.celery.commanding import Commander

PATIENCE = 0.3


@pytest.fixture
def silent() -> Iterator[str]:
    """A place where connections are taken and nothing is ever said."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_silent_broker_is_given_up_in_time(silent: str, scheme: str) -> None:
    commander = Commander(f"{scheme}://kim:secret@{silent}/0", connects_within=PATIENCE)
    began = time.monotonic()
    with pytest.raises(BrokerUnreachable, match=f"{scheme}://{silent}/0 does not answer") as told:
        commander.ping(PingRequest(seconds=0.1))

    assert "secret" not in str(told.value)
    assert time.monotonic() - began < 10 * PATIENCE


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("redis://127.0.0.1:1/0", "refused"),
        ("amqp://127.0.0.1:1//", "refused"),
        ("carrier-pigeon://roof", "No such transport: carrier-pigeon"),
        ("redis://127.0.0.1:port/0", "port"),
        ("sqs://", "botocore"),
    ],
)
def test_what_is_no_broker_says_why(url: str, why: str) -> None:
    with pytest.raises(BrokerUnreachable, match=why):
        Commander(url, connects_within=PATIENCE).ping(PingRequest(seconds=0.1))
