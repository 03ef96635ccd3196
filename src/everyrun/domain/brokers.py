"""What goes wrong between us and the broker of a Celery application, and how it is named."""

import re

from everyrun.domain.errors import EveryrunError

# As far as the last "@": passwords are not always written as an address asks for.
_USER_INFO = re.compile(r"(?<=//)[^?#]*@")
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
    """A broker's address, or several (``;`` between them), without what lets one in."""
    return ";".join(_IN_QUERY.sub(r"\1=…", _USER_INFO.sub("", each)) for each in url.split(";"))


def without_secrets(text: str, url: str) -> str:
    """A driver's message without the passwords in an address, however they are spelt."""
    from urllib.parse import unquote

    for each in url.split(";"):
        told = _USER_INFO.search(each)
        password = "" if told is None else told[0].rpartition("@")[0].partition(":")[2]
        for secret in sorted({password, unquote(password)} - {""}, key=len, reverse=True):
            text = text.replace(secret, "…")
    return text
