"""Which results belong together, in whatever order they come, and what that is called."""

from hypothesis import given
from hypothesis import strategies as st

from everyrun.domain.identifiers import birth_of, is_uuid7
from everyrun.integrations.celery.history.families import Families, Family, Sketch
from everyrun.integrations.celery.history.results import Result, result_of

EXTENDED = {"name": "shop.add", "args": [1], "kwargs": {}, "retries": 2, "worker": "celery@a"}
DONE = "2026-11-28T09:58:22.123456+00:00"


def _result(task_id: str, *relatives: str, at: int = 1_000_000, state: str = "SUCCESS") -> Result:
    done = at if state == "SUCCESS" else None
    name = f"shop.{task_id}"
    return Result(task_id, state, done, name, 0, None, None, 1, None, None, frozenset(relatives))


def _families(results: list[Result]) -> list[Family]:
    families = Families()
    for result in results:
        families.add(result)
    return sorted(families.all())


CANVASES = [
    _result("a", "b", at=3_000),
    _result("b", "c", at=5_000),
    _result("c", at=9_000),
    _result("m1", "group", at=7_000),
    _result("m2", "group", at=8_000),
    _result("alone", at=6_000),
    _result("waits", "w", state="STARTED"),
    _result("w", at=4_000),
]


@given(st.permutations(CANVASES))
def test_families_are_the_same_in_any_order(results: list[Result]) -> None:
    found = _families(results)

    assert [["a", "b", "c"], ["w"], ["alone"], ["m1", "m2"]] == [
        [member.task_id for member in family.members] for family in found
    ]
    assert _families(CANVASES) == found


def test_a_familys_id_is_a_uuid7_of_its_first_end() -> None:
    family = Family(
        [Sketch(1_795_860_000_123_456, "a", None), Sketch(1_795_860_000_999_999, "b", None)]
    )

    assert is_uuid7(family.execution_id)
    assert family.execution_id[19] in "89ab"
    assert 1_795_860_000_123_000 == birth_of(family.execution_id)
    assert family.execution_id == Family(family.members[:1]).execution_id
    assert family.execution_id != Family(family.members[1:]).execution_id


def test_a_family_is_called_by_its_tasks() -> None:
    members = [Sketch(n, str(n), name) for n, name in enumerate(["a", "a", None, "b"])]

    assert "canvas: a → unknown task → b" == Family(members).name
    assert "a" == Family(members[:1]).name
    assert Family([Sketch(n, str(n), str(n)) for n in range(9)]).name.endswith("→ 5 → …")


def test_a_result_says_what_it_knows() -> None:
    children = [[["child", None], None], [["group", None], [[["member", None], None]]]]
    meta = {"task_id": "a", "status": "SUCCESS", "result": 3, "children": children}
    found = result_of({**meta, **EXTENDED, "date_done": DONE, "parent_id": "p", "group_id": "g"})

    assert ("shop.add", 2, 1_795_859_902_123_456) == (found.name, found.retries, found.done_at)
    assert {"child", "group", "member", "p", "g"} == found.relatives
    assert found.has_ended
    bare = result_of(meta)
    assert (None, None, False) == (bare.name, bare.done_at, bare.has_ended)
