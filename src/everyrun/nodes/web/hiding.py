"""What of a request and its answer is shown: no secrets."""

import httpx

from everyrun.domain.payloads import Redactor

REDACTOR = Redactor()

_MASK = "***"


def shown_url(url: httpx.URL) -> str:
    """A URL without a password, and without secrets in its query."""
    without = url.copy_with(username=None, password=None) if url.userinfo else url
    return REDACTOR.text(str(without))


def shown_headers(headers: httpx.Headers) -> dict[str, str]:
    """Headers by their names in lower case; those that stand several times are joined."""
    return {
        name: _MASK if REDACTOR.is_sensitive(name) else REDACTOR.text(value)
        for name, value in headers.items()
    }
