"""Running graphs: here and now, on a terminal or without one."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "celery_missing": Sentence(
        "Celery is not installed: pip install 'everyrun[celery]'",
        "Celery 가 설치되어 있지 않습니다: pip install 'everyrun[celery]'",
    ),
    "not_a_pool": Sentence(
        "--pool {pool!r} is none of prefork, threads and solo",
        "--pool {pool!r} 은(는) prefork, threads, solo 중 하나가 아닙니다",
    ),
    "worker_listens": Sentence(
        "A worker takes nodes from {queues} of {broker}, for {ledger} (Ctrl-C ends it)",
        "워커가 {broker} 의 {queues} 에서 노드를 받아 {ledger} 에 기록합니다 (Ctrl-C 로 종료)",
    ),
    "how_to_cancel": Sentence("Ctrl-C cancels", "Ctrl-C 로 취소"),
    "cancelling": Sentence(
        "Cancelling: running nodes are told to end. Ctrl-C again kills at once.",
        "취소 중: 실행 중인 노드에 종료를 알렸습니다. Ctrl-C 를 다시 누르면 즉시 끝냅니다.",
    ),
    "killing": Sentence("Killing …", "강제 종료 중 …"),
    "run_goes_on": Sentence(
        "It goes on on the server: everyrun logs {id} --follow",
        "서버에서 계속 실행됩니다: everyrun logs {id} --follow",
    ),
    "how_to_approve": Sentence(
        "waits for a person: everyrun approve {id} {node}",
        "승인 대기: everyrun approve {id} {node}",
    ),
    "more_failures": Sentence("… and {count} more", "… 외 {count}개"),
    "after_failure": Sentence(
        "Tracebacks: everyrun show {id} --node NODE\n"
        "Again from there: everyrun rerun {id} --failed",
        "트레이스백: everyrun show {id} --node NODE\n실패 지점부터: everyrun rerun {id} --failed",
    ),
    # What cannot work on the command line.
    "bad_assignment": Sentence(
        "{text} is no input; write NAME=VALUE", "{text} 는 입력이 아닙니다. NAME=VALUE 로 쓰세요"
    ),
    "bad_edit": Sentence(
        "{text} is no edit; write NODE.PARAMETER=VALUE",
        "{text} 는 수정이 아닙니다. NODE.PARAMETER=VALUE 로 쓰세요",
    ),
    "unreadable_file": Sentence(
        "{file} cannot be read: {reason}", "{file} 을(를) 읽을 수 없습니다: {reason}"
    ),
    "unwritable_file": Sentence(
        "{file} cannot be written: {reason}", "{file} 을(를) 쓸 수 없습니다: {reason}"
    ),
    "no_json_object": Sentence(
        "{file} holds no JSON object: {reason}", "{file} 은(는) JSON 객체가 아닙니다: {reason}"
    ),
    "no_json": Sentence("{text} is no JSON: {reason}", "{text} 는 JSON 이 아닙니다: {reason}"),
}
