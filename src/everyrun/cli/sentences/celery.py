"""Commands to a Celery application's workers."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "no_broker": Sentence(
        "which broker? Give --broker redis://…, or set EVERYRUN_CELERY_BROKER_URL",
        "어느 브로커인가요? --broker redis://… 를 주거나 EVERYRUN_CELERY_BROKER_URL 을 설정하세요",
    ),
    "no_worker_there": Sentence(
        "No worker answered within {seconds} s.", "{seconds}초 안에 응답한 워커가 없습니다."
    ),
    "nothing_to_revoke": Sentence(
        "nothing to revoke: name a task, or an execution some of whose tasks have not ended",
        "취소할 것이 없습니다. 태스크 ID나, 끝나지 않은 태스크가 있는 실행을 지정하세요",
    ),
    "revoked_tasks": Sentence(
        "Tasks revoked: {count}. What has not begun will not run.",
        "취소한 태스크: {count}개. 시작되지 않은 것은 실행되지 않습니다.",
    ),
    "bad_rate": Sentence(
        "{rate!r} is no rate: write 10/m, 2/s, 100/h, or 0 for no limit",
        "{rate!r} 은(는) 속도가 아닙니다. 10/m, 2/s, 100/h 처럼 쓰고, 제한을 없애려면 0 을 쓰세요",
    ),
    "imported": Sentence(
        "On record from these results: tasks {tasks}, executions {executions}.",
        "이 결과들에서 태스크 {tasks}개, 실행 {executions}개를 기록했습니다.",
    ),
    "import_on_record": Sentence(
        "Recorded while they ran, and left as they are: {count}.",
        "태스크 {count}개는 실행될 때 이미 기록되어 그대로 두었습니다.",
    ),
    "import_not_ended": Sentence(
        "Not ended yet: {count}. Import again later.",
        "태스크 {count}개는 아직 끝나지 않았습니다. 나중에 다시 가져오세요.",
    ),
    "import_unnamed": Sentence(
        "Without a name in their results: {count}. Set result_extended=True for those to come.",
        "태스크 {count}개는 결과에 이름이 없습니다. result_extended=True 를 설정하세요.",
    ),
    "import_unreadable": Sentence(
        "Results that cannot be decoded: {count}. Only JSON is read.",
        "결과 {count}개는 해독할 수 없습니다. JSON만 읽습니다.",
    ),
    "h_worker": Sentence("WORKER", "워커"),
    "h_answer": Sentence("ANSWER", "응답"),
}
