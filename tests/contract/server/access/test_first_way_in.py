"""How the first person comes in, and the token that automation brings along."""

import pytest

from everyrun.domain.errors import SettingsError
from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.server.access.first_way_in import GIVEN_TOKEN, admit_admin_token, first_way_in
from everyrun.server.settings import ServerSettings
from everyrun.server.state import Server
from everyrun.store.access.callers import caller_of_token
from everyrun.store.access.tokens import list_tokens, revoke_token
from everyrun.store.database import Database, open_database
from everyrun.testing.hand_clock import HandClock
from tests.support.racing import race
from tests.support.served import Served, serve

GIVEN = "a-token-of-the-operators-own"


def _server(database: Database, token: str = "") -> Server:
    return Server(database, ServerSettings(admin_token=token), clock=HandClock())


def _role(database: Database, token: str) -> Role | None:
    with database.reading() as connection:
        found = caller_of_token(connection, secret_hash(token), HandClock().now())
    return None if found is None else found.role


def test_the_first_start_makes_a_token_and_later_ones_do_not(database: Database) -> None:
    server = _server(database)

    first, second = first_way_in(server), first_way_in(server)

    assert first.token is not None and second.token is None
    assert first.path != second.path
    assert Role.ADMIN is _role(database, first.token)
    with database.reading() as connection:
        assert 1 == len(list_tokens(connection).items)


def test_servers_that_start_at_once_make_one_token(database_url: str) -> None:
    databases = [open_database(database_url) for _ in range(3)]

    ways = race(*(lambda d=each: first_way_in(_server(d)).token for each in databases))

    assert 2 == ways.count(None), ways
    for each in databases:
        each.close()


def test_the_link_is_at_the_address_that_people_use(served: Served) -> None:
    way = first_way_in(served.server)

    assert way.at("https://everyrun.example/").startswith("https://everyrun.example/login?link=")
    assert 900_000_000 == way.expires_at - served.clock.now()


def test_a_token_from_the_environment_lets_in_at_once(database: Database) -> None:
    with serve(database, ServerSettings(admin_token=GIVEN)) as served:
        client = served.client()
        answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {GIVEN}"})
        way = first_way_in(served.server)

        assert "admin" == answer.json()["role"]
        assert way.token is None
        assert 303 == client.get(way.path).status_code


def test_another_token_takes_its_place(database: Database) -> None:
    admit_admin_token(_server(database, GIVEN))
    admit_admin_token(_server(database, GIVEN))
    admit_admin_token(_server(database, GIVEN + "-2"))

    assert (None, Role.ADMIN) == (_role(database, GIVEN), _role(database, GIVEN + "-2"))
    with database.reading() as connection:
        kept = list_tokens(connection, revoked=True).items
    assert [GIVEN_TOKEN, GIVEN_TOKEN] == [each.name for each in kept]


def test_a_token_that_was_revoked_is_not_admitted_again(database: Database) -> None:
    server = _server(database, GIVEN)
    kept = admit_admin_token(server)
    assert kept is not None
    database.transact(lambda c: revoke_token(c, kept.id, server.clock.now()))

    with pytest.raises(SettingsError, match="revoked"):
        admit_admin_token(server)


@pytest.mark.parametrize("token", ["short", "with a space and some more", "비밀" * 20, "x" * 513])
def test_a_token_that_cannot_be_one_is_refused_at_the_start(token: str) -> None:
    with pytest.raises(SettingsError, match="EVERYRUN_ADMIN_TOKEN") as refused:
        ServerSettings(admin_token=token)

    assert token not in str(refused.value)


def test_secrets_do_not_show_in_settings() -> None:
    settings = ServerSettings(
        admin_token=GIVEN,
        oidc_issuer="https://id.example",
        oidc_client_id="everyrun",
        oidc_client_secret="very secret",
    )

    assert GIVEN not in repr(settings)
    assert "very secret" not in repr(settings)
