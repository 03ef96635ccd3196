"""What the server's description of itself holds together."""

import json
from typing import Any

from everyrun.domain.errors import EveryrunError
from everyrun.server.links import linked_operations
from everyrun.server.problem_titles import KOREAN_TITLES
from scripts.http_reference import openapi_document


def _operations() -> dict[str, dict[str, Any]]:
    paths = json.loads(openapi_document())["paths"]
    return {each["operationId"]: each for path in paths.values() for each in path.values()}


def _kinds(of: type[EveryrunError]) -> set[type[EveryrunError]]:
    return {of, *(kind for each in of.__subclasses__() for kind in _kinds(each))}


def test_links_lead_from_operations_to_operations() -> None:
    operations = _operations()

    assert set() == set(linked_operations()) - operations.keys()


def test_every_name_in_the_document_is_plain() -> None:
    schemas = json.loads(openapi_document())["components"]["schemas"]

    assert [] == [name for name in schemas if "." in name]


def test_every_problem_that_is_told_has_a_korean_title() -> None:
    told = {
        code
        for operation in _operations().values()
        for status, response in operation["responses"].items()
        if status >= "400"
        for code in response["description"].split(", ")
    }
    shipped = {each.code for each in _kinds(EveryrunError) if _is_the_servers(each)}

    assert [] == sorted((told | shipped) - KOREAN_TITLES.keys())


def _is_the_servers(kind: type[EveryrunError]) -> bool:
    return kind.__module__.startswith(("everyrun.server.", "everyrun.domain."))
