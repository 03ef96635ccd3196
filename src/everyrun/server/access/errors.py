"""Why somebody was not let in."""

from everyrun.domain.errors import EveryrunError


class NotLetIn(EveryrunError):
    """This needs a valid token: send `Authorization: Bearer TOKEN`, or sign in."""

    status_code = 401


class NotAllowed(EveryrunError):
    """Your role does not allow this."""

    status_code = 403
