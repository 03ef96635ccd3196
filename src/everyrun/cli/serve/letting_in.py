"""Who could come in is settled before others than this machine are listened to."""

from typing import TYPE_CHECKING

from everyrun.cli.messages import say
from everyrun.domain.errors import SettingsError
from everyrun.server.access.hosts import is_loopback

if TYPE_CHECKING:
    from everyrun.server.settings import ServerSettings
    from everyrun.store.database import Database


class NobodyMayComeIn(SettingsError):
    """A server that others reach needs somebody who may come in first."""


def require_a_way_in(database: "Database", settings: "ServerSettings", now: int) -> None:
    """On an address that others reach, somebody must have decided who comes in.

    That is a token or a user on record, ``EVERYRUN_ADMIN_TOKEN``, or sign-in by OIDC. On loopback
    the login link is enough. Raises :class:`NobodyMayComeIn`.
    """
    if is_loopback(settings.host) or settings.admin_token or settings.oidc_issuer:
        return
    from everyrun.store.access.anybody import may_anybody_come_in

    with database.reading() as connection:
        if may_anybody_come_in(connection, now):
            return
    raise NobodyMayComeIn(say("server_nobody", host=settings.host))
