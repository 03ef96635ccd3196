"""What is asked for when an execution is made, and how that reads on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from everyrun.tracking import recording
from everyrun.tracking.describing import (
    Context,
    Metadata,
    context_on_record,
    external_id_on_record,
    inherited_parent,
    metadata_on_record,
    tags_on_record,
    trigger_on_record,
)
from everyrun.tracking.places import Place


@dataclass(slots=True)
class Request:
    """An execution as it was asked for. Nothing is captured before it is described."""

    input: object = None
    trigger: str | None = None
    tags: str | Iterable[str] = ()
    external_id: object = None
    context: Mapping[str, Any] | None = None
    metadata: Mapping[str, Any] | None = None
    named_context: Context = field(default_factory=Context)
    named_metadata: Metadata = field(default_factory=Metadata)

    def described(self, outer: Place | None) -> dict[str, Any]:
        """The fields that an execution event says this with, for one begun inside ``outer``."""
        parent = inherited_parent() if outer is None else outer.execution.id
        # Secrets are registered by the context, so it comes before all that may hold one.
        context = context_on_record(self.context, self.named_context)
        plain = recording.current().capturer.plain
        return {
            "trigger": trigger_on_record(self.trigger, nested=parent is not None),
            "input": None if self.input is None else plain(self.input),
            "external_id": external_id_on_record(self.external_id),
            "parent_execution_id": parent,
            "parent_node_execution_id": None if outer is None else outer.node_execution_id,
            "tags": tags_on_record(self.tags),
            "context": context,
            "metadata": metadata_on_record(self.metadata, self.named_metadata),
        }
