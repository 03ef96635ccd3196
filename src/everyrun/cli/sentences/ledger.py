"""The ledger's schema, and deleting."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    # The database.
    "at_revision": Sentence("{place} is at revision {revision}.", "{place} 의 리비전: {revision}."),
    "ask_downgrade": Sentence(
        "Take {place} from revision {current} back to {revision}? "
        "What newer revisions added is deleted{everything}.",
        "{place} 을 리비전 {current} 에서 {revision} 으로 되돌릴까요? "
        "새 리비전이 더한 것은 삭제됩니다{everything}.",
    ),
    "everything": Sentence(": every table with everything on record", ": 모든 테이블과 모든 기록"),
    "bad_revision": Sentence(
        "{revision} is no revision that this Everyrun knows; there are {known}",
        "{revision} 은 이 Everyrun 이 아는 리비전이 아닙니다. 리비전: {known}",
    ),
    "check_schema": Sentence("schema", "스키마"),
    "check_counters": Sentence("counters", "카운터"),
    "check_integrity": Sentence("integrity", "무결성"),
    "check_ok": Sentence("ok", "정상"),
    "checking": Sentence("Checking …", "확인 중 …"),
    "schema_empty": Sentence(
        "there are no tables; make them with `everyrun db upgrade`",
        "테이블이 없습니다. `everyrun db upgrade` 로 만드세요",
    ),
    "schema_old": Sentence(
        "older than this Everyrun; migrate it with `everyrun db upgrade`",
        "이 Everyrun 보다 오래되었습니다. `everyrun db upgrade` 로 올리세요",
    ),
    "schema_too_new": Sentence(
        "newer than this Everyrun; upgrade the everyrun package",
        "이 Everyrun 보다 새롭습니다. everyrun 패키지를 올리세요",
    ),
    # Deleting.
    "counting": Sentence("Counting", "세는 중"),
    "delete_preview": Sentence(
        "{executions} ({statuses}), with all nodes, attempts and log lines.",
        "{executions}({statuses})와 그 노드, 시도, 로그 전부.",
    ),
    "ask_delete": Sentence(
        "Delete {executions} for good?",
        "{executions}를 영구히 삭제할까요?",
    ),
    "deleting": Sentence("Deleting", "삭제 중"),
    "deleted": Sentence("Deleted {executions}.", "{executions}를 삭제했습니다."),
    "nothing_to_delete": Sentence("Nothing to delete.", "삭제할 것이 없습니다."),
    "nothing_changed": Sentence("Nothing was changed.", "변경하지 않았습니다."),
}
