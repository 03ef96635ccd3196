"""``everyrun.capture_output()``: what is printed, on record and passed on."""

import asyncio
import contextlib
import io
import sys
import threading
from typing import Any

import pytest

import everyrun
from everyrun.testing import Runs
from everyrun.tracking.capturing_output import Tee


def written(runs: Runs, name: str | None = None) -> list[tuple[str | None, str]]:
    """Each line of one execution: (stream, text)."""
    return [(line.logger, line.message) for line in runs.one(name).lines]


def test_prints_are_recorded_and_passed_on(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    with everyrun.execution("import"), everyrun.capture_output():
        print("one\ntwo")
        print("three", file=sys.stderr)

    assert [("stdout", "one"), ("stdout", "two"), ("stderr", "three")] == written(runs)
    assert {"info"} == {line.level for line in runs.one().lines}
    assert ("one\ntwo\n", "three\n") == capsys.readouterr()


def test_an_execution_can_be_told_to_capture(runs: Runs) -> None:
    with everyrun.execution("import", capture_output=True) as run, run.node("load"):
        print("hello")
    print("afterwards")

    assert [("stdout", "hello")] == written(runs)
    assert "load" == runs.one().lines[0].node


def test_what_runs_inside_the_block_is_captured(runs: Runs) -> None:
    with everyrun.capture_output():
        print("nothing runs")
        with everyrun.execution("import"):
            print("inside")

    assert [("stdout", "inside")] == written(runs)


def test_the_streams_are_put_back(runs: Runs) -> None:
    before = sys.stdout, sys.stderr
    with everyrun.execution("import", capture_output=True), everyrun.capture_output():
        assert isinstance(sys.stdout, Tee)

    assert before == (sys.stdout, sys.stderr)


def test_a_line_in_pieces_is_one_line(runs: Runs) -> None:
    with everyrun.execution("import", capture_output=True):
        print("a", end="")
        print("b", 1, sep="-", end="")
        print("c")
        sys.stdout.writelines(["d\n", "e\n"])

    assert ["ab-1c", "d", "e"] == runs.one().messages


def test_a_line_without_its_end_is_recorded_at_the_end(runs: Runs) -> None:
    with everyrun.execution("import") as run:
        with run.node("load"), everyrun.capture_output():
            print("partial", end="")
        with everyrun.capture_output():
            print("last", end="")

    assert [("partial", "load"), ("last", None)] == [
        (line.message, line.node) for line in runs.one().lines
    ]


def test_of_a_progress_bar_the_last_state_is_recorded(runs: Runs) -> None:
    with everyrun.execution("import", capture_output=True):
        for percent in range(0, 101, 10):
            print(f"\r{percent}%", end="", file=sys.stderr)
        print(file=sys.stderr)

    assert ["100%"] == runs.one().messages


def test_bytes_written_below_are_recorded(
    runs: Runs, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with everyrun.execution("import", capture_output=True):
        sys.stdout.buffer.write(b"caf\xc3\xa9 \xff\n")
        sys.stdout.buffer.writelines([bytearray(b"more\n")])
        sys.stdout.buffer.flush()

    assert ["café \\xff", "more"] == runs.one().messages
    assert b"caf\xc3\xa9 \xff\nmore\n" == capfdbinary.readouterr().out


def test_the_tee_is_otherwise_the_stream(runs: Runs) -> None:
    before = sys.stdout
    with everyrun.capture_output():
        assert before.encoding == sys.stdout.encoding
        assert before.isatty() == sys.stdout.isatty()
        assert 2 == sys.stdout.write("x\n")
        sys.stdout.flush()


def test_tasks_write_into_their_own_executions(runs: Runs) -> None:
    async def work(name: str, turn: asyncio.Barrier) -> None:
        async with everyrun.execution(name):
            for number in range(3):
                await turn.wait()
                print(f"{name} {number}")

    async def main() -> None:
        turn = asyncio.Barrier(2)
        with everyrun.capture_output():
            await asyncio.gather(work("a", turn), work("b", turn))

    asyncio.run(main())

    assert ["a 0", "a 1", "a 2"] == runs.one("a").messages
    assert ["b 0", "b 1", "b 2"] == runs.one("b").messages


def test_an_execution_that_does_not_capture_is_left_alone(runs: Runs) -> None:
    turn = threading.Barrier(2)

    def other() -> None:
        with everyrun.execution("quiet"):
            turn.wait(60)
            print("not to be recorded")
            turn.wait(60)

    thread = threading.Thread(target=other)
    thread.start()
    with everyrun.execution("loud", capture_output=True):
        turn.wait(60)
        turn.wait(60)
        print("to be recorded")
    thread.join()

    assert ["to be recorded"] == runs.one("loud").messages
    assert [] == runs.one("quiet").messages


def test_threads_of_one_execution_do_not_mix_their_lines(runs: Runs) -> None:
    turn = threading.Barrier(2)

    def work(letter: str) -> None:
        print(letter, end="")
        turn.wait(60)
        print(letter)

    with everyrun.execution("import", capture_output=True):
        threads = [threading.Thread(target=everyrun.bind(work), args=(each,)) for each in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert ["aa", "bb"] == sorted(runs.one().messages)


def test_what_the_program_redirects_is_its_own(runs: Runs) -> None:
    with everyrun.execution("import", capture_output=True):
        with contextlib.redirect_stdout(io.StringIO()) as own:
            print("mine")
        print("on record")

    assert "mine\n" == own.getvalue()
    assert ["on record"] == runs.one().messages


def test_a_stream_put_in_place_meanwhile_stays(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    other = io.StringIO()
    with everyrun.execution("import", capture_output=True):
        monkeypatch.setattr(sys, "stdout", other)

    assert other is sys.stdout


def test_a_program_without_streams_can_capture(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    with everyrun.execution("import", capture_output=True):
        print("to nobody")

    assert "completed" == runs.one().status


def test_what_cannot_be_written_fails_as_it_would_without(runs: Runs) -> None:
    odd: Any = 7
    with everyrun.execution("import", capture_output=True):
        with pytest.raises(TypeError):
            sys.stdout.write(odd)
        with pytest.raises(AttributeError):
            sys.stdout.nothing_of_the_kind  # type: ignore[union-attr]  # noqa: B018

    assert [] == runs.one().messages


def test_secrets_in_what_is_printed_are_hidden(runs: Runs) -> None:
    everyrun.register_secret("open-sesame-2")
    with everyrun.execution("import", capture_output=True):
        print("it is open-sesame-2")

    assert ["it is ***"] == runs.one().messages
