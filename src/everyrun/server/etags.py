"""ETags: names of an answer's state, so that an idle poll is answered by 304 (RFC 9110, 8.8.3)."""

import hashlib


def etag_of(content: bytes) -> str:
    """A strong ETag for some content, or for what decides it. Equal on every server."""
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def is_known(if_none_match: str | None, etag: str) -> bool:
    """Whether a caller's If-None-Match names this state (weak comparison, RFC 9110, 13.1.2)."""
    if not if_none_match:
        return False
    if if_none_match.strip() == "*":
        return True
    return any(tag.strip().removeprefix("W/") == etag for tag in if_none_match.split(","))
