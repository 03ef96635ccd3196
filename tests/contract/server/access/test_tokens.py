"""Tokens over the API: made, used, revoked, and never more than one's own."""

from typing import Any

import httpx
import pytest

from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.store.access.tokens import make_token
from everyrun.testing.hand_clock import HandClock
from tests.support.browsers import add_user, browser
from tests.support.served import Served, serve


def _make(client: httpx.Client, role: str = "viewer", **more: Any) -> httpx.Response:
    return client.post("/api/v1/tokens", json={"name": "ci", "role": role, **more})


def _with(served: Served, token: str) -> httpx.Client:
    client = served.client()
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def test_a_token_is_shown_once_works_and_is_revoked(served: Served) -> None:
    admin = served.client(Role.ADMIN)
    made = _make(admin).json()
    client = _with(served, made["token"])
    used = client.get("/api/v1/me").json()
    served.server.notes.settle()

    listed = admin.get("/api/v1/tokens")
    (entry,) = [each for each in listed.json()["items"] if each["id"] == made["id"]]
    revoked = admin.delete(f"/api/v1/tokens/{made['id']}")

    assert ("token", "ci", "viewer") == (used["kind"], used["name"], used["role"])
    assert made["token"] not in listed.text
    assert secret_hash(made["token"]) not in listed.text
    assert made["token"].startswith(entry["hint"].rstrip("…"))
    assert ("127.0.0.1", "2026-01-15T12:00:00Z") == (
        entry["last_used_from"],
        entry["last_used_at"],
    )
    assert 204 == revoked.status_code
    assert 401 == client.get("/api/v1/me").status_code
    assert made["id"] not in admin.get("/api/v1/tokens").text
    assert made["id"] in admin.get("/api/v1/tokens", params={"revoked": True}).text


def test_another_server_lets_a_revoked_token_in_for_five_seconds_at_most(
    served: Served, clock: HandClock
) -> None:
    with serve(served.database, served.server.settings, clock) as other:
        admin = served.client(Role.ADMIN)
        made = _make(admin).json()
        elsewhere = _with(other, made["token"])
        assert 200 == elsewhere.get("/api/v1/me").status_code

        admin.delete(f"/api/v1/tokens/{made['id']}")
        clock.forward(seconds=5)

        assert 401 == elsewhere.get("/api/v1/me").status_code


def test_a_token_expires(served: Served, clock: HandClock) -> None:
    made = _make(served.client(Role.ADMIN), expires_at="2026-01-15T12:00:03Z").json()
    client = _with(served, made["token"])
    statuses = []

    for _ in range(3):
        statuses.append(client.get("/api/v1/me").status_code)
        clock.forward(seconds=1.5)

    assert [200, 200, 401] == statuses


@pytest.mark.parametrize("expires_at", ["2026-01-15T12:00:00Z", "1999-01-01T00:00:00Z"])
def test_a_token_of_the_past_is_refused(served: Served, expires_at: str) -> None:
    assert 400 == _make(served.client(Role.ADMIN), expires_at=expires_at).status_code


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.VIEWER, {"viewer"}),
        (Role.OPERATOR, {"ingest", "viewer", "operator"}),
        (Role.ADMIN, {"ingest", "viewer", "operator", "admin"}),
    ],
)
def test_nobody_makes_a_token_that_may_more_than_they(
    served: Served, role: Role, allowed: set[str]
) -> None:
    client = browser(served, add_user(served, role=role))

    statuses = {each.value: _make(client, each.value).status_code for each in Role}

    assert {each.value: 201 if each.value in allowed else 403 for each in Role} == statuses


def test_who_is_no_admin_makes_only_their_own(served: Served) -> None:
    user_id = add_user(served, role=Role.OPERATOR)
    client = browser(served, user_id)

    made = _make(client).json()
    of_nobody = _make(client, own=False)
    (listed,) = client.get("/api/v1/tokens").json()["items"]

    assert 403 == of_nobody.status_code
    assert (made["id"], user_id, "kim") == (listed["id"], listed["user_id"], listed["user"])


def test_a_token_that_is_no_admins_makes_no_further_ones(served: Served) -> None:
    user_id = add_user(served, role=Role.OPERATOR)
    own = _make(browser(served, user_id), "operator").json()["token"]

    assert 403 == _make(_with(served, own)).status_code
    assert 403 == _make(served.client(Role.OPERATOR)).status_code
    assert 201 == _make(served.client(Role.ADMIN)).status_code
    assert 403 == _make(served.client(Role.ADMIN), own=True).status_code


def test_a_user_sees_and_revokes_only_own_tokens(served: Served) -> None:
    kim, lee = (browser(served, add_user(served, name)) for name in ("kim", "lee"))
    admin = browser(served, add_user(served, "root", Role.ADMIN))
    of_kim, of_lee = _make(kim).json()["id"], _make(lee).json()["id"]
    of_nobody = _make(admin).json()["id"]

    assert [of_kim] == [each["id"] for each in kim.get("/api/v1/tokens").json()["items"]]
    for foreign in (of_lee, of_nobody, "nonsense"):
        assert 404 == kim.delete(f"/api/v1/tokens/{foreign}").status_code
    assert 204 == kim.delete(f"/api/v1/tokens/{of_kim}").status_code
    assert 204 == admin.delete(f"/api/v1/tokens/{of_lee}").status_code


