"""Texts that come again and again: looked into once, and again when there is more to hide."""

from everyrun.domain.payloads import Capturer, Redactor
from everyrun.domain.payloads.registering import MASK, SecretRegistry


def test_a_text_that_hides_nothing_stays_as_it_is_every_time() -> None:
    capturer = Capturer()
    value = {"function": "steps.py:parse", "at": "2026-01-15T12:00:00+00:00"}

    assert [value, value] == [capturer.plain(value), capturer.plain(value)]


def test_what_becomes_secret_later_is_hidden_from_then_on() -> None:
    registry = SecretRegistry()
    capturer = Capturer(redactor=Redactor(registry=registry))
    before = capturer.plain({"place": "queue:hunter2"})
    registry.add("hunter2")

    assert {"place": "queue:hunter2"} == before
    assert {"place": f"queue:{MASK}"} == capturer.plain({"place": "queue:hunter2"})


def test_what_follows_a_secret_option_is_hidden_however_often_it_was_seen() -> None:
    capturer = Capturer()
    words = ["--password", "hunter2"]
    alone = [capturer.plain(["--password"]) for _ in range(2)]

    assert [["--password"]] * 2 == alone
    assert ["--password", MASK] == capturer.plain(words)
    assert ["--password", MASK] == capturer.plain(words)


def test_a_text_with_a_secret_in_it_is_hidden_every_time() -> None:
    capturer = Capturer()
    value = {"url": "postgresql://ada:hunter2@localhost/orders"}

    assert capturer.plain(value) == capturer.plain(value)
    assert "hunter2" not in str(capturer.plain(value))
