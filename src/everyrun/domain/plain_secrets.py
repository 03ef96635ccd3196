"""Secrets that Everyrun makes: shown once, kept as their hashes."""

import hashlib
import secrets
import string

TOKEN_PREFIX = "er_"  # noqa: S105 - the beginning of every token, no token
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_LENGTH = 43
"""43 digits of base 62 are 256 bits."""
_HINT_LENGTH = 4


def new_secret() -> str:
    """43 random letters and digits (256 bits): no double click stops within them."""
    return "".join(secrets.choice(_DIGITS) for _ in range(_LENGTH))


def new_token() -> str:
    """A new token in plain text: ``er_`` and :func:`new_secret`."""
    return TOKEN_PREFIX + new_secret()


def secret_hash(secret: str) -> str:
    """What is kept of a secret: SHA-256, hexadecimal.

    Enough for what is long and random; passwords need more (``server.access.passwords``). Text that
    no encoding carries (lone surrogates) has a hash too, which is that of no secret.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def hint_of(token: str) -> str:
    """The first characters of a token, by which people tell theirs apart."""
    shown = len(TOKEN_PREFIX) if token.startswith(TOKEN_PREFIX) else 0
    return token[: shown + _HINT_LENGTH] + "…"
