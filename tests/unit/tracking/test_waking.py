"""The alarm: rings once, never blocks the one who rings."""

from everyrun.tracking.waking import Alarm


def test_a_ring_before_the_wait_is_kept() -> None:
    alarm = Alarm()
    alarm.ring()

    assert alarm.wait(0) is True


def test_ringing_twice_is_ringing_once() -> None:
    alarm = Alarm()
    alarm.ring()
    alarm.ring()

    assert [True, False] == [alarm.wait(0), alarm.wait(0)]


def test_without_a_ring_the_wait_ends_by_itself() -> None:
    assert Alarm().wait(-1) is False
