"""Sessions: which browsers are in."""

import msgspec

from everyrun.domain.errors import NotOnRecord
from everyrun.domain.roles import Role
from everyrun.domain.views.access import SessionList
from everyrun.server.identifying import id_in_path
from everyrun.server.routing import Routes
from everyrun.server.visit import Visit
from everyrun.store.access.sessions import end_session, list_sessions

routes = Routes("/api/v1/sessions", tag="access")

_SECOND = 1_000_000


@routes.get("", role=Role.VIEWER, answers=SessionList)
def list_all_sessions(visit: Visit, everybody: bool = False) -> SessionList:
    """The browsers that one is in with; for administrators those of `everybody`."""
    idle = int(visit.settings.session_idle_seconds * _SECOND)
    user_id, token_id = _reach(visit, everybody=everybody)
    with visit.reading() as connection:
        found = list_sessions(connection, visit.now, idle, user_id=user_id, token_id=token_id)
    current = visit.caller.session_id
    return SessionList(
        items=[msgspec.structs.replace(each, current=each.id == current) for each in found]
    )


@routes.delete(
    "/{session_id}",
    role=Role.VIEWER,
    answers=None,
    status=204,
    audit="session.close",
    raises=(NotOnRecord,),
)
def close_session(visit: Visit, session_id: str) -> None:
    """End a session of one's own, or as an administrator any."""
    id_, now = id_in_path(session_id), visit.now
    user_id, token_id = _reach(visit, everybody=visit.caller.role is Role.ADMIN)
    ended = visit.database.transact(
        lambda connection: end_session(connection, id_, now, user_id=user_id, token_id=token_id)
    )
    if not ended:
        raise NotOnRecord(f"there is no session {id_}")
    visit.server.recogniser.forget()


def _reach(visit: Visit, *, everybody: bool) -> tuple[str | None, str | None]:
    """Whose sessions the caller means, or those of which token; all where both are None."""
    caller = visit.caller
    if everybody and caller.role is Role.ADMIN:
        return None, None
    return (caller.user_id, None) if caller.user_id is not None else (None, caller.id)
