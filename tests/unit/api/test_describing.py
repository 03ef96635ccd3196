"""Who started it, where the system does not say so easily."""

import os
from collections.abc import Iterator

import pytest

from everyrun.tracking import describing

pwd = pytest.importorskip("pwd")


@pytest.fixture(autouse=True)
def asked_anew() -> Iterator[None]:
    """The user is asked for once in a process; here, once in a test."""
    describing.usual_metadata.cache_clear()
    yield
    describing.usual_metadata.cache_clear()


def unknown(user: int) -> None:
    """No entry, as for the arbitrary users of some containers."""
    raise KeyError(user)


def test_the_user_is_the_systems() -> None:
    assert {"triggered_by": pwd.getpwuid(os.getuid()).pw_name} == describing.usual_metadata()


def test_a_user_without_an_entry_is_told_by_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setenv("USER", "alice")

    assert {"triggered_by": "alice"} == describing.usual_metadata()


def test_a_user_of_whom_nothing_is_known_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.delenv("USER", raising=False)
    monkeypatch.delenv("USERNAME", raising=False)

    assert {"triggered_by": f"user {os.getuid()}"} == describing.usual_metadata()


@pytest.mark.parametrize("given", ["", "nonsense"])
def test_a_parent_that_is_no_id_is_none(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(describing._Inherited, "parent", None)
    monkeypatch.setenv(describing.PARENT_VARIABLE, given)

    assert describing.inherited_parent() is None


def test_a_parent_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parent = "01890a5d-ac96-774b-bcce-b302099a8057"
    monkeypatch.setattr(describing._Inherited, "parent", None)
    monkeypatch.setenv(describing.PARENT_VARIABLE, parent.upper())
    assert parent == describing.inherited_parent()

    monkeypatch.delenv(describing.PARENT_VARIABLE)
    assert parent == describing.inherited_parent()
