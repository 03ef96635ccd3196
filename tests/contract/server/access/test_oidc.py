"""Signing in with an OpenID provider, and everything that must not let anybody in."""

import base64
import hmac
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import msgspec
import pytest

from everyrun.domain.roles import Role
from everyrun.server.settings import ServerSettings
from everyrun.store.access.users import create_user, disable_user, user_of_subject
from everyrun.store.database import Database
from everyrun.testing.hand_clock import HandClock
from tests.support.browsers import PASSWORD
from tests.support.openid_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    OpenIdServer,
    new_key,
    openid_server,
)
from tests.support.racing import race
from tests.support.served import Served, serve


@pytest.fixture
def database_url(migrated_sqlite_url: str) -> str:
    """SQLite alone: what the ledger keeps of it is tested on both with users and sessions."""
    return migrated_sqlite_url


Claims = dict[str, Any]


@pytest.fixture
def provider(clock: HandClock) -> Iterator[OpenIdServer]:
    """A provider that vouches for Kim, a developer."""
    with openid_server(clock) as running:
        running.person = {"sub": "42", "preferred_username": "kim", "groups": ["devs", "staff"]}
        yield running


def _settings(provider: OpenIdServer, **more: str) -> ServerSettings:
    given = {
        "oidc_issuer": provider.url,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_role_claim": "groups",
        "oidc_roles": "devs=operator, boss=admin, staff=viewer",
        **more,
    }
    return ServerSettings(**given)  # type: ignore[arg-type] # all of these are texts


@pytest.fixture
def served(database: Database, clock: HandClock, provider: OpenIdServer) -> Iterator[Served]:
    """A server that knows the provider."""
    with serve(database, _settings(provider), clock) as running:
        yield running


def _go(client: httpx.Client, path: str = "/") -> str:
    """Be sent to the provider and sign in there; answers where it sends us back to."""
    sent = client.get("/login/oidc", params={"next": path})
    assert 303 == sent.status_code, sent.text
    back = httpx.get(sent.headers["location"])
    assert 302 == back.status_code
    return back.headers["location"]


def _sign_in(client: httpx.Client, path: str = "/") -> httpx.Response:
    return client.get(_go(client, path))


def _changed(**claims: Any) -> Callable[[Claims], Claims]:
    return lambda told: {
        name: value for name, value in {**told, **claims}.items() if value is not None
    }


def _is_refused(client: httpx.Client, answer: httpx.Response) -> bool:
    return answer.status_code == 403 and 401 == client.get("/api/v1/me").status_code


def test_somebody_signs_in_with_the_provider(served: Served, provider: OpenIdServer) -> None:
    client = served.client()

    answer = _sign_in(client, "/runs?status=failed")
    me = client.get("/api/v1/me").json()

    assert (303, "/runs?status=failed") == (answer.status_code, answer.headers["location"])
    assert ("user", "kim", "operator") == (me["kind"], me["name"], me["role"])
    with served.database.reading() as connection:
        user = user_of_subject(connection, provider.url, "42")
    assert user is not None
    assert (me["id"], False, provider.url) == (user.id, user.has_password, user.issuer)
    assert user.last_login_at is not None
    log = served.client(Role.ADMIN).get("/api/v1/audit", params={"action": "session.open"})
    assert [("kim", 303)] == [(e["target"], e["status_code"]) for e in log.json()["items"]]


def test_what_is_sent_to_the_provider_is_as_the_protocol_wants(
    served: Served, provider: OpenIdServer
) -> None:
    first, second = (served.client().get("/login/oidc", params={"next": "/x"}) for _ in range(2))
    query = parse_qs(urlsplit(first.headers["location"]).query)
    cookie = first.headers["set-cookie"]

    assert {"response_type": ["code"], "code_challenge_method": ["S256"]}.items() <= query.items()
    assert [f"{served.url}/login/oidc/callback"] == query["redirect_uri"]
    assert "openid" in query["scope"][0].split()
    for name in ("state", "nonce", "code_challenge"):
        assert 43 == len(query[name][0])
        assert query[name] != parse_qs(urlsplit(second.headers["location"]).query)[name]
        assert query[name][0] not in cookie
    assert "HttpOnly; SameSite=Lax" in cookie
    assert "Max-Age=600" in cookie


