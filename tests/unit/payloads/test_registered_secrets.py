"""Registered values and Secrets appear nowhere in what is recorded."""

import copy
import json
import pickle
from pathlib import PurePosixPath
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.payloads import Capturer, Redactor, Secret, register_secret
from everyrun.domain.payloads.registering import CEILING, REGISTRY, SecretRegistry
from tests.unit.payloads.faithful_values import any_text, leaves

secrets = st.text(st.sampled_from("ab§7-!ß"), min_size=4, max_size=12).filter(
    lambda secret: "§" in secret and not secret.isspace()
)


class Shows:
    def __init__(self, content: str) -> None:
        self.content = content

    def __repr__(self) -> str:
        return f"<Shows {self.content!r}>"


class Named(NamedTuple):
    first: int
    second: str


def hiding_places(secret: str) -> st.SearchStrategy[Any]:
    """Values that hold the secret somewhere."""
    texts = st.tuples(any_text, any_text).map(lambda ends: f"{ends[0]}{secret}{ends[1]}")
    hiding = st.one_of(
        texts,
        texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
        texts.map(lambda text: b"\xff" + text.encode("utf-8", "surrogatepass")),
        texts.map(lambda text: bytearray(text.encode("utf-8", "surrogatepass"))),
        texts.map(PurePosixPath),
        texts.map(ValueError),
        texts.map(Shows),
        texts.map(lambda text: {text: text}),
        texts.map(lambda text: {(text,): 1}),
        texts.map(lambda text: {text}),
        texts.map(lambda text: Named(1, text)),
        texts.map(lambda text: text * 2_000),
    )
    return st.recursive(
        st.one_of(hiding, leaves),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4),
            st.lists(inner, max_size=4).map(tuple),
            st.dictionaries(any_text, inner, max_size=4),
        ),
        max_leaves=8,
    )


@given(st.data(), st.lists(secrets, min_size=1, max_size=3), st.integers(200, 5_000))
def test_a_registered_secret_appears_nowhere(
    data: st.DataObject, values: list[str], max_bytes: int
) -> None:
    registry = SecretRegistry()
    for value in values:
        registry.add(value)
    capturer = Capturer(max_bytes, Redactor(registry=registry))
    for value in values:
        hidden = data.draw(hiding_places(value))
        written = msgspec.json.encode(capturer.plain(hidden)).decode()
        arguments = str(capturer.arguments((), (), {"a": hidden, "b": [hidden]}))

        assert not [value for value in values if value in written]
        assert not [value for value in values if value in arguments]


@given(secrets, any_text, any_text)
def test_a_registered_secret_appears_in_no_error(value: str, before: str, after: str) -> None:
    registry = SecretRegistry()
    registry.add(value)
    capturer = Capturer(redactor=Redactor(registry=registry))
    try:
        try:
            raise ValueError(f"{before}{value}{after}")
        except ValueError as error:
            error.add_note(f"{after}{value}{before}")
            raise KeyError(value, before) from error
    except KeyError as error:
        captured = capturer.error(error)

    assert value not in captured.message
    assert value not in captured.traceback


@given(st.lists(secrets, min_size=40, max_size=60, unique=True), st.data())
def test_many_registered_secrets_appear_nowhere(values: list[str], data: st.DataObject) -> None:
    registry = SecretRegistry()
    for value in values:
        registry.add(value)
    text = data.draw(any_text) + "".join(data.draw(st.lists(st.sampled_from(values))))
    masked = registry.mask(text)

    assert not [value for value in values if value in masked]
    assert registry.is_in(text) == (masked != text)


def test_overlapping_secrets_are_hidden_as_one() -> None:
    registry = SecretRegistry()
    for value in ("abcdef", "defghi", "cdef"):
        registry.add(value)

    assert "x***y" == registry.mask("xabcdefghiy")
    assert "*** ***" == registry.mask("abcdef defghi")


