"""``shell``: run a command, as a shell reads it or word by word."""

import json
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from msgspec import Meta, field

from everyrun.domain.spans import Span
from everyrun.nodes.base import NodeFailed, NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.written import written
from everyrun.tracking.describing import PARENT_VARIABLE

if TYPE_CHECKING:
    from everyrun.nodes.commands.following import Ended

SECRET_PREFIX = "EVERYRUN_SECRET_"  # noqa: S105 - a prefix of names
"""Variables that a command gets only where ``env`` hands them on."""

_SIGNALLED = 128


class Shell(NodeType):
    """Run a command. Each line that it writes is a line on record while it runs.

    Text is read by a shell (``/bin/sh -c``); a list is a program and its arguments, and no shell
    reads it: the form for whatever comes from outside. Output is
    ``{exit_code, stdout, stderr}``; another exit code than those of ``ok_codes`` fails the node.

    The command has a session of its own. When the node is stopped, all that the command has
    started is asked to end (``SIGTERM``) and killed after ``grace``, and so it is when the engine
    itself is killed. What it puts in the background goes on when the command ends by itself; such
    a process is to write its output elsewhere.
    """

    command: Annotated[
        str | list[str | int | float],
        Meta(description="Text for the shell, or a list: a program and its arguments, no shell."),
    ]
    shell: Annotated[
        str,
        Meta(description="The program that reads a text command: it is given `-c` and the text."),
    ] = "/bin/sh"
    env: Annotated[
        dict[str, str | int | float | None],
        Meta(description="Environment variables to add to the engine's; null takes one away."),
    ] = field(default_factory=dict)
    directory: Annotated[
        str | None,
        Meta(description="Where it runs; the workflow file's folder by default."),
    ] = None
    input: Annotated[str | None, Meta(description="Text for its standard input.")] = None
    ok_codes: Annotated[
        list[Annotated[int, Meta(ge=0, le=255)]],
        Meta(description="The exit codes that are a success.", min_length=1),
    ] = field(default_factory=lambda: [0])
    capture: Annotated[
        Literal["text", "lines", "json", "bytes"],
        Meta(
            description="What `stdout` in the output is: text without the line end at its end, "
            "a list of lines, the value of its JSON, or bytes."
        ),
    ] = "text"
    grace: Annotated[
        Span | None,
        Meta(description="Time between asking it to stop and killing it; EVERYRUN_CANCEL_GRACE."),
    ] = None
    max_output: Annotated[
        int,
        Meta(description="Bytes of stdout and of stderr that are output, the last ones.", ge=0),
    ] = 1 << 20
    log: Annotated[bool, Meta(description="Whether its lines go on record.")] = True

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What no system takes: nothing as a program, NULs, odd names of variables."""
        problems = []
        command = written(parameters, "command", object)
        words = command if isinstance(command, list) else [command]
        if words[:1] in ([], [""]):
            problems.append(("command", "parameter 'command' is empty"))
        if written(parameters, "shell", str) == "":
            problems.append(("shell", "parameter 'shell' is empty"))
        env = written(parameters, "env", dict) or {}
        problems += [
            ("env", f"parameter 'env': {name!r} cannot be a variable's name")
            for name in env
            if not name or "=" in str(name)
        ]
        for parameter, texts in (("command", words), ("env", [*env, *env.values()])):
            if any("\0" in str(text) for text in texts):
                sentence = f"parameter {parameter!r}: a NUL cannot be handed to a program"
                problems.append((parameter, sentence))
        return problems

    def run(self, context: Context) -> dict[str, Any]:
        """Run it. Raises :class:`NodeFailed` with the last line that it wrote to stderr."""
        from everyrun.nodes.commands.following import Command
        from everyrun.nodes.commands.running import run_command

        directory = context.directory / Path(self.directory or "").expanduser()
        if not directory.is_dir():
            raise NodeFailed(f"directory: there is no folder {directory}")
        if context.stopping:
            raise NodeFailed("stopped before it began")
        words = self._words()
        command = Command(
            words=words,
            environment=self._environment(context),
            directory=str(directory),
            input=None if self.input is None else self.input.encode("utf-8", "surrogateescape"),
            grace=context.settings.cancel_grace if self.grace is None else self.grace,
            kept=self.max_output,
            logged=self.log,
        )
        try:
            ended = run_command(command, context)
        except FileNotFoundError:
            raise NodeFailed(f"command: {words[0]} was not found") from None
        except OSError as error:
            raise NodeFailed(f"command: {words[0]}: {error.strerror}") from error
        if ended.unstoppable:
            left = ", ".join(map(str, sorted(ended.unstoppable)))
            context.log("error", f"could not be killed, and still there: {left}")
        return self._judge(ended, context)

    def _words(self) -> list[str]:
        if isinstance(self.command, str):
            return [self.shell, "-c", self.command]
        return [str(word) for word in self.command]

    def _environment(self, context: Context) -> dict[str, str]:
        """The engine's without its secrets, and what ties what it records to this execution."""
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(SECRET_PREFIX)
        }
        environment.setdefault("PYTHONUNBUFFERED", "1")
        environment[PARENT_VARIABLE] = context.execution_id
        for name, value in self.env.items():
            if value is None:
                environment.pop(name, None)
            else:
                environment[name] = str(value)
        return environment

    def _judge(self, ended: "Ended", context: Context) -> dict[str, Any]:
        code = ended.return_code
        output: dict[str, Any] = {"exit_code": code if code >= 0 else _SIGNALLED - code}
        last_line = ended.stderr.last_line()
        if context.stopping:
            how = "stopped"
        elif code < 0:
            how = f"killed by {_signal_name(-code)}"
        elif code not in self.ok_codes:
            how = f"exit code {code}"
        else:
            return {**output, **self._captured(ended), "stderr": ended.stderr.text()}
        output |= {"stdout": ended.stdout.text(), "stderr": ended.stderr.text()}
        raise NodeFailed(f"{how}: {last_line}" if last_line else how, output)

    def _captured(self, ended: "Ended") -> dict[str, Any]:
        stdout = ended.stdout
        if self.capture == "bytes":
            return {"stdout": stdout.bytes()}
        if self.capture == "lines":
            return {"stdout": stdout.text().splitlines()}
        if self.capture == "text":
            return {"stdout": stdout.text()}
        if stdout.missing:
            raise NodeFailed(
                f"max_output: stdout is longer than {self.max_output:,} bytes, and cut JSON cannot "
                "be read; raise max_output, or let the command write to a file"
            )
        try:
            return {"stdout": json.loads(stdout.bytes())}
        except ValueError as error:
            failure = {"exit_code": ended.return_code, "stdout": stdout.text()}
            raise NodeFailed(f"capture: stdout is no JSON: {error}", failure) from None


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal
        return f"signal {number}"
