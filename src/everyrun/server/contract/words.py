"""The seeds' words for how things stand, and ours.

===========  =============  ================  ==============
ours         node logs      scripts' records  Celery's chains
===========  =============  ================  ==============
pending      no log yet     running           PENDING
running      running        running           STARTED
retrying     running        running           RETRY
completed    completed      success           SUCCESS
failed       failed         error             FAILURE
cancelled    failed         cancelled         REVOKED
lost         failed         error             FAILURE
skipped      no log         cancelled         REVOKED
===========  =============  ================  ==============

``lost`` is told as failed, for nobody who waits should wait for ever; a late report may still turn
it into what it was.
"""

from typing import Literal

from everyrun.domain.status import Status

NodeWord = Literal["running", "completed", "failed"]
ScriptWord = Literal["running", "success", "error", "cancelled"]
ProcessWord = Literal["PENDING", "STARTED", "RUNNING", "SUCCESS", "FAILURE", "RETRY", "REVOKED"]

NODE_WORDS: dict[Status, NodeWord] = {
    Status.PENDING: "running",
    Status.RUNNING: "running",
    Status.RETRYING: "running",
    Status.COMPLETED: "completed",
    Status.FAILED: "failed",
    Status.CANCELLED: "failed",
    Status.LOST: "failed",
    Status.SKIPPED: "completed",
}
"""What a node log says (R0.1). What is pending or skipped never began and has none."""

SCRIPT_WORDS: dict[Status, ScriptWord] = {
    Status.PENDING: "running",
    Status.RUNNING: "running",
    Status.RETRYING: "running",
    Status.COMPLETED: "success",
    Status.FAILED: "error",
    Status.CANCELLED: "cancelled",
    Status.LOST: "error",
    Status.SKIPPED: "cancelled",
}
"""What a script's record says (R1.9)."""

PROCESS_WORDS: dict[Status, ProcessWord] = {
    Status.PENDING: "PENDING",
    Status.RUNNING: "STARTED",
    Status.RETRYING: "RETRY",
    Status.COMPLETED: "SUCCESS",
    Status.FAILED: "FAILURE",
    Status.CANCELLED: "REVOKED",
    Status.LOST: "FAILURE",
    Status.SKIPPED: "REVOKED",
}
"""ProcessStatus of a chain or task (R4.1)."""

_TOLD: dict[str, Status] = {
    "running": Status.RUNNING,
    "started": Status.RUNNING,
    "retry": Status.RUNNING,
    "completed": Status.COMPLETED,
    "success": Status.COMPLETED,
    "failed": Status.FAILED,
    "failure": Status.FAILED,
    "error": Status.FAILED,
    "cancelled": Status.CANCELLED,
    "revoked": Status.CANCELLED,
}


def status_told(word: str) -> Status | None:
    """Our status for a word of any of the seeds, in any case; None for one that is none."""
    return _TOLD.get(word.strip().lower())


def statuses_of(word: str) -> tuple[str, ...] | None:
    """Our statuses that a node log's word stands for, when it is asked by; None for no word."""
    wanted = word.strip().lower()
    if wanted == "settled":
        return tuple(s.value for s in Status if NODE_WORDS[s] != "running")
    found = tuple(s.value for s in _LOGGED if NODE_WORDS[s] == wanted)
    return found or None


_LOGGED = tuple(status for status in Status if status not in {Status.PENDING, Status.SKIPPED})
