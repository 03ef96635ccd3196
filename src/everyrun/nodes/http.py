"""``http``: ask a server for something, or tell it something."""

import asyncio
import re
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Meta, UnsetType

from everyrun.domain.spans import Span
from everyrun.nodes.base import NodeType
from everyrun.nodes.context import Context
from everyrun.nodes.written import given_together, is_template, written

Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
Simple = str | int | float | bool | None

HARMLESS_METHODS = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing (RFC 9110, 9.2.1): asking again does no harm."""

_ASKING = "everyrun.nodes.web.asking"
_BODIES = ("json", "form", "body")
_STATUS = re.compile(r"[1-5](xx|\d\d)")
_NAME_OF_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2


class Auth(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Who asks: a user name and password, or a bearer token."""

    username: Annotated[str | None, Meta(description="The user's name.")] = None
    password: Annotated[str | None, Meta(description="The user's password.")] = None
    bearer: Annotated[str | None, Meta(description="A token (RFC 6750).")] = None


class Upload(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A file to send."""

    path: Annotated[str, Meta(description="The file.")]
    name: Annotated[str | None, Meta(description="Its name for the server; its own else.")] = None
    type: Annotated[str | None, Meta(description="Its media type; by its suffix else.")] = None


class Http(NodeType):
    """Send a request and take the answer.

    Output is ``{status, headers, body, url, seconds}``: what is JSON is its value, other text a
    string, the rest bytes. With ``save_to`` the body goes to a file, and the output has ``path``
    and ``bytes``. An answer with another status than ``expect`` fails the node, with the answer as
    its output.

    Addresses of this machine and of private networks are refused, also behind names and redirects,
    unless EVERYRUN_PRIVATE_ADDRESSES is set; then the proxies that the environment names are used
    too.
    """

    url: Annotated[str, Meta(description="Where to: `https://…` or `http://…`.")]
    method: Annotated[Method, Meta(description="What to do there.")] = "GET"
    headers: Annotated[
        dict[str, str | int | float | None], Meta(description="Headers to send; null sends none.")
    ] = msgspec.field(default_factory=dict)
    query: Annotated[
        dict[str, Simple | list[Simple]],
        Meta(description="What to add to the URL's query; null adds nothing."),
    ] = msgspec.field(default_factory=dict)
    json: Annotated[Any | UnsetType, Meta(description="A value to send as JSON.")] = UNSET
    form: Annotated[
        dict[str, Simple | list[Simple]] | None, Meta(description="Fields to send as a form.")
    ] = None
    body: Annotated[str | None, Meta(description="Text to send as it is.")] = None
    files: Annotated[
        dict[str, str | Upload],
        Meta(description="Files to send, by field: a path, or {path, name, type}."),
    ] = msgspec.field(default_factory=dict)
    auth: Annotated[Auth | None, Meta(description="{username, password} or {bearer: token}.")] = (
        None
    )
    timeout: Annotated[
        Span,
        Meta(description="How long to wait for a connection, and for each further sign of life."),
    ] = 30.0
    expect: Annotated[
        int | str | list[int | str],
        Meta(description="The statuses that are a success: `200`, `2xx`, or a list of these."),
    ] = "2xx"
    follow_redirects: Annotated[bool, Meta(description="Whether to go where one is sent.")] = True
    response: Annotated[
        Literal["auto", "json", "text", "bytes"],
        Meta(description="What the body is; `auto` goes by what the server says."),
    ] = "auto"
    save_to: Annotated[str | None, Meta(description="A file to save the body to.")] = None
    max_bytes: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="The largest body that is taken: 16 MiB, of files any."),
    ] = None
    verify: Annotated[
        bool | str,
        Meta(description="Whether certificates are checked, or a file of authorities to trust."),
    ] = True

    def repeatable(self) -> bool:
        """Whether asking again does no harm."""
        return self.method in HARMLESS_METHODS

    async def run(self, context: Context) -> dict[str, Any]:
        """Ask. Raises :class:`NodeFailed` for an answer that was not expected, and httpx's errors
        (``ConnectError``, ``ReadTimeout`` …) where there is none."""
        if _ASKING not in sys.modules:  # httpx takes half a second; the event loop goes on
            await asyncio.to_thread(import_module, _ASKING)
        from everyrun.nodes.web.asking import ask

        return await ask(self, context)

    @classmethod
    def problems_of(cls, parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
        """URLs that are none, bodies that exclude each other, headers that cannot be sent."""
        return [
            *((name, f"parameter {name!r} {sentence}") for name, sentence in _problems(parameters))
        ]


def _problems(parameters: Mapping[str, Any]) -> list[tuple[str, str]]:
    problems = []
    url = written(parameters, "url", str)
    if url is not None and (sentence := _misfit_of_url(url)):
        problems.append(("url", sentence))
    bodies = [name for name in _BODIES if name in parameters and parameters[name] is not None]
    if len(bodies) > 1:
        problems.append((bodies[1], f"and {bodies[0]!r} exclude each other: there is one body"))
    if "files" in parameters and bodies and bodies != ["form"]:
        problems.append((bodies[0], "and 'files' exclude each other; fields go in 'form'"))
    headers = written(parameters, "headers", dict) or {}
    for name, value in headers.items():
        if not _NAME_OF_HEADER.fullmatch(str(name)):
            problems.append(("headers", f"has {name!r}, which cannot be a header's name"))
        if isinstance(value, str) and any(character in value for character in "\r\n\0"):
            problems.append(("headers", f"has a line end in the value of {name}"))
    auth = written(parameters, "auth", dict)
    if auth is not None and len(given_together(auth, "username", "bearer")) != 1:
        problems.append(("auth", "is {username, password} or {bearer}"))
    expected = parameters.get("expect", "2xx")
    return problems + [
        ("expect", f"has {status!r}: write 200, or 2xx")
        for status in (expected if isinstance(expected, list) else [expected])
        if not is_template(status) and not _STATUS.fullmatch(str(status))
    ]


def _misfit_of_url(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        return f"is no URL: {error}"
    if parts.scheme not in ("http", "https") or not named:
        return "must begin with https:// or http:// and a server's name"
    return None
