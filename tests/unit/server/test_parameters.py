"""What is read past FastAPI is what FastAPI reads; what it refuses is left to it."""

import asyncio
import inspect
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse

from everyrun.server.parameters import Parameters
from everyrun.server.routes import all_routes

READS = {
    route.path_format: route.declared.handler  # type: ignore[attr-defined] # ours
    for route in all_routes()
    if "GET" in route.methods  # type: ignore[attr-defined]
}
NAMES = sorted(
    {
        name
        for handler in READS.values()
        for name in inspect.signature(handler).parameters
        if name != "visit"
    }
    | {"tail", "fields", "from", "executionId", "unknown"}
)
WORDS = (
    *("", "0", "1", "-1", "50", "501", "1e3", "+1", " 7 ", "nan", "100000000000000000000"),
    *("true", "no", "error", "day", "dd", "a,b", "한글"),
    *("Asia/Seoul", "2026-11-28T02:10:07Z", "2026-11-28"),
)
texts = st.sampled_from(WORDS) | st.text(max_size=8)
queries = st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=5)


def reader_of(path: str) -> tuple[Parameters | None, frozenset[str]]:
    names = inspect.signature(READS[path]).parameters
    given = frozenset({"visit", *(name for name in names if f"{{{name}}}" in path)})
    return Parameters.of(READS[path], given), given


def read_by_fastapi(path: str, given: frozenset[str]) -> Any:
    """An endpoint that tells what FastAPI hands it."""
    parameters = [
        each.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, each in inspect.signature(READS[path], eval_str=True).parameters.items()
        if name not in given
    ]
    defaults = {each.name: each.default for each in parameters}

    async def endpoint(**values: Any) -> PlainTextResponse:
        return PlainTextResponse(told({k: v for k, v in values.items() if v != defaults[k]}))

    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    app = FastAPI()
    app.get("/", response_model=None)(endpoint)
    return app


def told(values: dict[str, Any]) -> str:
    return repr(sorted(values.items()))


QUICK = [path for path in sorted(READS) if reader_of(path)[0] is not None]


def test_nearly_all_that_is_read_is_read_the_quick_way() -> None:
    assert 0.85 < len(QUICK) / len(READS)


@pytest.mark.parametrize("path", [path for path in QUICK if reader_of(path)[0].names])  # type: ignore[union-attr]
def test_what_is_read_is_what_fastapi_reads(path: str) -> None:
    parameters, given_otherwise = reader_of(path)
    assert parameters is not None
    app = read_by_fastapi(path, given_otherwise)
    defaults = {
        name: each.default for name, each in inspect.signature(READS[path]).parameters.items()
    }

    @settings(max_examples=40, deadline=None)
    @given(query=queries)
    def same(query: list[tuple[str, str]]) -> None:
        async def both() -> tuple[dict[str, Any] | None, httpx.Response]:
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                request = client.build_request("GET", f"/?{urlencode(query)}")
                return await parameters.read(request.url.query), await client.send(request)

        read, response = asyncio.run(both())
        if read is not None:
            changed = {k: v for k, v in read.items() if v != defaults[k]}
            assert (200, told(changed)) == (response.status_code, response.text)
        elif {name for name, _ in query} <= parameters.names:
            assert 422 == response.status_code

    same()


def test_a_name_that_means_nothing_is_left_to_fastapi() -> None:
    parameters, _ = reader_of("/api/v1/executions")
    assert parameters is not None

    assert None is asyncio.run(parameters.read(b"limit=50&fields=id"))
    assert {"limit": 50} == {
        key: value
        for key, value in (asyncio.run(parameters.read(b"limit=50")) or {}).items()
        if key != "filters"
    }
