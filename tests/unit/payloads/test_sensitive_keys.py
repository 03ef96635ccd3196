"""Which keys hide their values, and which only look as if they should."""

import dataclasses
from typing import Any

import pytest

from everyrun.domain.payloads import SENSITIVE_KEYS, Capturer, Redactor
from everyrun.domain.payloads.recognising import KEY_HINTS

SENSITIVE = """
password Password PASSWORD passwd user_password userPassword db-password DB_PASSWORD password1
PGPASSWORD MYSQL_PWD pwd passphrase passcode db_pass smtpPass pass
secret client_secret clientSecret secrets SECRET_KEY aws_secret_access_key secretAccessKey
token access_token accessToken refresh-token auth_token authtoken csrfmiddlewaretoken XSRF-TOKEN
x-amz-security-token id_token access_tokens apiTokens bearer jwt otp sig X-Amz-Signature
api_key apikey apiKey API-KEY x-api-key APIKEYS openai_api_key
authorization Authorization Proxy-Authorization auth basic_auth
cookie Cookie Set-Cookie cookies session_cookie
credential credentials aws_credentials creds db_creds
private_key privateKey ssh_key access_key accessKeyId aws_access_key_id AccountKey signing-key
session_id sessionid sessionId JSESSIONID PHPSESSID session_key
비밀번호 사용자_비밀번호
""".split()  # noqa: SIM905 - words are read best in lines

HARMLESS = """
tokens_used max_tokens token_count tokens total_tokens prompt_tokens num_tokens token_limit
tokenCount maxTokenLength token_type token_url token_ids pad_token eos_token next_page_token
tokenizer token_expires_in access_token_expires_at tokenized
monkey key keys keyboard keyword primary_key foreign_key sort_key key_count turkey hockey
secretary secret_name secret_arn passwordless password_length password_policy has_password
compass passenger passes bypass passed passing_rate pass_count
author authors authority authored cookie_name cookie_domain recookied
accession session sessions session_count credits accredited
design signature assigned significant
""".split()  # noqa: SIM905 - words are read best in lines


@pytest.mark.parametrize("key", SENSITIVE)
def test_a_sensitive_key_hides_its_value(key: str) -> None:
    assert {key: "***"} == Capturer().plain({key: "value"})
    assert key in Capturer().text(f"{key}=value")
    assert "value" not in Capturer().text(f"{key}=value")


@pytest.mark.parametrize("key", HARMLESS)
def test_a_harmless_key_shows_its_value(key: str) -> None:
    assert {key: "value"} == Capturer().plain({key: "value"})
    assert f"{key}=value" == Capturer().text(f"{key}=value")


@pytest.mark.parametrize("key", SENSITIVE)
def test_a_sensitive_key_has_a_hint(key: str) -> None:
    assert any(hint in key.lower() for hint in KEY_HINTS)


@pytest.mark.parametrize("value", [None, True, False, ""])
def test_that_there_is_no_secret_is_shown(value: Any) -> None:
    assert {"password": value} == Capturer().plain({"password": value})


@pytest.mark.parametrize("value", ["x", 1234, 0, ["a"], {"user": "u"}, b"x", 1.5, object()])
def test_a_secret_of_any_type_is_hidden(value: Any) -> None:
    assert {"password": "***", "a": 1} == Capturer().plain({"password": value, "a": 1})


def test_pairs_are_hidden_by_their_first() -> None:
    headers = [("Authorization", "Bearer x"), (b"cookie", b"a=b"), ("accept", "*/*")]
    plain = Capturer().plain(headers)

    assert "***" == plain[0]["value"][1]
    assert "***" == plain[1]["value"][1]
    assert "*/*" == plain[2]["value"][1]


def test_keys_among_keys_of_other_types_hide_their_values() -> None:
    plain = Capturer().plain({1: "a", "password": "b", b"api_key": "c"})

    assert ["a", "***", "***"] == [value for _, value in plain["value"]]


def test_the_value_after_a_sensitive_option_is_hidden() -> None:
    command = [
        "login",
        "--user",
        "bob",
        "--password",
        "hunter2",
        "--token-file",
        "f",
        "--api-key=x",
    ]
    plain = Capturer().plain(command)

    assert ["login", "--user", "bob", "--password", "***", "--token-file", "f"] == plain[:-1]
    assert "--api-key=***" == plain[-1]


def test_fields_of_records_are_hidden_by_their_name() -> None:
    @dataclasses.dataclass
    class Login:
        user: str
        password: str

    assert {"user": "bob", "password": "***"} == Capturer().plain(Login("bob", "x"))["value"]


def test_patterns_can_be_added() -> None:
    redactor = Redactor(sensitive_keys=(*SENSITIVE_KEYS, "iban"), harmless_keys=["^public_"])
    capturer = Capturer(redactor=redactor)

    assert {"customerIban": "***"} == capturer.plain({"customerIban": "DE00"})
    assert {"public_iban": "DE00"} == capturer.plain({"public_iban": "DE00"})
    assert "iban: ***" == capturer.text("iban: DE00")
    assert {"password": "***"} == capturer.plain({"password": "x"})


def test_patterns_can_be_taken_away() -> None:
    capturer = Capturer(redactor=Redactor(sensitive_keys=(), shapes=False))

    assert {"password": "x"} == capturer.plain({"password": "x"})
    assert "password=x" == capturer.text("password=x")


def test_a_pattern_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="key pattern"):
        Redactor(sensitive_keys=["("])


def test_a_great_many_different_keys_take_bounded_memory() -> None:
    capturer = Capturer()
    for batch in range(20):
        capturer.plain({f"key {batch} {n}": n for n in range(1_000)})

    assert len(capturer._keys) <= 4_096
    assert len(capturer.redactor._verdicts) <= 4_096
