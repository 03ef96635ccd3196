"""Users over the API."""

from typing import Any

import httpx
import pytest

from everyrun.domain.roles import Role
from tests.support.browsers import PASSWORD, add_user, browser
from tests.support.racing import race
from tests.support.served import Served


def _add(client: httpx.Client, name: str = "kim", role: str = "viewer") -> httpx.Response:
    return client.post("/api/v1/users", json={"name": name, "role": role, "password": PASSWORD})


def test_a_user_is_made_changed_disabled_and_forgotten(served: Served) -> None:
    admin = served.client(Role.ADMIN)
    made = _add(admin)
    id_ = made.json()["id"]
    place = f"/api/v1/users/{id_}"
    client = served.client()
    client.post("/api/v1/login", json={"name": "kim", "password": PASSWORD})

    promoted = admin.patch(place, json={"role": "operator"}).json()
    as_operator = client.get("/api/v1/me").json()["role"]
    disabled = admin.patch(place, json={"disabled": True}).json()
    as_disabled = client.get("/api/v1/me").status_code
    enabled = admin.patch(place, json={"disabled": False}).json()
    listed = admin.get("/api/v1/users").json()["items"]
    gone = admin.delete(place)

    assert (201, True) == (made.status_code, made.json()["has_password"])
    assert ("operator", "operator", 401) == (promoted["role"], as_operator, as_disabled)
    assert disabled["disabled_at"] is not None
    assert enabled["disabled_at"] is None
    assert [id_] == [each["id"] for each in listed]
    assert listed[0]["last_login_at"] is not None
    assert (204, 404) == (gone.status_code, admin.get(place).status_code)


def test_a_name_is_taken_in_any_case(served: Served) -> None:
    admin = served.client(Role.ADMIN)
    _add(admin, "Kim")

    answer = _add(admin, "kIM")

    assert (409, "NAME_TAKEN") == (answer.status_code, answer.json()["code"])


def test_the_last_admin_stays(served: Served) -> None:
    user_id = add_user(served, "root", Role.ADMIN)
    admin = browser(served, user_id)
    place = f"/api/v1/users/{user_id}"

    answers = [
        admin.patch(place, json={"disabled": True}),
        admin.patch(place, json={"role": "viewer"}),
        admin.delete(place),
    ]

    assert {(409, "LAST_ADMIN")} == {(each.status_code, each.json()["code"]) for each in answers}


def test_two_admins_cannot_throw_each_other_out_at_once(served: Served) -> None:
    one, other = (add_user(served, name, Role.ADMIN) for name in ("one", "other"))
    of_one, of_other = browser(served, one), browser(served, other)

    statuses = race(
        lambda: of_one.patch(f"/api/v1/users/{other}", json={"disabled": True}).status_code,
        lambda: of_other.patch(f"/api/v1/users/{one}", json={"disabled": True}).status_code,
    )

    assert 1 == statuses.count(200), statuses
    assert {*statuses} - {200} <= {409, 401}
    left = [client.get("/api/v1/me").status_code for client in (of_one, of_other)]
    assert [200, 401] == sorted(left)


def test_an_admin_sets_a_password_and_the_user_must_sign_in_again(served: Served) -> None:
    user_id = add_user(served)
    mine = browser(served, user_id)

    answer = served.client(Role.ADMIN).patch(
        f"/api/v1/users/{user_id}", json={"password": "a brand new password"}
    )

    assert 200 == answer.status_code
    assert 401 == mine.get("/api/v1/me").status_code
    came = served.client().post(
        "/api/v1/login", json={"name": "kim", "password": "a brand new password"}
    )
    assert 200 == came.status_code


def test_nothing_is_changed_by_half(served: Served) -> None:
    user_id = add_user(served, "root", Role.ADMIN)

    answer = browser(served, user_id).patch(
        f"/api/v1/users/{user_id}", json={"role": "operator", "password": "another password"}
    )

    assert 409 == answer.status_code
    came = served.client().post("/api/v1/login", json={"name": "root", "password": PASSWORD})
    assert "admin" == came.json()["role"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "kim", "role": "ingest", "password": PASSWORD},
        {"name": "kim", "role": "viewer", "password": "short"},
        {"name": "", "role": "viewer", "password": PASSWORD},
        {"name": "kim", "role": "viewer"},
        {"name": "kim", "role": "viewer", "password": PASSWORD, "id": "1"},
    ],
)
def test_a_user_who_cannot_be_is_refused(served: Served, body: dict[str, Any]) -> None:
    assert served.client(Role.ADMIN).post("/api/v1/users", json=body).status_code in {400, 422}


def test_what_admins_do_is_on_record_without_passwords(served: Served) -> None:
    user_id = add_user(served, "root", Role.ADMIN)
    admin = browser(served, user_id)
    made = _add(admin).json()["id"]
    admin.patch(f"/api/v1/users/{made}", json={"password": "a brand new password"})
    _add(admin)

    log = admin.get("/api/v1/audit", params={"action": "user.", "actor_id": user_id})

    entries = log.json()["items"]
    assert [
        ("user.change", "kim", 200),
        ("user.create", "kim", 201),
        ("user.create", "kim", 409),
    ] == sorted((each["action"], each["target"], each["status_code"]) for each in entries)
    assert {("root", "user")} == {(each["actor"], each["actor_kind"]) for each in entries}
    assert PASSWORD not in log.text
    assert "brand new" not in log.text


@pytest.mark.parametrize("query", ["actor=%00", "target=%00", "actor_id=x", "since=yesterday"])
def test_a_question_to_the_log_that_cannot_be_is_refused(served: Served, query: str) -> None:
    status = served.client(Role.ADMIN).get(f"/api/v1/audit?{query}").status_code

    assert status in {400, 404, 422}
