"""What the record says of a run: did every task run once, and never before its parents?"""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from everyrun.domain.clock import to_microseconds
from everyrun.store.database import Database
from everyrun.store.tables import Node, NodeExecution, WorkflowExecution


def problems_on_record(
    database: Database, execution_id: str, parents: Mapping[str, Collection[str]]
) -> list[str]:
    """A sentence for each thing that is not as it should be; none when all went well."""
    wanted = (
        select(
            Node.key,
            NodeExecution.status,
            NodeExecution.attempt,
            NodeExecution.started_at,
            NodeExecution.ended_at,
        )
        .join(Node, Node.id == NodeExecution.node_id)
        .where(NodeExecution.workflow_execution_id == execution_id)
    )
    with database.reading() as connection:
        rows = connection.execute(wanted).all()
        execution = connection.execute(
            select(WorkflowExecution).where(WorkflowExecution.id == execution_id)
        ).one()
    problems: list[str] = []
    if (execution.status, execution.nodes_completed) != ("completed", len(parents)):
        problems.append(
            f"the execution is {execution.status} with {execution.nodes_completed} completed nodes"
        )
    seen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in rows:
        if row.key not in parents:
            problems.append(f"{row.key} is on record and not in the graph")
        elif row.status != "completed" or row.attempt != 1:
            problems.append(f"{row.key} is {row.status} in attempt {row.attempt}")
        else:
            seen[row.key].append((to_microseconds(row.started_at), to_microseconds(row.ended_at)))
    return problems + problems_of_order(seen, parents)


def problems_of_order(
    seen: Mapping[str, list[tuple[int, int]]], parents: Mapping[str, Collection[str]]
) -> list[str]:
    """What is wrong with the (start, end) of each task's runs."""
    problems = [
        f"{task} ran {len(seen.get(task, ()))} times"
        for task in parents
        if len(seen.get(task, ())) != 1
    ]
    for task, needed in parents.items():
        for parent in needed:
            for started, _ in seen.get(task, ()):
                problems += [
                    f"{task} started before {parent} had ended"
                    for _, ended in seen.get(parent, ())
                    if started < ended
                ]
    return problems
