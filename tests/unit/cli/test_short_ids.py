"""Beginnings of ids."""

from everyrun.cli.short_ids import short_ids


def test_ids_of_different_milliseconds_are_told_apart_by_them() -> None:
    first, second = (
        "0192f3a4-5b6c-7d8e-8a00-000000000001",
        "0192f3a4-5b6d-7d8e-8a00-000000000001",
    )

    assert {first: "0192f3a4-5b6c", second: "0192f3a4-5b6d"} == short_ids([first, second])


def test_ids_of_one_millisecond_are_as_long_as_it_takes() -> None:
    first, second = (
        "0192f3a4-5b6c-7d8e-8a00-000000000001",
        "0192f3a4-5b6c-7d8f-8a00-000000000001",
    )

    assert {first: "0192f3a4-5b6c-7d8e", second: "0192f3a4-5b6c-7d8f"} == short_ids(
        [second, first, first]
    )


def test_no_ids_have_no_beginnings() -> None:
    assert {} == short_ids([])
