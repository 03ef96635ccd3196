"""A graph's definition: what a workflow version is a snapshot of.

This is the canonical form: spans in seconds, edges spelled out, nothing shortened. What people
write (``docs/reference/workflow-file.md``) is brought into it by ``workflows.defining``. Nothing
here says whether a graph can run: ``workflows.validating`` does.
"""

from enum import StrEnum
from functools import cache
from typing import Any

import msgspec
from msgspec import NODEFAULT, UNSET, UnsetType

SUCCESS = "success"
FAILURE = "failure"
ALWAYS = "always"
OUTCOMES = (SUCCESS, FAILURE, ALWAYS)
"""What an edge may wait for besides a branch of a condition or switch."""

QUEUE_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.:-]{0,99}$"
"""What a queue may be called, so that every broker takes it."""

PATH_SEPARATOR = "."
"""Stands between the key of a loop and the key of a node in its body: ``each_page.read``."""


class Join(StrEnum):
    """When a node with several needs is ready."""

    ALL = "all"
    ANY = "any"


class Overlap(StrEnum):
    """What happens when a workflow is to start while it runs."""

    ALLOW = "allow"
    SKIP = "skip"
    QUEUE = "queue"
    CANCEL = "cancel"


class InputType(StrEnum):
    """What an input takes."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    LIST = "list"
    OBJECT = "object"
    ANY = "any"


class _Definition(
    msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What all parts of a definition have in common."""


class Edge(_Definition, kw_only=True, frozen=True):
    """What a node needs: another node, and which outcome of it.

    ``outcome`` is ``success``, ``failure``, ``always`` or a branch of a condition or switch.
    """

    node: str
    outcome: str = SUCCESS


class Retry(_Definition, kw_only=True, frozen=True):
    """How often a failed attempt is followed by another, and after how long.

    Retry n waits ``delay * backoff ** (n - 1)`` seconds, at most ``maximum_delay``, of which
    ``jitter`` (0 to 1) is the share that is drawn at random. ``on`` names exception classes
    (``ConnectError`` or ``httpx.ConnectError``); empty takes every error. ``max_retries`` None is
    the node type's own: 3 where it says that it is safe to repeat, else 0.
    """

    max_retries: int | None = None
    delay: float = 1.0
    backoff: float = 2.0
    maximum_delay: float = 300.0
    jitter: float = 0.1
    on: list[str] = []


class KeyLimit(_Definition, kw_only=True, frozen=True):
    """At most ``limit`` node executions with this key run at once, across all executions.

    ``key`` may be a template.
    """

    key: str
    limit: int = 1


class Position(_Definition, kw_only=True, frozen=True):
    """Where a node is drawn."""

    x: float
    y: float


class NodeDefinition(_Definition, kw_only=True, frozen=True):
    """One step. ``parameters`` are the node type's, values or templates.

    ``do`` is the body of a loop. ``allow_failure`` keeps a failure from failing the execution.
    ``timeout`` is seconds an attempt. ``in_process`` runs a sync node in a process of its own, so
    that it can be killed. ``queue`` names the Celery queue that it is sent to, where executions run
    on Celery workers.
    """

    type: str
    parameters: dict[str, Any] = msgspec.field(default_factory=dict, name="with")
    needs: list[Edge] = []
    join: Join = Join.ALL
    retry: Retry | None = None
    timeout: float | None = None
    concurrency: KeyLimit | None = None
    allow_failure: bool = False
    in_process: bool = False
    queue: str | None = None
    title: str | None = None
    description: str | None = None
    position: Position | None = None
    do: dict[str, "NodeDefinition"] = {}


class InputDefinition(_Definition, kw_only=True, frozen=True):
    """One input: its type, and its default where it may be left out."""

    type: InputType = InputType.ANY
    default: Any | UnsetType = UNSET
    description: str | None = None
    choices: list[Any] = []

    @property
    def required(self) -> bool:
        """Whether a value must be given."""
        return self.default is UNSET


class RunPolicy(_Definition, kw_only=True, frozen=True):
    """How executions of a workflow go: seconds at most, together or not, how many nodes at once.

    ``concurrency`` limits the nodes that run at once in one execution, ``max_executions`` the
    executions of the workflow that run at once (further ones wait). A higher ``priority`` is taken
    from the queue first.
    """

    timeout: float | None = None
    overlap: Overlap = Overlap.ALLOW
    concurrency: int | None = None
    max_executions: int | None = None
    priority: int = 0


class WorkflowDefinition(_Definition, kw_only=True, frozen=True):
    """A graph. ``output`` is a template of what the execution gives back.

    ``directory`` is where relative paths and ``file.py:function`` start: the file's own folder.
    """

    workflow: str
    description: str | None = None
    tags: list[str] = []
    inputs: dict[str, InputDefinition] = {}
    variables: dict[str, Any] = {}
    policy: RunPolicy = msgspec.field(default_factory=RunPolicy)
    nodes: dict[str, NodeDefinition]
    output: Any = None
    directory: str | None = None


def to_plain(definition: _Definition) -> dict[str, Any]:
    """A definition, or a part of one -> its canonical JSON value."""
    plain: dict[str, Any] = _plain(definition)
    return plain


def _plain(value: Any) -> Any:
    """Without any default: ``omit_defaults`` goes by identity, and leaves in what only equals."""
    match value:
        case msgspec.Struct():
            return {
                written: _plain(inner)
                for name, written, default in _fields_of(type(value))
                if (inner := getattr(value, name)) != default
            }
        case StrEnum():
            return value.value
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list():
            return [_plain(inner) for inner in value]
        case _:
            return value


@cache
def _fields_of(kind: type[msgspec.Struct]) -> list[tuple[str, str, Any]]:
    """Name, written name and default of each field."""
    return [
        (
            field.name,
            field.encode_name,
            field.default if field.default_factory is NODEFAULT else field.default_factory(),
        )
        for field in msgspec.structs.fields(kind)
    ]


def from_plain(plain: Any) -> WorkflowDefinition:
    """A canonical JSON value -> the definition. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(plain, WorkflowDefinition)


def digest_of(definition: WorkflowDefinition) -> str:
    """SHA-256, in hex: equal for definitions that say the same, with their nodes in one order."""
    import hashlib

    said = [to_plain(definition), list(definition.nodes)]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()
