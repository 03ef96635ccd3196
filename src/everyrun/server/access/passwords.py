"""Passwords, as Argon2id hashes (RFC 9106)."""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from everyrun.domain.person_names import name_key
from everyrun.server.access.errors import TooManyAttempts, WeakPassword

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000
_AT_ONCE = 4
"""Hashes worked on at once, for each takes 64 MiB and a processor."""
_PATIENCE_SECONDS = 5.0


class Passwords:
    """Makes and checks hashes, a few at a time. Safe to share between threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._room = BoundedSemaphore(_AT_ONCE)
        self._nobodys: str | None = None

    def hash(self, password: str, name: str = "") -> str:
        """The hash of a new password. Raises :class:`WeakPassword`."""
        text = checked_password(password, name)
        with self._turn():
            return self._hasher.hash(text)

    def fits(self, password: str, password_hash: str | None) -> bool:
        """Whether this is the password. Without a hash it is not, which takes as long to tell."""
        text = unicodedata.normalize("NFC", password[: LONGEST_PASSWORD + 1])
        with self._turn():
            known = password_hash or self._hash_of_nobody()
            try:
                self._hasher.verify(known, text.encode("utf-8", "surrogatepass"))
            except (VerificationError, InvalidHashError):
                return False
        return bool(password_hash)

    def needs_rehash(self, password_hash: str) -> bool:
        """Whether the hash was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(password_hash)

    def _hash_of_nobody(self) -> str:
        if self._nobodys is None:
            self._nobodys = self._hasher.hash("the password of nobody")
        return self._nobodys

    def _turn(self) -> "_Turn":
        return _Turn(self._room)


class _Turn:
    """One of the places at which hashes are worked on."""

    def __init__(self, room: BoundedSemaphore) -> None:
        self._room = room

    def __enter__(self) -> None:
        if not self._room.acquire(timeout=_PATIENCE_SECONDS):
            raise TooManyAttempts(_PATIENCE_SECONDS)

    def __exit__(self, *_error: object) -> None:
        self._room.release()


def checked_password(password: str, name: str = "") -> str:
    """A new password in its composed form (NFC). Raises :class:`WeakPassword`.

    Long and not obvious is all that is asked (NIST SP 800-63B, 3.1.1.2).
    """
    text = unicodedata.normalize("NFC", password)
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD or len(set(text)) == 1:
        raise WeakPassword
    if any("\ud800" <= each <= "\udfff" for each in text):
        raise WeakPassword
    if name and name_key(text) == name_key(name):
        raise WeakPassword
    return text
