"""The audit log: who changed what, from where, and how it ended.

An entry is made before the change and finished after it, so that a server that is killed in
between leaves a trace of what it was doing.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from everyrun.domain.errors import EveryrunError
from everyrun.domain.payloads import Capturer
from everyrun.server.visit import Visit
from everyrun.store.access.auditing import AuditStart, begin_entry, finish_entry

_DATA_LIMIT = 4_096


@contextmanager
def audited(
    visit: Visit, action: str, values: Mapping[str, Any], answered: int = 200
) -> Iterator[None]:
    """Put on record that somebody asks for ``action``, and how it ended.

    ``answered`` is the status when nothing goes wrong. The target is the first value, unless
    :attr:`Visit.target` names another by the end.
    """
    target = next((str(value) for name, value in values.items() if name != "body"), None)
    body = values.get("body")
    data = None if body is None else Capturer(_DATA_LIMIT).plain(msgspec.to_builtins(body))
    guest = visit.guest
    start = AuditStart(
        actor="anybody" if guest is None else guest.name,
        actor_kind="none" if guest is None else guest.kind,
        actor_id=None if guest is None else guest.id,
        role=None if guest is None else guest.role.value,
        action=action,
        target=target,
        data=data,
        address=visit.address,
        user_agent=visit.request.headers.get("user-agent"),
    )
    entry = visit.database.transact(lambda connection: begin_entry(connection, start, visit.now))
    status = 500
    try:
        yield
        status = answered
    except EveryrunError as error:
        status = error.status_code
        raise
    finally:
        visit.database.transact(
            lambda connection: finish_entry(connection, entry, status, visit.target)
        )
