"""What is asked of a Celery application's workers, and what they answer."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, field

from everyrun.domain.views.controlling import Asked, Name

Signal = Literal["TERM", "KILL", "INT", "QUIT", "USR1"]
Seconds = Annotated[float, Meta(ge=0.1, le=10)]
"""How long workers have to answer."""
Names = Annotated[list[Name], Meta(max_length=1_000)]
Rate = Annotated[str, Meta(pattern=r"^\d{1,9}(\.\d{1,9})?(/[smh])?$")]

ANSWERS_WITHIN = 1.0


class PingRequest(Asked, kw_only=True):
    """Ask who is there. Without ``workers`` (``celery@host``), all are asked."""

    workers: Names = field(default_factory=list)
    seconds: Seconds = ANSWERS_WITHIN


class RevokeRequest(Asked, kw_only=True):
    """Have tasks not run: those named, and of ``execution`` all that have not ended.

    With ``terminate`` those that run are ended, too, by ``signal``.
    """

    task_ids: Names = field(default_factory=list)
    execution: Name | None = None
    terminate: bool = False
    signal: Signal = "TERM"
    seconds: Seconds = ANSWERS_WITHIN


class RateLimitRequest(Asked, kw_only=True):
    """Let each worker begin ``task`` so often at most: ``10/m``, ``2/s``; ``0`` for no limit."""

    task: Name
    rate: Rate
    workers: Names = field(default_factory=list)
    seconds: Seconds = ANSWERS_WITHIN


class WorkerAnswer(msgspec.Struct, kw_only=True):
    """What one worker said; ``ok`` is false when it would not."""

    worker: str
    ok: bool
    answer: str


class WorkerAnswers(msgspec.Struct, kw_only=True):
    """What each worker said that answered in time, by their names."""

    workers: list[WorkerAnswer]


class Revoked(msgspec.Struct, kw_only=True):
    """The tasks that workers were told of, and what each worker said."""

    task_ids: list[str]
    workers: list[WorkerAnswer]
