"""What workflows may be called."""

import pytest

from everyrun.workflows.naming import LONGEST_NAME, InvalidName, checked_name


@pytest.mark.parametrize("name", ["", " \n", "a\0b", "\udc80", "x" * (LONGEST_NAME + 1)])
def test_nothing_is_called_so(name: str) -> None:
    with pytest.raises(InvalidName):
        checked_name(name)


@pytest.mark.parametrize("name", ["매일 아침", "it's a/b", "x" * LONGEST_NAME, " padded "])
def test_names_may_have_any_signs(name: str) -> None:
    assert name == checked_name(name)
