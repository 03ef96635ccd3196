"""The API's description as a page: every address, who may call it, what it takes and answers."""

from collections import defaultdict
from collections.abc import Iterator
from html import escape
from typing import Any

from everyrun.server.pages.drawing import page

_WORDS = {
    "en": {
        "title": "Everyrun API",
        "machine": "The same for programs (OpenAPI 3.1):",
        "public": "public",
        "parameter": "Parameter",
        "meaning": "Meaning",
        "takes": "Takes",
        "answers": "Answers",
    },
    "ko": {
        "title": "Everyrun API",
        "machine": "프로그램용 문서(OpenAPI 3.1):",
        "public": "공개",
        "parameter": "매개변수",
        "meaning": "뜻",
        "takes": "본문",
        "answers": "응답",
    },
}


def draw_description(document: dict[str, Any], language: str) -> str:
    """The page of an OpenAPI document."""
    words = _WORDS[language]
    groups: dict[str, list[str]] = defaultdict(list)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            groups[operation["tags"][0]].append(_operation(method, path, operation, words))
    parts = [
        f"<h1>{escape(words['title'])} {escape(document['info']['version'])}</h1>",
        (
            f'<p>{escape(words["machine"])} <a href="v1/openapi.json"><code>'
            "/api/v1/openapi.json</code></a></p>"
        ),
    ]
    for tag in sorted(groups):
        parts += [f"<h2>{escape(tag)}</h2>", *groups[tag]]
    return page(words["title"], "".join(parts), language)


def _operation(method: str, path: str, operation: dict[str, Any], words: dict[str, str]) -> str:
    role = operation.get("x-role", words["public"])
    return (
        f'<details><summary><span class="method">{escape(method.upper())}</span>'
        f"<span><code>{escape(path)}</code> {escape(operation.get('summary', ''))}</span>"
        f'<span class="role">{escape(role)}</span></summary>'
        f"<p>{escape(operation.get('description', ''))}</p>"
        f"{_parameters(operation, words)}{''.join(_contents(operation, words))}</details>"
    )


def _parameters(operation: dict[str, Any], words: dict[str, str]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(each['name'])}</code> ({escape(each['in'])})</td>"
        f"<td>{escape(each.get('description', ''))} <code>{escape(_type(each['schema']))}</code>"
        "</td></tr>"
        for each in operation.get("parameters", [])
    )
    if not rows:
        return ""
    head = f"<tr><th>{escape(words['parameter'])}</th><th>{escape(words['meaning'])}</th></tr>"
    return f"<table>{head}{rows}</table>"


def _contents(operation: dict[str, Any], words: dict[str, str]) -> Iterator[str]:
    body = operation.get("requestBody")
    if body is not None:
        yield f"<p>{escape(words['takes'])}: {_media(body['content'])}</p>"
    for status, response in operation["responses"].items():
        content = _media(response.get("content", {}))
        yield (
            f"<p>{escape(words['answers'])} <code>{escape(status)}</code> "
            f"{escape(response.get('description', ''))} {content}</p>"
        )


def _media(content: dict[str, Any]) -> str:
    return ", ".join(
        f"<code>{escape(media)}</code> <code>{escape(_type(each.get('schema', {})))}</code>"
        for media, each in content.items()
    )


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(each) for each in schema["anyOf"]))
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}[]"
    return str(schema.get("type", ""))
