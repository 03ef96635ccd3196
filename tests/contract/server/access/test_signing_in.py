"""Coming in with a browser, staying, and going."""

import re
import unicodedata
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from argon2 import PasswordHasher

from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.server.access.first_way_in import first_way_in
from everyrun.server.access.passwords import Passwords
from everyrun.store.access.users import create_user, known_password
from everyrun.testing.hand_clock import HandClock
from tests.support.browsers import PASSWORD, add_user, browser, open_for, own_page, sending
from tests.support.racing import race
from tests.support.served import Served


def _login(client: httpx.Client, name: str = "kim", password: str = PASSWORD) -> httpx.Response:
    return client.post("/api/v1/login", json={"name": name, "password": password})


def test_a_user_signs_in_sees_who_they_are_and_goes(served: Served) -> None:
    user_id = add_user(served, role=Role.OPERATOR)
    client = served.client()

    came = _login(client, "KIM")
    me = client.get("/api/v1/me").json()
    without_proof = client.post("/api/v1/logout")
    went = client.post("/api/v1/logout", headers={"X-CSRF-Token": me["csrf_token"]})

    assert ("user", user_id, "kim", "operator") == (me["kind"], me["id"], me["name"], me["role"])
    assert came.json() == me
    assert (403, 204) == (without_proof.status_code, went.status_code)
    assert 401 == client.get("/api/v1/me").status_code
    assert "Max-Age=0" in went.headers["set-cookie"]


def test_the_session_cookie_is_for_the_browser_alone(served: Served) -> None:
    add_user(served)

    sent = _login(served.client()).headers["set-cookie"]

    assert re.fullmatch(
        r"everyrun_session=[0-9A-Za-z]{43}; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax", sent
    )
    with served.database.reading() as connection:
        rows = repr(connection.exec_driver_sql("SELECT * FROM sessions").all())
    assert sent[17:60] not in rows
    assert secret_hash(sent[17:60]) in rows


def test_a_wrong_password_and_an_unknown_name_are_told_alike(served: Served) -> None:
    add_user(served)
    add_user(served, "passwordless", password=None)
    answers = [
        _login(served.client(), name, password)
        for name, password in (
            ("kim", PASSWORD + "!"),
            ("nobody", PASSWORD),
            ("passwordless", PASSWORD),
            ("kim", ""),
            ("\u200b", PASSWORD),
            ("n" * 10_000, "p" * 100_000),
        )
    ]

    assert {401} == {each.status_code for each in answers}
    assert 1 == len({each.content for each in answers})
    assert not any("set-cookie" in each.headers for each in answers)


def test_an_unknown_name_costs_a_password_check_too(served: Served) -> None:
    add_user(served)
    checks: list[object] = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2 calls it so
            checks.append(hash)
            return super().verify(hash, password)

    served.server.passwords = Passwords(Counting())

    _login(served.client(), "nobody")
    _login(served.client(), "kim", "wrong")

    assert 2 == len(checks)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "kim"},
        {"password": PASSWORD},
        {"name": "kim", "password": PASSWORD, "token": "er_x"},
        {"name": "kim", "password": 7},
        {"name": "kim", "password": PASSWORD, "remember": True},
    ],
)
def test_a_login_that_is_neither_is_refused(served: Served, body: dict[str, object]) -> None:
    assert served.client().post("/api/v1/login", json=body).status_code in {400, 422}


def test_whoever_guesses_waits_longer_and_longer_whichever_server_they_ask(
    served: Served, clock: HandClock
) -> None:
    add_user(served)
    client = served.client()
    for _ in range(5):
        assert 401 == _login(client, "kim", "wrong").status_code

    blocked = _login(client)
    assert (429, "1") == (blocked.status_code, blocked.headers["retry-after"])
    assert "TOO_MANY_ATTEMPTS" == blocked.json()["code"]
    clock.forward(seconds=1)
    assert 401 == _login(client, "kim", "wrong").status_code
    assert "2" == _login(client).headers["retry-after"]
    clock.forward(seconds=2)
    assert 200 == _login(client).status_code
    assert 401 == _login(client, "kim", "wrong").status_code


def test_a_name_that_nobody_has_is_throttled_like_any(served: Served) -> None:
    statuses = [_login(served.client(), "nobody").status_code for _ in range(6)]

    assert [401] * 5 + [429] == statuses


def test_one_address_cannot_try_many_names(served: Served) -> None:
    add_user(served)
    client = served.client()
    for number in range(20):
        _login(client, f"n{number}")

    assert 429 == _login(client).status_code
    assert 429 == client.post("/api/v1/login", json={"token": "er_" + "x" * 43}).status_code
    assert 429 == client.get("/login", params={"link": "x" * 43}).status_code


