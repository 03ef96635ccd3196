"""What the recorder tells its host about its own troubles: each kind once, through logging."""

from enum import Enum

LOGGER_NAME = "everyrun"
"""The logger of these warnings. Whoever files log records on record must leave it out."""


class Trouble(Enum):
    """Kinds of trouble, and their sentences."""

    SWALLOWED = "an event could not be recorded (%s); more of them are only counted"
    DROPPED = "events are being dropped and counted: %s"
    UNREACHABLE = "the ledger does not answer (%s); events wait on this machine's disk"
    NO_SINK = "%s; events wait on this machine's disk"
    SINK_FAILED = "the ledger's sink failed (%s); events wait on this machine's disk"
    DAMAGED = "a part of the spool could not be read and was set aside: %s"
    REJECTED = "the ledger rejected an event; it was set aside in %s"
    SETTING = "%s; using the default"


_told: set[Trouble] = set()


def tell_once(trouble: Trouble, detail: object) -> None:
    """Warn of this kind of trouble, unless it was done before in this process. Never raises."""
    if trouble in _told:
        return
    _told.add(trouble)
    try:
        import logging  # only now: most processes never need it

        logging.getLogger(LOGGER_NAME).warning(f"Everyrun: {trouble.value}", detail)  # noqa: G004
    except Exception:  # noqa: BLE001 - the host's logging must not make recording fail
        return
