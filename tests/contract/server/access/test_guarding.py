"""What holds for every request: the host, the origin, the headers, the proxies."""

import socket
from collections.abc import Iterator

import pytest

from everyrun.domain.roles import Role
from everyrun.server.settings import ServerSettings
from everyrun.store.database import Database
from tests.support.browsers import add_user, browser, open_for, own_page, sending
from tests.support.served import Served, serve


@pytest.fixture
def database_url(migrated_sqlite_url: str) -> str:
    """SQLite alone: what is guarded here is judged before any ledger is asked."""
    return migrated_sqlite_url


@pytest.fixture
def proxied(database: Database) -> Iterator[Served]:
    """A server behind a proxy on this machine, at https://everyrun.example."""
    settings = ServerSettings(
        trusted_proxies="127.0.0.0/8, ::1",
        public_url="https://everyrun.example",
        allowed_hosts="*.internal.example",
        cors_origins="https://dash.example",
    )
    with serve(database, settings) as running:
        yield running


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "localhost.", "a b", "", "[::1", "::1"],
)
def test_a_name_that_is_not_the_servers_is_refused(served: Served, host: str) -> None:
    answer = served.client(Role.ADMIN).get("/api/v1/me", headers={"Host": host})

    assert (host == "localhost.", answer.status_code) in {(True, 200), (False, 421), (False, 400)}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:1", "[::1]:8321", "LOCALHOST:8321"])
def test_loopback_names_are_the_servers(served: Served, host: str) -> None:
    answer = served.client(Role.ADMIN).get("/api/v1/me", headers={"Host": host})

    assert 200 == answer.status_code


def test_names_that_a_setting_gives_are_the_servers(proxied: Served) -> None:
    statuses = [
        proxied.client().get("/", headers={"Host": host}).status_code
        for host in ("everyrun.example", "a.internal.example", "internal.example", "evil.example")
    ]

    assert [200, 200, 421, 421] == statuses


def test_two_hosts_are_none(served: Served) -> None:
    raw = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"

    assert _raw(served, raw).split()[1] in {b"400", b"421"}


def test_http_without_a_host_is_refused(served: Served) -> None:
    assert b"421" == _raw(served, b"GET / HTTP/1.0\r\n\r\n").split()[1]


def _raw(served: Served, request: bytes) -> bytes:
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65_536):
            received += part
    return received


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:1", "http://127.0.0.1", "file://", "x", ""],
)
def test_a_page_of_another_origin_changes_nothing(served: Served, origin: str) -> None:
    session = open_for(served, user_id=add_user(served))
    headers = {**own_page(session), "Origin": origin}

    with_cookie = served.client().post("/api/v1/logout", headers=headers)
    with_token = served.client(Role.VIEWER).post("/api/v1/logout", headers={"Origin": origin})
    signing_in = served.client().post(
        "/api/v1/login", json={"name": "kim", "password": "x"}, headers={"Origin": origin}
    )

    assert {(403, "FOREIGN_ORIGIN")} == {
        (each.status_code, each.json()["code"]) for each in (with_cookie, with_token, signing_in)
    }
    assert 200 == sending(served, own_page(session)).get("/api/v1/me").status_code


def test_our_own_page_may(served: Served) -> None:
    client = browser(served, add_user(served))

    assert 204 == client.post("/api/v1/logout", headers={"Origin": served.url}).status_code


def test_a_browser_that_tells_no_origin_but_where_it_comes_from_is_refused(
    served: Served,
) -> None:
    client = browser(served, add_user(served))

    refused = client.post("/api/v1/logout", headers={"Sec-Fetch-Site": "cross-site"})
    answered = client.get("/api/v1/me", headers={"Sec-Fetch-Site": "cross-site"})

    assert (403, 200) == (refused.status_code, answered.status_code)


