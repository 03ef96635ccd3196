"""``everyrun token`` and ``everyrun user``, as whoever keeps the ledger runs them."""

import re

import pytest

from everyrun.domain.plain_secrets import secret_hash
from everyrun.domain.roles import Role
from everyrun.store.access.auditing import list_audit
from everyrun.store.access.callers import TokenCaller, caller_of_token
from everyrun.store.access.tokens import keep_token, revoke_token
from everyrun.store.access.users import known_password
from everyrun.store.database import open_database
from tests.acceptance.cli.conftest import Answer, Cli

PASSWORD = "correct horse battery staple"


def _add(cli: Cli, name: str = "Kim", role: str = "admin", password: str = PASSWORD) -> Answer:
    return cli("user", "create", name, "--role", role, stdin=password + "\n")


def _caller(cli: Cli, token: str) -> TokenCaller | None:
    database = open_database(str(cli.url))
    try:
        with database.reading() as connection:
            return caller_of_token(connection, secret_hash(token), 0)
    finally:
        database.close()


def _hash_of(cli: Cli, name: str) -> str | None:
    database = open_database(str(cli.url))
    try:
        with database.reading() as connection:
            known = known_password(connection, name)
    finally:
        database.close()
    return None if known is None else known.password_hash


def test_a_token_is_printed_once_and_works_until_it_is_revoked(empty: Cli) -> None:
    made = empty("token", "create", "ci", "--role", "operator", "--expires", "90d")
    token = made.out.strip()
    before = _caller(empty, token)
    listed = empty("token", "list")
    asked = empty("token", "revoke", "ci")
    revoked = empty("token", "revoke", "ci", "--yes")

    assert re.fullmatch(r"er_[0-9A-Za-z]{43}\n", made.out), made.err
    assert before is not None and ("ci", Role.OPERATOR) == (before.name, before.role)
    assert token not in listed.out + listed.err
    assert token[:7] in listed.out
    assert (2, 0) == (asked.code, revoked.code)
    assert _caller(empty, token) is None
    assert [] == empty("token", "list", "--json").json["tokens"]
    (gone,) = empty("token", "list", "--all", "--json").json["tokens"]
    assert gone["revoked_at"] is not None
    assert 3 == empty("token", "revoke", "ci", "--yes").code


def test_the_json_of_a_new_token_is_whole(empty: Cli) -> None:
    made = empty("token", "create", "ci", "--json").json

    assert {"token", "id", "name", "role", "expires_at"} == set(made)
    assert ("ci", "ingest", None) == (made["name"], made["role"], made["expires_at"])


def test_a_users_token_may_no_more_than_they(empty: Cli) -> None:
    _add(empty, role="viewer")

    refused = empty("token", "create", "mine", "--user", "kim", "--role", "operator")
    made = empty("token", "create", "mine", "--user", "KIM", "--role", "viewer")

    assert (2, 0) == (refused.code, made.code)
    assert "Kim is viewer" in refused.err
    (listed,) = empty("token", "list", "--json").json["tokens"]
    assert "Kim" == listed["user"]


def test_a_user_is_made_listed_and_changed(empty: Cli) -> None:
    made = _add(empty)
    second = _add(empty, "lee", "viewer")
    taken = _add(empty, "KIM", "viewer")
    promoted = empty("user", "set-role", "LEE", "operator")
    before = _hash_of(empty, "lee")
    changed = empty("user", "set-password", "lee", stdin="another long password\n")
    after = _hash_of(empty, "lee")
    disabled = empty("user", "disable", "lee")

    assert [0, 0, 7, 0, 0, 0] == [
        each.code for each in (made, second, taken, promoted, changed, disabled)
    ]
    assert before != after and after is not None and after.startswith("$argon2id$")
    assert _hash_of(empty, "lee") is None
    listed = empty("user", "list", "--json").json["users"]
    assert [("lee", "operator", True), ("Kim", "admin", False)] == [
        (each["name"], each["role"], each["disabled_at"] is not None) for each in listed
    ]
    assert "disabled" in empty("user", "list").out
    assert 0 == empty("user", "enable", "lee").code
    assert after == _hash_of(empty, "lee")


def test_the_last_admin_stays(empty: Cli) -> None:
    _add(empty)

    disabled = empty("user", "disable", "kim")
    demoted = empty("user", "set-role", "kim", "viewer", EVERYRUN_LANG="ko")

    assert (7, 7) == (disabled.code, demoted.code)
    assert "last administrator" in disabled.err
    assert "마지막 관리자" in demoted.err


@pytest.mark.parametrize("password", ["", "short", "kim-the-user"])
def test_a_weak_or_missing_password_makes_nobody(empty: Cli, password: str) -> None:
    answer = empty("user", "create", "kim-the-user", stdin=password and password + "\n")

    assert 2 == answer.code
    assert 5 == empty("user", "list").code or [] == empty("user", "list", "--json").json["users"]


def test_a_password_is_no_argument(empty: Cli) -> None:
    assert 2 == empty("user", "create", "kim", PASSWORD).code
    assert 2 == empty("user", "create", "kim", "--password", PASSWORD).code


def test_a_password_is_asked_for_twice_and_not_shown(empty: Cli) -> None:
    with empty.at_terminal("user", "create", "kim") as terminal:
        terminal.until("Password: ")
        terminal.press(PASSWORD + "\n")
        terminal.until("Once more: ")
        terminal.press(PASSWORD + "\n")
        shown = terminal.until("kim may sign in as viewer")

    assert PASSWORD not in shown


def test_what_is_changed_here_is_in_the_audit_log_without_secrets(empty: Cli) -> None:
    _add(empty)
    token = empty("token", "create", "ci", "--by", "Lee").out.strip()
    database = open_database(str(empty.url))

    with database.reading() as connection:
        entries = list_audit(connection).items
    database.close()

    assert [("token.create", "ci", "Lee"), ("user.create", "Kim", entries[1].actor)] == [
        (each.action, each.target, each.actor) for each in entries
    ]
    assert {("command line", 200)} == {(each.actor_kind, each.status_code) for each in entries}
    assert not any(secret in repr(entries) for secret in (token, PASSWORD))


def test_nothing_is_served_with_an_admin_token_that_was_revoked(empty: Cli) -> None:
    token = "a-token-of-the-operators-own"
    database = open_database(str(empty.url))
    kept = database.transact(lambda c: keep_token(c, token, "old", Role.ADMIN, 0))
    database.transact(lambda c: revoke_token(c, kept.id, 0))
    database.close()

    answer = empty("serve", "--port", "0", EVERYRUN_ADMIN_TOKEN=token)

    assert 2 == answer.code
    assert ["error: the token of EVERYRUN_ADMIN_TOKEN was revoked; set another one"] == (
        answer.err.splitlines()
    )
    assert "" == answer.out
