"""Why somebody was not let in, or may not do what they ask."""

from everyrun.domain.errors import EveryrunError


class NotLetIn(EveryrunError):
    """This needs a valid token: send `Authorization: Bearer TOKEN`, or sign in."""

    status_code = 401


class NotAllowed(EveryrunError):
    """Your role does not allow this."""

    status_code = 403


class WrongCredentials(EveryrunError):
    """This name with this password (or this token) does not let anybody in."""

    status_code = 401


class CsrfRefused(EveryrunError):
    """A change asked for by a browser needs the header X-CSRF-Token, as /api/v1/me tells it."""

    status_code = 403


class ForeignOrigin(EveryrunError):
    """A page of another origin asked for this; EVERYRUN_CORS_ORIGINS names those that may."""

    status_code = 403


class UnknownHost(EveryrunError):
    """This server does not go by this name; EVERYRUN_ALLOWED_HOSTS names further ones."""

    status_code = 421


class TooManyRequests(EveryrunError):
    """You ask more often than this server answers one caller; slow down."""

    status_code = 429

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class TooManyAttempts(EveryrunError):
    """Too many failed attempts to sign in; wait before the next."""

    status_code = 429

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class WeakPassword(EveryrunError, ValueError):
    """A password has 12 to 1,000 characters, is not the user's name, nor one character repeated."""

    status_code = 422


class OwnPasswordOnly(EveryrunError):
    """Only a user with a password can change it, signed in as themselves."""

    status_code = 409
