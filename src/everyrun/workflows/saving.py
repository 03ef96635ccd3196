"""Saving a definition as a version of its workflow, once nothing is wrong with it."""

from collections.abc import Iterator, Mapping

import msgspec
from sqlalchemy import Connection

from everyrun.domain.graph import (
    PATH_SEPARATOR,
    NodeDefinition,
    WorkflowDefinition,
    digest_of,
    to_plain,
)
from everyrun.store.database import Database
from everyrun.store.versions import NodeIdentity, SavedVersion, save_version
from everyrun.workflows.problems import InvalidDefinition
from everyrun.workflows.validating import validate


def save(
    database: Database,
    definition: WorkflowDefinition,
    by: str | None,
    now: int,
    expected_version: int | None = None,
) -> SavedVersion:
    """Make a definition the newest version of its workflow, where it says anything new.

    ``expected_version`` is the version that a change was made to. ``now`` is microseconds UTC.
    Raises :class:`InvalidDefinition` with every problem, and ``StaleVersion`` when somebody saved
    another version meanwhile.
    """
    problems = validate(definition)
    if problems:
        raise InvalidDefinition(problems)
    return database.transact(
        lambda connection: save_within(connection, definition, by, now, expected_version)
    )


def save_within(
    connection: Connection,
    definition: WorkflowDefinition,
    by: str | None,
    now: int,
    expected_version: int | None = None,
) -> SavedVersion:
    """:func:`save` what is known to be valid, inside the caller's writing transaction."""
    return save_version(
        connection,
        to_plain(definition),
        name=definition.workflow,
        digest=digest_of(definition),
        by=by,
        now=now,
        expected_version=expected_version,
        nodes=dict(_identities(definition.nodes, "")),
    )


def _identities(
    nodes: Mapping[str, NodeDefinition], prefix: str
) -> Iterator[tuple[str, NodeIdentity]]:
    for key, node in nodes.items():
        retry = {} if node.retry is None else msgspec.to_builtins(node.retry)
        yield prefix + key, NodeIdentity(node.type, retry)
        yield from _identities(node.do, prefix + key + PATH_SEPARATOR)
