"""What a message says of the canvas around it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from everyrun.integrations.celery.shapes import (
    Follow,
    Member,
    anchor_of,
    names_in_turn,
    outcome_id,
    rest_of,
    shares_root,
)


def _task(id_: str | None, name: str = "t", **options: Any) -> dict[str, Any]:
    known = {} if id_ is None else {"task_id": id_}
    return {"task": name, "options": known | options, "subtask_type": None, "kwargs": {}}


def _compound(kind: str, id_: str | None = None, **kwargs: Any) -> dict[str, Any]:
    options = {} if id_ is None else {"task_id": id_}
    return {"task": f"celery.{kind}", "options": options, "subtask_type": kind, "kwargs": kwargs}


def _chord(header: list[Any], body: Any) -> dict[str, Any]:
    return _compound("chord", header=header, body=body)


def _ids(follow: Follow) -> list[str]:
    return [member.id for member in rest_of(follow)]


def test_the_rest_of_a_chain_comes_in_turn_each_after_the_one_before() -> None:
    follow = Follow("1", chain=[_task("3", "c"), _task("2", "b")])

    assert [Member("2", "b", "1"), Member("3", "c", "2")] == list(rest_of(follow))


def test_the_body_of_a_chord_follows_no_single_task() -> None:
    body = _task("body", "sum", group_id="g")

    assert [Member("body", "sum", None, "g")] == list(rest_of(Follow("1", "g", chord=body)))


def test_a_chord_as_a_step_is_its_header_then_its_body_then_the_next_step() -> None:
    step = _chord([_task("h1"), _task("h2")], _task("body"))

    assert ["h1", "h2", "body", "last"] == _ids(Follow("1", chain=[_task("last"), step]))


def test_what_a_body_is_followed_by_is_found_outwards_once() -> None:
    outer = _task("outer")
    body = _task("body", chain=[_task("end", chord=outer)])
    header = [_task("h1", chord=body), _task("h2", chord=body)]

    told = _ids(Follow("0", chain=[_chord(header, body)]))

    assert ["body", "end", "outer"] == _ids(Follow("h1", "g", chord=body))
    assert ["body", "end", "h1", "h2", "outer"] == sorted(told)


def test_a_group_at_the_end_of_a_chain_is_all_of_its_members() -> None:
    last = _compound(
        "group", "g", tasks=[_task("a"), _compound("chain", tasks=[_task("b"), _task("c")])]
    )

    assert ["a", "b", "c"] == _ids(Follow("1", chain=[last]))


def test_members_without_an_id_are_not_told() -> None:
    assert ["3"] == _ids(Follow("1", chain=[_task("3"), _task(None)]))


def test_a_header_that_is_a_generator_is_not_run() -> None:
    ran: list[int] = []
    header = map(ran.append, range(3))

    assert ["body"] == _ids(Follow("1", chain=[_chord(header, _task("body"))]))  # type: ignore[arg-type]
    assert [] == ran


def test_deep_nesting_needs_no_stack() -> None:
    signature: Any = _task("innermost")
    for _ in range(5_000):
        signature = _compound("chain", tasks=[signature])

    assert ["innermost"] == _ids(Follow("1", chain=[signature]))


def test_the_outcome_is_the_id_that_the_sender_holds() -> None:
    body = _task("body", group_id="g")
    in_group = _task("last", group_id="outer")
    nested = _task("inner body", group_id="outer")

    assert "1" == outcome_id(Follow("1"))
    assert "g" == outcome_id(Follow("1", "g"))
    assert "3" == outcome_id(Follow("1", chain=[_task("3"), _task("2")]))
    assert "body" == outcome_id(Follow("1", "g", chord=body))
    assert "outer" == outcome_id(Follow("1", chain=[in_group]))
    assert "outer" == outcome_id(Follow("1", "g1", chord=nested))
    assert "end" == outcome_id(Follow("1", "g", chord=_task("b", chain=[_task("end")])))
    assert "body" == outcome_id(Follow("1", chain=[_chord([_task("h")], _task("body"))]))


def test_all_members_of_a_chord_have_one_outcome() -> None:
    body = _task("body", group_id="g")
    alone = Follow("1", "g", chord=body)
    first_of_chain = Follow("2", chain=[_task("3", group_id="g", chord=body)])

    assert outcome_id(alone) == outcome_id(first_of_chain)


def test_the_anchor_is_the_outcome_of_the_next_step() -> None:
    assert anchor_of(Follow("1")) is None
    assert "2" == anchor_of(Follow("1", chain=[_task("3"), _task("2")]))
    assert "body" == anchor_of(Follow("1", "g", chord=_task("body")))


def test_members_of_a_group_have_a_root_each() -> None:
    assert shares_root(Follow("1", chain=[_task("2")]))
    assert not shares_root(Follow("1", "g"))
    assert not shares_root(Follow("1", chain=[_task("2", group_id="g")]))


def test_names_come_in_turn_and_like_ones_once() -> None:
    chain = [_task("4", "save"), _task("3", "ocr"), _task("2", "ocr")]

    assert ["load", "ocr", "save"] == names_in_turn("load", Follow("1", chain=chain))


def test_a_long_canvas_is_named_by_its_beginning() -> None:
    chain = [_task(str(number), f"step {number}") for number in range(50, 0, -1)]

    named = names_in_turn("step 0", Follow("0", chain=chain))

    assert [*(f"step {number}" for number in range(6)), "…"] == named


_SIGNATURES = st.recursive(
    st.sampled_from(range(1_000)).map(lambda number: _task(str(number))),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda t: _compound("chain", tasks=t)),
        st.lists(inner, min_size=1, max_size=4).map(lambda t: _compound("group", tasks=t)),
        st.tuples(st.lists(inner, min_size=1, max_size=3), inner).map(lambda p: _chord(*p)),
    ),
    max_leaves=20,
)


@given(steps=st.lists(_SIGNATURES, max_size=4))
def test_every_member_is_told_once_whatever_the_shape(steps: list[dict[str, Any]]) -> None:
    expected = {id_ for step in steps for id_ in _leaves(step)} - {"first"}

    told = _ids(Follow("first", chain=list(reversed(steps))))

    assert sorted(set(told)) == sorted(told)
    assert expected == set(told)


def _leaves(signature: dict[str, Any]) -> list[str]:
    kwargs = signature["kwargs"]
    parts = [*kwargs.get("tasks", ()), *kwargs.get("header", ())]
    parts += [kwargs["body"]] if "body" in kwargs else []
    if not parts:
        return [signature["options"]["task_id"]]
    return [id_ for part in parts for id_ in _leaves(part)]
