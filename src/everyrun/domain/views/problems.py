"""What is wrong with a definition, and where it stands."""

from enum import StrEnum

import msgspec


class Code(StrEnum):
    """What kind of problem it is; ``docs/reference/workflow-file.md`` lists them."""

    UNREADABLE = "UNREADABLE"
    NOT_UNICODE = "NOT_UNICODE"
    SYNTAX_ERROR = "SYNTAX_ERROR"
    UNQUOTED_TEMPLATE = "UNQUOTED_TEMPLATE"
    DUPLICATE_KEY = "DUPLICATE_KEY"
    BAD_ALIAS = "BAD_ALIAS"
    UNKNOWN_TAG = "UNKNOWN_TAG"
    TOO_LARGE = "TOO_LARGE"
    TOO_DEEP = "TOO_DEEP"
    TOO_MANY_PROBLEMS = "TOO_MANY_PROBLEMS"
    NOT_STORABLE = "NOT_STORABLE"

    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    WRONG_TYPE = "WRONG_TYPE"
    WRONG_VALUE = "WRONG_VALUE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    BAD_KEY = "BAD_KEY"

    NO_NODES = "NO_NODES"
    CYCLE_DETECTED = "CYCLE_DETECTED"
    SELF_EDGE = "SELF_EDGE"
    DUPLICATE_EDGE = "DUPLICATE_EDGE"
    DANGLING_EDGE = "DANGLING_EDGE"
    UNKNOWN_BRANCH = "UNKNOWN_BRANCH"
    UNREACHABLE_NODE = "UNREACHABLE_NODE"
    BODY_MISSING = "BODY_MISSING"
    BODY_NOT_ALLOWED = "BODY_NOT_ALLOWED"

    UNKNOWN_NODE_TYPE = "UNKNOWN_NODE_TYPE"
    UNUSABLE_NODE_TYPE = "UNUSABLE_NODE_TYPE"
    UNKNOWN_PARAMETER = "UNKNOWN_PARAMETER"
    MISSING_PARAMETER = "MISSING_PARAMETER"
    WRONG_PARAMETER = "WRONG_PARAMETER"
    UNKNOWN_WORKFLOW = "UNKNOWN_WORKFLOW"

    TEMPLATE_SYNTAX = "TEMPLATE_SYNTAX"
    TEMPLATE_NOT_EVALUATED = "TEMPLATE_NOT_EVALUATED"
    UNKNOWN_NAME = "UNKNOWN_NAME"
    UNKNOWN_NODE = "UNKNOWN_NODE"
    UNKNOWN_INPUT = "UNKNOWN_INPUT"
    UNKNOWN_VARIABLE = "UNKNOWN_VARIABLE"
    NODE_NOT_NEEDED = "NODE_NOT_NEEDED"

    WRONG_INPUT = "WRONG_INPUT"
    INPUT_MISSING = "INPUT_MISSING"
    INPUT_NOT_A_CHOICE = "INPUT_NOT_A_CHOICE"


class DefinitionProblem(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One thing that is wrong.

    ``line`` and ``column`` count from 1. ``node`` is the node's key, ``loop.key`` in a body.
    ``path`` is a JSON pointer (RFC 6901) into what was written. ``cycle_path`` begins and ends with
    the same node, each needing the one before it.
    """

    code: Code
    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    node: str | None = None
    path: str = ""
    cycle_path: list[str] | None = None
    suggestion: str | None = None

    def __str__(self) -> str:
        place = [part for part in (self.file, self.line, self.column) if part is not None]
        return ":".join(map(str, [*place, f" {self.message}"])).lstrip()
