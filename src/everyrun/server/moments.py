"""Times in query parameters."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator

_BEGINS_WITH_A_DATE = re.compile(r"\d{4}-\d\d-\d\d").match


def _no_number(value: object) -> object:
    """Refuses what pydantic would take for seconds since 1970, which nobody means by a time."""
    if isinstance(value, str) and not _BEGINS_WITH_A_DATE(value):
        raise ValueError("a time is written as in 2026-11-28T02:10:07Z")
    return value


Moment = Annotated[datetime, BeforeValidator(_no_number)]
"""A time as RFC 3339 writes it."""
