"""From what a person types to the one record that is meant."""

from typing import TYPE_CHECKING

from everyrun.cli.messages import say
from everyrun.cli.node_tree import label
from everyrun.domain.errors import AmbiguousId, NotOnRecord

if TYPE_CHECKING:
    from everyrun.cli.ledgers.ports import Ledger
    from everyrun.domain.views.executions import ExecutionDetail
    from everyrun.domain.views.nodes import NodeSummary

_CANDIDATES_NAMED = 5
_SHORTEST_PREFIX = 4


def find(ledger: "Ledger", text: str) -> str:
    """The id of the execution that ``text`` names: id, unique beginning, or external id.

    Raises :class:`NotOnRecord` and :class:`AmbiguousId`, saying what to do next.
    """
    try:
        return ledger.executions.find(text.strip())
    except NotOnRecord:
        raise NotOnRecord(say("not_on_record", text=text)) from None
    except AmbiguousId as error:
        raise AmbiguousId(say("ambiguous_id", reason=error)) from None


def find_node(detail: "ExecutionDetail", text: str) -> "NodeSummary":
    """The node execution that ``text`` names: its id, ``key[iteration]``, key, or id's beginning.

    Raises :class:`NotOnRecord` and :class:`AmbiguousId`, which names candidates.
    """
    wanted = text.strip()
    for matching in (
        [node for node in detail.nodes if wanted in {node.id, label(node)}],
        [node for node in detail.nodes if node.node == wanted],
        [
            node
            for node in detail.nodes
            if len(wanted) >= _SHORTEST_PREFIX and node.id.startswith(wanted.lower())
        ],
    ):
        if len(matching) == 1:
            return matching[0]
        if matching:
            raise AmbiguousId(say("ambiguous_node", text=text, candidates=_candidates(matching)))
    raise NotOnRecord(say("node_not_on_record", execution=detail.id, text=text))


def _candidates(nodes: "list[NodeSummary]") -> str:
    labels = [label(node) for node in nodes]
    names = labels if len(set(labels)) == len(labels) else [node.id for node in nodes]
    named = ", ".join(names[:_CANDIDATES_NAMED])
    return f"{named}, …" if len(nodes) > _CANDIDATES_NAMED else named
