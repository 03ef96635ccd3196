"""Asking something of executions: end, pause, go on, run again, answer."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "cancelled_now": Sentence(
        "Cancelled {id}, which had not begun.", "시작 전인 {id} 을(를) 취소했습니다."
    ),
    "cancel_asked": Sentence(
        "Asked {id} to end; `everyrun show {id}` shows how it goes.",
        "{id} 에 종료를 요청했습니다. `everyrun show {id}` 로 확인하세요.",
    ),
    "paused": Sentence(
        "Paused {id}: what runs goes on to its end. `everyrun resume {id}` lets it go on.",
        "{id} 을(를) 일시 중지했습니다. 실행 중인 노드는 끝까지 갑니다. "
        "`everyrun resume {id}` 로 계속합니다.",
    ),
    "unpaused": Sentence("{id} goes on where it runs.", "{id} 이(가) 실행 중인 곳에서 계속됩니다."),
    "runs_elsewhere": Sentence(
        "{id} runs on {host} already; `everyrun show {id}` shows how it goes",
        "{id} 은(는) 이미 {host} 에서 실행 중입니다. `everyrun show {id}` 로 확인하세요",
    ),
    "no_approval": Sentence(
        "node {node} is no approval; send it something with `everyrun signal`",
        "노드 {node} 은(는) 승인 노드가 아닙니다. `everyrun signal` 로 보내세요",
    ),
    "approved": Sentence("Said yes to {node} of {id}.", "{id} 의 {node} 을(를) 승인했습니다."),
    "refused": Sentence("Said no to {node} of {id}.", "{id} 의 {node} 을(를) 거절했습니다."),
    "signalled": Sentence("Sent to {node} of {id}.", "{id} 의 {node} 에 보냈습니다."),
    "rerun_heading": Sentence("version {version}, once more", "버전 {version}, 다시 실행"),
    "rerun_reused": Sentence("reused", "재사용"),
    "rerun_run": Sentence("run again", "다시 실행"),
    "rerun_skipped": Sentence("skipped", "건너뜀"),
    "ask_rerun": Sentence("Run {id} again like that?", "{id} 을(를) 이렇게 다시 실행할까요?"),
}