def test_a_token_signs_a_browser_in_and_takes_it_out_again(served: Served) -> None:
    admin = served.client(Role.ADMIN)
    made = admin.post("/api/v1/tokens", json={"name": "ci", "role": "viewer"}).json()
    client = served.client()

    came = client.post("/api/v1/login", json={"token": made["token"]})
    while_good = client.get("/api/v1/me")
    admin.delete(f"/api/v1/tokens/{made['id']}")

    assert ("token", "ci", "viewer") == tuple(came.json()[key] for key in ("kind", "name", "role"))
    assert 200 == while_good.status_code
    assert 401 == client.get("/api/v1/me").status_code
    assert 401 == client.post("/api/v1/login", json={"token": made["token"]}).status_code


def test_a_token_that_only_adds_events_signs_nobody_in(served: Served) -> None:
    answer = served.client().post("/api/v1/login", json={"token": served.token(Role.INGEST)})

    assert (403, "NOT_ALLOWED") == (answer.status_code, answer.json()["code"])


def test_a_login_link_lets_in_the_first_who_opens_it(served: Served) -> None:
    link = first_way_in(served.server)
    first, second = served.client(), served.client()

    opened = first.get(link.path + "&next=/runs%3Fstatus%3Dfailed")
    again = second.get(link.path)

    assert (303, "/runs?status=failed") == (opened.status_code, opened.headers["location"])
    assert "admin" == first.get("/api/v1/me").json()["role"]
    assert 403 == again.status_code
    assert "opened before" in again.text
    assert 401 == second.get("/api/v1/me").status_code


def test_of_many_who_open_a_link_at_once_one_comes_in(served: Served) -> None:
    link = first_way_in(served.server)
    clients = [served.client() for _ in range(5)]

    statuses = race(*(lambda c=client: c.get(link.path).status_code for client in clients))

    assert [303, 403, 403, 403, 403] == sorted(statuses, key=str)


def test_a_login_link_is_short_lived(served: Served, clock: HandClock) -> None:
    link = first_way_in(served.server)
    clock.forward(seconds=900)

    assert 403 == served.client().get(link.path).status_code


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_login_link_on_another_page_asks_before_it_opens(served: Served, site: str) -> None:
    link = first_way_in(served.server)
    client = served.client()

    asked = client.get(link.path, headers={"Sec-Fetch-Site": site})
    (target,) = [each for each in re.findall(r'href="([^"]+)"', asked.text) if "link=" in each]
    opened = client.get(target.replace("&amp;", "&"), headers={"Sec-Fetch-Site": "same-origin"})

    assert (200, 303) == (asked.status_code, opened.status_code)
    assert "set-cookie" not in asked.headers


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: x=1",
        "evil",
        "",
    ],
)
def test_signing_in_leads_nowhere_else(served: Served, path: str) -> None:
    link = first_way_in(served.server)

    answer = served.client().get("/login", params={**_query(link.path), "next": path})
    page = served.client().get("/login", params={"next": path})

    assert "/" == answer.headers["location"]
    assert 'data-next="/"' in page.text


def _query(path: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}


def test_the_page_escapes_what_it_is_given(served: Served) -> None:
    nasty = "/\"><script>alert(1)</script>'&"

    text = served.client().get("/login", params={"next": nasty}).text
    linked = (
        served.client()
        .get(
            "/login",
            params={"link": nasty, "next": nasty},
            headers={"Sec-Fetch-Site": "cross-site"},
        )
        .text
    )

    for each in (text, linked):
        assert "<script>alert" not in each
        assert "alert(1)" not in each.replace("%3Cscript%3Ealert%281%29", "").replace(
            "&lt;script&gt;alert(1)", ""
        )


@pytest.mark.parametrize(("language", "words"), [("ko", "로그인"), ("en", "Sign in")])
def test_the_page_runs_only_its_own_script(served: Served, language: str, words: str) -> None:
    answer = served.client().get("/login", headers={"Accept-Language": language})
    policy = answer.headers["content-security-policy"]

    assert words in answer.text
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policy)
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "no-store" == answer.headers["cache-control"]


def test_a_session_ends_when_it_sleeps_and_at_its_time(served: Served, clock: HandClock) -> None:
    user_id = add_user(served)
    sleeping, awake = browser(served, user_id), served.client()
    _login(awake)
    for _ in range(7):
        clock.forward(hours=23)
        seen = awake.get("/api/v1/me").status_code
        served.server.notes.settle()
        assert 200 == seen

    assert 401 == sleeping.get("/api/v1/me").status_code
    clock.forward(hours=8)
    assert 401 == awake.get("/api/v1/me").status_code


