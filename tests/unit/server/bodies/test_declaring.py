"""What a request says that its body is."""

import pytest

from everyrun.server.bodies import content_type
from everyrun.server.bodies.refusals import UnsupportedMediaType

BOTH = ("application/msgpack", "application/json")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, "application/msgpack"),
        (" ", "application/msgpack"),
        ("application/json", "application/json"),
        ("Application/JSON; charset=UTF-8", "application/json"),
        ('application/json; charset="utf-8"; boundary=x', "application/json"),
        ("application/problem+json", "application/json"),
        ("text/json;charset=us-ascii", "application/json"),
        ("application/json;;=;charset", "application/json"),
        ("application/msgpack", "application/msgpack"),
        ("application/x-msgpack", "application/msgpack"),
        ("application/vnd.msgpack", "application/msgpack"),
    ],
)
def test_a_content_type_is_known_by_any_of_its_names(header: str | None, name: str) -> None:
    assert name == content_type(header, BOTH)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("application/x-www-form-urlencoded", "is not taken here; send application/json"),
        ("application/msgpack", "is not taken here; send application/json"),
        ("application/json; charset=euc-kr", "charset 'euc-kr' is not taken here; send UTF-8"),
        ("application/json; charset=utf-16", "send UTF-8"),
    ],
)
def test_others_are_refused(header: str, sentence: str) -> None:
    with pytest.raises(UnsupportedMediaType, match=sentence) as refusal:
        content_type(header)

    assert 415 == refusal.value.status_code