def test_a_token_of_nobody_sees_itself_alone(served: Served) -> None:
    client, other = served.client(Role.VIEWER), served.client(Role.VIEWER)
    (itself,) = client.get("/api/v1/tokens").json()["items"]
    (another,) = other.get("/api/v1/tokens").json()["items"]

    assert itself["id"] != another["id"]
    assert 404 == client.delete(f"/api/v1/tokens/{another['id']}").status_code
    assert 204 == client.delete(f"/api/v1/tokens/{itself['id']}").status_code
    assert 401 == client.get("/api/v1/me").status_code


def test_a_users_token_goes_and_lessens_with_them(served: Served) -> None:
    user_id = add_user(served, role=Role.OPERATOR)
    client = _with(served, _make(browser(served, user_id), "operator").json()["token"])
    admin = browser(served, add_user(served, "root", Role.ADMIN))

    before = client.get("/api/v1/me").json()
    admin.patch(f"/api/v1/users/{user_id}", json={"role": "viewer"})
    lessened = client.get("/api/v1/me").json()
    admin.patch(f"/api/v1/users/{user_id}", json={"disabled": True})

    assert ("kim", "operator", "viewer") == (before["name"], before["role"], lessened["role"])
    assert 401 == client.get("/api/v1/me").status_code


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "role": "viewer"},
        {"name": "a\u200bb", "role": "viewer"},
        {"name": "ci", "role": "root"},
        {"name": "ci"},
        {"name": "ci", "role": "viewer", "expires_at": "2030-01-01T00:00:00"},
        {"name": "ci", "role": "viewer", "token": "er_mine"},
    ],
)
def test_a_token_that_cannot_be_is_refused(served: Served, body: dict[str, Any]) -> None:
    answer = served.client(Role.ADMIN).post("/api/v1/tokens", json=body)

    assert answer.status_code in {400, 422}


def test_making_a_token_is_on_record_without_it(served: Served) -> None:
    admin = served.client(Role.ADMIN)
    made = _make(admin).json()
    admin.delete(f"/api/v1/tokens/{made['id']}")

    log = admin.get("/api/v1/audit", params={"action": "token."})

    entries = sorted(log.json()["items"], key=lambda each: each["action"])
    assert [
        ("token.create", "ci", 201, "token", "admin", "127.0.0.1"),
        ("token.revoke", made["id"], 204, "token", "admin", "127.0.0.1"),
    ] == [
        tuple(
            each[key]
            for key in ("action", "target", "status_code", "actor_kind", "role", "address")
        )
        for each in entries
    ]
    assert made["token"] not in log.text


@pytest.mark.parametrize(
    "header",
    [
        b"Bearer \xff\xfe",
        b"Bearer " + "비밀".encode(),
        b"Bearer a b",
        b"Bearer " + b"x" * 5_000,
        b"bearer",
        b"Bearer\tx",
        b"Basic dXNlcjpwYXNz",
        b", Bearer x",
        b"Bearer '; DROP TABLE tokens; --",
    ],
)
def test_a_token_in_a_wrong_form_lets_nobody_in(served: Served, header: bytes) -> None:
    client = served.client()

    answer = client.get("/api/v1/me", headers={b"Authorization": header})

    assert 401 == answer.status_code


def test_two_tokens_at_once_let_nobody_in(served: Served) -> None:
    good = f"Bearer {served.token(Role.ADMIN)}"

    answer = served.client().get(
        "/api/v1/me", headers=[("Authorization", good), ("Authorization", good)]
    )

    assert 401 == answer.status_code


def test_who_asks_too_often_is_told_when_to_ask_again(served: Served, clock: HandClock) -> None:
    from everyrun.server.settings import ServerSettings

    settings = ServerSettings(rate_limit=2, rate_burst=3)
    with serve(served.database, settings, clock) as strict:
        busy, other = strict.client(Role.VIEWER), strict.client(Role.VIEWER)
        statuses = [busy.get("/api/v1/me").status_code for _ in range(4)]
        refused = busy.get("/api/v1/me")
        of_other = other.get("/api/v1/me")
        clock.forward(seconds=0.5)

        assert [200, 200, 200, 429] == statuses
        assert ("1", "TOO_MANY_REQUESTS") == (
            refused.headers["retry-after"],
            refused.json()["code"],
        )
        assert 200 == of_other.status_code
        assert [200, 429] == [busy.get("/api/v1/me").status_code for _ in range(2)]


def test_who_tries_token_after_token_is_told_to_stop(served: Served, clock: HandClock) -> None:
    from everyrun.server.settings import ServerSettings

    settings = ServerSettings(rate_limit=1, rate_burst=3)
    with serve(served.database, settings, clock) as strict:
        statuses = [
            _with(strict, f"er_{number}").get("/api/v1/me").status_code for number in range(4)
        ]
        token = strict.database.transact(
            lambda c: make_token(c, "late", Role.VIEWER, clock.now())
        ).token
        clock.forward(seconds=1)

        assert [401, 401, 401, 429] == statuses
        assert 200 == _with(strict, token).get("/api/v1/me").status_code
