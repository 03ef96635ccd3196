"""docs/reference/client.md, made from the client and its docstrings."""

import inspect
import re
from typing import Any

from everyrun.client import Client, NotAServer, ServerError, ServerUnreachable, TokenRefused

_OPENING = """
# Python client

Made from `everyrun.client` by `python -m scripts.write_reference`; a test keeps it up to date.

`from everyrun.client import Client` needs no more than the base installation. How it is used:
[use a server from Python](../howto/use-a-server-from-python.md); what each address answers:
[HTTP API](http-api.md). Answers are the structs of `everyrun.domain.views`, times in them aware.
"""
_ERRORS = (ServerUnreachable, TokenRefused, ServerError, NotAServer)


def client() -> str:
    """The whole page."""
    with Client("http://localhost") as made:
        resources = {name: value for name, value in vars(made).items() if name != "transport"}
        lines = [_OPENING.strip(), "", "## `Client`", "", *_signature("Client", Client), ""]
        lines += [_text(Client), ""]
        lines += _methods("Client", Client, ("from_environment", "close"))
        for name, resource in resources.items():
            kind = type(resource)
            described = _text(kind).removeprefix(f"`client.{name}`").lstrip(".: ")
            lines += ["", f"## `client.{name}`", ""]
            lines += [described[:1].upper() + described[1:], ""] if described else []
            lines += _methods(f"client.{name}", kind, _public(kind))
    lines += ["", "## Errors", "", "All are `everyrun.domain.errors.EveryrunError`.", ""]
    for error in _ERRORS:
        lines += [f"- `{error.__name__}`: {_text(error)}"]
    return "\n".join([*lines, ""])


def _public(kind: type) -> tuple[str, ...]:
    return tuple(
        name for name in vars(kind) if not name.startswith("_") and callable(getattr(kind, name))
    )


def _methods(prefix: str, kind: type, names: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    for name in names:
        method = getattr(kind, name)
        lines += [*_signature(f"{prefix}.{name}", method), "", _text(method), ""]
    return lines[:-1]


def _signature(name: str, called: Any) -> list[str]:
    signature = inspect.signature(called)
    parameters = [each for each in signature.parameters.values() if each.name != "self"]
    shown = [_tidy(str(each)) for each in _with_star(parameters)]
    answer = signature.return_annotation
    arrow = "" if answer in {inspect.Signature.empty, None} else f" -> {_tidy(_named(answer))}"
    if isinstance(called, type):
        arrow = ""
    call = f"{name}({', '.join(shown)}){arrow}"
    if len(call) > 96:
        inner = "".join(f"    {each},\n" for each in shown)
        call = f"{name}(\n{inner}){arrow}"
    return ["```python", *call.splitlines(), "```"]


def _with_star(parameters: list[inspect.Parameter]) -> list[Any]:
    found: list[Any] = []
    for each in parameters:
        if each.kind is each.KEYWORD_ONLY and "*" not in map(str, found):
            found.append("*")
        found.append(each)
    return found


def _named(annotation: Any) -> str:
    return annotation.__name__ if isinstance(annotation, type) else str(annotation)


def _tidy(text: str) -> str:
    """Annotations without the modules that they come from."""
    text = re.sub(r"\b(?:\w+\.)+(?=[A-Z])", "", text)
    text = re.sub(r"\bdatetime\.(?=datetime)", "", text)
    return re.sub(r"<RerunMode\.(\w+): '(\w+)'>", r"RerunMode.\1", text)


def _text(described: Any) -> str:
    text = inspect.getdoc(described) or ""
    text = re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"`\1`", text)
    paragraphs = [" ".join(part.split()) for part in text.replace("``", "`").split("\n\n")]
    return "\n\n".join(paragraphs)