def test_a_changed_password_ends_the_other_browsers(served: Served) -> None:
    user_id = add_user(served)
    mine, other = browser(served, user_id), browser(served, user_id)
    assert 200 == other.get("/api/v1/me").status_code

    refused = mine.post(
        "/api/v1/me/password",
        json={"current_password": "wrong", "new_password": "another long password"},
    )
    changed = mine.post(
        "/api/v1/me/password",
        json={"current_password": PASSWORD, "new_password": "another long password"},
    )

    assert (401, 204) == (refused.status_code, changed.status_code)
    assert (200, 401) == (
        mine.get("/api/v1/me").status_code,
        other.get("/api/v1/me").status_code,
    )
    assert 401 == _login(served.client()).status_code
    assert 200 == _login(served.client(), password="another long password").status_code


@pytest.mark.parametrize("password", ["short", "x" * 40, "x" * 1_001, "KIM-the-operator"])
def test_a_weak_password_is_refused(served: Served, password: str) -> None:
    client = browser(served, add_user(served, "kim-the-operator"))

    answer = client.post(
        "/api/v1/me/password", json={"current_password": PASSWORD, "new_password": password}
    )

    assert (422, "WEAK_PASSWORD") == (answer.status_code, answer.json()["code"])


def test_a_token_has_no_password_to_change(served: Served) -> None:
    answer = served.client(Role.ADMIN).post(
        "/api/v1/me/password", json={"current_password": "x", "new_password": PASSWORD}
    )

    assert (409, "OWN_PASSWORD_ONLY") == (answer.status_code, answer.json()["code"])


def test_a_password_is_hashed_anew_when_the_parameters_have_changed(served: Served) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=1_024, parallelism=1).hash(PASSWORD)
    served.database.transact(
        lambda c: create_user(c, "kim", Role.VIEWER, served.clock.now(), password_hash=old)
    )

    assert 200 == _login(served.client()).status_code

    with served.database.reading() as connection:
        known = known_password(connection, "kim")
    assert known is not None
    assert old != known.password_hash
    assert not served.server.passwords.needs_rehash(known.password_hash)
    assert 200 == _login(served.client()).status_code


def test_a_composed_and_a_decomposed_password_are_one(served: Served) -> None:
    password = "비밀번호는 길어야 합니다 é"
    add_user(served, password=password)

    for form in ("NFC", "NFD"):
        typed = unicodedata.normalize(form, password)
        assert 200 == _login(served.client(), password=typed).status_code


def test_signing_in_is_on_record_without_its_secrets(served: Served) -> None:
    add_user(served)
    _login(served.client())
    _login(served.client(), password="the wrong password")
    served.client().post("/api/v1/login", json={"token": "er_" + "secret" * 8})
    link = first_way_in(served.server)
    served.client().get(link.path)

    entries = served.client(Role.ADMIN).get("/api/v1/audit", params={"action": "session."})

    assert [("first admin token", 303), ("kim", 200), ("kim", 401), (None, 401)] == sorted(
        ((each["target"], each["status_code"]) for each in entries.json()["items"]),
        key=lambda told: (told[0] or "z", told[1]),
    )
    for secret in (PASSWORD, "the wrong password", "secretsecret", _query(link.path)["link"]):
        assert secret not in entries.text


def test_a_session_by_token_is_over_with_the_token(served: Served, clock: HandClock) -> None:
    made = served.client(Role.ADMIN).post(
        "/api/v1/tokens",
        json={"name": "ci", "role": "viewer", "expires_at": "2026-01-15T12:00:30Z"},
    )
    client = served.client()
    came = client.post("/api/v1/login", json={"token": made.json()["token"]})

    assert "Max-Age=30;" in came.headers["set-cookie"]
    clock.forward(seconds=30)
    assert 401 == client.get("/api/v1/me").status_code


def test_a_stolen_cookie_in_another_browser_shows_among_the_sessions(served: Served) -> None:
    user_id = add_user(served)
    session = open_for(served, user_id=user_id)
    mine = sending(served, own_page(session))
    browser(served, user_id)
    listed = mine.get("/api/v1/sessions").json()["items"]

    assert [False, True] == [each["current"] for each in listed]
    assert 204 == mine.delete(f"/api/v1/sessions/{listed[0]['id']}").status_code
    assert 404 == mine.delete(f"/api/v1/sessions/{listed[0]['id']}").status_code
    assert [session.id] == [each["id"] for each in mine.get("/api/v1/sessions").json()["items"]]


def test_who_must_wait_does_not_fill_the_audit_log(served: Served) -> None:
    for _ in range(12):
        _login(served.client(), "nobody")

    entries = served.client(Role.ADMIN).get("/api/v1/audit").json()["items"]

    assert [401] * 5 == [each["status_code"] for each in entries]
