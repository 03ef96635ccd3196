"""What the ledger refuses about who may come in."""

from everyrun.domain.errors import EveryrunError


class NameTaken(EveryrunError):
    """There is a user of this name already; case makes no difference."""

    status_code = 409


class LastAdmin(EveryrunError):
    """This is the last administrator who can sign in; make another one first."""

    status_code = 409


class LoginLinkSpent(EveryrunError):
    """This login link was opened before, or its time is over; ask for a new one."""

    status_code = 403
