"""What goes wrong between us and the broker of a Celery application, and how it is named."""

import re

from everyrun.domain.errors import EveryrunError

_USER_INFO = re.compile(r"(?<=//)[^/@]*@")
_IN_QUERY = re.compile(r"(?<=[?&])([^=&]*(?:password|secret|token|key)[^=&]*)=[^&]*", re.IGNORECASE)


class NoBroker(EveryrunError):
    """No broker is known here; set EVERYRUN_CELERY_BROKER_URL."""

    status_code = 409


class CeleryNotInstalled(EveryrunError):
    """Celery is not installed here; pip install 'everyrun[celery]'."""

    status_code = 409


class BrokerUnreachable(EveryrunError):
    """The broker does not answer."""

    status_code = 503


class NoWorkerAnswered(EveryrunError):
    """No worker heard of it, so nothing has changed."""

    status_code = 503


def shown_url(url: str) -> str:
    """A broker's address without what lets one in."""
    return _IN_QUERY.sub(r"\1=…", _USER_INFO.sub("", url))


def without_secrets(text: str, url: str) -> str:
    """A driver's message without the address's user and password."""
    from urllib.parse import unquote

    told = _USER_INFO.search(url)
    if told is None:
        return text
    password = told[0].rstrip("@").partition(":")[2]
    for secret in {password, unquote(password)} - {""}:
        text = text.replace(secret, "…")
    return text
