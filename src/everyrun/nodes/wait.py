"""``wait``: for a while, until a moment, for a file, or for a word from outside."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, field

from everyrun.domain.spans import Span
from everyrun.nodes.base import NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.deadlines import (
    TimedOut,
    answer_before,
    deadline_of,
    from_whom,
    left_until,
    sleep_until,
    waited,
)
from everyrun.nodes.written import is_template, written

LOOK = 0.5
"""Seconds between looks for a file."""

_CHOICES = ("for", "until", "file", "signal")


class Wait(NodeType):
    """Wait for one thing: a span (`for`), a moment (`until`), a `file`, or a `signal`.

    Spans count from when the node first began, also after a crash and a resume. A signal is sent
    by `everyrun signal EXECUTION NODE`; one that came early is taken. Output is
    `{reason, seconds}`, with `files` or with the signal's `data`, `by` and `at`; `reason` is
    `time`, `file`, `signal`, or `timeout` where `on_timeout` lets the workflow go on.
    """

    waiting: ClassVar[bool] = True

    for_: Annotated[Span | None, Meta(description="How long.")] = field(name="for", default=None)
    until: Annotated[
        str | None,
        Meta(
            description="Until when: `2026-01-15T06:30:00+09:00`, or the next `06:30` in `zone`. "
            "What has passed is not waited for."
        ),
    ] = None
    zone: Annotated[
        str | None, Meta(description="The time zone of `until`, such as `Asia/Seoul`.")
    ] = None
    file: Annotated[
        str | None,
        Meta(description="Until a file is there: a path, or a pattern such as `in/*.csv`."),
    ] = None
    stable_for: Annotated[
        Span, Meta(description="How long files must have stayed as they are; nobody writes them.")
    ] = 0.0
    signal: Annotated[
        bool | str,
        Meta(description="Until somebody sends a signal: `true`, or a text that says which."),
    ] = False
    at_most: Annotated[
        Span | None, Meta(description="How long at most to wait for a file or a signal.")
    ] = None
    on_timeout: Annotated[
        Literal["fail", "continue"], Meta(description="What happens after `at_most`.")
    ] = "fail"

    async def run(self, context: Context) -> dict[str, Any]:
        """Wait. Raises :class:`TimedOut` after ``at_most``."""
        if self.file is not None:
            found = await self._until_files(context, self.file)
        elif self.signal:
            found = await self._until_signal(context)
        else:
            await sleep_until(context, self._moment(context))
            found = {"reason": "time"}
        if found is None:
            if self.on_timeout == "fail":
                raise TimedOut(f"nothing came: {self._awaited()}", {"seconds": waited(context)})
            found = {"reason": "timeout"}
        return {**found, "seconds": waited(context)}

    def _moment(self, context: Context) -> int:
        if self.until is None:
            return deadline_of(context, self.for_) or 0
        from everyrun.nodes.moments import moment_of, zone_of

        zone = None if self.zone is None else zone_of(self.zone)
        return moment_of(self.until, zone, context.first_started_at)

    async def _until_files(self, context: Context, pattern: str) -> dict[str, Any] | None:
        from everyrun.nodes.files.looking import look

        deadline = deadline_of(context, self.at_most)
        seen: Mapping[Path, object] = {}
        since = context.now()
        while True:
            found = await asyncio.to_thread(look, context.directory, pattern)
            now = context.now()
            if found != seen:
                seen, since = found, now
            if found and now - since >= self.stable_for * 1_000_000:
                return {"reason": "file", "files": [str(path) for path in sorted(found)]}
            left = left_until(context, deadline, LOOK)
            if left <= 0:
                return None
            await asyncio.sleep(left)

    async def _until_signal(self, context: Context) -> dict[str, Any] | None:
        if isinstance(self.signal, str):
            context.log("info", f"waiting for a signal: {self.signal}")
        answer = await answer_before(context, deadline_of(context, self.at_most))
        if answer is None:
            return None
        return {"reason": "signal", "data": answer.data, **from_whom(answer)}

    def _awaited(self) -> str:
        if self.file is not None:
            return f"no file {self.file} in time"
        return f"no signal in time{'' if self.signal is True else f' ({self.signal})'}"

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """That it waits for one thing, and that the moment is one."""
        problems = []
        told = [name for name in _CHOICES if parameters.get(name) not in (None, False)]
        if len(told) != 1:
            listed = f"not both {told[0]!r} and {told[1]!r}" if told else "and it is none of them"
            sentence = f"a wait is for one of 'for', 'until', 'file' and 'signal', {listed}"
            problems.append((told[1] if told else "for", sentence))
        if until_problem := _misfit_of_moment(parameters):
            problems.append(until_problem)
        if written(parameters, "file", str) == "":
            problems.append(("file", "parameter 'file' is empty"))
        return problems


def _misfit_of_moment(parameters: Mapping[str, Any]) -> tuple[str, str] | None:
    from everyrun.nodes.moments import moment_of, zone_of

    zone, until = written(parameters, "zone", str), written(parameters, "until", str)
    try:
        place = None if zone is None else zone_of(zone)
    except ValueError as error:
        return "zone", f"parameter 'zone': {error}"
    if until is None or is_template(parameters.get("zone")):
        return None
    try:
        moment_of(until, place, 0)
    except ValueError as error:
        return "until", f"parameter 'until': {error}"
    return None
