"""Where spools lie: one place a ledger, whoever writes to it; no secret in sight."""

from pathlib import Path

import pytest

from everyrun.tracking.spool.layout import readable_url, spools_of

HOME = Path("/home/ada/.everyrun")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql://ada:one@db.example/runs", "postgresql://bob:two@db.example/runs"),
        ("postgresql+psycopg://db.example/runs", "postgresql://db.example/runs"),
        ("https://ledger.example/", "https://Ledger.example"),
        ("https://ledger.example?token=a", "https://ledger.example?token=b"),
        ("postgresql:///runs?host=/s&port=1", "postgresql:///runs?port=1&host=/s"),
    ],
)
def test_one_ledger_is_one_destination(one: str, other: str) -> None:
    assert spools_of(HOME, one) == spools_of(HOME, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql://db.example/runs", "postgresql://db.example/tests"),
        ("postgresql:///runs?host=/a", "postgresql:///runs?host=/b"),
        ("https://ledger.example:1", "https://ledger.example:2"),
        ("sqlite:////srv/a.db", "sqlite:////srv/b.db"),
    ],
)
def test_two_ledgers_are_two_destinations(one: str, other: str) -> None:
    assert spools_of(HOME, one) != spools_of(HOME, other)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ada:pw@db.example:5432/runs", "postgresql://ada@db.example:5432/runs"),
        ("postgresql:///runs?password=pw&host=/s", "postgresql:///runs?password=***&host=/s"),
        ("https://ledger.example/x?token=pw", "https://ledger.example/x?token=***"),
        ("sqlite:////srv/runs.db", "sqlite:////srv/runs.db"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url: str, shown: str) -> None:
    assert shown == readable_url(url)
