"""Definitions in requests: JSON or YAML in the form of a workflow file, and the version meant."""

import re

from starlette.requests import Request

from everyrun.domain.errors import InvalidQuery
from everyrun.domain.graph import WorkflowDefinition
from everyrun.server.bodies.refusals import BodyTooLarge, InvalidBody, UnsupportedMediaType
from everyrun.workflows.checking import Checked, checked
from everyrun.workflows.defining.reading import read_content
from everyrun.workflows.problems import InvalidDefinition

LARGEST_DEFINITION = 1 << 20
"""Bytes. Judging one of this size takes a second or so, while others wait their turn."""

JSON = "application/json"
YAML = ("application/yaml", "text/yaml", "application/x-yaml", "text/x-yaml")
TAKEN = (JSON, *YAML)

_VERSION_TAG = re.compile(r'(?:W/)?"?v?(\d{1,9})"?', re.ASCII)


def judged(request: Request, body: bytes) -> Checked:
    """What a request's body defines, with every problem and its line. Nothing in it is run.

    Raises :class:`InvalidBody` where there is none, :class:`BodyTooLarge` and
    :class:`UnsupportedMediaType`.
    """
    kind = request.headers.get("content-type", JSON).partition(";")[0].strip().lower()
    if kind not in TAKEN:
        raise UnsupportedMediaType(f"a definition is {JSON} or {YAML[0]}, not {kind[:100]}")
    if len(body) > LARGEST_DEFINITION:
        raise BodyTooLarge(f"a definition has at most {LARGEST_DEFINITION:,} bytes")
    if not body.strip():
        raise InvalidBody("there is no definition")
    return checked(read_content(body, is_json=kind == JSON))


def definition_of(judgement: Checked) -> WorkflowDefinition:
    """The definition. Raises :class:`InvalidDefinition` with every problem."""
    if judgement.definition is None:
        raise InvalidDefinition(judgement.problems)
    return judgement.definition


def version_tag(version: int) -> str:
    """The ETag of a version's text."""
    return f'"v{version}"'


def expected_version(request: Request, asked: int | None) -> int | None:
    """The version that a change was made to: ``expected_version``, else If-Match; 0 for none.

    ``If-None-Match: *`` says that there is none (RFC 9110, 13.1). Raises :class:`InvalidQuery` for
    an If-Match that names no version.
    """
    if asked is not None:
        return asked
    if request.headers.get("if-none-match", "").strip() == "*":
        return 0
    tag = request.headers.get("if-match")
    if tag is None or tag.strip() == "*":
        return None
    found = _VERSION_TAG.fullmatch(tag.strip())
    if found is None:
        raise InvalidQuery('If-Match names the version that was changed: "v3"')
    return int(found[1])
