"""Putting a command on record, and what waits in the spool."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    # Putting a command on record.
    "recorded": Sentence(
        "on record: everyrun show {id}",
        "기록됨: everyrun show {id}",
    ),
    "recorded_waits": Sentence(
        "recorded as {id}; the ledger does not answer now, so it waits: everyrun spool status",
        "{id} 로 기록됨. 지금 원장이 응답하지 않아 대기 중입니다: everyrun spool status",
    ),
    # Spool.
    "spool_empty": Sentence("The spool is empty: nothing waits.", "스풀이 비어 있습니다."),
    "alive": Sentence("alive", "살아 있음"),
    "gone": Sentence("gone", "사라짐"),
    "spool_total": Sentence(
        "{events} ({size}) waiting in {folder}",
        "{folder} 에서 {events}({size}) 대기 중",
    ),
    "replaying": Sentence("Replaying", "재전송 중"),
    "replayed": Sentence(
        "Replayed {events} of {spools}; {rejected} rejected, {left} left.",
        "{spools}의 {events}를 재전송했습니다. 거부 {rejected}, 남음 {left}.",
    ),
    "replay_failed": Sentence(
        "{reason}; {left} still wait in the spool, nothing is lost: try again later",
        "{reason}. {left}가 스풀에 남아 있으며 잃은 것은 없습니다. 나중에 다시 시도하세요",
    ),
    "ask_drop": Sentence(
        "Drop {events} ({size}) of {spools} that are gone, for good?",
        "사라진 {spools}의 {events}({size})를 영구히 버릴까요?",
    ),
    "dropped": Sentence("Dropped {events}.", "{events}를 버렸습니다."),
}
