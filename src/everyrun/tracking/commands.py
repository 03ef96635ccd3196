"""``everyrun exec``: any command on record, unchanged.

The command's output passes through as it comes, its standard input is ours, signals that we are
sent are passed on to it, and its exit code is the answer. Each line that it writes is a line on
record: ``info``, with ``stdout`` or ``stderr`` as its logger, because most programs write to stderr
what is no error. The last lines on stderr of a command that failed stand in its traceback's place.

Two things do change for the command. Its output is a pipe and no terminal; programs in Python are
told not to hold lines back because of that (``PYTHONUNBUFFERED``). And its environment names this
execution and its ledger, so that what it records itself is linked to it.
"""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any, NamedTuple

from everyrun.domain.payloads import CapturedError
from everyrun.domain.status import Status, WorkflowKind
from everyrun.tracking import recording
from everyrun.tracking.command_output import Stream, pump, write_all
from everyrun.tracking.command_signals import PassedOn
from everyrun.tracking.context import CURRENT
from everyrun.tracking.describing import PARENT_VARIABLE, name_on_record
from everyrun.tracking.requesting import Request
from everyrun.tracking.running_executions import RunningExecution

NOT_FOUND = 127
NOT_EXECUTABLE = 126
_SIGNALLED = 128
_STDOUT, _STDERR = 1, 2

_INTERPRETERS = re.compile(r"(python|pypy)[\d.]*|(ba|da|z|k)?sh|ruby|perl|node|Rscript")
_OPTIONS_WITH_A_VALUE = ("-W", "-X", "-o", "-O", "-r", "-I")


class Outcome(NamedTuple):
    """How a command ended: what goes on record, and the exit code for whoever asked."""

    status: Status
    exit_code: int
    output: dict[str, Any] | None
    error: CapturedError | None


def run_command(
    command: Sequence[str],
    *,
    name: str | None = None,
    tags: str | Iterable[str] = (),
    external_id: str | None = None,
    trigger: str | None = None,
    context: Mapping[str, Any] | None = None,
    metadata: Mapping[str, Any] | None = None,
    began: Callable[[str], object] | None = None,
) -> int:
    """Run ``command`` as an execution of kind ``script`` and answer its exit code.

    ``name`` is the program's by default, or the script's that an interpreter is to run. ``began``
    is told the execution's id before the command begins. The exit code is 128+N for a command that
    a signal N has killed, 127 for one that is not there and 126 for one that cannot be executed,
    as in a shell. Raises ``ValueError`` for an empty command.
    """
    if not command:
        raise ValueError("there is no command to run")
    run = RunningExecution(
        name_on_record(name or usual_command_name(command)), WorkflowKind.SCRIPT.value
    )
    run.outer = CURRENT.get()
    run.begin_on_request(
        Request(
            input={"command": list(command), "directory": _directory()},
            tags=tags,
            external_id=external_id,
            trigger=trigger,
            context=context,
            metadata=metadata,
        )
    )
    if began is not None:
        began(run.id)
    try:
        outcome = _carry_out(command, run)
    except BaseException as error:
        run.fail_with(error)
        raise
    run.settle_as(outcome.status, outcome.error, outcome.output)
    return outcome.exit_code


def usual_command_name(command: Sequence[str]) -> str:
    """``backup`` for ``/usr/bin/backup -v``, ``x.py`` for ``python -u jobs/x.py``, ``tool`` for
    ``python -m tool``."""
    program = PurePath(command[0]).name
    if not _INTERPRETERS.fullmatch(program):
        return program
    arguments = iter(command[1:])
    for argument in arguments:
        if argument == "-m":
            return next(arguments, program)
        if argument in ("-c", "-e"):
            return program
        if argument in _OPTIONS_WITH_A_VALUE:
            next(arguments, None)
        elif not argument.startswith("-"):
            return PurePath(argument).name
    return program


def _carry_out(command: Sequence[str], run: RunningExecution) -> Outcome:
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # none, or closed
            stream.flush()
    with PassedOn() as signals:
        try:
            child = subprocess.Popen(  # noqa: S603 - running what one is told to is the purpose
                command,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                close_fds=False,  # a file that we were given for the command is the command's
                env=_environment(run),
            )
        except (OSError, ValueError) as error:  # ValueError: a NUL in an argument
            return _not_begun(command[0], error)
        signals.to(child)
        if child.stdout is None or child.stderr is None:
            raise AssertionError("both were asked for")
        stdout = Stream("stdout", child.stdout, _STDOUT, run)
        stderr = Stream("stderr", child.stderr, _STDERR, run)
        return_code = pump(child, (stdout, stderr))
    return outcome_of(return_code, signals.seen, stderr.last_lines)


def outcome_of(return_code: int, signals_seen: set[int], last_lines: Iterable[str]) -> Outcome:
    """How a command ended, from its return code (``subprocess``) and the signals we were sent."""
    if return_code == 0:
        return Outcome(Status.COMPLETED, 0, {"exit_code": 0}, None)
    traceback = "".join(f"{line}\n" for line in last_lines)
    if return_code < 0:
        number = -return_code
        how, kind = f"killed by {_signal_name(number)}", "Signal"
        output: dict[str, Any] = {"signal": _signal_name(number)}
    else:
        number = return_code - _SIGNALLED
        how, kind = f"exit code {return_code}", "ExitCode"
        output = {"exit_code": return_code}
    status = Status.CANCELLED if number in signals_seen else Status.FAILED
    exit_code = return_code if return_code > 0 else _SIGNALLED + number
    return Outcome(status, exit_code, output, CapturedError(kind, how, _redacted(traceback)))


def _not_begun(program: str, error: OSError | ValueError) -> Outcome:
    missing = isinstance(error, FileNotFoundError)
    reason = "command not found" if missing else getattr(error, "strerror", None) or str(error)
    sentence = f"{program}: {reason}"
    with suppress(OSError):
        write_all(_STDERR, f"everyrun: {sentence}\n".encode(errors="surrogateescape"))
    return Outcome(
        Status.FAILED,
        NOT_FOUND if missing else NOT_EXECUTABLE,
        None,
        CapturedError(type(error).__name__, _redacted(sentence), ""),
    )


def _environment(run: RunningExecution) -> dict[str, str]:
    """The command's environment: ours, and where and under what it is to record."""
    settings = recording.current().settings
    environment = {"PYTHONUNBUFFERED": "1", **os.environ}
    environment[PARENT_VARIABLE] = run.id
    environment["EVERYRUN_URL"] = settings.url
    environment["EVERYRUN_HOME"] = str(settings.home)
    if settings.token is not None:
        environment["EVERYRUN_TOKEN"] = settings.token
    if not settings.enabled:
        environment["EVERYRUN_DISABLED"] = "1"
    return environment


def _redacted(text: str) -> str:
    return recording.current().capturer.text(text)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"


def _directory() -> str | None:
    try:
        return str(Path.cwd())
    except OSError:  # it was removed
        return None
