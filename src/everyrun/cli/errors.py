"""What only the command line can find wrong."""

from everyrun.domain.errors import EveryrunError, LedgerError, SinkUnavailable


class BadInput(EveryrunError, ValueError):
    """A value on the command line cannot work."""

    status_code = 400


class LedgerMissing(LedgerError):
    """There is no ledger here yet; ``place`` is where it would lie."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(message)
        self.place = place


class NeedsDatabase(LedgerError):
    """This command works on the ledger's database itself, not through a server."""


class ReplayStopped(SinkUnavailable):
    """The ledger stopped answering before everything was shipped."""


class BadDefinition(BadInput):
    """A definition cannot run; its problems have been told already."""


class CeleryMissing(EveryrunError):
    """Celery is not installed: pip install 'everyrun[celery]'."""

    status_code = 409


class RunsElsewhere(EveryrunError):
    """Another process runs this execution."""

    status_code = 409
