"""From YAML and JSON to the canonical definition, with places and every problem at once.

``reading`` is the door. A text becomes values with places (``reading_yaml``, ``reading_json``,
``gathering``), the values a definition (``shaping``). Whether its graph can run is
``workflows.validating``'s to say.
"""

from typing import Any

from everyrun.workflows.defining.places import Places
from everyrun.workflows.defining.reading import Read, read_file, read_text, read_value
from everyrun.workflows.problems import Problem

__all__ = [
    "Places",
    "Problem",
    "Read",
    "read_file",
    "read_text",
    "read_value",
    "workflow_file_schema",
]


def workflow_file_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a workflow file, with the built-in node types' parameters."""
    from everyrun.workflows import file_schema  # loads every node type, as reading a file does not

    return file_schema.workflow_file_schema()