@pytest.mark.parametrize("value", ['quo"te\\d', "new\nline-secret", "päßwörd", "sp ace/&="])
def test_the_spellings_of_a_secret_are_hidden_too(value: str) -> None:
    register_secret(value)
    spelled = [repr(value), json.dumps(value), f"https://x/?q={quote(value, safe='')}", [value]]
    written = str(Capturer().plain([*spelled, repr({"a": value})]))

    assert "te" not in written
    assert "secret" not in written
    assert "rd" not in written
    assert "ace" not in written


def test_the_lines_of_a_long_secret_are_hidden_one_by_one() -> None:
    register_secret("first line of the secret\nand a second line of it\n")

    assert "log: *** …" == Capturer().text("log: and a second line of it …")


def test_bytes_and_numbers_can_be_registered() -> None:
    register_secret(b"byte-secret")
    register_secret(8675309)
    capturer = Capturer()

    assert "a *** b" == capturer.text("a byte-secret b")
    assert {"$type": "int", "value": "***"} == capturer.plain(8675309)
    assert {"a": {"$type": "int", "value": "***"}} == capturer.plain({"a": 8675309})
    assert 8675308 == capturer.plain(8675308)


def test_surrounding_white_space_is_no_part_of_a_secret() -> None:
    register_secret("from-a-file\n")

    assert "x *** y" == Capturer().text("x from-a-file y")


@pytest.mark.parametrize("value", ["", "a", "abc", "   \n", "\n\n\n\n"])
def test_values_too_short_to_search_for_are_ignored(value: str) -> None:
    register_secret(value)

    assert "abc a \n" == Capturer().text("abc a \n")


def test_keys_seen_before_a_secret_was_registered_are_hidden_afterwards() -> None:
    capturer = Capturer()
    capturer.plain({"user-4711-x": 1})
    register_secret("4711-x")

    assert [["user-***", 1]] == capturer.plain({"user-4711-x": 1})["value"]


def test_the_oldest_secrets_are_forgotten_beyond_a_bound() -> None:
    registry = SecretRegistry()
    for number in range(CEILING + 10):
        registry.add(f"secret{number:06}")

    assert "secret000003" == registry.mask("secret000003")
    assert "***" == registry.mask(f"secret{CEILING:06}")


def test_a_secret_registers_itself() -> None:
    Secret("hunter2")

    assert "login ***" == Capturer().text("login hunter2")


def test_a_secret_is_masked_in_a_payload() -> None:
    secret = Secret("hunter2")

    assert ["***", {"key": "***"}] == Capturer().plain([secret, {"key": secret}])


def test_a_secret_shows_itself_only_when_asked_to() -> None:
    secret = Secret("hunter2")
    shown = f"{secret} {secret!r} {secret!s:>20} %s" % secret + format(secret, "d") + repr([secret])

    assert "hunter2" == secret.reveal()
    assert "hunter2" not in shown
    assert "*** Secret('***') " == shown[:18]


@pytest.mark.parametrize(
    "use",
    [iter, list, len, "".join, json.dumps, msgspec.json.encode, lambda secret: secret + "x"],
)
def test_a_secret_does_not_pass_for_text(use: Any) -> None:
    with pytest.raises(TypeError):
        use(Secret("hunter2"))


@pytest.mark.parametrize(
    "move", [lambda secret: pickle.loads(pickle.dumps(secret)), copy.copy, copy.deepcopy]
)
def test_a_moved_secret_keeps_its_value(move: Any) -> None:
    assert "hunter2" == move(Secret("hunter2")).reveal()


def test_a_secret_from_another_process_registers_itself_here() -> None:
    pickled = pickle.dumps(Secret("hunter2"))
    REGISTRY.clear()
    pickle.loads(pickled)

    assert "***" == Capturer().text("hunter2")


def test_secrets_are_equal_by_value() -> None:
    assert Secret("a\udc80") == Secret("a\udc80")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert {Secret("a")} == {Secret("a")}
    assert Secret("a")
    assert not Secret("")


def test_a_secret_holds_text_only() -> None:
    with pytest.raises(TypeError, match="int"):
        Secret(5)  # type: ignore[arg-type]