def test_the_same_person_is_the_same_user(served: Served, provider: OpenIdServer) -> None:
    first, second = served.client(), served.client()
    _sign_in(first)
    provider.person["preferred_username"] = "kim-renamed"
    _sign_in(second)

    assert first.get("/api/v1/me").json()["id"] == second.get("/api/v1/me").json()["id"]


def test_the_role_follows_the_providers_groups(served: Served, provider: OpenIdServer) -> None:
    roles = []
    for groups in (["staff"], ["boss", "staff"], "devs"):
        client = served.client()
        provider.person["groups"] = groups
        _sign_in(client)
        roles.append(client.get("/api/v1/me").json()["role"])

    assert ["viewer", "admin", "admin"] == roles
    second = served.client()
    provider.person = {"sub": "43", "preferred_username": "lee", "groups": ["boss"]}
    _sign_in(second)
    provider.person = {"sub": "42", "groups": ["devs"]}
    client = served.client()
    _sign_in(client)
    assert "operator" == client.get("/api/v1/me").json()["role"]


def test_who_has_no_group_that_gives_a_role_is_not_let_in(
    served: Served, provider: OpenIdServer
) -> None:
    known = served.client()
    _sign_in(known)

    for groups in ([], ["other"], None, 7, ["admin"], {"devs": True}):
        provider.person["groups"] = groups
        client = served.client()
        assert _is_refused(client, _sign_in(client))


def test_a_default_role_lets_everybody_in_whom_the_provider_knows(
    database: Database, clock: HandClock, provider: OpenIdServer
) -> None:
    settings = _settings(provider, oidc_role_claim="", oidc_default_role="viewer")
    with serve(database, settings, clock) as served:
        client = served.client()
        _sign_in(client)

        assert "viewer" == client.get("/api/v1/me").json()["role"]


def test_groups_may_lie_deeper(
    database: Database, clock: HandClock, provider: OpenIdServer
) -> None:
    settings = _settings(provider, oidc_role_claim="resource_access.everyrun.roles", oidc_roles="")
    provider.person["resource_access"] = {"everyrun": {"roles": ["admin"]}}
    with serve(database, settings, clock) as served:
        client = served.client()
        _sign_in(client)

        assert "admin" == client.get("/api/v1/me").json()["role"]


def test_a_user_of_the_same_name_is_somebody_else(served: Served, provider: OpenIdServer) -> None:
    hashed = served.server.passwords.hash(PASSWORD)
    local = served.database.transact(
        lambda c: create_user(c, "KIM", Role.ADMIN, served.clock.now(), password_hash=hashed)
    )
    client = served.client()

    _sign_in(client)
    me = client.get("/api/v1/me").json()

    assert local.id != me["id"]
    assert ("kim (127.0.0.1)", "operator") == (me["name"], me["role"])


def test_a_disabled_person_is_not_let_in(served: Served, provider: OpenIdServer) -> None:
    client = served.client()
    _sign_in(client)
    user_id = client.get("/api/v1/me").json()["id"]
    served.database.transact(lambda c: disable_user(c, user_id, served.clock.now()))
    served.server.recogniser.forget()

    assert _is_refused(client, _sign_in(client))


def test_a_person_who_comes_in_twice_at_once_is_one_user(
    served: Served, provider: OpenIdServer
) -> None:
    clients = [served.client() for _ in range(4)]
    places = [_go(client) for client in clients]

    race(*(lambda c=c, p=p: c.get(p) for c, p in zip(clients, places, strict=True)))

    assert 1 == len({client.get("/api/v1/me").json()["id"] for client in clients})


