"""Payloads: any Python object as it was at one moment, redacted, capped, and back again.

``docs/reference/payloads.md`` describes what is written.
"""

from everyrun.domain.payloads.capturing import CapturedError, Capturer
from everyrun.domain.payloads.cleaning import clean_text
from everyrun.domain.payloads.hiding import Secret, register_secret
from everyrun.domain.payloads.recognising import HARMLESS_KEYS, SENSITIVE_KEYS
from everyrun.domain.payloads.redacting import Redactor
from everyrun.domain.payloads.restoring import restore

__all__ = [
    "HARMLESS_KEYS",
    "SENSITIVE_KEYS",
    "CapturedError",
    "Capturer",
    "Redactor",
    "Secret",
    "clean_text",
    "register_secret",
    "restore",
]
