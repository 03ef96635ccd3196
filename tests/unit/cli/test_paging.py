"""The command for the next page."""

from everyrun.cli.paging import next_command


def test_the_next_page_repeats_the_filters() -> None:
    assert "everyrun list --failed --text 'two words' --cursor abc" == next_command(
        ["list", "--failed", "--text", "two words"], "abc"
    )


def test_an_earlier_cursor_is_replaced() -> None:
    assert "everyrun list -n 5 --cursor new" == next_command(
        ["list", "--cursor", "old", "-n", "5"], "new"
    )


def test_an_earlier_cursor_is_replaced_however_it_was_written() -> None:
    assert "everyrun list --cursor new" == next_command(["list", "--cursor=old"], "new")