@pytest.mark.parametrize(
    "lie",
    [
        _changed(nonce="another"),
        _changed(nonce=None),
        _changed(aud="somebody-else"),
        _changed(aud=["somebody-else"]),
        _changed(aud=[CLIENT_ID, "somebody-else"]),
        _changed(azp="somebody-else"),
        _changed(aud=None),
        _changed(iss="https://evil.example"),
        _changed(iss=None),
        _changed(exp=1_000_000_000),
        _changed(exp=None),
        _changed(exp="tomorrow"),
        _changed(iat=4_000_000_000),
        _changed(iat=None),
        _changed(nbf=4_000_000_000),
        _changed(sub=None),
        _changed(sub=""),
        _changed(sub=7),
        _changed(sub="x" * 300),
    ],
)
def test_an_id_token_that_says_something_else_lets_nobody_in(
    served: Served, provider: OpenIdServer, lie: Callable[[Claims], Claims]
) -> None:
    provider.lie = lie
    client = served.client()

    assert _is_refused(client, _sign_in(client))
    provider.lie = _changed()
    assert 303 == _sign_in(client).status_code


def _plain(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(part)).rstrip(b"=").decode()


def _forgeries(provider: OpenIdServer) -> dict[str, Callable[[Claims], str]]:
    stranger = new_key(str(provider.keys[0].kid))
    public = provider.keys[0].as_pem(private=False)
    return {
        "alg none": lambda c: f"{_plain({'alg': 'none'})}.{_plain(c)}.",
        "alg None with a signature": lambda c: f"{_plain({'alg': 'None'})}.{_plain(c)}.AAAA",
        "another's key by the same name": lambda c: provider.signed(c, stranger),
        "a key that nobody knows": lambda c: provider.signed(c, new_key("unknown")),
        "the public key as a secret": lambda c: _by_secret(c, public),
        "the client's secret": lambda c: _by_secret(c, CLIENT_SECRET.encode()),
        "a key that it brings along": lambda c: provider.signed(
            c, stranger, jwk=stranger.as_dict(private=False)
        ),
        "a part changed": lambda c: _swapped(provider.signed(c), {**c, "sub": "1"}),
        "no token": lambda _: "nonsense",
        "an empty token": lambda _: "",
        "a list": lambda _: f"{_plain({'alg': 'RS256'})}.W10.AAAA",
    }


def _by_secret(claims: Claims, secret: bytes) -> str:
    signed = f"{_plain({'alg': 'HS256', 'kid': 'first'})}.{_plain(claims)}"
    signature = hmac.digest(secret, signed.encode(), "sha256")
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _swapped(token: str, claims: Claims) -> str:
    header, _, signature = token.split(".")
    return f"{header}.{_plain(claims)}.{signature}"


def test_a_forged_id_token_lets_nobody_in(served: Served, provider: OpenIdServer) -> None:
    for name, forge in _forgeries(provider).items():
        provider.sign = forge
        client = served.client()
        assert _is_refused(client, _sign_in(client)), name


def test_the_providers_new_key_is_taken(
    served: Served, provider: OpenIdServer, clock: HandClock
) -> None:
    first, second = served.client(), served.client()
    _sign_in(first)
    provider.keys = [new_key("second")]

    answer = _sign_in(second)

    assert 303 == answer.status_code
    assert 2 == provider.asked.count("/keys")
    _sign_in(served.client())
    assert (2, 1) == (
        provider.asked.count("/keys"),
        provider.asked.count("/.well-known/openid-configuration"),
    )


def test_an_answer_counts_once(served: Served, provider: OpenIdServer) -> None:
    client = served.client()
    place = _go(client)
    cookies = dict(client.cookies)
    client.get(place)
    other = served.client()
    other.cookies.update(cookies)

    assert _is_refused(other, other.get(place))


