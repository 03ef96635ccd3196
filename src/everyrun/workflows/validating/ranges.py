"""Names, and numbers that must lie within bounds."""

import re

from everyrun.domain.graph import NodeDefinition, Retry, WorkflowDefinition
from everyrun.domain.spans import LONGEST_SPAN
from everyrun.workflows.problems import Code, Findings, Path
from everyrun.workflows.validating.scopes import Scope

MOST_RETRIES = 32_766
"""An attempt's number has 16 bits in the ledger."""
MOST_AT_ONCE = 10_000
HIGHEST_PRIORITY = 1_000_000
LONGEST_NAME = 200
_KEY = re.compile(r"[^\W\d][\w-]*")

_RETRY: dict[str, tuple[float, float]] = {
    "max_retries": (0, MOST_RETRIES),
    "delay": (0, LONGEST_SPAN),
    "backoff": (1, 1_000),
    "maximum_delay": (0, LONGEST_SPAN),
    "jitter": (0, 1),
}


class Ranges:
    """Notes what is out of range."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def judge_workflow(self, definition: WorkflowDefinition) -> None:
        """The workflow's own name, tags, inputs' names and policy."""
        self._name(definition.workflow, ("workflow",))
        for index, tag in enumerate(definition.tags):
            self._name(tag, ("tags", index))
        for name in definition.inputs:
            self._key(name, ("inputs", name))
        policy = definition.policy
        self._timeout(policy.timeout, ("policy", "timeout"))
        self._between(policy.concurrency, 1, MOST_AT_ONCE, ("policy", "concurrency"))
        self._between(policy.max_executions, 1, MOST_AT_ONCE, ("policy", "max_executions"))
        most = HIGHEST_PRIORITY
        self._between(policy.priority, -most, most, ("policy", "priority"))

    def judge_nodes(self, scope: Scope) -> None:
        """The nodes' keys, retries, timeouts and limits."""
        for key, node in scope.nodes.items():
            path = scope.path_of(key)
            self._key(key, path)
            self._judge_node(node, path)

    def _judge_node(self, node: NodeDefinition, path: Path) -> None:
        self._timeout(node.timeout, (*path, "timeout"))
        if node.retry is not None:
            self._retry(node.retry, (*path, "retry"))
        if node.concurrency is not None:
            self._between(node.concurrency.limit, 1, MOST_AT_ONCE, (*path, "concurrency", "limit"))
            self._name(node.concurrency.key, (*path, "concurrency", "key"))

    def _retry(self, retry: Retry, path: Path) -> None:
        for name, (least, most) in _RETRY.items():
            self._between(getattr(retry, name), least, most, (*path, name))

    def _between(self, value: float | None, least: float, most: float, path: Path) -> None:
        if value is not None and not least <= value <= most:
            message = f"{path[-1]} must be {least:,} to {most:,}, not {value:g}"
            self._findings.add(Code.OUT_OF_RANGE, message, path)

    def _timeout(self, value: float | None, path: Path) -> None:
        if value is not None and not 0 < value <= LONGEST_SPAN:
            message = f"timeout must be more than 0 and at most 100 years, not {value:g} seconds"
            self._findings.add(Code.OUT_OF_RANGE, message, path)

    def _name(self, name: str, path: Path) -> None:
        if not name.strip() or len(name) > LONGEST_NAME:
            message = f"{_called(path)} must be text of 1 to {LONGEST_NAME} characters"
            self._findings.add(Code.OUT_OF_RANGE, message, path)

    def _key(self, key: str, path: Path) -> None:
        if not _KEY.fullmatch(key) or len(key) > LONGEST_NAME:
            message = (
                f"{key!r:.80} cannot be a key: it takes letters, digits, _ and -, begins with a "
                f"letter or _, and has at most {LONGEST_NAME} characters"
            )
            self._findings.add(Code.BAD_KEY, message, path, at_key=True)


def _called(path: Path) -> str:
    return "a tag" if path[0] == "tags" else str(path[-1])
