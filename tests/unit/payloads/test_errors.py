"""Errors on record: type, message and traceback."""

import time
import traceback
from pathlib import Path
from typing import Any, TypeVar

import pytest

import everyrun
from everyrun.domain.payloads import Capturer, register_secret
from everyrun.domain.payloads.capturing import MESSAGE_BYTES, TRACEBACK_BYTES, CapturedError

HERE = __name__


Raised = TypeVar("Raised", bound=BaseException)


class OwnError(Exception):
    class Inner(Exception):
        pass


class RaisesInStr(Exception):
    def __str__(self) -> str:
        raise ZeroDivisionError


class RaisesInNotes(Exception):
    @property
    def __notes__(self) -> Any:  # type: ignore[override]
        raise ZeroDivisionError


def raised(error: Raised, cause: BaseException | None = None) -> Raised:
    try:
        raise error from cause
    except type(error):
        return error


def captured(error: BaseException) -> CapturedError:
    return Capturer().error(error)


def recurse(depth: int) -> None:
    if depth:
        recurse(depth - 1)
    else:
        raise OwnError("at the bottom")


def ping(depth: int) -> None:
    pong(depth)


def pong(depth: int) -> None:
    if depth:
        ping(depth - 1)
    else:
        raise OwnError("at the bottom")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ValueError("bad"), ("ValueError", "bad")),
        (KeyError("k"), ("KeyError", "'k'")),
        (OwnError("own"), (f"{HERE}.OwnError", "own")),
        (OwnError.Inner(), (f"{HERE}.OwnError.Inner", "")),
        (KeyboardInterrupt(), ("KeyboardInterrupt", "")),
        (SystemExit(3), ("SystemExit", "3")),
        (ValueError("a\x00b\udc80"), ("ValueError", "a\\x00b\\udc80")),
        (
            RaisesInStr(),
            (
                f"{HERE}.RaisesInStr",
                f"<str() of this {HERE}.RaisesInStr raised ZeroDivisionError>",
            ),
        ),
        (ExceptionGroup("many", [ValueError()]), ("ExceptionGroup", "many (1 sub-exception)")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_error_has_a_type_and_a_message(error: BaseException, expected: Any) -> None:
    assert expected == captured(raised(error))[:2]


def test_a_traceback_is_what_python_prints() -> None:
    try:
        recurse(5)
    except OwnError as caught:
        error = caught

    assert "".join(traceback.format_exception(error)) == captured(error).traceback


def test_causes_contexts_groups_and_notes_are_told() -> None:
    try:
        try:
            try:
                raise ValueError("the first")
            except ValueError as first:
                raise KeyError("the second") from first
        except KeyError:
            group = ExceptionGroup(
                "the group", [raised(OwnError("a member"), OSError("its cause"))]
            )
            group.add_note("the note")
            raise group  # noqa: B904 - its context is meant
    except ExceptionGroup as caught:
        error = caught

    assert "".join(traceback.format_exception(error)) == captured(error).traceback
    for part in ("the first", "the second", "the group", "a member", "its cause", "the note"):
        assert part in captured(error).traceback


def test_an_error_that_was_never_raised_has_a_short_traceback() -> None:
    assert "ValueError: bad\n" == captured(ValueError("bad")).traceback


def test_frames_of_our_own_wrappers_are_left_out(tmp_path: Path) -> None:
    wrapper = Path(everyrun.__file__).parent / "tracking" / "wrapping.py"
    namespace: dict[str, Any] = {}
    exec(
        compile("def call(function, *args):\n    return function(*args)\n", wrapper, "exec"),
        namespace,
    )
    try:
        namespace["call"](namespace["call"], recurse, 1)
    except OwnError as caught:
        inner = caught
    error = raised(KeyError("outer"), inner)

    assert "tracking" not in captured(inner).traceback
    assert "tracking" not in captured(error).traceback
    assert 2 == captured(inner).traceback.count("in recurse")


def test_an_error_of_a_wrapper_itself_keeps_its_frames() -> None:
    wrapper = Path(everyrun.__file__).parent / "tracking" / "wrapping.py"
    try:
        exec(compile("1 / 0", wrapper, "exec"))
    except ZeroDivisionError as caught:
        error = caught.with_traceback(caught.__traceback__.tb_next)  # type: ignore[union-attr]

    assert "wrapping.py" in captured(error).traceback


@pytest.mark.parametrize("function", [recurse, ping])
@pytest.mark.parametrize("depth", [40, 49, 50, 51, 99, 101, 140, 400])
def test_a_deep_stack_shows_both_its_ends(function: Any, depth: int) -> None:
    try:
        function(depth)
    except OwnError as caught:
        error = caught
    text = captured(error).traceback
    whole = "".join(traceback.format_exception(error))
    frames = len(list(traceback.walk_tb(error.__traceback__)))

    assert whole.splitlines()[:8] == text.splitlines()[:8]
    assert whole.splitlines()[-3:] == text.splitlines()[-3:]
    assert (frames > 100) == (f"  … {frames - 100:,} frames left out …\n" in text)
    if frames <= 100:
        assert whole == text


def test_a_deep_cause_of_an_error_shows_both_its_ends() -> None:
    try:
        try:
            ping(200)
        except OwnError as caught:
            raise KeyError("outer") from caught
    except KeyError as caught_again:
        error = caught_again
    text = captured(error).traceback

    assert "frames left out" in text
    assert "at the bottom" in text
    assert "KeyError: 'outer'\n" == text[-18:]


def test_an_endless_recursion_costs_no_more_than_another_error() -> None:
    def endless(number: int) -> int:
        return endless(number + 1)

    try:
        endless(0)
    except RecursionError as caught:
        error = caught
    begin = time.process_time()
    text = captured(error).traceback
    end = time.process_time()

    assert end - begin < 0.1
    assert len(text) < 10_000
    assert text.startswith("Traceback (most recent call last):\n")
    assert "RecursionError" in text.splitlines()[-1]


def test_an_endless_chain_of_errors_is_told_at_its_end() -> None:
    error: BaseException = ValueError("the first")
    for number in range(5_000):
        error = raised(ValueError(f"number {number}"), error)
    text = captured(error).traceback

    assert "ValueError: number 4999\n" == text.splitlines(keepends=True)[-1]
    assert "number 4970" in text
    assert "the first" not in text


def test_a_group_of_a_great_many_errors_is_told_in_part() -> None:
    error = raised(ExceptionGroup("many", [ValueError(f"number {n}") for n in range(5_000)]))
    text = captured(error).traceback

    assert "many (5000 sub-exceptions)" in text
    assert "number 3" in text
    assert len(text) < 10_000


@pytest.mark.parametrize("error", [RaisesInNotes("message"), RaisesInStr("x")])
def test_a_hostile_error_is_told_all_the_same(error: Exception) -> None:
    text = captured(raised(error)).traceback

    assert "in raised" in text
    assert any(type(error).__name__ in line for line in text.splitlines()[-2:])


def test_a_long_message_is_cut_at_its_end() -> None:
    error = raised(ValueError("x" * 100_000))

    assert len(captured(error).message.encode()) <= MESSAGE_BYTES
    assert captured(error).message.endswith("more characters]")


def test_a_long_traceback_is_cut_in_its_middle() -> None:
    error = raised(ValueError("line of text\n" * 50_000), ValueError("the cause"))
    text = captured(error).traceback

    assert len(text.encode()) <= TRACEBACK_BYTES
    assert text.startswith("ValueError: the cause\n")
    assert "characters from the middle]\n" in text
    assert text.endswith("line of text\n\n")


def test_an_enormous_message_is_not_searched_whole() -> None:
    error = raised(ValueError("password=x " * 3_000_000))
    begin = time.process_time()
    text = captured(error).traceback
    end = time.process_time()

    assert end - begin < 1
    assert len(text.encode()) <= TRACEBACK_BYTES
    assert "password=x" not in text


def test_secrets_in_messages_and_program_lines_are_hidden() -> None:
    register_secret("registered-value")

    def login(token: str, password: str = "") -> None:
        raise ValueError(f"login with token={token} failed for registered-value")

    try:
        login(token="from-the-program", password="hunter2")
    except ValueError as caught:
        error = caught
    shown = captured(error)

    assert "login with token=*** failed for ***" == shown.message
    assert "from-the-program" not in shown.traceback
    assert "hunter2" not in shown.traceback
    assert "registered-value" not in shown.traceback
    assert 'login(token="***", password="***")' in shown.traceback


def test_names_in_program_lines_stay_readable() -> None:
    def next_token(tokens: list[str]) -> str:
        token = tokens[5].strip()
        return token  # noqa: RET504 - the line above is the one that is shown

    try:
        next_token([])
    except IndexError as caught:
        error = caught

    assert "token = tokens[5].strip()" in captured(error).traceback


def test_a_private_key_in_a_message_is_hidden_whole() -> None:
    key = "-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----"
    error = raised(ExceptionGroup("keys", [ValueError(f"bad key:\n{key}")]))

    assert "MIIE" not in captured(error).traceback
    assert "bad key" in captured(error).traceback


def test_an_error_that_is_a_payload_has_its_message_and_arguments() -> None:
    plain = Capturer().plain(ValueError("password=x", {"token": "y"}))

    assert "ValueError" == plain["class"]
    assert ["password=***", {"token": "***"}] == plain["args"]
    assert "=x" not in plain["message"]


def test_a_payload_that_is_a_hostile_error_is_labelled() -> None:
    plain = Capturer().plain(RaisesInStr(1))

    assert "ZeroDivisionError" == plain["raised"]
    assert [1] == plain["args"]