def test_an_answer_counts_once_even_when_the_provider_repeats_itself(
    served: Served, provider: OpenIdServer
) -> None:
    client = served.client()
    place = _go(client)
    kept, cookies = dict(provider._codes), dict(client.cookies)
    client.get(place)
    provider._codes.update(kept)
    other = served.client()
    other.cookies.update(cookies)

    assert _is_refused(other, other.get(place))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("state", "x" * 43),
        ("state", ""),
        ("state", "\u00e9"),
        ("code", "guessed"),
        ("code", ""),
        ("iss", "https://evil.example"),
        ("error", "access_denied"),
    ],
)
def test_an_answer_that_was_tampered_with_lets_nobody_in(
    served: Served, provider: OpenIdServer, name: str, value: str
) -> None:
    client = served.client()
    place = urlsplit(_go(client))
    query = {key: values[0] for key, values in parse_qs(place.query).items()}

    answer = client.get(f"{place.path}?{urlencode({**query, name: value})}")

    assert _is_refused(client, answer)
    assert "<script>" in answer.text


def test_another_browser_cannot_end_what_it_did_not_begin(
    served: Served, provider: OpenIdServer
) -> None:
    place = _go(served.client())
    without_cookie, with_another = served.client(), served.client()
    _go(with_another)

    assert _is_refused(without_cookie, without_cookie.get(place))
    assert _is_refused(with_another, with_another.get(place))


@pytest.mark.parametrize(
    "path", ["https://evil.example", "//evil.example", "/\\evil.example", "/a\nb", "/\u00e9"]
)
def test_the_way_back_leads_nowhere_else(served: Served, provider: OpenIdServer, path: str) -> None:
    client = served.client()

    assert "/" == _sign_in(client, path).headers["location"]


def test_a_way_back_in_a_forged_cookie_leads_nowhere_else(
    served: Served, provider: OpenIdServer
) -> None:
    client = served.client()
    place = _go(client)
    secret = client.cookies["everyrun_oidc"].split(".")[0]
    evil = base64.urlsafe_b64encode(b"//evil.example").decode().rstrip("=")
    client.cookies.clear()

    answer = client.get(place, headers={"Cookie": f"everyrun_oidc={secret}.{evil}"})

    assert (303, "/") == (answer.status_code, answer.headers["location"])


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": None},
        {"authorization_endpoint": 7},
    ],
)
def test_a_provider_that_is_described_wrongly_is_not_asked(
    served: Served, provider: OpenIdServer, described: dict[str, Any]
) -> None:
    provider.described = described

    answer = served.client().get("/login/oidc")

    assert 503 == answer.status_code
    assert "/authorize" not in provider.asked


def test_a_provider_that_is_away_is_told_of(
    database: Database, clock: HandClock, provider: OpenIdServer
) -> None:
    settings = _settings(provider, oidc_issuer="http://127.0.0.1:9")
    with serve(database, settings, clock) as served:
        answer = served.client().get("/login/oidc", headers={"Accept-Language": "ko"})

    assert 503 == answer.status_code
    assert "OpenID 제공자가 응답하지 않습니다" in answer.text


def test_a_public_client_proves_itself_by_pkce_alone(
    database: Database, clock: HandClock, provider: OpenIdServer
) -> None:
    provider.has_secret = False
    with serve(database, _settings(provider, oidc_client_secret=""), clock) as served:
        assert 303 == _sign_in(served.client()).status_code


def test_without_a_provider_there_is_no_such_way(database: Database) -> None:
    with serve(database) as served:
        assert 404 == served.client().get("/login/oidc").status_code
        assert "/login/oidc" not in served.client().get("/login").text


def test_the_sign_in_page_names_the_provider(served: Served) -> None:
    text = served.client().get("/login", params={"next": "/a?b=c&d"}).text

    assert '<a href="/login/oidc?next=%2Fa%3Fb%3Dc%26d">Sign in with 127.0.0.1</a>' in text
