"""Who is at the keyboard, for the record."""

import os
from collections.abc import Mapping


def current_user(environ: Mapping[str, str] = os.environ) -> str | None:
    """The name of whoever runs this command; None where the machine does not say."""
    for name in ("LOGNAME", "USER"):
        if environ.get(name):
            return environ[name]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return None
