"""Every sentence, heading and unit that the command line says, in English and in Korean.

``EVERYRUN_LANG``, else ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` choose; all but Korean is English.
"""

import os
from collections.abc import Mapping
from functools import cache

from everyrun.cli.sentences import SENTENCES
from everyrun.domain.errors import (
    EveryrunError,
    LedgerError,
    LedgerNotMigrated,
    LedgerTooNew,
    SinkUnavailable,
)

_VARIABLES = ("EVERYRUN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_WITH_NEXT_STEP: dict[type[EveryrunError], str] = {
    LedgerError: "ledger_unusable",
    LedgerTooNew: "ledger_too_new",
    LedgerNotMigrated: "ledger_not_migrated",
    SinkUnavailable: "ledger_unavailable",
}
_BY_CODE = {
    "SERVER_UNREACHABLE": "server_unreachable",
    "NAME_TAKEN": "name_taken",
    "BAD_NAME": "bad_name",
    "LAST_ADMIN": "last_admin",
    "WEAK_PASSWORD": "weak_password",
}
"""Errors by their names, whose rooms are loaded only where they are used."""


def speaks_korean(environ: Mapping[str, str]) -> bool:
    """Whether an environment asks for Korean."""
    chosen = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    return chosen.lower().startswith("ko")


@cache
def _in_korean() -> bool:
    return speaks_korean(os.environ)


def language() -> str:
    """``ko`` or ``en``: the reader's."""
    return "ko" if _in_korean() else "en"


def say(key: str, **values: object) -> str:
    """A sentence of the catalogue in the reader's language, its gaps filled."""
    sentence = SENTENCES[key]
    return (sentence.korean if _in_korean() else sentence.english).format(**values)


def sentence_for(error: EveryrunError) -> str:
    """One line that says what went wrong and what to do next."""
    reason = " ".join(str(error).split())
    key = _BY_CODE.get(error.code) or _WITH_NEXT_STEP.get(type(error))
    return reason if key is None else say(key, reason=reason)
