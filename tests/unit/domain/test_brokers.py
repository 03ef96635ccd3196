"""Brokers' addresses as they may be shown."""

import pytest

from everyrun.domain.brokers import shown_url, without_secrets


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:secret@redis:6379/0", "redis://redis:6379/0"),
        ("amqp://kim:se%2Fcret@queue//", "amqp://queue//"),
        (
            "redis+socket:///run/redis.sock?virtual_host=1",
            "redis+socket:///run/redis.sock?virtual_host=1",
        ),
        ("redis://r/0?password=secret&db=1", "redis://r/0?password=…&db=1"),
        ("redis://:pa/ss@redis/0", "redis://redis/0"),
        ("redis://:p@ss@redis/0", "redis://redis/0"),
        ("redis://:one@a/0;redis://:two@b/0", "redis://a/0;redis://b/0"),
        ("sqs://", "sqs://"),
    ],
)
def test_an_address_is_shown_without_what_lets_one_in(url: str, shown: str) -> None:
    assert shown == shown_url(url)


def test_a_drivers_message_loses_the_password_in_both_spellings() -> None:
    told = without_secrets("no pass!word nor pass%21word", "redis://:pass%21word@redis/0")

    assert "no … nor …" == told
    assert "… and …" == without_secrets("one and two", "redis://:one@a/0;redis://:two@b/0")
    assert "as it was" == without_secrets("as it was", "redis://redis/0")
