"""What is wrong, and what to do next."""

from everyrun.cli.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    "error": Sentence("error", "오류"),
    "see_help": Sentence("see `{command} --help`", "`{command} --help` 를 보세요"),
    "more_waits": Sentence(
        "events of ended processes still wait on this machine: `everyrun spool replay`",
        "끝난 프로세스의 이벤트가 이 컴퓨터에서 아직 기다립니다: `everyrun spool replay`",
    ),
    "ledger_missing": Sentence(
        "there is no ledger at {path} yet; put a first run on record with "
        "`everyrun exec -- echo hello`",
        "{path} 에 아직 원장이 없습니다. `everyrun exec -- echo hello` 로 첫 실행을 기록하세요",
    ),
    "ledger_empty": Sentence(
        "the ledger {url} has no tables yet; make them with `everyrun db upgrade`",
        "원장 {url} 에 아직 테이블이 없습니다. `everyrun db upgrade` 로 만드세요",
    ),
    "ledger_not_migrated": Sentence(
        "this ledger has an older schema; run `everyrun db upgrade`",
        "이 원장은 이전 스키마입니다. `everyrun db upgrade` 를 실행하세요",
    ),
    "ledger_too_new": Sentence(
        "this ledger was written by a newer Everyrun; upgrade the everyrun package to open it",
        "이 원장은 더 새로운 Everyrun 이 썼습니다. everyrun 패키지를 올린 뒤 여세요",
    ),
    "ledger_unusable": Sentence(
        "the ledger cannot be used: {reason}; check EVERYRUN_URL or --url",
        "원장을 쓸 수 없습니다: {reason}. EVERYRUN_URL 이나 --url 을 확인하세요",
    ),
    "ledger_unavailable": Sentence(
        "the ledger does not answer: {reason}; check EVERYRUN_URL and that the database is up, "
        "meanwhile new events wait in the spool",
        "원장이 응답하지 않습니다: {reason}. EVERYRUN_URL 과 데이터베이스 상태를 확인하세요. "
        "그동안 새 이벤트는 스풀에서 기다립니다",
    ),
    "needs_database": Sentence(
        "{url} is a server, and this command works on the ledger's database itself; "
        "give that with --url sqlite:///… or postgresql://…",
        "{url} 은 서버입니다. 이 명령은 원장의 데이터베이스에서 직접 동작합니다. "
        "--url sqlite:///… 또는 postgresql://… 로 데이터베이스를 지정하세요",
    ),
    "not_over_http": Sentence(
        "{what} is for what runs here; a server runs this as it is set up",
        "{what} 은(는) 여기에서 실행할 때만 쓸 수 있습니다. 서버는 자체 설정대로 실행합니다",
    ),
    "server_unreachable": Sentence(
        "{reason}; check EVERYRUN_URL and that the server is up",
        "{reason}. EVERYRUN_URL 과 서버 상태를 확인하세요",
    ),
    "not_on_record": Sentence(
        "nothing on record has the id {text}; `everyrun list` shows what there is",
        "{text} 라는 ID 의 기록이 없습니다. `everyrun list` 로 목록을 보세요",
    ),
    "ambiguous_id": Sentence("{reason}", "ID 를 더 길게 주세요: {reason}"),
    "node_not_on_record": Sentence(
        "execution {execution} has no node {text}; `everyrun show {execution}` shows its nodes",
        "실행 {execution} 에 노드 {text} 가 없습니다. `everyrun show {execution}` 로 노드를 보세요",
    ),
    "ambiguous_node": Sentence(
        "several node executions match {text}: {candidates}; give one of these",
        "{text} 에 해당하는 노드 실행이 여럿입니다: {candidates}. 이 중 하나를 주세요",
    ),
    "bad_span": Sentence(
        "{text} is no span of time; write 90d, 2h or 1h30m",
        "{text} 는 기간이 아닙니다. 90d, 2h, 1h30m 처럼 쓰세요",
    ),
    "bad_moment": Sentence(
        "{text} is no moment; write a span ago (2h, 7d), a date or time (2026-11-01, "
        "2026-11-01T09:30) or today",
        "{text} 는 시각이 아닙니다. 지난 기간(2h, 7d), 날짜나 시각(2026-11-01, "
        "2026-11-01T09:30) 또는 today 로 쓰세요",
    ),
    "bad_zone": Sentence(
        "{text} is no time zone; write an IANA name such as Asia/Seoul",
        "{text} 는 시간대가 아닙니다. Asia/Seoul 같은 IANA 이름을 쓰세요",
    ),
    "one_of": Sentence(
        "give either {first} or {second}, not both",
        "{first} 와 {second} 중 하나만 주세요",
    ),
    "something_needed": Sentence("give {what}", "{what} 를 주세요"),
    "nobody_to_ask": Sentence(
        "this asks before it acts and there is no terminal to ask on; give --yes",
        "실행 전에 확인이 필요하지만 물어볼 터미널이 없습니다. --yes 를 주세요",
    ),
}