def test_other_origins_may_read_nothing_unless_a_setting_names_them(
    served: Served, proxied: Served
) -> None:
    preflight = {
        "Origin": "https://dash.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }

    closed = served.client().options("/api/v1/tokens", headers=preflight)
    opened = proxied.client().options("/api/v1/tokens", headers=preflight)
    others = proxied.client().options(
        "/api/v1/tokens", headers={**preflight, "Origin": "https://evil.example"}
    )
    read = proxied.client(Role.VIEWER).get("/api/v1/me", headers={"Origin": "https://dash.example"})

    assert "access-control-allow-origin" not in {*closed.headers, *others.headers}
    assert (405, 204, 405) == (closed.status_code, opened.status_code, others.status_code)
    assert "https://dash.example" == opened.headers["access-control-allow-origin"]
    assert "authorization" in opened.headers["access-control-allow-headers"].lower()
    assert "https://dash.example" == read.headers["access-control-allow-origin"]
    assert "Origin" in read.headers["vary"]
    assert "access-control-allow-credentials" not in {*opened.headers, *read.headers}


def test_an_origin_that_may_call_gets_nothing_by_cookie(proxied: Served) -> None:
    session = open_for(proxied, user_id=add_user(proxied))
    headers = {**own_page(session), "Origin": "https://dash.example"}

    assert 403 == proxied.client().post("/api/v1/logout", headers=headers).status_code


@pytest.mark.parametrize("path", ["/", "/login", "/api/v1/me", "/nowhere", "/api/v1/openapi.json"])
def test_every_answer_has_the_security_headers(served: Served, path: str) -> None:
    headers = served.client().get(path).headers

    assert "nosniff" == headers["x-content-type-options"]
    assert "no-referrer" == headers["referrer-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    assert "server" not in headers or "python" not in headers["server"].lower()


def test_an_answer_of_a_broken_server_has_them_too(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_arguments: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(served.server.recogniser, "recognise_all", break_down)
    answer = served.client(Role.ADMIN).get("/api/v1/me")

    assert 500 == answer.status_code
    assert "broken" not in answer.text
    assert "nosniff" == answer.headers["x-content-type-options"]


def test_a_trusted_proxy_tells_the_address_and_https(proxied: Served) -> None:
    user_id = add_user(proxied)
    outside = {
        "Host": "everyrun.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "6.6.6.6, 203.0.113.9, 127.0.0.1",
    }
    came = proxied.client().post(
        "/api/v1/login",
        json={"name": "kim", "password": "correct horse battery staple"},
        headers={**outside, "Origin": "https://everyrun.example"},
    )
    secret = came.headers["set-cookie"].split("=", 1)[1].split(";")[0]
    as_https = {**outside, "Cookie": f"__Host-everyrun_session={secret}"}
    by_plain_name = {**outside, "Cookie": f"everyrun_session={secret}"}

    with proxied.database.reading() as connection:
        addresses = connection.exec_driver_sql("SELECT address FROM sessions").scalars().all()
    assert 200 == came.status_code
    assert came.headers["set-cookie"].startswith("__Host-everyrun_session=")
    assert came.headers["set-cookie"].endswith("; Secure")
    assert "max-age" in came.headers["strict-transport-security"]
    assert ["203.0.113.9"] == addresses
    assert user_id == proxied.client().get("/api/v1/me", headers=as_https).json()["id"]
    assert 401 == proxied.client().get("/api/v1/me", headers=by_plain_name).status_code


def test_nobody_else_is_believed_about_addresses_and_https(served: Served) -> None:
    add_user(served)

    came = served.client().post(
        "/api/v1/login",
        json={"name": "kim", "password": "correct horse battery staple"},
        headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"},
    )

    with served.database.reading() as connection:
        addresses = connection.exec_driver_sql("SELECT address FROM sessions").scalars().all()
    assert ["127.0.0.1"] == addresses
    assert "Secure" not in came.headers["set-cookie"]
    assert "strict-transport-security" not in came.headers


@pytest.mark.parametrize(
    "cookie",
    [
        "everyrun_session=" + "x" * 60_000,
        "everyrun_session=\u00e9" + "x" * 42,
        "everyrun_session=" + "x" * 43 + "; everyrun_session=" + "y" * 43,
        "; ; =; everyrun_session",
        'everyrun_session="' + "x" * 43 + '"',
    ],
)
def test_a_monstrous_cookie_lets_nobody_in_and_harms_nobody(served: Served, cookie: str) -> None:
    answer = served.client().get("/api/v1/me", headers={b"Cookie": cookie.encode("latin-1")})

    assert answer.status_code in {400, 401, 431}
    assert 200 == served.client().get("/").status_code


def test_a_header_cannot_be_split_by_what_is_asked(served: Served) -> None:
    answer = served.client().get("/login?next=/%0d%0aSet-Cookie:%20x=1")

    assert "set-cookie" not in answer.headers
