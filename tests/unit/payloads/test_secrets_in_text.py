"""Secrets that text betrays by its shape."""

import time

import pytest

from everyrun.domain.payloads import Capturer

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://bob:hunter2@db:5432/x", "postgresql://bob:***@db:5432/x"),
        ("redis://:hunter2@cache", "redis://:***@cache"),
        ("see https://bob:p@ss:word@host/a?b=c now", "see https://bob:***@host/a?b=c now"),
        ("https://abcdef0123456789abcdef@github.com/x", "https://***@github.com/x"),
        ("ssh://git@github.com/x", "ssh://git@github.com/x"),
        ("http://host:80/a@b", "http://host:80/a@b"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("authorization: Basic dXNlcjpwYXNz\nAccept: x", "authorization: ***\nAccept: x"),
        ("Cookie: a=b; c=d\r\nHost: x", "Cookie: ***\r\nHost: x"),
        ('curl -H "Authorization: Bearer abc" http://x', 'curl -H "Authorization: ***" http://x'),
        ("sent Bearer abcdefghijklmnop123 to it", "sent Bearer *** to it"),
        ("Bearer of bad news", "Bearer of bad news"),
        ("https://x/?token=abc&page=2", "https://x/?token=***&page=2"),
        ("https://x/?page=2&api_key=abc#top", "https://x/?page=2&api_key=***"),
        ("host=db password=hunter2 user=bob", "host=db password=*** user=bob"),
        ("password = hunter2", "password = ***"),
        ("Server=x;Pwd=hunter2;Database=y", "Server=x;Pwd=***;Database=y"),
        ("password: hunter2", "password: ***"),
        ('{"password": "a \\"b\\" c", "n": 1}', '{"password": "***", "n": 1}'),
        ("{'api_key': 'a b', 'n': 1}", "{'api_key': '***', 'n': 1}"),
        ("{'api_key': b'a b', 'n': 1}", "{'api_key': b'***', 'n': 1}"),
        ('"{\\"token\\": \\"a b\\", \\"n\\": 1}"', '"{\\"token\\": \\"***\\", \\"n\\": 1}"'),
        ("Login(user='bob', password='x y')", "Login(user='bob', password='***')"),
        ("auth=('bob', 'hunter2'), timeout=5", "auth=***, timeout=5"),
        ('{"password": "unclosed', '{"password": "***'),
        ("run --password hunter2 --verbose", "run --password *** --verbose"),
        ("run --token-file x --verbose", "run --token-file x --verbose"),
        ("--api-key=abc", "--api-key=***"),
        ("spring.datasource.password=abc", "spring.datasource.password=***"),
        ("key AKIAIOSFODNN7EXAMPLE here", "key *** here"),
        ("ASIAIOSFODNN7EXAMPLE", "***"),
        ("AKIAshort", "AKIAshort"),
        (f"got {JWT} back", "got *** back"),
        (f"key:\n{PEM}\nend", "key:\n***\nend"),
        (PEM[:60], "***"),
        (PEM.replace("\n", "\\n"), "***"),
        ("-----BEGIN CERTIFICATE-----\nx", "-----BEGIN CERTIFICATE-----\nx"),
        ("ghp_" + "a1B2" * 9, "***"),
        ("github_pat_" + "a1B2" * 9, "***"),
        ("xoxb-123456789012-abcdef", "***"),
        ("sk-proj-" + "a1B2" * 9, "***"),
        ("AIza" + "a1B2" * 9, "***"),
        ("glpat-" + "a1B2" * 5, "***"),
        ("er_" + "a1B2" * 10 + "xyz", "***"),
        ("password=None", "password=None"),
        ("password=''", "password=''"),
        ("password=***", "password=***"),
        ("max_tokens=100, token_count: 5", "max_tokens=100, token_count: 5"),
        ("the password is wrong", "the password is wrong"),
        ("at 12:30:05 x=1 y: 2 tokens", "at 12:30:05 x=1 y: 2 tokens"),
        ("a task-list of high-risk sk-items", "a task-list of high-risk sk-items"),
        ("", ""),
    ],
)
def test_a_secret_is_hidden_by_its_shape(text: str, shown: str) -> None:
    capturer = Capturer()

    assert shown == capturer.text(text)
    assert shown == capturer.plain(text)
    assert [shown] == capturer.plain([text])


def test_keys_with_secrets_in_them_are_hidden() -> None:
    plain = Capturer().plain({"https://a:hunter2@b": 1, "https://a:hunter3@b": 2})

    assert [["https://a:***@b", 1], ["https://a:***@b", 2]] == plain["value"]


def test_bytes_are_searched_before_they_are_encoded() -> None:
    plain = Capturer().plain([b"\xff token=hunter2", b"token=hunter2", bytearray(b"token=hunter2")])

    assert "/yB0b2tlbj0qKio=" == plain[0]["value"]
    assert ["token=***", "token=***"] == [label["value"] for label in plain[1:]]


@pytest.mark.parametrize(
    "piece",
    [
        "://", "://a:", "@", "eyJ", "eyJaaaaaaaa.", "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ", "AKIA", "bearer ", "Bearer a", "password=", "password='", 'token":"',
        "\\\\\\\"", "--token ", "-", "a.", "a-", "a_", "=", ":", " ", "auth=(", "Cookie: ",
        "sk-", "ghp_", "xoxb-", "'", '"password', "password:=", "password" + " " * 20,
    ],
)  # fmt: skip
def test_searching_takes_time_linear_in_the_length(piece: str) -> None:
    capturer = Capturer(max_bytes=10**7)
    short, long = piece * (20_000 // len(piece)), piece * (160_000 // len(piece))
    capturer.text(short)
    begin = time.process_time()
    capturer.text(short)
    middle = time.process_time()
    capturer.text(long)
    end = time.process_time()

    # Eight times the length; quadratic time would be sixty-four times, from some 10 ms on.
    assert end - middle < 30 * (middle - begin) + 0.05
