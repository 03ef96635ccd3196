"""Write the parts of docs/reference that are made from the code.

python -m scripts.write_reference          # write them
python -m scripts.write_reference --check  # say which are not up to date, and exit with 1
"""

import inspect
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, Table

from everyrun.domain.status import LEGAL_MOVES, SETTLED, Status
from everyrun.domain.wire_schema import wire_schema_text
from everyrun.store.tables import Base
from everyrun.workflows.file_schema import workflow_file_schema_text
from scripts.client_reference import client
from scripts.command_reference import commands
from scripts.http_reference import http_api, openapi_document
from scripts.node_reference import nodes
from scripts.page_reference import pages
from scripts.settings_reference import settings

SQLITE = URL.create("sqlite").get_dialect()()
POSTGRESQL = URL.create("postgresql").get_dialect()()
REFERENCE = Path(__file__).parent.parent / "docs" / "reference"


def _types(table: Table, name: str) -> tuple[str, str]:
    kind = table.columns[name].type
    return kind.compile(SQLITE), kind.compile(POSTGRESQL)


def _notes(table: Table, name: str) -> str:
    column = table.columns[name]
    notes = ["primary key"] if column.primary_key else []
    notes += [f"→ `{key.target_fullname}`" for key in sorted(column.foreign_keys, key=str)]
    notes += ["may be null"] if column.nullable else []
    return ", ".join(notes)


def _table_section(table: Table, description: str) -> str:
    text = inspect.cleandoc(description).replace("``", "`")
    lines = [f"## `{table.name}`", "", text, ""]
    lines += ["| column | SQLite | PostgreSQL | |", "|---|---|---|---|"]
    for column in table.columns:
        embedded, served = _types(table, column.name)
        notes = _notes(table, column.name)
        lines.append(f"| `{column.name}` | {embedded} | {served} | {notes} |")
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    if indexes:
        lines += ["", "Indexes:", ""]
    for index in indexes:
        columns = ", ".join(column.name for column in index.columns)
        condition = index.dialect_options["sqlite"]["where"]
        where = "" if condition is None else f", where {condition}"
        lines.append(f"- `{index.name}` on ({columns}){where}")
    return "\n".join(lines)


def tables() -> str:
    """docs/reference/tables.md"""
    described = {
        mapper.local_table: mapper.class_.__doc__ or "" for mapper in Base.registry.mappers
    }
    sections = [
        _table_section(table, described[table])
        for _name, table in sorted(Base.metadata.tables.items())
    ]
    return "\n\n".join([_TABLES_OPENING.strip(), *sections]) + "\n"


_TABLES_OPENING = """
# Tables

Made from the code by `python -m scripts.write_reference`; a test keeps it up to date.

Identifiers are UUIDs (version 7), moments are UTC with microseconds, payloads are JSON. On SQLite
an identifier is a BLOB of 16 bytes, a moment an INTEGER of microseconds since 1970:

```sql
SELECT lower(hex(id)), status, datetime(started_at / 1000000, 'unixepoch') FROM workflow_executions;
```

On PostgreSQL `workflow_executions`, `node_executions`, `node_attempts`, `execution_logs` and
`execution_tags` are partitioned by the month inside the execution's id. References between them
stand between partitions of the same month, with `ON DELETE CASCADE`.

## The seeds' twelve indexes

SPEC-005 asks for twelve indexes. Each purpose is served; where the primary key serves it already,
no second index is kept.

| asked for | served by |
|---|---|
| `idx_workflow_executions_workflow` | `ix_workflow_executions_workflow_id_id` |
| `idx_workflow_executions_status` | `ix_workflow_executions_status_id` |
| `idx_workflow_executions_workflow_status` | `ix_workflow_executions_workflow_id_status_id` |
| `idx_workflow_executions_created` | the primary key: ids of version 7 sort by creation |
| `idx_node_executions_workflow_execution` | the primary key, whose first column it is |
| `idx_node_executions_node` | `ix_node_executions_node_id_started_at` |
| `idx_node_executions_status` | `ix_node_executions_status_started_at`, of what is not well |
| `idx_node_executions_order` | the primary key: a run's rows lie together, in order of birth |
| `idx_execution_logs_workflow_execution` | `ix_execution_logs_position` |
| `idx_execution_logs_node_execution` | `ix_execution_logs_node` |
| `idx_execution_logs_timestamp` | `ix_execution_logs_timestamp` |
| `idx_execution_logs_level` | `ix_execution_logs_alarming`, of warnings and errors |
"""


def status() -> str:
    """docs/reference/status.md"""
    moves = [
        f"    {start} --> {end}"
        for start in Status
        for end in sorted(LEGAL_MOVES.get(start, ()), key=list(Status).index)
    ]
    ends = [f"    {end} --> [*]" for end in Status if end in SETTLED]
    drawing = "\n".join(["stateDiagram-v2", "    [*] --> pending", *moves, *ends])
    return f"{_STATUS_OPENING.strip()}\n\n```mermaid\n{drawing}\n```\n"


_STATUS_OPENING = """
# Status

Made from `everyrun.domain.status` by `python -m scripts.write_reference`; a test keeps it up to
date.

One vocabulary for executions and node executions. Decisions (the engine's, a person's) follow the
drawing, or raise `ValueError` with a sentence such as "Cannot start execution in running state".
Reports of what happened arrive in any order and are joined instead: a settled status beats an
unsettled one, of two outcomes the earlier stands, and `lost` holds only while no later sign of life
is known. See `docs/decisions/0001-ledger-joins-facts.md`.
"""


PAGES: dict[str, Callable[[], str]] = {
    "tables.md": tables,
    "status.md": status,
    "settings.md": settings,
    "events.schema.json": wire_schema_text,
    "workflow.schema.json": workflow_file_schema_text,
    "commands.md": commands,
    "nodes.md": nodes,
    "http-api.md": http_api,
    "client.md": client,
    "pages.md": pages,
    "openapi.json": openapi_document,
}


def stale_pages() -> list[str]:
    """The pages that are not what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (REFERENCE / name).exists() or (REFERENCE / name).read_text() != page()
    ]


def main() -> int:
    stale = stale_pages()
    if "--check" in sys.argv[1:]:
        sys.stdout.writelines(f"docs/reference/{name} is not up to date\n" for name in stale)
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (REFERENCE / name).write_text(PAGES[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
