"""Bodies that a ledger can keep as they are."""

from typing import TypeVar

import msgspec

from everyrun.server.bodies.refusals import InvalidBody
from everyrun.workflows.defining.plain import note_what_is_not_plain
from everyrun.workflows.problems import Findings

Body = TypeVar("Body")


def storable(body: Body) -> Body:
    """The body itself.

    Raises :class:`InvalidBody`, with the place, for text with NUL or half of a surrogate pair and
    for numbers beyond 64 bits: not every database would give them back.
    """
    findings = Findings()
    note_what_is_not_plain(msgspec.to_builtins(body), findings)
    problem = next(iter(findings.placed()), None)
    if problem is not None:
        where = f" - at `{problem.path}`" if problem.path else ""
        raise InvalidBody(f"{problem.message}{where}")
    return body
