"""Every sentence, heading and unit that the command line says, in English and in Korean.

``EVERYRUN_LANG``, else ``LC_ALL``, ``LC_MESSAGES`` and ``LANG`` choose; all but Korean is English.
"""

import os
from collections.abc import Mapping
from functools import cache

from everyrun.cli.sentences import SENTENCES
from everyrun.domain.errors import (
    EveryrunError,
    LedgerNotMigrated,
    LedgerTooNew,
    SinkUnavailable,
)

ENGLISH, KOREAN = 0, 1
_VARIABLES = ("EVERYRUN_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
_WITH_NEXT_STEP: tuple[tuple[type[EveryrunError], str], ...] = (
    (LedgerTooNew, "ledger_too_new"),
    (LedgerNotMigrated, "ledger_not_migrated"),
    (SinkUnavailable, "ledger_unavailable"),
)


def language(environ: Mapping[str, str]) -> int:
    """Which of a sentence's two wordings an environment asks for."""
    chosen = next((environ[name] for name in _VARIABLES if environ.get(name)), "")
    return KOREAN if chosen.lower().startswith("ko") else ENGLISH


@cache
def _spoken() -> int:
    return language(os.environ)


def say(key: str, **values: object) -> str:
    """A sentence of the catalogue in the reader's language, its gaps filled."""
    return SENTENCES[key][_spoken()].format(**values)


def sentence_for(error: EveryrunError) -> str:
    """One line that says what went wrong and what to do next."""
    reason = " ".join(str(error).split())
    for kind, key in _WITH_NEXT_STEP:
        if isinstance(error, kind):
            return say(key, reason=reason)
    return reason
