"""The last answers are given again while they show what is asked for, within a bound of memory."""

from everyrun.server.answers import LONGEST_ANSWER, MOST_BYTES, Answer, Answers


def an_answer(etag: str = '"a"', length: int = 2) -> Answer:
    """An answer of so many bytes."""
    return Answer(etag, b"x" * length, "application/json")


def test_an_answer_is_given_again_for_its_target_and_state_alone() -> None:
    answers, made = Answers(), an_answer()
    answers.note(b"/progress?", made)

    assert made == answers.get(b"/progress?", '"a"')
    assert None is answers.get(b"/progress?", '"b"')
    assert None is answers.get(b"/progress?limit=1", '"a"')


def test_only_the_last_state_is_kept() -> None:
    answers, later = Answers(), an_answer('"b"')
    answers.note(b"/progress?", an_answer('"a"'))
    answers.note(b"/progress?", later)

    assert (None, later) == (answers.get(b"/progress?", '"a"'), answers.get(b"/progress?", '"b"'))


def test_what_is_too_long_is_made_anew() -> None:
    answers = Answers()
    answers.note(b"/nodes?", an_answer(length=LONGEST_ANSWER + 1))

    assert None is answers.get(b"/nodes?", '"a"')


def test_all_answers_together_stay_within_their_memory() -> None:
    answers, count = Answers(), 2 * MOST_BYTES // LONGEST_ANSWER
    for number in range(count):
        answers.note(b"%d" % number, an_answer(length=LONGEST_ANSWER))

    kept = [number for number in range(count) if answers.get(b"%d" % number, '"a"')]
    assert 0 < len(kept) * LONGEST_ANSWER <= MOST_BYTES
    assert count - 1 == kept[-1]


def test_the_same_answer_again_and_again_takes_its_place_once() -> None:
    answers = Answers()
    answers.note(b"other", an_answer())
    for number in range(2 * MOST_BYTES // LONGEST_ANSWER):
        answers.note(b"same", an_answer(f'"{number}"', LONGEST_ANSWER))

    assert an_answer() == answers.get(b"other", '"a"')
