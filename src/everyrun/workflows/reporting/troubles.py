"""What a report can be refused for."""

from everyrun.domain.errors import EveryrunError


class NotReported(EveryrunError):
    """Everyrun itself keeps the record of this execution, or another workflow does; nothing is
    reported into it from outside.
    """

    status_code = 409


class ImpossibleReport(EveryrunError, ValueError):
    """This cannot have happened like that; nothing of it is on record."""

    status_code = 422
