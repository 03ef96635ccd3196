"""Several executions started as one."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "batch_counts": Sentence(
        "{completed} completed, {failed} failed, {cancelled} cancelled, {not_run} not run",
        "완료 {completed}, 실패 {failed}, 취소 {cancelled}, 실행 안 함 {not_run}",
    ),
    "batch_left": Sentence("{count} left", "남음 {count}"),
    "batch_waits": Sentence(
        "{name} waits for a scheduler: everyrun batch show {id}",
        "{name} 은(는) 스케줄러를 기다립니다: everyrun batch show {id}",
    ),
    "batch_goes_on": Sentence(
        "It goes on on the server: everyrun batch show {id}",
        "서버에서 계속 실행됩니다: everyrun batch show {id}",
    ),
    "batch_stopping": Sentence(
        "Stopping: what runs is told to end, the rest is not run. Ctrl-C again kills at once.",
        "중지 중: 실행 중인 것에 종료를 알렸고 나머지는 실행하지 않습니다. "
        "Ctrl-C 를 다시 누르면 즉시 끝냅니다.",
    ),
    "batch_stop_asked": Sentence(
        "{name} is being stopped: {counts}", "{name} 을(를) 중지하는 중입니다: {counts}"
    ),
    "batch_runner_gone": Sentence(
        "whoever ran it is gone; `everyrun batch resume {id}` or a scheduler goes on",
        "실행하던 프로세스가 사라졌습니다. `everyrun batch resume {id}` 나 스케줄러가 이어갑니다",
    ),
    "batch_unrun": Sentence(
        "nobody runs it; `everyrun batch resume {id}` or a scheduler does",
        "실행하는 프로세스가 없습니다. `everyrun batch resume {id}` 나 스케줄러가 실행합니다",
    ),
    "no_batches": Sentence("No batch on record yet.", "배치 기록이 없습니다."),
    "no_input_list": Sentence(
        "{file} holds no list of inputs: {reason}; write a JSON array of objects, "
        "an object a line, or CSV with a heading line",
        "{file} 은(는) 입력 목록이 아닙니다: {reason}. JSON 객체 배열, 줄마다 객체 하나, "
        "또는 제목 줄이 있는 CSV 로 쓰세요",
    ),
    "h_batch": Sentence("BATCH", "배치"),
    "h_total": Sentence("TOTAL", "전체"),
    "h_not_run": Sentence("NOT RUN", "실행 안 함"),
    "h_created": Sentence("CREATED", "생성"),
    "k_counts": Sentence("counts", "집계"),
    "k_parallel": Sentence("at once", "동시"),
    "k_reason": Sentence("reason", "사유"),
    "k_stop": Sentence("stop asked", "중지 요청"),
    "k_runner": Sentence("runner", "실행 주체"),
}
