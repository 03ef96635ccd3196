"""Which execution a message belongs to: a header that goes with it, from publisher to worker.

The header is text, ``EXECUTION|FLAGS|NODE|REPLACED|WORKFLOW``, as every broker carries it. What a
task sends inherits all of it but flags and node, so a whole canvas is one execution without anybody
asking anybody. The flags are ``t`` (told) and a number (``again``), either or neither.
"""

from typing import Any, NamedTuple

from everyrun.domain.identifiers import canonical_id, is_uuid7

HEADER = "everyrun"
"""The message header; ``task.request.everyrun`` in a worker."""

_TOLD = "t"


class Belonging(NamedTuple):
    """Where a message belongs."""

    execution_id: str
    workflow: str
    told: bool = False
    """Whether its publisher put it on record, with its arguments and its place in the canvas."""
    node_id: str | None = None
    """The node execution, where it is not the task's id: of a task that replaces another."""
    replaced: tuple[str, ...] = ()
    """The ids of tasks that were replaced on the way here: who comes by one stands in for it."""
    again: int = 0
    """Tries that Celery does not count: of a task whose worker was killed, and that was retried."""

    @property
    def text(self) -> str:
        """As the header has it."""
        flags = (_TOLD if self.told else "") + (str(self.again) if self.again else "")
        replaced = ",".join(self.replaced)
        return f"{self.execution_id}|{flags}|{self.node_id or ''}|{replaced}|{self.workflow}"

    def inherited(self) -> "Belonging":
        """What a message belongs to that is published in its name."""
        return Belonging(self.execution_id, self.workflow, replaced=self.replaced)

    def node_of(self, task_id: str, name: str) -> str | None:
        """The node execution of another task of the canvas, where it is not the task's id."""
        return node_id_of(task_id, name) if task_id in self.replaced else None


def read(text: object) -> Belonging | None:
    """What a header says; None where there is none of ours."""
    if not isinstance(text, str):
        return None
    parts = text.split("|", 4)
    if len(parts) != 5 or len(parts[0]) != 36 or not is_uuid7(parts[0]) or not parts[4]:
        return None
    execution_id, flags, node_id, replaced, workflow = parts
    ids = tuple(replaced.split(",")) if replaced else ()
    again = flags.removeprefix(_TOLD)
    told = flags.startswith(_TOLD)
    count = int(again) if again.isdecimal() else 0
    return Belonging(execution_id, workflow, told, node_id or None, ids, count)


def of_request(request: Any) -> Belonging | None:
    """What a task's request says; for an eager one, which has no message, its headers do."""
    found = read(getattr(request, HEADER, None))
    if found is None:
        headers = getattr(request, "headers", None)
        found = read(headers.get(HEADER)) if isinstance(headers, dict) else None
    return found


def node_id_of(task_id: str, name: str | None = None) -> str:
    """The node execution of a task id: the id itself where it is a UUID, as Celery makes them.

    With ``name``, that of the task of that name which replaces the one the id was given to.
    """
    if name is None:
        try:
            return canonical_id(task_id)
        except ValueError:
            pass
    from uuid import NAMESPACE_OID, uuid5

    return str(uuid5(NAMESPACE_OID, f"everyrun:{task_id}:{name or ''}"))
