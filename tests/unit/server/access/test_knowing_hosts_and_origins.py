"""Names that the server goes by, origins that may call it, proxies that are believed."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from everyrun.server.access.hosts import KnownHosts, is_loopback
from everyrun.server.access.origins import KnownOrigins
from everyrun.server.access.proxies import as_sent, trusted_networks
from everyrun.server.access.return_paths import safe_return_path
from everyrun.server.access.settings import AccessSettings


@pytest.mark.parametrize(
    ("bound", "host", "expected"),
    [
        ("127.0.0.1", "127.0.0.1:8321", True),
        ("127.0.0.1", "127.9.9.9", True),
        ("127.0.0.1", "192.168.0.5", False),
        ("127.0.0.1", socket.gethostname(), False),
        ("::1", "[::1]", True),
        ("0.0.0.0", "192.168.0.5:80", True),
        ("0.0.0.0", "[2001:db8::1]:80", True),
        ("0.0.0.0", socket.gethostname(), True),
        ("0.0.0.0", "everyrun.example", False),
        ("10.0.0.5", "10.0.0.5", True),
        ("everyrun.example", "everyrun.example", True),
    ],
)
def test_a_server_goes_by_where_it_listens(bound: str, host: str, expected: bool) -> None:
    assert expected is KnownHosts(bound, AccessSettings()).knows(host)


@pytest.mark.parametrize(
    ("allowed", "host", "expected"),
    [
        ("a.example, b.example.", "B.example:443", True),
        ("*.example", "a.example", True),
        ("*.example", "a.b.example", True),
        ("*.example", "example", False),
        ("*.example", "badexample", False),
        ("*.example", ".example", False),
        ("*", "anything.at.all", True),
        ("*", "not a host", False),
        ("*", "a.example/path", False),
        ("*", "user@a.example", False),
    ],
)
def test_a_setting_adds_names(allowed: str, host: str, expected: bool) -> None:
    known = KnownHosts("127.0.0.1", AccessSettings(allowed_hosts=allowed))

    assert expected is known.knows(host)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "::1", "[::1]"])
def test_loopback_is_known_by_all_its_names(host: str) -> None:
    assert is_loopback(host)
    assert not is_loopback("0.0.0.0")


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "expected"),
    [
        ("http://localhost:8321", "http", "localhost:8321", True),
        ("http://localhost", "http", "localhost:80", True),
        ("https://everyrun.example", "http", "everyrun.example", True),
        ("https://everyrun.example", "https", "everyrun.example:443", True),
        ("http://everyrun.example", "https", "everyrun.example", False),
        ("http://localhost:8322", "http", "localhost:8321", False),
        ("http://localhost.evil.example:8321", "http", "localhost:8321", False),
        ("http://user@localhost:8321", "http", "localhost:8321", False),
        ("http://localhost:8321/path", "http", "localhost:8321", False),
        ("http://localhost:99999", "http", "localhost:8321", False),
        ("null", "http", "localhost:8321", False),
        ("http://[::1", "http", "[::1]", False),
    ],
)
def test_our_own_origin_is_where_we_were_called(
    origin: str, scheme: str, host: str, expected: bool
) -> None:
    assert expected is KnownOrigins(AccessSettings()).is_own(origin, scheme, host)


def test_only_origins_that_a_setting_names_may_call() -> None:
    some = KnownOrigins(AccessSettings(cors_origins="https://a.example, http://b.example:81"))
    every = KnownOrigins(AccessSettings(cors_origins="*"))

    assert some.may_call("https://a.example:443")
    assert some.may_call("http://b.example:81")
    assert not some.may_call("http://a.example")
    assert not some.may_call("null")
    assert every.may_call("https://c.example")
    assert not every.may_call("null")


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([], "10.0.0.1"),
        (["203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6", "203.0.113.9, 10.0.0.2"], "203.0.113.9"),
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        (["203.0.113.9, nonsense, 10.0.0.2"], "10.0.0.2"),
        (["nonsense"], "10.0.0.1"),
        (["2001:db8::1"], "2001:db8::1"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9," + " ," * 5_000], "10.0.0.1"),
    ],
)
def test_the_last_address_that_is_no_proxy_counts(fields: list[str], expected: str) -> None:
    headers = [(b"x-forwarded-for", each.encode()) for each in fields]
    scope = {"type": "http", "client": ("10.0.0.1", 1), "scheme": "http", "headers": headers}

    assert expected == as_sent(scope, trusted_networks("10.0.0.0/8"))["client"][0]


def test_who_is_no_trusted_proxy_is_not_believed() -> None:
    headers = [(b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-proto", b"https")]
    scope = {"type": "http", "client": ("192.0.2.1", 1), "scheme": "http", "headers": headers}

    assert scope == as_sent(scope, trusted_networks("10.0.0.0/8"))
    assert scope == as_sent(scope, ())


@pytest.mark.parametrize(
    ("schemes", "expected"),
    [(["https"], "https"), (["HTTPS"], "https"), (["ftp"], "http"), (["https", "http"], "http")],
)
def test_a_trusted_proxy_tells_the_scheme(schemes: list[str], expected: str) -> None:
    headers = [(b"x-forwarded-proto", each.encode()) for each in schemes]
    scope = {"type": "http", "client": ("10.0.0.1", 1), "scheme": "http", "headers": headers}

    assert expected == as_sent(scope, trusted_networks("10.0.0.1"))["scheme"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_is_not_a_change(method: str) -> None:
    foreign = Headers({"origin": "https://evil.example", "host": "localhost"})

    assert not KnownOrigins(AccessSettings()).led_here(method, foreign, "http")
    assert KnownOrigins(AccessSettings()).led_here("POST", foreign, "http")


@given(st.text() | st.text(alphabet="/\\.:@%?#\t\n\r ehtps").map(lambda text: "/" + text))
def test_a_return_path_never_leaves_the_server(text: str) -> None:
    path = safe_return_path(text)

    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isascii() and path.isprintable()
    assert path in {text, "/"}
