"""Passwords: what may be one, and how they are kept."""

import pytest
from argon2 import PasswordHasher

from everyrun.server.access.errors import WeakPassword
from everyrun.server.access.passwords import Passwords, checked_password
from everyrun.server.access.signing_in import address_group

CHEAP = PasswordHasher(time_cost=1, memory_cost=1_024, parallelism=1)
LONG = "correct horse battery staple"


@pytest.mark.parametrize(
    "password", ["a" * 11, "a" * 12, "a" * 1_001, "\ud800" * 3 + LONG, "Kim-the-Great", ""]
)
def test_what_is_short_or_obvious_is_no_password(password: str) -> None:
    with pytest.raises(WeakPassword):
        checked_password(password, "kim-the-great")


@pytest.mark.parametrize(
    "password",
    [LONG, "            x", "비밀번호는-길기만-하면-됩니다", "\t" * 11 + "\n", "🔑" * 11 + "🔒"],
)
def test_whatever_is_long_enough_is_one(password: str) -> None:
    assert password == checked_password(password, "kim")


def test_a_hash_fits_its_password_alone() -> None:
    passwords = Passwords(CHEAP)
    kept = passwords.hash(LONG)

    assert kept.startswith("$argon2id$")
    assert LONG not in kept
    assert kept != passwords.hash(LONG)
    assert passwords.fits(LONG, kept)
    for wrong in (LONG + " ", LONG.upper(), "", "x" * 100_000, "\ud800"):
        assert not passwords.fits(wrong, kept)


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=1024,t=1,p=1$x$y"])
def test_no_password_fits_what_is_no_hash(kept: str | None) -> None:
    assert not Passwords(CHEAP).fits(LONG, kept)
    assert not Passwords(CHEAP).fits("the password of nobody", kept)


def test_the_parameters_in_use_are_the_librarys_recommended_ones() -> None:
    assert Passwords().needs_rehash(CHEAP.hash(LONG))
    assert not Passwords(CHEAP).needs_rehash(CHEAP.hash(LONG))


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("a socket", "a socket"),
        ("", ""),
    ],
)
def test_neighbours_in_one_ipv6_network_are_one(address: str, group: str) -> None:
    assert group == address_group(address)
