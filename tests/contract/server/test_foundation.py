"""What every route of the server does alike."""

import contextlib
import json
import re
import socket
import threading
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from everyrun.domain.roles import Role
from tests.support.served import Served
from tests.support.waiting import TIMEOUT


def test_who_sends_no_token_is_told_what_is_missing(served: Served) -> None:
    response = served.client().get("/api/v1/about")

    assert 401 == response.status_code
    assert "application/problem+json" == response.headers["content-type"]
    assert "NOT_LET_IN" == response.json()["code"]
    assert response.headers["www-authenticate"].startswith("Bearer")


def test_a_role_that_is_too_small_is_refused(served: Served) -> None:
    response = served.client(Role.INGEST).get("/api/v1/about")

    assert 403 == response.status_code
    assert "NOT_ALLOWED" == response.json()["code"]


def test_who_may_gets_the_answer(served: Served) -> None:
    response = served.client(Role.VIEWER).get("/api/v1/about")

    assert 200 == response.status_code
    assert served.database.dialect == response.json()["database"]


def test_only_the_fields_asked_for_are_answered(served: Served) -> None:
    client = served.client(Role.VIEWER)

    assert {"version", "timezone"} == set(
        client.get("/api/v1/about", params={"fields": "version,timezone"}).json()
    )
    refused = client.get("/api/v1/about", params={"fields": "versions"})
    assert 400 == refused.status_code
    assert "timezone" in refused.json()["detail"]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ko-KR,ko;q=0.9", "이 주소에는 아무것도 없습니다."),
        ("de", "There is nothing at this address."),
    ],
)
def test_problems_are_told_in_the_callers_language(
    served: Served, language: str, title: str
) -> None:
    response = served.client().get("/nowhere", headers={"Accept-Language": language})

    assert 404 == response.status_code
    assert title == response.json()["title"]


def test_a_method_that_an_address_does_not_take_is_told(served: Served) -> None:
    response = served.client(Role.ADMIN).delete("/api/v1/about")

    assert 405 == response.status_code
    assert "METHOD_NOT_ALLOWED" == response.json()["code"]


def test_the_description_of_the_api_names_bodies_answers_and_roles(served: Served) -> None:
    document = served.client().get("/api/v1/openapi.json").json()
    operation = document["paths"]["/api/v1/about"]["get"]

    assert document["openapi"].startswith("3.1")
    assert "viewer" == operation["x-role"]
    assert {"$ref": "#/components/schemas/About"} == operation["responses"]["200"]["content"][
        "application/json"
    ]["schema"]
    assert "401" in operation["responses"]


@pytest.mark.parametrize("path", ["/", "/api/docs"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_are_in_the_readers_language_and_load_nothing_from_elsewhere(
    served: Served, path: str, language: str
) -> None:
    response = served.client().get(path, headers={"Accept-Language": language})

    assert 200 == response.status_code
    assert f'<html lang="{language}">' in response.text
    # What is loaded is named relative to the page, whether it has been built or not.
    assert all(name.startswith("./") for name in re.findall(r'src="([^"]+)', response.text))
    assert "http" not in response.text.replace(served.url, "")


def test_a_request_that_cannot_be_read_is_told_so_as_a_problem(served: Served) -> None:
    connection = HTTPConnection(served.url.removeprefix("http://"))
    connection.request("GET", f"/api/v1/executions?text={'a' * 70_000}")
    answer = connection.getresponse()

    assert (400, "close") == (answer.status, answer.headers["connection"])
    assert "application/problem+json" == answer.headers["content-type"]
    assert "UNREADABLE_REQUEST" == json.loads(answer.read())["code"]
    connection.close()


GET = b"GET /api/v1/executions HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begin", "more"),
    [
        (GET, b"X-Many: 1\r\n"),
        (GET + b"X-Long: ", b"1"),
        (POST + b"1\r\n{\r\n0\r\n", b"X-Trailer: 1\r\n"),
        (POST + b"1;said=", b"1"),
    ],
)
def test_what_is_no_body_and_does_not_end_is_refused_while_it_comes(
    served: Served, begin: bytes, more: bytes
) -> None:
    place = urlsplit(served.url)
    with socket.create_connection((place.hostname, place.port), timeout=TIMEOUT) as connection:
        connection.sendall(begin)
        sending = threading.Thread(target=_send_without_end, args=(connection, more), daemon=True)
        sending.start()
        answers = connection.makefile("rb").read()
        sending.join(TIMEOUT)

    head, _, body = answers.rpartition(b"\r\n\r\n")
    assert b"HTTP/1.1 431 " in head
    assert "HEADERS_TOO_LARGE" == json.loads(body)["code"]


def test_a_body_in_the_smallest_chunks_is_a_body(served: Served) -> None:
    client = served.client(Role.INGEST)

    response = client.post("/api/v1/events", content=(b" " for _ in range(20_000)))

    assert "INVALID_BODY" == response.json()["code"], "white space is read, and is no batch"


def _send_without_end(connection: socket.socket, header: bytes) -> None:
    with contextlib.suppress(OSError):  # refused: the server takes no more
        while True:
            connection.sendall(header * 1_000)


def test_a_body_and_the_next_request_of_a_connection_are_no_headers(served: Served) -> None:
    client = served.client(Role.INGEST)
    for _ in range(3):
        response = client.post("/api/v1/events", content=b" " * 300_000)
        assert 400 <= response.status_code < 500 and response.status_code != 431
    assert 403 == client.get("/api/v1/executions").status_code


@pytest.mark.parametrize(
    "path",
    ["executions?since", "statistics/workflows?until", "logs?since", "audit?until"],
)
@pytest.mark.parametrize("number", ["0", "0.0", "-1", "1764295807", "nan"])
def test_a_number_is_no_time(served: Served, path: str, number: str) -> None:
    response = served.client(Role.ADMIN).get(f"/api/v1/{path}={number}")

    assert 422 == response.status_code
    assert "2026-11-28T02:10:07Z" in response.json()["detail"]
