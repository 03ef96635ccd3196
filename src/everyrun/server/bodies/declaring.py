"""What a request says that its body is."""

from typing import NamedTuple

from everyrun.server.bodies.refusals import UnsupportedMediaType

JSON = "application/json"
MESSAGEPACK = "application/msgpack"
_NAMES = {
    "application/x-msgpack": MESSAGEPACK,
    "application/vnd.msgpack": MESSAGEPACK,
    "text/json": JSON,
}
_UTF_8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class ContentType(NamedTuple):
    """A media type and the charset that it names, both in small letters."""

    name: str
    charset: str | None = None


def content_type(header: str | None, taken: tuple[str, ...] = (JSON,)) -> str:
    """The media type of a body, which must be among ``taken``.

    Where nothing is said it is the first of them. ``application/problem+json`` and its like count
    as JSON, and MessagePack has three names. Text is UTF-8 (RFC 8259, 8.1). Raises
    :class:`UnsupportedMediaType`.
    """
    wanted = " or ".join(taken)
    if not header or not header.strip():
        return taken[0]
    declared = parse(header)
    name = _NAMES.get(declared.name, declared.name)
    if name.endswith("+json"):
        name = JSON
    if name not in taken:
        raise UnsupportedMediaType(f"{declared.name[:100]!r} is not taken here; send {wanted}")
    if declared.charset is not None and declared.charset not in _UTF_8:
        raise UnsupportedMediaType(
            f"charset {declared.charset[:50]!r} is not taken here; send UTF-8"
        )
    return name


def parse(header: str) -> ContentType:
    """A Content-Type taken apart; what is no parameter in it is passed over."""
    name, *parameters = header.split(";")
    charset = None
    for parameter in parameters:
        key, equals, value = parameter.partition("=")
        if equals and key.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower()
    return ContentType(name.strip().lower(), charset)
