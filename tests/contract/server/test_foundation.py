"""What every route of the server does alike."""

import json
from http.client import HTTPConnection

import pytest

from everyrun.domain.roles import Role
from tests.support.served import Served


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
    assert "src=" not in response.text
    assert "http" not in response.text.replace(served.url, "")


def test_a_request_that_cannot_be_read_is_told_so_as_a_problem(served: Served) -> None:
    connection = HTTPConnection(served.url.removeprefix("http://"))
    connection.request("GET", f"/api/v1/executions?text={'a' * 70_000}")
    answer = connection.getresponse()

    assert (400, "close") == (answer.status, answer.headers["connection"])
    assert "application/problem+json" == answer.headers["content-type"]
    assert "UNREADABLE_REQUEST" == json.loads(answer.read())["code"]
    connection.close()


@pytest.mark.parametrize(
    "path",
    ["executions?since", "statistics/workflows?until", "logs?since", "audit?until"],
)
@pytest.mark.parametrize("number", ["0", "0.0", "-1", "1764295807", "nan"])
def test_a_number_is_no_time(served: Served, path: str, number: str) -> None:
    response = served.client(Role.ADMIN).get(f"/api/v1/{path}={number}")

    assert 422 == response.status_code
    assert "2026-11-28T02:10:07Z" in response.json()["detail"]
