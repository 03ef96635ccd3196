"""Exit codes that scripts can trust, and which error means which."""

from enum import IntEnum

from everyrun.domain.errors import (
    AmbiguousId,
    EveryrunError,
    LeaseLost,
    LedgerError,
    NotOnRecord,
    SinkUnavailable,
)


class ExitCode(IntEnum):
    """What a command's exit code says. ``docs/reference/commands.md`` lists them."""

    OK = 0
    FAILED = 1
    """The thing asked about failed, where that was the question."""
    USAGE = 2
    """The command line or a value in it cannot work."""
    NOT_FOUND = 3
    AMBIGUOUS = 4
    LEDGER = 5
    """The ledger does not answer, is not migrated, or is too new."""
    CANCELLED = 6
    """What was run here was cancelled by somebody else."""
    REFUSED = 7
    """Not as things stand: saved by somebody else meanwhile, settled already, switched off."""
    INTERRUPTED = 130
    BROKEN_PIPE = 141


_CODES: tuple[tuple[type[EveryrunError], ExitCode], ...] = (
    (NotOnRecord, ExitCode.NOT_FOUND),
    (AmbiguousId, ExitCode.AMBIGUOUS),
    (LedgerError, ExitCode.LEDGER),
    (SinkUnavailable, ExitCode.LEDGER),
    (LeaseLost, ExitCode.FAILED),
)
_BY_STATUS = {
    401: ExitCode.LEDGER,
    403: ExitCode.REFUSED,
    404: ExitCode.NOT_FOUND,
    409: ExitCode.REFUSED,
    502: ExitCode.LEDGER,
    503: ExitCode.LEDGER,
}


def exit_code_for(error: EveryrunError) -> ExitCode:
    """The exit code that an error ends the command with."""
    otherwise = _BY_STATUS.get(error.status_code, ExitCode.USAGE)
    return next((code for kind, code in _CODES if isinstance(error, kind)), otherwise)
